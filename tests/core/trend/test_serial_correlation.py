"""Corrections for serial correlation against the reference numbers and a plain computation."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from nep_toolbox.core.trend import theil_sen as trend_module
from nep_toolbox.core.trend.theil_sen import CLASS_NODATA, Correction, trend, trend_class

# the reference's tests of one series, with the correction and lag that ask us for the same
SERIES_TESTS = {
    "hamed_rao_modification_test": (Correction.HAMED_RAO, 0),
    "hamed_rao_modification_test_lag3": (Correction.HAMED_RAO, 3),
    "yue_wang_modification_test": (Correction.YUE_WANG, 0),
    "yue_wang_modification_test_lag1": (Correction.YUE_WANG, 1),
    "pre_whitening_modification_test": (Correction.PRE_WHITENING, 1),
    "trend_free_pre_whitening_modification_test": (Correction.TREND_FREE_PRE_WHITENING, 1),
}
UPSTREAM_TESTS = {
    "hamed_rao": (Correction.HAMED_RAO, 0),
    "hamed_rao_lag3": (Correction.HAMED_RAO, 3),
    "yue_wang": (Correction.YUE_WANG, 0),
    "yue_wang_lag1": (Correction.YUE_WANG, 1),
    "pre_whitening": (Correction.PRE_WHITENING, 1),
    "tfpw": (Correction.TREND_FREE_PRE_WHITENING, 1),
}
CORRECTIONS = [c for c in Correction if c != Correction.NONE]


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference" / "mann_kendall.json").read_text(encoding="utf-8"))


def as_floats(values):
    return np.array([math.nan if value is None else float(value) for value in values])


def assert_met(values, expected, correction, lag, label):
    results = trend(values, np.arange(values.size), min_observations=2, correction=correction, lag=lag)
    for ours, theirs in (("slope", "slope"), ("intercept", "intercept"), ("s", "s"), ("var_s", "var_s")):
        if theirs in expected:
            assert results[ours] == pytest.approx(float(expected[theirs]), rel=1e-6, abs=1e-12, nan_ok=True), label
    assert results["z"] == pytest.approx(float(expected["z"]), rel=1e-6, abs=1e-12, nan_ok=True), label
    assert results["p_value"] == pytest.approx(float(expected["p"]), rel=0, abs=1e-9, nan_ok=True), label


@pytest.mark.parametrize("test", SERIES_TESTS)
def test_reference_series(reference, test):
    for name, series in reference["series"].items():
        assert_met(as_floats(series["x"]), series["tests"][test], *SERIES_TESTS[test], name)


@pytest.mark.parametrize("test", UPSTREAM_TESTS)
def test_numbers_asserted_upstream(reference, test):
    upstream = reference["upstream_asserted"]
    assert_met(as_floats(upstream["arbitrary_1d_data"]), upstream[test], *UPSTREAM_TESTS[test], test)


def test_recomputed_upstream_numbers(reference):
    values = as_floats(reference["upstream_asserted"]["arbitrary_1d_data"])
    for test in ("hamed_rao", "yue_wang"):
        assert_met(values, reference["upstream_recomputed"][test], *UPSTREAM_TESTS[test], test)


def plain_mann_kendall(values):
    n = len(values)
    s = sum((values[j] > values[i]) - (values[j] < values[i]) for i in range(n) for j in range(i + 1, n))
    groups = {value: values.count(value) for value in values}.values()
    return s, (n * (n - 1) * (2 * n + 5) - sum(g * (g - 1) * (2 * g + 5) for g in groups)) / 18


def plain_autocorrelation(values, lag):
    mean = math.fsum(values) / len(values)
    centred = [value - mean for value in values]
    return math.fsum(a * b for a, b in zip(centred, centred[lag:])) / math.fsum(a * a for a in centred)


def plain_correction(series, slope, correction, lag):
    """S and its variance after the definitions, for the valid values of one series."""
    values = [float(value) for value in series if not math.isnan(value)]
    n = len(values)
    lags = range(1, (lag or n - 1) + 1)
    detrended = [value - slope * (i + 1) for i, value in enumerate(values)]
    s, variance = plain_mann_kendall(values)
    if correction == Correction.HAMED_RAO:
        ranks = [
            sum(a < b for a in detrended) + (sum(a == b for a in detrended) + 1) / 2 for b in detrended
        ]
        total = 0.0
        for k in lags:
            r = plain_autocorrelation(ranks, k)
            if abs(r) > 1.959963984540054 / math.sqrt(n):
                total += (n - k) * (n - k - 1) * (n - k - 2) * r
        return s, variance * (1 + 2 * total / (n * (n - 1) * (n - 2)))
    if correction == Correction.YUE_WANG:
        return s, variance * (1 + 2 * sum((1 - k / n) * plain_autocorrelation(detrended, k) for k in lags))
    base = values if correction == Correction.PRE_WHITENING else detrended
    r = plain_autocorrelation(base, 1)
    back = 0.0 if correction == Correction.PRE_WHITENING else slope
    return plain_mann_kendall([base[i + 1] - r * base[i] + back * (i + 1) for i in range(n - 1)])


@pytest.mark.parametrize("correction", CORRECTIONS)
@pytest.mark.parametrize("lag", [0, 1, 3])
def test_series_with_gaps_are_the_plain_computation(correction, lag):
    generator = np.random.default_rng(int(correction))
    stack = np.cumsum(generator.normal(size=(20, 60)), axis=0)
    stack[generator.random(stack.shape) < 0.15] = np.nan
    years = 2001 + np.arange(20)
    plain = trend(stack, years)
    results = trend(stack, years, correction=correction, lag=lag)
    for pixel in range(stack.shape[1]):
        s, variance = plain_correction(stack[:, pixel], float(plain["slope"][pixel]), correction, lag)
        assert results["s"][pixel] == s
        assert results["var_s"][pixel] == pytest.approx(variance, rel=1e-9)
        if variance > 0:
            z = 0 if s == 0 else (s - math.copysign(1, s)) / math.sqrt(variance)
            assert results["z"][pixel] == pytest.approx(z, rel=1e-9)
            assert results["p_value"][pixel] == pytest.approx(math.erfc(abs(z) / math.sqrt(2)), rel=1e-7)


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_slope_limits_and_tau_stay_those_of_the_series(correction):
    stack = np.cumsum(np.random.default_rng(1).normal(size=(20, 50)), axis=0)
    years = 2001 + np.arange(20)
    plain, results = trend(stack, years, confidence=95.0), trend(stack, years, correction=correction, confidence=95.0)
    for name in ("slope", "intercept", "tau", "lower", "upper"):
        np.testing.assert_array_equal(results[name], plain[name], err_msg=name)
    assert (results["z"] != plain["z"]).any()


def test_no_variance_gives_no_class():
    # strong negative autocorrelation makes the corrected variance negative
    values = np.array([1.0, 9, 2, 8, 3, 9, 2, 9, 3, 8, 4, 9])
    results = trend(values, np.arange(12), correction=Correction.YUE_WANG, lag=1)
    assert results["var_s"] < 0
    assert np.isnan(results["z"])
    assert np.isnan(results["p_value"])
    assert trend_class(results["slope"], results["p_value"]) == CLASS_NODATA


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_constant_and_missing_pixels(correction):
    stack = np.full((12, 3), 5.0)
    stack[:6, 1] = np.nan
    stack[:, 2] = np.nan
    results = trend(stack, np.arange(12), min_observations=6, correction=correction)
    np.testing.assert_array_equal(results["z"], [0, 0, np.nan])
    np.testing.assert_array_equal(results["p_value"], [1, 1, np.nan])


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_the_unit_of_time_does_not_matter(correction):
    stack = np.cumsum(np.random.default_rng(2).normal(size=(16, 40)), axis=0)
    yearly = trend(stack, np.arange(16), correction=correction)
    every_fourth = trend(stack, 1960 + 4 * np.arange(16), correction=correction)
    np.testing.assert_allclose(every_fourth["slope"], yearly["slope"] / 4, rtol=1e-12)
    np.testing.assert_allclose(every_fourth["z"], yearly["z"], rtol=1e-9)


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_results_do_not_depend_on_the_block(correction, monkeypatch):
    generator = np.random.default_rng(3)
    stack = np.cumsum(generator.normal(size=(15, 300)), axis=0).astype(np.float32)
    stack[generator.random(stack.shape) < generator.choice([0, 0.1], size=300)] = np.nan
    whole = trend(stack, np.arange(15), correction=correction, lag=0)
    single = [trend(stack[:, pixel], np.arange(15), correction=correction, lag=0) for pixel in range(40)]
    monkeypatch.setattr(trend_module, "CHUNK_PIXELS", 17)
    small = trend(stack, np.arange(15), correction=correction, lag=0)
    for name, result in whole.items():
        np.testing.assert_array_equal(small[name], result, err_msg=name)
        np.testing.assert_array_equal([one[name] for one in single], result[:40], err_msg=name)
