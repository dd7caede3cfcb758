"""How much of what all drivers explain each of them accounts for, whatever the order they are taken in."""

from __future__ import annotations

from math import factorial

import numpy as np

from ..sums import sum_over_time

#: With more drivers there are more than 64 sets of them.
MOST_DRIVERS = 6


def correlations(drivers: list, y: np.ndarray) -> np.ndarray:
    """Correlation of all series with each other.

    Parameters
    ----------
    drivers : sequence of k arrays (n, pixels)
        Distances of the drivers from what is taken out of them (their means, or their lines over the years), 0 where a
        step is missing.
    y : array (n, pixels)
        The same of the series to explain.

    Returns
    -------
    array (k + 1, k + 1, pixels)
        That of the series to explain comes last; NaN where a series is constant.
    """
    series = [*drivers, y]
    found = np.empty((len(series), len(series), y.shape[1]))
    length = [np.sqrt(sum_over_time(values * values)) for values in series]
    with np.errstate(divide="ignore", invalid="ignore"):
        for i, one in enumerate(series):
            found[i, i] = length[i] / length[i]
            for j, other in enumerate(series[:i]):
                found[i, j] = found[j, i] = sum_over_time(one * other) / length[i] / length[j]
    return found


def lmg(correlation: np.ndarray) -> np.ndarray:
    """Relative importance of each driver.

    Parameters
    ----------
    correlation : array (k + 1, k + 1, pixels)
        From `correlations`.

    Returns
    -------
    array (k, pixels)
        The rise of R squared when the driver enters the regression, as the mean over all k! orders of the drivers; the
        sum over the drivers is the R squared of all. Without meaning where drivers depend on each other.

    References
    ----------
    Groemping, U. (2006). doi:10.18637/jss.v017.i01 (there called lmg)
    """
    count = len(correlation) - 1
    explained = _explained(correlation)
    found = np.zeros((count, correlation.shape[2]))
    for members in range(2**count):
        before = bin(members).count("1")
        if before == count:
            continue
        share = factorial(before) * factorial(count - before - 1) / factorial(count)
        for driver in range(count):
            if not members >> driver & 1:
                found[driver] += share * (explained[members | 1 << driver] - explained[members])
    return found


def _explained(correlation: np.ndarray) -> np.ndarray:
    """R squared of each set of drivers: (2**k, pixels), by the bits of the drivers in the set."""
    count = len(correlation) - 1
    found = np.zeros((2**count, correlation.shape[2]))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        _enter(correlation, 0, 0, count, found)
    return found


def _enter(left: np.ndarray, first: int, members: int, count: int, found: np.ndarray) -> None:
    """Let each driver from ``first`` on enter the set ``members``.

    ``left`` holds what the set leaves of the sums of products of those drivers and, last, of the series to explain.
    """
    for place, driver in enumerate(range(first, count)):
        pivot, column, rest = left[place, place], left[place, place + 1 :], left[place + 1 :, place + 1 :]
        entered = members | 1 << driver
        share = column / pivot
        found[entered] = found[members] + column[-1] * share[-1]
        if driver + 1 < count:
            _enter(rest - column[:, np.newaxis] * share, driver + 1, entered, count, found)
