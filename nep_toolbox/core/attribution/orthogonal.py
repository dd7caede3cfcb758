"""Triangular factors of many least-squares problems at once, and what follows from them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..sums import sum_over_time


class Factors(NamedTuple):
    """Columns and a target as multiples of orthonormal directions: X = QR, y = Q projections + what is left.

    Attributes
    ----------
    triangle : array (m, m, pixels)
        R; what lies below its diagonal means nothing.
    projections : array (m, pixels)
    squares_left : array (pixels,)
        Squares of what the columns leave of the target.
    inverses : array (m, pixels)
        1 / the diagonal of R: to multiply takes a third of the time of dividing.
    """

    triangle: np.ndarray
    projections: np.ndarray
    squares_left: np.ndarray
    inverses: np.ndarray

    def solution(self) -> np.ndarray:
        """The coefficients (m, pixels) with which the columns are nearest to the target."""
        found = self.projections.copy()
        for row in reversed(range(len(found))):
            for column in range(row + 1, len(found)):
                found[row] -= self.triangle[row, column] * found[column]
            found[row] *= self.inverses[row]
        return found

    def inverse_form(self, vector: np.ndarray) -> np.ndarray:
        """v'(X'X)^-1 v (pixels,) of a vector (m, pixels)."""
        found, total = [], 0.0
        for column, each in enumerate(vector):
            for row, before in enumerate(found):
                each = each - self.triangle[row, column] * before
            found.append(each * self.inverses[column])
            total = total + found[-1] * found[-1]
        return total

    def inverse_diagonals(self, columns: int) -> tuple[np.ndarray, np.ndarray]:
        """The diagonals of the inverses of X'X: (columns, pixels) of the first ``columns`` columns alone, and
        (m, pixels) of all of them."""
        m = len(self.projections)
        inverse: dict = {}
        some, every = np.zeros((2, m, self.squares_left.size))
        for column in range(m):
            inverse[column] = self.inverses[column]
            for row in reversed(range(column)):
                total = self.triangle[row, row + 1] * inverse[row + 1]
                for between in range(row + 2, column + 1):
                    total += self.triangle[row, between] * inverse[between]
                total *= self.inverses[row]
                inverse[row] = np.negative(total, out=total)
            for row in range(column + 1):
                every[row] += inverse[row] * inverse[row]
            if column == columns - 1:
                some[:] = every
        return some[:columns], every

    def condition(self, squares: np.ndarray) -> np.ndarray:
        """Condition number (pixels,) of the first columns, whose ``squares`` (columns, pixels) are given, each scaled
        to length 1."""
        k = len(squares)
        scaled = np.triu((self.triangle[:k, :k] / np.sqrt(squares)).transpose(2, 0, 1))
        usable = np.isfinite(scaled).all(axis=(1, 2))
        values = np.linalg.svd(np.where(usable[:, np.newaxis, np.newaxis], scaled, 0.0), compute_uv=False)
        return np.where(usable, values[:, 0] / values[:, -1], np.nan)


def factorise(columns: list, target: np.ndarray) -> Factors:
    """Modified Gram-Schmidt, which is right however nearly the columns depend on each other.

    Parameters
    ----------
    columns : list of m arrays (n, pixels)
        Without missing values; they are left as they are.
    target : array (n, pixels)

    Returns
    -------
    Factors
        Where a column depends on those before it, what belongs to it and those after it is rounding, or NaN.
    """
    columns, left, m = [each.copy() for each in columns], target.copy(), len(columns)
    triangle, (projections, inverses) = np.full((m, m, left.shape[1]), np.nan), np.empty((2, m, left.shape[1]))
    for place, column in enumerate(columns):
        length = np.sqrt(sum_over_time(column * column))
        triangle[place, place], inverses[place] = length, 1.0 / length
        direction = column / length
        for number, other in enumerate(columns[place + 1 :], start=place + 1):
            share = sum_over_time(direction * other)
            other -= share * direction
            triangle[place, number] = share
        projections[place] = share = sum_over_time(direction * left)
        left -= share * direction
    return Factors(triangle, projections, sum_over_time(left * left), inverses)


def factors_of_products(products) -> Factors:
    """The same by Cholesky's factorisation, which needs no series but loses digits where columns are nearly dependent.

    Parameters
    ----------
    products : array (m + 1, m + 1, pixels), or rows of arrays (pixels,)
        X'X with the target as last column; what lies below the diagonal is not read.

    Returns
    -------
    Factors
        NaN from the first column on that rounding makes dependent.
    """
    m = len(products) - 1
    factor = np.full((m + 1, m + 1, len(products[0][0])), np.nan)
    inverses, work = np.empty((m, factor.shape[2])), np.empty(factor.shape[2])
    for row in range(m + 1):
        for column in range(row, m + 1):
            rest = factor[row, column]
            rest[:] = products[row][column]
            for before in range(row):
                rest -= np.multiply(factor[before, row], factor[before, column], out=work)
            if column > row:
                rest *= inverses[row]
            elif row < m:
                np.divide(1.0, np.sqrt(rest, out=rest), out=inverses[row])
    return Factors(factor[:m, :m], factor[:m, m], factor[m, m], inverses)
