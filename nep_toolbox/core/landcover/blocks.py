"""What the tools of land cover compute for a block of a raster."""

from __future__ import annotations

import numpy as np

from ..class_areas import class_areas
from ..sums import sum_over_time
from .breaks import cut
from .merging import NOTHING, Merging, merged_classes
from .pair_sums import PairBlock, pair_sums
from .patches import landcover_patches
from .transitions import change_code, change_count, count_by_region, count_landcover


def transition_block(stack, cell_area, regions=None, *, titles: tuple, change: bool = False, changes: bool = False,
                     merging: Merging = NOTHING, complete: bool = False) -> dict:
    """Classes and transitions of one block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        Land cover of n dates.
    cell_area : array (rows, 1) or (rows, cols), m2
    regions : Labels, optional
        As a ZoneReader reads them.
    titles : tuple of n str
        What to call each date in an error.
    change, changes : bool
        Whether the map of changes, and that of their number, are wanted.
    merging : Merging
        The classes to put together first.
    complete : bool
        Whether only the pixels count that have a class on all dates.

    Returns
    -------
    dict
        ``counts``, a `LandCoverCounts`; with ``merging`` also ``met``, the set of the classes that occurred before;
        with ``regions`` also ``regional``, as `count_by_region`; with ``change`` also ``change``, as `change_code`,
        and ``span``, the counts of the first and the last date alone; with ``changes`` also ``changes``, as
        `change_count`, and ``changed``, its `class_areas`; with ``complete`` also ``left_out``, how many pixels have a
        class on some of the dates, but not on all.
    """
    block = {}
    if complete:
        stack, block["left_out"] = _complete(stack)
    if merging.names:
        stack, block["met"] = merged_classes(stack, merging, titles)
    if regions is None:
        block["counts"] = count_landcover(stack, cell_area, titles)
    else:
        block["counts"], block["regional"] = count_by_region(stack, cell_area, titles, regions)
    if change:
        block["change"] = change_code(stack[0], stack[-1])
        block["span"] = block["counts"] if len(stack) == 2 else count_landcover([stack[0], stack[-1]], cell_area)
    if changes:
        block["changes"] = change_count(stack)
        block["changed"] = class_areas(block["changes"], 0, len(stack) - 1, cell_area)
    return block


def landcover_block(stack, landcover, cell_area, *, which: tuple, titles: tuple, breaks: tuple = (),
                    stable: bool = False) -> dict:
    """`landcover_patches` of one block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        The value of n years.
    landcover : array (m, rows, cols)
        Land cover of m dates, or with ``breaks`` any quantity.
    cell_area : array (rows, 1) or (rows, cols), m2
    which : tuple of n int
        For each year the index of its land cover; with ``stable``, where there is but one, 0.
    titles : tuple of m str
        What to call each date of the land cover in an error.
    breaks : tuple of float
        What to `cut` the land cover by.
    stable : bool
        Whether only the pixels count whose class is the same on all dates.

    Returns
    -------
    dict
        ``patches``, the `ClassPatches`; with ``stable`` also ``changed``, how many of the pixels with a class on all
        dates change it, and ``known``, how many there are.
    """
    if breaks:
        landcover = cut(landcover, breaks)
    block = {}
    if stable:
        changes = change_count(landcover, titles)
        landcover = np.where(changes == 0, landcover[0], np.nan)[np.newaxis]
        block = {"changed": int((changes > 0).sum()), "known": int((changes >= 0).sum())}
    return {"patches": landcover_patches(stack, landcover, which, cell_area, titles[: len(landcover)]), **block}


def effect_block(start, end, landcover, cell_area, regions=None, *, titles: tuple = ()) -> PairBlock:
    """`pair_sums` of one block.

    Parameters
    ----------
    start, end : arrays (n, rows, cols)
        The values of the years whose mean stands for the first and for the last date; a pixel without one of them has
        none.
    landcover : array (2, rows, cols)
    cell_area : array (rows, 1) or (rows, cols), m2
    regions : Labels, optional
        As a ZoneReader reads them.
    titles : tuple of 2 str
        What to call each date of the land cover in an error.
    """
    return pair_sums(_mean(start), _mean(end), landcover, cell_area, titles, regions)


def _mean(stack: np.ndarray) -> np.ndarray:
    """Mean of all steps (rows, cols), NaN where one is missing."""
    if len(stack) == 1:
        return stack[0]
    with np.errstate(invalid="ignore", over="ignore"):
        total = sum_over_time(stack.reshape(len(stack), -1).astype(np.float64))
    return (total / len(stack)).reshape(stack.shape[1:])


def codes_block(stack) -> list:
    """The codes that occur in a block (steps, rows, cols), ascending, as whole numbers."""
    return [int(code) for code in np.unique(stack[np.isfinite(stack)])]


def density_block(stack, landcover, cell_area, *, titles: tuple = ()) -> dict:
    """`landcover_patches` of one block by the class of the last date, apart for pixels that keep it.

    Parameters
    ----------
    stack : array (n, rows, cols)
        The value of n years.
    landcover : array (2, rows, cols)
        Classes at the first and at the last date; only pixels with both count.
    cell_area : array (rows, 1) or (rows, cols), m2
    titles : tuple of 2 str
        What to call each date of the land cover in an error.

    Returns
    -------
    dict
        ``kept``, the `ClassPatches` of the pixels that have their class on both dates, and ``joined``, those of the
        others.
    """
    first, last = landcover
    same, which = first == last, (0,) * len(stack)
    other = np.isfinite(first) & np.isfinite(last) & ~same
    return {
        name: landcover_patches(stack, np.where(chosen, last, np.nan)[np.newaxis], which, cell_area, titles[1:])
        for name, chosen in (("kept", same), ("joined", other))
    }


def _complete(stack) -> tuple:
    """Land cover without the pixels that lack a class on a date, and the number of those that have one on another."""
    valid = np.isfinite(stack)
    everywhere = valid.all(axis=0)
    return np.where(everywhere, stack, np.nan), int((valid.any(axis=0) & ~everywhere).sum())
