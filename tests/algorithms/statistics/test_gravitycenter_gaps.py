"""nep:gravitycenter where values are missing, negative or cancel, and in regions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsVectorLayer
from testkit.gravity import SIZE, X0, Y0, Found, add_box, cell, series, three_years

pytestmark = pytest.mark.usefixtures("provider")


def test_a_year_without_values(tmp_path):
    stack = three_years()
    stack[1] = np.nan
    layers = series(tmp_path / "x.tif", stack)
    own = Found(layers, tmp_path / "own", COMMON_MASK=False)
    assert sorted(own.centres()) == [2001, 2003]
    assert own.feedback.warnings == [
        "The raster has no valid value in 2002.", "No centre, for want of values: all in 2002."
    ]
    (row, points), = own.features("PATH")
    assert (row["from_year"], row["to_year"]) == (2001, 2003) and len(points) == 2
    assert row["distance_km"] == own.centres()[2003]["distance_km"] > 0
    common = Found(layers, tmp_path / "common")
    assert common.features() == common.features("PATH") == common.features("ELLIPSE") == []
    (warning,) = common.feedback.warnings
    assert "No pixel has a value in every year" in warning and "every year' (COMMON_MASK) off" in warning
    assert "nan" not in common.feedback.log


def test_the_common_mask(tmp_path):
    stack = three_years()
    stack[1, :, :3] = np.nan
    layers = series(tmp_path / "x.tif", stack)
    common = Found(layers, tmp_path / "common").centres()
    own = Found(layers, tmp_path / "own", COMMON_MASK=False).centres()
    assert own[2002] == common[2002] | {"distance_km": own[2002]["distance_km"], "azimuth": own[2002]["azimuth"],
                                        "cumulative_km": own[2002]["cumulative_km"]}
    assert (common[2001]["x"], common[2001]["y"]) == pytest.approx(cell(4, 1.5), abs=1e-6)
    assert own[2001]["x"] < common[2001]["x"]


def test_coverage_counts_what_takes_part(tmp_path):
    stack = three_years()
    stack[:, 0] = -1.0
    stack[1, :, :3] = np.nan
    regions = QgsVectorLayer("Polygon?crs=EPSG:32650&field=name:string", "regions", "memory")
    add_box(regions, "west", X0, Y0 - 4 * SIZE, X0 + 4 * SIZE, Y0)  # 16 cells
    add_box(regions, "far", X0 + 5 * SIZE, Y0 - 4 * SIZE, X0 + 105 * SIZE, Y0)  # 4 of 400 cells
    given = {"REGIONS": regions, "REGION_FIELD": "name", "NEGATIVE": 1}
    for mask, west in ((True, [25, 25, 25]), (False, [100, 25, 100])):
        found = Found(series(tmp_path / f"x{mask}.tif", stack), tmp_path / str(mask), COMMON_MASK=mask, **given)
        rows = found.centres("west")
        # Negative values are left out of the weights, not of what is known.
        assert [rows[year]["coverage"] for year in (2001, 2002, 2003)] == pytest.approx(west, rel=1e-3)
        assert [row["coverage"] for row in found.centres("far").values()] == pytest.approx([1, 1, 1], rel=1e-3)
        (warning,) = [each for each in found.feedback.warnings if "Little" in each]
        assert warning.endswith("may not stand for them: 'far' (1 %).")
        page = Path(found.paths["CHART"]).read_text(encoding="utf-8")
        assert "† In grey, as little of the area of these regions has values: far (1.0 %)." in page


def test_negative_values(tmp_path):
    stack = np.zeros((2, 1, 4))
    stack[:, 0] = [[-1, 0, 2, 3], [1, 1, 1, 1]]
    layers = series(tmp_path / "x.tif", stack)
    kept, left = Found(layers, tmp_path / "kept"), Found(layers, tmp_path / "left", NEGATIVE=1)
    # (-1*0 + 2*2 + 3*3) / 4 and (2*2 + 3*3) / 5
    assert kept.centres()[2001]["x"] == pytest.approx(cell(13 / 4, 0)[0], abs=1e-6)
    assert left.centres()[2001]["x"] == pytest.approx(cell(13 / 5, 0)[0], abs=1e-6)
    for found in (kept, left):
        # One of four pixels, 1 of 6 of the weight.
        (warning,) = found.feedback.warnings
        assert warning == ("Pixels with negative values, and their share of the weight, in the year that has most of "
                           "them: all 25.00 % (16.67 %).")
    nothing = np.zeros((2, 1, 4))
    nothing[:, 0] = [[1, -1, 0, 0], [1, 1, 0, 0]]
    found = Found(series(tmp_path / "y.tif", nothing), tmp_path / "zero")
    assert sorted(found.centres()) == [2002]
    (warning,) = [each for each in found.feedback.warnings if "No centre" in each]
    assert warning.startswith("No centre, as the values are zero, or positive and negative ones nearly cancel")
    assert warning.endswith(": all in 2001.")


@pytest.mark.parametrize("crs", [32650, 4326])
def test_values_that_nearly_cancel_give_no_centre_and_are_told(crs, tmp_path):
    options = {"crs": crs} if crs == 32650 else {"crs": crs, "transform": (110.0, 0.01, 0, 35.0, 0, -0.01)}
    stack = np.ones((3, 4, 6))
    stack[1, :2], stack[1, 2:] = 1.0, -1.0
    stack[1, 0, 0] = 1 + 1e-6  # a sum of a millionth: the centre would lie beyond the Earth
    found = Found(series(tmp_path / "x.tif", stack, **options), tmp_path / "out")
    assert sorted(found.centres()) == [2001, 2003]
    (warning,) = [each for each in found.feedback.warnings if "No centre" in each]
    assert "nearly cancel" in warning and warning.endswith(": all in 2002.")
    # What follows starts at the last centre there was, and nothing is drawn for the year without one.
    assert found.centres()[2003]["distance_km"] == pytest.approx(0, abs=1e-9)
    assert [row["year"] for row, _ in found.features("ELLIPSE")] == [2001, 2003]
    assert [(row["from_year"], row["to_year"]) for row, _ in found.features("PATH")] == [(2001, 2003)]


def test_no_centre_lies_beyond_the_pole(tmp_path):
    stack = np.zeros((2, 25, 3))
    # Weights of 3.2, -3.2 and 1 at 85.5, 76.5 and 61.5 degrees: their centre would lie at 90.3.
    for row, weight in ((0, 3.2), (9, -3.2), (24, 1.0)):
        stack[0, row] = weight / np.cos(np.radians(85.5 - row))
    stack[1] = 1.0
    layers = series(tmp_path / "x.tif", stack, crs=4326, transform=(10.0, 1.0, 0, 86.0, 0, -1.0))
    found = Found(layers, tmp_path / "out")
    assert sorted(found.centres()) == [2002]
    assert [row["year"] for row, _ in found.features("ELLIPSE")] == [2002]
    assert any("No centre" in each and each.endswith("all in 2001.") for each in found.feedback.warnings)


def test_regions_and_one_outside_of_the_raster(tmp_path):
    layers = series(tmp_path / "x.tif", three_years())
    regions = QgsVectorLayer("Polygon?crs=EPSG:32650&field=name:string", "regions", "memory")
    for name, (west, south, east, north) in {
        "left": (X0, Y0 - 4 * SIZE, X0 + 3 * SIZE, Y0), "gone": (X0 - 900, Y0, X0 - 600, Y0 + 300),
    }.items():
        add_box(regions, name, west, south, east, north)
    found = Found(layers, tmp_path / "out", REGIONS=regions, REGION_FIELD="name")
    left = found.centres("left")
    assert sorted(left) == [2001, 2002, 2003]
    # Twelve cells: eleven of 5 and one of 50 at (1, 1).
    assert left[2001]["x"] == pytest.approx(cell((5 * 12 * 1 + 45 * 1) / 105, 0)[0], abs=1e-6)
    assert (left[2002]["x"], left[2002]["y"]) == pytest.approx(cell(1, 1.5), abs=1e-6)
    assert found.centres("gone") == {}
    # Cut along the cells, the region is covered as a whole, but for what the CRS stretches.
    assert [left[year]["coverage"] for year in left] == pytest.approx([100] * 3, abs=0.1)
    assert {row["coverage"] for row in found.centres().values()} == {None}
    (warning,) = found.feedback.warnings
    assert "'gone'" in warning and "outside of the raster" in warning
    assert "gone: " not in found.feedback.log
    # One line for the raster, one for all regions.
    (line,) = [info for info in found.feedback.infos if info.startswith("Regions, mean distance")]
    assert line.count(";") == 0 and "left " in line and "gone" not in line
    assert len([info for info in found.feedback.infos if "mean distance" in info]) == 2
