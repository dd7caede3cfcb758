"""Order statistics of pair slopes by a sort, and when that is the sooner way."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.slopes import series
from testkit.slopes import sorted_slopes as expected_slopes

from nep_toolbox.core.trend import slope_sort
from nep_toolbox.core.trend.pairs import Steps, Workspace
from nep_toolbox.core.trend.slope_sort import sorted_slopes, sorting_pays

SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)


@pytest.mark.parametrize("by_simd", [True, False])
@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("n", [2, 3, 4, 7, 12])
def test_every_rank_is_there_and_beyond_the_last_is_none(monkeypatch, n, gaps, by_simd):
    monkeypatch.setattr(slope_sort, "sorts_by_simd", lambda _dtype: by_simd)
    monkeypatch.setattr(slope_sort, "SORTED_BYTES", 5 * 8 * n * (n - 1) // 2)  # five pixels at a time
    x, _steps, count = series(gaps, n=n, pixels=23)
    years = 2000 + np.cumsum(np.random.default_rng(n).integers(1, 4, n)).astype(float)
    all_ranks = np.repeat(np.arange(n * (n - 1) // 2)[:, np.newaxis], 23, axis=1)
    low, high = sorted_slopes(x, Steps.of(years), all_ranks, all_ranks[::-1], Workspace())
    np.testing.assert_array_equal(low, high[::-1])
    for pixel, values in enumerate(x.T):
        slopes = expected_slopes(values, years)
        np.testing.assert_array_equal(low[: len(slopes), pixel], slopes)
        assert len(slopes) == count[pixel] * (count[pixel] - 1) // 2 and np.isnan(low[len(slopes) :, pixel]).all()


def test_single_precision_is_that_of_the_difference_and_of_the_quotient():
    x = np.array([[0.1], [0.7], [123456.7]], dtype=np.float32)
    ranks = np.array([[0], [1], [2]])
    found, _ = sorted_slopes(x, Steps.of(np.array([0.0, 3, 10])), ranks, ranks, Workspace())
    one, two, three = x[:, 0]
    expected = sorted([(two - one) / np.float32(3), (three - one) / np.float32(10), (three - two) / np.float32(7)])
    assert found[:, 0].tolist() == [float(slope) for slope in expected]


def test_sorting_pays_for_few_slopes_a_rank_where_it_is_done_by_simd_and_for_few_pixels(monkeypatch):
    monkeypatch.setattr(slope_sort, "sorts_by_simd", lambda dtype: dtype == SINGLE)
    many = 10**6
    assert sorting_pays(np.broadcast_to(np.float32(0), (20, many)), 1)
    assert not sorting_pays(np.broadcast_to(np.float64(0), (20, many)), 1)
    assert sorting_pays(np.broadcast_to(np.float64(0), (20, 1000)), 1)
    assert not sorting_pays(np.broadcast_to(np.float32(0), (40, many)), 1)
    assert sorting_pays(np.broadcast_to(np.float32(0), (40, many)), 3)


@pytest.mark.parametrize("quick, answer", [(1.0, True), (1.9, False)])
def test_simd_is_told_by_the_time_of_a_sort_beside_a_stable_one(monkeypatch, quick, answer):
    """On a clock of its own: a sort takes ``quick`` or, if it is stable, 3 seconds."""
    class Values(np.ndarray):
        def sort(self, axis, kind):
            clock[0] += {"quicksort": quick, "stable": 3.0}[kind]
            super().sort(axis=axis, kind=kind)

    class Random:
        def standard_normal(self, shape):
            return np.zeros(shape).view(Values)

    clock = [0.0]
    monkeypatch.setattr(slope_sort.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(slope_sort.np.random, "default_rng", lambda _seed: Random())
    assert slope_sort.sorts_by_simd.__wrapped__(SINGLE) is answer
