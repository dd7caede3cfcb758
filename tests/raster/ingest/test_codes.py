"""Values as codes, so that GDAL's warper does not round them."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of

from nep_toolbox.errors import Cancelled, InvalidParameter
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.ingest import codes
from nep_toolbox.raster.ingest.codes import CODES, Coded, distinct, need_codes
from nep_toolbox.raster.ingest.content import DOUBLES, NUMBERS, Storage
from nep_toolbox.raster.ingest.resampling import Resampling


class Given:
    """Reads an array."""

    def __init__(self, values):
        self.values = np.asarray(values)
        self.grid = Grid(wkt_of(UTM), COARSE_TRANSFORM, self.values.shape[1], self.values.shape[0])

    def read(self, window):
        rows, cols = slice(window.row, window.row + window.height), slice(window.col, window.col + window.width)
        return self.values[np.newaxis, rows, cols]


CASES = [
    (Storage(0, "int64", -2**63), [[2**53 + 1, 2**53], [-2**63, -2**62 - 1]], [-2**62 - 1, 2**53, 2**53 + 1]),
    (Storage(0, "uint64", 7), [[2**64 - 1, 7], [2**64 - 2, 0]], [0, 2**64 - 2, 2**64 - 1]),
    (Storage(0, "uint32", 2**32 - 1), [[2**32 - 6, 2**32 - 1], [16777217, 16777216]], [16777216, 16777217, 2**32 - 6]),
    (DOUBLES, [[100000001.5, np.nan], [1e300, -0.1]], [-0.1, 100000001.5, 1e300]),
]


@pytest.mark.parametrize(("storage", "values", "expected"), CASES)
def test_values_come_back_from_their_codes_to_the_last_bit(storage, values, expected, monkeypatch):
    monkeypatch.setattr(codes, "ROWS", 1)
    reader = Given(np.array(values, storage.dtype))
    found = distinct(reader, reader.grid, storage, Resampling.MODE, "x", lambda: None)
    assert found.dtype == storage.dtype and found.tolist() == expected
    coded = Coded(reader, storage, found)
    read = coded.read(reader.grid.whole)
    assert read.dtype == np.int32 and sorted(read.ravel().tolist()) == [-1, 0, 1, 2]
    np.testing.assert_array_equal(coded.decoded(read)[0], reader.values)


def test_nothing_valid():
    reader = Given([[7, 7]])
    storage = Storage(gdal.GDT_Int32, "int32", 7)
    found = distinct(reader, reader.grid, storage, Resampling.MODE, "x", lambda: None)
    coded = Coded(reader, storage, found)
    read = coded.read(reader.grid.whole)
    assert read.tolist() == [[[CODES.nodata] * 2]] and coded.decoded(read).tolist() == [[[7, 7]]]


@pytest.mark.parametrize(("dtype", "method", "needed"), [
    ("int32", Resampling.NEAREST, True), ("uint32", Resampling.MODE, True), ("int64", Resampling.NEAREST, True),
    ("uint64", Resampling.MODE, True), ("float64", Resampling.MODE, True), ("float64", Resampling.NEAREST, False),
    ("uint8", Resampling.MODE, False), ("int16", Resampling.MODE, False), ("uint16", Resampling.NEAREST, False),
])
def test_what_passes_the_warper_as_it_is(dtype, method, needed):
    assert need_codes(Storage(0, dtype, 0), method) is needed
    assert not need_codes(NUMBERS, method)


def test_too_many_for_the_mode(monkeypatch):
    monkeypatch.setattr(codes, "MOST", 3)
    reader, storage = Given(np.arange(4).reshape(2, 2)), Storage(gdal.GDT_Int32, "int32", -1)
    with pytest.raises(InvalidParameter, match="'x' has more than 3 different values, too many to take the mode of"):
        distinct(reader, reader.grid, storage, Resampling.MODE, "x", lambda: None)
    assert distinct(reader, reader.grid, storage, Resampling.NEAREST, "x", lambda: None).size == 4


def test_a_cancel_stops_the_look():
    def stop():
        raise Cancelled

    reader = Given([[1]])
    with pytest.raises(Cancelled):
        distinct(reader, reader.grid, Storage(0, "int32", 0), Resampling.MODE, "x", stop)
