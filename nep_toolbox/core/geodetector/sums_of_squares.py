"""Within-class sums of squares of consecutive values, from prefix sums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .double_double import cumulative, difference, halves, product
from .row_minima import row_minima


def exactly_scaled(values: np.ndarray) -> np.ndarray:
    """Shift by one of the values where that is exact, and scale by a power of two to at most 1 in size.

    Where all values lie within a factor of two of each other their differences are exact (Sterbenz' lemma); elsewhere
    the mean is no larger than the spread and needs no shift.
    """
    smaller, larger = sorted(np.abs(values[[0, -1]]))
    if np.sign(values[0]) == np.sign(values[-1]) and larger <= 2 * smaller:
        values = values - values[values.size // 2]
    _, exponent = np.frexp(np.abs(values[[0, -1]]).max())
    return np.ldexp(values, -int(exponent))


def prefix_sums(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sums of 1, x and x^2 over the first i values: rows (weight, x high, x low, x^2 high, x^2 low), (5, n + 1)."""
    total = np.zeros((5, x.size + 1))
    np.cumsum(weights, out=total[0, 1:])
    total[1:3] = cumulative(*product(x, weights))
    square, square_error = product(x, x)
    second, second_error = product(square, weights)
    total[3:5] = cumulative(second, second_error + square_error * weights)
    return total


def sum_of_squares(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Within-class sum of squares of the values between two prefix sums (5, e), right to a few last places.

    ``sum (x - m)^2 = Q - m S - m (S - m W)`` for any m close to the mean: what m lacks enters squared.
    """
    weight = np.maximum(end[0] - start[0], 1.0)
    s, s_low = difference(end[1], start[1])
    s_low += end[2] - start[2]
    q, q_low = difference(end[3], start[3])
    q_low += end[4] - start[4]
    mean = (s + s_low) / weight
    mean_high, mean_low = halves(mean)
    s_high, s_rest = halves(s)
    ms = mean * s
    ms_error = ((mean_high * s_high - ms) + mean_high * s_rest + mean_low * s_high) + mean_low * s_rest
    mw = mean * weight  # a count has few digits: its products with half a number are exact
    rest = (s - mw) - ((mean_high * weight - mw) + mean_low * weight) + s_low
    return np.maximum((q - ms) + (q_low - ms_error - mean * (rest + s_low)), 0.0)


def exact_minima(base: np.ndarray, starts: np.ndarray, ends: np.ndarray, limits: np.ndarray, check) -> np.ndarray:
    """`row_minima` of double-double sums."""
    return row_minima(base, starts, ends, limits, sum_of_squares, check)


def plain_sums(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Prefix sums of 1, x - mean and (x - mean)^2 in one number each, (3, n + 1)."""
    x = x - np.dot(x, weights) / weights.sum()
    total = np.zeros((3, x.size + 1))
    np.cumsum(weights, out=total[0, 1:])
    total[1] = np.add(*cumulative(x * weights, np.zeros(1)))
    total[2] = np.add(*cumulative(x * x * weights, np.zeros(1)))
    return total


def quick_sum_of_squares(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The same from plain sums (3, e): for the bounds, which allow for its rounding."""
    return np.maximum(end[2] - start[2] + _minus_mean_part(start, end), 0.0)


def quick_minima(base: np.ndarray, starts: np.ndarray, ends: np.ndarray, limits: np.ndarray, check) -> np.ndarray:
    """`row_minima` of plain sums: the sums of squares belong to columns and rows alone."""
    return ends[2] + row_minima(base - starts[2], starts[:2], ends[:2], limits, _minus_mean_part, check)


def _minus_mean_part(start: Sequence[np.ndarray], end: Sequence[np.ndarray]) -> np.ndarray:
    """``- S^2 / W``, the part of the within-class sum that belongs to a class as a whole."""
    part = end[1] - start[1]
    part *= part
    weight = end[0] - start[0]
    np.maximum(weight, 1.0, out=weight)
    part /= weight
    return np.negative(part, out=part)
