"""Correlations under random orders, against orders drawn and summed one by one."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.correlation import permutations
from nep_toolbox.core.correlation.permutations import chance_of_significance, exceeding
from nep_toolbox.errors import Cancelled


def unit(values):
    values = values - values.mean(axis=0)
    return values / np.sqrt((values**2).sum(axis=0))


@pytest.fixture
def series():
    rng = np.random.default_rng(3)
    y = unit(rng.normal(size=(10, 70)))
    x = np.stack([unit(rng.normal(size=(10, 70))) for _ in range(3)])
    return x, y, np.abs((x * y).sum(axis=1)).max(axis=0)


def test_each_order_counts(series):
    x, y, observed = series
    generator, expected = np.random.RandomState(6), np.zeros(70, int)
    for _order in range(300):
        expected += np.abs((x * y[generator.permutation(10)]).sum(axis=1)).max(axis=0) >= observed - 1e-12
    np.testing.assert_array_equal(exceeding(x, y, observed, 300, 6), expected)


def test_a_series_is_taken_out_of_each_order(series):
    _x, y, _observed = series
    held = unit(np.arange(10.0)[:, np.newaxis])
    y = unit(y - held * (held * y).sum(axis=0))
    x = np.stack([unit(each - held * (held * each).sum(axis=0)) for each in series[0]])
    observed = np.abs((x * y).sum(axis=1)).max(axis=0)
    generator, expected = np.random.RandomState(6), np.zeros(70, int)
    for _order in range(300):
        other = y[generator.permutation(10)]
        other = unit(other - held * (held * other).sum(axis=0))
        expected += np.abs((x * other).sum(axis=1)).max(axis=0) >= observed - 1e-12
    np.testing.assert_array_equal(exceeding(x, y, observed, 300, 6, held), expected)
    np.testing.assert_array_equal(exceeding(x, y, observed, 300, 6, np.broadcast_to(held, y.shape)), expected)


def test_ties_count_as_equal():
    """Of 8 values 1 and 7 values 0 there are 8 orders in all: that which was observed comes in an eighth of them."""
    y = unit(np.array([1.0] + [0.0] * 7)[:, np.newaxis])
    found = exceeding(y[np.newaxis], y, np.ones(1), 4000, 1)
    assert found[0] / 4000 == pytest.approx(1 / 8, abs=0.02)
    assert exceeding(y[np.newaxis], y, np.array([1.0 + 5e-13]), 4000, 1) == found
    assert exceeding(y[np.newaxis], y, np.array([1.0 + 5e-12]), 4000, 1) == 0


@pytest.mark.parametrize(("values", "part"), [(2**16, 256), (4000, 7), (1, 1)])
def test_chunks_do_not_matter(series, monkeypatch, values, part):
    x, y, observed = series
    expected = exceeding(x, y, observed, 50, 2)
    monkeypatch.setattr(permutations, "_CHUNK_VALUES", values)
    monkeypatch.setattr(permutations, "_PART", part)
    permutations._orders.cache_clear()
    np.testing.assert_array_equal(exceeding(x, y, observed, 50, 2), expected)
    permutations._orders.cache_clear()


def test_no_pixel_is_none():
    assert exceeding(np.empty((2, 9, 0)), np.empty((9, 0)), np.empty(0), 20, 1).shape == (0,)


@pytest.mark.parametrize("drawn", [False, True])
def test_a_cancel_is_heard(series, drawn):
    """While the orders are drawn, and between the sums under them."""
    x, y, observed = series
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 10

    permutations._orders.cache_clear()
    if drawn:
        permutations._orders(10, 5000, 77)
    with heeding(cancelled), pytest.raises(Cancelled):
        exceeding(x, y, observed, 5000, 77)
    assert len(asked) == 11
    assert permutations._orders.cache_info().currsize == drawn
    permutations._orders.cache_clear()


@pytest.mark.parametrize(("alpha", "count", "share"), [
    (0.05, 999, 0.049), (0.05, 99, 0.04), (0.05, 39, 0.025), (0.05, 49, 0.04), (0.01, 999, 0.009), (0.02, 19, 0.0),
    (0.3, 9, 0.2), (1.0, 19, 0.95), (0.0, 99, 0.0),
])
def test_how_often_chance_alone_is_significant(alpha, count, share):
    assert chance_of_significance(alpha, count) == pytest.approx(share, rel=1e-12)
