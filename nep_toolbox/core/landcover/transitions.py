"""Counting land-cover classes and the transitions between dates, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..exact_sums import sums_by_code, weighted_counts
from ..labels import Labels

CHANGE_NODATA = -(2**31)
CHANGE_FACTOR = 1000
COUNT_NODATA = -32768

UNTITLED = "The land cover"

# Above this many slots a table over a range of numbers costs more than sorting the numbers.
_TABLE_LIMIT = 1 << 22

# Counts by area may take as much room as the cells themselves, and so many numbers at least; beyond, cells are summed
# one by one. The sums are the same.
_FEW = 1 << 14


class Tally(NamedTuple):
    """Pixels of one class or transition, and their exact area in the unit of `exact_sums`."""

    pixels: int
    area: int

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.pixels + other.pixels, self.area + other.area)


class LandCoverCounts(NamedTuple):
    """Counts over a part of a land-cover series; parts are joined with `merge`.

    Attributes
    ----------
    classes : list of n dict
        For each date, class -> `Tally` over the pixels valid on that date.
    transitions : list of n-1 dict
        For each two consecutive dates, (from class, to class) -> `Tally` over the pixels valid on both.
    """

    classes: list
    transitions: list

    def merge(self, other: LandCoverCounts) -> LandCoverCounts:
        """The counts of two parts together; the order of merging does not matter."""
        return LandCoverCounts(
            [_added(mine, theirs) for mine, theirs in zip(self.classes, other.classes)],
            [_added(mine, theirs) for mine, theirs in zip(self.transitions, other.transitions)],
        )


def count_landcover(stack, area, titles=()) -> LandCoverCounts:
    """Classes of each date and transitions between consecutive dates in one block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        Land-cover classes of n dates in order, whole numbers of any numeric type; NaN is missing.
    area : array (rows, 1) or (rows, cols)
        Area of the pixels (m2).
    titles : sequence of n str, optional
        What to call each date in an error.

    Returns
    -------
    LandCoverCounts

    Raises
    ------
    InvalidParameter
        Where a class is not a whole number within 32 bits.
    """
    return _counts(stack, area, titles, ())


def count_by_region(stack, area, titles, regions: Labels) -> tuple[LandCoverCounts, dict]:
    """`count_landcover`, and the same of every region.

    Parameters
    ----------
    stack, area, titles
        As for `count_landcover`.
    regions : Labels
        As a ZoneReader reads them.

    Returns
    -------
    whole : LandCoverCounts
    regional : dict of int to LandCoverCounts
        By the index of each region with a cell in the block.
    """
    keyed = _counts(stack, area, titles, (regions.of_cell,))
    present = sorted({region for label in np.unique(regions.of_cell).tolist() for region in regions.regions[label]})
    split = [[by_region(date, regions.regions) for date in dates] for dates in keyed]
    whole, *parts = (
        LandCoverCounts(*([date.get(region, {}) for date in dates] for dates in split)) for region in (None, *present)
    )
    return whole, dict(zip(present, parts))


def change_code(first, last) -> np.ndarray:
    """Map of changes between two dates.

    Parameters
    ----------
    first, last : arrays of one shape
        Classes from 0 to 999; NaN is missing.

    Returns
    -------
    int32 array
        ``1000 * from + to`` (also where the class stayed the same), `CHANGE_NODATA` where either is missing.

    Raises
    ------
    InvalidParameter
        Where a class is no whole number from 0 to 999.
    """
    (before, valid), (after, valid_too) = whole_classes(first), whole_classes(last)
    for codes, present in ((before, valid), (after, valid_too)):
        wrong = codes[present & ((codes < 0) | (codes >= CHANGE_FACTOR))]
        if wrong.size:
            raise InvalidParameter(
                f"The change map writes 1000 * from + to and so holds classes from 0 to 999, but there is a class "
                f"{wrong[0]}. Reclassify the land cover, or leave the change map out."
            )
    return np.where(valid & valid_too, CHANGE_FACTOR * before + after, CHANGE_NODATA).astype(np.int32)


def change_count(stack, titles=()) -> np.ndarray:
    """How often the class of a pixel changes.

    Parameters
    ----------
    stack : sequence of n arrays (rows, cols)
        Land-cover classes of n dates in order; NaN is missing.
    titles : sequence of n str, optional
        What to call each date in an error.

    Returns
    -------
    int16 array (rows, cols)
        0 to n - 1; `COUNT_NODATA` where a date is missing.

    Raises
    ------
    InvalidParameter
        Where a class is not a whole number within 32 bits.
    """
    changes, known, before = np.zeros(np.shape(stack)[1:], dtype=np.int16), True, None
    for block, title in zip_longest(stack, titles, fillvalue=UNTITLED):
        checkpoint()
        codes, valid = whole_classes(block, title)
        if before is not None:
            changes += codes != before
        known, before = known & valid, codes
    return np.where(known, changes, np.int16(COUNT_NODATA))


def whole_classes(block, title: str = UNTITLED) -> tuple[np.ndarray, np.ndarray]:
    """Class codes of a block and where they are valid.

    Parameters
    ----------
    block : array
        Whole numbers in any numeric type; NaN and infinite values are missing.
    title : str
        What to call the raster in an error.

    Returns
    -------
    codes : int64 array
        0 where missing.
    valid : bool array

    Raises
    ------
    InvalidParameter
        Where a value has a fraction or does not fit 32 bits; it names the value.
    """
    block = np.asarray(block)
    if block.dtype.kind in "iub":
        codes, valid = block.astype(np.int64), np.ones(block.shape, dtype=bool)
    else:
        valid = np.isfinite(block)
        filled = block if valid.all() else np.where(valid, block, 0)
        with np.errstate(invalid="ignore"):
            codes = filled.astype(np.int64)
        if not np.array_equal(codes.astype(filled.dtype), filled):
            _require_whole(filled, title)
            _require_32_bits(filled, title)
    _require_32_bits(codes, title)
    return codes, valid


def landcover_year(year: int, available) -> int:
    """The land cover that belongs to a year.

    Parameters
    ----------
    year : int
    available : sequence of int
        Years with a land-cover raster, in any order.

    Returns
    -------
    int
        The year itself, else the latest earlier one, else the first.
    """
    earlier = [candidate for candidate in available if candidate <= year]
    return max(earlier) if earlier else min(available)


def dense(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted distinct values of an integer array (k,), and the index of each value among them."""
    if values.size == 0:
        return values, values
    low, high = int(values.min()), int(values.max())
    if high - low >= _TABLE_LIMIT:
        return np.unique(values, return_inverse=True)
    occurs = np.zeros(high - low + 1, dtype=bool)
    occurs[values - low] = True
    position = np.cumsum(occurs) - 1
    return np.flatnonzero(occurs) + low, position[values - low]


def combinations(columns: Sequence, labels: Sequence = ()) -> tuple[list, np.ndarray]:
    """The combinations that occur of the numbers of some cells.

    Parameters
    ----------
    columns : sequence of integer arrays (k,)
        One or more of classes.
    labels : sequence of integer arrays (k,), optional
        From 0 on, with few gaps.

    Returns
    -------
    list
        The combinations, ascending, each a tuple of whole numbers, and of a single column a number.
    int array (k,)
        The place of each cell's.
    """
    kinds, index = dense(columns[0])
    found = (kinds,)
    for column in columns[1:]:
        kinds, place = dense(column)
        found, index = _paired(found, index, kinds, place)
    for place in labels:
        found, index = _paired(found, index, np.arange(place.max(initial=-1) + 1), place)
    return found[0].tolist() if len(found) == 1 else list(zip(*(each.tolist() for each in found))), index


def by_region(counts: dict, regions: tuple) -> dict:
    """Counts whose keys end with a label, by the region the label stands for; None is the whole block.

    Parameters
    ----------
    counts : dict
        What is added up, with tuples as keys.
    regions : tuple of tuples of int
        The regions of each label, as in `Labels`.

    Returns
    -------
    dict of int or None to dict
        The keys without their labels.
    """
    found: dict = {None: {}}
    for (*key, label), tally in counts.items():
        own = key[0] if len(key) == 1 else tuple(key)
        for region in (None, *regions[label]):
            part = found.setdefault(region, {})
            part[own] = part[own] + tally if own in part else tally
    return found


def _require_whole(values: np.ndarray, title: str) -> None:
    fractional = values != np.rint(values)
    if fractional.any():
        raise InvalidParameter(
            f"{title} holds {float(values[fractional][0]):.6g}, and a class is a whole number. Give a "
            "raster of class codes; one that was resampled by averaging must be made anew by mode or nearest "
            "neighbour (the tool ⟨nep:harmonize⟩). A quantity is cut into classes by "
            "⟨nep:landcoverstatistics:CLASS_BREAKS⟩."
        )


def _require_32_bits(values: np.ndarray, title: str) -> None:
    largest = np.iinfo(np.int32).max
    if values.size and not -largest <= values.min() <= values.max() <= largest:
        outside = np.abs(values) > largest
        raise InvalidParameter(
            f"{title} holds {float(values[outside][0]):.6g}, which is no class code: is it an undeclared nodata "
            "value? Set the nodata value of the raster."
        )


def _added(one: dict, other: dict) -> dict:
    result = dict(one)
    for key, tally in other.items():
        result[key] = result[key] + tally if key in result else tally
    return result


def _counts(stack, area, titles, labels: tuple) -> LandCoverCounts:
    """The counts of a block; ``labels``, none or an array (rows, cols) from 0 on, make the last place of the keys."""
    weights, group = np.unique(area, return_inverse=True)
    group = np.broadcast_to(group.reshape(np.shape(area)), np.shape(stack)[1:])
    classes: list = []
    transitions: list = []
    before = None
    for block, title in zip_longest(stack, titles, fillvalue=UNTITLED):
        checkpoint()
        codes, valid = whole_classes(block, title)
        classes.append(_tally((codes,), labels, valid, group, weights))
        if before is not None:
            transitions.append(_tally((before[0], codes), labels, valid & before[1], group, weights))
        before = codes, valid
    return LandCoverCounts(classes, transitions)


def _tally(columns: tuple, labels: tuple, valid: np.ndarray, group: np.ndarray, weights: np.ndarray) -> dict:
    """Count the combinations of one or two columns of classes, and of ``labels`` if there are any, where ``valid``; a
    key is the class alone, or a tuple."""
    keys, index = combinations([column[valid] for column in columns], [column[valid] for column in labels])
    group = group[valid]
    if len(weights) * len(keys) > max(len(index), _FEW):
        pixels, areas = np.bincount(index, minlength=len(keys)), sums_by_code(index, weights, len(keys), group)
    else:
        cell = index if len(weights) == 1 else group * len(keys) + index
        counts = np.bincount(cell, minlength=len(weights) * len(keys)).reshape(len(weights), len(keys))
        pixels, areas = counts.sum(axis=0), weighted_counts(counts, weights)
    return {key: Tally(int(number), area) for key, number, area in zip(keys, pixels, areas)}


def _paired(found: tuple, index: np.ndarray, kinds: np.ndarray, place: np.ndarray) -> tuple:
    """Columns of the combinations that occur, given those before and a further column, and the index of each cell."""
    size = len(kinds)
    occurring, index = dense(index * size + place)
    return (*(each[occurring // size] for each in found), kinds[occurring % size]), index
