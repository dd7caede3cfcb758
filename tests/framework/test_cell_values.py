"""Values of single cells are those of the raster, however it is stored."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_layer
from testkit.runs import prepared

from nep_toolbox.framework.cell_values import values_of_cells
from nep_toolbox.raster.reader import StackReader

pytestmark = pytest.mark.usefixtures("provider")


@pytest.mark.parametrize("options", [(), ("TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16", "COMPRESS=DEFLATE")])
def test_cells_have_their_values(tmp_path, options):
    values = np.random.default_rng(2).normal(size=(3, 40, 70)).astype(np.float32)
    values[1, 2, 3] = -9999
    layer = write_layer(tmp_path / "npp_2001-2003.tif", values, nodata=-9999, options=options)
    _tool, run = prepared("nep:annualstatistics", {"INPUT": [layer.path], "THREADS": 2})
    series = run.series("INPUT")
    cells = np.array([2 * 70 + 3, -1, 39 * 70 + 69, 0, 2 * 70 + 3])
    found = values_of_cells(run, StackReader.of(series), series.grid, cells, (0.0, 1.0))
    expected = np.where(values == -9999, np.nan, values).reshape(3, -1)[:, cells]
    expected[:, 1] = np.nan
    np.testing.assert_array_equal(found, expected)
