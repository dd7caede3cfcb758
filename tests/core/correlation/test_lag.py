"""The lag of a driver: the reference, the calendar, gaps, lines, ties, and how often noise has a lag."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core import valid_values
from nep_toolbox.core.correlation.coefficients import partial, pearson
from nep_toolbox.core.correlation.lag import (
    DRIVER_CONSTANT,
    LAG_NODATA,
    SERIES_CONSTANT,
    first_largest,
    lag_correlation,
    lagged_years,
)
from nep_toolbox.errors import InvalidParameter

NAN = np.nan


def lagged(series, driver, max_lag, years=None, driver_years=None, **options):
    """The lags of a series (n, ...); its years and those of its driver are counted from 0 where they are not given."""
    years = list(range(len(series))) if years is None else list(years)
    driver_years = list(range(len(driver))) if driver_years is None else list(driver_years)
    used = lagged_years(years, driver_years, max_lag)
    rows = [[years.index(year) for year in used.years], [driver_years.index(year) for year in used.driver_years]]
    return lag_correlation(
        np.asarray(series)[rows[0]], np.asarray(driver)[rows[1]], used.places, used.years, **options
    )


@pytest.fixture(scope="module")
def noise() -> tuple:
    """A series of 20 steps and a driver, unrelated, with gaps in some pixels and a line in some."""
    rng = np.random.default_rng(5)
    series, driver = rng.normal(size=(2, 20, 40))
    series[:, 10:20] += 0.3 * np.arange(20)[:, np.newaxis]
    series[[4, 11], 3] = driver[7, 5] = series[3, 25] = NAN
    series[:9, 7] = np.inf
    return series, driver


def test_the_reference(shared):
    cases = json.loads((shared / "reference/attribution.json").read_text(encoding="utf-8"))["lag"]
    for case in cases.values():
        found = lagged(case["y"], case["x"], case["max_lag"], permutations=1999)
        assert found.n == case["n_used"]
        np.testing.assert_allclose(found.r_by_lag, case["r"], rtol=0, atol=1e-12)
        assert found.lag == case["best_lag"]
        assert found.r == pytest.approx(case["r_best"], abs=1e-12)
        assert found.p_value == pytest.approx(case["p_max"], abs=0.01)
    assert len(cases) == 3


def test_years_are_those_of_the_calendar():
    used = lagged_years([2001, 2002, 2003, 2006, 2007], [1999, 2000, 2001, 2002, 2003, 2005, 2006, 2007], 2)
    assert used.years == [2001, 2002, 2003, 2007]
    assert used.driver_years == [1999, 2000, 2001, 2002, 2003, 2005, 2006, 2007]
    assert used.places.tolist() == [[2, 3, 4, 7], [1, 2, 3, 6], [0, 1, 2, 5]]
    assert lagged_years([2003, 2001, 2002], [2002, 2001, 2003], 0).years == [2001, 2002, 2003]
    assert lagged_years([2001, 2002], [2002, 2003], 1) == ([], [], pytest.approx(np.empty((2, 0))))
    # the driver of the years before the series counts
    rng = np.random.default_rng(2)
    driver = rng.normal(size=12)
    found = lagged(2 * driver[:10] - 3, driver, 2, years=range(2001, 2011), driver_years=range(1999, 2011))
    assert (found.n, found.lag) == (10, 2) and found.r == pytest.approx(1)
    # a driver whose years are out of order, and a year that lacks
    order = [7, 2, 0, 5, 9, 1, 3, 11, 8, 4, 10, 6]
    again = lagged(2 * driver[:10] - 3, driver[order], 2, range(2001, 2011), [1999 + place for place in order])
    assert (again.lag, again.r, again.p_value) == (found.lag, found.r, found.p_value)


def test_r_is_that_of_the_common_years_at_each_lag(noise):
    series, driver = noise
    for detrend in (False, True):
        found = lagged(series, driver, 3, detrend=detrend, permutations=19)
        y, x = series[3:], [driver[3 - lag : 20 - lag] for lag in range(4)]
        known = np.isfinite(y) & np.logical_and.reduce([np.isfinite(each) for each in x])
        np.testing.assert_array_equal(found.n, known.sum(axis=0))
        y = np.where(known, y, NAN)
        years = np.broadcast_to(np.arange(17.0)[:, np.newaxis], y.shape)
        for lag in range(4):
            expected = partial(y, x[lag], (years,)).r if detrend else pearson(y, x[lag]).r
            np.testing.assert_allclose(found.r_by_lag[lag], expected, rtol=0, atol=1e-12)
        best = np.abs(found.r_by_lag[:, found.n >= 8]).argmax(axis=0)
        np.testing.assert_array_equal(found.lag[found.n >= 8], best)
        assert (found.lag[found.n < 8] == LAG_NODATA).all() and (found.n < 8).sum() == 0
        assert found.r[3] == found.r_by_lag[found.lag[3], 3]


def slow_p(y, x, count, seed, years=None):
    """p by the definition: y in random order against each driver; with years the line is taken out of each order."""
    def rest(values):
        return values if years is None else values - np.polyval(np.polyfit(years, values, 1), years)

    def largest(values):
        return max(abs(np.corrcoef(rest(values), rest(each))[0, 1]) for each in x)

    generator, observed = np.random.RandomState(seed), largest(y)
    orders = [generator.permutation(len(y)) for _ in range(count)]
    return (1 + sum(largest(rest(y)[order]) >= observed - 1e-12 for order in orders)) / (count + 1)


@pytest.mark.parametrize("detrend", [False, True])
def test_p_by_its_definition(noise, detrend):
    series, driver = noise
    found = lagged(series, driver, 2, detrend=detrend, permutations=300, seed=9)
    for pixel in (0, 3, 5, 12, 18):
        y, x = series[2:, pixel], [driver[2 - lag : 20 - lag, pixel] for lag in range(3)]
        known = np.isfinite(y) & np.logical_and.reduce([np.isfinite(each) for each in x])
        years = np.arange(18.0)[known] if detrend else None
        expected = slow_p(y[known], [each[known] for each in x], 300, 9, years)
        assert found.p_value[pixel] == pytest.approx(expected, abs=1e-15)


def test_lines_change_nothing_once_they_are_taken_out(noise):
    series, driver = noise
    line = np.arange(20.0)[:, np.newaxis]
    found = lagged(series, driver, 2, detrend=True, permutations=99)
    with_lines = lagged(1e3 * series + 400 * line + 1e6, driver - 3 * line, 2, detrend=True, permutations=99)
    np.testing.assert_allclose(with_lines.r_by_lag, found.r_by_lag, rtol=0, atol=1e-8)
    np.testing.assert_array_equal(with_lines.lag, found.lag)
    assert np.nanmax(np.abs(with_lines.p_value - found.p_value)) <= 0.011
    plain = lagged(series, driver, 2, permutations=99)
    # level and unit never count, nor the sign
    other = lagged(-0.01 * series + 250, 1e5 * driver, 2, permutations=99)
    np.testing.assert_allclose(other.r_by_lag, -plain.r_by_lag, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(other.p_value, plain.p_value)


def test_huge_and_tiny_values_and_r_of_one():
    rng = np.random.default_rng(6)
    driver = rng.normal(size=(15, 200))
    found = lagged(3e200 * driver, 1e-200 * driver, 1, permutations=19)
    assert (found.lag == 0).all() and (found.r <= 1).all()
    np.testing.assert_allclose(found.r, 1, rtol=0, atol=1e-12)
    assert (lagged(-driver, driver, 0, permutations=19).r >= -1).all()


def test_gaps_beside_a_level_pixel():
    """The line of each pixel is that of its own years, though one of those with as many years has no result."""
    rng = np.random.default_rng(9)
    series, driver = rng.normal(size=(2, 14, 4))
    for pixel, gap in enumerate((3, 5, 9, 11)):
        series[gap, pixel] = NAN
    series[np.isfinite(series[:, 1]), 1] = 2.0
    found = lagged(series, driver, 1, detrend=True, permutations=99)
    for pixel in (0, 2, 3):
        alone = lagged(series[:, pixel], driver[:, pixel], 1, detrend=True, permutations=99)
        assert (found.r[pixel], found.p_value[pixel]) == (alone.r, alone.p_value)
    assert found.constant.tolist() == [0, SERIES_CONSTANT, 0, 0]


def test_no_result_and_why():
    rng = np.random.default_rng(8)
    series, driver = rng.normal(size=(2, 12, 6))
    series[:, 0] = 0.1
    driver[:, 1] = 7.3
    driver[3:, 2] = 5.0  # constant over the years of the lag 0 alone
    series[:, 3] = 0.3 * np.arange(12)  # a line
    driver[2:6, 4] = NAN  # too few years
    series[2, 5] = NAN
    found = lagged(series, driver, 3, permutations=19)
    assert found.constant.tolist() == [SERIES_CONSTANT, DRIVER_CONSTANT, DRIVER_CONSTANT, 0, 0, 0]
    assert np.isnan(found.p_value).tolist() == [True, True, True, False, True, False]
    assert (found.lag == LAG_NODATA).tolist() == np.isnan(found.r).tolist() == np.isnan(found.p_value).tolist()
    assert np.isnan(found.r_by_lag).all(axis=0).tolist() == np.isnan(found.p_value).tolist()
    assert found.n.tolist() == [9, 9, 9, 9, 3, 9]
    detrended = lagged(series, driver, 3, permutations=19, detrend=True)
    assert detrended.constant.tolist() == [SERIES_CONSTANT, DRIVER_CONSTANT, DRIVER_CONSTANT, SERIES_CONSTANT, 0, 0]
    more = lagged(series, driver, 3, permutations=19, min_observations=10)
    assert np.isnan(more.p_value).all() and not more.constant.any()


def test_both_series_constant_is_said_of_the_first():
    found = lagged(np.full(12, 3.0), np.full(12, 4.0), 1, permutations=19)
    assert found.constant == SERIES_CONSTANT


def test_the_first_of_equal_lags():
    assert first_largest(np.array([[0.3, -0.5, 0.2], [-0.3, 0.5, 0.2 + 1e-9]])).tolist() == [0, 0, 1]
    assert first_largest(np.array([[0.3], [0.3 + 1e-15]])).tolist() == [0]
    wave = np.tile([0.0, 1.0, 0.0, -1.0], 5)  # which is its own contrary two years later
    found = lagged(wave + 2, wave[::-1], 3, permutations=19)
    assert found.lag == np.abs(found.r_by_lag).round(9).argmax()
    assert np.abs(found.r_by_lag[found.lag]) > 0.99


def test_a_pixel_does_not_depend_on_its_neighbours(noise, monkeypatch):
    series, driver = noise
    for detrend in (False, True):
        whole = lagged(series, driver, 2, detrend=detrend, permutations=99)
        alone = [lagged(series[:, [pixel]], driver[:, [pixel]], 2, detrend=detrend, permutations=99)
                 for pixel in range(40)]
        for name in whole._fields:
            parts = np.concatenate([getattr(each, name) for each in alone], axis=-1)
            np.testing.assert_array_equal(parts, getattr(whole, name))
        with monkeypatch.context() as patched:
            patched.setattr(valid_values, "_CHUNK_PIXELS", 64)
            many = [np.tile(each, 4)[:, ::-1] for each in noise]
            again = lagged(*many, 2, detrend=detrend, permutations=99)
            np.testing.assert_array_equal(again.p_value[:-41:-1], whole.p_value)
        single = lagged(series[:, 3], driver[:, 3], 2, detrend=detrend, permutations=99)
        assert (single.r, single.p_value) == (whole.r[3], whole.p_value[3])


def test_the_seed_and_single_precision(noise):
    series, driver = noise
    one, other = (lagged(series, driver, 2, permutations=99, seed=seed).p_value for seed in (1, 2))
    assert not np.array_equal(one, other, equal_nan=True)
    assert np.nanmax(np.abs(one - other)) < 0.25
    stored = lagged(series.astype(np.float32), driver.astype(np.float32), 2, permutations=99)
    np.testing.assert_array_equal(
        stored.p_value,
        lagged(series.astype(np.float32).astype(float), driver.astype(np.float32).astype(float), 2,
               permutations=99).p_value,
    )
    assert stored.r.dtype == np.float64


def test_the_stacks_are_left_as_they_are(noise):
    series, driver = (each[:, 26:40].copy() for each in noise)
    before = series.copy(), driver.copy()
    lagged(series, driver, 2, permutations=19, detrend=True)
    np.testing.assert_array_equal(series, before[0])
    np.testing.assert_array_equal(driver, before[1])


@pytest.mark.parametrize(("detrend", "slope"), [(False, 0.0), (True, 0.0), (True, 0.15)])
def test_size_under_white_noise(detrend, slope):
    rng = np.random.default_rng(20)
    line = slope * np.arange(20)[:, np.newaxis]
    series, driver = rng.normal(size=(2, 20, 4000)) + line
    p = lagged(series, driver, 2, detrend=detrend, permutations=199).p_value
    assert 0.04 < (p < 0.0501).mean() < 0.06
    assert 0.085 < (p < 0.1001).mean() < 0.115


def test_what_it_is_for():
    """A driver of two years before is found, and its p is small; two trends alone are not, once they are taken out."""
    rng = np.random.default_rng(4)
    driver = rng.normal(size=(24, 300))
    series = np.roll(driver, 2, axis=0) + 0.8 * rng.normal(size=driver.shape)
    found = lagged(series, driver, 3, permutations=199)
    assert (found.lag == 2).mean() > 0.95 and (found.p_value < 0.05).mean() > 0.9


def test_settings_that_make_no_sense(noise):
    series, driver = noise
    with pytest.raises(InvalidParameter, match="MIN_OBSERVATIONS⟩ is 7: a lag needs 8 years"):
        lagged(series, driver, 2, min_observations=7)
    with pytest.raises(InvalidParameter, match="PERMUTATIONS⟩ is 0"):
        lagged(series, driver, 2, permutations=0)
