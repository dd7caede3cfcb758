"""The Mann-Kendall test by hand."""

from __future__ import annotations

import math

import numpy as np

from nep_toolbox.core.trend.mann_kendall import pair_signs, variance_of_s, z_of_s
from nep_toolbox.core.trend.pair_slopes import Workspace

NAN = np.nan


def test_signs_of_pairs():
    # 1 3 2: two rise, one falls; equal values and gaps count for neither
    x = np.array([[1, 5, 1.0], [3, 5, NAN], [2, 5, 2]])
    falling, rising = pair_signs(x, Workspace())
    assert falling.tolist() == [1, 0, 0]
    assert rising.tolist() == [2, 0, 1]


def test_variance_with_ties():
    x = np.array([[1, 1, 7, 1], [2, 1, 7, 2], [3, 2, 7, NAN], [4, 2, 7, 2], [5, 2, 7, 1.0]])
    count = np.array([5, 5, 5, 4])
    # 5*4*15 = 300, a group of two takes 2*1*9 = 18, of three 3*2*11 = 66, of five all; four values have 4*3*13 = 156
    expected = np.array([300, 300 - 18 - 66, 0, 156 - 2 * 18]) / 18
    np.testing.assert_array_equal(variance_of_s(x, count, pair_signs(x, Workspace()), Workspace()), expected)


def test_z_with_the_continuity_correction():
    z = z_of_s(np.array([10.0, -10.0, 1.0, 0.0, 0.0, 3.0, 3.0]), np.array([16.0, 16.0, 4.0, 9.0, 0.0, 0.0, -1.0]))
    np.testing.assert_array_equal(z, [9 / 4, -9 / 4, 0, 0, 0, NAN, NAN])
    assert math.copysign(1, z[4]) == 1
