"""Coefficients of variation, against the reference file, scipy and by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import linregress
from scipy.stats import variation as scipy_variation

from nep_toolbox.core.balance.variability import MOST_LIMITS, NODATA, class_labels, parse_limits, variability
from nep_toolbox.errors import InvalidParameter

NAN = np.nan
LIMITS = (0.05, 0.10, 0.15, 0.20)
NUMBERS = ("mean", "std", "cv", "cv_detrended")


def column(values) -> np.ndarray:
    return np.array(values, dtype=float)[:, np.newaxis]


def of(values, years=None, **options) -> dict:
    """The results of one pixel, as numbers."""
    found = variability(column(values), years or range(2001, 2001 + len(values)), **{"limits": LIMITS, **options})
    return {name: numbers[0].item() for name, numbers in found.items()}


@pytest.fixture(scope="module")
def small(shared) -> dict:
    """The small series of the reference file, with NaN for what is missing."""
    series = json.loads((shared / "reference/variability_sinksource.json").read_text(encoding="utf-8"))["small"]
    return {name: (np.array(each["x"], dtype=float), each["variability"]) for name, each in series.items()}


def test_against_the_reference(small):
    for name, (values, expected) in small.items():
        found = of(values)
        for key in NUMBERS:
            number = NAN if expected[key] is None else expected[key]
            assert_allclose(found[key], number, rtol=1e-12, atol=1e-300, err_msg=f"{name} {key}")
        assert found["class"] == (NODATA if expected["class"] is None else expected["class"]), name


def test_the_same_among_others_with_gaps_and_in_single_precision(small):
    stack = np.full((20, len(small)), NAN)
    for place, (values, _expected) in enumerate(small.values()):
        stack[: len(values), place] = values
    stack, years = stack.astype(np.float32), range(2001, 2021)
    together = variability(stack.reshape(20, 2, -1), years, limits=LIMITS)
    for place in range(stack.shape[1]):
        for key, values in variability(stack[:, place : place + 1], years, limits=LIMITS).items():
            assert values.tobytes() == together[key].ravel()[place : place + 1].tobytes(), key


def test_real_years_count():
    years = [2001, 2002, 2005, 2006, 2010, 2011, 2020, 2021]
    values = np.random.default_rng(1).normal(300, 20, 8) + 4 * np.array(years)
    values[3] = NAN
    times, known = np.delete(years, 3), np.delete(values, 3)
    line = linregress(times, known)
    spread = np.sqrt(((known - line.intercept - line.slope * times) ** 2).sum() / 5)
    found = of(values, years, min_observations=7)
    assert_allclose(found["cv_detrended"], spread / known.mean(), rtol=1e-11)
    assert_allclose(found["cv"], scipy_variation(known, ddof=1), rtol=1e-13)


def test_by_hand():
    found = of([9, 10, 11], min_observations=3)  # mean 10, s 1, and a straight line
    assert (found["mean"], found["std"], found["cv"], found["cv_detrended"]) == (10, 1, 0.1, 0)
    assert found["class"] == 2  # 0.1 does not exceed 0.1
    found = of([-9, -10, -12, -9], min_observations=4)  # mean -10, s^2 = (1 + 0 + 4 + 1) / 3; slope -0.2, RSS 6 - 0.2
    assert_allclose([found["cv"], found["cv_detrended"]], [np.sqrt(2) / 10, np.sqrt(5.8 / 2) / 10], rtol=1e-14)


def test_a_line_changes_only_what_is_not_detrended():
    values = np.random.default_rng(2).normal(100, 5, 15)
    one, other = of(values), of(values + 3.0 * (np.arange(15) - 7))
    assert other["cv"] > 2 * one["cv"]
    assert_allclose(other["cv_detrended"], one["cv_detrended"], rtol=1e-12)


def test_the_unit_and_the_sign_do_not_matter():
    values = np.random.default_rng(3).normal(100, 5, 15)
    one = of(values)
    for factor in (-1, 1e3, 2.0**-20):
        found = of(factor * values)
        assert_allclose([found["cv"], found["cv_detrended"]], [one["cv"], one["cv_detrended"]], rtol=1e-12)


def test_undefined_where_the_mean_does_not_differ_from_0():
    # 2 s / root of n, with n = 4 and s = 1, is 1: a mean of just that has a CV, and it is half the root of n
    values = np.array([-0.5, 0.5, 1.5, 0.5])
    values = (values - 0.5) / np.std(values, ddof=1)
    at, below = of(values + 1.0, min_observations=4), of(values + 0.999, min_observations=4)
    assert_allclose(at["cv"], 1.0, rtol=1e-15)
    assert np.isnan([below["cv"], below["cv_detrended"]]).all()
    assert below["class"] == NODATA
    assert_allclose([below["mean"], below["std"]], [0.999, 1.0], rtol=1e-14)  # these are known all the same


@pytest.mark.parametrize("value", [0.1, -3.0])
def test_equal_values_do_not_vary(value):
    found = of([value] * 10)  # the sum of ten times 0.1 is not 1
    assert (found["cv"], found["cv_detrended"], found["std"], found["class"]) == (0, 0, 0, 1)


def test_infinite_values_are_missing():
    values = np.random.default_rng(7).normal(5, 2, (12, 3))
    values[[1, 4, 9], [0, 1, 2]] = [np.inf, -np.inf, NAN]
    one = variability(values, range(12), limits=LIMITS)
    values[~np.isfinite(values)] = NAN
    other = variability(values, range(12), limits=LIMITS)
    assert all(one[name].tobytes() == other[name].tobytes() for name in one)
    assert np.isfinite(one["mean"]).all()


def test_too_few_values():
    stack = np.array([[1.0, 1.0], [2.0, NAN], [3.0, np.inf], [4.0, 5.0]])
    found = variability(stack, range(4), limits=LIMITS, min_observations=4)
    assert found["class"].tolist() == [5, NODATA]
    assert all(np.isnan(found[name]).tolist() == [False, True] for name in NUMBERS)
    assert np.isnan(of([1.0, 1.1], min_observations=1)["cv"])  # three at least, whatever is asked for


def test_what_is_not_asked_for_is_not_made():
    assert "cv_detrended" not in of([1.0, 1.1, 0.9], min_observations=3, detrended=False)


def test_classes_count_the_limits():
    assert [of([1, 1, 1, 1 + 4 * share], min_observations=3, limits=(0.0, 0.1, 0.3))["class"]
            for share in (0, 0.01, 0.1, 0.9)] == [1, 2, 3, 4]


@pytest.mark.parametrize(("text", "limits"), [
    ("0.05,0.10,0.15,0.20", LIMITS), ("0.1", (0.1,)), (" 0; 0.5 ，1、2 ", (0.0, 0.5, 1.0, 2.0)),
])
def test_limits(text, limits):
    assert parse_limits(text) == limits


@pytest.mark.parametrize(("text", "part"), [
    ("0.1,x", "'x', which is no number"), ("-0.1", "'-0.1'"), ("nan", "'nan'"), ("inf", "'inf'"),
    ("0.1,0.1", "0.1 after 0.1"), ("0.2,0.1", "0.1 after 0.2"), ("", "no limit"), (" , ", "no limit"),
    (",".join(map(str, range(20))), "20 limits"),
])
def test_limits_that_make_no_sense(text, part):
    with pytest.raises(InvalidParameter, match="⟨LIMITS⟩") as error:
        parse_limits(text)
    assert part in str(error.value)


def test_labels():
    assert class_labels(LIMITS) == {
        1: "Very stable (CV ≤ 0.05)", 2: "Stable (0.05 < CV ≤ 0.1)", 3: "Moderate (0.1 < CV ≤ 0.15)",
        4: "Unstable (0.15 < CV ≤ 0.2)", 5: "Very unstable (CV > 0.2)",
    }
    assert class_labels((0.1, 0.2)) == {1: "CV ≤ 0.1", 2: "0.1 < CV ≤ 0.2", 3: "CV > 0.2"}
    assert len(class_labels(tuple(range(MOST_LIMITS)))) == MOST_LIMITS + 1
