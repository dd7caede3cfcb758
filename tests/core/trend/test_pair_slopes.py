"""Order statistics of pair slopes against a plain sort, and the counting they rest on."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import linregress

from nep_toolbox.core.trend import pair_slopes, pairs
from nep_toolbox.core.trend.pair_slopes import order_statistics
from nep_toolbox.core.trend.pairs import Steps, Workspace, count_pairs, pair_count, slopes_by_rows

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


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("decimals", [0, 8])
def test_several_ranks_at_once_are_those_of_each_alone(gaps, dtype, decimals):
    x, steps, count = series(gaps, dtype, 12, 60, decimals, rise=0.1)
    x[:, :10] = np.where(np.isnan(x[:, :10]), np.nan, 1)  # without any slope
    work = Workspace()
    signs = count_pairs(np.less, x, work), count_pairs(np.greater, x, work)
    low = np.stack([((pair_count(count) - 1) * share).astype(int) for share in (0.5, 0.05, 0.9)])
    found = order_statistics(x, steps, count, signs, low, low + np.array([[1], [0], [1]]), work)
    for place, step in enumerate((1, 0, 1)):
        alone = order_statistics(x, steps, count, signs, low[place], low[place] + step, work)
        assert found[:, place].tobytes() == alone.tobytes()
    expected = [sorted_slopes(one, steps.years) for one in x.T.astype(np.float64)]
    for pixel, slopes in enumerate(expected):
        np.testing.assert_allclose(found[0, :, pixel], np.take(slopes, low[:, pixel]), rtol=3e-7)


@pytest.mark.parametrize("n, rows", [(3, 32), (20, 32), (20, 19), (40, 32)])
def test_slopes_of_all_pairs(monkeypatch, n, rows):
    monkeypatch.setattr(pairs, "SLOPE_ROWS", rows)
    rng = np.random.default_rng(n)
    # spans of one and the same power of two, and of others
    for years in (2000.0 + np.arange(n), 2000 + np.cumsum(rng.integers(1, 5, n)), 2000 + 0.5 * np.arange(n)):
        x = rng.normal(0, 2, (n, 5))
        found = np.concatenate([part.copy() for part in slopes_by_rows(x, Steps.of(years), Workspace())])
        for series, slopes in zip(x.T, found.T):
            assert sorted(slopes.tolist()) == sorted_slopes(series, years)


def test_spans_that_single_precision_holds():
    assert Steps.of(YEARS).exact_in(np.float32)
    assert not Steps.of(2000 + np.arange(3) / 3).exact_in(np.float32)
    assert Steps.of(2000 + np.arange(3) / 3).exact_in(np.float64)


def series(gaps, dtype=np.float64, n=20, pixels=500, decimals=8, rise=0.5):
    """Rising noise; with gaps each pixel lacks at least one value."""
    rng = np.random.default_rng(20)
    x = np.round(rise * np.arange(n)[:, None] + rng.normal(0, 3, (n, pixels)), decimals) + 0.0
    if gaps:
        x[rng.random(x.shape) < 0.2] = np.nan
        x[rng.integers(0, n, pixels), np.arange(pixels)] = np.nan
    return x.astype(dtype), Steps.of(2000 + np.arange(n)), np.isfinite(x).sum(axis=0).astype(np.int32)


def ranks_of(x, steps, count, share=0.5):
    """The slopes next to that share of all slopes: the middle ones by default."""
    work, pairs = Workspace(), pair_count(count)
    signs = count_pairs(np.less, x, work), count_pairs(np.greater, x, work)
    low = ((pairs - 1) * share).astype(int)
    return order_statistics(x, steps, count, signs, low, (pairs // 2 if share == 0.5 else low + 1), work)


@pytest.mark.parametrize("gaps", [False, True])
def test_the_search_starts_from_least_squares(gaps):
    x, steps, count = series(gaps, pixels=30)
    residual, slope, spacing = pair_slopes.least_squares(x, steps, count, Workspace())
    for pixel, n in enumerate(count):
        valid = np.isfinite(x[:, pixel])
        years, values = steps.years[valid], x[valid, pixel]
        line = linregress(years, values)
        np.testing.assert_allclose(np.diff(residual[valid, pixel]), np.diff(values - line.slope * years), atol=1e-10)
        assert slope[pixel] == pytest.approx(line.slope, rel=1e-12)
        # Sen (1968): a standard error of the slope holds sqrt(Var S) / 2 pair slopes on either side of the middle.
        # With gaps the residuals keep a mean, which changes no order of slopes but makes their spacing look wider.
        expected = line.stderr / (np.sqrt(n * (n - 1) * (2 * n + 5) / 18) / 2)
        assert spacing[pixel] == pytest.approx(expected, rel=0.15 if gaps else 1e-12)


@pytest.mark.parametrize("slope", [4.0, 0.0])
def test_a_perfect_line_is_searched_by_the_smallest_step_that_can_be_told_from_its_slope(slope):
    x = slope * np.arange(8.0)[:, None] * np.ones(3)
    steps, count = Steps.of(2000 + np.arange(8.0)), np.full(3, 8)
    _, found, spacing = pair_slopes.least_squares(x, steps, count, Workspace())
    assert found.tolist() == [slope] * 3
    assert (slope + spacing > slope).all()
    assert (spacing <= 1e-15).all()


@pytest.fixture
def work_done(monkeypatch):
    """How many pixels each of these was called for: the passes of the search, the slopes formed, the pixels sorted."""
    pixels = dict.fromkeys(("_count_below", "_distances", "_settle"), 0)
    for name in pixels:
        function = getattr(pair_slopes, name)

        def counted(first, *rest, name=name, function=function):
            pixels[name] += first.shape[1]
            return function(first, *rest)

        monkeypatch.setattr(pair_slopes, name, counted)
    pixels["sort"], sort = 0, np.sort

    def counted_sort(values, axis):
        pixels["sort"] += values.shape[1]
        return sort(values, axis=axis)

    monkeypatch.setattr(np, "sort", counted_sort)
    return pixels


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n, passes", [(10, 3), (20, 4)])
def test_a_few_passes_find_the_middle_of_nearly_every_series(work_done, gaps, dtype, n, passes):
    ranks_of(*series(gaps, dtype, n, rise=3))
    assert work_done["_count_below"] < passes * 500
    assert work_done["_settle"] < 0.02 * 500
    assert work_done["_distances"] < 1.05 * 500


def test_a_few_passes_find_the_confidence_limits_too(work_done):
    ranks_of(*series(False), 0.2)
    assert work_done["_count_below"] < 7 * 500
    assert work_done["_settle"] < 0.02 * 500


def test_the_line_through_two_values_is_no_search(work_done):
    lower, upper = ranks_of(np.array([[1.0, 5], [2, 9]]), Steps.of(np.array([2000.0, 2002])), np.array([2, 2]))
    assert lower.tolist() == upper.tolist() == [0.5, 2]
    assert work_done["_settle"] == 0


@pytest.mark.parametrize("gaps", [False, True])
def test_equal_slopes_in_the_middle_are_settled_by_their_bracket_without_a_sort(work_done, gaps):
    ranks_of(*series(gaps, decimals=0))
    assert work_done["_settle"] > 0.2 * 500
    assert work_done["sort"] < 0.01 * 500


def test_pixels_that_the_search_proves_are_settled_without_the_bracket(work_done):
    x, steps, count = series(False)
    low = pair_count(count) // 2
    ordered = np.array([sorted_slopes(each, steps.years) for each in x.T]).T
    split = 0.5 * (ordered[low[0]] + ordered[low[0] + 1])
    no = np.zeros(500, dtype=bool)
    found = pair_slopes._settle(x, steps, split, split, split, low, low + 1, no, no, Workspace())
    np.testing.assert_allclose(found, ordered[low[0] : low[0] + 2], rtol=1e-12)
    assert work_done["_distances"] == 500


@pytest.mark.parametrize("dtype, times", [(np.float32, 1), (np.float64, 2**20)])
def test_a_slope_far_nearer_to_zero_than_the_trial_slope_is_not_what_rounding_leaves(dtype, times):
    distance = np.array([-times, -times, times, times], dtype=dtype)
    slope, exact = pair_slopes._add_distance(-distance + np.array([1, 0.5, 2, -0.5], dtype=dtype), distance)
    assert slope.tolist() == [1, 0.5, 2, -0.5]
    assert exact.tolist() == [True, False, True, False]


def test_middle_slopes_around_a_trial_slope_of_zero_do_not_cancel_in_single_precision():
    # least squares gives exactly 0; the sorted slopes are -2, -2, -2, -1, -1/2, 1/3, 1/2, 1, 3/2 and 5
    x = np.array([[-9], [-4], [-6], [-8], [-7]], dtype=np.float32)
    lower, upper = ranks_of(x, Steps.of(2000 + np.arange(5.0)), np.array([5]))
    assert lower[0] + upper[0] == pytest.approx(-1 / 6, rel=1e-12)


def test_middle_slopes_that_nearly_cancel_are_not_formed_in_single_precision():
    x, steps, count = series(False, np.float32, rise=0.0)
    lower, upper = ranks_of(x, steps, count)
    expected = np.array([sorted_slopes(each, steps.years)[94:96] for each in x.T.astype(np.float64)])
    opposite = (expected[:, 0] < 0) & (expected[:, 1] > 0)
    assert opposite.sum() > 10
    np.testing.assert_allclose((lower + upper)[opposite], expected.sum(axis=1)[opposite], rtol=1e-9)
