"""Orthogonal factors of the columns of many least-squares problems at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..sums import sum_over_time


class Factors(NamedTuple):
    """Columns and a target as multiples of orthonormal directions: X = QR, y = Q projections + what is left.

    Attributes
    ----------
    triangle : list of m lists of arrays (pixels,)
        R by row and column; what lies below the diagonal is None.
    projections : list of m arrays (pixels,)
        Empty without a target.
    squares_left : array (pixels,), or None without a target
        Squares of what the columns leave of it.
    """

    triangle: list
    projections: list
    squares_left: np.ndarray | None

    def solution(self) -> np.ndarray:
        """The coefficients (m, pixels) with which the columns are nearest to the target."""
        found = list(self.projections)
        for row in reversed(range(len(found))):
            for column in range(row + 1, len(found)):
                found[row] = found[row] - self.triangle[row][column] * found[column]
            found[row] = found[row] / self.triangle[row][row]
        return np.stack(found)

    def inverse_diagonal(self, columns: int) -> np.ndarray:
        """The diagonal of the inverse of X'X, (columns, pixels), of the first ``columns`` columns alone."""
        diagonal = []
        inverse: dict = {}
        for column in range(columns):
            inverse[column, column] = 1.0 / self.triangle[column][column]
            for row in reversed(range(column)):
                total = self.triangle[row][row + 1] * inverse[row + 1, column]
                for between in range(row + 2, column + 1):
                    total = total + self.triangle[row][between] * inverse[between, column]
                inverse[row, column] = -total * inverse[row, row]
        for row in range(columns):
            total = inverse[row, row] ** 2
            for column in range(row + 1, columns):
                total = total + inverse[row, column] ** 2
            diagonal.append(total)
        return np.stack(diagonal)

    def condition(self, squares: list) -> np.ndarray:
        """Condition number (pixels,) of the first columns, whose ``squares`` are given, each scaled to length 1."""
        k = len(squares)
        scaled = np.zeros((squares[0].size, k, k))
        for column, length in enumerate(squares):
            for row in range(column + 1):
                scaled[:, row, column] = self.triangle[row][column] / np.sqrt(length)
        usable = np.isfinite(scaled).all(axis=(1, 2))
        values = np.linalg.svd(np.where(usable[:, np.newaxis, np.newaxis], scaled, 0.0), compute_uv=False)
        return np.where(usable, values[:, 0] / values[:, -1], np.nan)


def factorise(columns: list, target: np.ndarray | None = None) -> Factors:
    """Modified Gram-Schmidt.

    Parameters
    ----------
    columns : list of m arrays (n, pixels)
        Without missing values; they are left as they are.
    target : array (n, pixels), optional

    Returns
    -------
    Factors
        Where a column depends on those before it, what belongs to it and those after it is rounding, or NaN.
    """
    columns = [each.copy() for each in columns]
    left = None if target is None else target.copy()
    others = columns if left is None else [*columns, left]
    m = len(columns)
    triangle: list = [[None] * m for _ in range(m)]
    projections = []
    for place, column in enumerate(columns):
        length = np.sqrt(sum_over_time(column * column))
        triangle[place][place] = length
        direction = column / length
        for number, other in enumerate(others[place + 1 :], start=place + 1):
            share = sum_over_time(direction * other)
            other -= share * direction
            if number < m:
                triangle[place][number] = share
            else:
                projections.append(share)
    return Factors(triangle, projections, None if left is None else sum_over_time(left * left))
