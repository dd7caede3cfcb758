"""Facts of persistence, of its evidence and of the hindcast."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study.facts.persistence import hindcast, persistence


@pytest.fixture
def given():
    """Tables and settings."""
    return study()


def test_shares_by_h_beside_chance(given):
    found = persistence(*given, 0.05)
    assert (found["above_percent"], found["below_percent"]) == (53.46, 46.04)
    assert (found["mean_h"], found["chance_h"], found["chance_percent"]) == (0.56, 0.497, 50.4)
    assert found["mapped"] == ["future", "hurst"]


def test_shares_by_evidence(given):
    found = persistence(*given, 0.05)
    # 7 + 1 + 0.25, 3.5 + 0.5 + 0.75, 24.5 + 60 + 2
    assert found["evidence"] == {"continue_percent": 8.25, "reverse_percent": 4.75, "unclear_percent": 86.5}


def test_what_differs_from_chance_is_a_share_of_what_was_tested(given):
    tables, settings = given
    found = persistence(tables, settings, 0.05)
    assert found["significant_percent"] == pytest.approx(100 * 13 / 99.5)
    assert (found["level"], found["by_chance_percent"], found["like_chance"]) == (0.05, 5.0, False)
    for row in tables["fig06_class_areas"]:  # half of the area has no result
        row["percent"] *= 0.5
    assert persistence(tables, settings, 0.05)["significant_percent"] == pytest.approx(100 * 13 / 99.5)


@pytest.mark.parametrize(("alpha", "like"), [(0.065, False), (0.066, True), (0.1, True)])
def test_what_is_like_chance(given, alpha, like):
    found = persistence(*given, alpha)  # 13.07 % differ
    assert found["like_chance"] is like
    assert (found["level"], found["by_chance_percent"]) == (alpha, pytest.approx(100 * alpha))


@pytest.mark.parametrize(("percent", "like"), [(9.9, True), (10.0, False), (0.0, True), (None, False)])
def test_without_evidence_the_pixels_count_that_the_tool_has_counted(given, percent, like):
    tables, settings = given
    del tables["fig06_class_areas"]
    settings["numbers"]["hurst"]["SIGNIFICANT_PERCENT"] = percent
    found = persistence(tables, settings, 0.01)
    assert found.get("significant_percent") == percent
    assert found["like_chance"] is like
    assert (found["level"], found["by_chance_percent"]) == (0.05, 5.0)  # its level, not that of the study
    assert "evidence" not in found and found["mapped"] == ["hurst"]


def test_what_becomes_of_the_significant_trends(given):
    found = persistence(*given, 0.05)
    # 7 and 3.5 of 35; 0.25 and 0.75 of 3
    assert found["rises"] == {"continue_percent": pytest.approx(20.0), "reverse_percent": pytest.approx(10.0)}
    assert found["falls"] == {"continue_percent": pytest.approx(25 / 3), "reverse_percent": pytest.approx(25.0)}


def test_a_group_of_less_than_1_percent_is_not_spoken_of(given):
    tables, settings = given
    for row in tables["fig06_class_areas"]:
        if row["class"] in (1, 11, 21):
            row["percent"] /= 4.0
    found = persistence(tables, settings, 0.05)
    assert "falls" not in found  # 0.75 % of the area
    assert "rises" in found


def test_regions_by_evidence(given):
    found = persistence(*given, 0.05)["regions"]
    # Dole has values on too little of its area.
    assert (found["count"], found["fewer"]) == (3, True)
    assert found["most"] == {"name": "Alba", "percent": 20.0}
    assert found["least"] == {"name": "Bern", "percent": 4.0}


@pytest.mark.parametrize(("percent", "told"), [(19.1, False), (18.9, True)])
def test_regions_that_are_alike_are_not_compared(given, percent, told):
    tables, settings = given
    rows = [row for row in tables["fig06_class_areas"] if row["region"] in ("all", "Alba")]
    for name in ("Bern", "Como"):
        rows += [{"region": name, "class": 14, "percent": percent}, {"region": name, "class": 4, "percent": 60.0}]
    tables["fig06_class_areas"] = rows
    assert ("regions" in persistence(tables, settings, 0.05)) is told


def test_series_that_have_no_h(given):
    tables, settings = given
    for name in ("fig06_persistence", "fig06_evidence", "fig06_class_areas"):
        for row in tables[name]:
            row["percent"] = 100.0 if row["class"] is None else 0.0
    settings["numbers"]["hurst"] = {"WHITE_NOISE_MEAN": 0.497, "WHITE_NOISE_PERSISTENT": 50.4}
    found = persistence(tables, settings, 0.05)
    assert found["unknown"] is True and not found["like_chance"]
    assert not {"above_percent", "below_percent", "significant_percent", "regions"} & set(found)
    assert "unknown" not in persistence(*study(), 0.05)


def test_one_region_is_compared_with_none(given):
    tables, settings = given
    tables["fig06_class_areas"] = [row for row in tables["fig06_class_areas"] if row["region"] in ("all", "Alba")]
    assert "regions" not in persistence(tables, settings, 0.05)


@pytest.mark.parametrize(("value", "detrended"), [
    ("Least-squares line", True), ("Theil-Sen line", True), ("None", False),
])
def test_whether_the_trend_was_taken_out(given, value, detrended):
    tables, settings = given
    settings["parameters"] = [{"key": "DETREND", "value": value}]
    assert persistence(tables, settings, 0.05)["detrended"] is detrended


def test_the_hindcast(given):
    found = hindcast(given[0])
    assert (found["fit"], found["scored"], found["pixels"]) == ([2001, 2006], [2007, 2008], 150_001)
    assert (found["base_rate_percent"], found["skill"], found["skill_trend_only"]) == (72.25, 0.1017, 0.0995)
    assert (found["brier"], found["brier_climatology"]) == (0.1801, 0.2005)
    assert (found["brier_rule"], found["skill_rule"]) == (0.4845, -1.4164)
    assert persistence(*given, 0.05)["hindcast"] == found


@pytest.mark.parametrize(("skill", "trend", "verdict"), [
    (0.39, 0.39, "none"), (0.395, 0.39, "none"), (0.385, 0.39, "none"), (0.41, 0.39, "adds"), (0.37, 0.39, "worse"),
    (0.02, -0.3, "adds"), (-0.3, 0.02, "worse"), (0.0, 0.0, "no_skill"), (0.009, -0.2, "no_skill"),
    (-0.2, 0.009, "no_skill"), (-0.5, -0.1, "no_skill"), (None, 0.1, None),
    # As they are written: 0.400 and 0.390, 0.010
    (0.4002, 0.3906, "adds"), (0.3906, 0.4002, "worse"), (0.4, 0.3906, "none"), (0.0096, 0.0, "adds"),
    (0.0094, 0.0, "no_skill"),
])
def test_what_persistence_does_to_the_forecast(given, skill, trend, verdict):
    tables, _ = given
    tables["fig06_hindcast_scores"][0].update(skill=skill, skill_trend_only=trend)
    assert hindcast(tables).get("verdict") == verdict


@pytest.mark.parametrize(("evidence", "small", "trend", "verdict"), [
    (9_000, 8_999, 0, "adds"), (9_000, 9_000, 0, "untested"), (0, 0, 0, "untested"), (9_000, 9_000, 150_001, "empty"),
    (None, None, None, "adds"),
])
def test_what_too_few_pixels_say_is_no_verdict(given, evidence, small, trend, verdict):
    tables, _ = given
    tables["fig06_hindcast_scores"][0].update(
        skill=0.41, skill_trend_only=0.39, evidence=evidence, evidence_small=small, trend_small=trend)
    assert hindcast(tables)["verdict"] == verdict


def test_pixels_that_all_went_one_way_show_no_skill(given):
    tables, _ = given
    tables["fig06_hindcast_scores"][0].update(
        base_rate_percent=100.0, brier=0.0, brier_climatology=0.0, skill=None, skill_trend_only=None, skill_rule=None)
    assert hindcast(tables)["verdict"] == "settled"


def test_a_hindcast_of_no_pixel(given):
    tables, _ = given
    tables["fig06_hindcast_scores"] = [{"pixels": 0, "fit_from": None, "skill": None}]
    assert hindcast(tables) == {"pixels": 0, "verdict": "empty"}
    assert hindcast({"fig06_hindcast_scores": []}) is None
    assert hindcast({}) is None


def test_nothing_was_done(given):
    assert persistence({}, given[1], 0.05) == {}
