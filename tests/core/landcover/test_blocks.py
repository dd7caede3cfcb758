"""Kernels of land cover against the counts and sums they are made of."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.landcover.blocks import codes_block, landcover_block, transition_block
from nep_toolbox.core.landcover.statistics import LandCoverTotal, landcover_sums, statistics_rows
from nep_toolbox.core.landcover.transitions import count_landcover
from nep_toolbox.errors import InvalidParameter

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


def test_transition_block_names_the_date_of_a_value_that_is_no_class():
    broken = STACK.copy()
    broken[1, 0, 0] = 1.5
    with pytest.raises(InvalidParameter, match="'2005' holds 1.5"):
        transition_block(broken, AREA, titles=TITLES, change=False)


def test_landcover_block_is_the_sum_of_its_patches():
    rng = np.random.default_rng(6)
    values = rng.normal(300, 90, (3, 40, 300))
    landcover = rng.choice([1.0, 2.0, 9.0, np.nan], (2, 40, 300))
    area = rng.uniform(1, 2, (40, 1))
    strips = landcover_block(values, landcover, area, which=(0, 1, 1), titles=("a", "b"))
    # patches of 16 rows and 256 columns
    assert [len(line) for line in strips] == [2, 2, 2]
    total = LandCoverTotal(3)
    total.add(strips, last=True)
    years = (2001, 2002, 2003)
    expected = statistics_rows(landcover_sums(values, landcover, (0, 1, 1), area), years, {})
    for one, other in zip(statistics_rows(total.sums, years, {}), expected):
        assert one[:4] == other[:4]
        assert one[4:] == pytest.approx(other[4:], rel=1e-12)


def test_codes_of_a_block():
    stack = np.array([[[7.0, np.nan], [2.0, 7.0]], [[-1.0, 2.0], [np.nan, np.nan]]])
    assert codes_block(stack) == [-1, 2, 7] and codes_block(np.full((1, 2, 2), np.nan)) == []
