"""A hindcast: which steps are fitted, the category and the outcome of each pixel, and the counts of blocks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import theilslopes

from nep_toolbox.core.persistence.future_trend import EVIDENCE_LABELS, future_trend
from nep_toolbox.core.persistence.hindcast import (
    CATEGORIES,
    FEWEST_FITTED,
    FEWEST_SCORED,
    FOLDS,
    OUTCOMES,
    SIDES,
    fitted_steps,
    hindcast,
    hindcast_block,
)
from nep_toolbox.core.persistence.hurst import CLASS_NODATA, Detrend, hurst
from nep_toolbox.core.trend.theil_sen import trend, trend_class
from nep_toolbox.errors import InvalidParameter, SeriesTooShort

YEARS = np.arange(2001, 2021)
NAN = np.nan
ORIGIN = SimpleNamespace(row=0, col=0)


@pytest.mark.parametrize(
    ("steps", "fraction", "fitted"),
    [(20, 0.75, 15), (22, 0.75, 16), (22, 0.55, 12), (22, 0.64, 14), (20, 0.7, 14), (17, 0.75, 12),
     (100, 0.57, 57), (100, 0.29, 29)],  # the last two are a hair less in floating point
)
def test_the_share_is_rounded_down_to_whole_steps(steps, fraction, fitted):
    assert fitted_steps(steps, fraction) == fitted


@pytest.mark.parametrize("steps", range(17, 61))
def test_the_shares_that_an_error_offers_are_those_that_do(steps):
    with pytest.raises(InvalidParameter, match="NPP of the north") as caught:
        fitted_steps(steps, 1.0, "NPP of the north")
    lowest, highest = (float(words) for words in str(caught.value).rstrip(".").rsplit("give ", 1)[1].split(" to "))
    for fraction in np.arange(round(100 * lowest), round(100 * highest) + 1) / 100:
        fitted = fitted_steps(steps, fraction)
        assert fitted >= FEWEST_FITTED and steps - fitted >= FEWEST_SCORED
    for fraction in (lowest - 0.01, highest + 0.01):
        with pytest.raises(InvalidParameter, match="FRACTION"):
            fitted_steps(steps, fraction)


def test_what_does_not_do_is_told_in_numbers():
    with pytest.raises(InvalidParameter, match="is 0.5, which leaves 10 of the 20 time steps of 'x' to fit and 10 to"):
        fitted_steps(20, 0.5, "x")
    with pytest.raises(InvalidParameter, match="leaves 18 of the 20 time steps of 'x' to fit and 2 to score"):
        fitted_steps(20, 0.9, "x")
    with pytest.raises(SeriesTooShort, match="'x' has 16 time steps, and a hindcast needs 17: 12 to fit"):
        fitted_steps(16, 0.75, "x")


def memoryless(pixels: int, n: int = 20, seed: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, pixels))


def test_outcomes_by_hand():
    noise = np.random.default_rng(1).normal(0, 0.01, 15)
    up, down = np.arange(15) + noise, -np.arange(15) + noise
    after = np.arange(5.0)
    stack = np.array([[*up, *after], [*up, *-after], [*down, *after], [*down, *-after], [*up, 3, 3, 3, 3, 3]]).T
    found = hindcast(stack, YEARS, 15)
    assert found["same"].tolist() == [True, False, False, True, False]
    assert found["sloped"].tolist() == [True, True, True, True, False]
    assert (found["category"] % 10).tolist() == [5, 5, 1, 1, 5]


def test_slopes_and_lines_are_those_of_real_years():
    years = np.array([*range(1980, 1987), *range(2008, 2016), 2016, 2017, 2020, 2030, 2031])
    stack = memoryless(400)
    found = hindcast(stack, years, 15)
    before, after = (
        np.array([theilslopes(series, part)[0] for series in values.T])
        for values, part in ((stack[:15], years[:15]), (stack[15:], years[15:]))
    )
    assert np.array_equal(found["same"], np.sign(before) == np.sign(after))
    even = np.array([theilslopes(series, np.arange(5))[0] for series in stack[15:].T])
    assert (np.sign(even) != np.sign(after)).any()  # else the years would not matter
    residuals = [series - np.polyval(np.polyfit(years[:15] - 2000.0, series, 1), years[:15] - 2000.0)
                 for series in stack[:15].T]
    np.testing.assert_allclose(found["hurst"], hurst(np.array(residuals).T)["hurst"], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("detrend", "min_window", "alpha"), [(1, 4, 0.1), (0, 3, 0.3), (2, 4, 0.05)])
def test_the_category_is_that_of_a_map_of_the_fitted_years(detrend, min_window, alpha):
    stack = np.cumsum(memoryless(3000), axis=0) + memoryless(3000, seed=9)
    found = hindcast(stack, YEARS, 14, alpha=alpha, detrend=Detrend(detrend), min_window=min_window)
    before = trend(stack[:14], YEARS[:14])
    exponent = hurst(stack[:14], min_window=min_window, significance=True, detrend=Detrend(detrend), years=YEARS[:14])
    expected = future_trend(
        trend_class(before["slope"], before["p_value"]), exponent["hurst"], exponent["p_value"], alpha
    )
    assert np.array_equal(found["category"], expected)
    assert len(np.unique(expected)) >= 8
    assert np.array_equal(found["hurst"], exponent["hurst"])


def test_later_years_do_not_matter_to_the_category():
    stack = memoryless(500)
    other = stack.copy()
    other[15:] = -other[15:]
    one, two = hindcast(stack, YEARS, 15), hindcast(other, YEARS, 15)
    assert np.array_equal(one["category"], two["category"])
    assert np.array_equal(one["same"], ~two["same"])


def test_a_line_has_no_category():
    line = np.arange(20.0)
    found = hindcast(np.array([line, line + memoryless(1)[:, 0]]).T, YEARS, 15)
    assert (found["category"] == CLASS_NODATA).tolist() == [True, False]
    block = hindcast_block(np.tile(line[:, np.newaxis, np.newaxis], (1, 2, 3)), ORIGIN, years=YEARS, fitted=15)
    assert (block["complete"], block["level"], block["lost"], block["counts"].sum()) == (6, 0, 6, 0)


def test_pixels_that_are_not_complete_or_level_are_not_scored():
    stack = memoryless(40).reshape(20, 5, 8)
    stack[3, 0, 0] = NAN
    stack[19, 0, 1] = np.inf
    stack[:, 1, 0] = NAN
    stack[15:, 2, :] = 7.0
    stack[:15, 3, 0] = 7.0
    block = hindcast_block(stack, ORIGIN, years=YEARS, fitted=15)
    assert (block["complete"], block["level"], block["lost"]) == (37, 9, 0)
    assert block["counts"].sum() == 28
    assert block["counts"].shape == (FOLDS, SIDES, CATEGORIES, OUTCOMES)
    assert block["counts"].dtype == np.int64


def test_counts_are_those_of_single_pixels():
    stack = np.cumsum(memoryless(35 * 40), axis=0).reshape(20, 35, 40) + memoryless(1400, seed=8).reshape(20, 35, 40)
    found = hindcast(stack.reshape(20, -1), YEARS, 15, alpha=0.3)
    expected = np.zeros((FOLDS, SIDES, CATEGORIES, OUTCOMES), dtype=int)
    for pixel in range(1400):
        row, col = divmod(pixel, 40)
        exponent = found["hurst"][pixel]
        side = 0 if exponent < 0.5 else 2 if exponent > 0.5 else 1
        expected[(row // 16 + col // 16) % 2, side, found["category"][pixel], int(found["same"][pixel])] += 1
    block = hindcast_block(stack, ORIGIN, years=YEARS, fitted=15, alpha=0.3)
    assert np.array_equal(block["counts"], expected)
    assert set(np.flatnonzero(expected.sum(axis=(0, 1, 3)))) <= set(EVIDENCE_LABELS)


def test_an_exponent_of_one_half_is_on_neither_side(monkeypatch):
    from nep_toolbox.core.persistence import hindcast as module

    stack = memoryless(4)
    real = module.hurst

    def halved(*args, **options):
        return {**real(*args, **options), "hurst": np.array([0.5, np.nextafter(0.5, 0), np.nextafter(0.5, 1), 0.5])}

    monkeypatch.setattr(module, "hurst", halved)
    counts = hindcast_block(stack.reshape(20, 2, 2), ORIGIN, years=YEARS, fitted=15)["counts"]
    assert counts.sum(axis=(0, 2, 3)).tolist() == [1, 2, 1]


@pytest.mark.parametrize("shape", [(1, 50), (7, 13), (16, 16), (40, 50)])
def test_blocks_of_any_size_add_up(shape):
    stack = memoryless(2000).reshape(20, 40, 50)
    stack[5, 3, :] = NAN
    whole = hindcast_block(stack, SimpleNamespace(row=100, col=333), years=YEARS, fitted=14)
    total = {"counts": 0, "complete": 0, "level": 0, "lost": 0}
    for row in range(0, 40, shape[0]):
        for col in range(0, 50, shape[1]):
            part = stack[:, row : row + shape[0], col : col + shape[1]]
            place = SimpleNamespace(row=100 + row, col=333 + col)
            block = hindcast_block(part, place, years=YEARS, fitted=14)
            total = {name: total[name] + block[name] for name in total}
    for name, value in whole.items():
        assert np.array_equal(total[name], value), name


def test_chunks_of_pixels_do_not_matter(monkeypatch):
    from nep_toolbox.core.persistence import hindcast as module

    stack = memoryless(600).reshape(20, 20, 30)
    whole = hindcast_block(stack, ORIGIN, years=YEARS, fitted=15)
    monkeypatch.setattr(module, "_CHUNK_PIXELS", 7)
    parts = hindcast_block(stack, ORIGIN, years=YEARS, fitted=15)
    for name, value in whole.items():
        assert np.array_equal(parts[name], value), name


def test_folds_are_a_chessboard_of_the_whole_raster():
    stack = memoryless(4).reshape(20, 2, 2)
    for row, col, folds in ((0, 0, [4, 0]), (16, 0, [0, 4]), (16, 16, [4, 0]), (15, 0, [2, 2]), (15, 15, [2, 2]),
                            (31, 32, [2, 2]), (0, 48, [0, 4])):
        counts = hindcast_block(stack, SimpleNamespace(row=row, col=col), years=YEARS, fitted=15)["counts"]
        assert counts.sum(axis=(1, 2, 3)).tolist() == folds, (row, col)
