"""The Mann-Kendall test: S, its variance with ties, and Z, for every pixel at once."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..significance import normal_two_sided_p
from .pairs import Workspace, add_pairs, pair_count, tile_of, tiles

#: Up to so many steps the tests without ties are tabled: 174,000 of them.
MOST_TABLED = 80


class UntiedTests(NamedTuple):
    """The tests of all series without ties, up to a number of values: few things can come out.

    Attributes
    ----------
    middle : int32 array (n + 1,)
        By the number of values: the place of the test whose S is 0; that of another S lies S after it.
    z, p : float64 arrays
    """

    middle: np.ndarray
    z: np.ndarray
    p: np.ndarray


@lru_cache(maxsize=8)
def untied_tests(n: int) -> UntiedTests:
    """The tests of series of up to ``n`` values, ``n`` not above `MOST_TABLED`."""
    pairs = pair_count(np.arange(n + 1))
    sizes = 2 * pairs + 1
    middle = np.cumsum(sizes) - pairs - 1
    count = np.repeat(np.arange(n + 1.0), sizes)
    s = np.arange(sizes.sum()) - np.repeat(middle, sizes)
    z = z_of_s(s.astype(np.float64), _eighteenfold(count) / 18)
    return UntiedTests(middle.astype(np.int32), z, normal_two_sided_p(z))


def pair_signs(x: np.ndarray, work: Workspace, count: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Number of falling and of rising pairs of valid values of a stack (n, pixels).

    With ``count``, the number of valid values of each pixel, it takes less time in double precision: numbers keep their
    order when they are rounded to single precision, unless they become equal.
    """
    if count is None or x.dtype != np.float64:
        return _signs(x, work)
    with np.errstate(over="ignore"):
        rounded = x.astype(np.float32)
    signs = _signs(rounded, work)
    tied = np.flatnonzero(is_tied(count, signs))
    some = x.take(tied, axis=1)
    inexact = ((some != rounded.take(tied, axis=1)) & ~np.isnan(some)).any(axis=0)
    if inexact.any():
        for side, right in zip(signs, _signs(some[:, inexact], work)):
            side[tied[inexact]] = right
    return signs


def _signs(x: np.ndarray, work: Workspace) -> tuple[np.ndarray, np.ndarray]:
    falling, rising = np.zeros((2, x.shape[1]), dtype=np.int32)
    for part in tiles(x):
        tile = tile_of(x, part, work)
        add_pairs(np.less, tile, falling[part], work)
        add_pairs(np.greater, tile, rising[part], work)
    return falling, rising


def is_tied(count: np.ndarray, signs) -> np.ndarray:
    """Whether two values of a pixel are equal."""
    return signs[0] + signs[1] < pair_count(count)


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
    return eighteenfold_variance(x, count, signs, work) / 18


def eighteenfold_variance(x: np.ndarray, count: np.ndarray, signs, work: Workspace) -> np.ndarray:
    """`variance_of_s` times 18: whole numbers, whose sum is the same in any order."""
    eighteenfold = _eighteenfold(count.astype(np.float64))
    tied = np.flatnonzero(is_tied(count, signs))
    if tied.size:
        values = np.ascontiguousarray(x[:, tied])
        equal = work.array("flags", values.shape, np.bool_)
        for value in values:
            # every member of a group of g brings (g-1)(2g+5), so that the group brings g times that
            members = np.maximum(np.equal(values, value, out=equal).sum(axis=0), 1)  # NaN does not equal itself
            eighteenfold[tied] -= (members - 1) * (2 * members + 5)
    return eighteenfold


def _eighteenfold(n: np.ndarray) -> np.ndarray:
    """The variance times 18 without ties."""
    return n * (n - 1) * (2 * n + 5)


def z_of_s(s: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Standardised statistic with the continuity correction.

    0 where ``s`` is 0 whatever the variance is, and NaN where else the variance is not positive.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (s - np.sign(s)) / np.sqrt(np.where(variance > 0, variance, np.nan))
    return np.where(s == 0, 0.0, z)
