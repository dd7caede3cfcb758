"""How large the statistics of a break are by chance: those of simulated white noise.

Neither depends on level, slope or spread of the noise, so that one distribution serves for each number of values.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Callable

import numpy as np

from ..simulation import p_by_rank, simulated, untold
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
        As for `simulated`.

    Returns
    -------
    float64 array (SERIES,)
        As `simulated` gives it.
    """
    years = np.arange(n, dtype=float)[:, np.newaxis]
    return simulated(
        ("break", n, int(method), 0 if method == Method.PETTITT else min_segment), n, _SEED,
        lambda noise: np.abs(statistic_of(noise, years, method, min_segment)[0]), progress, SERIES,
    )


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
    return p_by_rank(np.abs(np.asarray(statistic, dtype=np.float64)), null_distribution(n, method, min_segment))
