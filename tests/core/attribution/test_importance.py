"""LMG against relaimpo of R, against regressions in every order, and by its properties."""

from __future__ import annotations

import json
from itertools import combinations, permutations

import numpy as np
import pytest

from nep_toolbox.core.attribution.importance import MOST_DRIVERS, correlations, lmg


def deviations(values, design=None) -> np.ndarray:
    """What least squares on a constant and the design (n, m) leaves of each series (..., n, pixels)."""
    rows = values.shape[-2]
    whole = np.column_stack([np.ones(rows), *([] if design is None else [design])])
    return values - whole @ (np.linalg.pinv(whole) @ values)


def in_every_order(y, x) -> list:
    """The mean rise of R squared of one pixel, from a regression of each set of drivers (k, n)."""
    explained = {(): 0.0}
    for size in range(1, len(x) + 1):
        for members in combinations(range(len(x)), size):
            design = np.column_stack([np.ones(len(y)), *x[list(members)]])
            left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
            explained[members] = 1 - left @ left / np.sum((y - y.mean()) ** 2)
    rises = np.zeros(len(x))
    orders = list(permutations(range(len(x))))
    for order in orders:
        for place, driver in enumerate(order):
            rises[driver] += explained[tuple(sorted(order[: place + 1]))] - explained[tuple(sorted(order[:place]))]
    return (rises / len(orders)).tolist()


def made(k, n=16, pixels=5, seed=0):
    rng = np.random.default_rng(seed + k)
    x = rng.normal(size=(k, n, pixels)) + 0.7 * rng.normal(size=(n, pixels))
    return x, x.sum(axis=0) + rng.normal(size=(n, pixels)) + 300


def test_stored_results_of_relaimpo(shared):
    cases = json.loads((shared / "reference/attribution.json").read_text(encoding="utf-8"))["cases"]
    compared = 0
    for name, case in cases.items():
        if "lmg" not in case["result"]:
            continue
        values = np.array([case["input"]["y"], *case["input"]["x"]], dtype=float)
        y, *x = deviations(values[:, np.isfinite(values).all(axis=0), np.newaxis])
        found = lmg(correlations(np.array(x), y))[:, 0]
        np.testing.assert_allclose(found, case["result"]["lmg"], rtol=1e-9, err_msg=name)
        if len(x) > 1:
            np.testing.assert_allclose(found, case["r"]["lmg"], rtol=1e-9, err_msg=name)
        compared += 1
    assert compared == 13


@pytest.mark.parametrize("k", range(1, MOST_DRIVERS + 1))
def test_regressions_in_every_order(k):
    x, y = made(k, pixels=2)
    found = lmg(correlations(deviations(x), deviations(y)))
    for pixel in range(2):
        np.testing.assert_allclose(found[:, pixel], in_every_order(y[:, pixel], x[:, :, pixel]), rtol=1e-11)


def test_it_adds_up_to_r_squared_and_follows_the_order_of_the_drivers():
    x, y = deviations(made(4)[0]), deviations(made(4)[1])
    found = lmg(correlations(x, y))
    for pixel in range(y.shape[1]):
        left = np.linalg.lstsq(x[:, :, pixel].T, y[:, pixel], rcond=None)[1][0]
        assert found[:, pixel].sum() == pytest.approx(1 - left / np.sum(y[:, pixel] ** 2), rel=1e-12)
    order = [2, 0, 3, 1]
    np.testing.assert_allclose(lmg(correlations(x[order], y)), found[order], rtol=1e-12)


def test_drivers_that_say_nothing_of_each_other_have_their_squared_correlation():
    angle = 2 * np.pi * np.arange(12) / 12
    x = np.array([np.cos(angle), np.sin(angle), np.cos(2 * angle)])[:, :, np.newaxis]
    y = 3 * x[0] - 4 * x[1] + 12 * np.sin(2 * angle)[:, np.newaxis]
    np.testing.assert_allclose(lmg(correlations(x, y))[:, 0], [9 / 169, 16 / 169, 0], atol=1e-15)


def test_correlations_by_numpy():
    x, y = deviations(made(3)[0]), deviations(made(3)[1])
    found = correlations(x, y)
    for pixel in range(y.shape[1]):
        expected = np.corrcoef([*x[:, :, pixel], y[:, pixel]])
        np.testing.assert_allclose(found[:, :, pixel], expected, rtol=1e-13)
    assert np.isnan(correlations(np.zeros((1, 4, 1)), y[:4, :1])[0]).all()


def test_a_pixel_does_not_depend_on_its_neighbours():
    x, y = deviations(made(5)[0]), deviations(made(5)[1])
    together = lmg(correlations(x, y))
    for pixel in range(y.shape[1]):
        alone = slice(pixel, pixel + 1)
        np.testing.assert_array_equal(lmg(correlations(x[:, :, alone], y[:, alone])), together[:, alone])
