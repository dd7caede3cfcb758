"""Cells outside of all regions are missing, the others as they were."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal.mask import mask_block, mask_like

STACK = np.arange(12, dtype=np.int16).reshape(2, 2, 3)
REGIONS = Labels.of_pairs((2, 3), [0, 4, 4], [0, 0, 1])


def test_cells_outside_are_missing_in_every_step():
    masked = mask_block(STACK, REGIONS, missing=-1)
    assert masked.dtype == np.int16
    assert masked.tolist() == [[[0, -1, -1], [-1, 4, -1]], [[6, -1, -1], [-1, 10, -1]]]
    assert STACK[0, 0, 1] == 1
    assert np.isnan(mask_block(STACK.astype(np.float32), REGIONS)).sum() == 8


def test_no_region_here_leaves_nothing_and_no_regions_at_all_leave_everything():
    assert (mask_block(STACK, Labels.of_pairs((2, 3), [], []), missing=-1) == -1).all()
    assert mask_block(STACK) is STACK


def test_what_is_missing_in_another_stack_is_missing():
    like = np.array([[[1.0, np.nan]], [[np.nan, 2.0]]])
    np.testing.assert_array_equal(mask_like(np.full((2, 1, 2), 7.0), like), [[[7.0, np.nan]], [[np.nan, 7.0]]])
