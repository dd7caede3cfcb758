"""Cells together with those around them: a block that was read with its neighbours, and sums over moving windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Surrounded:
    """The values of a block of a raster, and of the cells around it as far as the raster reaches.

    Parameters
    ----------
    values : array (..., rows, cols)
    rows, cols : slice
        Where in ``values`` the block itself lies.
    """

    values: np.ndarray
    rows: slice
    cols: slice

    def inner(self, values: np.ndarray) -> np.ndarray:
        """The block alone, of something known of all its ``values``: an array (..., rows, cols)."""
        return values[..., self.rows, self.cols]


def window_sums(values: np.ndarray, reach: int) -> np.ndarray:
    """Sum over the square window around each cell, which ends at the border of the array.

    Parameters
    ----------
    values : array (rows, cols)
        Numbers, of a type that holds the sums. NaN spreads to the cells around it: missing values are 0 here.
    reach : int
        Cells to each side: 1 for windows of 3 x 3.

    Returns
    -------
    array (rows, cols) of that type

    Notes
    -----
    Sums over 1, 2, 4, 8, ... cells are made of each other, and those of a window of them, so that wide windows take
    little longer than narrow ones. Each sum is made by the same additions in the same order wherever in the array its
    cell lies, down the columns and then along the rows, so that a cell at least ``reach`` cells away from where the
    raster was cut has the same bits however it was cut; running sums would carry what was before them.
    """
    return _sums_down(_sums_down(values, reach).T, reach).T


def _sums_down(values: np.ndarray, reach: int) -> np.ndarray:
    """Sums over the cells up to ``reach`` rows above and below."""
    rows, reach = len(values), min(reach, len(values) - 1)
    length = end = 2 * reach + 1
    size, total = 1, None
    # each row holds the sum of so many rows from it on; beyond the border there is 0
    sums = np.zeros_like(values, shape=(rows + 2 * reach, values.shape[1]))
    sums[reach : reach + rows] = values
    while size <= length:
        if length & size:
            end -= size
            part = sums[end : end + rows]
            total = part if total is None else part + total
        sums = sums[:-size] + sums[size:] if 2 * size <= length else sums
        size *= 2
    return total
