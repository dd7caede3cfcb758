"""Sums of cell areas, and of values times areas, without rounding.

A table of areas must not depend on the blocks a raster was walked in. Areas are therefore added as whole multiples of
a unit so small that every float64 is one, in Python integers, and rounded once at the end.
"""

from __future__ import annotations

import numpy as np

# The last place of the smallest normal float64 is 2 ** -1074.
UNIT_EXPONENT = -1074
_SIGNIFICAND_BITS = 53
_LOW_BITS = 27
#: Smaller numbers have fewer digits.
_LEAST_EXPONENT = UNIT_EXPONENT + _SIGNIFICAND_BITS

#: Sums under way at a time.
_SLOTS = 1 << 18


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


def sums_by_code(codes: np.ndarray, weights: np.ndarray, count: int, group: np.ndarray | None = None) -> list:
    """Exact sum of the weights of each code: `weighted_counts` where there are many weights.

    Parameters
    ----------
    codes : integer array (n,)
        From 0 to ``count - 1``; at most 2**26 of them.
    weights : array (n,), or (groups,) with ``group``
        Any finite numbers, of either sign.
    count : int
    group : integer array (n,), optional
        The place of the weight of each code.

    Returns
    -------
    list of ``count`` int, in units of ``2 ** UNIT_EXPONENT``.
    """
    weights = np.asarray(weights, dtype=np.float64)
    exponent = np.maximum(np.frexp(weights)[1], _LEAST_EXPONENT)
    significand = np.ldexp(weights, _SIGNIFICAND_BITS - exponent).astype(np.int64)
    # Halves of the significand and their sums are whole numbers below 2**53, which floating point holds exactly; of a
    # negative number the upper half alone is negative.
    halves = [half.astype(np.float64) for half in (significand >> _LOW_BITS, significand & ((1 << _LOW_BITS) - 1))]
    least = exponent.min(initial=0)
    # Counted, for sorting so many numbers would take longer than all the rest.
    occurs = np.bincount(exponent - least) > 0
    powers, place = np.flatnonzero(occurs) + least, (np.cumsum(occurs) - 1)[exponent - least]
    if group is not None:
        halves, place = [half[group] for half in halves], place[group]
    totals = [0] * count
    some = max(1, _SLOTS // max(1, count))  # powers at a time, for few codes all of them
    for first in range(0, len(powers), some):
        here = powers[first : first + some]
        chosen = ... if len(here) == len(powers) else (place >= first) & (place < first + some)
        slots = codes[chosen] if len(powers) == 1 else (place[chosen] - first) * count + codes[chosen]
        high, low = (np.bincount(slots, weights=half[chosen], minlength=len(here) * count) for half in halves)
        filled = np.flatnonzero((high != 0) | (low != 0)).tolist()
        for slot, upper, lower in zip(filled, high[filled].tolist(), low[filled].tolist()):
            shift = int(here[slot // count]) - _SIGNIFICAND_BITS - UNIT_EXPONENT
            totals[slot % count] += ((int(upper) << _LOW_BITS) + int(lower)) << shift
    return totals


def as_float(total: int, divisor: int = 1) -> float:
    """The nearest float64 to an exact sum divided by a whole number (1,000,000 for km2 from m2)."""
    return total / (divisor << -UNIT_EXPONENT)
