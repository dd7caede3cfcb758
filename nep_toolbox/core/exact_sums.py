"""Sums of cell areas without rounding.

A table of areas must not depend on the blocks a raster was walked in. Areas are therefore added as whole multiples of
a unit so small that every float64 is one, in Python integers, and rounded once at the end.
"""

from __future__ import annotations

import numpy as np

# The last place of the smallest normal float64 is 2 ** -1074.
UNIT_EXPONENT = -1074
_SIGNIFICAND_BITS = 53
_LOW_BITS = 27


def weighted_counts(counts: np.ndarray, weights: np.ndarray) -> list:
    """Exact ``sum over g of counts[g, k] * weights[g]``.

    Parameters
    ----------
    counts : integer array (groups, k)
        How often each of k things occurs in each group; at most 2**35 in total per thing.
    weights : array (groups,)
        Weight of a group (for areas: m2); normal, non-negative floating-point numbers.

    Returns
    -------
    list of k int
        Sums in units of ``2 ** UNIT_EXPONENT``; they add up exactly. `as_float` turns one into a number.
    """
    counts = np.asarray(counts, dtype=np.int64)
    fraction, exponent = np.frexp(np.asarray(weights, dtype=np.float64))
    significand = np.ldexp(fraction, _SIGNIFICAND_BITS).astype(np.int64)
    shifts = exponent.astype(np.int64) - _SIGNIFICAND_BITS - UNIT_EXPONENT
    totals = [0] * counts.shape[1]
    for shift in np.unique(shifts):
        group = shifts == shift
        # Two halves of the significand, so that no product or sum leaves 64 bits.
        high = (significand[group] >> _LOW_BITS) @ counts[group]
        low = (significand[group] & ((1 << _LOW_BITS) - 1)) @ counts[group]
        for k in range(len(totals)):
            totals[k] += ((int(high[k]) << _LOW_BITS) + int(low[k])) << int(shift)
    return totals


def sums_by_code(codes: np.ndarray, weights: np.ndarray, count: int) -> list:
    """Exact sum of the weights of each code: `weighted_counts` of things that all weigh differently.

    Parameters
    ----------
    codes : integer array (n,)
        From 0 to ``count - 1``; at most 2**26 of them.
    weights : array (n,)
        Normal, non-negative floating-point numbers, or 0.
    count : int

    Returns
    -------
    list of ``count`` int, in units of ``2 ** UNIT_EXPONENT``.
    """
    fraction, exponent = np.frexp(np.asarray(weights, dtype=np.float64))
    significand = np.ldexp(fraction, _SIGNIFICAND_BITS).astype(np.int64)
    totals = [0] * count
    for power in np.unique(exponent):
        group = exponent == power
        # Halves of the significand and their sums are whole numbers below 2**53, which floating point holds exactly.
        halves = significand[group] >> _LOW_BITS, significand[group] & ((1 << _LOW_BITS) - 1)
        high, low = (np.bincount(codes[group], weights=half, minlength=count) for half in halves)
        shift = int(power) - _SIGNIFICAND_BITS - UNIT_EXPONENT
        for code in range(count):
            totals[code] += ((int(high[code]) << _LOW_BITS) + int(low[code])) << shift
    return totals


def as_float(total: int, divisor: int = 1) -> float:
    """The nearest float64 to an exact sum divided by a whole number (1,000,000 for km2 from m2)."""
    return total / (divisor << -UNIT_EXPONENT)
