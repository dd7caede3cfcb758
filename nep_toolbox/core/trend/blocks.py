"""The trend of a block of a raster: what `trend` computes, with classes, their areas and field significance."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map
from ..significance import benjamini_hochberg
from .theil_sen import trend, trend_class

FIRST_CLASS, LAST_CLASS = -4, 4


def trend_block(stack, cell_area=None, regions=None, *, adjustment=None, **options) -> dict:
    """Trend of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        Values in order of time, NaN is missing.
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2).
    regions : (cells, regions), optional
        As a ZoneReader reads them.
    adjustment : Adjustment, optional
        Field significance: ``p_value`` then holds the adjusted p, and the classes follow it.
    **options
        Of `trend`; ``years`` is required.

    Returns
    -------
    dict
        The arrays of `trend`, ``class`` (int16), and their areas, as `areas_of_map`, where the lost pixels are those
        with enough values whose test has no p.
    """
    block = trend(stack, **options)
    if adjustment is not None:
        block["p_value"] = adjustment.apply(block["p_value"])
    block["class"] = trend_class(block["slope"], block["p_value"])
    lost = ~np.isnan(block["slope"]) & np.isnan(block["p_value"])
    return {**block, **areas_of_map(block["class"], FIRST_CLASS, LAST_CLASS, lost, cell_area, regions)}


def distinct_p_values(stack, **options) -> tuple:
    """The distinct p-values of a block, ascending, and how many pixels have each."""
    p = trend(stack, **options)["p_value"]
    return np.unique(p[np.isfinite(p)], return_counts=True)


class Adjustment:
    """Field significance: the adjusted p-value for each distinct p-value of a raster.

    Parameters
    ----------
    parts : iterable of (values, counts)
        From `distinct_p_values`, of all blocks.

    Notes
    -----
    Memory grows with the number of distinct p-values. Without a correction for serial correlation p depends on S, the
    ties and the number of values only, and a raster of any size has few thousands of them; with a correction about
    every pixel has its own (16 bytes each).
    """

    def __init__(self, parts):
        values, counts = (np.concatenate(column) for column in zip((np.empty(0), np.empty(0, np.int64)), *parts))
        self.values, place = np.unique(values, return_inverse=True)
        # whole numbers below 2^53 add up exactly
        self.adjusted = benjamini_hochberg(self.values, np.bincount(place.ravel(), counts, self.values.size))

    def apply(self, p: np.ndarray) -> np.ndarray:
        """The adjusted p-values of an array of p-values; NaN stays NaN."""
        result = np.full(p.shape, np.nan)
        tested = np.isfinite(p)
        result[tested] = self.adjusted[np.searchsorted(self.values, p[tested])]
        return result
