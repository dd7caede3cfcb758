"""Sums over zones of a block of a raster, patch by patch."""

from __future__ import annotations

import numpy as np

from ..labels import Labels
from .gravity_sums import Negative, Place, empty_sums, from_middle, gravity_sums
from .grouped import put_columns
from .reduction import PATCH, PatchSums, Runs, chunks, most_values, patch_sums, runs_of
from .statistics import add_moments, empty_moments, sums_of_moments


def zonal_block(stack, cell_area, regions: Labels | None = None) -> PatchSums:
    """`ZonalSums` of the patches of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
    cell_area : array (rows, 1) or (rows, cols), m2
    regions : Labels, optional
        As a ZoneReader reads them.
    """
    shape = stack.shape[1:]
    runs = runs_of(shape, regions)
    by_run = cell_area.shape[1] == 1
    moments = empty_moments(len(stack), runs.starts.size)
    room = np.empty((2, most_values(len(stack), shape)))
    with np.errstate(invalid="ignore", over="ignore"):
        for steps, rows, here in chunks(len(stack), shape, runs):
            values, starts, area = _piece(stack[steps], cell_area, runs, rows, here)
            add_moments(moments[:, steps, here], values, starts, runs.lengths[here], None if by_run else area, room)
        sums = sums_of_moments(moments, cell_area[runs.row, 0] if by_run else None)
    return patch_sums(runs, regions, sums)


def gravity_block(
    stack, cell_area, place: Place, regions: Labels | None = None, *, origin: tuple, common_mask: bool = True,
    negative: Negative = Negative.KEEP,
) -> PatchSums:
    """`GravitySums` of the patches of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        NaN and infinite values are missing.
    cell_area : array (rows, 1) or (rows, cols), m2
    place : Place
        Where the cells lie.
    regions : Labels, optional
        As a ZoneReader reads them.
    origin : tuple of float
        (x, y) near the middle of the area, the same for all blocks: measured from it large coordinates do not cancel.
    common_mask : bool
        Only pixels with a value in every step take part, so that a centre does not move because the mask does.
    negative : Negative
        Keep negative values, or leave them out of the step they occur in.
    """
    shape = stack.shape[1:]
    runs = runs_of(shape, regions)
    sums = empty_sums(len(stack), runs.starts.size, origin)
    x, y = place.point((runs.patch + 0.5) * PATCH[1], runs.row + 0.5)
    middle, step = (x - origin[0], y - origin[1]), (place.transform[1], place.transform[4])
    along = from_middle(np.arange(shape[1]))
    for _steps, rows, here in chunks(len(stack), shape, runs, whole=True):
        values, starts, area = _piece(stack, cell_area, runs, rows, here)
        part = gravity_sums(
            values, starts, area, np.tile(along, rows.stop - rows.start), tuple(each[here] for each in middle), step,
            origin=origin, common_mask=common_mask, negative=negative,
        )
        put_columns(sums, here, part)
    return patch_sums(runs, regions, sums)


def _piece(stack, cell_area, runs: Runs, rows: slice, here: slice) -> tuple:
    """Some rows of a stack as (n, pixels), where their runs begin, and the area of a pixel of each run or of each."""
    cols = stack.shape[2]
    values = stack[:, rows].reshape(len(stack), (rows.stop - rows.start) * cols)
    area = cell_area[runs.row[here], 0] if cell_area.shape[1] == 1 else cell_area[rows].ravel()
    return values, runs.starts[here] - rows.start * cols, area
