"""Orthogonal factors against numpy's own least squares, one pixel at a time."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.attribution.orthogonal import factorise, factors_of_products

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
            for found, count in zip(factors.inverse_diagonals(some), (some, 3)):
                inverse = np.linalg.inv(a[:, :count].T @ a[:, :count])
                np.testing.assert_allclose(found[:, pixel], np.diag(inverse), rtol=1e-8)
        vector = np.array([1.0, -2.0, 0.5])
        np.testing.assert_allclose(
            factors.inverse_form(np.broadcast_to(vector[:, None], (M, PIXELS)))[pixel],
            vector @ np.linalg.solve(a.T @ a, vector), rtol=1e-7,
        )
        lengths = np.linalg.norm(a, axis=0)
        condition = factors.condition(np.stack([(each * each).sum(axis=0) for each in matrix]))[pixel]
        np.testing.assert_allclose(condition, np.linalg.cond(a / lengths), rtol=1e-9)
        assert values[0] / values[-1] > 100
    np.testing.assert_array_equal(np.stack(kept[0]), np.stack(matrix))
    np.testing.assert_array_equal(kept[1], target)


def test_of_products(columns):
    matrix, target = columns
    matrix[2] -= 1e3 * matrix[0]
    both = np.stack([*matrix, target])
    found, expected = factors_of_products(np.einsum("inp,jnp->ijp", both, both)), factorise(matrix, target)
    for row in range(M):
        np.testing.assert_allclose(found.triangle[row, row:], expected.triangle[row, row:], rtol=1e-11)
    np.testing.assert_allclose(found.projections, expected.projections, rtol=1e-11)
    np.testing.assert_allclose(found.squares_left, expected.squares_left, rtol=1e-11)


def test_a_column_of_zeros_is_no_number():
    with np.errstate(invalid="ignore", divide="ignore"):
        factors = factorise([np.zeros((4, 2)), np.ones((4, 2))], np.ones((4, 2)))
        assert np.isnan(factors.condition(np.array([[0.0, 0.0], [4.0, 4.0]]))).all()
