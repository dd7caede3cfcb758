"""What the tools of land cover compute for a block of a raster."""

from __future__ import annotations

import numpy as np

from .patches import ClassPatches, landcover_patches
from .transitions import change_code, count_landcover


def transition_block(stack, cell_area, *, titles: tuple, change: bool) -> dict:
    """Classes and transitions of one block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        Land cover of n dates.
    cell_area : array (rows, 1) or (rows, cols), m2
    titles : tuple of n str
        What to call each date in an error.
    change : bool
        Whether the map of changes is wanted.

    Returns
    -------
    dict
        ``counts``, a `LandCoverCounts`; with ``change`` also ``change``, as `change_code`, and ``span``, the counts of
        the first and the last date alone.
    """
    block = {"counts": count_landcover(stack, cell_area, titles)}
    if change:
        block["change"] = change_code(stack[0], stack[-1])
        block["span"] = block["counts"] if len(stack) == 2 else count_landcover([stack[0], stack[-1]], cell_area)
    return block


def landcover_block(stack, landcover, cell_area, *, which: tuple, titles: tuple) -> ClassPatches:
    """`landcover_patches` of one block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        The value of n years.
    landcover : array (m, rows, cols)
        Land cover of m dates.
    cell_area : array (rows, 1) or (rows, cols), m2
    which : tuple of n int
        For each year the index of its land cover.
    titles : tuple of m str
        What to call each date of the land cover in an error.
    """
    return landcover_patches(stack, landcover, which, cell_area, titles)


def codes_block(stack) -> list:
    """The codes that occur in a block (steps, rows, cols), ascending, as whole numbers."""
    return [int(code) for code in np.unique(stack[np.isfinite(stack)])]
