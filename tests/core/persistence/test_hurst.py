"""Hurst exponent: against nolds, against a plain loop, by hand, and its properties."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from nep_toolbox.core import valid_values
from nep_toolbox.core.persistence import hurst as persistence
from nep_toolbox.core.persistence import white_noise
from nep_toolbox.core.persistence.hurst import Method, hurst, persistence_class
from nep_toolbox.core.persistence.rescaled_range import expected_rescaled_range, window_lengths
from nep_toolbox.errors import InvalidParameter

# Real pixels (0.1 gC m-2 yr-1, 2001 to 2022) with nolds 0.6.2: hurst_rs(x, nvals=range(4, 12), fit="poly"), raw with
# corrected=False, unbiased=False, corrected with both True.
REAL = [
    (
        [3690, 3834, 3923, 4439, 3896, 4245, 4667, 4596, 3944, 4153, 3764,
         4135, 3545, 4840, 4706, 4609, 4822, 4874, 4203, 5152, 5456, 4247],
        0.9004911086781348, 0.7552838814969545,
    ),
    (
        [3892, 4276, 4794, 4772, 4245, 4592, 4370, 5525, 4148, 4219, 4262,
         3842, 3655, 4945, 4210, 4306, 4249, 4378, 3911, 4751, 4751, 3835],
        0.701297724616117, 0.5560904974349365,
    ),
    (
        [3090, 3875, 4559, 3878, 3671, 4085, 4104, 4211, 3058, 3164, 3090,
         3537, 2972, 3981, 3606, 3610, 3542, 3954, 3566, 3881, 4294, 3456],
        0.9700483830125954, 0.8248411558314153,
    ),
]


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference" / "hurst.json").read_text(encoding="utf-8"))


def plain(x, method=Method.PIECES, min_window=4, corrected=True, expected=None):
    """The definition, one series and one number at a time; returns H and R squared."""
    x = [float(value) for value in x if not math.isnan(value)]
    points = []
    for length in range(min_window, (len(x) // 2 if method == Method.PIECES else len(x)) + 1):
        windows = [x[s : s + length] for s in range(0, len(x) - length + 1, length)]
        if method == Method.EXPANDING:
            windows = windows[:1]
        ratios = []
        for window in windows:
            if max(window) == min(window):
                continue
            mean = math.fsum(window) / length
            deviations = [value - mean for value in window]
            cumulative = [math.fsum(deviations[: k + 1]) for k in range(length)]
            s = math.sqrt(math.fsum(d * d for d in deviations) / (length - corrected))
            ratios.append((max(cumulative) - min(cumulative)) / s)
        if ratios:
            y = math.log(math.fsum(ratios) / len(ratios))
            if corrected:
                y -= math.log(expected_rescaled_range(length)) if expected is None else expected[length]
            points.append((math.log(length), y))
    if len(points) < 3:
        return math.nan, math.nan
    xs, ys = zip(*points)
    slope, intercept = np.polyfit(xs, ys, 1)
    residual = sum((y - slope * v - intercept) ** 2 for v, y in points)
    spread = sum((y - np.mean(ys)) ** 2 for y in ys)
    return slope + 0.5 * corrected, 1 - residual / spread


@pytest.mark.parametrize("corrected", [False, True])
def test_equals_nolds_on_every_reference_series(reference, corrected):
    compared = 0
    for name, entry in reference["series"].items():
        if "ours" not in entry:
            continue
        expected = entry["ours"]["corrected" if corrected else "raw"]
        found = hurst(np.array(entry["x"], dtype=float), corrected=corrected, min_window=entry["ours"]["MIN_WINDOW"])
        np.testing.assert_allclose(found["hurst"], expected, rtol=0, atol=1e-12, err_msg=name)
        compared += 1
    assert compared == 16


@pytest.mark.parametrize("x, raw, corrected", REAL)
def test_equals_nolds_on_real_pixels(x, raw, corrected):
    series = np.array(x, dtype=np.float32)
    assert hurst(series, corrected=False)["hurst"] == pytest.approx(raw, abs=1e-12)
    assert hurst(series)["hurst"] == pytest.approx(corrected, abs=1e-12)


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("corrected", [False, True])
def test_equals_plain_loop_with_gaps_ties_and_constant_stretches(method, corrected):
    rng = np.random.default_rng(7)
    stack = np.round(rng.standard_normal((23, 60)), 1)
    stack[rng.random(stack.shape) < 0.1] = np.nan
    # Sixths are no binary fractions: a mean taken over equal values differs from them in the last place.
    stack[3:9, :20] = 1 / 6
    stack[:12, 20:30] = 0.1
    result = hurst(stack, method=method, corrected=corrected)
    defined = 0
    for pixel in range(stack.shape[1]):
        count = int((~np.isnan(stack[:, pixel])).sum())
        expected = None
        if method == Method.EXPANDING and corrected:
            expected = dict(zip(
                window_lengths(count, method).tolist(), white_noise.expected_log_rescaled_range(count, method)
            ))
        exponent, r_squared = plain(stack[:, pixel], method, 4, corrected, expected)
        np.testing.assert_allclose(result["hurst"][pixel], exponent, rtol=0, atol=1e-10)
        np.testing.assert_allclose(result["r_squared"][pixel], r_squared, rtol=0, atol=1e-10)
        defined += not math.isnan(exponent)
    assert defined > 50


def test_constant_and_nearly_constant_series():
    constant = np.full(20, 0.1)
    assert np.isnan(hurst(constant)["hurst"])
    # One value differs at the end of 20: windows that reach it are those of lengths 4, 5 and 10.
    last = constant.copy()
    last[-1] = 0.2
    assert hurst(last)["hurst"] == pytest.approx(plain(last)[0], abs=1e-10)
    # One value differs at place 18 of 19: only lengths 6 and 9 reach it, and two are not enough.
    late = np.full(19, 0.1)
    late[17] = 0.2
    assert np.isnan(hurst(late)["hurst"])
    assert np.isnan(plain(late)[0])


def test_short_series_and_min_observations():
    rng = np.random.default_rng(1)
    x = rng.standard_normal(22)
    # 11 values have the lengths 4 and 5 only.
    assert np.isnan(hurst(x[:11], min_observations=5)["hurst"])
    assert not np.isnan(hurst(x[:12])["hurst"])
    assert not np.isnan(hurst(x[:6], min_observations=6, method=Method.EXPANDING)["hurst"])
    gaps = x.copy()
    gaps[:10] = np.nan
    gaps[3] = np.inf
    assert hurst(gaps)["hurst"] == hurst(x[10:])["hurst"]
    assert np.isnan(hurst(gaps, min_observations=13)["hurst"])
    assert np.isnan(hurst(np.full((20, 3), np.nan), significance=True)["p_value"]).all()
    assert hurst(np.empty((20, 0)))["hurst"].shape == (0,)


def test_shift_and_scale_leave_it_unchanged():
    x = np.random.default_rng(2).standard_normal((24, 200))
    for corrected in (True, False):
        base = hurst(x, corrected=corrected)
        for other in (x * 1e-6, x * 1e6, x * -3.0, x + 1e6, 250 - 40 * x):
            moved = hurst(other, corrected=corrected)
            np.testing.assert_allclose(moved["hurst"], base["hurst"], rtol=0, atol=1e-8)
            np.testing.assert_allclose(moved["r_squared"], base["r_squared"], rtol=0, atol=1e-7)


@pytest.mark.parametrize("method", list(Method))
def test_a_pixel_does_not_depend_on_its_block(method, monkeypatch):
    rng = np.random.default_rng(3)
    stack = np.round(rng.standard_normal((34, 7, 40)), 1)
    stack[rng.random(stack.shape) < 0.02] = np.nan
    stack[5:14, 2] = 0.3
    whole = hurst(stack, method=method, significance=True)
    by_row = [hurst(stack[:, row : row + 1], method=method, significance=True) for row in range(7)]
    single = hurst(stack[:, 2:3, 5:6], method=method, significance=True)
    monkeypatch.setattr(valid_values, "_CHUNK_PIXELS", 64)
    chunked = hurst(stack, method=method, significance=True)
    for name, values in whole.items():
        assert values.shape == (7, 40)
        np.testing.assert_array_equal(np.concatenate([part[name] for part in by_row]), values)
        np.testing.assert_array_equal(chunked[name], values)
        np.testing.assert_array_equal(single[name], values[2:3, 5:6])


@pytest.mark.parametrize("method", list(Method))
def test_corrected_white_noise_is_centred_and_significance_keeps_its_level(method):
    # Another generator and seed than those of the null distribution.
    noise = np.random.default_rng(424_242).standard_normal((20, 10_000))
    result = hurst(noise, method=method, significance=True)
    assert result["hurst"].mean() == pytest.approx(0.5, abs=0.01)
    assert 0.04 <= (result["p_value"] < 0.05).mean() <= 0.06
    assert persistence.white_noise_mean(20, method) == pytest.approx(result["hurst"].mean(), abs=0.01)


def test_raw_white_noise_is_biased_and_significance_allows_for_it():
    noise = np.random.default_rng(99).standard_normal((20, 10_000))
    result = hurst(noise, corrected=False, significance=True)
    assert result["hurst"].mean() == pytest.approx(0.65, abs=0.01)
    assert (result["hurst"] > 0.5).mean() == pytest.approx(0.81, abs=0.015)
    assert 0.04 <= (result["p_value"] < 0.05).mean() <= 0.06
    assert persistence.white_noise_mean(20, corrected=False) == pytest.approx(0.65, abs=0.01)


def test_classes():
    classes = persistence_class(np.array([[0.2, 0.5, 0.8], [np.nan, -0.1, 1.3]]))
    assert classes.dtype == np.int16
    assert classes.tolist() == [[1, 0, 2], [-32768, 1, 2]]
    assert set(persistence.PERSISTENCE_LABELS) == {0, 1, 2}


def test_bad_parameters():
    x = np.zeros(20)
    with pytest.raises(InvalidParameter, match="at least 2"):
        hurst(x, min_window=1)
    with pytest.raises(InvalidParameter, match="unknown"):
        hurst(x, method=7)
    with pytest.raises(InvalidParameter, match="first axis"):
        hurst(np.array(1.0))
