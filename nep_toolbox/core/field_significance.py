"""How many tests of a raster have each p, block by block, and p-values adjusted for the number of tests.

What is kept of a block is how many pixels have each p. Where about every pixel has its own, p is rounded up to `BITS`
significant bits, that is counted in bins whose width is at most 2^-12 of their p. Rounding up makes every adjusted p
larger than it is, by at most 2^-12 of itself, never smaller: a bin stands with its upper end, which is at most
1 + 2^-12 times any p in it, and whose rank is that of the largest p in it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .significance import benjamini_hochberg

#: Significant bits of p where about every pixel has its own.
BITS = 13

#: Distinct p that are gathered before equal ones are joined.
_MOST_PENDING = 2**18

_DROPPED = np.int64(53 - BITS)  # of the bits that a float64 has


def rounded_up(p: np.ndarray) -> np.ndarray:
    """p-values (not negative) with `BITS` significant bits, so that few of them are distinct; NaN stays NaN."""
    # the bits of positive floats are in their order, and those of the largest mantissa carry into the exponent
    return _as_float((p.view(np.int64) + ((1 << _DROPPED) - 1)) >> _DROPPED) if p.size else p


def _as_float(kept: np.ndarray) -> np.ndarray:
    return (kept << _DROPPED).view(np.float64)


def counted_p(p: np.ndarray, below: float = np.inf) -> tuple:
    """How many pixels have each p, rounded up, where about every pixel has its own.

    Parameters
    ----------
    p : array of any shape
        NaN is no test.
    below : float
        Larger p, and those equal to it, are left out.

    Returns
    -------
    values, counts : arrays
        The distinct values, ascending, and how many pixels have each.
    """
    return np.unique(rounded_up(p[p < below]), return_counts=True)


def joined(parts: Iterable) -> tuple:
    """The distinct values of several (values, counts), ascending, and their counts together (float64)."""
    values, counts = (np.concatenate(column) for column in zip((np.empty(0), np.empty(0, np.int64)), *parts))
    distinct, place = np.unique(values, return_inverse=True)
    # whole numbers below 2^53 add up exactly
    return distinct, np.bincount(place.ravel(), counts, distinct.size)


class PCounts:
    """Adds up what `counted_p` gives, in memory that does not grow with the number of blocks."""

    def __init__(self):
        self._parts: list = []
        self._pending = self._joined = 0

    def add(self, part: tuple) -> None:
        """Take the (values, counts) of a block."""
        self._parts.append(part)
        self._pending += len(part[0])
        # as many as were joined before, so that the time does not grow with their number either
        if self._pending > max(_MOST_PENDING, self._joined):
            self._parts, self._pending = [joined(self._parts)], 0
            self._joined = len(self._parts[0][0])

    def joined(self) -> tuple:
        """The distinct values, ascending, and their counts (float64)."""
        return joined(self._parts)


class Adjustment:
    """Field significance: the adjusted p-value for each distinct p-value of a raster.

    Parameters
    ----------
    parts : iterable of (values, counts)
        As `counted_p` gives them, of all blocks.

    Attributes
    ----------
    values, adjusted : float64 arrays
        The distinct p, ascending, and what each becomes.

    Notes
    -----
    Where p were rounded up, adjusted p are too large by at most 2^-12 of themselves: that of a p is the one of the bin
    whose upper end comes next.
    """

    def __init__(self, parts: Iterable):
        counts = PCounts()
        for part in parts:
            counts.add(part)
        self.values, number = counts.joined()
        self.adjusted = benjamini_hochberg(self.values, number)

    def of(self, p: np.ndarray) -> np.ndarray:
        """The adjusted ones of p-values of the raster; NaN stays NaN."""
        result = np.full(p.shape, np.nan)
        tested = np.isfinite(p)
        result[tested] = self.adjusted[np.minimum(np.searchsorted(self.values, p[tested]), self.values.size - 1)]
        return result


class Significance:
    """Counts the pixels that are significant, alone and after the adjustment of Benjamini and Hochberg.

    Parameters
    ----------
    alpha : float
        p below it is significant.

    Attributes
    ----------
    tested : int
        Pixels with a p.

    Notes
    -----
    Only p-values below ``alpha`` are kept: the adjustment never makes a p smaller.
    """

    def __init__(self, alpha: float):
        self.tested = 0
        self._alpha = alpha
        self._significant = PCounts()

    def add(self, block: dict) -> None:
        """Take of a block ``tested``, how many pixels have a p, and ``significant``, how many have each p below alpha,
        as `counted_p` gives them."""
        self.tested += block["tested"]
        self._significant.add(block["significant"])

    def percent(self) -> tuple:
        """The share of the tested pixels that are significant, and of those that are so after the adjustment; NaN where
        none was tested."""
        if not self.tested:
            return np.nan, np.nan
        values, counts = self._significant.joined()
        significant = int(counts.sum())
        adjusted = benjamini_hochberg(np.append(values, 1.0), np.append(counts, self.tested - significant))[:-1]
        return tuple(100 * count / self.tested for count in (significant, int(counts[adjusted < self._alpha].sum())))
