"""Kernels of land cover against the counts and sums they are made of."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.labels import Labels
from nep_toolbox.core.landcover.blocks import (
    codes_block,
    density_block,
    effect_block,
    landcover_block,
    transition_block,
)
from nep_toolbox.core.landcover.merging import parse_merging
from nep_toolbox.core.landcover.pair_sums import pair_sums
from nep_toolbox.core.landcover.patches import landcover_patches
from nep_toolbox.core.landcover.statistics import LandCoverTotal
from nep_toolbox.core.landcover.transitions import count_by_region, count_landcover
from nep_toolbox.errors import InvalidParameter

NAN = np.nan
STACK = np.array([[[1, 2, 2], [1, 1, 3]], [[1, 2, 1], [1, 3, 3]], [[1, 1, 1], [2, 3, 3]]], dtype=float)
AREA = np.array([[10.0], [20.0]])
TITLES = ("'2001'", "'2005'", "'2010'")


def pixels(counts):
    return {key: tally.pixels for key, tally in counts.items()}


def test_transition_block_counts_every_step_and_the_whole_span():
    block = transition_block(STACK, AREA, titles=TITLES, change=True)
    assert block["counts"] == count_landcover(STACK, AREA)
    assert pixels(block["counts"].transitions[1]) == {(1, 1): 2, (1, 2): 1, (2, 1): 1, (3, 3): 2}
    assert block["change"].tolist() == [[1001, 2001, 2001], [1002, 1003, 3003]]
    assert pixels(block["span"].transitions[0]) == {(1, 1): 1, (2, 1): 2, (1, 2): 1, (1, 3): 1, (3, 3): 1}
    two = transition_block(STACK[:2], AREA, titles=TITLES[:2], change=True)
    assert two["span"] is two["counts"]
    assert set(transition_block(STACK, AREA, titles=TITLES, change=False)) == {"counts"}


def test_transition_block_by_region_with_the_number_of_changes():
    regions = Labels.of_pairs((2, 3), np.array([0, 1, 4]), np.array([1, 1, 0]))
    block = transition_block(STACK, AREA, regions, titles=TITLES, changes=True)
    assert (block["counts"], block["regional"]) == count_by_region(STACK, AREA, TITLES, regions)
    assert pixels(block["regional"][1].transitions[1]) == {(1, 1): 1, (2, 1): 1}
    assert block["changes"].tolist() == [[0, 1, 1], [1, 1, 0]]
    assert block["changed"][:, 0].tolist() == [2, 4, 0]
    assert set(block) == {"counts", "regional", "changes", "changed"}


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_transition_block_of_pixels_with_a_class_on_all_dates(kind):
    holes = STACK.astype(kind)
    holes[1, 0, 1] = holes[0, 1, 0] = holes[2, 1, 0] = np.nan
    holes[:, 1, 2] = np.nan
    cut = holes.copy()
    cut[:, [0, 1, 1], [1, 0, 2]] = np.nan
    block = transition_block(holes, AREA, titles=TITLES, complete=True, change=True)
    assert block["left_out"] == 2 and block["counts"] == count_landcover(cut, AREA)
    assert pixels(block["counts"].transitions[0]) == {(1, 1): 1, (2, 1): 1, (1, 3): 1}
    assert "left_out" not in transition_block(holes, AREA, titles=TITLES)


def test_transition_block_of_merged_classes():
    merging = parse_merging("1,2=a")
    block = transition_block(STACK, AREA, titles=TITLES, change=True, changes=True, merging=merging)
    assert pixels(block["counts"].transitions[0]) == {(1, 1): 4, (1, 3): 1, (3, 3): 1}
    assert block["change"].tolist() == [[1001, 1001, 1001], [1001, 1003, 3003]]
    assert block["changes"].tolist() == [[0, 0, 0], [0, 1, 0]]
    assert pixels(block["span"].transitions[0]) == {(1, 1): 4, (1, 3): 1, (3, 3): 1}
    assert block["met"] == {1, 2, 3}


def test_transition_block_names_the_date_of_a_value_that_is_no_class():
    broken = STACK.copy()
    broken[1, 0, 0] = 1.5
    with pytest.raises(InvalidParameter, match="'2005' holds 1.5"):
        transition_block(broken, AREA, titles=TITLES, change=False)


def test_landcover_block_by_hand():
    values = np.array([[[1.0, 3.0, NAN], [5.0, 7.0, 9.0]], [[2.0, 2.0, 2.0], [4.0, 4.0, 4.0]]])
    cover = np.array([[[5, 5, 8], [8, 5, NAN]], [[8, 8, 8], [5, 5, 5]]])
    block = landcover_block(values, cover, AREA, which=(0, 1), titles=("a", "b"))
    assert block["patches"].classes == [5, 8]
    total = LandCoverTotal((0, 1))
    total.add(block["patches"], last=True)
    found = total.sums.sums.statistics()
    assert found["pixels"].tolist() == [[3, 1], [3, 3]] and found["area"].tolist() == [[40, 20], [60, 30]]
    assert found["total"].tolist() == [[180, 100], [240, 60]]
    np.testing.assert_allclose(found["mean"], [[4.5, 5], [4, 2]], rtol=1e-15)


def found_by(values, cover, **options):
    """Number and total of each class, and what else the block tells."""
    block = landcover_block(values, cover, np.ones((len(cover[0]), 1)), **options)
    total = LandCoverTotal(options["which"])
    total.add(block.pop("patches"), last=True)
    found = total.sums.sums.statistics()
    return total.sums.classes, found["pixels"].tolist(), found["total"].tolist(), block


def test_landcover_block_of_pixels_that_stay():
    values = np.array([[[1.0, 2.0, 4.0, 8.0, 16.0]], [[10.0, 20.0, 40.0, 80.0, NAN]]])
    cover = np.array([[[5, 5, 8, NAN, 8]], [[5, 8, 8, 5, 8]]], dtype=float)
    assert found_by(values, cover, which=(0, 0), titles=("a", "b"), stable=True) == (
        (5, 8), [[1, 2], [1, 1]], [[1.0, 20.0], [10.0, 40.0]], {"changed": 1, "known": 4}
    )


def test_landcover_block_of_a_quantity():
    values = np.array([[[1.0, 2.0, 4.0, 8.0]]])
    height = np.array([[[-3.5, 0.0, 700.5, NAN]]])
    assert found_by(values, height, which=(0,), titles=("a",), breaks=(0.0, 500.0)) == (
        (0, 1, 2), [[1, 1, 1]], [[1.0, 2.0, 4.0]], {}
    )
    # A height that moves within its class stays in it.
    moved = np.concatenate([height, height + 3.0])
    found = found_by(values[[0, 0]], moved, which=(0, 0), titles=("a", "b"), breaks=(0.0, 500.0), stable=True)
    assert found[3] == {"changed": 0, "known": 3}


def test_landcover_block_names_the_date_of_a_value_that_is_no_class():
    with pytest.raises(InvalidParameter, match="'2005' holds 1.5"):
        landcover_block(STACK[:1], np.full((2, 2, 3), 1.5), AREA, which=(1,), titles=TITLES[:2])


def test_codes_of_a_block():
    stack = np.array([[[7.0, np.nan], [2.0, 7.0]], [[-1.0, 2.0], [np.nan, np.nan]]])
    assert codes_block(stack) == [-1, 2, 7] and codes_block(np.full((1, 2, 2), np.nan)) == []


def test_effect_block_takes_the_mean_of_years_that_all_have_a_value():
    rng = np.random.default_rng(3)
    values = rng.normal(100, 30, (5, 2, 3)).astype(np.float32)
    values[1, 0, 0], values[4, 1, 2] = NAN, np.inf
    regions = Labels.of_pairs((2, 3), np.array([1, 2, 4]), np.array([0, 0, 1]))
    found = effect_block(values[:3], values[3:], STACK[:2], AREA, regions, titles=TITLES[:2])
    first, last = (sum(plane.astype(float) for plane in part) / len(part) for part in (values[:3], values[3:]))
    assert found == pair_sums(first, last, STACK[:2], AREA, regions=regions)
    assert sum(sums.pixels for sums in found.sums[None].values()) == 4 and found.classed == 6
    one = effect_block(values[:1], values[3:4], STACK[:2], AREA)
    assert one == pair_sums(values[0], values[3], STACK[:2], AREA)


def test_density_block_keeps_those_apart_that_join_a_class():
    values = np.arange(12, dtype=float).reshape(2, 2, 3)
    values[1, 0, 0] = NAN
    cover = STACK[[0, 2]].copy()
    cover[0, 1, 2] = NAN
    block = density_block(values, cover, AREA, titles=TITLES[:2])
    expected = {"kept": [[1, NAN, NAN], [NAN, NAN, NAN]], "joined": [[NAN, 1, 1], [2, 3, NAN]]}
    for name, plane in expected.items():
        apart = landcover_patches(values, np.array([plane]), (0, 0), AREA)
        assert block[name].classes == apart.classes
        for found, wanted in zip(block[name].dates[0].sums, apart.dates[0].sums):
            np.testing.assert_array_equal(found, wanted)
    with pytest.raises(InvalidParameter, match="'2005' holds 1.5"):
        density_block(values, np.full((2, 2, 3), 1.5), AREA, titles=TITLES[:2])
