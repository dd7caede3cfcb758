"""Orthogonal factors against numpy's own least squares, one pixel at a time."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.attribution.orthogonal import factorise

N, PIXELS, M = 15, 4, 3


@pytest.fixture
def columns():
    rng = np.random.default_rng(5)
    found = list(rng.normal(size=(M, N, PIXELS)))
    found[2] += 1e3 * found[0]  # nearly dependent
    return found, rng.normal(size=(N, PIXELS))


def test_against_least_squares(columns):
    matrix, target = columns
    kept = [each.copy() for each in matrix], target.copy()
    factors = factorise(matrix, target)
    for pixel in range(PIXELS):
        a = np.stack([each[:, pixel] for each in matrix], axis=1)
        solution, squares, _rank, values = np.linalg.lstsq(a, target[:, pixel], rcond=None)
        np.testing.assert_allclose(factors.solution()[:, pixel], solution, rtol=1e-10)
        np.testing.assert_allclose(factors.squares_left[pixel], squares[0], rtol=1e-12)
        for some in (1, 2, 3):
            inverse = np.linalg.inv(a[:, :some].T @ a[:, :some])
            np.testing.assert_allclose(factors.inverse_diagonal(some)[:, pixel], np.diag(inverse), rtol=1e-8)
        lengths = np.linalg.norm(a, axis=0)
        condition = factors.condition([(each * each).sum(axis=0) for each in matrix])[pixel]
        np.testing.assert_allclose(condition, np.linalg.cond(a / lengths), rtol=1e-9)
        assert values[0] / values[-1] > 100
    np.testing.assert_array_equal(np.stack(kept[0]), np.stack(matrix))
    np.testing.assert_array_equal(kept[1], target)


def test_without_a_target(columns):
    factors = factorise(columns[0])
    assert factors.projections == [] and factors.squares_left is None


def test_a_column_of_zeros_is_no_number():
    with np.errstate(invalid="ignore", divide="ignore"):
        factors = factorise([np.zeros((4, 2)), np.ones((4, 2))])
        assert np.isnan(factors.condition([np.zeros(2), np.full(2, 4.0)])).all()
