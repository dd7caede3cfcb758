"""How many pixels of a raster have a significant trend, and p-values adjusted for their number, block by block.

In the plain test p depends on S, the ties and the number of values only, and a raster of any size has few thousand of
them. With a correction for serial correlation, and in the contextual test, about every pixel has its own, which is then
counted in bins, as `core.field_significance` says.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .. import field_significance
from ..field_significance import joined, rounded_up
from .contextual import trend_of
from .mann_kendall import MOST_TABLED, untied_tests
from .theil_sen import NO_OUTCOME

#: What is counted as significant.
ALPHA = 0.05


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
    return joined(parts)


def p_values_of_block(stack, **options) -> tuple:
    """`distinct_p` of a block; ``stack`` and the options are those of `trend_of`."""
    found, own_p = trend_of(stack, wanted=("p_value", "outcome"), **options)
    return distinct_p(found["p_value"], found["outcome"], len(options["years"]), own_p)


class Adjustment(field_significance.Adjustment):
    """Field significance: the adjusted p-value for each distinct p-value of a raster.

    Parameters
    ----------
    parts : iterable of (values, counts)
        From `p_values_of_block`, of all blocks.
    n : int
        Number of time steps.
    """

    def __init__(self, parts: Iterable, n: int):
        super().__init__(parts)
        tabled = self.values.size and n <= MOST_TABLED
        # by the outcome of a test, of which the last place stands for none
        self._table = np.append(self.of(untied_tests(n).p) if tabled else [], np.nan)

    def apply(self, p: np.ndarray, outcome: np.ndarray) -> np.ndarray:
        """The adjusted p-values of pixels, given their p and outcome as `trend` gives them; NaN stays NaN."""
        result = self._table[outcome]
        own = (outcome == NO_OUTCOME) & np.isfinite(p)
        if own.any():
            result[own] = self.of(p[own])
        return result


class Significance(field_significance.Significance):
    """Counts the pixels that are significant at `ALPHA`, and those whose limits exclude 0."""

    def __init__(self):
        super().__init__(ALPHA)
        self._excluding = 0

    def add(self, block: dict) -> None:
        """Take what `counted_significance` gives."""
        super().add(block)
        self._excluding += block["limits_exclude_0"]

    def percent(self) -> tuple:
        """The share of the tested pixels that are significant, that are so after the adjustment, and whose confidence
        limits of the slope exclude 0; NaN where none was tested."""
        return (*super().percent(), 100 * self._excluding / self.tested if self.tested else np.nan)


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
