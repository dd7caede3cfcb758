"""Least-squares lines and change over the period against scipy, exact fractions and the reference numbers."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import linregress
from testkit.slopes import series

from nep_toolbox.core.trend import pairs
from nep_toolbox.core.trend.least_squares import fit, fitted
from nep_toolbox.core.trend.pairs import Steps, Workspace
from nep_toolbox.core.trend.theil_sen import CHANGES, LEAST_SQUARES, Correction, trend

WANTED = ("slope", *CHANGES, *LEAST_SQUARES)
NAN = np.nan

#: Our names and those of the reference.
REFERENCE = {
    "slope": "sen", "change": "change_sen", "change_percent": "change_percent_of_mean_sen", "ols_slope": "slope",
    "ols_intercept": "intercept", "ols_p_value": "p", "r_squared": "r2",
}


@pytest.mark.parametrize("correction", [Correction.NONE, Correction.YUE_WANG, Correction.PRE_WHITENING])
@pytest.mark.parametrize("case", ["trend", "noise", "constant", "gaps"])
def test_reference(shared, case, correction):
    reference = json.loads((shared / "reference/trend_more.json").read_text(encoding="utf-8"))["ols"][case]
    found = trend(np.array(reference["x"])[:, np.newaxis], reference["t"], wanted=WANTED, correction=correction)
    for ours, theirs in REFERENCE.items():
        expected = NAN if reference[theirs] is None else reference[theirs]
        np.testing.assert_allclose(found[ours], [expected], rtol=1e-10, atol=0, err_msg=ours)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gaps", [False, True])
def test_pixels_equal_scipy(gaps, dtype, monkeypatch):
    monkeypatch.setattr(pairs, "TILE_PIXELS", 7)
    monkeypatch.setattr(pairs, "TILE_BYTES", 1)
    x, steps, count = series(gaps, pixels=40)
    x = x.astype(dtype)
    found = trend(x, steps.years, min_observations=3, wanted=WANTED)
    for pixel, n in enumerate(count):
        valid = np.isfinite(x[:, pixel])
        years, values = steps.years[valid], x[valid, pixel].astype(np.float64)
        assert n == len(values) >= 3
        line = linregress(years, values)
        assert found["ols_slope"][pixel] == pytest.approx(line.slope, rel=1e-11)
        assert found["ols_intercept"][pixel] == pytest.approx(line.intercept, rel=1e-10)
        assert found["ols_p_value"][pixel] == pytest.approx(line.pvalue, rel=1e-10)
        assert found["r_squared"][pixel] == pytest.approx(line.rvalue**2, rel=1e-10)
        assert found["change"][pixel] == found["slope"][pixel] * (years[-1] - years[0])
        level = abs(values.mean())
        told = level >= 2 * values.std(ddof=1) / np.sqrt(n)
        expected = 100 * found["change"][pixel] / level if told else NAN
        assert found["change_percent"][pixel] == pytest.approx(expected, rel=1e-11, nan_ok=True)


def test_the_period_is_that_of_the_valid_values():
    x = np.array([[NAN, 2, NAN], [1, NAN, 5], [3, 6, 6], [5, 8, NAN], [NAN, 10, 7]])
    found = trend(x, [2001, 2003, 2004, 2005, 2009], min_observations=2, wanted=("slope", "change"))
    assert (found["change"] / found["slope"]).tolist() == [2, 8, 6]


def test_percentages_where_the_mean_is_told_from_zero_and_nowhere_else():
    # standard error 1 in each (sd 2, n = 4), means 2, just below 2, -2, 0
    offsets = np.array([-np.sqrt(6), 0, 0, np.sqrt(6)])
    x = offsets[:, np.newaxis] + np.array([2 + 1e-9, 2 - 1e-9, -2 - 1e-9, 0])
    found = trend(x, np.arange(4), min_observations=4, wanted=("change", "change_percent"))
    change = 100 * found["change"][0] / 2
    np.testing.assert_allclose(found["change_percent"], [change, NAN, change, NAN], rtol=1e-8)
    assert change > 0, "a rise is positive, whatever the sign of the values"


def test_constant_pixels_and_those_of_zeros():
    x = np.tile([3.7, 0.0, 0.1], (9, 1))
    x[2, 2] = NAN
    years = [1987, 1999, 2002, 2010, 2022, 2025, 2028, 2030, 2035]  # rounding gives the line of 3.7 a slope of 1e-31
    found = trend(x, years, min_observations=8, wanted=WANTED)
    for name, expected in (("ols_slope", [0, 0, 0]), ("ols_p_value", [1, 1, 1]), ("r_squared", [NAN] * 3),
                           ("change", [0, 0, 0]), ("change_percent", [0, NAN, 0])):
        np.testing.assert_array_equal(found[name], expected, err_msg=name)
    np.testing.assert_allclose(found["ols_intercept"], [3.7, 0, 0.1], rtol=1e-15)


def test_two_values_have_a_line_but_no_p():
    found = trend(np.array([[1.0, 4.0], [3.0, 4.0]]), [2000, 2004], min_observations=2, wanted=WANTED)
    np.testing.assert_array_equal(found["ols_slope"], [0.5, 0])
    np.testing.assert_array_equal(found["ols_p_value"], [NAN, NAN])
    np.testing.assert_array_equal(found["r_squared"], [1, NAN])


def test_a_perfect_line_is_beyond_doubt():
    x = np.outer(np.arange(12.0), [3.0, -0.25])
    found = trend(x, 2000 + np.arange(12), wanted=LEAST_SQUARES)
    assert found["ols_slope"].tolist() == [3.0, -0.25]
    assert found["ols_p_value"].tolist() == [0, 0] and found["r_squared"].tolist() == [1, 1]


@pytest.mark.parametrize("level", [1e6, 1e12])
def test_values_far_from_zero_lose_no_more_than_they_must(level):
    x = level + np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    exact = [Fraction(value) for value in x]
    t = [Fraction(2 * step - 7, 2) for step in range(8)]
    mean = sum(exact) / 8
    slope = sum(a * b for a, b in zip(t, exact)) / 42
    rest = sum((value - mean - slope * time) ** 2 for value, time in zip(exact, t))
    line = fitted(x[:, np.newaxis], Steps.of(np.arange(8)), True, Workspace())
    assert line.slope[0] == pytest.approx(float(slope), rel=1e-15 * level)
    assert line.squares[0] == pytest.approx(float(rest), rel=1e-15 * level)


@pytest.mark.parametrize("size", [1e-200, 1e200])
@pytest.mark.filterwarnings("error")
def test_squares_that_no_number_holds_give_no_p_instead_of_a_wrong_one(size):
    x = np.random.default_rng(2).normal(size=(10, 2)) * size
    x[:, 1] = size
    found = trend(x, np.arange(10), wanted=WANTED)
    assert (found["ols_slope"] / size).tolist() == pytest.approx([np.polyfit(np.arange(10), x[:, 0] / size, 1)[0], 0])
    np.testing.assert_array_equal(found["ols_p_value"], [NAN, 1])
    np.testing.assert_array_equal(found["r_squared"], [NAN, NAN])
    np.testing.assert_array_equal(found["change_percent"], [NAN, 0])


@pytest.mark.parametrize("gaps", [False, True])
def test_a_pixel_does_not_depend_on_its_neighbours(gaps):
    x, steps, _count = series(gaps, pixels=40)
    whole = trend(x, steps.years, min_observations=3, wanted=WANTED)
    for pixel in range(40):
        alone = trend(x[:, pixel : pixel + 1], steps.years, min_observations=3, wanted=WANTED)
        for name in WANTED:
            np.testing.assert_array_equal(alone[name], whole[name][pixel : pixel + 1], err_msg=name)


def test_residuals_may_take_the_place_of_the_values():
    x, steps, _count = series(True, pixels=9)
    apart = np.empty_like(x)
    line = fit(x, steps, False, apart)
    within = fit(values := x.copy(), steps, False, values)
    for one, other in zip((*line, apart), (*within, values)):
        np.testing.assert_array_equal(one, other)
    for pixel in range(9):
        valid = np.isfinite(x[:, pixel])
        expected = x[valid, pixel] - np.polyval(np.polyfit(steps.years[valid], x[valid, pixel], 1), steps.years[valid])
        np.testing.assert_allclose(apart[valid, pixel], expected, atol=1e-9 * np.abs(x[valid, pixel]).max())
