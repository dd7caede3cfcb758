"""Mean and spread of the values of pixels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..sums import sum_over_time


class Moments(NamedTuple):
    """Of the values of pixels, each a float64 array (pixels,).

    Attributes
    ----------
    mean : array
    std : array
        Sample standard deviation (divisor n - 1); exactly 0 where all values are equal. Both are NaN where values are
        so large that no number holds their squares.
    """

    mean: np.ndarray
    std: np.ndarray


def moments(values: np.ndarray) -> Moments:
    """The moments of pixels.

    Parameters
    ----------
    values : float64 array (n, pixels)
        At least two values of each pixel, none missing.

    Notes
    -----
    The mean of equal values is the value itself, to the last digit; a sum divided by n may miss it, and equal values
    would have a spread.
    """
    lowest, count = values.min(axis=0), len(values)
    with np.errstate(over="ignore", invalid="ignore"):  # of values near the largest number there are no sums
        mean = np.where(lowest == values.max(axis=0), lowest + 0.0, sum_over_time(values) / count)
        apart = values - mean
        std = np.sqrt(sum_over_time(apart * apart) / (count - 1))
    known = np.isfinite(std)
    return Moments(np.where(known, mean, np.nan), np.where(known, std, np.nan))
