"""Pair slopes found in a window around a trial slope: they are those of a sort, or are said not to be."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.slopes import series, sorted_slopes

from nep_toolbox.core.trend import slope_window
from nep_toolbox.core.trend.pairs import Steps, Workspace, pair_count, paired_steps, slopes_by_rows
from nep_toolbox.core.trend.slope_window import scaled_residuals, slopes_near, windowed_slopes

PIXELS = 300


def near(x, steps, count, off=0.0):
    """`slopes_near` the middle, whose trial slope lies ``off`` spacings beside it; and the slopes of a sort."""
    expected = np.array([sorted_slopes(one, steps.years.astype(x.dtype)) for one in x.T])
    low = pair_count(count) // 2
    middle = 0.5 * (expected[:, low[0]] + expected[:, low[0] + 1])
    scaled = scaled_residuals(x, steps, count, Workspace())
    relative = ((middle - scaled.slope) / scaled.spacing + off).astype(np.float32)
    trial = scaled.slope + scaled.spacing * relative.astype(np.float64)
    below = (expected < trial[:, np.newaxis]).sum(axis=1)
    found, proven = slopes_near(x, steps, scaled, relative, below, low, low + 1, Workspace())
    return found, proven, expected[np.arange(len(low)), [low, low + 1]]


@pytest.fixture
def searched(monkeypatch):
    """How many pixels were left to `searched_slopes`."""
    pixels, function = [], slope_window.searched_slopes

    def counted(x, *rest):
        pixels.append(x.shape[-1])
        return function(x, *rest)

    monkeypatch.setattr(slope_window, "searched_slopes", counted)
    return pixels


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("off", [-5.0, -1.0, 0.0, 1.0, 5.0])
def test_slopes_of_the_window_are_those_of_a_sort(dtype, off):
    found, proven, expected = near(*series(False, dtype, 40, PIXELS), off)
    assert proven.mean() > (0.95 if abs(off) < 2 else 0.5)
    np.testing.assert_array_equal(found[:, proven], expected[:, proven])


@pytest.mark.parametrize("off", [-30.0, 30.0])
def test_ranks_outside_the_window_are_not_proven(off):
    found, proven, expected = near(*series(False, np.float64, 40, PIXELS), off)
    assert proven.mean() < 0.05
    np.testing.assert_array_equal(found[:, proven], expected[:, proven])


def test_a_count_that_is_not_known_proves_nothing():
    x, steps, count = series(False, np.float64, 40, PIXELS)
    scaled, low = scaled_residuals(x, steps, count, Workspace()), np.zeros(PIXELS, dtype=int)
    nowhere, relative = np.full(PIXELS, -1), np.zeros(PIXELS, dtype=np.float32)
    assert not slopes_near(x, steps, scaled, relative, nowhere, low, low, Workspace())[1].any()


def test_slopes_that_single_precision_cannot_tell_apart_are_not_proven():
    x, steps, count = series(False, np.float64, 40, PIXELS)
    x[3] += 1e12  # so large that all others are as good as equal beside it
    low = pair_count(count) // 2
    scaled = scaled_residuals(x, steps, count, Workspace())
    finer = {"spacing": scaled.spacing * 1e-9, "residual": scaled.residual * 1e9, "largest": scaled.largest * 1e9}
    relative = np.zeros(PIXELS, dtype=np.float32)
    assert not slopes_near(x, steps, scaled._replace(**finer), relative, low, low, low, Workspace())[1].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_single_precision_is_wrong_by_stays_within_its_bound(dtype):
    rng = np.random.default_rng(5)
    x, steps, count = series(False, dtype, 40, PIXELS)
    x = (x * 10 ** rng.uniform(-2, 2, PIXELS) + 10 ** rng.uniform(-2, 5, PIXELS)).astype(dtype)
    scaled, relative = scaled_residuals(x, steps, count, Workspace()), rng.normal(0, 3, PIXELS).astype(np.float32)
    trial = scaled.slope + scaled.spacing * relative.astype(np.float64)
    detrended = scaled.residual - steps.centred.astype(np.float32)[:, np.newaxis] * relative
    exact, single = (np.concatenate([part.copy() for part in slopes_by_rows(some, steps, Workspace())])
                     for some in (x, detrended))
    wrong = np.abs((exact.astype(np.float64) - trial) / scaled.spacing - single).max(axis=0)
    bound = slope_window._error(x.dtype, steps, scaled, relative, trial)
    assert (wrong <= bound).all() and (wrong > bound / 100).any()


def test_values_whose_differences_overflow_are_not_proven():
    x, steps, count = series(False, np.float32, 40, PIXELS)
    x = (np.clip(x / np.abs(x).max(), -1, 1) * np.finfo(np.float32).max).astype(np.float32)
    with np.errstate(over="ignore"):
        scaled = scaled_residuals(x, steps, count, Workspace())
    most = np.abs(x).max(axis=0)
    assert np.isinf(scaled.error[most > np.finfo(np.float32).max / 4]).all()
    assert np.isinf(scaled.error).any()


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nearly_all_pixels_are_found_in_their_window(searched, gaps, dtype):
    x, steps, count = series(gaps, dtype, 40, PIXELS, rise=3)
    low = (pair_count(count) // 2)[np.newaxis]
    found = windowed_slopes(x, steps, count, low, low, np.zeros((1, PIXELS), dtype=bool), Workspace())
    expected = [sorted_slopes(one, steps.years.astype(dtype))[rank] for one, rank in zip(x.T, low[0])]
    np.testing.assert_array_equal(found[:, 0], [expected, expected])
    assert sum(searched) < 0.03 * PIXELS


def test_a_window_with_too_many_equal_slopes_is_left_to_the_search(searched):
    steps, count = Steps.of(2000 + np.arange(40.0)), np.full(20, 40)
    x = 0.5 * np.arange(40.0)[:, np.newaxis] + np.zeros(20)
    low = np.full((1, 20), 390)
    found = windowed_slopes(x, steps, count, low, low, np.zeros((1, 20), dtype=bool), Workspace())
    assert (found == 0.5).all() and sum(searched) == 20


@pytest.mark.parametrize("n", [2, 3, 4, 5, 8, 21, 40])
def test_steps_of_each_pair_come_in_the_order_of_their_slopes(n):
    x = np.random.default_rng(n).normal(size=(n, 3))
    later, earlier = paired_steps(n)
    slopes = np.concatenate([part.copy() for part in slopes_by_rows(x, Steps.of(np.arange(n)), Workspace())])
    np.testing.assert_array_equal(slopes, (x[later] - x[earlier]) / (later - earlier)[:, np.newaxis])
    assert len(set(zip(later, earlier))) == pair_count(n) and (later > earlier).all()
