"""Growth, spread, extremes and ranks of annual means, by hand and against plain Python."""

from __future__ import annotations

import json
import statistics

import numpy as np
import pytest

from nep_toolbox.core.zonal.annual_levels import annual_levels, descending_ranks, growth_percent, mean_of_known

NAN = np.nan


def test_growth_by_hand():
    means = np.array([[100.0, -50.0, 0.0], [110.0, -25.0, 3.0], [NAN, -75.0, 6.0], [99.0, 0.0, 3.0], [198.0, 5.0, 4.0]])
    # 2004 is missing: 2005 has no year before, like a year after one without a mean.
    found = growth_percent(means, np.array([2001, 2002, 2003, 2005, 2006]))
    np.testing.assert_allclose(found, [
        [NAN, NAN, NAN],
        [10, 50, NAN],  # a rise from a negative mean is positive; from 0 there is no percentage
        [NAN, -200, 100],
        [NAN, NAN, NAN],
        [100, NAN, 100 / 3],
    ], rtol=1e-12)


@pytest.mark.parametrize("name", ["rising", "around_zero", "negative", "constant"])
def test_equals_rates_computed_apart(shared, name):
    rates = json.loads((shared / "reference/zonal_fraction.json").read_text())["rates"][name]
    means = np.array(rates["x"])[:, np.newaxis]
    expected = np.array(rates["rate_percent"], dtype=float)
    np.testing.assert_allclose(growth_percent(means, np.array(rates["years"]))[:, 0], expected, rtol=1e-12)
    assert np.isnan(expected[0]) and np.isfinite(expected[1:]).all()
    level = means.mean(axis=0)
    found = annual_levels(means, level, np.array(rates["years"]))
    # Both know where a ratio to the mean measures nothing, and what is left of a constant series.
    assert np.isnan(found["cv"][0]) == (rates["relative_slope_percent"] is None) == (name == "around_zero")
    if rates["anomaly_sd"] is not None:
        scaled = (means - level)[:, 0] / found["std"][0]
        np.testing.assert_allclose(scaled, rates["anomaly_sd"], rtol=1e-12, atol=1e-14)


def test_levels_equal_plain_python():
    rng = np.random.default_rng(2)
    years = np.array([2001, 2002, 2004, 2005, 2006, 2009, 2010])
    means = 300 + 20 * rng.standard_normal((7, 40))
    means[rng.random(means.shape) < 0.3] = NAN
    means[1:, 0] = NAN
    means[:, 1] = NAN
    level = np.array([statistics.fmean(column[~np.isnan(column)]) if (~np.isnan(column)).any() else NAN
                      for column in means.T])
    found = annual_levels(means, level, years)
    assert np.isnan([values[1] for values in found.values()]).all()
    assert np.isnan(found["std"][0]) and np.isnan(found["cv"][0]) and found["min_year"][0] == found["max_year"][0]
    for region in range(2, 40):
        known = {int(year): value for year, value in zip(years, means[:, region]) if value == value}
        values = list(known.values())
        sd, mean = statistics.stdev(values), statistics.fmean(values)
        assert found["std"][region] == pytest.approx(sd, rel=1e-12)
        assert found["cv"][region] == pytest.approx(100 * sd / mean, rel=1e-12)
        for name, chosen in (("min", min(known, key=known.get)), ("max", max(known, key=known.get))):
            assert (found[name][region], found[f"{name}_year"][region]) == (known[chosen], chosen)
        assert found["years_above"][region] == sum(value > mean for value in values)


def test_a_coefficient_only_where_the_mean_differs_from_zero():
    # Of n = 4, two standard errors are one standard deviation: here sqrt(400 / 3) = 11.547.
    spread = np.array([10.0, -10.0, 10.0, -10.0])
    means = np.column_stack((spread, spread + 11.5, spread + 11.6, spread - 11.6))
    found = annual_levels(means, means.mean(axis=0), np.arange(2001, 2005))
    sd = (400 / 3) ** 0.5
    np.testing.assert_allclose(found["cv"], [NAN, NAN, 100 * sd / 11.6, 100 * sd / 11.6], rtol=1e-12)
    np.testing.assert_allclose(found["std"], sd, rtol=1e-12)


def test_constant_means_have_no_year_above_whatever_is_rounded():
    means = np.full((7, 1), 0.1)
    level = means.sum(axis=0) / 7
    assert level[0] != 0.1, "the mean is rounded"
    found = annual_levels(means, level, np.arange(2001, 2008))
    assert found["years_above"][0] == 0
    assert (found["min_year"][0], found["max_year"][0]) == (2001, 2001), "the first of several"
    assert found["cv"][0] == pytest.approx(0, abs=1e-12)


def test_mean_of_known_steps():
    values = np.array([[1.0, 0.0], [NAN, 0.0], [4.0, 0.0]])
    np.testing.assert_array_equal(mean_of_known(values, np.array([[True, False], [False, False], [True, False]])),
                                  [2.5, NAN])


def test_ranks_from_the_highest():
    values = np.array([9.0, 3.0, 7.0, 7.0, NAN, 1.0])
    ranked = np.array([False, True, True, True, True, True])
    np.testing.assert_array_equal(descending_ranks(values, ranked), [NAN, 3, 1, 1, NAN, 4])
    assert np.isnan(descending_ranks(values[:1], ranked[:1])).all()
