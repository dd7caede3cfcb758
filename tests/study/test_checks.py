"""The box of checks: what is said, and what stands out."""

from __future__ import annotations

import pytest
from testkit.study_variants import variant

from nep_toolbox.study.checks import BAD, GOOD, NOTE, checks
from nep_toolbox.study.facts import facts


def of(name: str = "sample", *given: dict, **settings) -> dict:
    """The level of each line."""
    tables, made = variant(name, **settings)
    made["checks"] = list(given)
    return {check.text.replace("\u00a0", " "): check.level for check in checks(facts(tables, made), made)}


def level(found: dict, words: str) -> str:
    """The level of the one line with some words in it."""
    assert len([text for text in found if words in text]) == 1, found
    return next(each for text, each in found.items() if words in text)


def test_years():
    assert level(of("sample"), "No year of 2001–2008 is missing.") == GOOD
    assert level(of("gaps"), "Some years are missing: 2003 and 2005.") == BAD


def test_coverage_of_regions():
    sparse = "1 of 4 regions has values on less than 10 % of its area and is left out of comparisons: Dole."
    assert level(of("sample"), sparse) == BAD
    assert level(of(min_coverage=2.0), "at least 2 % of each of 4 regions") == GOOD
    assert not [text for text in of("whole area only") if "regions" in text]


def test_regions_without_a_value_are_told_apart():
    tables, settings = variant("sample")
    for row in tables["fig03_regions"][:2]:
        row.update(pixels=0, mean=None, coverage=0.0)
    found = {check.text.replace("\u00a0", " "): check.level for check in checks(facts(tables, settings), settings)}
    assert level(found, "2 of 4 regions have no values.") == BAD
    assert level(found, "1 of 4 regions has values on less than 10 % of its area") == BAD


def test_values_on_a_part_of_the_area():
    assert not [text for text in of() if "on only" in text]
    assert level(of(place={"area_km2": 1_612_000.0}), "NEP has values on only 10.0 % of the area.") == BAD


def test_negative_values():
    assert level(of(), "NEP is zero or negative on 0.4 % of the area") == GOOD
    assert not [text for text in of("no climate") if "negative" in text]


@pytest.mark.parametrize(("percent", "expected"), [(0.5, NOTE), (0.51, BAD), (2.3, BAD)])
def test_missing_inputs(percent, expected):
    tables, settings = variant("sample")
    tables["data"][1]["missing_percent"] = percent
    found = {check.text: check.level for check in checks(facts(tables, settings), settings)}
    assert level(found, "Precipitation is missing on") == expected


@pytest.mark.parametrize(("percent", "expected"), [(0.0, GOOD), (0.5, GOOD), (0.51, BAD)])
def test_lost_pixels(percent, expected):
    found = of("sample", {"check": "lost_climate", "percent": percent}, {"check": "lost_factors", "percent": percent})
    assert level(found, "climate") == level(found, "a factor") == expected
    assert not [text for text in found if "input" in text]  # said once


def test_no_missing_inputs():
    assert level(of(), "No other input is missing where there is NPP.") == GOOD


def test_units():
    plausible = of("sample", {"check": "unit", "mean": 382.7, "plausible": True})
    assert level(plausible, "382.7 gC m⁻² yr⁻¹, is plausible") == GOOD
    assert level(of("sample", {"check": "unit", "mean": 3827.0, "plausible": False}), "not plausible") == BAD


@pytest.mark.parametrize(("model", "words"), [
    ("raich", "after Raich et al."), ("lloyd_taylor", "after Lloyd and Taylor, by temperature alone"),
    ("q10", "rises exponentially with temperature alone"),
])
def test_models_of_soil_respiration(model, words):
    found = of("sample", {"check": "forcing", "form": "monthly", "model": model, "other": "pei", "other_mean": 120.0})
    assert level(found, words) == NOTE
    assert level(found, "With the model of Pei et al., summed over the months, mean NEP would be 120") == NOTE
    assert "form in which its model was fitted" not in " ".join(found)


def test_forms_of_respiration():
    literal = of("sample", {"check": "forcing", "form": "literal", "other": "monthly", "other_mean": 120.0})
    assert level(literal, "computed once a year") == BAD
    assert level(literal, "would be 120.0 gC m⁻² yr⁻¹") == NOTE
    assert level(of("sample", {"check": "forcing", "form": "monthly"}), "twelve months") == GOOD
    assert of("sample", {"check": "forcing"}, {"check": "forcing", "form": "other"}) == of("sample")
    assert level(of("sample", {"check": "climatology", "variable": "temperature"}), "one year of temperature") == NOTE


def test_texts_of_the_run_are_taken_as_they_are():
    assert level(of("sample", {"step": "prepare", "text": "Whatever."}), "Whatever.") == NOTE
    assert level(of("sample", {"level": "bad", "text": "Whatever."}), "Whatever.") == BAD


def test_the_bad_ones_come_first():
    levels = list(of("gaps").values())
    assert levels == sorted(levels, key=(BAD, NOTE, GOOD).index)
    assert len(set(levels)) == 3
