"""Exact sums against ``fractions.Fraction``."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from nep_toolbox.core import exact_sums
from nep_toolbox.core.exact_sums import UNIT_EXPONENT, as_float, sums_by_code, weighted_counts


def test_equals_rational_arithmetic():
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 2**31, (40, 6))
    weights = rng.lognormal(10, 4, 40)
    for column, total in enumerate(weighted_counts(counts, weights)):
        expected = sum(Fraction(weight) * int(count) for weight, count in zip(weights, counts[:, column]))
        assert Fraction(total) * Fraction(2) ** UNIT_EXPONENT == expected
        assert as_float(total) == float(expected)
        assert as_float(total, 1_000_000) == float(expected / 1_000_000)


def test_parts_add_up_to_the_whole_bit_for_bit():
    rng = np.random.default_rng(2)
    counts, weights = rng.integers(0, 5000, (1000, 1)), rng.uniform(2e5, 3e5, 1000)
    whole = weighted_counts(counts, weights)[0]
    for cut in (1, 7, 500):
        parts = [weighted_counts(counts[i : i + cut], weights[i : i + cut])[0] for i in range(0, 1000, cut)]
        assert sum(parts) == whole


def test_extreme_weights():
    counts = np.array([[2**35], [1], [3]])
    weights = np.array([1.7e9, 0.0, 1e-290])
    total = weighted_counts(counts, weights)[0]
    assert Fraction(total) * Fraction(2) ** UNIT_EXPONENT == Fraction(1.7e9) * 2**35 + 3 * Fraction(1e-290)


def test_things_that_all_weigh_differently():
    rng = np.random.default_rng(3)
    codes, weights = rng.integers(0, 5, 3000), rng.lognormal(10, 4, 3000)
    weights[:7] = 0.0
    for code, total in enumerate(sums_by_code(codes, weights, 6)):
        expected = sum((Fraction(weight) for weight in weights[codes == code]), Fraction(0))
        assert Fraction(total) * Fraction(2) ** UNIT_EXPONENT == expected
    assert sums_by_code(codes, weights, 6) == weighted_counts(np.eye(6, dtype=np.int64)[codes], weights)


@pytest.mark.parametrize("spread", [0.0, 4.0])
def test_weights_that_many_things_share(spread):
    rng = np.random.default_rng(4)
    codes, weights, group = rng.integers(0, 5, 3000), np.exp(spread * rng.normal(size=40)), rng.integers(0, 40, 3000)
    assert sums_by_code(codes, weights, 6, group) == sums_by_code(codes, weights[group], 6)
    assert sums_by_code(codes[:0], weights, 2, group[:0]) == sums_by_code(codes[:0], weights[:0], 2) == [0, 0]


@pytest.mark.parametrize("slots", [1 << 18, 100, 1])
def test_numbers_of_either_sign_and_of_all_sizes(monkeypatch, slots):
    monkeypatch.setattr(exact_sums, "_SLOTS", slots)
    rng = np.random.default_rng(5)
    codes, numbers = rng.integers(0, 3, 600), rng.normal(size=600) * 10.0 ** rng.integers(-320, 300, 600)
    numbers[:5] = [5e-324, -5e-324, -1.7e308, -0.0, -2.0**-1022]
    for code, total in enumerate(sums_by_code(codes, numbers, 3)):
        expected = sum((Fraction(number) for number in numbers[codes == code].tolist()), Fraction(0))
        assert Fraction(total) * Fraction(2) ** UNIT_EXPONENT == expected
    parts = [sums_by_code(codes[i : i + 7], numbers[i : i + 7], 3) for i in range(0, 600, 7)]
    assert [sum(column) for column in zip(*parts)] == sums_by_code(codes, numbers, 3)
