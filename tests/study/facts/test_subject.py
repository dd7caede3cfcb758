"""What a study is about, and its place."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study.facts import facts
from nep_toolbox.study.facts.subject import head, place, subject

TABLES, SETTINGS = study()


def test_the_period_and_its_gaps():
    about = subject({}, {"years": [2008, 2001, 2002, 2005, 2006, 2007]})
    assert about["period"] == [2001, 2008]
    assert about["years"] == 6
    assert about["missing_years"] == [{"years": [2003, 2004]}]
    assert about["missing_count"] == 2
    assert "missing_years" not in subject(TABLES, SETTINGS)


@pytest.mark.parametrize(
    ("variable", "climate", "balance"), [("NEP", False, True), ("NPP", False, False), ("NPP", True, True),
                                         ("NDVI", False, False), ("nbp", False, True)],
)
def test_only_balances_have_sources_and_sinks(variable, climate, balance):
    assert subject({}, {"years": [2001], "variable": variable, "has": {"climate": climate}})["balance"] is balance


def test_the_place():
    found = place(TABLES, SETTINGS)
    assert found["area_km2"] == 165_700.0
    assert found["regions"] == 4
    assert found["covered_percent"] == pytest.approx(100 * 161_200 / 165_700, rel=1e-12)


def test_the_relief_is_the_factor_that_is_a_height():
    assert place(TABLES, SETTINGS)["relief"] == "Elevation"
    assert "relief" not in place({"fig10_factors": [{"factor": "Slope"}]}, SETTINGS)
    assert place({"fig10_factors": [{"factor": "DEM (m)"}]}, SETTINGS)["relief"] == "DEM (m)"
    assert place(TABLES, {**SETTINGS, "relief": "Height"})["relief"] == "Height"


def test_pixels_at_the_border_cover_no_more_than_all():
    assert place(TABLES, {"place": {"area_km2": 161_000.0}})["covered_percent"] == 100.0


def test_a_study_without_a_place():
    assert place({}, {}) == {}


def test_what_the_box_of_checks_needs():
    found = head(TABLES, SETTINGS)
    sinks = (98.0, 99.0, 99.5, 100.0, 100.0, 100.0, 100.0, 99.95)
    assert found["negative_percent"] == pytest.approx(100 - sum(sinks) / 8, rel=1e-12)
    assert (found["sparse"], found["sparse_count"], found["regions"]) == (["Dole"], 1, 4)
    assert found["missing"] == [{"variable": "precipitation", "percent": 0.0}]
    assert found["input"] == "NPP"
    assert found["no_trend_percent"] == 0.5


def test_a_study_of_settings_alone():
    assert set(facts({}, {"years": [2001, 2002]})) == {"study", "head", "uncertainty"}
