"""Mean and spread of pixels."""

from __future__ import annotations

from statistics import fmean, stdev

import numpy as np
from numpy.testing import assert_allclose

from nep_toolbox.core.balance.moments import moments


def test_against_the_standard_library():
    values = np.random.default_rng(8).normal(-250, 30, (13, 50))
    mean, std = moments(values)
    assert_allclose(mean, [fmean(column) for column in values.T], rtol=1e-14)
    assert_allclose(std, [stdev(column) for column in values.T], rtol=1e-13)


def test_a_pixel_has_the_same_bits_alone():
    values = np.random.default_rng(9).normal(size=(37, 20))
    for whole, alone in zip(moments(values), zip(*(moments(values[:, [place]]) for place in range(20)))):
        assert whole.tobytes() == np.concatenate(alone).tobytes()


def test_equal_values_are_their_mean_and_have_no_spread():
    mean, std = moments(np.full((10, 1), 0.1))  # whose sum is not 1
    assert (mean.tolist(), std.tolist()) == ([0.1], [0.0])
    mean, std = moments(np.full((3, 1), -0.0))
    assert not np.signbit([*mean, *std]).any()


def test_a_high_level_costs_no_digits():
    mean, std = moments(np.array([[1e9 - 1.0], [1e9], [1e9 + 1.0]]))
    assert (mean.tolist(), std.tolist()) == ([1e9], [1.0])


def test_beyond_what_numbers_hold():
    assert np.isnan(moments(np.array([[1e200], [-1e200]]))).all()
