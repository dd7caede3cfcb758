"""Order statistics of pair slopes against a plain sort, and the counting they rest on."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from nep_toolbox.core.trend.pair_slopes import (
    Steps,
    Workspace,
    column_counts,
    count_pairs,
    order_statistics,
    pair_count,
    slopes_between,
)

YEARS = np.array([1990, 1991, 1995, 2000, 2001, 2002, 2010.0])


def sorted_slopes(series, years):
    return sorted((series[j] - series[i]) / (years[j] - years[i]) for i, j in combinations(range(len(series)), 2)
                  if np.isfinite(series[i]) and np.isfinite(series[j]))


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("decimals", [0, 1, 8])
def test_every_rank_is_that_of_a_sort(gaps, decimals):
    rng = np.random.default_rng(decimals)
    x = np.round(rng.normal(0, 2, (7, 40)), decimals) + 0.0
    if gaps:
        x[rng.integers(0, 7, 40), np.arange(40)] = np.nan
    work, steps = Workspace(), Steps.of(YEARS)
    count = np.isfinite(x).sum(axis=0)
    signs = count_pairs(np.less, x, work), count_pairs(np.greater, x, work)
    pairs = pair_count(int(count[0]))
    expected = np.array([sorted_slopes(series, YEARS) for series in x.T])
    for rank in range(pairs - 1):
        low = np.full(40, rank)
        lower, upper = order_statistics(x, steps, count, signs, low, low + 1, work)
        np.testing.assert_allclose(lower, expected[:, rank], rtol=1e-14)
        np.testing.assert_allclose(upper, expected[:, rank + 1], rtol=1e-14)


def test_slopes_of_all_pairs():
    x = np.array([1.0, 2.0, 4.0])[:, None]
    found = slopes_between(x, Steps.of(np.array([2000.0, 2001.0, 2005.0])), Workspace())
    assert found.ravel().tolist() == [1.0, 0.5, 0.6]


def test_counts_beyond_what_an_int8_holds():
    flags = np.ones((1000, 3), dtype=bool)
    flags[::2, 1] = False
    flags[:, 2] = False
    assert column_counts(flags).tolist() == [1000, 500, 0]


def test_spans_that_single_precision_holds():
    assert Steps.of(YEARS).exact_in(np.float32)
    assert not Steps.of(2000 + np.arange(3) / 3).exact_in(np.float32)
    assert Steps.of(2000 + np.arange(3) / 3).exact_in(np.float64)


def test_a_workspace_keeps_the_largest_buffer_of_a_name():
    work = Workspace()
    large = work.array("a", (4, 5), np.float64)
    assert np.shares_memory(work.array("a", (2, 3), np.float32), large)
    assert not np.shares_memory(work.array("b", (2, 3), np.float32), large)
    assert not np.shares_memory(work.array("a", (40, 5), np.float64), large)
