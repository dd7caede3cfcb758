"""Respiration and NEP against values worked out by hand with ``math`` alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nep_toolbox.core.productivity.models import Pei
from nep_toolbox.core.productivity.respiration import (
    FORCING_NOTES,
    Forcing,
    monthly_respiration,
    nep,
    resolve_forcing,
    respiration,
    respiration_series,
)
from nep_toolbox.errors import InvalidParameter


def by_hand(temperature: float, precipitation: float) -> float:
    return 0.22 * (math.exp(0.0913 * temperature) + math.log(0.3145 * precipitation + 1)) * 30 * 0.465


def climate_year(shape=(3, 4), seed=1):
    rng = np.random.default_rng(seed)
    temperature = rng.uniform(-20, 32, (12,) + shape)
    precipitation = rng.gamma(1.0, 60.0, (12,) + shape)
    return temperature, precipitation


def test_published_values_of_one_month():
    month = monthly_respiration(np.array([0.0, 15.0]), np.array([0.0, 80.0]))
    assert month[0] == pytest.approx(3.069, rel=1e-14)
    assert month[1] == pytest.approx(0.22 * (math.exp(1.3695) + math.log(26.16)) * 13.95, rel=1e-14)
    assert month[1] == pytest.approx(7.19761 * 3.069, abs=1e-4)


def test_monthly_form_is_the_sum_of_twelve_months():
    temperature, precipitation = climate_year()
    year = respiration(temperature, precipitation, Forcing.MONTHLY)
    assert year.shape == (3, 4)
    for cell in np.ndindex(3, 4):
        index = (slice(None),) + cell
        expected = sum(by_hand(t, p) for t, p in zip(temperature[index], precipitation[index]))
        assert year[cell] == pytest.approx(expected, rel=1e-13)


def test_annual_forms_differ_tenfold():
    temperature, precipitation = np.array([14.5]), np.array([780.0])
    literal = respiration(temperature, precipitation, Forcing.ANNUAL_LITERAL)
    equivalent = respiration(temperature, precipitation, Forcing.ANNUAL_MONTHLY_EQUIVALENT)
    assert literal[0] == pytest.approx(by_hand(14.5, 780.0), rel=1e-14)
    assert equivalent[0] == pytest.approx(12 * by_hand(14.5, 65.0), rel=1e-14)
    assert 7 < equivalent[0] / literal[0] < 12


def test_monthly_equivalent_of_a_climate_without_seasons_is_the_monthly_form():
    monthly = respiration(np.full((12, 2), 10.0), np.full((12, 2), 50.0), Forcing.MONTHLY)
    annual = respiration(np.full(2, 10.0), np.full(2, 600.0), Forcing.ANNUAL_MONTHLY_EQUIVALENT)
    np.testing.assert_allclose(annual, monthly, rtol=1e-13)


def test_coefficients_enter_where_the_formula_has_them():
    value = monthly_respiration(10.0, 100.0, Pei(a=0.5, b=0.1, c=0.2, d=31.0, e=0.4))
    assert value == pytest.approx(0.5 * (math.exp(1.0) + math.log(21.0)) * 31.0 * 0.4, rel=1e-14)


@pytest.mark.parametrize("bad", [(np.nan, 10.0), (np.inf, 10.0), (-np.inf, 10.0), (10.0, np.nan), (10.0, np.inf),
                                 (10.0, -0.01), (10.0, -9999.0), (1e5, 10.0)])
def test_missing_and_invalid_values_are_missing(bad):
    temperature, precipitation = np.array([bad[0], 5.0]), np.array([bad[1], 20.0])
    with np.errstate(all="raise"):
        month = monthly_respiration(temperature, precipitation)
    assert np.isnan(month[0])
    assert month[1] == pytest.approx(by_hand(5.0, 20.0), rel=1e-14)


def test_one_bad_month_makes_the_year_missing_for_that_pixel_only():
    temperature, precipitation = climate_year((3,))
    whole = respiration(temperature, precipitation, Forcing.MONTHLY)
    temperature[4, 0] = np.nan
    precipitation[7, 1] = -1.0
    year = respiration(temperature, precipitation, Forcing.MONTHLY)
    assert np.isnan(year[:2]).all()
    assert year[2] == whole[2]


def test_single_precision_input_is_computed_in_double():
    temperature, precipitation = (values.astype(np.float32) for values in climate_year())
    single = respiration(temperature, precipitation, Forcing.MONTHLY)
    double = respiration(temperature.astype(float), precipitation.astype(float), Forcing.MONTHLY)
    assert single.dtype == np.float64
    np.testing.assert_array_equal(single, double)


def test_whole_number_rasters_are_accepted():
    assert respiration(np.array([15]), np.array([80]), Forcing.ANNUAL_LITERAL)[0] == pytest.approx(by_hand(15, 80))


def test_monthly_form_refuses_eleven_months():
    temperature, precipitation = climate_year()
    with pytest.raises(InvalidParameter, match="twelve precipitation rasters a year, and there are 11"):
        respiration(temperature, precipitation[:11], Forcing.MONTHLY)


def test_undecided_forcing_is_refused():
    with pytest.raises(InvalidParameter, match="resolve"):
        respiration(np.zeros(1), np.zeros(1), Forcing.AUTOMATIC)


def test_series_of_monthly_years_equals_each_year_alone():
    years = [climate_year(seed=seed) for seed in range(3)]
    temperature = np.concatenate([year[0] for year in years])
    precipitation = np.concatenate([year[1] for year in years])
    series = respiration_series(temperature, precipitation, range(2001, 2004), Forcing.MONTHLY)
    for index, year in enumerate(years):
        np.testing.assert_array_equal(series[index], respiration(*year, Forcing.MONTHLY))


@pytest.mark.parametrize("forcing", [Forcing.ANNUAL_LITERAL, Forcing.ANNUAL_MONTHLY_EQUIVALENT])
def test_annual_form_of_monthly_data_takes_annual_mean_and_total(forcing):
    temperature, precipitation = climate_year()
    series = respiration_series(temperature, precipitation, [2001], forcing)
    expected = respiration(temperature.mean(axis=0), precipitation.sum(axis=0), forcing)
    np.testing.assert_allclose(series[0], expected, rtol=1e-13)
    annual_rain = respiration_series(temperature, precipitation.sum(axis=0, keepdims=True), [2001], forcing)
    np.testing.assert_allclose(annual_rain[0], expected, rtol=1e-13)
    precipitation[3, 0, 0] = -5.0
    assert np.isnan(respiration_series(temperature, precipitation, [2001], forcing)[0, 0, 0])


def test_nep_is_npp_less_respiration():
    result = nep(np.array([500.0, np.nan, 300.0, np.inf]), np.array([120.5, 100.0, np.nan, np.inf]))
    np.testing.assert_array_equal(result, [379.5, np.nan, np.nan, np.nan])


@pytest.mark.parametrize(
    ("requested", "steps", "expected"),
    [
        (0, (12, 12), Forcing.MONTHLY),
        (0, (1, 1), Forcing.ANNUAL_LITERAL),
        (1, (12, 12), Forcing.MONTHLY),
        (2, (1, 1), Forcing.ANNUAL_LITERAL),
        (2, (12, 12), Forcing.ANNUAL_LITERAL),
        (3, (12, 1), Forcing.ANNUAL_MONTHLY_EQUIVALENT),
    ],
)
def test_forcing_follows_the_steps_per_year(requested, steps, expected):
    assert resolve_forcing(requested, *steps) is expected
    assert expected in FORCING_NOTES


@pytest.mark.parametrize(
    ("requested", "steps", "message"),
    [
        (0, (11, 11), "temperature series has 11 steps"),
        (3, (1, 4), "precipitation series has 4 steps"),
        (0, (12, 1), "nep:annualclimate"),
        (1, (1, 1), "annual ⟨FORCING⟩"),
        (1, (12, 1), "have 12 and 1"),
    ],
)
def test_forcing_that_the_data_do_not_allow(requested, steps, message):
    with pytest.raises(InvalidParameter, match=message):
        resolve_forcing(requested, *steps)
