"""The false discovery rate over all cells of a raster, whose p-values come block by block.

Adjusted p are exact as long as all p fit into memory. Of larger rasters the p are rounded up and counted, as those of
nep:trend are, and an adjusted p is too large by at most 2^-12 of itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..significance import benjamini_hochberg
from ..trend.field_significance import PCounts, rounded_up

#: So many p-values are kept as they are (256 MB).
MOST_EXACT = 2**25


def sorted_p(p_value: np.ndarray, exact: bool) -> tuple:
    """The p-values of a block that are not NaN, ascending, and how many cells have each: None for one each."""
    p = p_value[~np.isnan(p_value)]
    return (np.sort(p), None) if exact else np.unique(rounded_up(p), return_counts=True)


class Adjusted:
    """The adjusted p of each p of a raster.

    Parameters
    ----------
    parts : iterable of (values, counts)
        From `sorted_p`, of all blocks.
    exact : bool
        As there.
    """

    def __init__(self, parts: Iterable, exact: bool):
        if exact:
            # sorted runs, which this sort merges
            values, counts = np.sort(np.concatenate([np.empty(0), *(part for part, _ in parts)]), kind="stable"), None
        else:
            joined = PCounts()
            for part in parts:
                joined.add(part)
            values, counts = joined.joined()
        adjusted = benjamini_hochberg(values, counts)
        # neighbours have the same one where it is the p of a later one that counts
        last = np.append(np.diff(adjusted) != 0, True)[: adjusted.size]
        self._values, self._adjusted = values[last], adjusted[last]

    def of(self, p_value: np.ndarray) -> np.ndarray:
        """The adjusted ones of p-values that the raster has; NaN stays NaN."""
        found = np.full(p_value.shape, np.nan)
        tested = ~np.isnan(p_value)
        p = p_value[tested]
        order = np.argsort(p)  # looked up in order, they are found in half the time
        p[order] = self._adjusted[np.searchsorted(self._values, p[order])]
        found[tested] = p
        return found
