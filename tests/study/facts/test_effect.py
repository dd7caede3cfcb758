"""Facts of what change of land cover did to the total."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study.facts.effect import effect


@pytest.fixture
def given():
    """The tables and the settings of the study."""
    return study()


def test_the_change_and_its_parts(given):
    found = effect(*given)
    assert (found["change_tg"], found["land_use_tg"], found["density_tg"]) == (6.0, 1.5, 4.5)
    assert found["share_percent"] == 25.0
    assert (found["first"], found["last"], found["window"], found["moved"]) == (2001, 2008, 1, 3)
    assert found["moved_percent"] == pytest.approx(100 * 73 / 973)
    assert found["kept_percent"] == pytest.approx(100 * 900 / 973) and found["kept_tg"] == 5.0


def test_the_transitions_that_did_most(given):
    tables, settings = given
    assert effect(tables, settings)["largest"] == [
        {"from": "Cropland", "to": "Forest", "land_use_tg": 2.75, "area_km2": 50.0},
        {"from": "Cropland", "to": "Built-up", "land_use_tg": -1.25, "area_km2": 20.0},
    ]
    for row, value in zip(tables["fig09b_effect"], (9.0, 1.0, 2.0, 9.0, -4.0)):
        row["land_use_tg"] = value  # of classes that stay nothing is told
    tables["fig09b_effect"][1]["to_label"] = None
    tables["fig09b_effect"].insert(0, {**tables["fig09b_effect"][2], "from": 2, "to": 1, "land_use_tg": -0.5})
    assert [(each["to"], each["land_use_tg"]) for each in effect(tables, settings)["largest"]] == [
        ("Cropland", -4.0), ("Built-up", 2.0), ("2", 1.0)]


def test_classes_that_no_pixel_kept(given):
    tables, settings = given
    assert effect(tables, settings)["fallback"] == {"items": ["Built-up"], "others": 0, "count": 1}
    tables["fig09b_effect"][0]["fallback"] = 1  # which has pixels of its own
    assert effect(tables, settings)["fallback"]["items"] == ["Built-up"]
    for row in tables["fig09b_effect"]:
        row["fallback"] = 0
    assert "fallback" not in effect(tables, settings)


def test_regions_and_those_that_are_not_compared(given):
    # Dole has values on too little of its area.
    assert effect(*given)["effect_regions"] == {
        "most": {"name": "Alba", "land_use_tg": 1.75}, "least": {"name": "Bern", "land_use_tg": -0.5}}


def test_regions_with_the_same_effect_have_no_ends(given):
    tables, settings = given
    for row in tables["fig09b_effect_total"]:
        row["land_use_tg"] = 0.0 if row.get("region") != "Como" else -0.0
    assert "effect_regions" not in effect(tables, settings)


def test_without_a_change_and_without_the_step(given):
    tables, settings = given
    kept = {**tables, "fig09b_effect": [row for row in tables["fig09b_effect"] if row["from"] == row["to"]]}
    found = effect(kept, settings)
    assert found["moved"] == 0 and "largest" not in found and found["kept_percent"] == 100.0
    assert effect({}, settings) == effect(tables, {}) == effect({**tables, "fig09b_effect": []}, settings) == {}
    tables["fig09b_effect_total"] = []
    assert "share_percent" not in effect(tables, settings)
