"""Facts of what the trend follows, and of the strongest drivers."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study.facts.attribution import attribution, drivers


@pytest.fixture
def given():
    """The tables and the settings of the study."""
    return study()


def test_the_annual_means_and_their_parts(given):
    found = attribution(*given, 0.05)
    assert (found["slope"], found["of_drivers"], found["of_rest"]) == (9.0, 5.4, 3.6)
    assert (found["share_percent"], found["rest_percent"]) == (pytest.approx(60.0), pytest.approx(40.0))
    assert (found["r2"], found["p"], found["explained"]) == (0.71, 0.0123, True)
    assert (found["drivers"], found["years"], found["period"]) == (["precipitation", "temperature"], 8, [2001, 2008])
    assert not attribution(*given, 0.01)["explained"]


def test_the_area_by_what_moves_it(given):
    found = attribution(*given, 0.05)
    assert found["rise"] == {"percent": 85.5, "both_percent": 40.5, "drivers_percent": 30.0, "rest_percent": 15.0}
    assert found["fall"] == {"percent": 12.5, "both_percent": 4.0, "drivers_percent": 3.0, "rest_percent": 5.5}
    # Half of each class is significant.
    assert found["significant"] == {
        "percent": 49.0, "both_percent": 22.25, "drivers_percent": 16.5, "rest_percent": 10.25}
    assert found["no_result_percent"] == pytest.approx(2.0)
    assert (found["rest_significant_percent"], found["by_chance_percent"]) == (32.25, 5.0)


def test_regions_and_those_that_are_not_compared(given):
    found = attribution(*given, 0.05)["regions"]
    # Dole has values on too little of its area.
    assert found == {"most": {"name": "Alba", "slope": 12.0, "of_drivers": 9.0},
                     "least": {"name": "Bern", "slope": 4.0, "of_drivers": 1.0}}


def test_npp_stands_beside_nep_and_not_beside_itself(given):
    tables, settings = given
    assert attribution(tables, settings, 0.05)["npp"]["of_drivers"] == 4.25
    assert [each["driver"] for each in drivers(tables, settings, 0.05)["npp"]["dominant"]] == [
        "precipitation", "temperature"]
    for name in ("fig11_summary", "fig11_class_areas", "fig12_drivers"):
        tables[name] = [row for row in tables[name] if row["variable"] == "npp"]
    assert "npp" not in attribution(tables, settings, 0.05) and "npp" not in drivers(tables, settings, 0.05)
    assert attribution(tables, settings, 0.05)["slope"] == 10.0


def test_steps_that_did_not_run_and_steps_that_found_nothing(given):
    tables, settings = given
    assert attribution({}, settings, 0.05) == drivers({}, settings, 0.05) == {}
    assert attribution(tables, {}, 0.05) == drivers(tables, {}, 0.05) == {}
    nothing = {"fig11_class_areas": [], "fig11_summary": [], "fig12_drivers": []}
    assert attribution(nothing, settings, 0.05)["empty"] and drivers(nothing, settings, 0.05)["refused"]


def test_the_strongest_drivers(given):
    tables, settings = given
    found = drivers(tables, settings, 0.05)
    assert [(each["driver"], each["dominant_percent"]) for each in found["dominant"]] == [
        ("precipitation", 46.5), ("temperature", 11.5)]
    assert (found["none_percent"], found["refused_percent"]) == (pytest.approx(41.35), 0.4)
    assert [(each["driver"], each["contribution"]) for each in found["contributions"]] == [
        ("precipitation", 4.8), ("temperature", 0.6)]
    assert found["rest"] == 3.6 and not found["refused"]
    assert [each["lmg"] for each in found["importance"]] == [0.52, 0.12]


def test_drivers_are_ranked_whatever_their_order(given):
    tables, settings = given
    tables["fig12_drivers"].reverse()
    found = drivers(tables, settings, 0.05)
    assert [each["driver"] for each in found["dominant"]] == ["precipitation", "temperature"]
    assert [each["driver"] for each in found["importance"]] == ["precipitation", "temperature"]


def test_a_driver_without_a_contribution_leaves_no_sum(given):
    tables, settings = given
    tables["fig12_drivers"][1]["mean_contribution"] = None
    assert "contributions" not in drivers(tables, settings, 0.05)
