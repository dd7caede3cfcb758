"""The Mann-Kendall test: S, its variance with ties, and Z, for every pixel at once."""

from __future__ import annotations

import numpy as np

from .pair_slopes import Workspace, count_pairs, pair_count


def pair_signs(x: np.ndarray, work: Workspace) -> tuple[np.ndarray, np.ndarray]:
    """Number of falling and of rising pairs of valid values of a stack (n, pixels)."""
    return count_pairs(np.less, x, work), count_pairs(np.greater, x, work)


def variance_of_s(x: np.ndarray, count: np.ndarray, signs, work: Workspace) -> np.ndarray:
    """Variance of S where there is no trend.

    Parameters
    ----------
    x : array (n, pixels)
        NaN is missing.
    count : int array (pixels,)
        Number of valid values.
    signs : pair of int arrays (pixels,)
        From `pair_signs`.
    work : Workspace

    Returns
    -------
    float64 array (pixels,)
        ``[n(n-1)(2n+5) - sum over tie groups of g(g-1)(2g+5)] / 18``
    """
    n = count.astype(np.float64)
    eighteenfold = n * (n - 1) * (2 * n + 5)
    tied = np.flatnonzero(signs[0] + signs[1] < pair_count(count))
    if tied.size:
        values = np.ascontiguousarray(x[:, tied])
        equal = work.array("flags", values.shape, np.bool_)
        for value in values:
            # every member of a group of g brings (g-1)(2g+5), so that the group brings g times that
            members = np.maximum(np.equal(values, value, out=equal).sum(axis=0), 1)  # NaN does not equal itself
            eighteenfold[tied] -= (members - 1) * (2 * members + 5)
    return eighteenfold / 18


def z_of_s(s: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Standardised statistic with the continuity correction.

    0 where ``s`` is 0 whatever the variance is, and NaN where else the variance is not positive.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (s - np.sign(s)) / np.sqrt(np.where(variance > 0, variance, np.nan))
    return np.where(s == 0, 0.0, z)
