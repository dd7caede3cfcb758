"""The parts of the change of a total: against the reference, by hand, and that nothing is left over."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from nep_toolbox.core.landcover.effect import (
    CLASS_COLUMNS,
    PAIR_COLUMNS,
    TOTAL_COLUMNS,
    Density,
    class_densities,
    class_rows,
    land_cover_effect,
    pair_rows,
    total_row,
)
from nep_toolbox.core.landcover.pair_sums import pair_sums

METHODS = {"class_mean": False, "stable": True}


def grid(rows: list) -> np.ndarray:
    return np.array([[math.nan if cell is None else cell for cell in row] for row in rows], dtype=float)


@pytest.fixture(scope="module")
def synthetic(shared) -> tuple:
    """The sums of the made rasters of the reference, and what it has of each method."""
    made = json.loads((shared / "reference" / "landuse_contribution.json").read_text(encoding="utf-8"))["synthetic"]
    cover = np.array([made["class_start"], made["class_end"]], dtype=float)
    cover[cover == -1] = np.nan
    area = np.array(made["row_area_m2"])[:, np.newaxis]
    return pair_sums(grid(made["value_start"]), grid(made["value_end"]), cover, area).sums[None], made


@pytest.mark.parametrize("method", METHODS)
def test_reference(synthetic, method):
    sums, expected = synthetic[0], synthetic[1][method]
    effect = land_cover_effect(sums, METHODS[method])
    for code, means in expected["densities_start_end_mean"].items():
        one = effect.densities[int(code)]
        assert (one.start, one.end, one.middle) == pytest.approx(means, rel=1e-12)
    assert [code for code, one in effect.densities.items() if one.fallback] == [4, 5]
    rows = [dict(zip(PAIR_COLUMNS, row)) for row in pair_rows(effect, {})]
    assert len(rows) == len(expected["transitions"]) + 1
    for row, theirs in zip(rows, expected["transitions"]):
        assert {key: row[key] for key in theirs} == pytest.approx(theirs, rel=1e-9, abs=1e-15)
        assert row["fallback"] == int({row["from"], row["to"]} & {4, 5} != set())
    total = dict(zip(TOTAL_COLUMNS, total_row(effect)))
    found = [total[key] for key in ("change_tg", "land_use_tg", "density_tg", "share")]
    assert found == pytest.approx([expected[key] for key in (
        "total_change_tg", "land_use_tg", "density_tg", "share_land_use_percent"
    )], rel=1e-9)
    moved = [row["area_km2"] for row in rows[:-1] if row["from"] != row["to"]]
    assert total["changed_km2"] == pytest.approx(sum(moved), rel=1e-12) and len(moved) == 10
    for row in (dict(zip(CLASS_COLUMNS, row)) for row in class_rows(effect, {})):
        theirs = expected["classes"][str(row["class"])]
        keys = {"area_start_km2": "area_start_km2", "area_end_km2": "area_end_km2", "start_tg": "total_start_tg",
                "end_tg": "total_end_tg", "land_use_tg": "area_effect_tg", "density_tg": "density_effect_tg"}
        for mine, its in keys.items():
            if its in theirs:
                assert row[mine] == pytest.approx(theirs[its], rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("stable", [False, True])
def test_nothing_is_left_over(synthetic, stable):
    effect = land_cover_effect(synthetic[0], stable)
    moved = effect.whole.moved / 2**1074 / 1e12
    *rows, total = (dict(zip(PAIR_COLUMNS, row)) for row in pair_rows(effect, {}))
    classes = [dict(zip(CLASS_COLUMNS, row)) for row in class_rows(effect, {})]
    for row in (*rows, *classes, total):
        closed = row["land_use_tg"] + row["density_tg"] - row["change_tg"]
        assert abs(closed) <= 1e-12 * max(abs(row["change_tg"]), abs(row["land_use_tg"]))
    for key in ("change_tg", "land_use_tg", "density_tg"):
        assert abs(math.fsum(row[key] for row in rows) - total[key]) < 1e-12 * moved
        assert abs(math.fsum(row[key] for row in classes) - total[key]) < 1e-12 * moved
    assert all(row["land_use_tg"] == 0 for row in rows if row["from"] == row["to"])
    assert (total["from"], total["to"], total["from_label"], total["to_label"]) == (None, None, "total", "total")
    assert total["pixels"] == sum(row["pixels"] for row in rows)
    assert (total["density_from"], total["density_to"], total["fallback"]) == (None, None, 1)


def test_by_hand():
    """Four pixels of 2 m2: two stay 1, one goes from 1 to 2, one stays 2."""
    start, end = np.array([[10.0, 20.0, 60.0, 100.0]]), np.array([[12.0, 22.0, 90.0, 110.0]])
    sums = pair_sums(start, end, np.array([[[1, 1, 1, 2]], [[1, 1, 2, 2]]]), np.array([[2.0]])).sums[None]
    assert class_densities(sums, True) == {1: Density(15.0, 17.0, 2, False), 2: Density(100.0, 110.0, 1, False)}
    assert class_densities(sums, False) == {1: Density(30.0, 17.0, 2, False), 2: Density(100.0, 100.0, 1, False)}
    effect = land_cover_effect(sums, True)
    # 2 m2 x (105 - 16) of land use, in a change of 2 x (2 + 2 + 30 + 10)
    assert (effect.change, effect.land_use, effect.density) == (88.0, 178.0, -90.0)
    assert effect.share == pytest.approx(100 * 178 / 88, rel=1e-15)
    assert [(pair.before, pair.after, pair.change, pair.land_use, pair.density) for pair in effect.pairs] == [
        (1, 1, 8.0, 0.0, 8.0), (1, 2, 60.0, 178.0, -118.0), (2, 2, 20.0, 0.0, 20.0)
    ]
    rows = pair_rows(effect, {1: "Crop"}, teragram=2.0)
    assert rows[1] == (1, 2, "Crop", "2", 1, 2e-6, 60.0, 90.0, 16.0, 105.0, 30.0, 89.0, -59.0, 0)
    assert rows[3][4:] == (4, 8e-6, 47.5, 58.5, None, None, 44.0, 89.0, -45.0, 0)
    assert total_row(effect, 2.0) == (4, 8e-6, 2e-6, 190.0, 234.0, 44.0, 89.0, -45.0, effect.share)
    assert class_rows(effect, {1: "Crop"}, 2.0) == [
        (1, "Crop", 6e-6, 4e-6, 15.0, 17.0, 16.0, 2, 0, 90.0, 34.0, -56.0, -16.0, -40.0),
        (2, "2", 2e-6, 4e-6, 100.0, 110.0, 105.0, 1, 0, 100.0, 200.0, 100.0, 105.0, -5.0),
    ]


def test_the_share_in_a_loss_is_negative_where_land_use_gains():
    start, end = np.array([[12.0, 22.0, 90.0, 110.0]]), np.array([[10.0, 20.0, 60.0, 100.0]])
    sums = pair_sums(start, end, np.array([[[1, 1, 1, 2]], [[1, 1, 2, 2]]]), np.array([[2.0]])).sums[None]
    effect = land_cover_effect(sums, True)
    assert (effect.change, effect.land_use, effect.density) == (-88.0, 178.0, -266.0)
    assert effect.share == pytest.approx(-100 * 178 / 88, rel=1e-15)


def test_no_land_use_in_a_loss_is_a_share_of_zero_without_a_sign():
    values, cover = np.array([[12.0, 22.0]]), np.ones((2, 1, 2))
    sums = pair_sums(values, values - 2.0, cover, np.array([[2.0]])).sums[None]
    effect = land_cover_effect(sums, True)
    assert effect.change < 0 and str(effect.share) == "0.0"


def test_a_class_that_is_there_on_one_date_or_keeps_no_pixel():
    start, end = np.array([[1.0, 2.0, 4.0, 8.0]]), np.array([[16.0, 32.0, 64.0, 128.0]])
    sums = pair_sums(start, end, np.array([[[1, 1, 2, 3]], [[2, 2, 1, 4]]]), np.array([[1.0]])).sums[None]
    for stable in (False, True):
        assert class_densities(sums, stable) == {
            1: Density(1.5, 64.0, 1, stable), 2: Density(4.0, 24.0, 1, stable), 3: Density(8.0, 8.0, 1, True),
            4: Density(128.0, 128.0, 1, True),
        }


def test_pairs_of_many_classes_are_walked_once():
    walks = []

    class Pairs(dict):
        def items(self):
            walks.append(len(self))
            return super().items()

    rng = np.random.default_rng(2)
    cover = rng.integers(0, 40, (2, 60, 60)).astype(float)
    sums = Pairs(pair_sums(cover[0], cover[1], cover, np.ones((60, 1))).sums[None])
    found = class_densities(sums, stable=False)
    assert len(walks) == 1 and list(found) == list(range(40))
    assert [(each.start, each.end) for each in found.values()] == [(code, code) for code in range(40)]


def test_a_total_that_does_not_change_has_no_shares():
    cover = np.array([[[1, 1]], [[1, 2]]])
    sums = pair_sums(np.array([[5.0, 1e3]]), np.array([[1e3, 5.0 + 1e-7]]), cover, np.array([[1.0]])).sums[None]
    effect = land_cover_effect(sums, True)
    assert effect.change == pytest.approx(1e-7, rel=1e-3) and math.isnan(effect.share)
    assert total_row(effect)[-1] is None
    more = pair_sums(np.array([[5.0, 1e3]]), np.array([[1e3, 5.0 + 1e-5]]), cover, np.array([[1.0]])).sums[None]
    # the class that comes has but one value, so that land use has 5 - (5 + 1e3) / 2
    assert land_cover_effect(more, True).share == pytest.approx(100 * (5.0 - 502.5) / 1e-5, rel=1e-6)
