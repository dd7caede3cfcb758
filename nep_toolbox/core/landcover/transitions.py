"""Counting land-cover classes and the transitions between dates, block by block."""

from __future__ import annotations

from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..exact_sums import sums_by_code, weighted_counts

CHANGE_NODATA = -(2**31)
CHANGE_FACTOR = 1000

UNTITLED = "The land cover"

# Above this many slots a table over a range of numbers costs more than sorting the numbers.
_TABLE_LIMIT = 1 << 22

# Above this many different areas cells are summed one by one instead of counted by area; the sums are the same.
_MOST_WEIGHTS = 1 << 13


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
    weights, group = np.unique(area, return_inverse=True)
    group = np.broadcast_to(group.reshape(np.shape(area)), np.shape(stack)[1:])
    classes: list = []
    transitions: list = []
    before = None
    for block, title in zip_longest(stack, titles, fillvalue=UNTITLED):
        checkpoint()
        codes, valid = whole_classes(block, title)
        classes.append(_tally((codes[valid],), group[valid], weights))
        if before is not None:
            both = valid & before[1]
            transitions.append(_tally((before[0][both], codes[both]), group[both], weights))
        before = codes, valid
    return LandCoverCounts(classes, transitions)


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


def _require_whole(values: np.ndarray, title: str) -> None:
    fractional = values != np.rint(values)
    if fractional.any():
        raise InvalidParameter(
            f"{title} holds {float(values[fractional][0]):.6g}, and a class is a whole number. Give a "
            "raster of class codes; one that was resampled by averaging must be made anew by mode or nearest "
            "neighbour (the tool ⟨nep:harmonize⟩)."
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


def _tally(columns: tuple, group: np.ndarray, weights: np.ndarray) -> dict:
    """Count the combinations of one or two columns of classes; the key is the class, or the pair of classes."""
    coded = [dense(column) for column in columns]
    index = coded[0][1]
    if len(coded) == 2:
        size = len(coded[1][0])
        occurring, index = dense(index * size + coded[1][1])
        first, second = (values.tolist() for values in (coded[0][0][occurring // size], coded[1][0][occurring % size]))
        keys = list(zip(first, second))
    else:
        keys = coded[0][0].tolist()
    if len(weights) > _MOST_WEIGHTS:
        pixels, areas = np.bincount(index, minlength=len(keys)), sums_by_code(index, weights[group], len(keys))
    else:
        cell = index if len(weights) == 1 else group * len(keys) + index
        counts = np.bincount(cell, minlength=len(weights) * len(keys)).reshape(len(weights), len(keys))
        pixels, areas = counts.sum(axis=0), weighted_counts(counts, weights)
    return {key: Tally(int(number), area) for key, number, area in zip(keys, pixels, areas)}
