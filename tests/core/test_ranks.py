"""Ranks of all pixels at once against those of scipy, one pixel after the other."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.ranks import rank_balance


@pytest.mark.parametrize(("steps", "kind"), [(1, np.int8), (20, np.int8), (128, np.int8), (129, np.int32)])
def test_it_is_twice_the_mean_rank_from_the_middle(steps, kind):
    from scipy.stats import rankdata

    rng = np.random.default_rng(steps)
    values = rng.normal(size=(steps, 8))
    values[:, 2:5] = rng.integers(0, 5, (steps, 3))  # ties
    values[:, 1] = np.arange(steps)  # the largest rank there can be
    values[:, 7] = 3.0
    found = rank_balance(values)
    assert found.dtype == kind
    for pixel, series in enumerate(values.T):
        assert found[:, pixel].tolist() == (2 * rankdata(series) - (steps + 1)).tolist()


def test_missing_values_take_no_part():
    from scipy.stats import rankdata

    values = np.random.default_rng(3).integers(0, 9, (15, 40)).astype(np.float32)
    values[np.random.default_rng(4).random(values.shape) < 0.3] = np.nan
    values[:, 5] = np.nan
    found = rank_balance(values)
    for pixel, series in enumerate(values.T):
        there = np.isfinite(series)
        assert found[there, pixel].tolist() == (2 * rankdata(series[there]) - (there.sum() + 1)).tolist()
        assert not found[~there, pixel].any()


def test_values_by_hand():
    assert rank_balance(np.array([[3.0], [1.0], [np.nan], [3.0], [7.0]])).ravel().tolist() == [0, -3, 0, 0, 3]
