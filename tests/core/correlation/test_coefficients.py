"""Correlation against stored results of scipy, and partial correlation against least squares done apart."""

from __future__ import annotations

import json
from fractions import Fraction
from operator import mul

import numpy as np
import pytest

from nep_toolbox.core.correlation.coefficients import (
    CHUNK_VALUES,
    CLASS_LABELS,
    CLASS_NODATA,
    common_years,
    correlation_class,
    partial,
    pearson,
    regression_line,
    require_independent_controls,
)
from nep_toolbox.errors import InvalidParameter, YearNotFound

CASES = ["r_high", "r_neg", "r_none", "nan_pairwise", "three_valid", "two_valid", "constant_x", "perfect",
         "large_offset", "ndvi_vs_precip"]


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference" / "pearson.json").read_text(encoding="utf-8"))["cases"]


def as_array(values):
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def residual_correlation(x, y, controls):
    """Partial correlation of one pixel by plain least squares and scipy."""
    from scipy.stats import pearsonr, t

    keep = np.isfinite(np.vstack([x, y, *controls])).all(axis=0)
    design = np.column_stack([np.ones(keep.sum()), *(control[keep] for control in controls)])
    left = [values[keep] - design @ np.linalg.lstsq(design, values[keep], rcond=None)[0] for values in (x, y)]
    r = pearsonr(*left)[0]
    degrees = keep.sum() - 2 - len(controls)
    return r, 2 * t.sf(abs(r) * np.sqrt(degrees / (1 - r * r)), degrees)


@pytest.mark.parametrize("case", CASES)
def test_equals_scipy(reference, case):
    expected = reference[case]
    result = pearson(as_array(expected["x"]), as_array(expected["y"]), min_observations=2)
    assert result.n == expected["n_valid"]
    np.testing.assert_allclose(result.r, float(expected["r"]), rtol=1e-9)
    np.testing.assert_allclose(result.p_value, float(expected["p"]), rtol=1e-9, atol=1e-100)


@pytest.mark.parametrize("case", ["one_valid", "all_nan"])
def test_nothing_to_correlate(reference, case):
    expected = reference[case]
    result = pearson(as_array(expected["x"]), as_array(expected["y"]), min_observations=2)
    assert np.isnan(result.r)
    assert np.isnan(result.p_value)
    assert result.n == expected["n_valid"]


def test_every_pixel_of_a_block_equals_scipy():
    from scipy.stats import pearsonr

    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(20, 9, 11)), rng.normal(size=(20, 9, 11)) + 300.0
    y += 0.5 * x
    x[rng.random(x.shape) < 0.1] = np.nan
    y[rng.random(y.shape) < 0.1] = np.inf
    result = pearson(x, y)
    for cell in np.ndindex(9, 11):
        index = (slice(None),) + cell
        keep = np.isfinite(x[index]) & np.isfinite(y[index])
        r, p = pearsonr(x[index][keep], y[index][keep])
        np.testing.assert_allclose([result.r[cell], result.p_value[cell]], [r, p], rtol=1e-9)
        assert result.n[cell] == keep.sum()


def test_result_does_not_depend_on_the_neighbours():
    rng = np.random.default_rng(4)
    x, y, control = rng.normal(size=(3, 21, CHUNK_VALUES // 21 + 50)) + 1000.0
    x[3, ::7] = np.nan
    for together, alone in (
        (pearson(x, y), lambda i: pearson(x[:, i], y[:, i])),
        (partial(x, y, [control]), lambda i: partial(x[:, i], y[:, i], [control[:, i]])),
    ):
        for pixel in (0, 1, 7, 1559, 1560, x.shape[1] - 1):
            for plane, value in zip(together, alone(pixel)):
                np.testing.assert_array_equal(plane[pixel], value)


def test_a_large_mean_does_not_cancel():
    # Quarters are exact at 1e14 too, so the shifted series is the same series.
    rng = np.random.default_rng(5)
    x = rng.integers(-40, 40, (25, 30)) / 4.0
    y = np.round((x + rng.normal(size=x.shape)) * 4) / 4
    near, far = pearson(x, y), pearson(x + 2.0**45, y - 2.0**46)
    np.testing.assert_allclose(far.r, near.r, rtol=1e-12)


def test_constant_series_are_missing_even_where_their_mean_rounds():
    x = np.full((11, 1), 0.1)
    y = np.arange(11.0)[:, None]
    assert np.isnan(pearson(x, y).r).all()
    assert np.isnan(pearson(y, x).p_value).all()
    assert np.isnan(partial(x, y, [np.sin(y)]).r).all()
    assert partial(x, y, [np.sin(y)]).collinear[0] == 0


@pytest.mark.parametrize("scale", [1e-170, 0.0])
def test_a_series_whose_squares_vanish_has_no_coefficient_rather_than_a_wrong_one(scale):
    x, y = np.random.default_rng(6).normal(size=(2, 15))
    assert np.isnan(pearson(scale * x, 1e20 * y).r)
    assert np.isnan(pearson(1e20 * x, scale * y).r)


def test_perfect_line_has_r_of_exactly_one_and_p_zero():
    x = np.arange(10.0)
    result = pearson(x, -3.0 * x + 7.0)
    assert result.r == -1.0
    assert result.p_value == 0.0


def test_fewer_pairs_than_asked_for():
    x = np.arange(12.0)
    y = np.where(x < 5, np.nan, x**2)
    assert np.isnan(pearson(x, y, min_observations=8).r)
    assert pearson(x, y, min_observations=7).r == pytest.approx(np.corrcoef(x[5:], y[5:])[0, 1], rel=1e-12)


def test_eight_observations_are_enough_and_five_percent_is_significant_by_default():
    x, y, control = np.random.default_rng(2).normal(size=(3, 8))
    assert np.isfinite([pearson(x, y).r, partial(x, y, [control]).r]).all()
    assert np.isnan([pearson(x[1:], y[1:]).r, partial(x[1:], y[1:], [control[1:]]).r]).all()
    assert correlation_class([0.5, 0.5], [0.049, 0.05]).tolist() == [2, 1]


@pytest.mark.parametrize("number", [1, 2, 5])
@pytest.mark.parametrize("gaps", [False, True])
def test_partial_equals_residual_regression(number, gaps):
    rng = np.random.default_rng(10 * number + gaps)
    controls = rng.normal(size=(number, 22, 5, 6)) * 10 + 280.0
    x = rng.normal(size=(22, 5, 6)) + controls.sum(axis=0) * 0.3
    y = rng.normal(size=(22, 5, 6)) + 0.6 * x - controls[0]
    if gaps:
        for values in (x, y, *controls):
            values[rng.random(values.shape) < 0.04] = np.nan
    result = partial(x, y, controls)
    tested = 0
    for cell in np.ndindex(5, 6):
        index = (slice(None),) + cell
        if result.n[cell] < max(8, number + 3):
            assert np.isnan(result.r[cell])
            continue
        expected = residual_correlation(x[index], y[index], [control[index] for control in controls])
        np.testing.assert_allclose([result.r[cell], result.p_value[cell]], expected, rtol=1e-9)
        tested += 1
    assert tested >= 20
    assert not result.collinear.any()


def test_partial_with_one_control_equals_the_textbook_formula():
    rng = np.random.default_rng(6)
    x, y, z = rng.normal(size=(3, 30))
    rxy, rxz, ryz = np.corrcoef(x, y)[0, 1], np.corrcoef(x, z)[0, 1], np.corrcoef(y, z)[0, 1]
    expected = (rxy - rxz * ryz) / np.sqrt((1 - rxz**2) * (1 - ryz**2))
    assert partial(x, y, [z]).r == pytest.approx(expected, rel=1e-12)


def test_partial_does_not_depend_on_the_order_of_the_controls():
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(2, 20, 50))
    controls = rng.normal(size=(4, 20, 50)) + 100.0
    np.testing.assert_allclose(partial(x, y, controls).r, partial(x, y, controls[::-1]).r, rtol=1e-11)


def test_partial_needs_a_degree_of_freedom():
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(2, 7))
    assert np.isnan(partial(x, y, rng.normal(size=(5, 7)), min_observations=3).r)
    assert np.isfinite(partial(x, y, rng.normal(size=(4, 7)), min_observations=3).r)


def exact_residuals(values, controls):
    """What is left of a series after regression on the controls and a constant, in rational numbers."""
    basis = []
    for column in (np.ones(len(values)), *controls, values):
        column = [Fraction(float(value)) for value in column]
        for direction in basis:
            share = sum(map(mul, column, direction)) / sum(map(mul, direction, direction))
            column = [value - share * along for value, along in zip(column, direction)]
        basis.append(column)
    return basis[-1]


@pytest.mark.parametrize("apart", [0.1, 1e-3, 4e-4])
def test_nearly_collinear_controls_cost_few_digits(apart):
    rng = np.random.default_rng(11)
    first, *noise = rng.normal(size=(6, 22, 1))
    first += 10.0
    controls = [first, first + apart * noise[0], first + apart * noise[1]]
    x, y = 3.0 * first + apart * noise[2], apart * (noise[3] + 0.5 * noise[2]) - first
    left, other = (exact_residuals(each[:, 0], [control[:, 0] for control in controls]) for each in (x, y))
    squared = sum(map(mul, left, other)) ** 2 / (sum(map(mul, left, left)) * sum(map(mul, other, other)))
    result = partial(x, y, controls)
    assert result.collinear == 0
    assert abs(result.r[0]) == pytest.approx(float(squared) ** 0.5, abs=1e-15 / apart)


def test_collinear_is_what_shares_all_but_a_ten_thousandth():
    rng = np.random.default_rng(14)
    x, y, control, noise = (each - each.mean() for each in rng.normal(size=(4, 20)))
    noise -= (noise @ control) / (control @ control) * control
    noise *= np.sqrt((control @ control) / (noise @ noise))
    for share, code in ((1.1e-4, 0), (0.9e-4, 2)):
        assert partial(x, y, [control, control + share * noise]).collinear == code
        assert partial(control + share * noise, y, [control]).collinear == (-1 if code else 0)
        assert partial(x, control + share * noise, [control]).collinear == (-2 if code else 0)


def test_collinear_controls_are_flagged_and_missing():
    rng = np.random.default_rng(9)
    x, y, rain = rng.normal(size=(3, 20, 6))
    celsius = (rng.normal(size=(20, 6)) + 15.0).astype(np.float32)
    # The same temperature in kelvin, rounded to single precision as a raster holds it.
    kelvin = (celsius.astype(np.float64) + 273.15).astype(np.float32)
    combined = 2.0 * rain - 0.5 * celsius + 4.0
    constant = np.full((20, 6), 273.15)
    assert (partial(x, y, [celsius, kelvin]).collinear == 2).all()
    assert (partial(x, y, [kelvin, celsius]).collinear == 2).all()
    assert (partial(x, y, [rain, celsius, combined]).collinear == 3).all()
    assert (partial(x, y, [constant, rain]).collinear == 1).all()
    assert (partial(x, y, [rain, x]).collinear == -1).all()
    assert (partial(x, y, [rain, y]).collinear == -2).all()
    for controls in ([celsius, kelvin], [rain, celsius, combined], [rain, x], [rain, y]):
        result = partial(x, y, controls)
        assert np.isnan(result.r).all()
        assert np.isnan(result.p_value).all()


def test_collinearity_is_judged_pixel_by_pixel():
    rng = np.random.default_rng(12)
    x, y, first, second = rng.normal(size=(4, 20, 3))
    second[:, 1] = 3.0 * first[:, 1]
    result = partial(x, y, [first, second])
    assert result.collinear.tolist() == [0, 2, 0]
    assert np.isnan(result.r).tolist() == [False, True, False]
    require_independent_controls({2: 1}, 3, ["first", "second"])


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({2: 30}, "rain2 is constant over time, or a linear combination of rain"),
        ({1: 29, -1: 1}, "rain is constant over time. Leave rain out"),
        ({-1: 30}, "explain the input series entirely"),
        ({-2: 30}, "explain the driver series entirely"),
    ],
)
def test_collinear_everywhere_is_an_error(counts, message):
    with pytest.raises(InvalidParameter, match=message):
        require_independent_controls(counts, 30, ["rain", "rain2"])


def test_nothing_tested_is_no_collinearity():
    require_independent_controls({}, 0, ["rain"])


def test_classes_by_sign_and_significance():
    r = np.array([0.9, 0.2, 0.0, -0.2, -0.9, np.nan, 0.9])
    p = np.array([0.01, 0.05, 1.0, 0.4, 0.049, np.nan, np.nan])
    classes = correlation_class(r, p, 0.05)
    assert classes.dtype == np.int16
    assert classes.tolist() == [2, 1, 0, -1, -2, CLASS_NODATA, CLASS_NODATA]
    assert set(classes[:5]) == set(CLASS_LABELS)
    assert correlation_class(r, p, 0.06)[1] == 2


def test_regression_line():
    x = np.array([1.0, 2.0, 3.0, 4.0, np.nan, 6.0])
    y = np.array([3.1, 4.9, 7.2, 8.8, 100.0, np.nan])
    np.testing.assert_allclose(regression_line(x, y), np.polyfit(x[:4], y[:4], 1), rtol=1e-12)
    assert np.isnan(regression_line([2.0, 2.0], [1.0, 3.0])).all()
    assert np.isnan(regression_line([np.nan], [1.0])).all()


def test_series_of_different_shape_are_refused():
    with pytest.raises(InvalidParameter, match=r"\(10, 3\), \(10, 4\)"):
        pearson(np.zeros((10, 3)), np.zeros((10, 4)))
    with pytest.raises(InvalidParameter, match="at least 2"):
        pearson(np.zeros(10), np.zeros(10), min_observations=1)


def test_years_are_matched_by_value():
    years, left_out = common_years({"NEP": [2001, 2002, 2003], "rain": [2003, 2002, 2005], "wind": [2002, 2003]})
    assert years == [2002, 2003]
    assert left_out == {"NEP": [2001], "rain": [2005]}
    with pytest.raises(YearNotFound, match="NEP: 2001-2003; rain: 2004-2005"):
        common_years({"NEP": [2001, 2003], "rain": [2004, 2005]})


@pytest.mark.parametrize("level", [0.1, -0.1, -1e6 / 3])
def test_a_constant_series_with_gaps_has_no_r_whatever_its_sign(level):
    rng = np.random.default_rng(4)
    x, y = np.full((25, 200), level), rng.normal(size=(25, 200))
    x[rng.random(x.shape) < 0.3] = np.nan
    assert np.isnan(pearson(x, y).r).all() and np.isnan(pearson(y, x).r).all()
