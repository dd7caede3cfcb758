"""How large a correlation is by chance: that with the values of one series in random order.

A sum over time under one order of the values adds n products out of the n times n products of each value of one series
with each of the other. So the sums under all orders are those products times a sparse matrix of ones, in one fixed
sequence of additions: the same bits however many pixels are beside a pixel.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..checkpoint import checkpoint

#: Statistics that differ by no more are equal: sums of other sequences round otherwise.
TIE = 1e-12

# Products of one chunk and orders of one part: both stay in the cache of a core.
_CHUNK_VALUES = 2**16
_PART = 256
_FEWEST_PIXELS = 4


def exceeding(x: np.ndarray, y: np.ndarray, statistic: np.ndarray, count: int, seed: int,
              held: np.ndarray | None = None) -> np.ndarray:
    """How many orders of one series make a correlation as large as the observed one.

    Parameters
    ----------
    x : float64 array (k, n, pixels)
        k series of each pixel, each with mean 0 and length 1; the largest of their correlations is the statistic.
    y : float64 array (n, pixels)
        The series whose values change places: mean 0, length 1.
    statistic : array (pixels,)
        The largest of the k absolute correlations, as observed.
    count, seed : int
        How many orders, and the seed of their generator. They are the same for every pixel.
    held : float64 array (n, pixels) or (n, 1), optional
        A series of mean 0 and length 1 that has been taken out of all others, and is taken out of ``y`` in each order
        again (Freedman and Lane 1983): without that small samples exceed the level.

    Returns
    -------
    int array (pixels,)
        Orders whose statistic is not smaller, within `TIE`.
    """
    series = x if held is None else np.concatenate([x, np.broadcast_to(held, y.shape)[np.newaxis]])
    k, n, pixels = series.shape
    orders = _orders(n, count, seed)
    found = np.empty(pixels, dtype=np.int64)
    width = max(_FEWEST_PIXELS, _CHUNK_VALUES // (k * n * n))
    for start in range(0, pixels, width):
        part = slice(start, min(start + width, pixels))
        found[part] = _count(series[..., part], y[:, part], statistic[part], orders, held is not None)
    return found


def chance_of_significance(alpha: float, count: int) -> float:
    """The share of tests with ``count`` random orders whose p is below ``alpha`` by chance alone.

    p is one of 1 / (count + 1), 2 / (count + 1) .. 1, each as likely.
    """
    return int(np.count_nonzero(np.arange(1, count + 2) / (count + 1) < alpha)) / (count + 1)


def _count(series: np.ndarray, y: np.ndarray, statistic: np.ndarray, orders: tuple, with_held: bool) -> np.ndarray:
    k, n, pixels = series.shape
    products = (series.transpose(1, 0, 2)[:, np.newaxis] * y[np.newaxis, :, np.newaxis]).reshape(n * n, k * pixels)
    least = statistic - TIE
    found = np.zeros(pixels, dtype=np.int64)
    for some in orders:
        checkpoint()
        sums = (some @ products).reshape(-1, k, pixels)
        if with_held:
            rest = np.sqrt(np.maximum(1.0 - sums[:, -1] ** 2, 0.0))
            found += np.count_nonzero(np.abs(sums[:, :-1]).max(axis=1) >= least * rest, axis=0)
        else:
            found += np.count_nonzero(np.abs(sums).max(axis=1) >= least, axis=0)
    return found


@lru_cache(maxsize=8)
def _orders(n: int, count: int, seed: int) -> tuple:
    """The orders as sparse matrices, some orders each: a row has ones at the products that its sum consists of.

    The generator is numpy's legacy one, whose stream is frozen.
    """
    from scipy.sparse import csr_matrix

    generator, rows, ones = np.random.RandomState(seed), np.arange(n) * n, np.ones(_PART * n)
    parts = []
    for start in range(0, count, _PART):
        checkpoint()
        some = min(_PART, count - start)
        places = np.concatenate([rows + generator.permutation(n) for _order in range(some)]).astype(np.int32)
        first = np.arange(0, some * n + 1, n, dtype=np.int32)
        parts.append(csr_matrix((ones[: some * n], places, first), shape=(some, n * n)))
    return tuple(parts)
