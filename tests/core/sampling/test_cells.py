"""Values of chosen cells, by hand."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.labels import Labels
from nep_toolbox.core.sampling.cells import first_region, has_target, points_block, sample_block

NAN = np.nan
STACK = np.array([[[1.0, 2, NAN], [4, 5, 6]], [[10, NAN, 30], [40, 50, 60]]])
# Region 0 is the first column, region 1 the first row: they share a corner.
REGIONS = Labels.of_pairs((2, 3), np.array([0, 3, 0, 1, 2]), np.array([0, 0, 1, 1, 1]))


def cells(*places) -> tuple:
    rows, cols = (np.array(each) for each in zip(*places))
    return rows, cols, 100 + 3 * rows + cols


def test_series_of_cells():
    numbers, values = points_block(cells((0, 0), (1, 2)), STACK.astype(np.float32))
    assert numbers.tolist() == [100, 105]
    assert values.tolist() == [[1, 6], [10, 60]] and values.dtype == np.float32


def test_a_row_needs_one_group_of_the_target():
    assert has_target(STACK, ((0, 1),)).tolist() == [[True, False, False], [True, True, True]]
    assert has_target(STACK, ((0,), (1,))).all()
    assert has_target(STACK, ((0,),)).tolist() == [[True, True, False], [True, True, True]]


def test_rows_of_a_table():
    places = cells((0, 0), (0, 1), (0, 2), (1, 1))
    numbers, values, region, lacking = sample_block(places, STACK, 2 * STACK[:1], groups=((0, 1),))
    assert numbers.tolist() == [100, 104] and lacking == 2
    assert values.tolist() == [[1, 5], [10, 50], [2, 10]]
    assert region.tolist() == [0, 0]


def test_cells_in_no_region_are_left_out_and_lack_nothing():
    places = cells((0, 0), (0, 1), (0, 2), (1, 1))
    numbers, values, region, lacking = sample_block(places, STACK, regions=REGIONS, groups=((1,),))
    assert numbers.tolist() == [100, 102] and lacking == 1
    assert region.tolist() == [0, 1]
    np.testing.assert_array_equal(values, [[1, NAN], [10, 30]])


def test_of_several_regions_the_first_counts():
    assert first_region(REGIONS).tolist() == [[0, 1, 1], [0, -1, -1]]
