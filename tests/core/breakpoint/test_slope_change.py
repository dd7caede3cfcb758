"""The F of a change of slope against numpy's least squares, one pixel and one place at a time."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.breakpoint.slope_change import NO_BREAK, SINGLE_PRECISION, slope_change

KINDS = pytest.mark.parametrize("two_lines", [False, True])


def left(columns, series) -> float:
    """The squared residuals of a regression."""
    design = np.column_stack(columns)
    residuals = series - design @ np.linalg.lstsq(design, series, rcond=None)[0]
    return float(residuals @ residuals)


def plain(series, years, least, two_lines) -> tuple:
    """F of every place by numpy; the largest, and the first place that has it."""
    n, t = len(series), years - years.mean()
    one, whole = np.ones(n), left([np.ones(n), t], series)
    found = []
    for k in range(least, n - least + 1):
        after = (np.arange(n) >= k).astype(float)
        more = [after, after * t] if two_lines else [np.maximum(t - t[k - 1], 0)]
        rest = left([one, t, *more], series)
        found.append((whole - rest) / (rest / (n - 2 - len(more))))
    best, place = found[0], least - 1
    for offset, f in enumerate(found):
        if f > best * (1 + 1e-12):
            best, place = f, least - 1 + offset
    return best, place


def compare(values, years, least, two_lines, tolerance=1e-9):
    found = slope_change(values, years, least, two_lines)
    for pixel, series in enumerate(values.T):
        own = years[:, pixel] if years.shape[1] > 1 else years[:, 0]
        f, place = plain(series, own, least, two_lines)
        assert found[0][pixel] == pytest.approx(f, rel=tolerance)
        assert found[1][pixel] == place


@KINDS
@pytest.mark.parametrize(("n", "least"), [(12, 5), (10, 5), (6, 3), (20, 3), (23, 7), (45, 5)])
def test_white_noise(n, least, two_lines):
    values = np.random.default_rng(n).normal(size=(n, 60))
    compare(values, np.arange(2001.0, 2001 + n)[:, np.newaxis], least, two_lines)


@KINDS
def test_breaks_on_a_high_level_and_a_steep_trend(two_lines):
    rng = np.random.default_rng(3)
    t = np.arange(24.0)[:, np.newaxis]
    bends = np.maximum(t - rng.integers(5, 18, 60), 0) * rng.normal(0, 20, 60) + rng.normal(size=(24, 60))
    compare(bends, t, 5, two_lines)
    level = slope_change(bends + 1e6, t, 5, two_lines)
    steep = slope_change(bends + 1e4 * t, t, 5, two_lines)
    for found in (level, steep):
        np.testing.assert_allclose(found[0], slope_change(bends, t, 5, two_lines)[0], rtol=1e-8)
        np.testing.assert_array_equal(found[1], slope_change(bends, t, 5, two_lines)[1])


@KINDS
def test_years_of_each_pixel(two_lines):
    rng = np.random.default_rng(4)
    years = np.sort(rng.permuted(np.tile(np.arange(1985.0, 2025)[:, np.newaxis], 50), axis=0)[:21], axis=0)
    values = np.maximum(years - 2004, 0) * rng.normal(0, 0.3, 50) + rng.normal(size=(21, 50))
    compare(values, years, 5, two_lines)
    # the same years in every pixel, given once
    one = slope_change(values, years[:, :1], 5, two_lines)
    for found, other in zip(one, slope_change(values, np.tile(years[:, :1], 50), 5, two_lines)):
        np.testing.assert_array_equal(found, other)


@KINDS
def test_a_pixel_does_not_depend_on_its_neighbours(two_lines):
    values, t = np.random.default_rng(5).normal(size=(20, 67)), np.arange(20.0)[:, np.newaxis]
    together = slope_change(values, t, 5, two_lines)
    for pixel in range(67):
        alone = slope_change(np.ascontiguousarray(values[:, pixel : pixel + 1]), t, 5, two_lines)
        assert [part[0] for part in alone] == [part[pixel] for part in together]


@KINDS
def test_f_does_not_depend_on_level_slope_and_scale(two_lines):
    values, t = np.random.default_rng(6).normal(size=(20, 30)), np.arange(20.0)[:, np.newaxis]
    plain_f, place = slope_change(values, t, 5, two_lines)
    f, other = slope_change(-70 * values + 300 + 12 * t, t, 5, two_lines)
    np.testing.assert_allclose(f, plain_f, rtol=1e-11)
    np.testing.assert_array_equal(other, place)


@KINDS
def test_constant_series_lines_and_models_that_leave_nothing(two_lines):
    t = np.arange(2001.0, 2021)
    bend = np.maximum(t - 2008, 0)
    values = np.column_stack([
        np.full(20, 2.0), np.full(20, 0.1), 0.3 * t, 5e4 - 0.7 * t, 300 + 0.1 * t - 0.3 * bend,
        np.float32(300 + 0.1 * t - 0.3 * bend),
    ])
    statistic, last = slope_change(values, t[:, np.newaxis], 5, two_lines)
    assert np.isnan(statistic[:2]).all() and statistic[2:5].tolist() == [0.0, 0.0, np.inf]
    assert statistic[5] > 1e10  # rounded to single precision
    # two lines: the year of the bend may belong to either, and the first place is the one without it
    assert last[:5].tolist() == [NO_BREAK] * 4 + [6 if two_lines else 7] and last[5] in (6, 7)


@KINDS
def test_what_single_precision_leaves_of_a_line_is_no_break(two_lines):
    rng = np.random.default_rng(11)
    t = np.arange(2001.0, 2041)[:, np.newaxis]
    lines = np.float32(500 * (1 + rng.random(400)) + (t - 2001) * rng.normal(size=400))
    f, last = slope_change(lines.astype(float), t, 5, two_lines, SINGLE_PRECISION)
    assert (f == 0).all() and (last == NO_BREAK).all()
    # The values alone do not tell it, and a break ten times the rounding is one.
    assert (slope_change(lines.astype(float), t, 5, two_lines)[1] != NO_BREAK).mean() > 0.8
    bends = lines + np.maximum(t - 2020, 0) * 500 * 1e-6
    assert (slope_change(bends, t, 5, two_lines, SINGLE_PRECISION)[0] > 100).all()


def test_of_places_that_are_alike_the_first_is_taken():
    series = np.random.default_rng(7).normal(size=10)
    mirrored = np.concatenate([series, series[::-1]])[:, np.newaxis]
    t = np.arange(20.0)[:, np.newaxis]
    f, place = slope_change(mirrored, t, 5, True)
    back, back_place = slope_change(mirrored[::-1], t, 5, True)
    assert (back, back_place) == (pytest.approx(f, rel=1e-12), place) and place[0] < 10


def test_the_parts_have_the_values_asked_for():
    # A lone step near an end would be the break of shorter parts.
    t = np.arange(20.0)[:, np.newaxis]
    values = np.where(t < 3, 9.0, 0.0) + np.random.default_rng(8).normal(size=(20, 25))
    assert (slope_change(values, t, 3, True)[1] == 2).all()
    for least in (5, 8, 10):
        places = slope_change(values, t, least, True)[1]
        assert places.min() >= least - 1 and places.max() <= 19 - least
