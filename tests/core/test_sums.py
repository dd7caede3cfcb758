"""Sums over time: one step after the other, whatever is beside a pixel and however its values lie in memory."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.sums import sum_over_time


@pytest.mark.parametrize("n", [1, 2, 40, 300])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_steps_are_added_in_their_order(n, dtype):
    values = (np.random.default_rng(n).standard_normal((n, 50)) * 1000).astype(dtype)
    expected = values[0].copy()
    for step in values[1:]:
        expected += step
    whole = sum_over_time(values)
    assert whole.dtype == dtype
    np.testing.assert_array_equal(whole, expected)
    np.testing.assert_array_equal(sum_over_time(np.asfortranarray(values)), expected)
    np.testing.assert_array_equal([sum_over_time(values[:, [place]])[0] for place in range(50)], expected)
    np.testing.assert_array_equal(sum_over_time(values[:, ::7]), expected[::7])


def test_no_pixel_has_no_sum():
    assert sum_over_time(np.empty((3, 0))).shape == (0,)
