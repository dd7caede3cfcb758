"""Values that a file cannot hold."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of

from nep_toolbox.errors import OutputError
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
