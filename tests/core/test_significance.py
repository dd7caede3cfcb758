"""Tails and corrections for many tests, against scipy, tables and hand-computed cases."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from nep_toolbox.core.significance import (
    benjamini_hochberg,
    differs_from_zero,
    holm,
    normal_two_sided_p,
    student_two_sided_p,
)

# p-values of fifteen comparisons of a clinical trial, as printed by Benjamini and Hochberg (1995), section 3.2.
TRIAL = np.array(
    [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1.0]
)


class TestNormalTail:
    def test_equals_scipy_from_the_centre_to_the_far_tail(self):
        z = np.array([0.0, 0.5, -1.0, 1.959963984540054, -3.0, 8.0, -20.0, 37.0])
        np.testing.assert_allclose(normal_two_sided_p(z), 2 * stats.norm.sf(np.abs(z)), rtol=1e-12)

    def test_textbook_quantiles(self):
        p = normal_two_sided_p(np.array([1.6448536269514722, 1.959963984540054, 2.5758293035489004]))
        np.testing.assert_allclose(p, [0.10, 0.05, 0.01], rtol=1e-13)

    def test_far_tail_is_not_rounded_to_zero(self):
        # 1 - Phi(10) by its asymptotic series: phi(10)/10 (1 - 1/100 + 3/10**4 - 15/10**6 + 105/10**8).
        series = np.exp(-50.0) / np.sqrt(2 * np.pi) / 10 * (1 - 1e-2 + 3e-4 - 15e-6 + 105e-8)
        assert normal_two_sided_p(np.array(10.0)) == pytest.approx(2 * series, rel=1e-7)

    def test_missing_stays_missing_and_the_shape_is_kept(self):
        p = normal_two_sided_p(np.array([[np.nan, 0.0], [np.inf, -np.inf]]))
        np.testing.assert_array_equal(p, [[np.nan, 1.0], [0.0, 0.0]])


class TestStudentTail:
    @pytest.mark.parametrize("degrees_of_freedom", [1, 2, 7, 18, 1000, 2.5])
    def test_equals_scipy(self, degrees_of_freedom):
        t = np.array([0.0, 0.3, -1.2, 4.0, -30.0])
        expected = 2 * stats.t.sf(np.abs(t), degrees_of_freedom)
        np.testing.assert_allclose(student_two_sided_p(t, np.array(degrees_of_freedom)), expected, rtol=1e-10)

    def test_closed_forms(self):
        # One degree of freedom is the Cauchy law, two have an algebraic distribution function.
        t = np.array([0.5, 1.0, 6.0])
        np.testing.assert_allclose(student_two_sided_p(t, np.array(1.0)), 1 - 2 / np.pi * np.arctan(t), rtol=1e-12)
        np.testing.assert_allclose(student_two_sided_p(t, np.array(2.0)), 1 - t / np.sqrt(2 + t**2), rtol=1e-12)

    def test_missing_and_infinite(self):
        p = student_two_sided_p(np.array([np.nan, 1.0, np.inf, -np.inf]), np.array([5.0, np.nan, 5.0, 5.0]))
        np.testing.assert_array_equal(p, [np.nan, np.nan, 0.0, 0.0])


class TestBenjaminiHochberg:
    def test_four_rejections_of_the_published_example(self):
        assert (benjamini_hochberg(TRIAL) <= 0.05).sum() == 4

    def test_by_hand(self):
        # sorted 0.01 0.02 0.03 0.5, times 4/rank: 0.04 0.04 0.04 0.5
        np.testing.assert_allclose(benjamini_hochberg(np.array([0.03, 0.5, 0.01, 0.02])), [0.04, 0.5, 0.04, 0.04])

    def test_a_larger_p_pulls_a_smaller_one_down(self):
        # sorted 0.04 0.05, times 2/rank: 0.08 0.05; the minimum from the largest on: 0.05 0.05
        np.testing.assert_allclose(benjamini_hochberg(np.array([0.04, 0.05])), [0.05, 0.05])

    def test_equals_the_definition_on_random_values_with_ties(self):
        p = np.round(np.random.default_rng(1).uniform(size=60) ** 2, 2)
        by_definition = [
            min(1.0, min(other * p.size / (p <= other).sum() for other in p if other >= own)) for own in p
        ]
        np.testing.assert_allclose(benjamini_hochberg(p), by_definition, rtol=1e-12)


class TestHolm:
    def test_three_rejections_of_the_published_example(self):
        # Holm rejects while p <= 0.05 / (15, 14, 13, 12, ...): 0.0019 <= 0.00385, 0.0095 > 0.00417.
        assert (holm(TRIAL) <= 0.05).sum() == 3

    def test_by_hand(self):
        # sorted 0.01 0.02 0.03 0.5, times 4 3 2 1: 0.04 0.06 0.06 0.5
        np.testing.assert_allclose(holm(np.array([0.03, 0.5, 0.01, 0.02])), [0.06, 0.5, 0.04, 0.06])

    def test_monotone_and_at_most_one(self):
        # sorted 0.3 0.4 0.6, times 3 2 1: 0.9 0.8 0.6; the maximum from the smallest on: 0.9 0.9 0.9
        np.testing.assert_allclose(holm(np.array([0.6, 0.3, 0.4])), [0.9, 0.9, 0.9])
        np.testing.assert_array_equal(holm(np.array([0.5, 0.9])), [1.0, 1.0])


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
class TestBothCorrections:
    def test_missing_tests_take_no_part(self, adjust):
        p = np.array([0.01, np.nan, 0.02, 0.04])
        adjusted = adjust(p)
        assert np.isnan(adjusted[1])
        np.testing.assert_array_equal(adjusted[[0, 2, 3]], adjust(p[[0, 2, 3]]))

    def test_a_single_test_is_left_as_it_is(self, adjust):
        np.testing.assert_array_equal(adjust(np.array([0.03])), [0.03])

    def test_nothing_tested(self, adjust):
        assert np.isnan(adjust(np.full((2, 2), np.nan))).all()
        assert adjust(np.empty(0)).shape == (0,)

    def test_the_shape_is_kept_and_the_order_of_input_does_not_matter(self, adjust):
        p = np.random.default_rng(2).uniform(size=(4, 5))
        shuffle = np.random.default_rng(3).permutation(p.size)
        adjusted = adjust(p)
        assert adjusted.shape == p.shape
        np.testing.assert_array_equal(adjust(p.ravel()[shuffle]), adjusted.ravel()[shuffle])

    def test_never_below_the_p_value_itself(self, adjust):
        p = np.random.default_rng(4).uniform(size=100)
        adjusted = adjust(p)
        assert (adjusted >= p).all()
        assert (adjusted <= 1).all()


def test_a_mean_differs_from_zero_from_two_standard_errors_on():
    mean = np.array([1.0, -1.0, 0.999, -0.999, 0.0, 0.0, 5.0, np.nan])
    std = np.array([2.0, 2.0, 2.0, 2.0, 0.0, 1.0, 0.0, 1.0])
    assert differs_from_zero(mean, std, np.full(8, 16)).tolist() == [
        True, True, False, False, False, False, True, False
    ]
    assert differs_from_zero(1.0, 2.0, np.array([15, 16, 17])).tolist() == [False, True, True]
