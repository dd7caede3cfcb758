"""The false discovery rate over all cells of a raster, whose p-values come block by block.

Adjusted p are exact as long as all p fit into memory. Of larger rasters they are counted and adjusted as in
`core.field_significance`, where an adjusted p is too large by at most 2^-12 of itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..field_significance import Adjustment, counted_p
from ..significance import benjamini_hochberg

#: So many p-values are kept as they are (256 MB).
MOST_EXACT = 2**25


def p_to_adjust(p_value: np.ndarray, exact: bool) -> np.ndarray | tuple:
    """The p-values of a block that are not NaN, ascending; or how many cells have each, as `counted_p` gives it."""
    return np.sort(p_value[~np.isnan(p_value)]) if exact else counted_p(p_value)


class Adjusted:
    """The adjusted p of each p of a raster.

    Parameters
    ----------
    parts : iterable
        From `p_to_adjust`, of all blocks.
    exact : bool
        As there.
    """

    def __init__(self, parts: Iterable, exact: bool):
        if exact:
            # sorted runs, which this sort merges
            values = np.sort(np.concatenate([np.empty(0), *parts]), kind="stable")
            adjusted = benjamini_hochberg(values)
        else:
            counted = Adjustment(parts)
            values, adjusted = counted.values, counted.adjusted
        # neighbours have the same one where it is the p of a later one that counts
        last = np.append(np.diff(adjusted) != 0, True)[: adjusted.size]
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
