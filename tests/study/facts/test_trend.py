"""Facts of the trend and of the centre of gravity."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study.facts.trend import centre, slopes, trend


@pytest.fixture
def given():
    """Tables and settings."""
    return study()


def test_shares_of_rising_and_falling_area(given):
    found = trend(*given, 0.05)
    assert found["rise_percent"] == 85.0
    assert found["rise_significant_percent"] == 35.0
    assert found["fall_percent"] == 14.0
    assert found["unchanged_percent"] == 0.5
    assert found["fall_significant_percent"] == 3.0
    assert (found["tested_percent"], found["fdr_percent"]) == (38.25, 21.25)
    assert (found["limits_percent"], found["confidence"]) == (38.5, 95.0)


@pytest.mark.parametrize(
    ("alpha", "level", "rises", "falls"), [(0.1, 0.1, 40.0, 4.0), (0.05, 0.05, 35.0, 3.0), (0.02, 0.01, 20.0, 1.0),
                                           (0.001, 0.01, 20.0, 1.0)],
)
def test_significance_is_that_of_the_classes(given, alpha, level, rises, falls):
    found = trend(*given, alpha)
    assert found["level"] == level
    assert (found["rise_significant_percent"], found["fall_significant_percent"]) == (rises, falls)


def test_falls_are_concentrated_where_their_share_is_twice_that_of_all(given):
    tables, settings = given
    assert trend(tables, settings, 0.05)["falls"] == [
        {"name": "Bern", "percent": 20.0}, {"name": "Como", "percent": 7.0}]
    tables["fig05_class_areas"] = [row for row in tables["fig05_class_areas"] if row["region"] != "Bern"]
    next(row for row in tables["fig05_class_areas"] if row["region"] == "Como" and row["class"] == -3)["percent"] = 6.0
    assert "falls" not in trend(tables, settings, 0.05)  # 6 is twice 3, not more


def test_adjusted_classes_need_no_second_count(given):
    tables, settings = given
    parameters = [{"key": "FIELD_SIGNIFICANCE", "value": True}]
    found = trend(tables, {**settings, "parameters": parameters}, 0.05)
    assert found["adjusted"]
    assert "fdr_percent" not in found


def test_slopes_of_nep_and_its_parts(given):
    tables, _ = given
    assert slopes(tables) == {"nep": 9.0, "npp": 9.6, "rh": 0.6}
    tables["fig02_summary"] = tables["fig02_summary"][:2]
    assert slopes(tables) is None


def test_the_centre(given):
    found = centre(*given)
    assert found["least"] == {"year": 2003, "km": 4.0}
    assert found["most"] == {"year": 2004, "km": 12.0}
    assert (found["path_km"], found["net_km"], found["net_azimuth"], found["mean_km"]) == (26.0, 4.25, 10.0, 8.19)
    assert found["stages"][1] == {"years": [2004, 2008], "net_km": 3.1, "azimuth": 200.0, "path_km": 14.0}


def test_a_centre_that_never_moved_has_no_direction(given):
    tables, settings = given
    tables["fig05_stages"][0].update(net_km=0.0, azimuth=None)
    assert [each["years"] for each in centre(tables, settings)["stages"]] == [[2004, 2008]]
    assert centre({}, {}) == {}


def test_falls_of_less_than_1_percent_are_not_concentrated(given):
    tables, settings = given
    for row in tables["fig05_class_areas"]:
        if row["class"] in (-3, -4):
            row["percent"] /= 4.0
    assert "falls" not in trend(tables, settings, 0.05)
