"""Double-double arithmetic against rational numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from nep_toolbox.core.geodetector.double_double import cumulative, difference, halves, product


@pytest.fixture(scope="module")
def numbers():
    rng = np.random.default_rng(1)
    return rng.normal(size=(2, 500)) * 10.0 ** rng.uniform(-20, 20, (2, 500))


def exact(values):
    return [Fraction(value) for value in values.tolist()]


def test_halves_are_short_and_add_up(numbers):
    high, low = halves(numbers[0])
    assert (high + low == numbers[0]).all()
    for part in (high, low):
        # squares of 26 digits are exact
        assert exact(part * part) == [value * value for value in exact(part)]


def test_product_and_difference_lose_nothing(numbers):
    a, b = exact(numbers[0]), exact(numbers[1])
    rounded, error = product(*numbers)
    assert [x + y for x, y in zip(exact(rounded), exact(error))] == [x * y for x, y in zip(a, b)]
    near = np.concatenate((numbers[0], numbers[0]))
    other = np.concatenate((numbers[1], numbers[0] * (1 + 1e-9)))
    rounded, error = difference(near, other)
    assert [x + y for x, y in zip(exact(rounded), exact(error))] == [x - y for x, y in zip(exact(near), exact(other))]


def test_running_sums_keep_thirty_digits():
    rng = np.random.default_rng(2)
    terms = 1e12 * rng.normal(size=300)
    terms[200:] = rng.normal(size=100)
    terms[100:200] = -terms[:100]
    errors = 1e-10 * rng.normal(size=300)
    high, low = cumulative(terms, errors)
    assert high[0] == low[0] == 0
    total = Fraction(0)
    for place, (term, error) in enumerate(zip(exact(terms), exact(errors)), start=1):
        total += term + error
        assert abs(Fraction(high[place]) + Fraction(low[place]) - total) < 1e-16
