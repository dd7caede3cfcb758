"""Trend and persistence of points: those of pixels, and scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from nep_toolbox.core.persistence.hurst import Detrend, hurst
from nep_toolbox.core.sampling.point_series import point_summary
from nep_toolbox.core.trend.theil_sen import trend

YEARS = np.arange(2001, 2021)
RNG = np.random.default_rng(8)
VALUES = np.cumsum(RNG.normal(1, 3, (20, 30)), axis=0)
VALUES[RNG.random(VALUES.shape) < 0.1] = np.nan
VALUES[:, 0] = np.nan
VALUES[5:, 1] = np.nan


def test_the_numbers_are_those_of_pixels():
    found = point_summary(VALUES, YEARS, min_observations=8, confidence=90.0)
    pixels = trend(VALUES, YEARS, min_observations=8, confidence=90.0)
    for key, name in (("slope", "slope"), ("lower", "lower"), ("upper", "upper"), ("z", "z"), ("p", "p_value")):
        np.testing.assert_array_equal(found[key], pixels[name])
    persistence = hurst(VALUES, detrend=Detrend.OLS, years=YEARS)["hurst"]
    np.testing.assert_array_equal(found["hurst"], persistence)
    assert np.isfinite(found["slope"]).sum() == np.isfinite(found["hurst"]).sum() == 28


def test_points_do_not_depend_on_each_other():
    found = point_summary(VALUES, YEARS)
    for point in (0, 1, 2, 29):
        alone = point_summary(VALUES[:, [point]], YEARS)
        for key, values in alone.items():
            np.testing.assert_allclose(values, found[key][[point]], rtol=1e-14)


def test_mean_and_medians():
    found = point_summary(VALUES, YEARS)
    assert found["n"].tolist() == np.isfinite(VALUES).sum(axis=0).tolist()
    np.testing.assert_allclose(found["mean"][1:], np.nanmean(VALUES[:, 1:], axis=0), rtol=1e-13)
    assert np.isnan(found["mean"][0]) and np.isnan(found["middle"][0])
    for point in range(2, 30):
        valid = np.isfinite(VALUES[:, point])
        slope, intercept, *_limits = stats.theilslopes(VALUES[valid, point], YEARS[valid])
        middle = found["middle"][point]
        assert middle == np.median(YEARS[valid])
        assert found["slope"][point] == pytest.approx(slope, rel=1e-12)
        # The line passes through both medians.
        assert found["level"][point] == pytest.approx(np.median(VALUES[valid, point]), rel=1e-9)
        assert found["level"][point] == pytest.approx(intercept + slope * middle, rel=1e-9)


def test_few_values_have_a_mean_and_no_trend():
    found = point_summary([[1.0, 2.0], [3.0, np.nan]], [2001, 2002])
    assert found["mean"].tolist() == [2.0, 2.0] and found["n"].tolist() == [2, 1]
    assert np.isnan([found[key] for key in ("slope", "lower", "upper", "z", "p", "hurst", "level")]).all()


def test_no_point():
    assert all(len(values) == 0 for values in point_summary(np.empty((20, 0)), YEARS).values())


def test_a_sum_beyond_all_numbers_is_no_mean():
    assert np.isnan(point_summary([[1e308], [1e308]], [2001, 2002])["mean"]).all()


def test_twelve_values_have_a_hurst_exponent_and_eleven_have_none():
    values = np.random.default_rng(1).normal(size=(20, 2))
    values[12:, 0] = values[11:, 1] = np.nan
    assert np.isfinite(point_summary(values, YEARS)["hurst"]).tolist() == [True, False]
