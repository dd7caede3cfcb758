"""The regression on several drivers: every number of the reference, closure, gaps, and what cannot be fitted."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core.attribution import regression
from nep_toolbox.core.attribution.regression import (
    COLLINEAR,
    CONSTANT,
    DEPENDENT,
    DETRENDED,
    DIFFERENCES,
    FINE,
    PLAIN,
    TOO_FEW,
    climate_and_residual,
    fit,
)
from nep_toolbox.errors import InvalidParameter

KINDS = {PLAIN: "plain", DETRENDED: "detrended", DIFFERENCES: "differences"}
SINGLE = {
    "b": "coefficients", "t": "t", "p_driver": "driver_p", "partial_r": "partial_r", "contribution": "contributions",
}
FLOATS = [name for name in regression.Fit._fields if name not in ("count", "df", "status", "blame", "along")]
TOGETHER = {"a": "intercept", "df": "df", "r2": "r_squared", "adj_r2": "adjusted_r_squared", "F": "f", "p": "p_value"}


@pytest.fixture(scope="module")
def cases(shared) -> dict:
    return json.loads((shared / "reference/attribution.json").read_text(encoding="utf-8"))["cases"]


def numbers(values) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def inputs(case: dict) -> tuple:
    given = case["input"]
    return numbers(given["y"])[:, None], [numbers(x)[:, None] for x in given["x"]], given["years"]


@pytest.mark.parametrize("method", KINDS)
def test_every_number_of_the_reference(cases, method):
    checked = 0
    for name, case in cases.items():
        expected = case["result"]
        if "nodata" in expected:
            continue
        y, drivers, years = inputs(case)
        found = fit(y, drivers, years, method=method, max_vif=np.inf, condition=True)
        of_method = expected[KINDS[method]]

        def same(result, value, what, name=name):
            np.testing.assert_allclose(result, value, rtol=1e-9, err_msg=f"{name} {what}")

        assert found.status == [FINE] and found.count == [expected["n"]]
        same(found.vif[:, 0], expected["vif"], "vif")
        same(found.condition[0], expected["condition_number"], "condition")
        for key, field in {**SINGLE, **TOGETHER}.items():
            same(getattr(found, field)[..., 0], of_method[key], key)
        for part, field in (("observed", "slope"), ("climate", "slope_climate"), ("residual", "slope_residual")):
            same(getattr(found, field)[0], of_method["slope_ols"][part], part)
        climate, residual = climate_and_residual(found, y, drivers)
        valid = np.isfinite(residual[:, 0])
        assert valid.sum() == expected["n"]
        same(climate[valid, 0], of_method["climate_series"], "climate series")
        scale = np.abs(of_method["residual_series"]).max()
        np.testing.assert_allclose(residual[valid, 0], of_method["residual_series"], rtol=0, atol=1e-10 * scale)
        if method == DETRENDED:
            same(found.residual_p[0], of_method["residual_slope_p"], "residual p")
        else:
            assert np.isnan(found.residual_p[0])
        if method == PLAIN:
            same(found.beta[:, 0], of_method["beta_standardised"], "beta")
        checked += 1
    assert checked == 13


def test_what_r_says(cases):
    for case in cases.values():
        if not case.get("r"):
            continue
        y, drivers, years = inputs(case)
        plain, detrended = (fit(y, drivers, years, method=method, max_vif=np.inf) for method in (PLAIN, DETRENDED))
        expected = case["r"]
        np.testing.assert_allclose([plain.intercept[0], *plain.coefficients[:, 0]], expected["coef"], rtol=1e-9)
        np.testing.assert_allclose(detrended.coefficients[:, 0], expected["coef_with_year"][1:-1], rtol=1e-9)
        np.testing.assert_allclose(detrended.slope_residual[0], expected["coef_with_year"][-1], rtol=1e-9)
        np.testing.assert_allclose(detrended.residual_p[0], expected["p_year"], rtol=1e-9)
        np.testing.assert_allclose(plain.slope_residual[0], expected["slope_residual_ols"], rtol=1e-9)


@pytest.mark.parametrize("method", KINDS)
def test_what_the_reference_refuses(cases, method):
    found = {
        name: fit(*inputs(case), method=method)
        for name, case in cases.items() if "nodata" in case["result"] or case["result"]["refused_by_vif"]
    }
    status = {name: int(each.status[0]) for name, each in found.items()}
    assert status == {
        "k4_collinear": COLLINEAR, "k2_exactly_dependent": DEPENDENT, "k2_constant_driver": CONSTANT,
        "k4_too_few": TOO_FEW,
    }
    for name, each in found.items():
        for field in FLOATS:
            value = getattr(each, field)
            kept = name == "k4_collinear" and field not in SINGLE.values() and field != "beta"
            if field in ("vif", "condition", "residual_p"):
                continue
            assert np.isfinite(value).all() == kept, (name, field)
            assert np.isnan(value).all() != kept, (name, field)
    assert np.isinf(found["k2_exactly_dependent"].vif).all()
    assert found["k4_collinear"].vif.max() > 10


def many(pixels: int, k: int = 3, n: int = 20, seed: int = 3, gaps: float = 0.0) -> tuple:
    """Random series (n, pixels) with trends, drivers with a common signal, and years."""
    rng = np.random.default_rng(seed)
    years = np.arange(2001, 2001 + n)
    common = rng.normal(size=(n, pixels))
    drivers = [common + rng.normal(size=(n, pixels)) + 0.05 * rng.normal() * (years - 2000)[:, None] for _ in range(k)]
    y = sum(drivers) + 0.1 * (years - 2000)[:, None] + rng.normal(size=(n, pixels))
    y[rng.random(y.shape) < gaps] = np.nan
    drivers[0][rng.random(y.shape) < gaps] = np.nan
    return y, drivers, years


@pytest.mark.parametrize("offset", [0.0, 1e6])
@pytest.mark.parametrize("method", KINDS)
def test_parts_add_up_to_the_trend(method, offset):
    y, drivers, years = many(50, gaps=0.05)
    y = y + offset
    drivers[1] = 1e-3 * drivers[1] + offset
    found = fit(y, drivers, years, method=method, max_vif=np.inf)
    assert (found.status == FINE).all()
    total = found.contributions.sum(axis=0) + found.slope_residual
    scale = np.abs(np.vstack([found.contributions, found.slope_residual, found.slope])).max(axis=0)
    assert (np.abs(total - found.slope) <= 1e-10 * scale).all()
    # the slopes are those of the series that are written, by numpy's own fit of a line
    series = dict(zip(("slope_climate", "slope_residual"), climate_and_residual(found, y, drivers)), slope=y)
    for pixel in range(50):
        valid = np.isfinite(series["slope_residual"][:, pixel])
        for field, values in series.items():
            expected = np.polyfit(years[valid] - 2010.0, values[valid, pixel] - offset, 1)[0]
            assert getattr(found, field)[pixel] == pytest.approx(expected, rel=1e-9, abs=1e-8)


@pytest.mark.parametrize("method", KINDS)
def test_neighbours_do_not_matter(method, monkeypatch):
    y, drivers, years = many(40, gaps=0.05)
    whole = fit(y, drivers, years, method=method, condition=True)
    alone = [fit(y[:, [p]], [x[:, [p]] for x in drivers], years, method=method, condition=True) for p in range(40)]
    monkeypatch.setattr(regression, "CHUNK_PIXELS", 3)
    chunked = fit(y, drivers, years, method=method, condition=True)
    for name in regression.Fit._fields:
        np.testing.assert_array_equal(getattr(chunked, name), getattr(whole, name), name)
        np.testing.assert_array_equal(np.concatenate([getattr(each, name) for each in alone], axis=-1),
                                      getattr(whole, name), name)


def test_bad_arguments():
    y, drivers, years = many(2)
    with pytest.raises(InvalidParameter, match="no driver"):
        fit(y, [], years)
    with pytest.raises(InvalidParameter, match="differ in shape"):
        fit(y, [drivers[0][:, :1]], years)
    with pytest.raises(InvalidParameter, match="FIT"):
        fit(y, drivers, years, method=3)
    with pytest.raises(InvalidParameter, match="MIN_DF"):
        fit(y, drivers, years, min_df=0)
    with pytest.raises(InvalidParameter, match="increase"):
        fit(y, drivers, years[::-1])


@pytest.mark.parametrize("method", KINDS)
def test_lines(method):
    y, drivers, years = many(4, k=2)
    beyond = method != PLAIN
    target = y.copy()
    target[:, 1] = 5.0 + 0.3 * (years - 2000)
    found = fit(target, drivers, years, method=method)
    assert found.status.tolist() == [FINE, CONSTANT if beyond else FINE, FINE, FINE]
    assert found.blame[1] == (0 if beyond else -1)
    lines = [drivers[0], drivers[1].copy()]
    lines[1][:, 2] = 7.0 - 0.2 * (years - 2000)
    found = fit(y, lines, years, method=method)
    assert found.status.tolist() == [FINE, FINE, DEPENDENT if beyond else FINE, FINE]
    assert found.blame[2] == (2 if beyond else -1)
    assert np.isnan(found.slope[2]) == beyond


def test_differences_are_those_of_calendar_years_that_follow_each_other():
    y, drivers, _ = many(3, k=2)
    years = np.array([*range(2001, 2010), *range(2011, 2022)])  # 2010 lacks
    found = fit(y, drivers, years, method=DIFFERENCES, min_df=3)
    steps = np.flatnonzero(np.diff(years) == 1)
    for pixel in range(3):
        change = np.diff(np.stack([y, *drivers])[:, :, pixel], axis=1)[:, steps]
        design = np.column_stack([np.ones(len(steps)), *change[1:]])
        expected = np.linalg.lstsq(design, change[0], rcond=None)[0]
        np.testing.assert_allclose(found.coefficients[:, pixel], expected[1:], rtol=1e-10)
    assert found.df.tolist() == [len(steps) - 3] * 3
    # a step between years that do not follow each other keeps the drivers apart, but not their differences
    drivers[1] = 2.0 * drivers[0] + np.where(years > 2010, 5.0, 0.0)[:, None]
    dependent = fit(y, drivers, years, method=DIFFERENCES)
    assert (dependent.status == DEPENDENT).all() and (dependent.blame > 0).all()
    assert (fit(y, drivers, years, max_vif=np.inf).status == FINE).all()
    every_second = fit(y, drivers, 2 * years, method=DIFFERENCES)
    assert (every_second.status == TOO_FEW).all()


def test_vif_only_where_it_was_looked_at():
    y, drivers, years = many(4, k=2)
    drivers[0][3:, 0] = np.nan
    drivers[1][:, 1] = 2.0
    drivers[1][:, 2] = 3.0 * drivers[0][:, 2]
    vif = fit(y, drivers, years).vif
    assert np.isnan(vif[:, :2]).all() and np.isinf(vif[:, 2]).all() and np.isfinite(vif[:, 3]).all()


@pytest.mark.parametrize("method", KINDS)
def test_single_precision_is_worked_on_in_double(method):
    y, drivers, years = many(30, gaps=0.05)
    y, *drivers = (np.float32(each + 1e4) for each in (y, *drivers))
    found = fit(y, drivers, years, method=method)
    expected = fit(y.astype(float), [each.astype(float) for each in drivers], years, method=method)
    for name in regression.Fit._fields:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), name)


def test_drivers_that_run_along_a_line_are_told():
    rng = np.random.default_rng(8)
    years = np.arange(2001.0, 2021.0)
    level = 10.0 ** rng.uniform(-2.0, 1.0, 300)
    first, second, y = rng.normal(size=(3, 20, 300))
    first += level * (years - 2010.0)[:, None]
    second += first + rng.choice([-3.0, 0.0, 3.0], 300) * (years - 2010.0)[:, None]
    second[3, :40] = np.nan
    found = {method: fit(y, [first, second], years, method=method, max_vif=10.0) for method in KINDS}
    assert not found[PLAIN].along.any()
    for pixel in range(300):
        x = np.column_stack([first[:, pixel], second[:, pixel]])
        valid = np.isfinite(x).all(axis=1)
        nearest = 1 + np.argmax(np.corrcoef(x[valid].T, years[valid])[:2, 2] ** 2)
        steps, of_year = np.diff(x, axis=0)[valid[1:] & valid[:-1]], years[valid] - years[valid].mean()
        for method, year, others in (
            (DETRENDED, of_year, np.column_stack([np.ones(len(of_year)), x[valid]])),
            (DIFFERENCES, np.ones(len(steps)), steps),  # the year rises by 1
        ):
            left = year - others @ np.linalg.lstsq(others, year, rcond=None)[0]
            assert found[method].along[pixel] == (nearest if (year @ year) / (left @ left) > 10.0 else 0)
    for method in (DETRENDED, DIFFERENCES):
        assert set(found[method].along) == {0, 1, 2}


def test_no_share_can_be_told_of_a_driver_that_is_nearly_a_line():
    rng = np.random.default_rng(9)
    years = np.arange(2001.0, 2021.0)
    rising = np.broadcast_to((2.0 * years + rng.normal(0.0, 0.35, 20))[:, None], (20, 2000))
    y = 0.15 * (years - 2010.0)[:, None] + rng.normal(size=(20, 2000))
    found = fit(y, [rising], years)
    assert (found.along == 1).all() and found.vif.max() == 1.0
    assert found.slope_residual.std() > 10.0 * found.slope.std()  # the rest, with nothing to show for it
    assert 0.03 < (found.residual_p < 0.05).mean() < 0.08
