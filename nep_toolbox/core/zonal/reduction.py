"""Sums over zones of a raster whose bits do not depend on the blocks the raster was walked in.

Floating-point sums depend on the order of their terms. Here the order is fixed: blocks are cut into patches of so many
rows and columns; patches are joined from left to right into a strip, strips from top to bottom. Blocks whose corners
lie on multiples of a patch give the same patches, hence the same bits, however large they are and whoever computes
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable, NamedTuple

import numpy as np

from ..checkpoint import checkpoint

#: Rows and columns of a patch: few enough cells to stay in the processor's cache.
PATCH = (16, 256)


class PatchSums(NamedTuple):
    """Sums of one patch: the zones that occur in it, and the sums of these."""

    zones: np.ndarray
    sums: NamedTuple


def sum_patches(shape: tuple, regions, compute: Callable) -> list:
    """Sums of a block, patch by patch.

    Parameters
    ----------
    shape : (rows, cols)
        Of the block.
    regions : (cells, regions) or None
        Two int arrays, as a ZoneReader reads them: cells of the block counted row by row, and the region each lies in.
        Regions may overlap.
    compute : callable
        ``compute(cells, zone, zones)`` gives the sums, a NamedTuple of arrays (..., zones), of the cells in ``zone``,
        0 to ``zones - 1``.

    Returns
    -------
    list of list of PatchSums
        A list for each strip of patches. Zone 0 is the whole raster, zone k + 1 region k.
    """
    strips = []
    for strip in _cut(shape, regions):
        line = []
        for cells, inside in strip:
            checkpoint()
            present, place = np.unique(inside, return_inverse=True)
            zones = np.concatenate(([0], present + 1))
            whole = np.zeros(cells.size - inside.size, dtype=np.int64)
            line.append(PatchSums(zones, compute(cells, np.concatenate((whole, place + 1)), zones.size)))
        strips.append(line)
    return strips


def _cut(shape: tuple, regions) -> Iterator[list]:
    """For each strip its patches: every cell, then the cells that lie in regions; and the regions of the latter."""
    rows, cols = shape
    tall, wide = PATCH
    across = -(-cols // wide)
    patches = across * -(-rows // tall)
    cells, numbers = (np.empty(0, dtype=np.int64),) * 2 if regions is None else regions
    patch_of_cell = (cells // cols // tall) * across + cells % cols // wide
    order = np.argsort(patch_of_cell, kind="stable")
    ends = np.searchsorted(patch_of_cell[order], np.arange(patches + 1))
    for top in range(0, rows, tall):
        strip = []
        for left in range(0, cols, wide):
            inside = np.add.outer(
                np.arange(top, min(top + tall, rows)) * cols, np.arange(left, min(left + wide, cols))
            ).ravel()
            patch = top // tall * across + left // wide
            chosen = order[ends[patch] : ends[patch + 1]]
            strip.append((np.concatenate((inside, cells[chosen])), numbers[chosen]))
        yield strip


class Total:
    """The sums of all blocks, which must come row of blocks after row of blocks, each from left to right.

    Parameters
    ----------
    empty : callable
        Gives the sums of nothing over all zones, a NamedTuple of arrays (..., zones) with ``merge``.
    """

    def __init__(self, empty: Callable):
        self.sums = empty()
        self._empty = empty
        self._strips: list = []

    def add(self, strips: list, last: bool) -> None:
        """Join the next block; ``last`` tells that it is the last one of its row of blocks."""
        for place, line in enumerate(strips):
            checkpoint()
            if place == len(self._strips):
                self._strips.append(self._empty())
            for patch in line:
                _join(self._strips[place], patch)
        if last:
            for strip in self._strips:
                self.sums = self.sums.merge(strip)
            self._strips = []


def _join(total: NamedTuple, patch: PatchSums) -> None:
    """Merge the sums of a patch into those of the zones that occur in it, in place."""
    here = type(total)(*(part[..., patch.zones] if isinstance(part, np.ndarray) else part for part in total))
    for part, merged in zip(total, here.merge(patch.sums)):
        if isinstance(part, np.ndarray):
            part[..., patch.zones] = merged
