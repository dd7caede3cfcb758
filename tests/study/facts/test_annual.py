"""Facts of the annual means, beside numbers worked out by hand."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study.facts.annual import annual, steps, summaries, trend


@pytest.fixture
def given():
    """Tables and settings."""
    return study()


def test_range_and_totals(given):
    found = annual(*given, 0.05)
    assert (found["min"], found["max"], found["mean"]) == (300.0, 365.0, 335.0)
    assert found["min_years"] == [{"years": [2001, 2001]}]
    assert found["max_years"] == [{"years": [2008, 2008]}]
    assert found["total_tg"] == pytest.approx(0.16 * 335, rel=1e-12)
    assert found["cv_percent"] == 6.9
    assert not found["constant"]


def test_years_above_the_mean(given):
    found = annual(*given, 0.05)
    assert found["above_count"] == 4
    assert found["above"] == [{"years": [2004, 2004]}, {"years": [2006, 2008]}]


def test_shares_of_respiration(given):
    means = (300, 320, 310, 340, 335, 350, 360, 365)
    by_hand = sum(100 * 200 / (mean + 200) for mean in means) / 8
    assert annual(*given, 0.05)["rh_of_npp_percent"] == pytest.approx(by_hand, rel=1e-12)


def test_the_trend_of_the_variable_and_of_the_climate(given):
    found = annual(*given, 0.05)
    assert found["trend"] == {"sen": 9.2, "lower": 5.0, "upper": 13.0, "confidence": 95, "z": 2.85, "p": 0.0044,
                              "significant": True}
    assert [(each["driver"], each["sen"], each["significant"]) for each in found["drivers"]] == [
        ("precipitation", 1.5, True), ("temperature", 0.0, False)]
    assert found["climate"] == ["precipitation", "temperature"]


def test_the_level_of_significance_is_that_of_the_study():
    row = {"sen_slope": 1.0, "p_mk": 0.04}
    assert trend(row, 0.05)["significant"]
    assert not trend(row, 0.04)["significant"]
    assert trend({"sen_slope": None, "p_mk": 0.04}, 0.05) == {}


def test_the_largest_steps():
    found = steps({2001: 300.0, 2002: 320.0, 2003: 310.0, 2005: 900.0, 2006: 915.0})
    assert found == {"rise": {"year": 2002, "change": 20.0}, "fall": {"year": 2003, "change": -10.0}}
    assert steps({2001: 1.0, 2002: 1.0}) == {}
    assert steps({2001: 1.0, 2002: 2.0}) == {"rise": {"year": 2002, "change": 1.0}}


def test_stages(given):
    assert annual(*given, 0.05)["stages"] == [
        {"years": [2001, 2004], "mean": 317.5}, {"years": [2005, 2008], "mean": 352.5, "change_percent": 11.0236}]


def test_without_a_summary_there_is_no_trend(given):
    tables, settings = given
    del tables["fig02_summary"]
    found = annual(tables, settings, 0.05)
    assert found["mean"] == 335.0
    assert "trend" not in found
    assert "cv_percent" not in found


def test_totals_of_what_is_no_carbon_are_left_out(given):
    tables, settings = given
    assert "total_tg" not in annual(tables, {**settings, "carbon": False}, 0.05)


def test_years_of_equal_extremes(given):
    tables, settings = given
    for row in tables["fig02_annual"]:
        row["mean"] = 300.0 if row["year"] != 2005 else 301.0
    assert annual(tables, settings, 0.05)["min_years"] == [{"years": [2001, 2004]}, {"years": [2006, 2008]}]


def test_no_year_no_facts():
    assert annual({}, {}, 0.05) == {}
    assert annual({"fig02_annual": [{"year": 2001, "mean": None}]}, {}, 0.05) == {}


def test_the_variable_of_a_study_without_climate_is_npp():
    assert summaries({"fig02_summary": [{"variable": "npp", "mean": 1.0}]})["main"]["mean"] == 1.0
    assert summaries({"fig02_summary": [{"variable": "ndvi", "mean": 2.0}]})["main"]["mean"] == 2.0
    assert summaries({}) == {}
