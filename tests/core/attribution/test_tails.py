"""The tails of Student's t and of F against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betainc, gammaln, stdtr, stdtrit

from nep_toolbox.core.attribution.tails import two_sided_p, upper_p


def test_against_scipy():
    t = np.concatenate([np.linspace(-15, 15, 601), [np.inf, -np.inf, 1e8, np.nan]])[np.newaxis]
    for df in (*range(1, 30), 59, 60, 61, 200):
        found = two_sided_p(t, np.full(t.shape[1], df))[0]
        np.testing.assert_allclose(found, 2.0 * stdtr(float(df), -np.abs(t)), rtol=1e-10)


def test_t_of_next_to_nothing():
    """There p is 1 less twice t times the density at 0; of some releases of scipy it is 1."""
    for df in (1, 2, 7, 30, 60):
        density = np.exp(gammaln((df + 1) / 2) - gammaln(df / 2)) / np.sqrt(df * np.pi)
        p = two_sided_p(np.array([[1e-6, -1e-6]]), np.array([df, df]))[0]
        np.testing.assert_allclose(1.0 - p, 2e-6 * density, rtol=1e-9)


def test_a_small_p_keeps_its_digits():
    for df in range(2, 61):
        t = -stdtrit(float(df), 10.0 ** -np.arange(5.35, 40.0, 0.5))[np.newaxis]
        found = two_sided_p(t, np.full(t.shape[1], df))[0]
        np.testing.assert_allclose(found, 2.0 * stdtr(float(df), -t), rtol=3e-12)


def test_each_pixel_has_its_own_degrees_of_freedom():
    df = np.array([3, 14, 0, 3, 15, -2, 100])
    t = np.linspace(0.1, 4.0, 14).reshape(2, 7)
    found = two_sided_p(t, df)[0]
    for pixel, own in enumerate(df.tolist()):
        alone = two_sided_p(t[:, [pixel]], np.array([own]))[0][:, 0]
        np.testing.assert_array_equal(found[:, pixel], alone)
        assert np.isnan(alone).all() == (own <= 0)


def test_the_correlation_of_a_t():
    t = np.array([[0.0, -2.0, 3.0, 1e-9, np.inf, -np.inf, np.nan, -1e200]])
    r = two_sided_p(t, np.full(8, 4))[1]
    np.testing.assert_allclose(r[0], [0, -(0.5**0.5), 3 / 13**0.5, 5e-10, 1, -1, np.nan, -1], rtol=1e-14)
    assert np.isnan(two_sided_p(t, np.zeros(8, int))[1]).all()


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 7, 8, 13, 61])
def test_f_against_scipy(k):
    small = 10.0 ** -np.arange(3.0, 12.0)
    unexplained = np.concatenate([np.linspace(0.0, 1.0, 101), small, 1.0 - small])
    for df in (*range(1, 20), 33, 34, 59, 60, 61):
        found = upper_p(unexplained, k, np.full(unexplained.size, df))
        np.testing.assert_allclose(found, betainc(df / 2.0, k / 2.0, unexplained), rtol=1e-10, atol=1e-300)


def test_f_of_each_pixel_has_its_own_degrees_of_freedom():
    df, unexplained = np.array([3, 14, 0, 3, 15, -2, 100]), np.linspace(0.1, 0.9, 7)
    for k in (3, 4):
        found = upper_p(unexplained, k, df)
        for pixel in range(7):
            alone = upper_p(unexplained[[pixel]], k, df[[pixel]])
            np.testing.assert_array_equal(found[[pixel]], alone)
            assert np.isnan(alone[0]) == (df[pixel] <= 0)
    assert np.isnan(upper_p(np.array([np.nan]), 3, np.array([5]))).all()
