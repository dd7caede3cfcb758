"""Which sentences sources and sinks, the effect of land cover and uncertainty ask for."""

from __future__ import annotations

import pytest

from nep_toolbox.study.sentences.ledger import budget, classes, f9b, uncertainty


def keys(asked) -> list:
    return [key for key, _ in asked]


@pytest.mark.parametrize(("sink", "source", "years", "count", "expected"), [
    (5.0, -2.0, 8, 0, ["f2_budget", "f2_net_sink"]),
    (5.0, -5.0, 9, 0, ["f2_budget"]),  # in the other year both are the same
    (5.0, -2.0, 8, 8, ["f2_budget", "f2_net_source"]),
    (5.0, -2.0, 8, 3, ["f2_budget", "f2_net_source_years"]),
    (5.0, -2.0, 1, 0, ["f2_budget"]),
    (5.0, 0.0, 8, 0, ["f2_no_source"]),
    (0.0, -2.0, 8, 8, ["f2_no_sink"]),
    (0.0, 0.0, 8, 0, []),
])
def test_what_is_said_of_the_budget(sink, source, years, count, expected):
    counts = {"budget_years": years, "net_source_count": count, "net_sink_count": 8 - count}
    facts = {"sink_tg": sink, "source_tg": source, **counts}
    assert keys(budget(facts)) == expected


@pytest.mark.parametrize(("sink", "source", "expected"), [
    (80.0, 20.0, ["f3_classes"]), (100.0, 0.0, ["f3_only_sinks"]), (0.0, 3.0, ["f3_only_sources"]), (0.0, 0.0, []),
])
def test_what_is_said_of_the_area(sink, source, expected):
    assert keys(classes({"sink_percent": sink, "source_percent": source})) == expected


#: What there always is.
BARE = {"moved": 2, "window": 1}


@pytest.mark.parametrize(("facts", "expected"), [
    ({"moved": 0, "kept_percent": 100.0, "kept_tg": 1.0}, ["f9b_none", "f9b_weather"]),
    ({}, ["f9b_change", "f9b_no_share", "f9b_weather"]),
    ({"share_percent": 0.0}, ["f9b_change", "f9b_share", "f9b_weather"]),
    ({"share_percent": 100.0}, ["f9b_change", "f9b_share", "f9b_weather"]),
    ({"share_percent": 100.1}, ["f9b_change", "f9b_more", "f9b_weather"]),
    ({"share_percent": -0.1}, ["f9b_change", "f9b_against", "f9b_weather"]),
    ({"largest": [1], "window": 5}, ["f9b_change", "f9b_no_share", "f9b_largest", "f9b_averaged"]),
    ({"kept_percent": 90.0, "kept_tg": 0.0}, ["f9b_change", "f9b_no_share", "f9b_kept", "f9b_weather"]),
    ({"kept_percent": 0.0, "kept_tg": 0.0}, ["f9b_change", "f9b_no_share", "f9b_weather"]),
    ({"fallback": {}, "effect_regions": {"most": {"name": "a"}, "least": {"name": "b"}}},
     ["f9b_change", "f9b_no_share", "f9b_fallback", "f9b_regions", "f9b_weather"]),
])
def test_what_is_said_of_the_effect(facts, expected):
    assert keys(f9b({**BARE, **facts})) == expected


def test_regions_at_both_ends():
    ends = {"most": {"name": "a", "land_use_tg": 2.0}, "least": {"name": "b", "land_use_tg": -1.0}}
    (told,) = [values for key, values in f9b({**BARE, "effect_regions": ends}) if key == "f9b_regions"]
    assert (told["most_name"], told["most_land_use_tg"], told["least_name"], told["least_land_use_tg"]) == (
        "a", 2.0, "b", -1.0)


@pytest.mark.parametrize(("facts", "expected"), [
    ({"assessed": False, "failed": False, "computed": True}, ["u_none"]),
    ({"assessed": False, "failed": False, "computed": False}, ["u_none_series"]),
    ({"assessed": False, "failed": True, "computed": True}, ["u_failed"]),
    ({"assessed": True}, ["u_given", "u_mean", "u_slope", "u_form"]),
    ({"assessed": True, "rise_percent": 0.0}, ["u_given", "u_mean", "u_slope", "u_rises", "u_form"]),
    ({"assessed": True, "others": ["a"]}, ["u_given", "u_mean", "u_slope", "u_rest"]),
    ({"assessed": True, "total_tg": 1.0, "sink_percent": 100.0},
     ["u_given", "u_mean", "u_total", "u_always_sink", "u_slope", "u_form"]),
    ({"assessed": True, "sink_percent": 0.0}, ["u_given", "u_mean", "u_never_sink", "u_slope", "u_form"]),
    ({"assessed": True, "sink_percent": 99.0}, ["u_given", "u_mean", "u_sink", "u_slope", "u_form"]),
    ({"assessed": True, "open": {}, "compared": 2}, ["u_given", "u_mean", "u_slope", "u_open", "u_form"]),
    ({"assessed": True, "compared": 2}, ["u_given", "u_mean", "u_slope", "u_clear", "u_form"]),
    ({"assessed": True, "compared": 1}, ["u_given", "u_mean", "u_slope", "u_form"]),
])
def test_what_is_said_of_uncertainty(facts, expected):
    assert keys(uncertainty(facts)) == expected
