"""Sums of a series over land-cover classes in a block, patch by patch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from ..zonal.grouped import starts_of
from ..zonal.reduction import PATCH, PatchSums
from ..zonal.statistics import add_moments, empty_moments, sums_of_moments
from .transitions import UNTITLED, dense, whole_classes

#: Patches that are sorted at a time, and values that are added up at a time: as float64 they stay in the processor's
#: second cache.
_PATCHES, _VALUES = 4, 2**16


class ClassPatches(NamedTuple):
    """Sums of a block.

    Attributes
    ----------
    classes : list of int
        The classes that occur in the block, ascending.
    dates : list of PatchSums
        For each date of the land cover the sums of the years that take it; the zones are places in ``classes``.
    """

    classes: list
    dates: list


class _Piece(NamedTuple):
    """Neighbouring patches of a strip.

    Attributes
    ----------
    strip : int
    cells : int array (p,)
        Cells of the block, counted row by row, that have a class: patch after patch, in each class after class.
    starts, classes : int arrays (k,)
        Where each class of each patch begins in ``cells``, and its place among the classes.
    """

    strip: int
    cells: np.ndarray
    starts: np.ndarray
    classes: np.ndarray


def landcover_patches(values, landcover, which, area, titles=()) -> ClassPatches:
    """Sums of the patches of a block (see `zonal.reduction`), over the pixels valid in both.

    Parameters
    ----------
    values : float array (n, rows, cols)
        The value of n years; NaN is missing.
    landcover : array (m, rows, cols)
        Land-cover classes of m dates; NaN is missing.
    which : sequence of n int
        For each year the index of its land cover; see `transitions.landcover_year`.
    area : array (rows, 1) or (rows, cols)
        Area of the pixels (m2).
    titles : sequence of m str, optional
        What to call each date of the land cover in an error.

    Raises
    ------
    InvalidParameter
        Where a class is not a whole number within 32 bits.
    """
    values, which = np.asarray(values), np.asarray(which)
    titles = titles or [UNTITLED] * len(landcover)
    coded = []
    for date in dates_of(which):
        checkpoint()
        codes, valid = whole_classes(landcover[date], titles[date])
        coded.append((*dense(codes[valid]), valid))
    classes = np.unique(np.concatenate([found for found, _, _ in coded]))
    dates = []
    for date, (found, place, valid) in zip(dates_of(which), coded):
        kinds = np.full(valid.shape, len(classes))  # one more than there are: no class
        kinds[valid] = np.searchsorted(classes, found)[place]
        pieces = list(_pieces(kinds, len(classes)))
        dates.append(_sums(values.reshape(len(values), -1), np.flatnonzero(which == date), area, pieces))
    return ClassPatches(classes.tolist(), dates)


def dates_of(which) -> list:
    """The dates of the land cover that a year takes, ascending."""
    return sorted(set(np.asarray(which).tolist()))


def _pieces(kinds: np.ndarray, count: int) -> Iterator[_Piece]:
    """The cells of a block sorted by class; ``kinds`` (rows, cols) are places among ``count`` classes."""
    (rows, cols), (tall, wide) = kinds.shape, PATCH
    for top in range(0, rows, tall):
        for left in range(0, cols, _PATCHES * wide):
            checkpoint()
            part = kinds[top : top + tall, left : left + _PATCHES * wide]
            keys = np.arange(part.shape[1]) // wide * (count + 1) + part
            # Sixteen bits are sorted by their digits.
            keys = keys.ravel().astype(np.uint16 if _PATCHES * (count + 1) <= 2**16 else np.int64)
            order = np.argsort(keys, kind="stable")
            keys = keys[order]
            classified = keys % (count + 1) < count
            if not classified.all():
                order, keys = order[classified], keys[classified]
            starts = starts_of(keys)
            row, col = np.divmod(order, part.shape[1])
            yield _Piece(top // tall, (top + row) * cols + left + col, starts, keys[starts] % (count + 1))


def _sums(values: np.ndarray, years: np.ndarray, area: np.ndarray, pieces: list) -> PatchSums:
    """The sums of some years of ``values`` (n, cells)."""
    ends = np.cumsum([0, *(piece.starts.size for piece in pieces)]).tolist()
    moments = empty_moments(len(years), ends[-1])
    for piece, start, end in zip(pieces, ends, ends[1:]):
        weights = _areas(area, piece.cells, values.shape[1])
        some = max(1, _VALUES // max(1, piece.cells.size))
        for first in range(0, len(years) if start < end else 0, some):
            checkpoint()
            here = years[first : first + some]
            sorted_values = np.empty((len(here), piece.cells.size), values.dtype)
            for year, row in zip(here.tolist(), sorted_values):
                np.take(values[year], piece.cells, out=row, mode="clip")
            add_moments(moments[:, first : first + some, start:end], sorted_values, piece.starts, weights)
    strips = np.repeat([piece.strip for piece in pieces], np.diff(ends))
    classes = np.concatenate([piece.classes for piece in pieces]).astype(np.int64)
    return PatchSums(strips, classes, sums_of_moments(moments))


def _areas(area: np.ndarray, cells: np.ndarray, size: int) -> np.ndarray:
    """Areas of cells, counted row by row in a block of so many cells."""
    return area[cells // (size // len(area)), 0] if area.shape[1] == 1 else area.ravel()[cells]


