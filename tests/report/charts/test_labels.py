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
    apart,
    label_sides,
    scaled,
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


def test_labels_with_room_stay():
    assert apart([30.0, 20.0, 5.0], [3.0, 3.0, 3.0], 0.0, 40.0) == [30.0, 20.0, 5.0]
    assert apart([], [], 0.0, 40.0) == []


def test_labels_that_touch_share_the_way():
    assert apart([10.0, 10.0], [4.0, 2.0], 0.0, 40.0) == pytest.approx([11.5, 8.5])


@pytest.mark.parametrize("wanted", [[9.0, 8.5, 8.0, 2.0], [1.0, 0.5, 0.2, 0.1], [40.0, 40.0, 39.0, 39.0]])
def test_labels_lie_inside_without_overlap_and_as_near_as_can_be(wanted):
    heights = [3.0, 6.0, 3.0, 3.0]
    placed = apart(wanted, heights, 0.0, 40.0)
    gaps = [one - other - (h + k) / 2 for one, other, h, k in zip(placed, placed[1:], heights, heights[1:])]
    assert min(gaps) > -1e-9
    assert placed[0] + 1.5 <= 40.0 + 1e-9 and placed[-1] - 1.5 >= -1e-9

    def cost(middles):
        return sum((one - other) ** 2 for one, other in zip(middles, wanted))

    def allowed(middles):
        touching = (o - p - (h + k) / 2 for o, p, h, k in zip(middles, middles[1:], heights, heights[1:]))
        return min(touching) > -1e-9 and middles[0] <= 38.5 + 1e-9 and middles[-1] >= 1.5 - 1e-9

    for place in range(4):
        for run in range(place + 1, 5):
            for step in (-0.05, 0.05):
                moved = [m + step * (place <= k < run) for k, m in enumerate(placed)]
                assert not allowed(moved) or cost(moved) >= cost(placed) - 1e-9
