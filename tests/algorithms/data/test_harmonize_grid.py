"""nep:harmonize: the grid of the results, as asked for or found, and the requests for one that are refused."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import osr
from qgis.core import QgsProcessingException
from testkit.harmonize import FINE_TRANSFORM, grid_of, harmonize, small
from testkit.rasters import COARSE_TRANSFORM, numbers, stored, wkt_of, write_raster

from nep_toolbox.raster.crs import crs_of
from nep_toolbox.raster.grid import Grid

pytestmark = pytest.mark.usefixtures("provider")


def test_without_a_reference_the_largest_cells_and_the_shared_area(tmp_path):
    fine = write_raster(tmp_path / "fine_2001.tif", np.random.default_rng(1).normal(size=(60, 60)), FINE_TRANSFORM)
    coarse = write_raster(
        tmp_path / "coarse_2001.tif", np.random.default_rng(2).normal(size=(30, 30)),
        (498000.0, 500.0, 0.0, 4003000.0, 0.0, -500.0),
    )
    results = harmonize(tmp_path, {"INPUT": [fine, coarse]})
    for path in results:
        assert grid_of(path) == Grid(wkt_of(32650), COARSE_TRANSFORM, 12, 12)
    np.testing.assert_array_equal(stored(results[1])[0], stored(coarse)[0][6:18, 4:16])


def test_crs_cell_size_and_extent(tmp_path):
    path = write_raster(tmp_path / "T_2001.tif", np.random.default_rng(1).normal(size=(60, 60)), FINE_TRANSFORM)
    (result,) = harmonize(tmp_path, {
        "INPUT": [path], "TARGET_CRS": "EPSG:4326", "RESOLUTION": 0.002,
        "EXTENT": "501000,504500,3996000,3999000 [EPSG:32650]",
    })
    found = grid_of(result)
    assert found.crs_name == "EPSG:4326" and found.cell_size == pytest.approx((0.002, 0.002))
    to = osr.CoordinateTransformation(crs_of(wkt_of(32650)), found.crs)
    corners = np.array([to.TransformPoint(x, y)[:2] for x in (501000.0, 504500.0) for y in (3996000.0, 3999000.0)])
    (left, right), (top, bottom) = found.corners
    for low, high, edge in ((left, right, corners[:, 0]), (bottom, top, corners[:, 1])):
        assert low <= edge.min() < low + 0.0021 and high - 0.0021 < edge.max() <= high
        assert round(low / 0.002, 6) % 1 == 0
    assert np.isfinite(numbers(result)).mean() > 0.95


def test_an_extent_cuts_a_reference_by_whole_cells(tmp_path):
    path = write_raster(tmp_path / "T_2001.tif", np.random.default_rng(1).normal(size=(12, 12)), COARSE_TRANSFORM)
    extent = "501100,503000,3997000,3999400 [EPSG:32650]"
    (result,) = harmonize(tmp_path, {"INPUT": [path], "REFERENCE": path, "EXTENT": extent})
    assert grid_of(result) == Grid(wkt_of(32650), (501000.0, 500.0, 0.0, 3999500.0, 0.0, -500.0), 4, 5)
    np.testing.assert_array_equal(stored(result)[0], stored(path)[0][1:6, 2:6])


def test_a_billion_pixels_by_mistake(tmp_path):
    path = small(tmp_path)
    with pytest.raises(QgsProcessingException) as refusal:
        harmonize(tmp_path, {"INPUT": [path], "TARGET_CRS": "EPSG:32650", "RESOLUTION": 0.005})
    assert "has 1440000000000 pixels (1200000 x 1200000)" in str(refusal.value)
    assert "looks like degrees" in str(refusal.value) and "so 560 was" in str(refusal.value)
    assert not (tmp_path / "out").exists()
    with pytest.raises(QgsProcessingException, match="looks like metres.*so 0.0045 was"):
        harmonize(tmp_path, {"INPUT": [path], "TARGET_CRS": "EPSG:4326", "RESOLUTION": 500})


@pytest.mark.parametrize("changes, words", [
    ({"EXTENT": "116,117,36,37"}, "meets none of the rasters.*look like degrees"),
    ({"TARGET_CRS": "EPSG:32650", "REFERENCE": "self"}, "Leave either 'Reference raster' .REFERENCE. empty"),
    ({"REFERENCE": "self", "EXTENT": "0,1,0,1 [EPSG:32650]"}, "lies outside of the reference"),
])
def test_contradictions(tmp_path, changes, words):
    path = small(tmp_path)
    changes = {name: path if value == "self" else value for name, value in changes.items()}
    with pytest.raises(QgsProcessingException, match=words):
        harmonize(tmp_path, dict(changes, INPUT=[path]))
    assert not (tmp_path / "out").exists()


def test_several_crs_without_a_target(tmp_path):
    one, two = small(tmp_path), small(tmp_path, "P_2001.tif", crs=32651)
    with pytest.raises(QgsProcessingException, match="several CRS .*EPSG:32650 of 'T_2001', EPSG:32651 of 'P_2001'"):
        harmonize(tmp_path, {"INPUT": [one, two]})


def test_a_raster_without_crs(tmp_path):
    path = small(tmp_path, crs="")
    with pytest.raises(QgsProcessingException, match="'T_2001' has no CRS"):
        harmonize(tmp_path, {"INPUT": [path], "TARGET_CRS": "EPSG:32650"})
