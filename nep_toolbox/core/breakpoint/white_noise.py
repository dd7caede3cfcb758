"""How large the statistics of a break are by chance: those of simulated white noise.

Neither depends on level, slope or spread of the noise, so that one distribution serves for each number of values.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Callable

import numpy as np

from ..checkpoint import checkpoint
from ..simulation import CHUNK, once, untold, white_noise
from .pettitt import pettitt
from .slope_change import slope_change

SERIES = 20_000
_SEED = 19_790_628


class Method(IntEnum):
    """What is looked for."""

    PETTITT = 0
    """A step of the level (Pettitt 1979)."""
    TURNING_POINT = 1
    """A change of slope where two lines meet."""
    TWO_LINES = 2
    """A change of level, slope or both: two separate lines."""


def statistic_of(
    values: np.ndarray, years: np.ndarray, method: Method, min_segment: int, rounding: float = 0.0,
) -> tuple:
    """The statistic of complete series and the place of the break.

    Parameters
    ----------
    values : float64 array (n, pixels)
        No NaN.
    years : float64 array (n, pixels) or (n, 1)
    method, min_segment
        As for `core.breakpoint.break_point.break_point`.
    rounding : float
        As for `slope_change`; ranks need none.

    Returns
    -------
    statistic, last : arrays (pixels,)
        Those of `pettitt` or `slope_change`.
    """
    if method == Method.PETTITT:
        return pettitt(values)
    return slope_change(values, years, min_segment, method == Method.TWO_LINES, rounding)


def null_distribution(n: int, method: Method, min_segment: int, progress: Callable[[float], None] = untold):
    """The statistics of white noise of ``n`` values in consecutive years, without their signs, ascending.

    Parameters
    ----------
    n : int
    method, min_segment
        As for `statistic_of`; Pettitt's test does not depend on the second.
    progress : callable
        Takes the share of the series that are simulated, where they have to be; may raise, which leaves nothing.

    Returns
    -------
    float64 array (SERIES,)
        Read-only and shared between threads.
    """
    method = Method(method)

    def simulate() -> np.ndarray:
        found: list = []
        for noise in white_noise(n, _SEED, SERIES):
            checkpoint()
            found.append(np.abs(statistic_of(noise, np.arange(n, dtype=float)[:, np.newaxis], method, min_segment)[0]))
            progress(len(found) * CHUNK / SERIES)
        return np.sort(np.concatenate(found))

    return once(("break", n, int(method), 0 if method == Method.PETTITT else min_segment), simulate)


def p_value(statistic: np.ndarray, n: int, method: Method, min_segment: int) -> np.ndarray:
    """How likely a statistic so large is in white noise.

    Parameters
    ----------
    statistic : array of any shape
        From series of ``n`` values; NaN stays NaN, and a sign does not matter.
    n, method, min_segment
        As for `null_distribution`.

    Returns
    -------
    float64 array of the shape of ``statistic``
        The observed value counts as one of the simulated ones, hence never 0.
    """
    size = np.abs(np.asarray(statistic, dtype=np.float64))
    null = null_distribution(n, method, min_segment)
    p = (1.0 + null.size - np.searchsorted(null, size, side="left")) / (null.size + 1.0)
    return np.where(np.isnan(size), np.nan, p)
