"""Facts of land cover."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study.facts.landcover import by_class, change, intervals


@pytest.fixture
def given():
    """Tables and settings."""
    return study()


def test_classes_at_both_dates(given):
    tables, settings = given
    found = change(tables, settings)
    assert (found["first"], found["last"], found["dates"]) == (2001, 2008, 2)
    # Cropland is the largest and lost most; Forest gained most.
    assert found["classes"] == [{"name": "Cropland", "before": 65.0, "after": 60.3},
                                {"name": "Forest", "before": 30.0, "after": 35.0}]
    assert found["largest"] == {
        "from": "Cropland", "to": "Forest", "area_km2": 50.0, "percent": 5.0, "change_tg": 0.0042}


def test_share_that_changed_its_class(given):
    tables, _ = given
    assert intervals(tables) == [{"from": 2001, "to": 2008, "percent": pytest.approx(100 * 53 / 1000)}]


def test_nothing_changed(given):
    tables, settings = given
    for row in tables["fig08_areas"]:
        row["percent"] = 25.0
    assert [each["name"] for each in change(tables, settings)["classes"]] == ["Cropland"]


def test_a_class_that_is_new_had_no_area(given):
    tables, settings = given
    tables["fig08_areas"] = [row for row in tables["fig08_areas"] if row["year"] == 2008 or row["class"] != 2]
    assert {"name": "Forest", "before": 0.0, "after": 35.0} in change(tables, settings)["classes"]


def test_one_date(given):
    tables, settings = given
    tables["fig08_areas"] = [row for row in tables["fig08_areas"] if row["year"] == 2008]
    found = change(tables, settings)
    assert "classes" not in found
    assert found["dominant"]["name"] == "Cropland"
    assert change({}, settings) == {}


def test_classes_without_a_name_have_their_number(given):
    tables, settings = given
    for row in tables["fig08_areas"]:
        row["label"] = None
    assert change(tables, settings)["dominant"]["name"] == "1"


def test_values_by_class_leave_out_small_ones(given):
    found = by_class(*given, 0.05)
    assert found["highest"] == {"name": "Forest", "mean": 480.0}  # Water, 700, covers 0.1 %
    assert found["largest"] == {"name": "Cropland", "share": 58.0, "area_percent": 62.0}
    assert found["fastest"] == {"name": "Forest", "sen": 9.5, "p": 0.001, "significant": True}
    assert (found["count"], found["rising"], found["tested"]) == (3, 2, 3)
    assert (found["small"]["items"], found["min_class_area"]) == (["Water"], 0.5)


def test_a_total_of_which_sinks_and_sources_cancel_has_no_shares(given):
    tables, settings = given
    for row, share in zip(tables["fig09_classes"], (314.8, -200.0)):
        row["share"] = share
    assert "largest" not in by_class(tables, settings, 0.05)


def test_no_class_rose(given):
    tables, settings = given
    for row in tables["fig09_classes"]:
        row["sen_slope"] = -1.0
    found = by_class(tables, settings, 0.05)
    assert (found["rising"], found["significant"]) == (0, True)
    assert "fastest" not in found


def test_no_class_has_a_significant_trend(given):
    tables, settings = given
    for row in tables["fig09_classes"]:
        row["p"] = 0.05 if row["mean"] < 600.0 else 0.001  # that of water, which is too small to be shown
    assert not by_class(tables, settings, 0.05)["significant"]


def test_no_class_is_large_enough(given):
    tables, settings = given
    assert by_class(tables, {**settings, "min_class_area": 99.0}, 0.05) == {}
    assert by_class({}, settings, 0.05) == {}
