"""What a series does at its break: slopes of scipy, medians of numpy, every class by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import theilslopes

from nep_toolbox.core.breakpoint import turns
from nep_toolbox.core.trend.theil_sen import trend

NAN = np.nan


def test_slopes_of_the_parts_over_real_years_and_with_gaps():
    rng = np.random.default_rng(1)
    years = np.array([*range(2001, 2012), *range(2014, 2023)], dtype=float)
    stack = rng.normal(size=(20, 60))
    stack[rng.random(stack.shape) < 0.1] = NAN
    last, chosen = rng.integers(2, 17, 60), rng.random(60) < 0.8
    found = turns.slopes_of_parts(stack, years, last, chosen)
    for pixel in range(60):
        for steps, slope, p in ((slice(0, last[pixel] + 1), "slope_before", "p_before"),
                                (slice(last[pixel] + 1, 20), "slope_after", "p_after")):
            values = stack[steps, pixel]
            valid = ~np.isnan(values)
            if not chosen[pixel] or valid.sum() < 2:
                assert np.isnan(found[slope][pixel]) and np.isnan(found[p][pixel])
                continue
            expected = theilslopes(values[valid], years[steps][valid])[0]
            assert found[slope][pixel] == pytest.approx(expected, rel=1e-12, abs=1e-14)
            alone = trend(values[valid], years[steps][valid], min_observations=2)
            assert found[p][pixel] == alone["p_value"]
    assert np.isnan(found["slope_before"]).any() and np.isfinite(found["slope_after"]).sum() > 30


def test_a_part_of_one_value_has_no_slope():
    stack = np.array([[1.0], [2.0], [4.0]])
    found = turns.slopes_of_parts(stack, np.arange(3.0), np.array([0]), np.array([True]))
    assert np.isnan([found["slope_before"][0], found["p_before"][0]]).all()
    assert found["slope_after"].tolist() == [2.0]


def test_every_turn_by_hand():
    table = [
        (1, -1, 1), (2, -5, 1), (-1, 1, 2), (-9, 0.1, 2), (1, 2, 3), (2, 1, 4), (1, 1, 4), (-1, -2, 5), (-2, -1, 6),
        (-1, -1, 6), (0, 1, 7), (0, -1, 7), (1, 0, 7), (-1, 0, 7), (0, 0, 7), (NAN, NAN, 0),
    ]
    before, after, expected = np.array(table, dtype=float).T
    assert turns.turn(before, after).tolist() == expected.tolist()
    assert set(expected) == set(turns.TURN_LABELS)


def test_steps_go_by_the_medians_and_where_these_are_equal_by_the_ranks():
    series = [
        [1, 2, 3, 7, 8, 9], [9, 8, 7, 3, 2, 1], [0, 5, 5, 5, 5, 9], [0, 5, 5, 5, 5, 9], [1, NAN, 3, 2.5, NAN, 2.5],
        [1, 2, 3, 7, 8, 9], [9, 1, np.inf, 1, 5, 5],
    ]
    stack = np.array(series, dtype=float).T
    upwards = np.array([False, True, True, False, False, True, True])
    chosen = np.array([True] * 5 + [False, True])
    found = turns.step(stack, np.full(7, 2), upwards, chosen)
    # the last: medians 5 and 5 of what is finite
    assert found.tolist() == [8, 9, 8, 9, 8, 0, 8]
    assert found.dtype == np.int16 and set(found.tolist()) == set(turns.STEP_LABELS)
