"""Theil-Sen and Mann-Kendall against the reference numbers, a plain computation, and their own definition."""

from __future__ import annotations

import json
import math
from itertools import combinations

import numpy as np
import pytest

from nep_toolbox.core.trend import pair_slopes, pairs, slope_search
from nep_toolbox.core.trend import theil_sen as trend_module
from nep_toolbox.core.trend.theil_sen import CLASS_LABELS, CLASS_NODATA, trend, trend_class
from nep_toolbox.errors import InvalidParameter

# our names and those of the reference
NAMES = {"slope": "slope", "intercept": "intercept", "s": "s", "var_s": "var_s", "z": "z", "p_value": "p", "tau": "Tau"}


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference" / "mann_kendall.json").read_text(encoding="utf-8"))


def as_floats(values):
    return np.array([math.nan if value is None else float(value) for value in values])


def plain_trend(values, years, confidence=None):
    """The definitions written out for one series."""
    pairs = [(float(t), float(v)) for t, v in zip(years, values) if not math.isnan(v)]
    n = len(pairs)
    slopes = sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(pairs, 2))
    s = sum((b[1] > a[1]) - (b[1] < a[1]) for a, b in combinations(pairs, 2))
    groups = {}
    for _, value in pairs:
        groups[value] = groups.get(value, 0) + 1
    variance = (n * (n - 1) * (2 * n + 5) - sum(g * (g - 1) * (2 * g + 5) for g in groups.values())) / 18
    z = 0.0 if s == 0 else (s - math.copysign(1, s)) / math.sqrt(variance)
    slope = (slopes[(len(slopes) - 1) // 2] + slopes[len(slopes) // 2]) / 2
    result = {
        "slope": slope,
        "intercept": np.median([v for _, v in pairs]) - slope * np.median([t for t, _ in pairs]),
        "s": s,
        "var_s": variance,
        "z": z,
        "p_value": math.erfc(abs(z) / math.sqrt(2)),
        "tau": s / (n * (n - 1) / 2),
    }
    if confidence is not None:
        # the quantile of the normal distribution by bisection of its definition
        low, high = 0.0, 10.0
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if math.erf(middle / math.sqrt(2)) < confidence / 100 else (low, middle)
        reach = low * math.sqrt(variance)
        for name, rank in (("lower", (len(slopes) - reach) / 2), ("upper", (len(slopes) + reach) / 2 + 1)):
            rank = min(max(rank, 1), len(slopes))
            under = math.floor(rank)
            over = min(under + 1, len(slopes))
            result[name] = slopes[under - 1] + (rank - under) * (slopes[over - 1] - slopes[under - 1])
    return result


def assert_as_plain(stack, years, results, confidence=None, minimum=2, rtol=1e-12):
    for pixel in range(stack.shape[1]):
        values = stack[:, pixel].astype(np.float64)
        if np.sum(~np.isnan(values)) < minimum:
            assert all(np.isnan(result[pixel]) for result in results.values())
            continue
        expected = plain_trend(values, years, confidence)
        for name in ("s", "var_s"):
            assert results[name][pixel] == expected[name], (name, pixel)
        for name in ("z", "p_value", "tau"):
            assert results[name][pixel] == pytest.approx(expected[name], rel=1e-12, abs=1e-15), (name, pixel)
        scale = np.nanmax(np.abs(values))
        assert results["slope"][pixel] == pytest.approx(expected["slope"], rel=rtol, abs=0), pixel
        assert results["intercept"][pixel] == pytest.approx(
            expected["intercept"], rel=rtol, abs=rtol * (scale + abs(expected["slope"]) * np.abs(years).max())
        ), pixel
        for name in ("lower", "upper") if confidence else ():
            # the share between two ranks rests on the normal quantile, which the plain computation bisects
            assert results[name][pixel] == pytest.approx(expected[name], rel=max(rtol, 1e-9), abs=1e-9 * scale), pixel


def random_stack(seed, n, pixels, kind, gaps=0.0):
    generator = np.random.default_rng(seed)
    stack = generator.normal(size=(n, pixels)) + np.arange(n)[:, None] * generator.normal(size=pixels) * 0.1
    if kind == "few values":
        stack = np.round(stack)
    elif kind == "tenths":
        stack = np.round(stack * 100) * 0.1
    elif kind == "heavy tails":
        stack = np.sinh(2 * stack)
    elif kind == "far from zero":
        stack += 1000
    stack[generator.random(stack.shape) < gaps] = np.nan
    return stack


KINDS = ("normal", "few values", "tenths", "heavy tails", "far from zero")


def test_reference_series(reference):
    for name, series in reference["series"].items():
        values = as_floats(series["x"])
        results = trend(values, np.arange(values.size), min_observations=2)
        expected = series["tests"]["original_test"]
        for ours, theirs in NAMES.items():
            tolerance = {"rel": 1e-12, "abs": 1e-12} if ours in ("z", "p_value") else {"rel": 1e-6, "abs": 1e-12}
            assert results[ours] == pytest.approx(float(expected[theirs]), **tolerance, nan_ok=True), (name, ours)


def test_far_tail_of_p_keeps_its_digits(reference):
    for name, series in reference["series"].items():
        values = as_floats(series["x"])
        p_value = trend(values, np.arange(values.size), min_observations=2)["p_value"]
        assert p_value == pytest.approx(float(series["p_accurate_2sf"]), rel=1e-9), name


def test_reference_block(reference):
    block = reference["block_20x200"]
    stack = np.array([as_floats(row) for row in block["x_time_by_pixel"]])
    results = trend(stack, np.arange(20), min_observations=4)
    for ours, theirs in NAMES.items():
        np.testing.assert_allclose(results[ours], as_floats(block[theirs]), rtol=1e-6, atol=1e-12, err_msg=ours)
    np.testing.assert_allclose(results["z"], as_floats(block["z"]), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(results["p_value"], as_floats(block["p"]), rtol=0, atol=1e-12)


def test_numbers_asserted_upstream(reference):
    upstream = reference["upstream_asserted"]
    values = as_floats(upstream["arbitrary_1d_data"])
    results = trend(values, np.arange(values.size))
    for ours, theirs in NAMES.items():
        recomputed = reference["upstream_recomputed"]["original"]
        for expected in (upstream["original_test"], upstream["sens_slope"], recomputed):
            if theirs in expected:
                assert results[ours] == pytest.approx(float(expected[theirs]), rel=1e-6, abs=1e-9), ours


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [2, 3, 5, 8, 19, 20, 22])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_float64_is_the_plain_computation(kind, n, gaps):
    stack = random_stack(n, n, 120, kind, gaps)
    years = 2001 + np.arange(n)
    results = trend(stack, years, min_observations=2, confidence=95.0)
    assert_as_plain(stack, years, results, confidence=95.0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [8, 20, 21])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_float32_slopes_are_within_two_units_in_the_last_place(kind, n, gaps):
    stack = random_stack(100 + n, n, 300, kind, gaps).astype(np.float32)
    years = 2001 + np.arange(n)
    results = trend(stack, years, min_observations=4)
    # computed from the same float32 values in float64
    exact = trend(stack.astype(np.float64), years, min_observations=4)
    units = np.abs(results["slope"] - exact["slope"]) / np.spacing(np.abs(exact["slope"]).astype(np.float32))
    assert np.nanmax(units) <= 2
    np.testing.assert_array_equal(np.sign(results["slope"]), np.sign(exact["slope"]))
    for name in ("s", "var_s", "z", "p_value", "tau"):
        np.testing.assert_array_equal(results[name], exact[name])


def test_a_slope_that_almost_cancels_is_exact_in_float32():
    # the two middle slopes are nearly opposite: their mean must come from the values, not from rounded slopes
    generator = np.random.default_rng(5)
    stack = generator.normal(size=(20, 4000)).astype(np.float32)
    years = np.arange(20)
    result, exact = trend(stack, years)["slope"], trend(stack.astype(np.float64), years)["slope"]
    weak = np.abs(exact) < 1e-4
    assert weak.sum() > 3
    np.testing.assert_allclose(result[weak], exact[weak], rtol=3e-7)


@pytest.mark.parametrize("scale", [1e-42, 1e-38, 1e-30, 1e30, 1e38])
def test_float32_values_near_the_ends_of_the_range(scale):
    stack = (np.random.default_rng(2).uniform(-1, 1, size=(12, 60)) * scale).astype(np.float32)
    years = 2000 + np.arange(12)
    assert_as_plain(stack, years, trend(stack, years), rtol=3e-7)


def test_irregular_years_and_years_that_float32_cannot_hold():
    for years in (np.array([1990, 1991, 1995, 2000, 2001, 2002, 2010, 2012.0, 2020]), 2000 + np.arange(9) / 3):
        for dtype in (np.float32, np.float64):
            stack = random_stack(3, 9, 100, "normal", gaps=0.1).astype(dtype)
            results = trend(stack, years, min_observations=4, confidence=90.0)
            rtol = 3e-7 if dtype == np.float32 else 1e-12
            expected = trend(stack.astype(np.float64), years, min_observations=4, confidence=90.0)
            assert_as_plain(stack, years, expected, confidence=90.0, minimum=4)
            for name in results:
                np.testing.assert_allclose(results[name], expected[name], rtol=rtol, atol=1e-6, err_msg=name)


def test_many_steps():
    # monthly series: more flags in a column than an int8 counts, and no network for the medians
    stack = random_stack(4, 150, 12, "normal", gaps=0.05)
    stack[:, ::2] = random_stack(5, 150, 6, "few values")
    years = 2001 + np.arange(150) / 12
    results = trend(stack, years, confidence=95.0)
    assert_as_plain(stack, years, results, confidence=95.0)


def test_constant_series():
    results = trend(np.full((20, 3), 5.0, dtype=np.float32), 2001 + np.arange(20), confidence=95.0)
    expected = {"slope": 0, "intercept": 5, "s": 0, "var_s": 0, "z": 0, "p_value": 1, "tau": 0, "lower": 0, "upper": 0}
    assert {name: result.tolist() for name, result in results.items()} == {k: [v] * 3 for k, v in expected.items()}
    np.testing.assert_array_equal(trend_class(results["slope"], results["p_value"]), 0)


def test_a_straight_line_has_its_slope():
    years = 2001 + np.arange(20)
    slopes = np.array([-3.0, -0.25, 0.5, 1.0, 1e-3])
    results = trend(slopes * (years[:, None] - 2000), years, confidence=95.0)
    np.testing.assert_allclose(results["slope"], slopes, rtol=1e-12)
    np.testing.assert_allclose(results["lower"], slopes, rtol=1e-9)
    np.testing.assert_allclose(results["upper"], slopes, rtol=1e-9)
    np.testing.assert_array_equal(results["tau"], np.sign(slopes))


def test_negative_zeros_are_zeros():
    stack = np.array([0.0, -0.0, 0.0, -0.0, 1.0, -1.0, -0.0, 0.0])[:, None].astype(np.float32)
    for values in (stack, stack[::-1]):
        results = trend(values, np.arange(8))
        assert results["slope"][0] == 0
        assert not np.signbit(results["slope"][0])


def test_pixels_with_too_few_values_are_missing():
    stack = np.tile(np.arange(10.0)[:, None], (1, 4))
    stack[:3, 1] = np.nan  # 7 left
    stack[:2, 2] = np.inf  # 8 left: infinite is missing
    stack[:, 3] = np.nan
    results = trend(stack, 2001 + np.arange(10))
    for name, result in results.items():
        np.testing.assert_array_equal(np.isnan(result), [False, True, False, True], err_msg=name)
    assert results["slope"][2] == 1
    assert results["s"][2] == 28
    np.testing.assert_array_equal(np.isnan(trend(stack, 2001 + np.arange(10), min_observations=7)["z"]), [0, 0, 0, 1])


def test_gaps_leave_the_years_as_they_are():
    # without the gap the slope would be that of neighbouring positions
    values = np.array([0, 1, 2, np.nan, np.nan, 5, 6, 7, 8, 9.0])[:, None]
    assert trend(values, np.arange(10))["slope"][0] == 1
    assert trend(values, np.arange(10))["intercept"][0] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_results_do_not_depend_on_the_block(dtype, monkeypatch):
    kinds = [random_stack(i, 20, 200, kind, gaps) for i, kind in enumerate(KINDS) for gaps in (0.0, 0.1)]
    stack = np.concatenate(kinds, axis=1).astype(dtype)
    stack = stack[:, np.random.default_rng(9).permutation(stack.shape[1])].reshape(20, 40, 50)
    years = 2001 + np.arange(20)
    whole = trend(stack, years, confidence=95.0)
    assert whole["slope"].shape == (40, 50)
    rows = [trend(stack[:, row : row + 1], years, confidence=95.0) for row in range(40)]
    pixels = [trend(stack[:, row, 7], years, confidence=95.0) for row in range(40)]
    monkeypatch.setattr(trend_module, "CHUNK_PIXELS", 37)
    monkeypatch.setattr(pairs, "TILE_PIXELS", 16)
    monkeypatch.setattr(pairs, "TILE_BYTES", 0)
    small = trend(stack, years, confidence=95.0)
    for name, result in whole.items():
        np.testing.assert_array_equal(small[name], result, err_msg=name)
        np.testing.assert_array_equal(np.concatenate([row[name] for row in rows]), result, err_msg=name)
        np.testing.assert_array_equal([pixel[name] for pixel in pixels], result[:, 7], err_msg=name)


def test_input_is_left_alone_and_may_be_read_only_or_strided():
    stack = random_stack(1, 10, 60, "normal", gaps=0.1)
    strided = np.asfortranarray(stack.reshape(10, 6, 10))[:, ::-1, ::2]
    strided.setflags(write=False)
    before = strided.copy()
    results = trend(strided, np.arange(10), min_observations=4)
    np.testing.assert_array_equal(strided, before)
    expected = trend(np.ascontiguousarray(strided), np.arange(10), min_observations=4)
    for name, result in results.items():
        np.testing.assert_array_equal(result, expected[name])


def test_integer_stacks_are_taken_as_they_are():
    stack = np.array([[1, 2], [2, 1], [4, 0], [7, -5]])
    results = trend(stack, np.arange(4), min_observations=4)
    np.testing.assert_allclose(results["slope"], [2.0, -5 / 3], rtol=1e-15)


@pytest.mark.parametrize("search_steps", [1, 2])
def test_a_failed_search_costs_time_but_no_digit(search_steps, monkeypatch):
    stack = np.concatenate([random_stack(i, 12, 60, kind) for i, kind in enumerate(KINDS)], axis=1)
    years = 2001 + np.arange(12)
    expected = trend(stack, years, confidence=95.0)
    monkeypatch.setattr(pair_slopes, "sorting_pays", lambda _x, _several: False)
    monkeypatch.setattr(slope_search, "SEARCH_STEPS", search_steps)
    results = trend(stack, years, confidence=95.0)
    for name, result in results.items():
        np.testing.assert_array_equal(result, expected[name], err_msg=name)


def test_limits_enclose_the_slope_and_widen_with_confidence():
    stack = random_stack(6, 20, 300, "normal")
    years = 2001 + np.arange(20)
    narrow, wide = trend(stack, years, confidence=80.0), trend(stack, years, confidence=99.0)
    assert (wide["lower"] <= narrow["lower"]).all()
    assert (narrow["lower"] <= narrow["slope"]).all()
    assert (narrow["slope"] <= narrow["upper"]).all()
    assert (narrow["upper"] <= wide["upper"]).all()


def test_limits_lie_at_the_ranks_of_scipy_and_the_next_inwards(reference):
    # scipy takes whole ranks, rounding; ours interpolates between them, so it is at most one rank away
    for name, series in reference["series"].items():
        values = as_floats(series["x"])
        if np.isnan(values).any() or values.size < 8:
            continue
        results = trend(values, np.arange(values.size), confidence=95.0)
        slopes = np.sort([(values[j] - values[i]) / (j - i) for i, j in combinations(range(values.size), 2)])
        theirs = series["scipy"]["theilslopes_alpha0.95"]
        for ours, limit in ((results["lower"], theirs["low"]), (results["upper"], theirs["high"])):
            first, last = np.searchsorted(slopes, limit * (1 - 1e-12 * np.sign(limit))), np.searchsorted(
                slopes, limit * (1 + 1e-12 * np.sign(limit)), side="right"
            )
            near = slopes[max(first - 1, 0) : min(last + 1, slopes.size)]
            assert near.min() - 1e-9 <= ours <= near.max() + 1e-9, name


def test_classes_by_hand():
    p_value = np.array([0.001, 0.01, 0.0499, 0.05, 0.0999, 0.1, 1.0, 0.001, np.nan, 0.5])
    slope = np.array([2.0, 2.0, -2.0, -2.0, 2.0, 2.0, -2.0, 0.0, 1.0, np.nan])
    expected = [4, 3, -3, -2, 2, 1, -1, 0, CLASS_NODATA, CLASS_NODATA]
    classes = trend_class(slope, p_value)
    assert classes.dtype == np.int16
    np.testing.assert_array_equal(classes, expected)
    of_rasters = trend_class(slope.astype(np.float32).reshape(2, 5), p_value.reshape(2, 5))
    np.testing.assert_array_equal(of_rasters.ravel(), expected)


def test_labels_cover_the_nine_classes_in_order():
    assert [code for code, _ in CLASS_LABELS] == list(range(-4, 5))
    assert len({label for _, label in CLASS_LABELS}) == 9


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"years": np.arange(4)}, "years"),
        ({"years": np.array([1, 2, 2, 3, 4])}, "increase"),
        ({"years": np.array([5, 4, 3, 2, 1])}, "increase"),
        ({"years": np.array([1, 2, np.nan, 4, 5])}, "increase"),
        ({"min_observations": 1}, "MIN_OBSERVATIONS"),
        ({"lag": -1}, "LAG"),
        ({"confidence": 100.0}, "CONFIDENCE"),
        ({"confidence": 0.0}, "CONFIDENCE"),
        ({"correction": 5}, "CORRECTION"),
    ],
)
def test_bad_arguments_are_named(arguments, named):
    with pytest.raises(InvalidParameter, match=named):
        trend(np.zeros((5, 2)), **{"years": np.arange(5), **arguments})


@pytest.mark.parametrize("shape, steps", [((), 0), ((5,), 5), ((4, 3), 4)])
def test_years_must_be_as_many_as_steps(shape, steps):
    with pytest.raises(InvalidParameter, match=f"^{steps} time steps but 3 years"):
        trend(np.zeros(shape), [2001, 2002, 2003])
