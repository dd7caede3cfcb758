"""The trend of a block of a raster: what `trend` computes, with classes, their areas and field significance."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map
from ..significance import benjamini_hochberg
from .serial_correlation import Correction
from .theil_sen import trend, trend_class

FIRST_CLASS, LAST_CLASS = -4, 4

#: What is counted as significant.
ALPHA = 0.05

#: Significant bits of the p-values that are counted where about every pixel has its own, and distinct ones that are
#: gathered before equal ones are joined.
_BITS, _MOST_PENDING = 12, 2**20


def trend_block(stack, cell_area=None, regions=None, *, adjustment=None, **options) -> dict:
    """Trend of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        Values in order of time, NaN is missing.
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    adjustment : Adjustment, optional
        Field significance: ``p_value`` then holds the adjusted p, and the classes follow it.
    **options
        Of `trend`; ``years`` is required.

    Returns
    -------
    dict
        The arrays of `trend`, ``class`` (int16), and their areas, as `areas_of_map`, where the lost pixels are those
        with enough values whose test has no p. ``significant``: how many pixels have each distinct p below `ALPHA`,
        not adjusted, ascending, as (values, counts); ``tested``: how many have a p; ``limits_exclude_0``: in how many
        of these 0 lies beyond the confidence limits (0 without ``confidence``).
    """
    block = trend(stack, **options)
    counted = _counted(block, options.get("correction", Correction.NONE))
    if adjustment is not None:
        block["p_value"] = adjustment.apply(block["p_value"])
    block["class"] = trend_class(block["slope"], block["p_value"])
    lost = ~np.isnan(block["slope"]) & np.isnan(block["p_value"])
    return {**block, **counted, **areas_of_map(block["class"], FIRST_CLASS, LAST_CLASS, lost, cell_area, regions)}


def _counted(block: dict, correction: Correction) -> dict:
    """How many pixels of a block were tested, and with what outcome."""
    p = block["p_value"]
    tested = np.isfinite(p)
    significant = p[p < ALPHA]
    if correction != Correction.NONE:
        significant = _rounded(significant)
    beyond = tested & ((block["lower"] > 0) | (block["upper"] < 0)) if "lower" in block else False
    return {
        "significant": np.unique(significant, return_counts=True), "tested": int(np.count_nonzero(tested)),
        "limits_exclude_0": int(np.count_nonzero(beyond)),
    }


def _rounded(p: np.ndarray) -> np.ndarray:
    """p-values with `_BITS` significant bits, rounded down, so that few of them are distinct."""
    fraction, exponent = np.frexp(p)
    return np.ldexp(np.floor(np.ldexp(fraction, _BITS)), exponent - _BITS)


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
        self.values, counts = _joined(parts)
        self.adjusted = benjamini_hochberg(self.values, counts)

    def apply(self, p: np.ndarray) -> np.ndarray:
        """The adjusted p-values of an array of p-values; NaN stays NaN."""
        result = np.full(p.shape, np.nan)
        tested = np.isfinite(p)
        result[tested] = self.adjusted[np.searchsorted(self.values, p[tested])]
        return result


class Significance:
    """Counts the pixels that are significant at `ALPHA`, alone and after the adjustment of Benjamini and Hochberg.

    Attributes
    ----------
    tested : int
        Pixels with a p.

    Notes
    -----
    Only p-values below `ALPHA` are kept, each distinct one once: the adjustment never makes a p smaller. With a
    correction for serial correlation, where about every pixel has its own, they are rounded down to 12 significant
    bits. So memory does not grow with the raster.
    """

    def __init__(self):
        self.tested = 0
        self._excluding = 0
        self._parts: list = []
        self._pending = 0

    def add(self, block: dict) -> None:
        """Take what `trend_block` counts."""
        self.tested += block["tested"]
        self._excluding += block["limits_exclude_0"]
        self._parts.append(block["significant"])
        self._pending += len(block["significant"][0])
        if self._pending > _MOST_PENDING:
            self._parts, self._pending = [_joined(self._parts)], 0

    def percent(self) -> tuple:
        """The share of the tested pixels that are significant, that are so after the adjustment, and whose confidence
        limits of the slope exclude 0; NaN where none was tested."""
        if not self.tested:
            return np.nan, np.nan, np.nan
        values, counts = _joined(self._parts)
        significant = int(counts.sum())
        adjusted = benjamini_hochberg(np.append(values, 1.0), np.append(counts, self.tested - significant))[:-1]
        found = significant, int(counts[adjusted < ALPHA].sum()), self._excluding
        return tuple(100 * count / self.tested for count in found)


def _joined(parts) -> tuple:
    """The distinct values of several (values, counts), ascending, and their counts together (float64)."""
    values, counts = (np.concatenate(column) for column in zip((np.empty(0), np.empty(0, np.int64)), *parts))
    distinct, place = np.unique(values, return_inverse=True)
    # whole numbers below 2^53 add up exactly
    return distinct, np.bincount(place.ravel(), counts, distinct.size)
