"""Values that a file cannot hold."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of

from nep_toolbox.errors import OutputError
from nep_toolbox.raster import memory, writer
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.writer import RasterWriter

GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 6, 4)


@pytest.mark.parametrize(("kind", "values", "words"), [
    (gdal.GDT_Float32, [[1.0, 1e39]], r"would hold 1e\+39, .* Float32 ends at 3.40282e\+38"),
    (gdal.GDT_Float32, [[1.0, -3.5e38]], "would hold -3.5e.38"),
    (gdal.GDT_Float32, [[1.0, np.inf]], "would hold inf"),
    (gdal.GDT_Int16, [[1, 32768]], "would hold 32768, .* Int16 ends at 32767"),
    (gdal.GDT_Int16, [[-40000, 1]], "would hold -40000"),
    (gdal.GDT_Byte, [[1, 256]], "would hold 256, .* Byte ends at 255"),
    (gdal.GDT_Int32, [[1, 2**31]], "would hold 2.14748e"),
])
def test_values_beyond_the_type_of_the_file(tmp_path, kind, values, words):
    grid = Grid(GRID.wkt, GRID.transform, 2, 1)
    with pytest.raises(OutputError, match=f"the result {words}.*not declared as such"), RasterWriter(
        str(tmp_path / "a.tif"), grid, ["a"], kind, name="the result"
    ) as writer:
        writer.write(grid.whole, np.array(values))


def test_the_largest_values_a_file_holds(tmp_path):
    largest, grid = float(np.finfo(np.float32).max), Grid(GRID.wkt, GRID.transform, 3, 1)
    with RasterWriter(str(tmp_path / "a.tif"), grid, ["a"]) as writer:
        writer.write(grid.whole, np.array([[largest, -largest, np.nan]]))
    assert gdal.Open(str(tmp_path / "a.tif")).ReadAsArray().tolist() == [[largest, -largest, -9999.0]]
    with RasterWriter(str(tmp_path / "b.tif"), grid, ["a"], gdal.GDT_Int16) as writer:
        writer.write(grid.whole, np.array([[32767, -32768, 0]]))
    assert gdal.Open(str(tmp_path / "b.tif")).ReadAsArray().tolist() == [[32767, -32768, 0]]


@pytest.mark.parametrize(("kind", "nodata"), [(gdal.GDT_Float32, np.nan), (gdal.GDT_Int16, -32768)])
def test_values_looked_at_in_parts(tmp_path, monkeypatch, kind, nodata):
    """Every third of those that are there, wherever a part ends; the plain way is beside it."""
    monkeypatch.setattr(memory, "PART", 7)
    monkeypatch.setattr(writer, "SAMPLE", 300)
    grid, random = Grid(GRID.wkt, GRID.transform, 25, 20), np.random.default_rng(1)
    values = random.permutation(1000).reshape(2, 20, 25).astype(np.float64 if kind == gdal.GDT_Float32 else np.int16)
    values[random.random(values.shape) < 0.05] = nodata
    values[0, 3] = nodata
    with RasterWriter(str(tmp_path / "a.tif"), grid, ["1", "2"], kind) as written:
        written.write(grid.whole, values)
    there = values[values > -1]
    assert there.size // 300 == 3
    np.testing.assert_array_equal(np.concatenate(written._samples), there[::3])
    assert (written.valid, written.minimum, written.maximum) == (there.size, there.min(), there.max())
    expected = np.where(values > -1, values, written.nodata)
    np.testing.assert_array_equal(gdal.Open(str(tmp_path / "a.tif")).ReadAsArray(), expected)


def test_a_value_of_a_later_part_that_a_file_cannot_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "PART", 2)
    grid = Grid(GRID.wkt, GRID.transform, 5, 1)
    for kind, beyond in ((gdal.GDT_Float32, 1e39), (gdal.GDT_Int16, 40_000)):
        with pytest.raises(OutputError, match="would hold (1e.39|40000)"), RasterWriter(
            str(tmp_path / "a.tif"), grid, ["a"], kind
        ) as written:
            written.write(grid.whole, np.array([[1, 2, 3, beyond, 5]]))
