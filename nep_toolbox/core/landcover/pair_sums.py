"""Exact sums of a value at two dates, by the class on each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..exact_sums import sums_by_code
from ..labels import Labels
from .transitions import UNTITLED, by_region, combinations, whole_classes

_TOO_LARGE = (
    "The values hold {:.6g}, which is too large to be added up: is it an undeclared nodata value? Set the nodata value "
    "of the raster."
)
#: Sums of so many pixels as there can be stay within the range of float64.
_LARGEST = 1e290


class PairSums(NamedTuple):
    """Sums over the pixels of one class at the first date and one at the last; all but the pixels in the unit of
    `exact_sums`, so that parts add up to the same whole in any order.

    Attributes
    ----------
    pixels : int
    area : int
        m2.
    start, end : int
        Sum of value x area at the first and at the last date, in the unit of the values times m2.
    moved : int
        Sum of the absolute changes of value x area: what a change of the total is small against.
    """

    pixels: int
    area: int
    start: int
    end: int
    moved: int

    def __add__(self, other: PairSums) -> PairSums:
        return PairSums(*(mine + its for mine, its in zip(self, other)))


#: Cells that are summed at a time: so many that their numbers take few megabytes.
_CELLS = 1 << 15

#: The sums over no pixel.
NO_PIXEL = PairSums(0, 0, 0, 0, 0)


class PairBlock(NamedTuple):
    """What a part of a raster gives; parts are joined with `merge`, in any order.

    Attributes
    ----------
    sums : dict of int or None to dict of (int, int) to PairSums
        By the index of each region with a pixel, None the whole part; in each by (class at the first date, at the
        last).
    classed : int
        Pixels with a class on both dates, with or without a value.
    """

    sums: dict
    classed: int

    def merge(self, other: PairBlock) -> PairBlock:
        """Those of two parts together."""
        merged = {region: dict(pairs) for region, pairs in self.sums.items()}
        for region, pairs in other.sums.items():
            mine = merged.setdefault(region, {})
            for pair, sums in pairs.items():
                mine[pair] = mine.get(pair, NO_PIXEL) + sums
        return PairBlock(merged, self.classed + other.classed)


def pair_sums(start, end, landcover, area, titles=(), regions: Labels | None = None) -> PairBlock:
    """Sums of one block, over the pixels with a class on both dates and with both values.

    Parameters
    ----------
    start, end : float arrays (rows, cols)
        The value at the first and at the last date; NaN and infinite values are missing.
    landcover : sequence of 2 arrays (rows, cols)
        Classes at the first and at the last date; NaN is missing.
    area : array (rows, 1) or (rows, cols)
        Area of the pixels (m2).
    titles : sequence of 2 str, optional
        What to call each date of the land cover in an error.
    regions : Labels, optional
        As a ZoneReader reads them.

    Returns
    -------
    PairBlock
        A product of value and area is rounded to float64 once, pixel by pixel; nothing else is.

    Raises
    ------
    InvalidParameter
        Where a class is not a whole number within 32 bits, or a value is too large to be added up.
    """
    area = np.asarray(area, dtype=np.float64)
    titles, rows = titles or [UNTITLED] * 2, max(1, _CELLS // np.shape(start)[1])
    found = PairBlock({None: {}}, 0)
    for top in range(0, len(start), rows):
        checkpoint()
        here = slice(top, top + rows)
        labels = None if regions is None else Labels(regions.of_cell[here], regions.regions)
        covers = [cover[here] for cover in landcover]
        found = found.merge(_strip(start[here], end[here], covers, area[here], titles, labels))
    return found


def _strip(start, end, landcover: list, area: np.ndarray, titles, regions: Labels | None) -> PairBlock:
    """The sums of some rows."""
    (before, known), (after, known_too) = map(whole_classes, landcover, titles)
    classed = known & known_too
    valid = classed & np.isfinite(start) & np.isfinite(end)
    keys, index = combinations([before[valid], after[valid]], [] if regions is None else [regions.of_cell[valid]])
    weights = np.broadcast_to(area, valid.shape)[valid]
    first, last = (_products(values[valid], weights) for values in (start, end))
    columns = [np.bincount(index, minlength=len(keys)).tolist()]
    for terms in (weights, first, last, np.abs(last - first)):
        columns.append(sums_by_code(index, terms, len(keys)))
    found = {key: PairSums(*sums) for key, sums in zip(keys, zip(*columns))}
    return PairBlock({None: found} if regions is None else by_region(found, regions.regions), int(classed.sum()))


def _products(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        products = values * weights
    if not (np.abs(products) <= _LARGEST).all():
        raise InvalidParameter(_TOO_LARGE.format(float(values[np.abs(products).argmax()])))
    return products
