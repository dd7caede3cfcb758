"""Local statistics of neighbours: Getis-Ord Gi* and local Moran."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from ..surroundings import Surrounded, window_sums
from .neighbours import deviations, lags, neighbours_of
from .whole import ROUNDING, Whole


class Method(IntEnum):
    """The local statistics."""

    GI_STAR = 0
    MORAN = 1


#: Classes of Gi*, and the levels of p that they stand for.
HOT_COLD_LABELS = {
    3: "hot spot, p < 0.01", 2: "hot spot, p < 0.05", 1: "hot spot, p < 0.10", 0: "not significant",
    -1: "cold spot, p < 0.10", -2: "cold spot, p < 0.05", -3: "cold spot, p < 0.01",
}
LEVELS = (0.10, 0.05, 0.01)

#: Classes of local Moran.
MORAN_LABELS = {
    1: "high among high", 4: "high among low", 0: "not significant", 2: "low among high", 3: "low among low",
}

#: The classes that are hot and cold in sums of areas.
HOT = {Method.GI_STAR: (2, 3), Method.MORAN: (1,)}
COLD = {Method.GI_STAR: (-2, -3), Method.MORAN: (3,)}

NODATA = np.iinfo(np.int16).min


def reach_of(method: Method, radius: int) -> int:
    """How many cells around a block a method needs: those of the windows, and of their cells whether they touch
    another. What touches a cell of the block touches another anyway."""
    return radius + 1 if method == Method.GI_STAR and radius > 1 else 1


def local_scores(around: Surrounded, whole: Whole, method: Method, radius: int = 1) -> tuple:
    """The statistic of each cell of a block of one step.

    Parameters
    ----------
    around : Surrounded
        Values (rows, cols) of the block with `reach_of` cells around it; NaN is missing.
    whole : Whole
        Of the raster.
    method : Method
    radius : int
        Cells to each side of a window of Gi*.

    Returns
    -------
    z : float64 array (rows, cols)
        Standardised; NaN where a cell has no value, touches none that has one, or is not tested.
    high, high_around : bool arrays (rows, cols)
        Whether the value, and the mean of its neighbours, is above the mean of the raster; for Gi* both whether z is
        positive.

    References
    ----------
    Getis, A. and Ord, J. K. (1992). doi:10.1111/j.1538-4632.1992.tb00261.x
    Ord, J. K. and Getis, A. (1995). doi:10.1111/j.1538-4632.1995.tb00912.x
    Anselin, L. (1995). doi:10.1111/j.1538-4632.1995.tb00338.x
    Sokal, R. R., Oden, N. L. and Thomson, B. A. (1998). doi:10.1111/j.1538-4632.1998.tb00406.x
    """
    taking_part, number = neighbours_of(around.values)
    apart = deviations(around.values, taking_part, whole.mean)
    inside = around.inner(taking_part)
    if method == Method.MORAN:
        z, lag = around.inner(apart), around.inner(lags(apart, number))
        return _local_moran(z, lag, around.inner(number), whole), z > 0, lag > 0
    cells = around.inner(window_sums(taking_part.astype(np.int16), radius))
    score = _gi_star(around.inner(window_sums(apart, radius)), cells, inside, whole)
    return score, score > 0, score > 0


def _gi_star(sums: np.ndarray, cells: np.ndarray, inside: np.ndarray, whole: Whole) -> np.ndarray:
    """Z of Gi*, from the sums of the deviations over the windows and the numbers of their cells."""
    n = float(whole.count)
    cells = np.where(inside & (cells < whole.count), cells, np.nan)  # a window of all cells says nothing
    spread = np.sqrt(whole.squares / n)
    return sums / (spread * np.sqrt((n * cells - cells * cells) / (n - 1.0)))


def _local_moran(z: np.ndarray, lag: np.ndarray, number: np.ndarray, whole: Whole) -> np.ndarray:
    """Z of local Moran under conditional randomisation: the cell keeps its value, and its neighbours are drawn from the
    rest without replacement."""
    n = float(whole.count)
    mean = z / (1.0 - n)  # of the rest
    variance = (whole.squares - z * z) / (n - 1.0)
    variance -= mean * mean
    variance[(variance <= ROUNDING * whole.squares / (n - 1.0)) | (number == 0)] = np.nan
    variance *= (n - 1.0 - number) / (np.maximum(number, 1) * (n - 2.0))
    return (lag - mean) / np.sqrt(variance)


def spot_class(z: np.ndarray, p_value: np.ndarray, high: np.ndarray, high_around: np.ndarray, method: Method,
               alpha: float = 0.05) -> np.ndarray:
    """The class of each cell.

    Parameters
    ----------
    z, high, high_around : arrays
        From `local_scores`.
    p_value : array
        Of z, adjusted or not.
    method : Method
    alpha : float
        The level of significance of local Moran; Gi* has its `LEVELS`.

    Returns
    -------
    int16 array
        A code of `HOT_COLD_LABELS` or `MORAN_LABELS`, `NODATA` where z is NaN.
    """
    if method == Method.MORAN:
        # of high and low: 1 and 4 a high cell, among high and low ones, 2 and 3 a low one
        classes = np.where(high, np.where(high_around, 1, 4), np.where(high_around, 2, 3)).astype(np.int16)
        classes[~(p_value < alpha)] = 0
    else:
        classes = np.zeros(z.shape, dtype=np.int16)
        for level in LEVELS:
            classes += p_value < level
        np.negative(classes, out=classes, where=~high)
    classes[np.isnan(z)] = NODATA
    return classes
