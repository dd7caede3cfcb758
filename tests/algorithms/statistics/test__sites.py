"""Values at sites: where they lie, what is missing, what the log tells of it."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from testkit.comparison import FIELDS, YEARS, centre, compared, points, series, values
from testkit.rasters import wkt_of
from testkit.tools import Feedback

from nep_toolbox.raster.crs import to_geographic

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def stack() -> np.ndarray:
    return values()


def test_the_mean_of_nine_pixels(tmp_path, stack):
    stack[0, 0, 0], stack[1, :2, :2] = -9999, -9999
    rows = [("corner", year, 100.0 + year % 7, centre(0, 0)) for year in YEARS]
    inputs = {"INPUT": series(tmp_path / "nep.tif", stack), "POINTS": points(rows), **FIELDS}
    _found, pairs = compared(tmp_path, **inputs)
    assert [int(row["year"]) for row in pairs] == YEARS[2:]
    _found, pairs = compared(tmp_path, **inputs, WINDOW=1)
    values = np.where(stack == -9999, np.nan, stack.astype(np.float32))[:, :2, :2].reshape(6, -1)
    assert [int(row["year"]) for row in pairs] == [YEARS[0], *YEARS[2:]]
    expected = [np.nanmean(values[place].astype(float)) for place in (0, 2, 3, 4, 5)]
    np.testing.assert_allclose([float(row["simulated"]) for row in pairs], expected, rtol=1e-12)


def test_points_in_degrees_and_a_table_without_points(tmp_path, stack):
    lon, lat = to_geographic(wkt_of(32650), *(np.array([each]) for each in centre(3, 6)))
    given = [("a", year, float(year % 5), (float(lon[0]), float(lat[0]))) for year in YEARS]
    inputs = {"INPUT": series(tmp_path / "nep.tif", stack, kind="float64"), **FIELDS}
    _found, expected = compared(tmp_path, **inputs, POINTS=points(given, "EPSG:4326"))
    assert [float(row["simulated"]) for row in expected] == stack[:, 3, 6].tolist()
    listed = tmp_path / "fluxnet.csv"
    with open(listed, "w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["site", "LOCATION_LAT", "LOCATION_LONG", "year", "nee"])
        lines.writerows([site, place[1], place[0], f"{year}-06-30", value] for site, year, value, place in given)
        lines.writerow(["a", lat[0], lon[0], 2003, -9999])
    feedback = Feedback()
    _found, pairs = compared(tmp_path, feedback, **inputs, POINTS=str(listed))
    assert [{**row, "reference": ""} for row in pairs] == [{**row, "reference": ""} for row in expected]
    assert "1 row of 'fluxnet' without a value" in feedback.log
    assert "'LOCATION_LONG' and 'LOCATION_LAT'" in feedback.log


def test_longitudes_of_either_count(tmp_path):
    """A global grid from 0 to 360 degrees, and a site at 100 degrees west."""
    values = np.arange(3.0)[:, None, None] * 100 + np.arange(36 * 18).reshape(18, 36)
    transform = (0.0, 10.0, 0.0, 90.0, 0.0, -10.0)
    file = series(tmp_path / "nep.tif", values, YEARS[:3], transform=transform, crs=4326)
    rows = [("west", year, 1.0, (-100.0, 42.0)) for year in YEARS[:3]]
    _found, pairs = compared(tmp_path, INPUT=file, POINTS=points(rows, "EPSG:4326"), **FIELDS)
    assert [float(row["simulated"]) for row in pairs] == values[:, 4, 26].tolist()


def test_what_is_left_out_is_named(tmp_path, stack):
    stack[:, 2, 2] = -9999
    rows = [
        *(("good", year, float(year), centre(1, 1)) for year in (1999, *YEARS)), ("far", 2003, 1.0, (0.0, 0.0)),
        ("nowhere", 2003, 1.0, None), ("water", 2003, 1.0, centre(2, 2)), ("good", 2004, 7.0, centre(1, 1)),
        ("good", 2005, -9999.0, centre(1, 1)), ("good", None, 3.0, centre(1, 1)), ("good", 20050101, 3.0, centre(1, 1)),
    ]
    feedback = Feedback()
    inputs = {"INPUT": series(tmp_path / "nep.tif", stack), "POINTS": points(rows), **FIELDS}
    found, pairs = compared(tmp_path, feedback, **inputs)
    assert set(found) == {("towers", "all"), ("towers", "good")}
    assert len(pairs) == 7
    for words in ("beyond the raster: 'far', 'nowhere'", "pixels without a value: 'far', 'nowhere', 'water'",
                  "lacks: 1999", "each counts: good 2004", "'20050101' is no number, or no year"):
        assert words in feedback.log, words
    found, _pairs = compared(tmp_path, **inputs, WINDOW=1)
    assert set(found) == {("towers", "all"), ("towers", "good"), ("towers", "water")}  # nothing around the others


def test_sites_without_names_are_places(tmp_path, stack):
    rows = [("x", year, float(year), centre(*place)) for place in ((3, 1), (1, 1)) for year in YEARS]
    fields = {key: value for key, value in FIELDS.items() if key != "SITE_FIELD"}
    found, _pairs = compared(tmp_path, INPUT=series(tmp_path / "nep.tif", stack), POINTS=points(rows), **fields)
    assert [group for _reference, group in found] == ["all", "1", "2"]
