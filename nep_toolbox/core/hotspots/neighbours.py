"""Which cells of a raster take part in statistics of neighbours, and how many neighbours each has."""

from __future__ import annotations

import numpy as np

from ..surroundings import window_sums


def neighbours_of(values: np.ndarray) -> tuple:
    """The cells that have a value and touch another that has one, along an edge or at a corner.

    Parameters
    ----------
    values : float array (rows, cols)
        NaN is missing.

    Returns
    -------
    taking_part : bool array (rows, cols)
    number : int16 array (rows, cols)
        The neighbours of each cell that takes part, 1 to 8; 0 of the others.

    Notes
    -----
    At the border of the array, where that is none of the raster, neighbours are unknown: the number of a cell is right
    one cell away from it.
    """
    valid = np.isfinite(values)
    number = window_sums(valid.astype(np.int16), 1)
    number -= 1  # itself
    number[~valid] = 0
    return number > 0, number


def deviations(values: np.ndarray, taking_part: np.ndarray, mean: float) -> np.ndarray:
    """Values less their mean: float64 array (rows, cols), 0 where a cell takes no part."""
    apart = np.subtract(values, mean, dtype=np.float64)
    apart[~taking_part] = 0.0
    return apart


def lags(apart: np.ndarray, number: np.ndarray) -> np.ndarray:
    """The mean of the neighbours of each cell: float64 array (rows, cols), 0 where a cell takes no part.

    ``apart`` are the `deviations`, ``number`` that of the neighbours.
    """
    around = window_sums(apart, 1)
    around -= apart
    around /= np.maximum(number, 1)
    around[number == 0] = 0.0
    return around
