"""Which sentences the attribution and the drivers ask for."""

from __future__ import annotations

import pytest

from nep_toolbox.study.sentences.attribution import f11, f12

WAY = {"percent": 60.0, "both_percent": 40.0, "drivers_percent": 0.0, "rest_percent": 20.0}
#: What there always is.
BARE = {"drivers": ["precipitation"], "count": 1, "empty": False, "tested": True}


def keys(asked) -> list:
    return [key for key, _ in asked]


@pytest.mark.parametrize(("facts", "expected"), [
    ({}, ["f11_none_significant", "f11_no_proof"]),
    ({"empty": True}, ["f11_empty", "f11_no_proof"]),
    ({"tested": False}, ["f11_no_proof"]),
    ({"explained": True}, ["f11_explained", "f11_none_significant", "f11_no_proof"]),
    ({"explained": False}, ["f11_unexplained", "f11_none_significant", "f11_no_proof"]),
    ({"slope": 1.0}, ["f11_slopes", "f11_no_share", "f11_none_significant", "f11_no_proof"]),
    ({"slope": 1.0, "share_percent": 0.0}, ["f11_slopes", "f11_share", "f11_none_significant", "f11_no_proof"]),
    ({"rise": WAY, "fall": WAY, "significant": WAY, "rest_significant_percent": 0.0, "no_result_percent": 3.0},
     ["f11_rise", "f11_fall", "f11_significant", "f11_rest_significant", "f11_no_result", "f11_no_proof"]),
    ({"npp": {"slope": 1.0}}, ["f11_none_significant", "f11_no_proof", "f11_built_in"]),
    ({"npp": {"r2": 1.0}}, ["f11_none_significant", "f11_no_proof"]),
])
def test_what_is_said_of_the_attribution(facts, expected):
    assert keys(f11({**BARE, **facts})) == expected


def test_only_parts_that_there_are_are_told():
    ((_, told),) = [each for each in f11({**BARE, "rise": WAY}) if each[0] == "f11_rise"]
    assert told == {"percent": 60.0, "parts": [
        {"key": "f11_both", "part": 40.0}, {"key": "f11_rest", "part": 20.0}]}


def test_what_is_said_of_npp_is_its_own():
    facts = {**BARE, "slope": 1.0, "of_drivers": 0.5, "npp": {"slope": 2.0, "of_drivers": 1.5}}
    (told,) = [values for key, values in f11(facts) if key == "f11_built_in"]
    assert (told["slope"], told["of_drivers"]) == (2.0, 1.5)


RAIN, WARMTH = {"driver": "precipitation", "lmg": 0.4}, {"driver": "temperature", "lmg": 0.1}


@pytest.mark.parametrize(("facts", "expected"), [
    ({"refused": True, "dominant": [RAIN]}, ["f12_refused"]),
    ({}, ["f12_nowhere"]),
    ({"dominant": [RAIN]}, ["f12_dominant"]),
    ({"dominant": [RAIN, WARMTH], "none_percent": 3.0}, ["f12_dominant", "f12_others", "f12_none"]),
    ({"dominant": [RAIN], "none_percent": 0.0, "refused_percent": 2.0}, ["f12_dominant", "f12_some_refused"]),
    ({"contributions": [RAIN]}, ["f12_nowhere"]),
    ({"contributions": [RAIN], "rest": 1.0}, ["f12_nowhere", "f12_contributions"]),
    ({"importance": [RAIN]}, ["f12_nowhere"]),
    ({"importance": [RAIN, WARMTH]}, ["f12_nowhere", "f12_importance"]),
    ({"npp": {"dominant": [RAIN]}}, ["f12_nowhere", "f12_built_in"]),
    ({"npp": {"dominant": []}}, ["f12_nowhere"]),
])
def test_what_is_said_of_the_drivers(facts, expected):
    assert keys(f12({"refused": False, **facts})) == expected
