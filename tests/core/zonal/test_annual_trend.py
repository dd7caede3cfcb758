"""Level and trend of annual means."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.trend.theil_sen import trend
from nep_toolbox.core.zonal.annual_trend import annual_summary
from nep_toolbox.errors import InvalidParameter

NAN = np.nan


def test_by_hand():
    # Years 2001, 2002, 2004 with 1, 3, 4: slope (sum of dt dy) / (sum of dt dt) = (13/3) / (14/3).
    found = annual_summary(np.array([[1.0], [3.0], [NAN], [4.0]]), np.array([2001, 2002, 2003, 2004]))
    assert found["mean"][0] == pytest.approx(8 / 3)
    assert found["slope"][0] == pytest.approx(13 / 14, rel=1e-12)
    assert found["intercept"][0] + found["slope"][0] * (6007 / 3) == pytest.approx(8 / 3, rel=1e-9)
    # Pair slopes 2, 1, 0.5; all three pairs rise: S = 3, Var S = 66/18, Z = 2 / sqrt(66/18).
    assert found["sen_slope"][0] == pytest.approx(1.0, rel=1e-12)
    assert found["p"][0] == pytest.approx(0.2962699, abs=1e-7)


def test_least_squares_equals_scipy():
    from scipy.stats import linregress

    rng = np.random.default_rng(6)
    years = np.array([2001, 2002, 2004, 2005, 2006, 2009, 2010, 2011])
    means = 300 + 0.7 * (years - 2005)[:, np.newaxis] + rng.standard_normal((8, 30))
    means[rng.random(means.shape) < 0.2] = NAN
    found = annual_summary(means, years)
    for region in range(30):
        chosen = ~np.isnan(means[:, region])
        expected = linregress(years[chosen], means[chosen, region])
        assert found["slope"][region] == pytest.approx(expected.slope, rel=1e-9)
        assert found["intercept"][region] == pytest.approx(expected.intercept, rel=1e-9)
        assert found["slope_p"][region] == pytest.approx(expected.pvalue, rel=1e-7)


def test_ranked_results_equal_those_of_the_pixels_and_of_scipy():
    from scipy.stats import theilslopes

    rng = np.random.default_rng(9)
    years = np.arange(2001, 2021)
    means = 300 + 1.1 * (years - 2010)[:, np.newaxis] + 5 * rng.standard_normal((20, 12))
    found = annual_summary(means, years)
    pixels = trend(means, years, confidence=95)
    for name, source in (("sen_lower", "lower"), ("sen_upper", "upper"), ("z", "z"), ("sen_slope", "slope")):
        np.testing.assert_array_equal(found[name], pixels[source])
    for region in range(12):
        expected = theilslopes(means[:, region], years, 0.95)
        assert found["sen_slope"][region] == pytest.approx(expected[0], rel=1e-12)
        # scipy takes whole ranks: its limits are at most one of the 190 pair slopes away.
        slopes = np.sort([(means[j, region] - means[i, region]) / (j - i) for i in range(20) for j in range(i + 1, 20)])
        for name, limit in (("sen_lower", expected[2]), ("sen_upper", expected[3])):
            place = np.abs(slopes - limit).argmin()
            assert slopes[max(place - 1, 0)] <= found[name][region] <= slopes[min(place + 1, 189)]
        assert found["sen_lower"][region] < expected[0] < found["sen_upper"][region]


def test_constant_short_and_missing():
    years = np.arange(2001, 2006)
    means = np.column_stack((np.full(5, 7.0), [1, 2, NAN, NAN, NAN], np.full(5, NAN), 3.0 * years))
    found = annual_summary(means, years)
    np.testing.assert_allclose(found["mean"], [7, 1.5, NAN, 6009])
    np.testing.assert_allclose(found["slope"], [0, NAN, NAN, 3], atol=1e-12)
    np.testing.assert_allclose(found["sen_slope"], [0, NAN, NAN, 3], atol=1e-12)
    np.testing.assert_allclose(found["slope_p"], [1, NAN, NAN, 0], atol=1e-12)
    assert found["p"][0] == 1
    assert np.isnan(found["p"][1:3]).all()
    two = annual_summary(means[:2], years[:2])
    np.testing.assert_allclose(two["mean"], [7, 1.5, NAN, 6004.5])
    assert np.isnan([two[name] for name in ("slope", "sen_slope", "sen_lower", "sen_upper", "z", "p")]).all()


def test_bad_input():
    with pytest.raises(InvalidParameter, match="do not fit"):
        annual_summary(np.ones((3, 1)), np.arange(4))
    with pytest.raises(InvalidParameter, match="at least 3"):
        annual_summary(np.ones((3, 1)), np.arange(3), min_observations=2)
