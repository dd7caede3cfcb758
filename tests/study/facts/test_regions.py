"""Facts of regions: sinks, ranking, gradient, frequency of change."""

from __future__ import annotations

import math

import pytest
from testkit.study import study

from nep_toolbox.study.facts.regions import frequency, gradient, needed, regions


@pytest.fixture
def given():
    """Tables and settings."""
    return study()


def test_ends_of_the_ranking_leave_out_sparse_regions(given):
    found = regions(*given, True)
    assert found["highest"] == [{"name": "Alba", "mean": 420.0}]
    assert found["lowest"] == [{"name": "Como", "mean": 280.0}]
    assert found["sparse"] == {"items": ["Dole"], "others": 0, "count": 1}
    assert (found["sparse_count"], found["regions"], found["min_coverage"]) == (1, 4, 10.0)


def test_many_regions_give_two_at_each_end(given):
    tables, settings = given
    tables["fig03_regions"] = [{"region": name, "mean": float(mean), "coverage": 90.0, "rank": 1}
                               for mean, name in enumerate("ABCDEFGH")]
    found = regions(tables, settings, True)
    assert [each["name"] for each in found["highest"]] == ["H", "G"]
    assert [each["name"] for each in found["lowest"]] == ["A", "B"]
    assert "sparse" not in found


def test_one_region_has_no_ranking(given):
    tables, settings = given
    tables["fig03_regions"] = tables["fig03_regions"][:1]
    found = regions(tables, settings, True)
    assert "highest" not in found
    assert "lowest" not in found


def test_regions_without_a_pixel(given):
    tables, settings = given
    tables["fig03_regions"][1].update(mean=None, rank=None, coverage=0.0)
    tables["fig04_frequency"][2].update(increases=0, decreases=0, comparisons=0, p_sign=None)
    found = regions(tables, settings, True)
    assert (found["regions"], found["sparse_count"], found["empty_count"]) == (4, 1, 1)
    assert found["empty"]["items"] == ["Bern"]
    assert [each["name"] for each in found["highest"] + found["lowest"]] == ["Alba", "Como"]
    assert frequency(tables, settings, 0.05)["regions"] == 2


def test_sinks_of_the_first_and_the_last_map_year(given):
    assert regions(*given, True)["sinks"] == [{"year": 2001, "percent": 98.0}, {"year": 2008, "percent": 99.95}]
    assert "sinks" not in regions(*given, False)


@pytest.mark.parametrize(
    ("r_x", "r_y", "towards"),
    [(0.1, -0.55, 180.0), (0.5, 0.5, 45.0), (-0.31, 0.0, 270.0), (0.29, 0.9, 0.0), (0.3, -0.3, None), (0.0, 0.0, None)],
)
def test_gradients(r_x, r_y, towards):
    found = gradient({"r_x": r_x, "r_y": r_y})
    assert found.get("towards") == (None if towards is None else pytest.approx(towards))
    if found:
        assert found["from"] == pytest.approx((towards + 180) % 360)


def test_no_gradient():
    assert gradient({}) == {}


def test_frequency(given):
    tables, settings = given
    found = frequency(tables, settings, 0.05)
    assert [each["name"] for each in found["fell"]["items"]] == ["Como", "Bern"]
    assert found["fell_count"] == 2
    assert found["rose_percent"] == 30.0 + 25.0 + 8.0 + 2.0  # 4, 5, 6 and 7 of 7
    assert found["unlike_chance"]["items"] == ["Alba"]
    assert found["whole"] == {"name": "all", "increases": 5, "decreases": 2}


def test_sparse_regions_are_not_counted(given):
    tables, settings = given
    found = frequency(tables, settings, 0.05)
    assert (found["mapped"], found["regions"], found["fewer"]) == (4, 3, True)
    found = frequency(tables, {**settings, "min_coverage": 2.0}, 0.05)
    assert (found["mapped"], found["regions"]) == (4, 4)
    assert "fewer" not in found


def test_many_regions_without_a_value_are_only_counted(given):
    tables, settings = given
    row = {**tables["fig03_regions"][0], "pixels": 0, "mean": None, "rank": None, "coverage": 0.0}
    tables["fig03_regions"] += [{**row, "region": f"Empty {place}"} for place in range(6)]
    found = regions(tables, settings, True)
    assert (found["regions"], found["empty_count"], found["sparse"]["items"]) == (10, 6, ["Dole"])
    assert "empty" not in found


def test_a_tie_is_no_fall(given):
    tables, settings = given
    tables["fig04_frequency"][2].update(increases=3, decreases=3, unchanged=1)
    assert [each["name"] for each in frequency(tables, settings, 0.05)["fell"]["items"]] == ["Como"]


def test_half_of_the_comparisons_are_not_more_than_half(given):
    tables, settings = given
    for row in tables["fig04_frequency"]:
        row["comparisons"] = 8
    assert frequency(tables, settings, 0.05)["rose_percent"] == 25.0 + 8.0 + 2.0


def test_frequency_without_regions_or_tables(given):
    tables, settings = given
    tables["fig04_frequency"] = tables["fig04_frequency"][:1]
    found = frequency(tables, settings, 0.05)
    assert "regions" not in found
    assert "unlike_chance_count" not in found
    assert frequency({}, settings, 0.05) == {}


@pytest.mark.parametrize("comparisons", range(1, 40))
def test_how_many_must_agree(comparisons):
    def p(count):
        return 2 * sum(math.comb(comparisons, each) for each in range(count, comparisons + 1)) / 2**comparisons

    least = needed(comparisons, 0.05)
    if least is None:
        assert p(comparisons) >= 0.05
    else:
        assert p(least) < 0.05 <= p(least - 1)
        # The published table of the sign test: 6 of 6, 9 of 10, 15 of 20.
    assert {5: None, 6: 6, 10: 9, 20: 15}.get(comparisons, least) == least
