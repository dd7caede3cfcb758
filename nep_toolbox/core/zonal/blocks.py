"""Sums over zones of a block of a raster, patch by patch."""

from __future__ import annotations

import numpy as np

from ..labels import Labels
from . import gravity_sums as gravity
from .reduction import PatchSums, Runs, chunks, most_values, patch_sums, runs_of
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
    stack, cell_area, place, regions: Labels | None = None, *, origin: tuple, common_mask: bool = True,
    negative: gravity.Negative = gravity.Negative.KEEP,
) -> PatchSums:
    """`GravitySums` of the patches of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        NaN and infinite values are missing.
    cell_area : array (rows, 1) or (rows, cols), m2
    place : gravity_sums.Place
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
    sums = gravity.empty_sums(len(stack), runs.starts.size, origin)
    middle, step = gravity.on_the_map(runs, place, origin)
    along = gravity.from_middle(np.arange(shape[1]))
    for steps, rows, here in chunks(len(stack), shape, runs):
        every, starts, area = _piece(stack, cell_area, runs, rows, here)
        k = np.tile(along, rows.stop - rows.start)
        here_middle = tuple(part[here] for part in middle)
        if steps.start == 0:
            valid, covered = gravity.taking_part(every, common_mask)
            sums.valid_area[:, here], sums.ends[:, here] = gravity.valid_on_the_map(
                *gravity.valid_runs(starts, area, k, covered), here_middle, step
            )
        found = gravity.gravity_runs(
            every[steps], starts, area, k, valid if valid is None or valid.ndim == 1 else valid[steps], negative
        )
        sums.pixels[steps, here], sums.negative_pixels[steps, here], moments, sums.area[steps, here] = found
        sums.moments[:, steps, here] = gravity.moments_on_the_map(moments, here_middle, step)
    return patch_sums(runs, regions, sums)


def _piece(stack, cell_area, runs: Runs, rows: slice, here: slice) -> tuple:
    """Some rows of a stack as (n, pixels), where their runs begin, and the area of a pixel of each run or of each."""
    cols = stack.shape[2]
    values = stack[:, rows].reshape(len(stack), (rows.stop - rows.start) * cols)
    area = cell_area[runs.row[here], 0] if cell_area.shape[1] == 1 else cell_area[rows].ravel()
    return values, runs.starts[here] - rows.start * cols, area
