"""The false discovery rate over all cells of a raster, whose p-values come block by block.

Adjusted p are exact as long as all p fit into memory. Of larger rasters they are counted and adjusted as in
`core.field_significance`, where an adjusted p is too large by at most 2^-12 of itself.
"""

from __future__ import annotations

import numpy as np

from ..checkpoint import checkpoint
from ..field_significance import Adjustment, counted_p

#: So many p-values are kept as they are (256 MB), and so many are ranked at a time.
MOST_EXACT, _AT_ONCE = 2**25, 2**20


def p_to_adjust(p_value: np.ndarray, exact: bool) -> np.ndarray | tuple:
    """The p-values of a block that are not NaN, ascending; or how many cells have each, as `counted_p` gives it."""
    return np.sort(p_value[~np.isnan(p_value)]) if exact else counted_p(p_value)


class Adjusted:
    """The adjusted p of each p of a raster.

    Parameters
    ----------
    parts : list
        From `p_to_adjust`, of all blocks. It is emptied, so that no p is held twice.
    exact : bool
        As there.
    """

    def __init__(self, parts: list, exact: bool):
        if exact:
            values = np.concatenate([np.empty(0), *parts])
            parts.clear()
            values.sort(kind="stable")  # sorted runs, which this sort merges
            adjusted = _of_sorted(values)
        else:
            counted = Adjustment(parts)
            values, adjusted = counted.values, counted.adjusted
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
