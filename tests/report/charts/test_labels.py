"""Labels that do not cover each other."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.report.charts.labels import (
    ABOVE,
    BELOW,
    HALF_HEIGHT,
    HALF_POINT,
    HALF_WIDTH,
    RIGHT,
    SHIFT,
    label_sides,
    scaled,
    spread_apart,
    year_colours,
)


def test_a_single_year_stands_above():
    assert label_sides([2001], [0.0], [0.0]) == [ABOVE]
    assert label_sides([], [], []) == []


def test_a_year_gives_way_to_a_point_above_it():
    # The second point stands where the year of the first would.
    assert label_sides([2001, 2002], [0.0, 0.0], [0.0, 14.0]) == [BELOW, ABOVE]
    assert label_sides([2001], [0.0], [0.0], obstacles=[(0.0, 14.0)]) == [BELOW]
    assert label_sides([2001], [0.0], [0.0], [[RIGHT, ABOVE, BELOW]]) == [RIGHT]


@pytest.mark.parametrize("size", [5.0, 60.0, 2000.0])
def test_no_year_covers_another_or_a_point(size):
    rng = np.random.default_rng(1)
    years = list(range(2001, 2041))
    x, y = rng.uniform(0, size, 40).tolist(), rng.uniform(0, size, 40).tolist()
    sides = label_sides(years, x, y)
    middles = [(x[i] + SHIFT[0] * side[0], y[i] + SHIFT[1] * side[1]) for i, side in enumerate(sides) if side]
    for i, one in enumerate(middles):
        for other in middles[i + 1 :]:
            assert abs(one[0] - other[0]) >= 2 * HALF_WIDTH or abs(one[1] - other[1]) >= 2 * HALF_HEIGHT
    for i, side in enumerate(sides):
        if side:
            u, v = x[i] + SHIFT[0] * side[0], y[i] + SHIFT[1] * side[1]
            assert all(abs(u - x[j]) >= HALF_WIDTH + HALF_POINT or abs(v - y[j]) >= HALF_HEIGHT + HALF_POINT
                       for j in range(40) if j != i)
    assert (None in sides) == (size < 2000)


def test_the_first_and_the_last_year_come_first_then_round_ones():
    # All in one line: there is room for a few only.
    years = list(range(2001, 2012))
    sides = label_sides(years, [4.0 * (year - 2001) for year in years], [0.0] * 11)
    written = [year for year, side in zip(years, sides) if side]
    assert {2001, 2011} < set(written) < set(years)
    crowded = label_sides([2003, 2005, 2009], [0.0, 3.0, 6.0], [0.0, 0.0, 0.0])
    assert crowded[0] and crowded[2]


def test_values_fill_nine_tenths_of_their_axis():
    assert scaled([10.0, 20.0, 15.0], 100) == [0.0, 90.0, 45.0]
    assert scaled([7.0], 100) == [0.0] and scaled([], 100) == []


def test_years_have_a_colour_bar():
    bar = year_colours([2001, 2002])
    assert bar["color"] == [2001, 2002] and bar["colorbar"]["title"]["text"] == "Year"


def test_spreading_keeps_order_and_room():
    assert spread_apart([10.0, 12.0, 90.0], 15, 100) == [10.0, 25.0, 90.0]
    assert spread_apart([80.0, 95.0, 96.0], 15, 100) == [70.0, 85.0, 100]
    assert spread_apart([], 15, 100) == []
