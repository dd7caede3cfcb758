"""Sentences of figures 5 and 6."""

from __future__ import annotations

import pytest

from nep_toolbox.study.sentences.change import f5, f6


def keys(asked) -> list:
    """The names of the templates that are asked for."""
    return [key for key, _ in asked]


@pytest.mark.parametrize(
    ("rise", "fall", "key"),
    [((85, 35), (14, 3), "f5_shares"), ((100, 35), (0, 0), "f5_only_rise"), ((0, 0), (100, 3), "f5_only_fall"),
     ((60, 0), (39, 0), "f5_none_significant"), ((60, 0), (0, 0), "f5_none_significant"),
     ((0, 0), (0, 0), "f5_no_change")],
)
def test_rising_and_falling_area(rise, fall, key):
    facts = {"level": 0.05, "adjusted": False, "unchanged_percent": 0.5,
             "rise_percent": rise[0], "rise_significant_percent": rise[1],
             "fall_percent": fall[0], "fall_significant_percent": fall[1]}
    assert keys(f5(facts)) == [key]


TREND = {"level": 0.05, "adjusted": False, "unchanged_percent": 0.5, "rise_percent": 85, "fall_percent": 14,
         "rise_significant_percent": 35, "fall_significant_percent": 3}


def test_false_discovery():
    assert "f5_fdr" in keys(f5({**TREND, "fdr_percent": 21.0}))
    assert "f5_fdr_none" in keys(f5({**TREND, "fdr_percent": 0.0}))
    assert "f5_adjusted" in keys(f5({**TREND, "adjusted": True}))


def test_area_without_a_change():
    assert "f5_unchanged" not in keys(f5(TREND))
    assert "f5_unchanged" in keys(f5({**TREND, "unchanged_percent": 29.3}))


def test_the_centre():
    move = {"year": 2002, "km": 1.0}
    assert keys(f5({"centre": {"offset_km": 0.0, "net_km": 0.0}})) == []
    assert keys(f5({"centre": {"mean_km": 1.0, "least": move, "most": move}})) == ["f5_moved_once"]
    assert keys(f5({"centre": {"mean_km": 1.0, "least": move, "most": {"year": 2003, "km": 2.0}}})) == ["f5_moved"]
    assert keys(f5({"centre": {"net_km": 1.0, "net_azimuth": 5.0}})) == ["f5_net_only"]
    assert keys(f5({"centre": {"offset_km": 1.0, "offset_azimuth": 5.0}})) == ["f5_offset"]


REGIONS = {"count": 3, "most": {"name": "Alba", "percent": 20.0}, "least": {"name": "Bern", "percent": 4.0}}
PLAIN = {"like_chance": False, "detrended": True}


def test_what_is_like_chance_is_said_instead_of_the_regions():
    assert keys(f6({**PLAIN, "like_chance": True, "regions": REGIONS})) == ["f6_like_chance"]
    ((key, told),) = f6({**PLAIN, "regions": REGIONS})
    assert key == "f6_regions"
    assert [told[name] for name in ("most_name", "most_percent", "least_name", "least_percent")] == [
        "Alba", 20.0, "Bern", 4.0]


def test_evidence_and_what_becomes_of_trends():
    shares = {"continue_percent": 8.0, "reverse_percent": 5.0, "unclear_percent": 87.0}
    tested = {**PLAIN, "significant_percent": 13.0}
    assert keys(f6(tested)) == ["f6_significant"]
    assert keys(f6({**tested, "evidence": shares, "rises": {}, "falls": {}})) == [
        "f6_evidence", "f6_trend_taken_out", "f6_rises", "f6_falls"]
    (_, told), _ = f6({**tested, "evidence": shares})
    assert (told["reverse_percent"], told["significant_percent"]) == (5.0, 13.0)


def test_where_there_is_no_h_only_that_is_said():
    assert keys(f6({**PLAIN, "unknown": True, "chance_percent": 50.0, "chance_h": 0.5})) == ["f6_unknown"]


def test_a_trend_that_was_left_in_is_said():
    assert keys(f6({**PLAIN, "detrended": False, "significant_percent": 13.0}))[-1] == "f6_trend_left_in"
    assert keys(f6({**PLAIN, "detrended": False})) == []


@pytest.mark.parametrize("verdict", ["adds", "none", "worse", "no_skill"])
def test_the_hindcast_says_what_came_out(verdict):
    told = {"verdict": verdict, "skill_rule": -0.1}
    assert keys(f6({**PLAIN, "hindcast": told})) == [f"f6_hindcast_{verdict}", "f6_base_rate", "f6_rule_worse"]
    assert keys(f6({**PLAIN, "hindcast": {**told, "skill_rule": 0.1}}))[-1] == "f6_rule"
    assert keys(f6({**PLAIN, "hindcast": {"verdict": verdict}})) == [f"f6_hindcast_{verdict}", "f6_base_rate"]


def test_a_hindcast_without_differences_has_no_skills():
    assert keys(f6({**PLAIN, "hindcast": {"verdict": "settled", "pixels": 5, "skill_rule": 0.0}})) == [
        "f6_hindcast_settled"]


def test_a_hindcast_without_pixels_has_no_numbers():
    assert keys(f6({**PLAIN, "hindcast": {"verdict": "empty", "pixels": 0}})) == ["f6_hindcast_empty"]
    assert keys(f6({**PLAIN, "hindcast": {"pixels": 5}})) == []
