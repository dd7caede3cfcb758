"""Trends shared between drivers and the rest: the shares of the reference, tests, and how pixels stand alone."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core.attribution import attribute as module
from nep_toolbox.core.attribution.attribute import OLS, SEN, attribute
from nep_toolbox.core.attribution.regression import DETRENDED, DIFFERENCES, PLAIN, Fit
from nep_toolbox.core.trend.serial_correlation import Correction
from nep_toolbox.core.trend.theil_sen import trend

KINDS = {PLAIN: "plain", DETRENDED: "detrended", DIFFERENCES: "differences"}
YEARS = np.arange(2001, 2021)


@pytest.fixture(scope="module")
def cases(shared) -> list:
    found = json.loads((shared / "reference/attribution.json").read_text(encoding="utf-8"))["cases"]
    return [case for case in found.values() if "nodata" not in case["result"]]


def column(values) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)[:, None]


@pytest.mark.parametrize("slopes", [OLS, SEN])
@pytest.mark.parametrize("method", KINDS)
def test_shares_of_the_reference(cases, method, slopes):
    kind = ("ols", "sen")[slopes]
    for case in cases:
        given, expected = case["input"], case["result"][KINDS[method]]
        found = attribute(
            column(given["y"]), [column(x) for x in given["x"]], given["years"], method=method, slopes=slopes,
        )
        for name, part in (("slope", "observed"), ("slope_climate", "climate"), ("slope_residual", "residual")):
            value = expected[f"slope_{kind}"][part]
            np.testing.assert_allclose(getattr(found, name)[0], value, rtol=1e-9, atol=1e-11)
        share = expected["shares"][kind]
        assert found.classes[0] == share["class"]
        np.testing.assert_allclose(
            found.share[0], np.nan if share["share_climate"] is None else share["share_climate"], rtol=1e-9
        )
        np.testing.assert_allclose(found.p_slope[0], case["result"]["mk_p_observed"], rtol=1e-9)
        if method == DIFFERENCES:
            assert np.isnan(found.residual_p[0])
        else:
            name = "residual_mk_p" if method == PLAIN else "residual_slope_p"
            np.testing.assert_allclose(found.residual_p[0], expected[name], rtol=1e-9)


def many(pixels: int = 30, gaps: float = 0.0) -> tuple:
    rng = np.random.default_rng(8)
    drivers = list(rng.normal(size=(2, 20, pixels)))
    y = drivers[0] - drivers[1] + 0.1 * np.arange(20)[:, None] + rng.normal(size=(20, pixels))
    drivers[1][rng.random(y.shape) < gaps] = np.nan
    return y, drivers


def same(one, other) -> None:
    for name in Fit._fields:
        np.testing.assert_array_equal(getattr(one.fit, name), getattr(other.fit, name), name)
    for name in one._fields[1:]:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


@pytest.mark.parametrize("slopes", [OLS, SEN])
def test_neighbours_do_not_matter(slopes, monkeypatch):
    y, drivers = many(gaps=0.05)
    whole = attribute(y, drivers, YEARS, method=PLAIN, slopes=slopes)
    monkeypatch.setattr(module, "_CHUNK_VALUES", 7 * 20)
    same(attribute(y, drivers, YEARS, method=PLAIN, slopes=slopes), whole)


def test_the_observed_trend_is_that_of_the_years_in_common():
    y, drivers = many(gaps=0.45)
    found = attribute(y, drivers, YEARS)
    masked = np.where(np.isnan(drivers[1]), np.nan, y)
    expected = trend(masked, YEARS, min_observations=2)["p_value"]
    given = np.isfinite(found.slope)
    assert 0 < (~given).sum() < given.sum()  # some pixels have too few years
    np.testing.assert_array_equal(found.p_slope, np.where(given, expected, np.nan))
    sen = attribute(y, drivers, YEARS, slopes=SEN)
    np.testing.assert_array_equal(sen.slope, np.where(given, trend(masked, YEARS, min_observations=2)["slope"], np.nan))


def test_a_correction_is_that_of_the_rest():
    y, drivers = many()
    found = attribute(y, drivers, YEARS, method=PLAIN, correction=Correction.PRE_WHITENING)
    expected = trend(found.residual, YEARS, correction=Correction.PRE_WHITENING)["p_value"]
    np.testing.assert_array_equal(found.residual_p, expected)
    plain = attribute(y, drivers, YEARS, method=PLAIN)
    assert (plain.residual_p != found.residual_p).any()
    np.testing.assert_array_equal(plain.p_slope, found.p_slope)


def test_what_is_not_wanted_is_not_given():
    y, drivers = many()
    found = attribute(y, drivers, YEARS, method=PLAIN, series=False, tested=False)
    assert found.climate is None and found.residual is None and np.isnan(found.residual_p).all()
    same(attribute(y, drivers, YEARS, method=PLAIN)._replace(climate=None, residual=None, residual_p=found.residual_p),
         found)


@pytest.mark.parametrize("slopes", [OLS, SEN])
@pytest.mark.parametrize("method", KINDS)
def test_a_perfect_fit_leaves_no_rest(method, slopes):
    y, drivers = many()
    y = 3.0 * drivers[0] - 2.0 * drivers[1] + 0.1
    found = attribute(y, drivers, YEARS, method=method, slopes=slopes)
    assert (found.slope_residual == 0).all() and (found.residual == 0).all()
    assert set(np.unique(found.classes)) == {-2, 2}
    assert (found.share == 100).all()
    if method != DIFFERENCES:
        assert (found.residual_p == 1).all()
