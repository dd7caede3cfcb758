"""Sums of several series over the cells that all of them have."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.zonal.blocks import zonal_block
from nep_toolbox.core.zonal.together import zonal_blocks_together

AREA = np.array([[2.0], [3.0]])


def test_a_cell_counts_where_all_have_a_value():
    first, second = np.arange(48.0).reshape(2, 3, 2, 4)
    first[0, 0, 1], second[1, 1, 2] = np.nan, np.inf
    found = zonal_blocks_together((first, second), AREA)
    for values, sums in zip((first, second), found):
        masked = values.copy()
        masked[0, 0, 1] = masked[1, 1, 2] = np.nan
        expected = zonal_block(masked, AREA).sums.statistics()
        for name, value in sums.sums.statistics().items():
            np.testing.assert_array_equal(value, expected[name], name)
    assert found[0].sums.count.tolist() == [[7], [7], [8]]
