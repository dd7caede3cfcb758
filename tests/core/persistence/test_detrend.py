"""Series without their lines: against numpy and scipy, with gaps, and whatever stands beside a pixel."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from itertools import accumulate, combinations

import numpy as np
import pytest

from nep_toolbox.core.persistence import white_noise
from nep_toolbox.core.persistence.detrend import Detrend, residuals
from nep_toolbox.core.persistence.hurst import hurst
from nep_toolbox.core.persistence.rescaled_range import Method, expected_rescaled_range
from nep_toolbox.errors import InvalidParameter

YEARS = np.array([2001, 2002, 2004, 2005, 2006, 2007, 2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017])
KINDS = {"none": Detrend.NONE, "ols": Detrend.OLS, "sen": Detrend.THEIL_SEN}
lines = pytest.mark.parametrize("detrend", [Detrend.OLS, Detrend.THEIL_SEN])


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference/hurst_detrend.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def stack() -> np.ndarray:
    rng = np.random.default_rng(8)
    values = rng.normal(300, 20, (14, 60)) + np.outer(YEARS - 2001, rng.normal(0, 5, 60))
    values[rng.random(values.shape) < 0.1] = np.nan
    values[:, 7] = np.nan
    values[1:, 8] = np.nan
    return values


def slope_of(years, values, detrend) -> float:
    from scipy.stats import theilslopes

    return np.polyfit(years, values, 1)[0] if detrend == Detrend.OLS else theilslopes(values, years)[0]


@lines
def test_residuals_are_those_of_the_line_of_the_valid_values(stack, detrend):
    found, is_line = residuals(stack, YEARS, detrend)
    assert np.array_equal(np.isnan(found), np.isnan(stack))
    compared = 0
    for series, left in zip(stack.T, found.T):
        there = np.isfinite(series)
        if there.sum() < 2:
            continue
        plain = series[there] - slope_of(YEARS[there], series[there], detrend) * (YEARS[there] - 2009.0)
        np.testing.assert_allclose(left[there], plain - plain.mean(), rtol=0, atol=1e-10)
        compared += 1
    assert compared == 58 and not is_line[[0, 20]].any()


@lines
def test_a_line_changes_nothing_but_the_last_digits(stack, detrend):
    line = 1000.0 + np.outer(YEARS, np.linspace(-9, 9, 60))
    np.testing.assert_allclose(residuals(stack + line, YEARS, detrend)[0], residuals(stack, YEARS, detrend)[0],
                               rtol=0, atol=1e-9)


@lines
def test_a_series_that_is_a_line_is_one(detrend):
    years = np.arange(2001.0, 2021)
    noise = np.random.default_rng(3).normal(size=20)
    series = np.array([0.1 * years, 300 + 0 * years, 0 * years, years + 1e-4 * noise, years + 0.1 * noise]).T
    assert residuals(series, years, detrend)[1].tolist() == [True, True, True, True, False]
    found = hurst(series, detrend=detrend, years=years, significance=True)
    for name in ("hurst", "r_squared", "p_value"):
        assert np.isfinite(found[name]).tolist() == [False, False, False, False, True]


@lines
def test_a_pixel_does_not_depend_on_its_neighbours(stack, detrend):
    whole, _is_line = residuals(stack, YEARS, detrend)
    for place in range(0, 60, 7):
        assert np.array_equal(residuals(stack[:, place : place + 1], YEARS, detrend)[0][:, 0], whole[:, place],
                              equal_nan=True)


def test_an_unknown_kind():
    with pytest.raises(InvalidParameter, match="DETREND.* is no kind of line: give 0"):
        residuals(np.zeros((3, 1)), np.arange(3), 3)


# The exponent ---------------------------------------------------------------------------------------------------------


def test_exponents_equal_nolds_on_residuals(reference):
    compared = 0
    for name, entry in reference["series"].items():
        values = np.array([np.nan if value is None else value for value in entry["x"]], dtype=float)
        for kind, results in entry["results"].items():
            if results is None:  # a line, or constant
                assert np.isnan(hurst(values, detrend=KINDS[kind], years=entry["t"])["hurst"])
                compared += 1
                continue
            for form, corrected in (("pieces_corrected", True), ("pieces_raw", False)):
                expected = results[form]
                found = hurst(values, detrend=KINDS[kind], years=entry["t"], corrected=corrected)["hurst"]
                np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12, err_msg=f"{name} {kind}")
                compared += 1
            found = hurst(values, detrend=KINDS[kind], years=entry["t"], corrected=False, method=Method.EXPANDING)
            np.testing.assert_allclose(found["hurst"], results["expanding_raw"], rtol=0, atol=1e-12, err_msg=name)
    assert compared > 110


@pytest.mark.parametrize("n", [10, 15, 20, 30, 40])
def test_what_white_noise_has_equals_the_simulation_of_nolds(reference, n):
    compared = 0
    for row in reference["table"]:
        if row["n"] != n or row["detrend"] == "none":
            continue
        method, _, form = row["method"].partition("_")
        options = {"n": row["n"], "method": Method[method.upper()], "corrected": form == "corrected",
                   "detrend": KINDS[row["detrend"]]}
        assert white_noise.white_noise_mean(**options) == pytest.approx(row["mean"], abs=0.004), row
        assert white_noise.white_noise_persistent(**options) == pytest.approx(100 * row["share_above_half"], abs=1)
        quantiles = reference["null_quantiles"][f"{row['method']}|{row['detrend']}|{row['n']}"]
        null = white_noise.null_distribution(**options)
        for share in ("0.025", "0.5", "0.975"):
            assert np.quantile(null, float(share)) == pytest.approx(quantiles[share], abs=0.01)
        compared += 1
    assert compared == (4 if n == 10 else 8)


@pytest.mark.parametrize("n", [10, 15, 20, 30, 40])
def test_a_trend_that_is_left_counts_as_persistence(reference, n):
    """The share above 0.5 of white noise with a slope in standard deviations a year, whatever is right for it."""
    noise = np.random.default_rng(n).standard_normal((n, 50_000))
    compared = 0
    for row in reference["table"]:
        if row["n"] != n or row["detrend"] != "none":
            continue
        method, _, form = row["method"].partition("_")
        series = noise + row["slope_sd_per_year"] * np.arange(n)[:, np.newaxis]
        found = hurst(series, method=Method[method.upper()], corrected=form == "corrected", min_observations=n)["hurst"]
        assert found.mean() == pytest.approx(row["mean"], abs=0.004), row
        assert (found > 0.5).mean() == pytest.approx(row["share_above_half"], abs=0.01), row
        compared += 1
    assert compared == (8 if n == 10 else 16)


@pytest.mark.parametrize("method", list(Method))
def test_a_trend_is_no_persistence(method):
    rng = np.random.default_rng(6)
    noise = rng.normal(size=(20, 4000)) + 0.3 * np.arange(20)[:, np.newaxis]
    plain = hurst(noise, method=method)["hurst"]
    found = hurst(noise, method=method, detrend=Detrend.OLS, significance=True)
    assert (plain > 0.5).mean() > 0.7
    assert (found["hurst"] > 0.5).mean() == pytest.approx(0.5, abs=0.04)
    assert (found["p_value"] < 0.05).mean() == pytest.approx(0.05, abs=0.015)


def exact_exponent(series: list, slope: Fraction) -> float:
    """Corrected H of pieces, of residuals in fractions: a piece is constant where it is."""
    n = len(series)
    values = [value - slope * step for step, value in enumerate(series)]
    points = []
    for length in range(4, n // 2 + 1):
        ratios = []
        for start in range(0, n - length + 1, length):
            piece = values[start : start + length]
            mean = sum(piece) / length
            sums = list(accumulate(value - mean for value in piece))
            if any(sums):
                variance = sum((value - mean) ** 2 for value in piece) / (length - 1)
                ratios.append(float(max(*sums, 0) - min(*sums, 0)) / math.sqrt(variance))
        if ratios:
            expected = expected_rescaled_range(length)
            points.append((math.log(length), math.log(sum(ratios) / len(ratios) / expected)))
    return 0.5 + np.polyfit(*zip(*points), 1)[0] if len(points) >= 3 else math.nan


def least_squares(series: list) -> Fraction:
    times = [2 * step - len(series) + 1 for step in range(len(series))]
    return 2 * sum(t * value for t, value in zip(times, series)) / Fraction(sum(t * t for t in times))


def sparse(n: int) -> list:
    """Series of 0 but for one to three values, in even distances or beside each other: many have a slope of 0."""
    places = [combination for ones in (1, 2, 3) for combination in combinations(range(n), ones)]
    return [[Fraction(int(step in chosen)) for step in range(n)] for chosen in places[:: 1 if n < 14 else 7]]


@pytest.mark.parametrize(("scale", "level"), [(1.0, 0.0), (0.1, 0.0), (0.1, 0.3), (123.456, 0.0), (0.1, 1000.0)])
@pytest.mark.parametrize("n", [13, 21])
def test_rounding_makes_no_piece_of_what_is_constant(n, scale, level):
    """Mostly 0, as water is: pieces of equal residuals must not be measured by what rounding makes of them."""
    series = sparse(n)
    expected = [exact_exponent(each, least_squares(each)) for each in series]
    found = hurst(scale * np.array(series, dtype=float).T + level, detrend=Detrend.OLS)["hurst"]
    assert sum(not least_squares(each) for each in series) > 8
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8 if level else 1e-11)


@lines
@pytest.mark.parametrize("step", [0.1, 0.7, 1 / 3])
def test_rounding_makes_no_piece_of_what_runs_beside_the_line(detrend, step):
    """A straight stretch of the slope of the whole series."""
    whole = [Fraction(value) for value in (0, 1, 2, 3, 4, 5, 6, 7, 7, 16, 13, 16, 12, 13, 14, 15, 16, 17, 18, 19, 20)]
    slope = {Detrend.OLS: least_squares(whole), Detrend.THEIL_SEN: Fraction(1)}[detrend]
    assert slope == 1
    found = hurst(step * np.array(whole, dtype=float)[:, np.newaxis], detrend=detrend)["hurst"]
    assert found[0] == pytest.approx(exact_exponent(whole, slope), abs=1e-11)
