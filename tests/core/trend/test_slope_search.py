"""The search for pair slopes of some rank: where it starts, how much it takes, and what it leaves to a sort."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import linregress
from testkit.slopes import series, sorted_slopes

from nep_toolbox.core.trend import slope_search
from nep_toolbox.core.trend.pairs import Steps, Workspace, pair_count
from nep_toolbox.core.trend.slope_search import searched_slopes


def searched(x, steps, count, share=0.5):
    """The slopes next to that share of all slopes: the middle ones by default."""
    pairs = pair_count(count)
    low = ((pairs - 1) * share).astype(int)
    ranks = (each[np.newaxis] for each in (low, pairs // 2 if share == 0.5 else low + 1))
    return searched_slopes(x, steps, count, *ranks, np.zeros((1, x.shape[1]), dtype=bool), Workspace())[:, 0]


@pytest.mark.parametrize("gaps", [False, True])
def test_the_search_starts_from_least_squares(gaps):
    x, steps, count = series(gaps, pixels=30)
    residual, slope, spacing = slope_search.least_squares(x, steps, count, Workspace())
    for pixel, n in enumerate(count):
        valid = np.isfinite(x[:, pixel])
        years, values = steps.years[valid], x[valid, pixel]
        line = linregress(years, values)
        np.testing.assert_allclose(np.diff(residual[valid, pixel]), np.diff(values - line.slope * years), atol=1e-10)
        assert slope[pixel] == pytest.approx(line.slope, rel=1e-12)
        # Sen (1968): a standard error of the slope holds sqrt(Var S) / 2 pair slopes on either side of the middle.
        expected = line.stderr / (np.sqrt(n * (n - 1) * (2 * n + 5) / 18) / 2)
        assert spacing[pixel] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("slope", [4.0, 0.0])
def test_a_perfect_line_is_searched_by_the_smallest_step_that_can_be_told_from_its_slope(slope):
    x = slope * np.arange(8.0)[:, None] * np.ones(3)
    steps, count = Steps.of(2000 + np.arange(8.0)), np.full(3, 8)
    _, found, spacing = slope_search.least_squares(x, steps, count, Workspace())
    assert found.tolist() == [slope] * 3
    assert (slope + spacing > slope).all()
    assert (spacing <= 1e-15).all()


@pytest.fixture
def work_done(monkeypatch):
    """How many pixels each of these was called for: the passes of the search, and what decides where it ends."""
    pixels = dict.fromkeys(("_count_below", "_distances", "_settle", "_neighbours", "sorted_slopes"), 0)
    for name in pixels:
        function = getattr(slope_search, name)

        def counted(first, *rest, name=name, function=function):
            pixels[name] += first.shape[1]
            return function(first, *rest)

        monkeypatch.setattr(slope_search, name, counted)
    return pixels


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n, passes", [(10, 3), (20, 4)])
def test_a_few_passes_find_the_middle_of_nearly_every_series(work_done, gaps, dtype, n, passes):
    searched(*series(gaps, dtype, n, rise=3))
    assert work_done["_count_below"] < passes * 500
    assert work_done["_settle"] < 0.02 * 500
    assert work_done["_distances"] < 1.05 * 500


def test_a_few_passes_find_the_confidence_limits_too(work_done):
    searched(*series(False, rise=3), 0.2)
    assert work_done["_count_below"] < 7 * 500
    assert work_done["_settle"] < 0.02 * 500


def test_the_line_through_two_values_is_no_search(work_done):
    lower, upper = searched(np.array([[1.0, 5], [2, 9]]), Steps.of(np.array([2000.0, 2002])), np.array([2, 2]))
    assert lower.tolist() == upper.tolist() == [0.5, 2]
    assert work_done["_settle"] == 0


@pytest.mark.parametrize("gaps", [False, True])
def test_equal_slopes_in_the_middle_are_settled_by_their_bracket_without_a_sort(work_done, gaps):
    searched(*series(gaps, decimals=0))
    assert work_done["_settle"] > 0.2 * 500
    assert work_done["sorted_slopes"] < 0.01 * 500


def test_pixels_that_the_search_proves_are_settled_without_the_bracket(work_done):
    x, steps, count = series(False)
    low = pair_count(count) // 2
    ordered = np.array([sorted_slopes(each, steps.years) for each in x.T]).T
    split = 0.5 * (ordered[low[0]] + ordered[low[0] + 1])
    found = slope_search._settle(x, steps, split, split, split, low, low + 1, Workspace())
    np.testing.assert_array_equal(found, ordered[low[0] : low[0] + 2])
    assert work_done["_neighbours"] == 500 and work_done["sorted_slopes"] == 0


def test_a_trial_slope_that_is_no_number_is_settled_too():
    x, steps, count = series(True, np.float32)
    nowhere = np.full(500, np.nan, dtype=np.float32)
    for low in (np.zeros(500, dtype=int), pair_count(count) - 2):
        found = slope_search._settle(x, steps, nowhere, nowhere, nowhere, low, low + 1, Workspace())
        expected = [sorted_slopes(each, steps.years.astype(np.float32)) for each in x.T]
        np.testing.assert_array_equal(found.T, [slopes[rank : rank + 2] for slopes, rank in zip(expected, low)])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_slope_found_by_its_distance_is_that_slope_to_the_last_digit_or_is_not_trusted(dtype):
    rng = np.random.default_rng(3)
    slope = rng.normal(size=100_000).astype(dtype)
    trial = (slope * rng.uniform(-1, 3, slope.size)).astype(dtype)
    found, exact = slope_search._at_distance(trial, slope - trial)
    np.testing.assert_array_equal(found[exact], slope[exact])
    near = np.abs(trial / slope - 1) < 0.48
    assert exact[near].all() and not exact[np.abs(trial / slope - 1) > 0.5].any()
    assert (found != slope).any()  # so the distrust has its reason
