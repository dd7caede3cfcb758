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
    values : float64 array (rows, cols)
        NaN spreads to the cells around it: missing values are 0 here.
    reach : int
        Cells to each side: 1 for windows of 3 x 3.

    Returns
    -------
    float64 array (rows, cols)

    Notes
    -----
    Each sum is made by the same additions in the same order wherever in the array its cell lies, down the columns and
    then along the rows, so that a cell at least ``reach`` cells away from where the raster was cut has the same bits
    however it was cut.
    """
    return _sums_down(_sums_down(values, reach).T, reach).T


def _sums_down(values: np.ndarray, reach: int) -> np.ndarray:
    """Sums over the cells up to ``reach`` rows above and below."""
    total = np.zeros_like(values)
    for shift in range(-min(reach, len(values) - 1), min(reach, len(values) - 1) + 1):
        below = slice(max(0, shift), len(values) + min(0, shift))
        total[max(0, -shift) : len(values) + min(0, -shift)] += values[below]
    return total
