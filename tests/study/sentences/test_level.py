"""Sentences of the head and of figures 1 to 4."""

from __future__ import annotations

from nep_toolbox.study.sentences.level import f2, f3, f4, head


def keys(asked) -> list:
    """The names of the templates that are asked for."""
    return [key for key, _ in asked]


def test_the_head_names_the_region_if_it_has_a_name():
    assert keys(head({}, {"region": "Henan"})) == ["head_about"]
    assert keys(head({}, {"missing_years": [], "missing_count": 2})) == ["head_about_unnamed", "head_gaps"]


YEARS = {"years": 3, "constant": False, "above_count": 1}


def test_a_trend_is_flat_or_moved_or_unsure():
    def told(**trend):
        return keys(f2({**YEARS, "trend": {"significant": False, **trend}}))[1]

    assert told(sen=0) == "f2_flat"
    assert told(sen=-1.0, significant=True) == "f2_moved"
    assert told(sen=1.0) == "f2_unsure"


def test_years_that_only_rose():
    assert keys(f2({**YEARS, "rise": {"year": 2002, "change": 1.0}})) == ["f2_range", "f2_rise", "f2_above"]
    assert "f2_fall" in keys(f2({**YEARS, "fall": {"year": 2002, "change": -1.0}}))
    assert keys(f2({**YEARS, "constant": True, "above_count": 0})) == ["f2_constant"]


def test_one_stage_is_no_news():
    assert "f2_stages" not in keys(f2({**YEARS, "stages": [{}]}))


def test_sinks():
    everywhere = {"year": 2001, "percent": 100.0}
    almost = {"year": 2001, "percent": 99.9999}
    assert keys(f3({"sinks": [everywhere, everywhere]})) == ["f3_all_sink"]
    assert keys(f3({"sinks": [almost, everywhere]})) == ["f3_sinks"]
    assert keys(f3({"sinks": [everywhere]})) == ["f3_sink"]


COUNTS = {"comparisons": 19, "needed": 15, "regions": 4, "unlike_chance_count": 0, "fell_count": 0}


def test_regions_that_fell():
    assert keys(f4(COUNTS)) == ["f4_none_fell", "f4_like_chance"]
    assert keys(f4({**COUNTS, "fell_count": 4, "unlike_chance_count": 4})) == ["f4_all_fell", "f4_all_tested"]
    assert keys(f4({**COUNTS, "fell_count": 1, "unlike_chance_count": 1})) == ["f4_fell", "f4_tested"]


def test_one_region_is_the_whole_area():
    whole = {"whole": {"increases": 1, "decreases": 2}, "rose_percent": 1.0}
    assert keys(f4({**COUNTS, "regions": 1, **whole})) == ["f4_whole", "f4_area", "f4_needed"]


def test_few_comparisons():
    assert keys(f4({"comparisons": 1, "rose_percent": 50.0})) == ["f4_too_few"]
