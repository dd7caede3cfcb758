"""Mean, spread and agreement of members: stored numbers, exact fractions, values by hand, and what must not matter."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations
from math import inf, nan

import numpy as np
import pytest

from nep_toolbox.core.ensemble.spread import SPREAD, share_above_zero, spread


def test_stored_ensembles(shared):
    stored = json.loads((shared / "reference/respiration_models.json").read_text(encoding="utf-8"))["sites"]
    cases = [site["ensemble_of_NPP_550"] for site in stored]
    found = spread(np.array([case["members"] for case in cases]).T)
    for name, key in (*((name, name) for name in ("mean", "sd", "min", "max")), ("agreement", "agreement_percent")):
        np.testing.assert_allclose(found[name], [case[key] for case in cases], rtol=1e-12, err_msg=name)
    assert found["count"].tolist() == [2] * 4


def test_by_hand():
    values = np.array([
        [1.0, -1.0, 5.0, nan, 0.0, 0.0, nan, inf],
        [2.0, 2.0, nan, nan, 3.0, 0.0, 8.0, 1.0],
        [6.0, -4.0, -7.0, 4.0, -2.0, 0.0, nan, -inf],
        [nan, -1.0, nan, nan, -1.0, 0.0, nan, 3.0],
    ])
    found = {key: each.tolist() for key, each in spread(values).items()}
    assert found["count"] == [3, 4, 2, 1, 4, 4, 1, 2]
    np.testing.assert_array_equal(found["mean"], [3, -1, -1, nan, 0, 0, nan, 2])
    variances = np.square(found["sd"])
    np.testing.assert_allclose(variances, [7, 6, 72, nan, 14 / 3, 0, nan, 2], rtol=1e-15)
    np.testing.assert_array_equal(found["min"], [1, -4, -7, nan, -2, 0, nan, 1])
    np.testing.assert_array_equal(found["max"], [6, 2, 5, nan, 3, 0, nan, 3])
    np.testing.assert_array_equal(found["agreement"], [100, 75, 50, nan, 50, 0, nan, 100])


@pytest.mark.parametrize("level", [0.0, -300.0, 1e7])
def test_exact_fractions(level):
    values = level + np.random.default_rng(3).normal(0, 20, (5, 40))
    values[np.random.default_rng(4).random(values.shape) < 0.3] = nan
    found = spread(values)
    for pixel in range(values.shape[1]):
        own = [Fraction(float(value)) for value in values[:, pixel] if value == value]
        if len(own) < 2:
            assert np.isnan(found["mean"][pixel])
            continue
        mean = sum(own) / len(own)
        variance = sum((value - mean) ** 2 for value in own) / (len(own) - 1)
        assert found["mean"][pixel] == pytest.approx(float(mean), rel=1e-15, abs=1e-13)
        assert found["sd"][pixel] == pytest.approx(float(variance) ** 0.5, rel=1e-14)
        assert (found["min"][pixel], found["max"][pixel]) == (float(min(own)), float(max(own)))


def test_no_bit_depends_on_the_order_of_the_members_nor_on_neighbours():
    values = np.random.default_rng(5).normal(100, 40, (4, 30)) * [[1.0], [1e-6], [1e5], [1.0]]
    values[0, :3], values[1, :2], values[2, 0] = nan, -0.0, 0.0
    first = spread(values)
    for order in permutations(range(4)):
        for key, each in spread(values[list(order)]).items():
            assert each.tobytes() == first[key].tobytes(), key
    for pixel in range(30):
        for key, each in spread(values[:, pixel : pixel + 1]).items():
            assert each.tobytes() == first[key][pixel : pixel + 1].tobytes(), key


def test_members_that_are_the_same_have_no_spread():
    values = np.repeat(np.random.default_rng(6).normal(0, 1, (1, 50)), 7, axis=0)
    found = spread(values)
    for key in ("mean", "min", "max"):
        assert np.array_equal(found[key], values[0])
    assert not found["sd"].any() and (found["agreement"] == 100).all()


def test_single_precision_is_worked_on_in_double():
    values = np.array([[1e7], [1e7 + 1], [1e7 + 3]], np.float32)
    found = spread(values)
    assert found["sd"][0] == pytest.approx((7 / 3) ** 0.5, rel=1e-15)
    assert all(found[key].dtype == np.float64 for key in SPREAD)


def test_share_above_zero():
    slopes = np.array([[1.0, -1.0, nan, 0.0, nan], [2.0, 3.0, 1.0, 0.0, nan], [0.5, -2.0, 2.0, 1.0, 1.0]])
    np.testing.assert_array_equal(share_above_zero(slopes), [100, 100 / 3, 100, 100 / 3, nan])
