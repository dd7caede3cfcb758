"""How many pixels of a raster are significant, and p-values adjusted for their number, block by block.

What is kept of a block is how many pixels have each p. In the plain test p depends on S, the ties and the number of
values only, and a raster of any size has few thousand of them. With a correction for serial correlation, and in the
contextual test, about every pixel has its own: p is then rounded up to `BITS` significant bits, that is counted in bins
whose width is at most 2^-12 of their p. Rounding up makes every adjusted p larger than it is, by at most 2^-12 of
itself, never smaller: a bin stands with its upper end, which is at most 1 + 2^-12 times any p in it, and whose rank is
that of the largest p in it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..significance import benjamini_hochberg
from .contextual import trend_of
from .mann_kendall import MOST_TABLED, untied_tests
from .theil_sen import NO_OUTCOME

#: What is counted as significant.
ALPHA = 0.05

#: Significant bits of p where about every pixel has its own.
BITS = 13

#: Distinct p that are gathered before equal ones are joined.
_MOST_PENDING = 2**20

_DROPPED = np.int64(53 - BITS)  # of the bits that a float64 has


def rounded_up(p: np.ndarray) -> np.ndarray:
    """p-values (not negative) with `BITS` significant bits, so that few of them are distinct; NaN stays NaN."""
    # the bits of positive floats are in their order, and those of the largest mantissa carry into the exponent
    return _as_float((p.view(np.int64) + ((1 << _DROPPED) - 1)) >> _DROPPED) if p.size else p


def _as_float(kept: np.ndarray) -> np.ndarray:
    return (kept << _DROPPED).view(np.float64)


def distinct_p(p: np.ndarray, outcome: np.ndarray, n: int, own_p: bool = False) -> tuple:
    """The distinct p-values, ascending, and how many pixels have each.

    Parameters
    ----------
    p, outcome : arrays of one shape
        As `trend` gives them; pixels with NaN are left out.
    n : int
        Number of time steps.
    own_p : bool
        Whether about every pixel has its own: p is then rounded as `rounded_up` does.

    Returns
    -------
    values : float64 array
    counts : float64 array
    """
    own = p[(outcome == NO_OUTCOME) & np.isfinite(p)]
    if own_p:
        own = rounded_up(own)
    parts = [np.unique(own, return_counts=True)]
    # what can come out is sorted, not the pixels
    counts = np.bincount(outcome.ravel() - NO_OUTCOME)[-NO_OUTCOME:]
    found = np.flatnonzero(counts)
    if found.size:
        parts.append((untied_tests(n).p[found], counts[found]))
    return _joined(parts)


def p_values_of_block(stack, **options) -> tuple:
    """`distinct_p` of a block; ``stack`` and the options are those of `trend_of`."""
    found, own_p = trend_of(stack, wanted=("p_value", "outcome"), **options)
    return distinct_p(found["p_value"], found["outcome"], len(options["years"]), own_p)


def _joined(parts: Iterable) -> tuple:
    """The distinct values of several (values, counts), ascending, and their counts together (float64)."""
    values, counts = (np.concatenate(column) for column in zip((np.empty(0), np.empty(0, np.int64)), *parts))
    distinct, place = np.unique(values, return_inverse=True)
    # whole numbers below 2^53 add up exactly
    return distinct, np.bincount(place.ravel(), counts, distinct.size)


class PCounts:
    """Adds up what `distinct_p` gives, in memory that does not grow with the number of blocks."""

    def __init__(self):
        self._parts: list = []
        self._pending = 0

    def add(self, part: tuple) -> None:
        """Take the (values, counts) of a block."""
        self._parts.append(part)
        self._pending += len(part[0])
        if self._pending > _MOST_PENDING:
            self._parts, self._pending = [_joined(self._parts)], 0

    def joined(self) -> tuple:
        """The distinct values, ascending, and their counts (float64)."""
        return _joined(self._parts)


class Adjustment:
    """Field significance: the adjusted p-value for each distinct p-value of a raster.

    Parameters
    ----------
    parts : iterable of (values, counts)
        From `p_values_of_block`, of all blocks.
    n : int
        Number of time steps.

    Notes
    -----
    Where about every pixel has its own p, adjusted p are too large by at most 2^-12 of themselves: that of a p is the
    one of the bin whose upper end comes next.
    """

    def __init__(self, parts: Iterable, n: int):
        counts = PCounts()
        for part in parts:
            counts.add(part)
        self.values, number = counts.joined()
        self.adjusted = benjamini_hochberg(self.values, number)
        tabled = self.values.size and n <= MOST_TABLED
        # by the outcome of a test, of which the last place stands for none
        self._table = np.append(self._of(untied_tests(n).p) if tabled else [], np.nan)

    def apply(self, p: np.ndarray, outcome: np.ndarray) -> np.ndarray:
        """The adjusted p-values of pixels, given their p and outcome as `trend` gives them; NaN stays NaN."""
        result = self._table[outcome]
        own = (outcome == NO_OUTCOME) & np.isfinite(p)
        if own.any():
            result[own] = self._of(p[own])
        return result

    def _of(self, p: np.ndarray) -> np.ndarray:
        """The adjusted ones of p-values; of those that the raster has not, any number."""
        return self.adjusted[np.minimum(np.searchsorted(self.values, p), self.values.size - 1)]


class Significance:
    """Counts the pixels that are significant at `ALPHA`, alone and after the adjustment of Benjamini and Hochberg.

    Attributes
    ----------
    tested : int
        Pixels with a p.

    Notes
    -----
    Only p-values below `ALPHA` are kept: the adjustment never makes a p smaller.
    """

    def __init__(self):
        self.tested = 0
        self._excluding = 0
        self._significant = PCounts()

    def add(self, block: dict) -> None:
        """Take what `counted_significance` gives."""
        self.tested += block["tested"]
        self._excluding += block["limits_exclude_0"]
        self._significant.add(block["significant"])

    def percent(self) -> tuple:
        """The share of the tested pixels that are significant, that are so after the adjustment, and whose confidence
        limits of the slope exclude 0; NaN where none was tested."""
        if not self.tested:
            return np.nan, np.nan, np.nan
        values, counts = self._significant.joined()
        significant = int(counts.sum())
        adjusted = benjamini_hochberg(np.append(values, 1.0), np.append(counts, self.tested - significant))[:-1]
        found = significant, int(counts[adjusted < ALPHA].sum()), self._excluding
        return tuple(100 * count / self.tested for count in found)


def counted_significance(block: dict, n: int, own_p: bool = False) -> dict:
    """How many pixels of a block were tested, and with what outcome.

    Parameters
    ----------
    block : dict
        ``p_value`` (not adjusted) and ``outcome`` of `trend` and, if they were computed, ``lower`` and ``upper``.
    n : int
        Number of time steps.
    own_p : bool
        As for `distinct_p`.

    Returns
    -------
    dict
        ``significant``: how many pixels have each distinct p below `ALPHA`, as `distinct_p` gives them; ``tested``:
        how many have a p; ``limits_exclude_0``: in how many of these 0 lies beyond the confidence limits (0 without
        limits).
    """
    p = block["p_value"]
    tested = np.isfinite(p)
    below = p < ALPHA
    beyond = tested & ((block["lower"] > 0) | (block["upper"] < 0)) if "lower" in block else np.False_
    return {
        "significant": distinct_p(p[below], block["outcome"][below], n, own_p),
        "tested": int(np.count_nonzero(tested)), "limits_exclude_0": int(np.count_nonzero(beyond)),
    }
