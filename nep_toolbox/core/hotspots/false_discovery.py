"""The false discovery rate over all cells of a raster, whose p-values come block by block.

Adjusted p are exact as long as all p fit into memory. Of larger rasters they are counted and adjusted as in
`core.field_significance`, where an adjusted p is too large by at most 2^-12 of itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..checkpoint import checkpoint
from ..field_significance import PCounts, counted_p
from ..significance import benjamini_hochberg

#: So many p-values are kept as they are (256 MB), and so many are ranked at a time.
MOST_EXACT, _AT_ONCE = 2**25, 2**20


def p_to_adjust(p_value: np.ndarray, exact: bool) -> np.ndarray | tuple:
    """The p-values of a block that are not NaN, ascending; or how many cells have each, as `counted_p` gives it."""
    return np.sort(p_value[~np.isnan(p_value)]) if exact else counted_p(p_value)


class Gathered:
    """The p-values of a raster, block by block: all of them, or how many cells have each.

    Parameters
    ----------
    exact : bool
        As for `p_to_adjust`. Counts take memory that does not grow with the number of blocks.
    parts : iterable
        What to `add` at once.
    """

    def __init__(self, exact: bool, parts: Iterable = ()):
        self.exact = exact
        self._parts: list = []
        self._counts = PCounts()
        for part in parts:
            self.add(part)

    def add(self, part: np.ndarray | tuple) -> None:
        """Take what `p_to_adjust` gives for a block."""
        if self.exact:
            self._parts.append(part)
        else:
            self._counts.add(part)

    def sorted(self) -> np.ndarray:
        """All p, ascending; they are held here no longer."""
        values = np.concatenate([np.empty(0), *self._parts])
        self._parts.clear()
        values.sort(kind="stable")  # sorted runs, which this sort merges
        return values

    def counted(self) -> tuple:
        """The distinct p, ascending, and how many cells have each."""
        return self._counts.joined()


class Adjusted:
    """The adjusted p of each p of a raster.

    Parameters
    ----------
    gathered : Gathered
        The p of all blocks. They are given up, so that none is held twice.
    """

    def __init__(self, gathered: Gathered):
        if gathered.exact:
            values = gathered.sorted()
            adjusted = _of_sorted(values)
        else:
            values, counts = gathered.counted()
            adjusted = benjamini_hochberg(values, counts)
        # neighbours have the same one where it is the p of a later one that counts
        last = np.append(adjusted[1:] != adjusted[:-1], True)[: adjusted.size]
        self._values, self._adjusted = values[last], adjusted[last]

    def of(self, p_value: np.ndarray) -> np.ndarray:
        """The adjusted ones of p-values of the raster; NaN stays NaN."""
        found = np.full(p_value.shape, np.nan)
        tested = ~np.isnan(p_value)
        p = p_value[tested]
        order = np.argsort(p)  # looked up in order, they are found in half the time
        p[order] = self._adjusted[np.searchsorted(self._values, p[order])]
        found[tested] = p
        return found


def _of_sorted(values: np.ndarray) -> np.ndarray:
    """What `significance.benjamini_hochberg` gives for ascending p-values, in little memory."""
    adjusted = values * float(values.size)
    for first in range(0, values.size, _AT_ONCE):
        checkpoint()
        part = adjusted[first : first + _AT_ONCE]
        part /= np.arange(first + 1.0, first + part.size + 1.0)
    np.minimum.accumulate(adjusted[::-1], out=adjusted[::-1])
    return np.minimum(adjusted, 1.0, out=adjusted)
