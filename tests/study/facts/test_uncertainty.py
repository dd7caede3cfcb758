"""Facts of the box of uncertainty."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study.facts.uncertainty import uncertainty


@pytest.fixture
def given():
    """The tables and the settings of the study."""
    return study()


def test_what_the_errors_do(given):
    found = uncertainty(*given)
    assert found["assessed"] and found["draws"] == 100
    assert found["errors"] == [
        {"key": "u_relative", "name": "NPP", "relative_percent": 12.5},
        {"key": "u_parameter", "name": "b", "relative_percent": 6.25},
        {"key": "u_degrees", "name": "temperature", "degrees": 0.375},
    ]
    assert [found[name] for name in ("mean", "sd", "lower", "upper", "slope", "slope_sd", "total_tg", "total_sd")] == [
        336.0, 41.25, 262.5, 401.5, 9.25, 0.75, 53.75, 6.625]
    assert (found["total_lower"], found["total_upper"]) == (42.0, 64.25)
    assert (found["sink_percent"], found["rise_percent"]) == (97.0, 100.0)
    assert found["others"] == [
        {"key": "u_name", "item": "precipitation"},
        {"key": "u_parameters", "parameters": ["a", "c", "d", "e"], "count": 4},
    ]


def test_what_else_could_have_had_an_error(given):
    tables, settings = given
    settings["numbers"]["uncertainty"]["possible"] = ["npp", "temperature", "b"]
    assert "others" not in uncertainty(tables, settings)
    settings["numbers"]["uncertainty"]["possible"] = ["npp", "temperature", "b", "r10"]
    assert uncertainty(tables, settings)["others"] == [{"key": "u_parameters", "parameters": ["r10"], "count": 1}]


def test_regions_of_which_the_sign_is_open(given):
    tables, settings = given
    # Dole has values on too little of its area.
    assert uncertainty(tables, settings)["open"] == {"items": ["Bern"], "others": 0, "count": 1}
    for chance, is_open in ((0.95, False), (0.949, True), (0.051, True), (0.05, False), (0.0, False)):
        tables["uncertainty"][2]["probability_of_sink"] = chance
        assert ("open" in uncertainty(tables, settings)) is is_open, chance


def test_a_single_region_is_the_whole_area(given):
    tables, settings = given
    del tables["uncertainty"][3], tables["uncertainty"][1]
    assert "open" not in uncertainty(tables, settings)


def test_totals_of_carbon_only(given):
    tables, settings = given
    assert "total_tg" not in uncertainty(tables, {**settings, "carbon": False})


@pytest.mark.parametrize(("state", "climate", "expected"), [
    (None, True, {"assessed": False, "failed": False, "computed": True}),
    ("failed", True, {"assessed": False, "failed": True, "computed": True}),
    ("skipped", False, {"assessed": False, "failed": False, "computed": False}),
])
def test_what_was_not_assessed_is_told(given, state, climate, expected):
    tables, settings = given
    settings.update(steps={"uncertainty": {"state": state}}, has={"climate": climate})
    assert uncertainty({}, settings) == expected
    del settings["numbers"]["uncertainty"]
    assert uncertainty(tables, settings) == expected
