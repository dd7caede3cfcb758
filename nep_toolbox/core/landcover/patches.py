"""Sums of a series over land-cover classes in a block, patch by patch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from ..zonal.grouped import starts_of
from ..zonal.reduction import PATCH, PatchSums
from ..zonal.statistics import add_moments, empty_moments, sums_of_moments
from .transitions import UNTITLED, whole_classes

#: Patches that are sorted at a time, and values that are added up at a time: so many that threads seldom wait for one
#: another between two calls of numpy.
_PATCHES, _VALUES = 16, 2**19


class ClassPatches(NamedTuple):
    """Sums of a block.

    Attributes
    ----------
    classes : list of int
        The classes that occur in the block, ascending.
    dates : list of PatchSums
        For each of `dates_of` the sums of the years that take it; the zones are places in ``classes``.
    """

    classes: list
    dates: list


class _Piece(NamedTuple):
    """Neighbouring patches of a strip, sorted: patch after patch, and in each class after class.

    Attributes
    ----------
    strip : int
    cells : int array (p,)
        The cells that have a class, counted row by row in the block.
    starts, classes : int arrays (k,)
        Where each class of each patch begins, and its code.
    area : float64 array (p,) or float
        Of each cell, or of all.
    """

    strip: int
    cells: np.ndarray
    starts: np.ndarray
    classes: np.ndarray
    area: np.ndarray | float


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
    flat = values.reshape(len(values), -1)
    found = [
        _sums(flat, np.flatnonzero(which == date), list(_pieces(landcover[date], area, titles[date])))
        for date in dates_of(which)
    ]
    classes = np.unique(np.concatenate([sums.zones for sums in found]))
    return ClassPatches(
        classes.tolist(), [sums._replace(zones=np.searchsorted(classes, sums.zones)) for sums in found]
    )


def dates_of(which) -> list:
    """The dates of the land cover that a year takes, ascending."""
    return sorted(set(np.asarray(which).tolist()))


def _pieces(landcover: np.ndarray, area: np.ndarray, title: str) -> Iterator[_Piece]:
    """The cells of a block sorted by class."""
    (rows, cols), (tall, wide) = landcover.shape, PATCH
    for top in range(0, rows, tall):
        weights = area[top : top + tall]
        for left in range(0, cols, _PATCHES * wide):
            checkpoint()
            across = slice(left, left + _PATCHES * wide)
            codes, valid = whole_classes(landcover[top : top + tall, across], title)
            low = codes.min()
            count = int(codes.max() - low) + 1
            keys = np.arange(codes.shape[1]) // wide * count + (codes - low)
            # Sixteen bits are sorted by their digits. Cells without a class come last.
            last = np.iinfo(np.uint16 if _PATCHES * count < 2**16 else np.int64)
            keys = np.where(valid, keys, last.max).ravel().astype(last.dtype)
            order = np.argsort(keys, kind="stable")
            keys = keys[order]
            size = int(np.searchsorted(keys, last.max))
            order, keys = order[:size], keys[:size]
            starts = starts_of(keys)
            cells = np.add.outer(np.arange(top, top + len(codes)) * cols, np.arange(left, left + codes.shape[1]))
            here = weights if weights.shape[1] == 1 else weights[:, across]
            same = (here == here[0, 0]).all()
            yield _Piece(
                top // tall, cells.ravel()[order], starts, keys[starts].astype(np.int64) % count + low,
                float(here[0, 0]) if same else np.broadcast_to(here, codes.shape).ravel()[order],
            )


def _sums(values: np.ndarray, years: np.ndarray, pieces: list) -> PatchSums:
    """The sums of some years of ``values`` (n, cells); the zones are the codes of the classes."""
    ends = np.cumsum([0, *(piece.starts.size for piece in pieces)]).tolist()
    moments, area = empty_moments(len(years), ends[-1]), np.ones(ends[-1])
    for piece, start, end in zip(pieces, ends, ends[1:]):
        by_cell = isinstance(piece.area, np.ndarray)
        if not by_cell:
            area[start:end] = piece.area
        size = piece.cells.size
        lengths = np.diff(piece.starts, append=size)
        some = max(1, _VALUES // max(1, size))
        rows, room = np.empty((some, size), values.dtype), np.empty((2, some * size))
        for first in range(0, len(years) if size else 0, some):
            checkpoint()
            here = years[first : first + some]
            for year, row in zip(here.tolist(), rows):
                np.take(values[year], piece.cells, out=row, mode="clip")
            with np.errstate(invalid="ignore", over="ignore"):
                add_moments(
                    moments[:, first : first + some, start:end], rows[: len(here)], piece.starts, lengths,
                    piece.area if by_cell else None, room,
                )
    strips = np.repeat([piece.strip for piece in pieces], np.diff(ends))
    classes = np.concatenate([piece.classes for piece in pieces])
    with np.errstate(invalid="ignore", over="ignore"):
        return PatchSums(strips, classes, sums_of_moments(moments, area))
