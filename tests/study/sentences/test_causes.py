"""Sentences of figures 7 to 10."""

from __future__ import annotations

from nep_toolbox.study.sentences.causes import f7, f8, f9, f10


def keys(asked) -> list:
    """The names of the templates that are asked for."""
    return [key for key, _ in asked]


RAIN = {"driver": "precipitation", "r": 0.7, "p": 0.01, "significant": True, "partial_r": 0.6, "partial_p": 0.02}
WARMTH = {"driver": "temperature", "r": 0.1, "p": 0.6, "significant": False, "partial_r": 0.2, "partial_p": 0.5}


def test_each_driver():
    assert keys(f7({"drivers": [RAIN, WARMTH]})) == ["f7_annual", "f7_partial", "f7_annual_unsure", "f7_partial"]
    assert [values["other"] for key, values in f7({"drivers": [RAIN, WARMTH]}) if key == "f7_partial"] == [
        "temperature", "precipitation"]


def test_one_driver_has_no_other():
    assert keys(f7({"drivers": [RAIN]})) == ["f7_annual"]


def test_what_is_built_in_needs_npp():
    assert keys(f7({"drivers": [{**RAIN, "npp": {"r": 0.5, "positive_percent": 60.0}}]}))[-1] == "f7_built_in"


def test_change_of_land_cover():
    facts = {"first": 2001, "last": 2020, "classes": [{"name": "Forest"}], "intervals": [{"percent": 0.0}]}
    assert keys(f8(facts)) == ["f8_classes", "f8_unchanged"]
    largest = {"from": "A", "to": "B", "area_km2": 1.0}
    moved = {**facts, "largest": largest, "intervals": [{"percent": 0.0}, {"percent": 1.0}]}
    assert keys(f8(moved)) == ["f8_classes", "f8_largest", "f8_changed"]
    assert "f8_largest_total" in keys(f8({**moved, "largest": {**largest, "change_tg": -1.0}}))
    assert "f8_largest_total" not in keys(f8({**moved, "largest": {**largest, "change_tg": 0.0}}))


CLASSES = {"count": 3, "highest": {"name": "Forest"}, "largest": {"name": "Cropland", "area_percent": 60.0},
           "tested": 3, "rising": 1, "significant": True, "fastest": {"name": "Forest", "p": 0.1}}


def test_classes():
    assert keys(f9(CLASSES)) == ["f9_highest", "f9_largest", "f9_fastest"]
    assert keys(f9({**CLASSES, "largest": {"name": "Forest", "area_percent": 60.0}}))[1] == "f9_largest_too"
    assert keys(f9({**CLASSES, "count": 1})) == ["f9_alone", "f9_alone_rose"]
    assert keys(f9({**CLASSES, "rising": 0}))[-1] == "f9_none_rose"


def test_classes_of_which_none_has_a_significant_trend():
    assert keys(f9({**CLASSES, "significant": False})) == ["f9_highest", "f9_largest", "f9_none_significant"]
    assert keys(f9({**CLASSES, "significant": False, "count": 1, "tested": 1}))[-1] == "f9_alone_rose"


def test_factors_in_the_same_order_are_told_of_once():
    same = {**FACTORS, "years": [{"count": 3}] * 3, "first": 2001, "same": [{}, {}]}
    assert keys(f10(same)) == ["f10_most", "f10_same"]
    one = {**same, "factors": 1, "years": [{"count": 1}] * 3}
    assert keys(f10(one)) == ["f10_one", "f10_same_one"]
    assert keys(f10({**same, "factors": 4})) == ["f10_most", "f10_same", "f10_same_order"]


FACTORS = {"years": [{"count": 3}], "factors": 3, "last": 2020}


def test_factors():
    assert keys(f10(FACTORS)) == ["f10_most"]
    assert keys(f10({**FACTORS, "first": 2001})) == ["f10_most", "f10_same_order"]
    assert keys(f10({**FACTORS, "first": 2001, "riser": {}})) == ["f10_most", "f10_riser"]
    assert keys(f10({**FACTORS, "years": [{"count": 1}]})) == ["f10_one"]


def test_how_firm_q_is():
    interval, spacing = {"interval": {"lower": 0.1}}, {"spacing": {"steps": []}}
    assert keys(f10({**FACTORS, **spacing, **interval})) == ["f10_most", "f10_interval", "f10_spacing"]


def test_every_p_of_many_pixels_is_close_to_0():
    assert "f10_no_p" in keys(f10({**FACTORS, "rows": 1000}))
    assert "f10_no_p" not in keys(f10({**FACTORS, "rows": 999}))


def test_pairs():
    def told(**pairs):
        return keys(f10({**FACTORS, "pairs": pairs}))[-1]

    assert told(count=3, enhancing=2) == "f10_pairs"
    assert told(count=3, enhancing=0) == "f10_none_enhances"
    assert told(count=1, enhancing=1) == "f10_one_pair"
