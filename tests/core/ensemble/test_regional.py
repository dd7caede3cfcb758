"""Totals and means of regions over draws, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.ensemble.regional import DrawnSums

NAN = np.nan
#: Two draws, three years, two regions of which one lacks a year.
AREA = np.array([[2.0, 0.0], [2.0, 5.0], [4.0, 5.0]])
TOTAL = np.array([[[2.0, 0.0], [4.0, 5.0], [12.0, 10.0]], [[6.0, 0.0], [4.0, -5.0], [-4.0, -10.0]]])


def test_statistics():
    found = DrawnSums(AREA, TOTAL).statistics((2001, 2002, 2003), 3)
    # means by year: 1, 2, 3 and 3, 2, -1; none, 1, 2 and none, -1, -2
    assert found["mean"]["mean"].tolist() == [pytest.approx((2 + 4 / 3) / 2), 0.0]
    assert found["mean"]["positive"].tolist() == [1.0, 0.5]
    assert found["total"]["mean"].tolist() == [4.0, 0.0]
    assert found["total"]["sd"].tolist() == [pytest.approx(np.sqrt(8)), pytest.approx(15 / np.sqrt(2))]
    assert found["total"]["lower"].tolist() == [pytest.approx(2.2), pytest.approx(-6.75)]
    assert found["slope"]["mean"][0] == pytest.approx((1 - 2) / 2)  # of the second: the median of -1, -3 and -2
    assert np.isnan(found["slope"]["mean"][1])
    assert found["slope"]["positive"][0] == 0.5


def test_a_slope_is_per_year_and_needs_its_years():
    found = DrawnSums(AREA, TOTAL).statistics((2001, 2002, 2004), 2)
    # by year: 1, 2, 3 in 2001, 2002, 2004: the median of 1, 1/2 and 2/3; then of -1, -3/2 and -4/3
    assert found["slope"]["mean"][0] == pytest.approx((2 / 3 - 4 / 3) / 2)
    assert found["slope"]["mean"][1] == pytest.approx(0.0)


def test_courses():
    found = DrawnSums(AREA, TOTAL).courses((0.0, 0.25, 1.0))
    np.testing.assert_allclose(found[0], [[2.0, NAN], [4.0, -5.0], [-4.0, -10.0]])
    np.testing.assert_allclose(found[1], [[3.0, NAN], [4.0, -2.5], [0.0, -5.0]])
    np.testing.assert_allclose(found[2], [[6.0, NAN], [4.0, 5.0], [12.0, 10.0]])


def test_parts_of_the_spread():
    rng = np.random.default_rng(3)
    draws = rng.normal(1, 0.1, (50, 2))
    both = 10 * draws[:, 0] + 5 * draws[:, 1]
    total = np.stack([draws[:, 0], both, np.ones(50)], axis=1)[:, np.newaxis]
    found = DrawnSums(np.ones((1, 3)), total).parts(draws)
    assert found[0, 0] == pytest.approx(1.0)
    np.testing.assert_allclose(found[:, 1], [np.corrcoef(both, each)[0, 1] ** 2 for each in draws.T], rtol=1e-10)
    assert np.isnan(found[:, 2]).all()


def test_joined_parts_are_summed():
    one = DrawnSums(np.arange(3.0)[np.newaxis], np.arange(6.0).reshape(2, 1, 3))
    found = one.joined(np.array([0, 2]))
    assert found.area.tolist() == [[1.0, 2.0]]
    assert found.total.tolist() == [[[1.0, 2.0]], [[7.0, 5.0]]]
