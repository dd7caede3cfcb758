"""Sums over zones of a block of a raster, patch by patch."""

from __future__ import annotations

import numpy as np

from ..labels import Labels
from .fractions import Fractions
from .gravity_sums import Negative, Place, empty_sums, from_middle, gravity_sums
from .grouped import add_runs, beside, put_columns, starts_of
from .reduction import PATCH, PatchSums, Pieces, Runs, chunks, most_values, patch_sums, portions, runs_of
from .statistics import add_moments, empty_moments, run_sums, sums_of_moments


def zonal_block(
    stack, cell_area, regions: Labels | Fractions | None = None, *, common_mask: bool = False
) -> PatchSums:
    """`ZonalSums` of the patches of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
    cell_area : array (rows, 1) or (rows, cols), m2
    regions : Labels or Fractions, optional
        As a ZoneReader or a FractionReader reads them: with the latter a pixel has the share of its area that lies in
        the region, and pixels are counted by their shares.
    common_mask : bool
        Only pixels with a value in every step take part.
    """
    shape = stack.shape[1:]
    labels = regions.labels if isinstance(regions, Fractions) else regions
    runs = runs_of(shape, labels)
    by_run = cell_area.shape[1] == 1
    moments = empty_moments(len(stack), runs.starts.size)
    room = None if common_mask else np.empty((2, most_values(len(stack), shape)))
    with np.errstate(invalid="ignore", over="ignore"):
        for steps, rows, here in chunks(len(stack), shape, runs, whole=common_mask):
            values, starts, area = _piece(stack[steps], cell_area, runs, rows, here)
            values = complete(values) if common_mask else values
            add_moments(moments[:, steps, here], values, starts, runs.lengths[here], None if by_run else area, room)
        sums = sums_of_moments(moments, cell_area[runs.row, 0] if by_run else None)
    parts = _of_parts(stack, cell_area, regions, common_mask) if isinstance(regions, Fractions) else None
    return patch_sums(runs, labels, sums, parts)


def complete(values: np.ndarray) -> np.ndarray:
    """Values (n, pixels) of which only the pixels with a value in every step are kept; the others are NaN."""
    return np.where(np.isfinite(values).all(axis=0), values, np.nan)


def _of_parts(stack, cell_area, regions: Fractions, common_mask: bool) -> Pieces | None:
    """The sums of the cells that regions cover in part."""
    if not regions.cells.size:
        return None
    cols = stack.shape[2]
    row, col = np.divmod(regions.cells, cols)
    strip, patch, zone = row // PATCH[0], col // PATCH[1], regions.regions + 1
    order = np.lexsort((zone, patch, strip))
    strip, patch, zone, row, col, share = (each[order] for each in (strip, patch, zone, row, col, regions.shares))
    area = share * cell_area[row, 0 if cell_area.shape[1] == 1 else col]
    cells, starts, found = row * cols + col, starts_of(strip, patch, zone), []
    for pairs, here in portions(len(stack), starts, cells.size):
        values = stack.reshape(len(stack), -1).take(cells[pairs], axis=1)
        values = complete(values) if common_mask else values
        begins = starts[here] - pairs.start
        sums = run_sums(values, begins, area[pairs])
        found.append(sums._replace(count=add_runs(np.isfinite(values) * share[pairs], begins)))
    return Pieces(strip[starts], patch[starts], zone[starts], beside(found))


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
