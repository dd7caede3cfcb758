"""Leaving out the cells of some classes."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsProcessingException
from testkit.harmonize import FINE_TRANSFORM, harmonize
from testkit.rasters import COARSE_TRANSFORM, numbers, write_raster
from testkit.tools import Feedback

from nep_toolbox.algorithms.data._class_mask import parse_classes
from nep_toolbox.errors import InvalidParameter

pytestmark = pytest.mark.usefixtures("provider")

LAND = np.random.default_rng(2).integers(1, 6, (12, 12))


@pytest.fixture
def values(tmp_path) -> str:
    data = np.random.default_rng(1).normal(300, 50, (12, 12)).astype(np.float32)
    return write_raster(tmp_path / "npp_2001.tif", data, COARSE_TRANSFORM)


@pytest.mark.parametrize("text, classes", [("", ()), ("5,7", (5, 7)), (" 7； 5 ,5", (5, 7)), ("-1 0", (-1, 0))])
def test_classes_as_they_are_written(text, classes):
    assert parse_classes(text) == classes


def test_what_is_no_class():
    with pytest.raises(InvalidParameter, match="holds 'water': write numbers"):
        parse_classes("5,water")


@pytest.mark.parametrize("transform, land, how", [
    (COARSE_TRANSFORM, LAND, "values are copied"),
    # Five by five cells, of which most have the class.
    (FINE_TRANSFORM, np.kron(LAND, np.array([[1] * 5] * 3 + [[0] * 5] * 2)) + np.kron(
        LAND % 5 + 1, np.array([[0] * 5] * 3 + [[1] * 5] * 2)), "mode"),
])
def test_cells_of_the_classes_are_missing_in_all_results(tmp_path, values, transform, land, how):
    cover = write_raster(tmp_path / "land.tif", land, transform, kind="uint8", nodata=0)
    second = write_raster(tmp_path / "b_2001.tif", LAND, COARSE_TRANSFORM, kind="uint8", nodata=0)
    feedback = Feedback()
    results = harmonize(tmp_path, {
        "INPUT": [values, second], "REFERENCE": values, "MASK_RASTER": cover, "MASK_CLASSES": "2,4",
    }, feedback)
    out = np.isin(LAND, (2, 4))
    np.testing.assert_array_equal(numbers(results[0]), np.where(out, np.nan, numbers(values)))
    np.testing.assert_array_equal(numbers(results[1]), np.where(out, np.nan, LAND))
    (line,) = [text for text in feedback.infos if "left out by" in text]
    assert f"'land': {(LAND == 2).sum()} of class 2, {(LAND == 4).sum()} of class 4" in line and how in line


def test_a_class_that_is_nowhere_is_named(tmp_path, values):
    cover = write_raster(tmp_path / "land.tif", LAND, COARSE_TRANSFORM, kind="uint8", nodata=0)
    feedback = Feedback()
    harmonize(tmp_path, {"INPUT": [values], "MASK_RASTER": cover, "MASK_CLASSES": "5,77"}, feedback)
    assert any("'land' has no cell of class 77 " in each and "1, 2, 3, 4, 5" in each for each in feedback.warnings)


def test_of_many_classes_a_few_are_named(tmp_path, values):
    """A quantity taken for classes by mistake."""
    heights = write_raster(tmp_path / "dem.tif", np.arange(3600).reshape(60, 60), FINE_TRANSFORM, kind="int16")
    feedback = Feedback()
    harmonize(tmp_path, {
        "INPUT": [values], "MASK_RASTER": heights, "MASK_CLASSES": ",".join(map(str, range(5000, 5100))),
        "RESOLUTION": 100,
    }, feedback)
    (warning,) = [each for each in feedback.warnings if "has no cell of class" in each]
    assert "5000, 5001, 5002, 5003, 5004, 5005 and 94 more on" in warning
    assert "10, 11 and 3588 more. So many are hardly classes: is it the right raster?" in warning


def test_fractions_are_no_classes(tmp_path, values):
    rain = write_raster(tmp_path / "rain.tif", LAND + 0.5, COARSE_TRANSFORM)
    with pytest.raises(QgsProcessingException, match=r"'rain' holds \d\.5, and a class is a whole number"):
        harmonize(tmp_path, {"INPUT": [values], "MASK_RASTER": rain, "MASK_CLASSES": "3"})


def test_cells_beyond_the_raster_of_classes_stay(tmp_path, values):
    x, *rest = COARSE_TRANSFORM
    cover = write_raster(tmp_path / "land.tif", np.full((12, 6), 3), (x + 3000, *rest), kind="uint8", nodata=0)
    (result,) = harmonize(tmp_path, {"INPUT": [values], "MASK_RASTER": cover, "MASK_CLASSES": "3"})
    assert np.isnan(numbers(result)[:, 6:]).all() and np.isfinite(numbers(result)[:, :6]).all()


def test_a_cell_filled_at_the_rim_may_be_left_out_too(tmp_path):
    path = write_raster(tmp_path / "P_2001.tif", [[1, 2], [3, 4]], COARSE_TRANSFORM)
    wide = write_raster(tmp_path / "r.tif", np.zeros((2, 3)), COARSE_TRANSFORM)
    cover = write_raster(tmp_path / "land.tif", [[1, 1, 1], [1, 1, 8]], COARSE_TRANSFORM, kind="uint8")
    feedback = Feedback()
    (result,) = harmonize(tmp_path, {
        "INPUT": [path], "REFERENCE": wide, "MASK_RASTER": cover, "MASK_CLASSES": "8", "FILL_RIM": True,
    }, feedback)
    np.testing.assert_array_equal(numbers(result), [[1, 2, 2], [3, 4, np.nan]])
    assert "'P_2001': 1 cell at the rim took the nearest value" in feedback.infos


@pytest.mark.parametrize("given, words", [
    ({"MASK_CLASSES": "5"}, r"\(MASK_CLASSES\) was given without .*\(MASK_RASTER\)"),
    ({"MASK_RASTER": True}, r"\(MASK_RASTER\) was given without .*\(MASK_CLASSES\)"),
    ({"MASK_RASTER": True, "MASK_CLASSES": "water"}, r"\(MASK_CLASSES\) holds 'water'"),
])
def test_what_is_incomplete_is_refused(tmp_path, values, given, words):
    if "MASK_RASTER" in given:
        given = dict(given, MASK_RASTER=write_raster(tmp_path / "land.tif", LAND, COARSE_TRANSFORM))
    with pytest.raises(QgsProcessingException, match=words):
        harmonize(tmp_path, {"INPUT": [values], **given})


@pytest.mark.parametrize("options, words", [
    ({"crs": ""}, "'land', the raster of .*, has no CRS"),
    ({"transform": (9e6, 500.0, 0.0, 4e6, 0.0, -500.0)}, "'land', the raster of .*, does not meet the grid"),
])
def test_a_raster_of_classes_that_cannot_be_placed(tmp_path, values, options, words):
    options = {"transform": COARSE_TRANSFORM, **options}
    cover = write_raster(tmp_path / "land.tif", LAND, kind="uint8", **options)
    with pytest.raises(QgsProcessingException, match=words):
        harmonize(tmp_path, {"INPUT": [values], "MASK_RASTER": cover, "MASK_CLASSES": "5"})
