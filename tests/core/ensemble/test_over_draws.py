"""Statistics over draws: by hand, and against numpy's quantiles of type 7."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.ensemble.over_draws import over_draws, quantiles


def test_by_hand():
    values = np.array([[1.0, -1.0, 0.0], [2.0, -1.0, 0.0], [3.0, 5.0, 0.0], [6.0, 5.0, 0.0]])
    found = over_draws(values)
    assert found["mean"].tolist() == [3.0, 2.0, 0.0]
    np.testing.assert_allclose(found["sd"], [np.sqrt(14 / 3), np.sqrt(12), 0.0], rtol=1e-15)
    # the place of 5 % among four values is 0.15 of the way from the first to the second
    np.testing.assert_allclose(found["lower"], [1.15, -1.0, 0.0], rtol=1e-15)
    np.testing.assert_allclose(found["upper"], [5.55, 5.0, 0.0], rtol=1e-15)
    assert found["positive"].tolist() == [1.0, 0.5, 0.0]


def test_quantiles_are_those_of_numpy():
    values = np.random.default_rng(1).normal(size=(37, 50))
    shares = (0.0, 0.05, 0.25, 0.5, 0.95, 1.0)
    np.testing.assert_allclose(quantiles(values, shares), np.quantile(values, shares, axis=0), rtol=1e-13, atol=1e-15)


def test_equal_draws_have_no_spread():
    found = over_draws(np.full((7, 2), 0.1))
    assert found["mean"].tolist() == [0.1, 0.1]
    assert found["sd"].tolist() == [0.0, 0.0]


def test_a_draw_without_a_number_leaves_none():
    values = np.array([[1.0, np.nan, np.inf], [2.0, 1.0, 1.0]])
    for name, each in over_draws(values).items():
        assert np.isnan(each).tolist() == [False, True, True], name


def test_one_pixel_has_the_bits_it_has_among_others():
    values = np.random.default_rng(2).normal(size=(100, 9))
    for name, each in over_draws(values).items():
        assert over_draws(values[:, 4:5])[name][0] == each[4], name
