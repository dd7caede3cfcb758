"""What tests are measured against where no formula is right for short series: statistics of simulated white noise.

Simulated once for each set of settings with a fixed seed and kept. The generator is numpy's legacy one, whose stream is
frozen, so that a p-value does not change with the version of numpy.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Callable

import numpy as np

from .checkpoint import checkpoint

SIMULATED_SERIES = 50_000
CHUNK = 5000
#: Seconds between two checkpoints while another thread simulates.
_PATIENCE = 0.1

_known: dict[tuple, np.ndarray] = {}
_lock = threading.RLock()


def untold(_share: float) -> None:
    """The progress of a simulation that nobody waits for."""


def white_noise(n: int, seed: int, series: int = SIMULATED_SERIES) -> Iterator[np.ndarray]:
    """Standard normal series: arrays (n, up to `CHUNK`), ``series`` of them in all, always the same for a seed."""
    generator = np.random.RandomState(seed)
    for start in range(0, series, CHUNK):
        yield generator.standard_normal((n, min(CHUNK, series - start)))


def once(key: tuple, make: Callable[[], object]) -> np.ndarray:
    """Make an array once, whichever of several threads asks first.

    Parameters
    ----------
    key : tuple
        What is simulated and all settings that it depends on.
    make : callable
        Gives the array. It passes checkpoints; what it raises leaves nothing behind.

    Returns
    -------
    float64 array
        Read-only and shared between threads.
    """
    known = _known.get(key)
    if known is None:
        with _in_turn():
            known = _known.get(key)
            if known is None:
                known = np.asarray(make(), dtype=np.float64)
                known.setflags(write=False)
                _known[key] = known
    return known


def simulated(
    key: tuple, n: int, seed: int, statistic: Callable[[np.ndarray], np.ndarray],
    progress: Callable[[float], None] = untold, series: int = SIMULATED_SERIES,
) -> np.ndarray:
    """A statistic of white noise, simulated once.

    Parameters
    ----------
    key : tuple
        As for `once`.
    n, seed, series
        As for `white_noise`.
    statistic : callable
        Gives that of each series of an array (n, pixels); NaN is none.
    progress : callable
        Takes the share of the series that are simulated, where they have to be; may raise, which leaves nothing.

    Returns
    -------
    float64 array (up to ``series``,)
        Ascending. Read-only and shared between threads.
    """
    def simulate() -> np.ndarray:
        found: list = []
        for noise in white_noise(n, seed, series):
            checkpoint()
            found.append(statistic(noise))
            progress(len(found) * CHUNK / series)
        values = np.concatenate(found)
        return np.sort(values[~np.isnan(values)])

    return once(key, simulate)


def p_by_rank(values: np.ndarray, null: np.ndarray, two_sided: bool = False) -> np.ndarray:
    """How likely values as large are among simulated ones.

    Parameters
    ----------
    values : float64 array of any shape
        NaN stays NaN.
    null : array (series,)
        From `simulated`.
    two_sided : bool
        As large or as small: twice the smaller tail, at most 1.

    Returns
    -------
    float64 array of the shape of ``values``
        The observed value counts as one of the simulated ones, hence never 0.
    """
    beyond = null.size - np.searchsorted(null, values, side="left")
    if two_sided:
        beyond = np.minimum(beyond, np.searchsorted(null, values, side="right"))
    p = (2.0 if two_sided else 1.0) * (beyond + 1) / (null.size + 1)
    return np.where(np.isnan(values), np.nan, np.minimum(p, 1.0))


@contextmanager
def _in_turn() -> Iterator[None]:
    """Within the block no other thread simulates; a cancel ends the waiting for it."""
    while not _lock.acquire(timeout=_PATIENCE):
        checkpoint()
    try:
        yield
    finally:
        _lock.release()
