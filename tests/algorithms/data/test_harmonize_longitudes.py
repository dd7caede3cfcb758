"""nep:harmonize: global rasters from 0 to 360 degrees, and grids, extents and polygons from -180 to 180."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer
from testkit.harmonize import grid_of, harmonize
from testkit.rasters import numbers, stored, write_raster
from testkit.tools import Feedback

pytestmark = pytest.mark.usefixtures("provider")

EAST, WEST = (0.0, 5.0, 0.0, 90.0, 0.0, -5.0), (-180.0, 5.0, 0.0, 90.0, 0.0, -5.0)

#: Each cell of the globe has another value.
VALUES = np.add.outer(0.25 * np.arange(36), 1000.0 * np.arange(72))
ROLLED = np.roll(VALUES, 36, axis=1)


@pytest.fixture
def rain(tmp_path) -> str:
    """A climate raster that begins at Greenwich."""
    return write_raster(tmp_path / "rain_2001.tif", VALUES, EAST, 4326)


def reference(folder, transform=WEST, shape=(36, 72)) -> str:
    return write_raster(folder / "reference.tif", np.zeros(shape), transform, 4326)


def box(left, bottom, right, top) -> QgsVectorLayer:
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326", "mask", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt(
        f"POLYGON(({left} {bottom}, {right} {bottom}, {right} {top}, {left} {top}, {left} {bottom}))"
    ))
    assert layer.dataProvider().addFeatures([feature])[0]
    return layer


def test_both_halves_come_out(tmp_path, rain):
    feedback = Feedback()
    (result,) = harmonize(tmp_path, {"INPUT": [rain], "REFERENCE": reference(tmp_path)}, feedback)
    np.testing.assert_array_equal(numbers(result), ROLLED)
    assert feedback.warnings == []


def test_a_grid_laid_between_rasters_of_both_kinds(tmp_path, rain):
    other = write_raster(tmp_path / "cover_2001.tif", ROLLED, WEST, 4326)
    for place, (inputs, left, expected) in enumerate([([rain, other], 0.0, VALUES), ([other, rain], -180.0, ROLLED)]):
        for result in harmonize(tmp_path / str(place), {"INPUT": inputs}):
            assert grid_of(result).transform[0] == left
            np.testing.assert_array_equal(numbers(result), expected)


def test_the_area_is_that_of_the_raster_that_is_no_globe(tmp_path, rain):
    america = write_raster(tmp_path / "lai_2001.tif", ROLLED[10:20, 10:30], (-130.0, 5.0, 0.0, 40.0, 0.0, -5.0), 4326)
    one, two = harmonize(tmp_path, {"INPUT": [rain, america]})
    for result in (one, two):
        assert grid_of(result).transform == grid_of(america).transform
        np.testing.assert_array_equal(numbers(result), ROLLED[10:20, 10:30])


def test_an_extent_west_of_greenwich(tmp_path, rain):
    for place, given in enumerate(({}, {"REFERENCE": reference(tmp_path, EAST)})):
        (result,) = harmonize(
            tmp_path / str(place), {"INPUT": [rain], "EXTENT": "-20,30,-10,40 [EPSG:4326]", **given}
        )
        assert grid_of(result).transform == (-20.0, 5.0, 0.0, 40.0, 0.0, -5.0)
        np.testing.assert_array_equal(numbers(result), ROLLED[10:20, 32:42])
    with pytest.raises(Exception, match="meets none of the rasters"):
        harmonize(tmp_path / "no", {"INPUT": [rain], "EXTENT": "-20,30,100,110 [EPSG:4326]"})


def test_polygons_west_of_greenwich_and_across_it(tmp_path, rain):
    for place, (left, right) in enumerate([(-100, -50), (-20, 30), (200, 240)]):
        (result,) = harmonize(tmp_path / str(place), {"INPUT": [rain], "MASK": box(left, -10, right, 40)})
        assert grid_of(result).transform == (left, 5.0, 0.0, 40.0, 0.0, -5.0)
        columns = np.arange(left, right, 5) // 5 % 72
        np.testing.assert_array_equal(numbers(result), VALUES[10:20, columns])


def test_polygons_on_a_reference_from_0(tmp_path, rain):
    """They lie where they are on the globe, and across Greenwich at both ends of the raster."""
    (result,) = harmonize(
        tmp_path, {"INPUT": [rain], "REFERENCE": reference(tmp_path, EAST), "MASK": box(-20, -10, 30, 40)}
    )
    kept = np.isfinite(numbers(result))
    rows, cols = np.nonzero(kept)
    assert (set(rows.tolist()), set(cols.tolist())) == (set(range(10, 20)), {*range(6), *range(68, 72)})
    assert kept.sum() == 100


def test_classes_to_leave_out_of_a_raster_from_0(tmp_path, rain):
    cover = write_raster(tmp_path / "cover.tif", np.tile(np.arange(72) // 36, (36, 1)), EAST, 4326, kind="uint8")
    (result,) = harmonize(tmp_path, {
        "INPUT": [rain], "REFERENCE": reference(tmp_path), "MASK_RASTER": cover, "MASK_CLASSES": "1",
    })
    found = stored(result)[0]
    assert (found[:, :36] == -9999).all() and (found[:, 36:] == ROLLED[:, 36:]).all()


def test_what_cannot_be_put_beside_itself_is_told(tmp_path):
    odd = write_raster(tmp_path / "odd_2001.tif", np.ones((50, 200)), (100.0, 0.7, 0.0, 30.0, 0.0, -0.7), 4326)
    feedback = Feedback()
    harmonize(tmp_path, {"INPUT": [odd], "REFERENCE": reference(tmp_path)}, feedback)
    (warning,) = feedback.warnings
    assert warning.startswith("'odd_2001' counts longitudes otherwise than the grid of the results")
