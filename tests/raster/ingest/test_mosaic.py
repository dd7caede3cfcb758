"""Putting pieces side by side."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import COARSE_TRANSFORM, write_layer

from nep_toolbox.errors import GridMismatch, InvalidParameter
from nep_toolbox.raster.grid import Window
from nep_toolbox.raster.ingest.content import NUMBERS, Storage, storage_of
from nep_toolbox.raster.ingest.mosaic import Mosaic, Piece, Stored
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import bands_of


def moved(col, row) -> tuple:
    x, a, b, y, d, e = COARSE_TRANSFORM
    return x + col * a, a, b, y + row * e, d, e


def piece(layer) -> Piece:
    (band,) = bands_of(layer)
    return Piece(StackReader(band.steps), band.grid, layer.name)


def read(mosaic, window=None) -> np.ndarray:
    return mosaic.read(window or mosaic.grid.whole, NUMBERS)[0]


@pytest.fixture
def four(tmp_path):
    """A raster of 5 x 7 cells cut into four that overlap by a row or a column, and the raster."""
    whole = np.arange(35.0).reshape(5, 7)
    whole[2, 3] = np.nan
    cuts = {"nw": (0, 0, 4, 3), "ne": (3, 0, 4, 3), "sw": (0, 2, 4, 3), "se": (3, 2, 4, 3)}
    layers = [
        write_layer(tmp_path / f"{name}.tif", whole[row:row + height, col:col + width], transform=moved(col, row))
        for name, (col, row, width, height) in cuts.items()
    ]
    return layers, whole


def test_pieces_that_overlap_at_their_edges(four):
    layers, whole = four
    for order in (layers, layers[::-1]):
        mosaic = Mosaic.of([piece(layer) for layer in order])
        np.testing.assert_array_equal(read(mosaic), whole.astype(np.float32))
        assert mosaic.grid.transform == COARSE_TRANSFORM


def test_a_window_of_a_mosaic(four):
    layers, whole = four
    mosaic = Mosaic.of([piece(layer) for layer in layers])
    window = Window(2, 1, 3, 4)
    np.testing.assert_array_equal(read(mosaic, window), whole[1:5, 2:5].astype(np.float32))


def test_the_first_valid_value_stays(tmp_path):
    one = write_layer(tmp_path / "1.tif", [[1, 1, np.nan]], transform=moved(0, 0))
    two = write_layer(tmp_path / "2.tif", [[2, 2, 2]], transform=moved(2, 0))
    mosaic = Mosaic.of([piece(one), piece(two)])
    assert read(mosaic).tolist() == [[1, 1, 2, 2, 2]]
    filled = write_layer(tmp_path / "1.tif", [[1, 1, 9]], transform=moved(0, 0))
    assert read(Mosaic.of([piece(filled), piece(two)])).tolist() == [[1, 1, 9, 2, 2]]


def test_a_gap_between_pieces_is_missing(tmp_path):
    one, two = (write_layer(tmp_path / f"{n}.tif", [[n]], transform=moved(2 * n, 0)) for n in (1, 2))
    np.testing.assert_array_equal(read(Mosaic.of([piece(one), piece(two)])), [[1, np.nan, 2]])


@pytest.mark.parametrize("transform, words", [
    (moved(3.4, 0), "shifted by 0.4 columns"),
    (moved(3.06, 0), "shifted by 0.06 columns and 0 rows"),
    (moved(0, 2.06), "shifted by 0 columns and 0.06 rows"),
    ((500000.0, 250.0, 0.0, 4000000.0, 0.0, -250.0), "its cells are 250 x 250"),
])
def test_pieces_that_do_not_fit(tmp_path, transform, words):
    one = write_layer(tmp_path / "one.tif", np.ones((2, 3)), transform=moved(0, 0))
    two = write_layer(tmp_path / "two.tif", np.ones((2, 3)), transform=transform)
    with pytest.raises(GridMismatch, match=f"'two' cannot be put beside 'one'.*{words}"):
        Mosaic.of([piece(one), piece(two)])


def test_a_shift_of_a_few_hundredths_of_a_cell_is_rounding(tmp_path):
    one = write_layer(tmp_path / "one.tif", [[1, 2]], transform=moved(0, 0))
    two = write_layer(tmp_path / "two.tif", [[3]], transform=moved(1.96, 0.04))
    assert read(Mosaic.of([piece(one), piece(two)])).tolist() == [[1, 2, 3]]


def test_pieces_that_share_more_than_half_of_their_cells_are_one_place(tmp_path):
    one = write_layer(tmp_path / "one.tif", np.ones((4, 10)), transform=moved(0, 0))
    half = write_layer(tmp_path / "half.tif", np.ones((4, 10)), transform=moved(5, 0))
    more = write_layer(tmp_path / "more.tif", np.ones((4, 10)), transform=moved(4, 0))
    inner = write_layer(tmp_path / "inner.tif", np.ones((2, 3)), transform=moved(8, 1))
    assert Mosaic.of([piece(one), piece(half)]).grid.width == 15
    with pytest.raises(InvalidParameter, match="'one' and 'more' are of one year and cover the same area"):
        Mosaic.of([piece(one), piece(more)])
    # Of the smaller one.
    with pytest.raises(InvalidParameter, match="'one' and 'inner'"):
        Mosaic.of([piece(one), piece(inner)])


def test_pieces_of_another_crs(tmp_path):
    one = write_layer(tmp_path / "one.tif", np.ones((2, 3)))
    two = write_layer(tmp_path / "two.tif", np.ones((2, 3)), crs=32651)
    with pytest.raises(GridMismatch, match="its CRS is EPSG:32651"):
        Mosaic.of([piece(one), piece(two)])


def test_stored_values_keep_their_type_and_lose_what_is_missing(tmp_path):
    layer = write_layer(tmp_path / "cover.tif", [[0, 1, 255], [7, 255, 3]], kind=gdal.GDT_Byte, nodata=255)
    (band,) = bands_of(layer)
    kept = storage_of(layer, band.steps)
    assert kept == (gdal.GDT_Byte, "uint8", 255)
    found = Stored(band.steps[0], kept.nodata, kept.dtype).read(band.grid.whole)
    assert found.dtype == np.uint8 and found[0].tolist() == [[0, 1, 255], [7, 255, 3]]


def test_the_first_valid_class_stays(tmp_path):
    """Of whole numbers, where a code marks what is missing."""
    one = write_layer(tmp_path / "1.tif", [[1, 2, 255, 3]], kind="uint8", nodata=255, transform=moved(0, 0))
    two = write_layer(tmp_path / "2.tif", [[7, 8, 255, 9]], kind="uint8", nodata=255, transform=moved(2, 0))
    pieces = []
    for layer in (one, two):
        (band,) = bands_of(layer)
        pieces.append(Piece(Stored(band.steps[0], 255, "uint8"), band.grid, layer.name))
    mosaic = Mosaic.of(pieces)
    found = mosaic.read(mosaic.grid.whole, Storage(gdal.GDT_Byte, "uint8", 255))
    assert found.dtype == np.uint8 and found.tolist() == [[[1, 2, 7, 3, 255, 9]]]


def test_a_window_that_pieces_only_touch(tmp_path):
    layers = [
        write_layer(tmp_path / f"{col}{row}.tif", np.full((2, 2), 10.0 * col + row), transform=moved(2 * col, 2 * row))
        for col in range(3) for row in range(3)
    ]
    mosaic = Mosaic.of([piece(layer) for layer in layers])
    assert (mosaic.grid.width, mosaic.grid.height) == (6, 6)
    assert read(mosaic, Window(2, 2, 2, 2)).tolist() == [[11, 11], [11, 11]]
    seen = []

    class Watched:
        """A piece that notes when it is read."""

        def __init__(self, layer):
            self.inner, self.name = piece(layer).reader, layer.name

        def read(self, window):
            seen.append(self.name)
            return self.inner.read(window)

    watched = Mosaic.of([Piece(Watched(layer), piece(layer).grid, layer.name) for layer in layers])
    read(watched, Window(2, 2, 2, 2))
    assert seen == ["11"]
