"""Facts of the climate and of the factors of the geodetector."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study.facts.drivers import correlation, detector


@pytest.fixture
def tables():
    """The tables of the study."""
    return study()[0]


def test_correlation_with_each_driver(tables):
    rain, warmth = correlation(tables, 0.05)["drivers"]
    assert (rain["driver"], rain["r"], rain["p"], rain["significant"]) == ("precipitation", 0.78, 0.0002, True)
    assert rain["positive_percent"] == 98.77
    assert not warmth["significant"]
    assert (rain["npp"]["r"], warmth["npp"]["r"]) == (0.81, 0.05)


def test_a_study_of_npp_is_not_compared_with_itself(tables):
    tables["fig07_correlation"] = tables["fig07_correlation"][2:]
    assert all("npp" not in each for each in correlation(tables, 0.05)["drivers"])
    assert correlation({}, 0.05) == {}


def test_factors_of_each_year(tables):
    found = detector(tables)
    assert [[each["name"] for each in year["factors"]] for year in found["years"]] == [
        ["precipitation", "Elevation", "PM2.5"], ["precipitation", "PM2.5", "Elevation"]]
    assert (found["first"], found["last"], found["factors"], found["rows"]) == (2001, 2008, 3, 160_000)
    assert found["riser"] == {"name": "PM2.5", "from": 3, "to": 2}


def test_the_same_order_in_all_years(tables):
    assert "same" not in detector(tables)  # PM2.5 and elevation change places
    first = [row for row in tables["fig10_factors"] if row["year"] == 2001]
    tables["fig10_factors"] = [{**row, "year": year, "q": row["q"] / (2009 - year)} for year in (2008, 2001, 2007)
                               for row in first]
    found = detector(tables)
    assert found["same"] == [{"year": 2001, "qs": pytest.approx([0.41 / 8, 0.35 / 8, 0.12 / 8])},
                             {"year": 2007, "qs": pytest.approx([0.41 / 2, 0.35 / 2, 0.12 / 2])}]
    tables["fig10_factors"] = first
    assert "same" not in detector(tables)


def test_pairs_of_the_last_year(tables):
    assert detector(tables)["pairs"] == {"count": 3, "enhancing": 2, "nonlinear": 1, "factor_1": "precipitation",
                                         "factor_2": "Elevation", "q": 0.79}


def test_coarser_samples_and_collinear_factors(tables):
    found = detector(tables)
    assert found["spacing"] == {"name": "precipitation", "q": 0.44, "steps": [
        {"step": 2, "rows": 40_000, "q": 0.441}, {"step": 5, "rows": 6_400, "q": 0.438}]}
    assert found["collinear"]["items"] == [{"name": "precipitation", "vif": 12.4}]


def test_the_interval_is_that_of_the_strongest_factor_of_the_last_year(tables):
    assert detector(tables)["interval"] == {"name": "precipitation", "lower": 0.44 - 0.012, "upper": 0.44 + 0.01,
                                            "confidence": 95}
    tables["fig10_factors"] = tables["fig10_factors"][::-1]
    assert detector(tables)["interval"]["name"] == "precipitation"
    for row in tables["fig10_factors"]:
        row["q_upper"] = None
    assert "interval" not in detector(tables)
    for row in tables["fig10_factors"]:  # a study made before there were intervals
        del row["q_upper"], row["q_lower"]
    assert "interval" not in detector(tables)


def test_one_date_and_one_factor(tables):
    tables["fig10_factors"] = tables["fig10_factors"][:1]
    found = detector(tables)
    assert "riser" not in found
    assert "first" not in found
    assert "pairs" not in found
    assert detector({}) == {}


def test_factors_that_come_and_go_have_no_rank_to_rise_from(tables):
    rows = tables["fig10_factors"]
    tables["fig10_factors"] = [rows[0], rows[4]]  # precipitation in 2001, PM2.5 in 2008
    assert "riser" not in detector(tables)
