"""Ridge regression against MASS of R, against singular values, and by its properties."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core.attribution.importance import correlations
from nep_toolbox.core.attribution.ridge import PENALTIES, ridge


def plain(y, x) -> tuple:
    """Coefficients, penalty and score of one pixel, by the singular values of the scaled drivers (k, n)."""
    middle, scale = x.mean(axis=1), x.std(axis=1)
    u, d, v = np.linalg.svd(((x.T - middle) / scale), full_matrices=False)
    target = y - y.mean()
    found = []
    for penalty in PENALTIES:
        b = v.T @ (d / (d * d + penalty) * (u.T @ target))
        left = target - u @ (d * d / (d * d + penalty) * (u.T @ target))
        found.append((left @ left / (len(y) - np.sum(d * d / (d * d + penalty))) ** 2, penalty, b / scale))
    score, penalty, b = min(found, key=lambda each: each[0])
    return b, penalty, score


def by_kernel(y, x) -> tuple:
    """The same from the kernel."""
    near_x, near_y = x - x.mean(axis=1, keepdims=True), y - y.mean()
    found = ridge(correlations(near_x[:, :, np.newaxis], near_y[:, np.newaxis]), np.array([len(y)]))
    return found.beta[:, 0] * y.std() / x.std(axis=1), found.penalty[0], found.score[0] * np.sum(near_y**2)


def test_stored_results_of_mass(shared):
    cases = json.loads((shared / "reference/attribution.json").read_text(encoding="utf-8"))["cases"]
    compared = 0
    for name, case in cases.items():
        if "ridge" not in case["result"]:
            continue
        values = np.array([case["input"]["y"], *case["input"]["x"]], dtype=float)
        y, *x = values[:, np.isfinite(values).all(axis=0)]
        b, penalty, score = by_kernel(y, np.array(x))
        intercept = y.mean() - b @ np.mean(x, axis=1)
        for stored in (case["result"]["ridge"], *([case["r"]["ridge"]] if len(x) > 1 else [])):
            np.testing.assert_allclose([intercept, *b], stored["coef"], rtol=1e-9, err_msg=name)
            np.testing.assert_allclose([penalty, score], [stored["lambda"], stored["gcv_min"]], rtol=1e-9, err_msg=name)
        compared += 1
    assert compared == 13


@pytest.mark.parametrize("k", [1, 2, 5, 8])
def test_singular_values(k):
    rng = np.random.default_rng(k)
    for noise in (0.1, 1.0, 30.0):
        x = rng.normal(size=(k, 20)) + rng.normal(size=20)
        y = x.sum(axis=0) + noise * rng.normal(size=20) + 500
        for one, other in zip(by_kernel(y, x), plain(y, x)):
            np.testing.assert_allclose(one, other, rtol=1e-9)


def test_drivers_that_are_one_share_what_they_explain():
    rng = np.random.default_rng(3)
    rain, heat = rng.normal(size=(2, 18))
    b, penalty, _score = by_kernel(rain + 0.1 * heat, np.array([rain, heat, rain]))
    assert b[0] == pytest.approx(b[2], rel=1e-9) and 0.4 < b[0] < 0.5
    assert penalty in PENALTIES


def test_the_penalty_is_small_where_all_is_explained_and_large_where_nothing_is():
    step = 2 * np.pi * np.arange(20) / 20
    x = np.array([np.cos(step), np.sin(step)])
    assert by_kernel(3 * x[0] - x[1], x)[1] == PENALTIES[0]
    assert by_kernel(np.cos(3 * step), x)[1] == PENALTIES[-1]


def test_of_penalties_with_one_score_the_first_is_taken():
    correlation = np.diag([0.0, 1.0])[:, :, np.newaxis]  # a driver that has nothing to be held back
    found = ridge(correlation, np.array([20]))
    assert found.penalty.tolist() == [PENALTIES[0]] and found.score.tolist() == [1 / 400]


def test_what_is_not_known_stays_unknown_and_harms_no_neighbour():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(3, 15, 6)), rng.normal(size=(15, 6))
    correlation, count = correlations(x, y), np.full(6, 15)
    together = ridge(correlation, count)
    holed = correlation.copy()
    holed[0, 2, 1] = np.nan
    found = ridge(holed, count)
    for one, other in zip(found, together):
        assert np.isnan(one[..., 1]).all()
        np.testing.assert_array_equal(np.delete(one, 1, axis=-1), np.delete(other, 1, axis=-1))
    for pixel in range(6):
        alone = slice(pixel, pixel + 1)
        for one, other in zip(ridge(correlation[:, :, alone], count[alone]), together):
            np.testing.assert_array_equal(one, other[..., alone])
