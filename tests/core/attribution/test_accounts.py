"""What each driver accounts for: the stored results, sums that close, detrended series, and ridge regression."""

from __future__ import annotations

import json
from itertools import combinations, permutations

import numpy as np
import pytest

from nep_toolbox.core.attribution import accounts as module
from nep_toolbox.core.attribution.accounts import accounts
from nep_toolbox.core.attribution.regression import COLLINEAR, CONSTANT, DEPENDENT, DETRENDED, FINE, PLAIN

KINDS = {PLAIN: "plain", DETRENDED: "detrended"}
YEARS = np.arange(2001, 2021)


@pytest.fixture(scope="module")
def cases(shared) -> dict:
    found = json.loads((shared / "reference/attribution.json").read_text(encoding="utf-8"))["cases"]
    return {name: case for name, case in found.items() if "nodata" not in case["result"]}


def inputs(case: dict) -> tuple:
    y, *drivers = np.array([case["input"]["y"], *case["input"]["x"]], dtype=float)[..., np.newaxis]
    return y, drivers, case["input"]["years"]


def made(k=3, pixels=6, level=300.0, seed=4) -> tuple:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(k, 20, pixels)) + 0.1 * rng.normal(size=(k, 1, pixels)) * (YEARS - 2010)[:, np.newaxis]
    y = x.sum(axis=0) + rng.normal(size=(20, pixels)) + 0.2 * (YEARS - 2010)[:, np.newaxis] + level
    return y, list(x)


def without_line(series) -> np.ndarray:
    return series - np.polyval(np.polyfit(YEARS - 2010.5, series, 1), YEARS - 2010.5)


def slope(series, years=YEARS) -> float:
    return np.polyfit(np.asarray(years) - np.mean(years), series, 1)[0]


@pytest.mark.parametrize("method", KINDS)
def test_stored_results(cases, method):
    for name, case in cases.items():
        y, drivers, years = inputs(case)
        found = accounts(y, drivers, years, method=method, max_vif=np.inf)
        stored = case["result"][KINDS[method]]
        parts = [*stored["contribution"], stored["slope_ols"]["residual"]]
        np.testing.assert_allclose(found.contributions[:, 0], parts, rtol=1e-9, err_msg=name)
        assert found.contributions.sum() == pytest.approx(stored["slope_ols"]["observed"], rel=1e-10)
        np.testing.assert_allclose(found.lmg.sum(), stored["r2"], rtol=1e-9, err_msg=name)
        if method == PLAIN:
            np.testing.assert_allclose(found.lmg[:, 0], case["result"]["lmg"], rtol=1e-9, err_msg=name)
            np.testing.assert_allclose(found.beta[:, 0], stored["beta_standardised"], rtol=1e-9, err_msg=name)
    assert len(cases) == 13


def test_detrended_numbers_are_those_of_series_without_their_lines():
    y, x = made()
    found = accounts(y, x, YEARS)
    for pixel in range(y.shape[1]):
        target, *lines = (without_line(series[:, pixel]) for series in (y, *x))
        b = np.linalg.lstsq(np.column_stack(lines), target, rcond=None)[0]
        np.testing.assert_allclose(found.beta[:, pixel], b * np.std(lines, axis=1) / target.std(), rtol=1e-10)
        explained = {(): 0.0}
        for size in (1, 2, 3):
            for members in combinations(range(3), size):
                left = np.linalg.lstsq(np.column_stack([lines[each] for each in members]), target, rcond=None)[1][0]
                explained[members] = 1 - left / (target @ target)
        rises = np.zeros(3)
        for order in permutations(range(3)):
            for place, driver in enumerate(order):
                before = tuple(sorted(order[:place]))
                rises[driver] += (explained[tuple(sorted((*before, driver)))] - explained[before]) / 6
        np.testing.assert_allclose(found.lmg[:, pixel], rises, rtol=1e-10)


@pytest.mark.parametrize("method", KINDS)
@pytest.mark.parametrize("penalised", [False, True])
def test_contributions_add_up(method, penalised):
    for level in (0.0, 1e6):
        y, x = made(k=4, level=level)
        found = accounts(y, x, YEARS, method=method, penalised=penalised, important=False)
        expected = [slope(series) for series in y.T]
        np.testing.assert_allclose(found.contributions.sum(axis=0), expected, rtol=1e-10 if level == 0 else 1e-8)
        assert found.lmg is None


def test_ridge_of_the_stored_cases(cases):
    for name, case in cases.items():
        y, drivers, years = inputs(case)
        keep = np.isfinite([y, *drivers]).all(axis=0)[:, 0]
        found = accounts(y, drivers, years, method=PLAIN, penalised=True)
        _a, *b = case["result"]["ridge"]["coef"]
        used = np.array(years)[keep]
        expected = [each * slope(driver[keep, 0], used) for each, driver in zip(b, drivers)]
        np.testing.assert_allclose(found.contributions[:-1, 0], expected, rtol=1e-9, err_msg=name)
        rest = slope(y[keep, 0], used) - sum(expected)
        np.testing.assert_allclose(found.contributions[-1, 0], rest, rtol=1e-8, err_msg=name)
        scale = [driver[keep].std() / y[keep].std() for driver in drivers]
        np.testing.assert_allclose(found.beta[:, 0], np.multiply(b, scale), rtol=1e-9, err_msg=name)
        # what the fit itself says stays that of least squares
        plain = accounts(y, drivers, years, method=PLAIN).fit
        for one, other in zip(found.fit, plain):
            np.testing.assert_array_equal(one, other)


def test_ridge_of_detrended_series_is_that_of_series_without_their_lines():
    y, x = made()
    found = accounts(y, x, YEARS, penalised=True)
    target, *lines = (np.apply_along_axis(without_line, 0, each) for each in (y, *x))
    lines = accounts(target, lines, YEARS, method=PLAIN, penalised=True)
    np.testing.assert_allclose(found.beta, lines.beta, rtol=1e-9)


def test_what_cannot_be_told_apart():
    y, x = made(k=2, pixels=5)
    x[1][:, 0] = x[0][:, 0] + 1e-3 * x[1][:, 0]
    x[1][:, 1] = 2 * x[0][:, 1] + 5
    x[1][:, 2] = 7.0
    y[:12, 3] = np.nan
    plain, ridge = (accounts(y, x, YEARS, penalised=penalised) for penalised in (False, True))
    assert plain.fit.status[[0, 1, 2, 4]].tolist() == [COLLINEAR, DEPENDENT, CONSTANT, FINE]
    nothing = (False, False)
    for pixel, (single, rest) in enumerate([(False, True), nothing, nothing, nothing, (True, True)]):
        for values in (plain.lmg, plain.beta, plain.contributions[:-1]):
            assert np.isfinite(values[:, pixel]).all() == single and np.isnan(values[:, pixel]).all() != single
        assert np.isfinite(plain.contributions[-1, pixel]) == rest
        given = rest  # ridge tells collinear drivers apart, too
        assert np.isfinite(ridge.contributions[:, pixel]).all() == given
        assert np.isfinite(ridge.beta[:, pixel]).all() == given
        assert np.isfinite(ridge.lmg[:, pixel]).all() == single
    assert ridge.contributions[:, 0].sum() == pytest.approx(slope(y[:, 0]), rel=1e-10)


@pytest.mark.parametrize("penalised", [False, True])
def test_no_pixel_depends_on_the_chunk(penalised, monkeypatch):
    y, x = made(pixels=9)
    y[3, 2] = x[1][5, 7] = np.nan
    together = accounts(y, x, YEARS, penalised=penalised)
    monkeypatch.setattr(module, "CHUNK_VALUES", 80)
    alone = accounts(y, x, YEARS, penalised=penalised)
    for one, other in zip((*alone.fit, *alone[1:]), (*together.fit, *together[1:])):
        np.testing.assert_array_equal(one, other)
