"""Values of chosen cells: at points, and as rows of a table."""

from __future__ import annotations

import numpy as np

from ..checkpoint import checkpoint


def points_block(cells, stack) -> tuple:
    """The series of the chosen cells of a block.

    Parameters
    ----------
    cells : (rows, cols, numbers)
        Integer arrays (k,): where the cells lie in the block, and their numbers in the grid.
    stack : array (n, height, width)

    Returns
    -------
    numbers : int64 array (k,)
    values : array (n, k) of the type of the stack
    """
    rows, cols, numbers = cells
    return numbers, stack[:, rows, cols]


def sample_block(cells, target, others=None, regions=None, *, groups: tuple) -> tuple:
    """The chosen cells of a block as columns of a table, those that lack the target left out.

    Parameters
    ----------
    cells
        As for `points_block`.
    target : array (n, height, width)
        NaN is missing.
    others : array (m, height, width), optional
        What else the table has.
    regions : Labels, optional
        As a ZoneReader reads them. Cells in none of them are left out.
    groups : tuple of tuples of int
        As for `has_target`.

    Returns
    -------
    numbers : int64 array (k,)
        Of the cells that are left, in the grid.
    values : float64 array (n + m, k)
        Those of the target, then the others.
    region : int32 array (k,)
        The first region that each lies in; 0 without ``regions``.
    lacking : int
        How many chosen cells (in a region) lack the target.
    """
    rows, cols, numbers = cells
    values, first = target[:, rows, cols], np.zeros(len(numbers), dtype=np.int32)
    if regions is not None:
        first = first_region(regions)[rows, cols]
    inside, complete = first >= 0, has_target(values, groups)
    kept = inside & complete
    rows, cols = rows[kept], cols[kept]
    table = np.empty((len(target) + (0 if others is None else len(others)), len(rows)))
    table[: len(target)] = values[:, kept]
    if others is not None:
        table[len(target) :] = others[:, rows, cols]
    return numbers[kept], table, first[kept], int(np.count_nonzero(inside & ~complete))


def has_target(target, groups: tuple) -> np.ndarray:
    """Where a row of the table can be made.

    Parameters
    ----------
    target : array (n, ...)
    groups : tuple of tuples of int
        The bands of the target that a row needs; of several groups one will do.

    Returns
    -------
    bool array (...)
    """
    found = np.zeros(target.shape[1:], dtype=bool)
    for group in groups:
        checkpoint()
        complete = np.ones(target.shape[1:], dtype=bool)
        for band in group:
            complete &= np.isfinite(target[band])
        found |= complete
    return found


def first_region(regions) -> np.ndarray:
    """The first region of each cell of some Labels, int32; -1 where a cell lies in none."""
    return np.array([each[0] if each else -1 for each in regions.regions], dtype=np.int32)[regions.of_cell]
