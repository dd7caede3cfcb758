"""The tail of Student's t against scipy."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtr

from nep_toolbox.core.attribution.tails import two_sided_p


def test_against_scipy():
    t = np.concatenate([np.linspace(-15, 15, 601), [np.inf, -np.inf, 1e-9, 1e8, np.nan]])[np.newaxis]
    for df in (*range(1, 30), 59, 60, 61, 200):
        found = two_sided_p(t, np.full(t.shape[1], df))[0]
        np.testing.assert_allclose(found, 2.0 * stdtr(float(df), -np.abs(t)), rtol=1e-10)


def test_each_pixel_has_its_own_degrees_of_freedom():
    df = np.array([3, 14, 0, 3, 15, -2, 100])
    t = np.linspace(0.1, 4.0, 14).reshape(2, 7)
    found = two_sided_p(t, df)[0]
    for pixel, own in enumerate(df.tolist()):
        alone = two_sided_p(t[:, [pixel]], np.array([own]))[0][:, 0]
        np.testing.assert_array_equal(found[:, pixel], alone)
        assert np.isnan(alone).all() == (own <= 0)
