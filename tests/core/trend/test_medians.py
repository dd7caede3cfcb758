"""Medians by the sorting network against plain sorting."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nep_toolbox.core.trend import medians as ordering


@pytest.mark.parametrize("n", range(1, 11))
def test_network_finds_the_middle_of_every_pattern_of_zeros_and_ones(n):
    # by the zero-one principle a network that is right for these is right for all values
    patterns = np.array(list(itertools.product((0.0, 1.0), repeat=n))).T
    lower, upper = ordering.middle_rows(patterns)
    expected = np.sort(patterns, axis=0)
    np.testing.assert_array_equal(lower, expected[(n - 1) // 2])
    np.testing.assert_array_equal(upper, expected[n // 2])


@pytest.mark.parametrize("n", [13, 20, 22, 33, 64, 65, 100])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_middle_rows_of_random_values(n, dtype):
    stack = np.random.default_rng(n).normal(size=(n, 200)).astype(dtype)
    before = stack.copy()
    lower, upper = ordering.middle_rows(stack)
    expected = np.sort(stack, axis=0)
    np.testing.assert_array_equal(lower, expected[(n - 1) // 2])
    np.testing.assert_array_equal(upper, expected[n // 2])
    np.testing.assert_array_equal(stack, before)


def test_the_network_serves_up_to_its_limit_and_selection_beyond(monkeypatch):
    served = []
    network = ordering.median_network
    monkeypatch.setattr(ordering, "median_network", lambda n: served.append(n) or network(n))
    for n in (1, 20, 64, 65, 100):
        ordering.middle_rows(np.zeros((n, 3)))
    assert served == [1, 20, 64]


def test_network_keeps_only_what_reaches_the_middle():
    full = ordering._odd_even_merge_sort(20)
    assert len(ordering.median_network(20)) < len(full)
    assert all(i < j < 20 for i, j in full)


@pytest.mark.parametrize("n", [1, 2, 5, 8, 20, 21, 70])
def test_median_with_any_pattern_of_gaps(n):
    generator = np.random.default_rng(n)
    stack = np.round(generator.normal(size=(n, 400)) * 4).astype(np.float32)
    valid = generator.random(stack.shape) < generator.random(400)
    result = ordering.median(np.where(valid, stack, np.nan), valid)
    for pixel in range(stack.shape[1]):
        values = stack[valid[:, pixel], pixel].astype(np.float64)
        if values.size:
            assert result[pixel] == np.median(values)
        else:
            assert np.isnan(result[pixel])


def test_median_of_complete_rows_is_formed_in_float64():
    stack = np.array([[1.0], [np.nextafter(np.float32(1), np.float32(2))]], dtype=np.float32)
    assert ordering.median(stack)[0] == (float(stack[0, 0]) + float(stack[1, 0])) / 2
