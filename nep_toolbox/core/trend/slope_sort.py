"""Order statistics of pair slopes by a plain sort, which is soon done where numpy sorts by SIMD."""

from __future__ import annotations

import time
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..checkpoint import checkpoint
from .pairs import Steps, Workspace, most_pairs, pair_count, season_count

#: Slopes that are sorted by one call: near what a core's cache holds, yet so many that calls are few and long.
SORTED_BYTES = 1 << 21
#: Beyond so many slopes for each wanted rank, `slope_search` takes less time.
SORTED_PAIRS = 500
#: With fewer slopes of all pixels together, a search, whose calls of numpy are many, takes more time than any sort.
FEW_SLOPES = 1 << 18
#: So many different ranks are found sooner by partitions than by a sort without SIMD.
FEW_RANKS = 16


def sorting_pays(x: np.ndarray, several: int) -> bool:
    """Whether ``several`` ranks of the slopes of a stack, (n, pixels) or (n, seasons, pixels), are found sooner by
    sorting than by searching."""
    pairs = most_pairs(x)
    return pairs * x.shape[-1] <= FEW_SLOPES or (pairs <= SORTED_PAIRS * several and sorts_by_simd(x.dtype))


@cache
def sorts_by_simd(dtype: np.dtype) -> bool:
    """Whether numpy sorts such numbers by SIMD: then several times faster than its stable sort, which never does."""
    values = np.random.default_rng(0).standard_normal((64, 190)).astype(dtype)

    def seconds(kind: str) -> float:
        copy, start = values.copy(), time.perf_counter()
        copy.sort(axis=1, kind=kind)
        return time.perf_counter() - start

    quick, stable = (min(seconds(kind) for _ in range(5)) for kind in ("quicksort", "stable"))
    return 2 * quick < stable


def sorted_slopes(x: np.ndarray, steps: Steps, low, high, work: Workspace):
    """Slopes of rank ``low`` and ``high`` among the sorted slopes of each pixel.

    Parameters
    ----------
    x : float32 or float64 array (n, pixels) or (n, seasons, pixels)
        NaN is missing; no infinities.
    steps : Steps
        ``steps.exact_in(x.dtype)`` must hold.
    low, high : int arrays (several, pixels)
        Ranks counted from 0.
    work : Workspace

    Returns
    -------
    float64 array (2, several, pixels)
        Slopes as rounded to the precision of ``x``; a zero may have either sign. NaN where there is no such rank.
    """
    n, seasons, pixels = len(x), season_count(x), x.shape[-1]
    spans = _differences(_ring(steps.years[:, np.newaxis].astype(x.dtype), Workspace()), n, Workspace())
    ring, ranks = _ring(np.moveaxis(x, -1, 1).reshape(n, pixels * seasons), work), np.stack([low, high])
    found = np.empty(ranks.shape)
    parts = -(-pixels * seasons * spans.nbytes // SORTED_BYTES)
    for place in range(parts):
        checkpoint()
        part = slice(pixels * place // parts, pixels * (place + 1) // parts)
        slopes = _differences(ring[part.start * seasons : part.stop * seasons], n, work)
        np.divide(slopes, spans, out=slopes)
        slopes = slopes.reshape(part.stop - part.start, -1)
        _order(slopes, ranks[..., part])
        first = np.arange(len(slopes)) * slopes.shape[1]
        found[..., part] = slopes.ravel().take(ranks[..., part] + first)
    return found


def _order(slopes: np.ndarray, ranks: np.ndarray) -> None:
    """Bring the slopes (pixels, pairs) of those ranks to their places, in each row."""
    if not sorts_by_simd(slopes.dtype):
        different = np.unique(ranks)
        if len(different) <= FEW_RANKS:
            slopes.partition(different, axis=1)
            return
    slopes.sort(axis=1)


def _ring(x: np.ndarray, work: Workspace) -> np.ndarray:
    """The steps of a stack (n, pixels) in a row for each pixel, (pixels, n + n // 2): after the end from the start."""
    n, pixels = x.shape
    ring = work.array("ring", (pixels, n + n // 2), x.dtype)
    ring[:, :n], ring[:, n:] = x.T, x[: n // 2].T
    return ring


def _differences(ring: np.ndarray, n: int, work: Workspace) -> np.ndarray:
    """The difference of each pair of ``n`` steps, a row (pixels, pairs) for each pixel.

    Each step is taken with the half of the ring that follows it: so all rows of pairs are long, and those that pass the
    end are the wrong way round, as they are in the years.
    """
    pixels, half, lags = len(ring), n // 2, (n - 1) // 2
    found = work.array("slopes", (pixels, pair_count(n)), ring.dtype)
    later = sliding_window_view(ring, n, axis=1)[:, 1 : lags + 1]
    np.subtract(later, ring[:, np.newaxis, :n], out=found[:, : lags * n].reshape(pixels, lags, n))
    if half > lags:  # across an even ring, each pair is met from both its ends
        np.subtract(ring[:, half:n], ring[:, :half], out=found[:, lags * n :])
    return found
