"""The contextual test against reference numbers, by hand, and pair by pair with numpy's correlation."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from testkit import plain

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.surroundings import Surrounded
from nep_toolbox.core.trend.contextual import contextual_test, contextual_trend, require_no_correction, trend_of
from nep_toolbox.core.trend.serial_correlation import Correction
from nep_toolbox.core.trend.theil_sen import LIMITS, NO_OUTCOME, RESULTS, trend
from nep_toolbox.errors import Cancelled, InvalidParameter

YEARS = np.arange(2001, 2013)
TESTED = ("s", "var_s", "z", "p_value")


def whole(stack) -> Surrounded:
    """A raster in one block."""
    return Surrounded(np.asarray(stack), slice(None), slice(None))


def by_kernel(stack, years=None, wanted=TESTED) -> dict:
    stack = np.asarray(stack)
    years = np.arange(len(stack)) if years is None else years
    return contextual_trend(whole(stack), years, wanted=wanted, min_observations=2)


@pytest.fixture(scope="module")
def stack():
    """Noise that neighbours share, with ties, constant pixels, gaps and pixels without values."""
    rng = np.random.default_rng(12)
    values = rng.normal(300, 30, (12, 9, 11)) + np.arange(12)[:, None, None] * rng.normal(2, 4, (9, 11))
    values[:, :, 1:] += 0.8 * values[:, :, :-1]
    values[:, 6:] = np.round(values[:, 6:], -2)
    values[:, 3, 3] = values[:, 7, 8] = 250.0
    values[4, 2, 5] = values[0, 7, 1] = np.nan
    values[:, 0, 8] = values[:, 5, 2:4] = np.nan
    values[2, 8, 10] = np.inf
    return values


def by_definition(stack, row: int, col: int):
    """S, its variance, Z, p and the number of complete pixels of one window; None where the pixel is not complete."""
    if not np.isfinite(stack[:, row, col]).all():
        return None
    window = stack[:, max(0, row - 1) : row + 2, max(0, col - 1) : col + 2].reshape(len(stack), -1).T
    window = [series for series in window if np.isfinite(series).all()]
    n, m, alone = len(stack), len(window), [plain.mann_kendall(series, range(len(stack)), 2) for series in window]
    variance = 0.0
    for g, one in enumerate(alone):
        for h, other in enumerate(alone):
            both = math.sqrt(one["var_s"] * other["var_s"])
            if g == h:
                variance += both
            elif both:
                variance += (n - 1) / n * np.corrcoef(window[g], window[h])[0, 1] * both
    s, variance = sum(each["s"] for each in alone) / m, variance / m**2
    z = s / math.sqrt(variance) if s else 0.0
    return {"s": s, "var_s": variance, "z": z, "p_value": math.erfc(abs(z) / math.sqrt(2)), "members": m}


def test_reference(shared):
    given = json.loads((shared / "reference/trend_more.json").read_text(encoding="utf-8"))["contextual"]
    first, last = given["years"]
    found = by_kernel(np.array(given["cube"], dtype=float), np.arange(first, last + 1))
    for name, key in {"s": "S", "var_s": "V", "z": "z", "p_value": "p", "members": "m"}.items():
        expected = np.array(given["result"]["pearson_shrunk"][key], dtype=float)
        assert (np.isnan(expected) | (expected == 0)).sum() >= 32
        np.testing.assert_allclose(found[name], expected, rtol=1e-10, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_pixel_equals_the_definition(stack, dtype):
    values = stack.astype(dtype)
    found = by_kernel(values)
    members = set()
    for row, col in np.ndindex(stack.shape[1:]):
        expected = by_definition(values.astype(float), row, col)
        for name in TESTED:
            expected_value = expected[name] if expected else math.nan
            assert found[name][row, col] == pytest.approx(expected_value, rel=1e-11, abs=1e-13, nan_ok=True), (row, col)
        assert found["members"][row, col] == (expected["members"] if expected else 0)
        members.add(int(found["members"][row, col]))
    assert members > {0, 4, 5, 6, 7, 8, 9}


def test_by_hand():
    rising, falling = [1.0, 2, 3, 4], [4.0, 3, 2, 1]
    v = 4 * 3 * 13 / 18
    alone = by_kernel(np.array([rising]).T[:, None])
    assert alone["s"].tolist() == [[6.0]] and alone["var_s"][0, 0] == pytest.approx(v, rel=1e-15)
    assert alone["z"][0, 0] == pytest.approx(6 / math.sqrt(v), rel=1e-15), "no continuity correction"
    twins = by_kernel(np.array([rising, rising]).T[:, None])  # r' is 3/4: var (2 + 2 * 3/4) V / 4
    assert twins["s"].tolist() == [[6.0, 6.0]]
    np.testing.assert_allclose(twins["var_s"], 3.5 / 4 * v, rtol=1e-14)
    opposite = by_kernel(np.array([rising, falling]).T[:, None])
    assert opposite["s"].tolist() == opposite["z"].tolist() == [[0.0, 0.0]]
    assert opposite["p_value"].tolist() == [[1.0, 1.0]]
    np.testing.assert_allclose(opposite["var_s"], 0.5 / 4 * v, rtol=1e-14)
    still = by_kernel(np.full((4, 2, 2), 0.1))
    assert (still["z"] == 0).all() and (still["p_value"] == 1).all() and (still["var_s"] == 0).all()


def test_all_but_the_test_is_that_of_the_pixel_alone(stack):
    wanted = {*RESULTS, *LIMITS, "change", "r_squared", "outcome"}
    found = contextual_trend(whole(stack), YEARS, wanted=wanted, confidence=90)
    alone = trend(stack, YEARS, wanted=wanted, confidence=90)
    assert set(found) == {*wanted, "members"}
    for name in wanted - {*TESTED, "outcome"}:
        np.testing.assert_array_equal(found[name], alone[name], err_msg=name)
    assert (found["outcome"] == NO_OUTCOME).all() and (alone["outcome"] != NO_OUTCOME).any()
    gap = np.isfinite(alone["slope"]) & ~np.isfinite(stack).all(axis=0)
    assert gap.sum() == 3 and np.isnan([found[name][gap] for name in TESTED]).all()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_no_bit_depends_on_the_blocks(stack, dtype):
    values = stack.astype(dtype)
    expected = by_kernel(values, YEARS)
    for height, width in ((1, 1), (2, 11), (9, 1), (4, 5)):
        for row in range(0, 9, height):
            for col in range(0, 11, width):
                top, left = max(0, row - 1), max(0, col - 1)
                around = Surrounded(
                    values[:, top : row + height + 1, left : col + width + 1],
                    slice(row - top, row - top + min(height, 9 - row)),
                    slice(col - left, col - left + min(width, 11 - col)),
                )
                found = contextual_trend(around, YEARS, wanted=TESTED, min_observations=2)
                for name in TESTED:
                    part = expected[name][row : row + height, col : col + width]
                    assert found[name].tobytes() == part.tobytes(), name


def test_the_raster_turned_and_the_values_changed(stack):
    found = by_kernel(stack)
    for turned in (stack[:, ::-1], stack[:, :, ::-1], stack.transpose(0, 2, 1)):
        z = by_kernel(turned)["z"]
        z = z.T if z.shape != found["z"].shape else z[::-1] if turned[0, 0, 0] == stack[0, -1, 0] else z[:, ::-1]
        np.testing.assert_allclose(z, found["z"], rtol=1e-12, atol=1e-13)
    # a shift and a factor of its own for each pixel, as long as all factors rise
    factor = np.random.default_rng(3).uniform(0.5, 4, stack.shape[1:])
    np.testing.assert_allclose(by_kernel(factor * stack + 1e4)["p_value"], found["p_value"], rtol=1e-9)
    np.testing.assert_array_equal(by_kernel(-stack)["z"], -found["z"])
    np.testing.assert_array_equal(by_kernel(stack * 2.0**480)["z"], found["z"])


@pytest.mark.parametrize("size", [1e200, 1e-160, 1e-200])
def test_values_beyond_all_squares_have_no_test(size):
    stack = np.random.default_rng(2).normal(size=(12, 3, 5)) + np.arange(12)[:, None, None]
    stack[:, 1, 1] *= size
    found = by_kernel(stack)
    assert np.isnan(found["z"]).tolist() == np.isnan(found["p_value"]).tolist() == [[True] * 3 + [False] * 2] * 3
    assert np.isfinite(found["s"]).all()


def test_a_weak_trend_that_neighbours_share_and_one_that_stands_alone():
    rng = np.random.default_rng(8)
    noise, steps = rng.normal(size=(20, 15, 15)), np.arange(20)[:, None, None]
    everywhere, lonely = noise + 0.05 * steps, noise.copy()
    lonely[:, 7, 7] += 0.25 * steps[:, 0, 0]
    inner = (slice(1, -1), slice(1, -1))

    def significant(values):
        return (trend(values, np.arange(20))["p_value"] < 0.05), (by_kernel(values)["p_value"] < 0.05)

    alone, together = significant(everywhere)
    assert alone[inner].mean() < 0.4 and together[inner].mean() > 0.9
    alone, together = significant(lonely)
    assert alone[7, 7] and together[7, 7] == (by_definition(lonely, 7, 7)["p_value"] < 0.05)


@pytest.mark.parametrize("smoothing", [0, 1, 3])
def test_size_on_noise(smoothing):
    """5 % of noise is called significant at 5 %, whether neighbours are independent or alike."""
    from scipy.ndimage import gaussian_filter

    rng, share = np.random.default_rng(100 + smoothing), []
    for _time in range(12):
        noise = rng.normal(size=(22, 120, 120))
        noise = gaussian_filter(noise, (0, smoothing, smoothing)) if smoothing else noise
        share.append((by_kernel(noise)["p_value"] < 0.05).mean())
    assert 0.04 < np.mean(share) < 0.06


def test_which_trend_is_asked_for(stack):
    found, own_p = trend_of(stack, years=YEARS, wanted=("p_value",))
    assert not own_p
    np.testing.assert_array_equal(found["p_value"], trend(stack, YEARS)["p_value"])
    assert trend_of(stack, years=YEARS, wanted=("p_value",), correction=Correction.HAMED_RAO)[1]
    found, own_p = trend_of(whole(stack), years=YEARS, wanted=("p_value",), min_observations=2)
    assert own_p
    np.testing.assert_array_equal(found["p_value"], by_kernel(stack)["p_value"])


def test_not_together_with_a_correction(stack):
    require_no_correction(0)
    for correction in (1, Correction.YUE_WANG):
        with pytest.raises(InvalidParameter, match="⟨CONTEXTUAL⟩ and ⟨CORRECTION⟩ are two tests"):
            trend_of(whole(stack), years=YEARS, wanted=("z",), correction=correction)


@pytest.mark.parametrize("late", [0, 23])
def test_a_cancel_is_heard_at_once_and_until_the_last_sum_over_windows(stack, late):
    alone = trend(stack, YEARS, wanted=("s", "var_s"))
    asked = []
    with heeding(lambda: asked.append(1) or len(asked) > late), pytest.raises(Cancelled):
        contextual_test(stack, alone["s"], alone["var_s"])
    assert len(asked) == late + 1
