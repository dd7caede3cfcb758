"""Sums over time of many pixels at once."""

from __future__ import annotations

import numpy as np


def sum_over_time(values: np.ndarray) -> np.ndarray:
    """The sum of one step after the other, so that a pixel's does not depend on how many pixels are beside it.

    Parameters
    ----------
    values : array (n, pixels)
        Numbers, none missing.

    Returns
    -------
    array (pixels,)
    """
    if values.shape[1] > 1:
        # numpy adds row by row where rows are what lies together in memory
        return np.add.reduce(np.ascontiguousarray(values), axis=0)
    return np.add.accumulate(values, axis=0)[-1]  # of a single column it would pair the terms
