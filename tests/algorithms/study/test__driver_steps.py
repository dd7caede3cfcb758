"""The steps that look for causes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal
from testkit.tools import run, table

from nep_toolbox.algorithms.study._driver_steps import (
    _gains,
    _largest_changes,
    _ranked,
    _signs,
    _spacing,
    no_driver,
    one_date,
)
from nep_toolbox.algorithms.study._plan import Plan

pytestmark = pytest.mark.usefixtures("provider")


def test_shares_of_signs_by_hand():
    rows = [{"class": code, "percent": percent} for code, percent in ((2, 40), (1, 30), (0, 1), (-1, 20), (-2, 9))]
    assert _signs(rows) == {
        "positive_percent": 70, "significant_positive_percent": 40, "negative_percent": 29,
        "significant_negative_percent": 9,
    }


def test_the_spacing_is_the_smallest_that_takes_few_enough():
    def step(pixels):
        return _spacing(SimpleNamespace(numbers=lambda _step: {"pixels": pixels}))

    assert [step(pixels) for pixels in (0, 200_000, 200_001, 800_000, 800_001)] == [1, 1, 2, 2, 3]


def test_factors_are_ranked_by_q():
    rows = [{"factor": "a", "q": 0.1}, {"factor": "b", "q": None}, {"factor": "c", "q": 0.4}]
    assert [(row["factor"], row["rank"]) for row in _ranked(rows)] == [("a", 2), ("b", None), ("c", 1)]


def test_largest_changes_by_hand():
    transitions = [
        {"from_class": before, "to_class": after, "area_km2": area}
        for before, after, area in ((1, 1, 70.0), (2, 3, 10.0), (1, 2, 20.0))
    ]
    assert [(row["from_class"], row["to_class"], row["percent"]) for row in _largest_changes(transitions)] == [
        (1, 2, 20.0), (2, 3, 10.0),
    ]


def test_gains_from_the_first_stage_to_the_last_by_hand():
    values = [
        {"class": code, "year": year, "total_tg": level * (year - 2000)}
        for code, level in ((1001, 9.0), (1002, 2.0), (2003, -1.0)) for year in (2001, 2002, 2003, 2004)
    ]
    assert _gains([(2001, 2002), (2003, 2004)], values, "total_tg") == {1001: 18.0, 1002: 4.0, 2003: -2.0}


def test_the_largest_changes_are_those_of_the_map_of_change(studied):
    change = gdal.Open(str(studied.folder / "rasters" / "landcover_change.tif")).ReadAsArray()
    counts = {code: (change == code).sum() for code in np.unique(change) if code > 0 and code % 1001}
    rows = table(studied.folder / "tables" / "fig08_largest.csv")
    areas = {1000 * int(row["from_class"]) + int(row["to_class"]): float(row["area_km2"]) for row in rows}
    assert list(areas.values()) == sorted(counts.values(), reverse=True)[:10]  # cells of 1 km2
    assert areas == {code: counts[code] for code in areas}


def test_why_steps_are_left_out():
    plan = Plan()
    assert no_driver(SimpleNamespace(plan=plan)) == "no temperature and precipitation were given"
    plan.climate = {name: SimpleNamespace(constant=True) for name in ("temperature", "precipitation")}
    assert no_driver(SimpleNamespace(plan=plan)) == "the climate is the same in every year"
    plan.climate["precipitation"].constant = False
    assert no_driver(SimpleNamespace(plan=plan)) == ""
    plan.landcover, plan.lc_years = object(), [2001]
    assert one_date(SimpleNamespace(plan=plan)) == "the land cover has one date"


def test_correlations_are_those_of_the_tool(studied, tmp_path):
    folder, summary = studied.folder, str(tmp_path / "summary.csv")
    run("nep:correlation", {
        "INPUT": [str(folder / "data/npp.tif")], "DRIVER": [str(folder / "data/temperature.tif")],
        "CONTROLS": [str(folder / "data/precipitation.tif")], "R": str(tmp_path / "r.tif"), "SUMMARY": summary,
    })
    expected = table(summary)[0]
    found = next(
        row for row in table(folder / "tables/fig07_correlation.csv")
        if (row["variable"], row["driver"]) == ("npp", "temperature")
    )
    for key in ("r", "p", "partial_r", "partial_p"):
        assert float(found[key]) == pytest.approx(float(expected[key]), rel=1e-5)


def test_the_detector_takes_the_factors_of_each_date(studied):
    rows = table(studied.folder / "tables" / "fig10_factors.csv")
    years = sorted({int(row["year"]) for row in rows})
    assert years == sorted({int(row["year"]) for row in table(studied.folder / "tables" / "fig08_areas.csv")})
    names = ["Temperature", "Precipitation", "elevation", "PM2.5", "Land cover"]
    for year in years:
        own = [row for row in rows if int(row["year"]) == year]
        assert [row["factor"] for row in own] == names
        order = sorted(own, key=lambda row: -float(row["q"]))
        assert [int(row["rank"]) for row in order] == [1, 2, 3, 4, 5]
        # The strata explain more than they would by chance, and no q is known to the last digit.
        assert all(0 <= float(row["q_lower"]) < float(row["q_upper"]) < 1 for row in own)
        assert float(order[0]["q_lower"]) < float(order[0]["q"]) < float(order[0]["q_upper"])
        assert all(float(row["q_adjusted"]) < float(row["q"]) for row in own)
    pairs = table(studied.folder / "tables" / "fig10_pairs.csv")
    assert len(pairs) == 10 * len(years)
    # The province has some 440 cells: of every 5th row and column too few are left.
    steps = {(int(row["step"]), int(row["rows"])) for row in table(studied.folder / "tables" / "fig10_spacing.csv")}
    assert [step for step, _rows in sorted(steps)] == [1, 2] and len({count for _step, count in steps}) == 2
