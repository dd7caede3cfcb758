"""Kernels of persistence and future trend against the functions they are made of, and plain counting."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.persistence.blocks import (
    EXPONENT_UNIT,
    FIRST_FUTURE,
    FIRST_PERSISTENCE,
    few_distinct,
    future_block,
    hurst_block,
)
from nep_toolbox.core.persistence.hurst import CLASS_NODATA, hurst

NAN = np.nan
AREA = np.linspace(2.0, 2.5, 6)[:, np.newaxis]


@pytest.fixture(scope="module")
def stack():
    rng = np.random.default_rng(21)
    values = rng.normal(300, 30, (20, 6, 9))
    values[:, 2, 3] = NAN
    values[:9, 4, 4] = NAN
    return values


def test_hurst_block_gives_exponent_classes_and_their_areas(stack):
    block = hurst_block(stack, AREA, min_observations=12, significance=True)
    alone = hurst(stack, min_observations=12, significance=True)
    for name, values in alone.items():
        np.testing.assert_array_equal(block[name], values)
    exponent = alone["hurst"]
    expected = np.where(np.isnan(exponent), -32768, np.where(exponent > 0.5, 2, 1))
    assert block["class"].dtype == np.int16 and np.array_equal(block["class"], expected)
    for code in (0, 1, 2):
        pixels, area = block["class_areas"][code - FIRST_PERSISTENCE]
        assert pixels == (expected == code).sum()
        assert as_float(area) == pytest.approx(((expected == code) * AREA).sum(), rel=1e-15)


def test_hurst_block_is_the_same_in_any_block(stack):
    whole = hurst_block(stack, significance=True)
    for cut in (1, 2, 4):
        parts = [hurst_block(stack[:, row : row + cut], significance=True) for row in range(0, 6, cut)]
        for name in ("hurst", "class", "p_value", "r_squared"):
            np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), whole[name])
        assert (sum(part["class_areas"] for part in parts) == whole["class_areas"]).all()
        assert sum(part["exponent_sum"] for part in parts) == whole["exponent_sum"]
    found = whole["hurst"][np.isfinite(whole["hurst"])]
    assert found.size == 52 and whole["exponent_sum"] * EXPONENT_UNIT == pytest.approx(found.sum(), rel=1e-9)


def test_future_block_counts_the_codes_of_two_one_step_stacks():
    trend = np.array([[[4.0, -4.0, 0.0], [1.0, NAN, 3.0]]])
    exponent = np.array([[[0.7, 0.2, 0.6], [NAN, 0.5, 0.5]]])
    block = future_block(trend, exponent, np.array([[10.0], [20.0]]))
    assert block["code"].tolist() == [[25, 11, 23], [-32768, -32768, 5]]
    counted = {
        FIRST_FUTURE + place: (int(pixels), as_float(area))
        for place, (pixels, area) in enumerate(block["class_areas"]) if pixels
    }
    assert counted == {25: (1, 10.0), 11: (1, 10.0), 23: (1, 10.0), 5: (1, 20.0)}
    assert [(int(pixels), as_float(area)) for pixels, area in block["no_result"]] == [(2, 40.0)]
    assert block["exponents"] == (5, 0, 0.2, 0.7)


def test_future_block_takes_p_as_evidence():
    trend = np.array([[[3.0, 3.0, -4.0, 3.0], [NAN, NAN, 0.0, 1.0]]])
    exponent = np.array([[[0.7, 0.7, 0.2, 0.7], [NAN, NAN, NAN, 0.51]]])
    chance = np.array([[[0.01, 0.15, 0.05, NAN], [NAN, 0.3, 0.3, 0.019]]])
    block = future_block(trend, exponent, np.array([[10.0], [20.0]]), p_value=chance, alpha=0.2)
    assert block["code"].tolist() == [[25, 25, 11, -32768], [-32768, -32768, -32768, 24]]
    # one with no p, one with p alone, one without H; the one with nothing is not lost
    assert [(int(pixels), as_float(area)) for pixels, area in block["no_result"]] == [(3, 50.0)]
    assert block["p_values"] == (6, 0, 0.01, 0.3)
    assert block["near_half"] == (1, 1)
    assert future_block(trend, exponent, p_value=chance)["code"][0].tolist() == [25, 5, 11, -32768], "ALPHA is 0.1"
    assert future_block(trend, exponent)["p_values"] == (0, 0, np.inf, -np.inf)


def test_future_block_counts_p_values_that_are_none_or_not_of_these_exponents():
    exponent = np.array([[[0.4801, 0.4799, 0.5, 0.5199, 0.53, 0.5]]])
    chance = np.array([[[0.0199, 0.0001, 0.02, 0.0, 0.0, NAN]]])
    block = future_block(np.ones((1, 1, 6)), exponent, p_value=chance)
    assert block["near_half"] == (3, 2)
    assert block["p_values"] == (5, 0, 0.0, 0.02)
    block = future_block(np.ones((1, 1, 6)), exponent, p_value=chance - 0.0001)
    assert block["p_values"][1:3] == (2, -0.0001)
    assert future_block(np.ones((1, 1, 6)), exponent, p_value=chance + 0.99)["p_values"][1] == 2


def test_hurst_block_counts_the_intervals_that_contain_one_half(stack):
    block = hurst_block(stack, AREA, min_observations=12, confidence=60.0)
    lower, upper = block["lower"], block["upper"]
    assert block["contains_half"] == sum(
        low <= 0.5 <= high for low, high in zip(lower.ravel().tolist(), upper.ravel().tolist())
    )
    assert 10 < block["contains_half"] < 50
    assert block["width_sum"] * EXPONENT_UNIT == pytest.approx(np.nansum(upper - lower), abs=1e-7)
    plain = hurst_block(stack, min_observations=12)
    assert (plain["contains_half"], plain["width_sum"]) == (0, 0)


def test_future_block_counts_the_exponents_that_are_none():
    exponent = np.array([[[0.0, -0.01, 1.5], [1.51, NAN, 9.0]]])
    block = future_block(np.zeros((1, 2, 3)), exponent)
    assert block["exponents"] == (5, 3, -0.01, 9.0)
    assert future_block(np.zeros((1, 1, 1)), np.full((1, 1, 1), NAN))["exponents"] == (0, 0, np.inf, -np.inf)


def test_future_block_counts_where_a_class_is_that_of_persistence():
    trend = np.array([[[2.0, 2.0, 1.0, 1.0], [0.0, -4.0, NAN, 2.0]]])
    exponent = np.array([[[0.7, 0.3, 0.3, 0.2], [0.5, 0.6, 0.1, NAN]]])
    assert future_block(trend, exponent)["on_sides"].tolist() == [[2, 1], [3, 2]]
    whole = np.where(np.isnan(trend), CLASS_NODATA, trend).astype(np.int16)
    assert future_block(whole, exponent)["on_sides"].tolist() == [[2, 1], [3, 2]]


def test_classes_of_whole_numbers_with_their_own_nodata():
    block = future_block(np.array([[[4, -32768]]], dtype=np.int16), np.array([[[0.7, 0.7]]]))
    assert block["code"].tolist() == [[25, -32768]] and block["no_result"][0, 0] == 1


def test_hurst_block_counts_pixels_without_a_result_and_with_little_in_it(stack):
    odd = stack.copy()
    odd[:, 0, 0] = 5.0  # constant: enough values, no H
    odd[:, 0, 1] = 0.0
    odd[[4, 9, 15], 0, 1] = [0.024, 0.033, 0.007]  # four distinct values
    odd[:, 0, 2] = 0.0
    odd[[4, 9, 15, 17], 0, 2] = [0.024, 0.033, 0.007, 0.01]  # five
    block = hurst_block(odd, AREA, min_observations=12, significance=True)
    assert np.isnan(block["hurst"][[0, 2, 4], [0, 3, 4]]).all()
    # 4, 4 has eleven values and 2, 3 none: neither counts
    assert [(int(pixels), as_float(area)) for pixels, area in block["no_result"]] == [(1, 2.0)]
    assert block["few_values"] == 1
    assert block["significant"] == (block["p_value"] < 0.05).sum() > 0
    assert hurst_block(odd, min_observations=12)["significant"] == 0


def test_few_distinct_values_are_those_of_numpy():
    rng = np.random.default_rng(5)
    values = rng.integers(0, 7, size=(9, 40, 50)).astype(np.float32)
    values[rng.random(values.shape) < 0.2] = NAN
    values[0, 0, 0] = np.inf
    for limit in (2, 3, 5):
        expected = np.array([
            [len(set(series[np.isfinite(series)])) < limit for series in row] for row in np.moveaxis(values, 0, 2)
        ])
        assert 0 < expected.sum() < expected.size or limit == 2
        np.testing.assert_array_equal(few_distinct(values, limit), expected)
    assert few_distinct(values[:4], 5).all()
