"""Respiration and NEP of the sample province, year by year; their sums are held in test_known_answers.py."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nep_toolbox.sample.province import make_province
from nep_toolbox.sample.years import Walk, npp_of, respiration


def test_respiration_by_hand():
    assert respiration(np.float64(0.0), np.float64(0.0)) == pytest.approx(0.22 * 30 * 0.465, rel=1e-14)
    by_hand = 3.069 * (math.exp(0.913) + math.log(0.3145 * 800 + 1))
    assert respiration(np.float64(10.0), np.float64(800.0)) == pytest.approx(by_hand, rel=1e-12)


def test_mean_is_over_the_years_a_pixel_has():
    province = make_province(30, (2001, 2002, 2003), 2)
    walk = Walk(province, 1.0)
    for name, form in walk.forms.items():
        assert [row["mean"] for row in form.annual] == [row["nep_mean"][name] for row in walk.annual]
        found = np.array([npp_of(province, year)[1] for year in province.years])
        np.testing.assert_array_equal(np.isnan(form.nep_mean), ~found.any(axis=0))
        # the sum over all pixels and years, taken the two ways round
        total = np.nansum(form.nep_mean * found.sum(axis=0))
        assert total == pytest.approx(sum(row["nep_mean"][name] * row["pixels"] for row in walk.annual), rel=1e-12)
    np.testing.assert_array_equal(walk.common, found.all(axis=0))
