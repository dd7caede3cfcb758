"""Sums over zones of a raster whose bits do not depend on the blocks the raster was walked in.

Floating-point sums depend on the order of their terms. Here the order is fixed: blocks are cut into patches of so many
rows and columns, and the rows of patches into runs of cells that lie in the same regions. Runs are joined from top to
bottom into the sums of the patch, patches from left to right into a strip, strips from top to bottom. Blocks whose
corners lie on multiples of a patch give the same runs, hence the same bits, however large they are and whoever computes
them.

Sums are NamedTuples of arrays whose last axis are runs, patches or zones, with a method ``joined(starts)`` that joins
neighbouring columns, those from one start to the next. What is no array is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable, NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from ..labels import Labels
from .grouped import beside, columns, put_columns, starts_of

#: Rows and columns of a patch. Blocks begin at multiples of them, so that they hold whole patches.
PATCH = (16, 256)

#: Values that are worked on at a time: as float64 they stay in the processor's second cache.
_VALUES = 2**17


class Runs(NamedTuple):
    """The runs of a block.

    Attributes
    ----------
    starts : int array (runs,)
        First cells, counted row by row; a run ends where the next one begins.
    lengths : int array (runs,)
        Numbers of cells.
    row, col, strip, patch, label : int arrays (runs,)
        Row and column of the first cell, the strip of patches and the patch in it, and the label of the cells.
    """

    starts: np.ndarray
    lengths: np.ndarray
    row: np.ndarray
    col: np.ndarray
    strip: np.ndarray
    patch: np.ndarray
    label: np.ndarray


class PatchSums(NamedTuple):
    """Sums of the patches of a block.

    Attributes
    ----------
    strips, zones : int arrays (k,)
        The strip of patches in the block, and the zone, of each column of the sums; the patches from left to right.
    sums : NamedTuple
        Arrays (..., k).
    """

    strips: np.ndarray
    zones: np.ndarray
    sums: NamedTuple


def runs_of(shape: tuple, labels: Labels | None) -> Runs:
    """The runs of a block of a shape (rows, cols)."""
    _rows, cols = shape
    begins = np.zeros(shape, dtype=bool)
    begins[:, :: PATCH[1]] = True
    if labels is not None:
        begins[:, 1:] |= labels.of_cell[:, 1:] != labels.of_cell[:, :-1]
    starts = np.flatnonzero(begins)
    row, col = np.divmod(starts, cols)
    label = np.zeros(starts.size, dtype=np.int64) if labels is None else labels.of_cell.ravel()[starts]
    return Runs(starts, np.diff(starts, append=begins.size), row, col, row // PATCH[0], col // PATCH[1], label)


def chunks(steps: int, shape: tuple, runs: Runs, whole: bool = False) -> Iterator[tuple]:
    """Parts of a stack (steps, rows, cols) that are worked on at a time: ``whole`` series, or where rows are long some
    steps of them.

    Yields
    ------
    (steps, rows, runs) : slices
        Whole rows, with the runs that lie in them.
    """
    tall, some = _chunk(steps, shape)
    some = steps if whole else some
    for top in range(0, shape[0], tall):
        here = slice(*np.searchsorted(runs.row, (top, top + tall)).tolist())
        for first in range(0, steps, some):
            checkpoint()
            yield slice(first, min(first + some, steps)), slice(top, min(top + tall, shape[0])), here


def portions(steps: int, starts: np.ndarray, size: int) -> Iterator[tuple]:
    """Parts of ``size`` pixels of series that are worked on at a time, cut where one of the ``starts`` (runs,) is.

    Yields
    ------
    (pixels, runs) : slices
        As few whole runs as make up what is worked on at a time.
    """
    marks = np.searchsorted(starts, np.arange(0, size, max(1, _VALUES // steps)))
    marks = np.unique(np.append(marks, starts.size)).tolist()
    ends = np.append(starts, size).tolist()
    for first, last in zip(marks, marks[1:]):
        checkpoint()
        yield slice(ends[first], ends[last]), slice(first, last)


def most_values(steps: int, shape: tuple) -> int:
    """How many values the largest of the `chunks` has."""
    tall, some = _chunk(steps, shape)
    return min(some, steps) * min(tall, shape[0]) * shape[1]


def _chunk(steps: int, shape: tuple) -> tuple:
    """Rows and steps of a chunk."""
    rows = max(1, _VALUES // (steps * shape[1]))
    return rows, steps if rows > 1 else max(1, _VALUES // shape[1])


class Pieces(NamedTuple):
    """Sums of parts of the zones of a block.

    Attributes
    ----------
    strips, patches, zones : int arrays (k,)
        Where each column of the sums belongs.
    sums : NamedTuple
        Arrays (..., k).
    """

    strips: np.ndarray
    patches: np.ndarray
    zones: np.ndarray
    sums: NamedTuple


def patch_sums(runs: Runs, labels: Labels | None, sums: NamedTuple, more: Pieces | None = None) -> PatchSums:
    """The sums of the runs of a block (..., runs), and ``more``, joined to those of zones in patches.

    Zone 0 is the whole raster, zone k + 1 region k.
    """
    order = np.lexsort((runs.label, runs.patch, runs.strip))
    strip, patch, label = (each[order] for each in (runs.strip, runs.patch, runs.label))
    starts = starts_of(strip, patch, label)
    checkpoint()
    parts = columns(sums, order).joined(starts)
    strip, patch, label = strip[starts], patch[starts], label[starts]
    zones_of = [(0, *(region + 1 for region in regions)) for regions in (labels.regions if labels else ((),))]
    many = np.array([len(zones) for zones in zones_of])
    place = np.repeat(np.arange(label.size), many[label])
    zone = np.concatenate([zones_of[each] for each in label.tolist()]) if label.size else label
    pieces = Pieces(strip[place], patch[place], zone, columns(parts, place))
    if more is not None:
        keys = (np.concatenate(each) for each in zip(pieces[:3], more[:3]))
        pieces = Pieces(*keys, beside([pieces.sums, more.sums]))
    order = np.lexsort((pieces.zones, pieces.patches, pieces.strips))
    strip, patch, zone = (each[order] for each in pieces[:3])
    starts = starts_of(strip, patch, zone)
    return PatchSums(strip[starts], zone[starts], columns(pieces.sums, order).joined(starts))


class Total:
    """The sums of all blocks, which must come row of blocks after row of blocks, each from left to right.

    Parameters
    ----------
    empty : callable
        Gives the sums of nothing over all zones, a NamedTuple of arrays (..., zones).
    """

    def __init__(self, empty: Callable):
        self.sums = empty()
        self._blocks: list = []

    def add(self, block: PatchSums, last: bool) -> None:
        """Join the next block; ``last`` tells that it is the last one of its row of blocks."""
        self._blocks.append(block)
        if not last:
            return
        strips, zones = (np.concatenate(part) for part in list(zip(*self._blocks))[:2])
        sums, self._blocks = beside([each.sums for each in self._blocks]), []
        order = np.lexsort((zones, strips))
        strips, zones = strips[order], zones[order]
        starts = starts_of(strips, zones)
        sums, strips, zones = columns(sums, order).joined(starts), strips[starts], zones[starts]
        ends = [*starts_of(strips).tolist(), strips.size]
        for start, end in zip(ends, ends[1:]):
            checkpoint()
            here = zones[start:end]
            strip = columns(sums, np.arange(start, end))
            put_columns(self.sums, here, merged(columns(self.sums, here), strip))


def merged(one: NamedTuple, other: NamedTuple) -> NamedTuple:
    """The sums of two disjoint parts together, column by column."""
    size = next(part.shape[-1] for part in one if isinstance(part, np.ndarray))
    pairs = np.arange(2 * size).reshape(2, size).T.ravel()
    return columns(beside([one, other]), pairs).joined(np.arange(0, 2 * size, 2))
