"""The Mann-Kendall test by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nep_toolbox.core.trend.mann_kendall import is_tied, pair_signs, untied_tests, variance_of_s, z_of_s
from nep_toolbox.core.trend.pairs import Workspace

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


def test_all_tests_without_ties():
    table = untied_tests(6)
    # 0 and 1 values have one S; of n values S runs from -n(n-1)/2 to n(n-1)/2
    assert table.middle.tolist() == [0, 1, 3, 8, 18, 35, 61]
    assert len(table.z) == len(table.p) == 77
    # 5 values, all rising: S = 10, its variance 5*4*15/18
    z = 9 / math.sqrt(300 / 18)
    assert table.z[45] == -table.z[25] == z
    assert table.p[45] == table.p[25] == pytest.approx(math.erfc(z / math.sqrt(2)), rel=1e-14)
    assert table.z[table.middle[2:]].tolist() == [0] * 5 and table.p[table.middle[2:]].tolist() == [1] * 5


def test_equal_values_are_ties_and_gaps_are_none():
    x = np.array([[1, 1, 1.0], [2, 2, NAN], [3, 2, NAN]])
    assert is_tied(np.array([3, 3, 1]), pair_signs(x, Workspace())).tolist() == [False, True, False]


@pytest.mark.parametrize("scale", [1.0, 1e-60, 1e60])
def test_signs_in_double_precision_that_single_precision_cannot_tell(scale):
    rng = np.random.default_rng(8)
    x = np.round(rng.normal(size=(12, 90)), 1) + 1e-9 * rng.integers(0, 3, (12, 90))
    x[:, 60:] = np.rint(x[:, 60:])
    x[rng.random(x.shape) < 0.1] = np.nan
    x *= scale
    signs = pair_signs(x, Workspace(), np.isfinite(x).sum(axis=0))
    later, earlier = np.tril_indices(12, -1)
    with np.errstate(invalid="ignore"):
        for side, expected in zip(signs, (x[later] < x[earlier], x[later] > x[earlier])):
            np.testing.assert_array_equal(side, expected.sum(axis=0))
