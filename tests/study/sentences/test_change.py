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


REGIONS = {"more": 2, "count": 3, "most": {"name": "Alba"}, "least": {"name": "Bern"}}


def test_what_is_like_chance_is_said_instead_of_the_regions():
    assert keys(f6({"like_chance": True, "regions": REGIONS})) == ["f6_like_chance"]
    assert keys(f6({"like_chance": False, "regions": REGIONS})) == ["f6_regions"]
    assert keys(f6({"like_chance": False, "regions": {**REGIONS, "more": 0}})) == ["f6_no_region"]
