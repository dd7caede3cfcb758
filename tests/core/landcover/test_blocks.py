"""Kernels of land cover against the counts and sums they are made of."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.landcover.blocks import codes_block, landcover_block, transition_block
from nep_toolbox.core.landcover.statistics import LandCoverTotal
from nep_toolbox.core.landcover.transitions import count_landcover
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


def test_transition_block_names_the_date_of_a_value_that_is_no_class():
    broken = STACK.copy()
    broken[1, 0, 0] = 1.5
    with pytest.raises(InvalidParameter, match="'2005' holds 1.5"):
        transition_block(broken, AREA, titles=TITLES, change=False)


def test_landcover_block_by_hand():
    values = np.array([[[1.0, 3.0, NAN], [5.0, 7.0, 9.0]], [[2.0, 2.0, 2.0], [4.0, 4.0, 4.0]]])
    cover = np.array([[[5, 5, 8], [8, 5, NAN]], [[8, 8, 8], [5, 5, 5]]])
    block = landcover_block(values, cover, AREA, which=(0, 1), titles=("a", "b"))
    assert block.classes == [5, 8]
    total = LandCoverTotal((0, 1))
    total.add(block, last=True)
    found = total.sums.sums.statistics()
    assert found["pixels"].tolist() == [[3, 1], [3, 3]] and found["area"].tolist() == [[40, 20], [60, 30]]
    assert found["total"].tolist() == [[180, 100], [240, 60]]
    np.testing.assert_allclose(found["mean"], [[4.5, 5], [4, 2]], rtol=1e-15)


def test_landcover_block_names_the_date_of_a_value_that_is_no_class():
    with pytest.raises(InvalidParameter, match="'2005' holds 1.5"):
        landcover_block(STACK[:1], np.full((2, 2, 3), 1.5), AREA, which=(1,), titles=TITLES[:2])


def test_codes_of_a_block():
    stack = np.array([[[7.0, np.nan], [2.0, 7.0]], [[-1.0, 2.0], [np.nan, np.nan]]])
    assert codes_block(stack) == [-1, 2, 7] and codes_block(np.full((1, 2, 2), np.nan)) == []
