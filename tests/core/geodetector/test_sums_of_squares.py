"""Sums of squares of consecutive values against rational numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from nep_toolbox.core.geodetector.sums_of_squares import (
    exact_minima,
    exactly_scaled,
    plain_sums,
    prefix_sums,
    quick_minima,
    quick_sum_of_squares,
    sum_of_squares,
)


def exact(x, weights):
    """Sum of squares from the mean in rational numbers."""
    x, weights = [Fraction(v) for v in x.tolist()], [Fraction(w) for w in weights.tolist()]
    mean = sum(v * w for v, w in zip(x, weights)) / sum(weights)
    return sum(w * (v - mean) ** 2 for v, w in zip(x, weights))


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(4)
    # groups a billionth of their distance wide
    x = np.sort(np.concatenate([place + 1e-9 * rng.normal(size=8) for place in (-1.0, 0.25, 1.0)]))
    return x, rng.integers(1, 40, 24).astype(float)


def test_sums_of_squares_keep_their_digits(data):
    x, weights = data
    total = prefix_sums(x, weights)
    for start, end in combinations(range(25), 2):
        found = sum_of_squares(total[:, start : start + 1], total[:, end : end + 1])[0]
        expected = float(exact(x[start:end], weights[start:end]))
        assert found == pytest.approx(expected, rel=1e-10, abs=1e-29), (start, end)


def test_quick_sums_are_right_to_the_rounding_of_the_whole(data):
    x, weights = data
    total = plain_sums(x, weights)
    whole = float(exact(x, weights))
    for start, end in combinations(range(25), 2):
        found = quick_sum_of_squares(total[:, start : start + 1], total[:, end : end + 1])[0]
        assert found == pytest.approx(float(exact(x[start:end], weights[start:end])), abs=1e-13 * whole)


@pytest.mark.parametrize(("minima", "sums", "rel"), [(exact_minima, prefix_sums, 1e-10), (quick_minima, plain_sums, 0)])
def test_least_costs_of_two_classes(data, minima, sums, rel):
    x, weights = data
    total = sums(x, weights)
    first = sum_of_squares(*(prefix_sums(x, weights)[:, part] for part in (np.zeros(24, dtype=int), np.arange(24))))
    found = minima(first, total[:, :24], total[:, 1:], np.arange(1, 25), lambda: None)
    for end in range(1, 25):
        expected = min(float(first[start]) + float(exact(x[start:end], weights[start:end])) for start in range(end))
        assert found[end - 1] == pytest.approx(expected, rel=rel, abs=1e-12 if rel == 0 else 1e-29)


@pytest.mark.parametrize("values", [[1e8, 1e8 + 0.01, 1e8 + 0.07], [-5.0, 0.125, 3.0], [1e-200, 1.1e-200, 1.9e-200]])
def test_scaling_is_a_shift_and_a_power_of_two(values):
    values = np.array(values)
    scaled = exactly_scaled(values)
    assert 0.5 <= np.abs(scaled).max() <= 1
    before, after = ([Fraction(v) for v in each.tolist()] for each in (values, scaled))
    factor = (after[2] - after[0]) / (before[2] - before[0])
    assert after[1] - after[0] == factor * (before[1] - before[0])
    assert factor.numerator == 1 or factor.denominator == 1


def test_only_a_large_mean_is_shifted_where_that_is_exact():
    # within a factor of two of each other: from the middle one, then times 2**-3
    assert exactly_scaled(np.array([16.0, 20, 32])).tolist() == [-4 / 16, 0, 12 / 16]
    assert exactly_scaled(np.array([-32.0, -20, -16])).tolist() == [-12 / 16, 0, 4 / 16]
    # beyond that, and on both sides of zero, a difference may round
    assert exactly_scaled(np.array([15.0, 20, 32])).tolist() == [15 / 64, 20 / 64, 32 / 64]
    assert exactly_scaled(np.array([-3.0, 0.5, 2.5])).tolist() == [-3 / 4, 0.5 / 4, 2.5 / 4]
