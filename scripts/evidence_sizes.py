"""How often each test finds something at a level of 5 % where there is nothing; simulated by the kernels.

White noise is what the tests suppose. Beside it stands what harms them: values that are missing, and years, months or
neighbours that are alike.
"""

from __future__ import annotations

from functools import partial
from typing import Callable, NamedTuple

import numpy as np

from evidence_noise import LENGTHS, noise, percent
from nep_toolbox.core.breakpoint.break_point import Method, break_point
from nep_toolbox.core.persistence.detrend import Detrend
from nep_toolbox.core.persistence.hurst import hurst
from nep_toolbox.core.surroundings import Surrounded, window_sums
from nep_toolbox.core.trend.contextual import contextual_trend
from nep_toolbox.core.trend.seasonal import seasonal_trend
from nep_toolbox.core.trend.theil_sen import trend

SERIES = 20_000
LEVEL = 0.05
SEASONS = 12
#: Side of a raster of noise, in cells, for a test that looks at neighbours.
SIDE = 300
_P = ("p_value",)


# Noise ----------------------------------------------------------------------------------------------------------------


def white(n: int, series: int) -> list:
    """White noise (n, pixels)."""
    return list(noise(n, series))


def gaps(n: int, series: int) -> list:
    """White noise with a tenth of its values missing."""
    random = np.random.RandomState(n)
    return [np.where(random.random_sample(each.shape) < 0.1, np.nan, each) for each in noise(n, series)]


def alike(stack: np.ndarray, share: float) -> np.ndarray:
    """White noise made into AR(1), in place: each value holds a share of the one before it."""
    for before, after in zip(stack, stack[1:]):
        after *= np.sqrt(1 - share**2)
        after += share * before
    return stack


def correlated(n: int, series: int, share: float = 0.5) -> list:
    """Noise each of whose values holds half, or another share, of the one before it."""
    return [alike(each, share) for each in noise(n, series)]


def months(n: int, series: int) -> list:
    """White noise of n years of twelve months."""
    return white(SEASONS * n, series)


def correlated_months(n: int, series: int) -> list:
    """Months each of which holds half of the one before it."""
    return correlated(SEASONS * n, series)


def field(n: int, series: int) -> list:
    """A raster of white noise, of as many cells as a few times ``series``."""
    side = max(20, SIDE * series // SERIES)
    return [np.random.RandomState(n).standard_normal((n, side, side))]


def smooth_field(n: int, series: int) -> list:
    """A raster of noise whose neighbours are alike: each the mean of 3 x 3 values."""
    return [np.stack([window_sums(each, 1) for each in stack]) for stack in field(n, series)]


# Tests: p of a stack (n, ...) -----------------------------------------------------------------------------------------


def of_hurst(stack, **way):
    """p of the Hurst exponent."""
    return hurst(stack, significance=True, **way)["p_value"]


def of_break(stack, method: Method, **way):
    """p of a break."""
    return break_point(stack, np.arange(len(stack)), method=method, sloped=False, **way)["p_value"]


def of_trend(stack):
    """p of the Mann-Kendall test."""
    return trend(stack, np.arange(len(stack)), wanted=_P)["p_value"]


def of_neighbours(stack):
    """p of the contextual Mann-Kendall test."""
    around = Surrounded(stack, slice(None), slice(None))
    return contextual_trend(around, np.arange(len(stack)), wanted=_P)["p_value"]


def of_seasons(stack, together: bool = False):
    """p of the seasonal Mann-Kendall test."""
    places = np.stack(np.divmod(np.arange(len(stack)), SEASONS), axis=1)
    years = np.arange(len(stack) // SEASONS)
    return seasonal_trend(stack, years, places, correlated=together, wanted=_P)["p_value"]


class Case(NamedTuple):
    """A test of noise: both in words, what makes the noise, and what gives p."""

    test: str
    noise: str
    make: Callable
    p_of: Callable


_WHITE, _GAPS = "white", "white, a tenth missing"
_HURST = "Hurst exponent, least-squares line taken out"
_SEASONAL, _TOGETHER = "Mann-Kendall, seasonal", "Mann-Kendall, correlated seasons"
_OLS = partial(of_hurst, detrend=Detrend.OLS)
_TURNING_POINT = partial(of_break, method=Method.TURNING_POINT)

#: Of white noise every test shall find 5 %.
OF_WHITE_NOISE = (
    Case(_HURST, _WHITE, white, _OLS),
    Case(_HURST, _GAPS, gaps, _OLS),
    Case("Hurst exponent, Theil-Sen line taken out", _WHITE, white, partial(of_hurst, detrend=Detrend.THEIL_SEN)),
    Case("Hurst exponent, nothing taken out", _WHITE, white, of_hurst),
    Case("Break: Pettitt", _WHITE, white, partial(of_break, method=Method.PETTITT)),
    Case("Break: turning point", _WHITE, white, _TURNING_POINT),
    Case("Break: turning point", _GAPS, gaps, _TURNING_POINT),
    Case("Break: two lines", _WHITE, white, partial(of_break, method=Method.TWO_LINES)),
    Case("Mann-Kendall", _WHITE, white, of_trend),
    Case("Mann-Kendall, contextual", _WHITE, field, of_neighbours),
    Case(_SEASONAL, _WHITE, months, of_seasons),
    Case(_TOGETHER, _WHITE, months, partial(of_seasons, together=True)),
)
#: What is known to differ from 5 %, or may.
OF_OTHERS = (
    Case("Break: Pettitt, approximation of p", _WHITE, white,
         partial(of_break, method=Method.PETTITT, approximate=True)),
    Case("Break: turning point", "years of AR(1) 0.5", correlated, _TURNING_POINT),
    Case("Mann-Kendall, contextual", "neighbours alike", smooth_field, of_neighbours),
    Case(_SEASONAL, "months of AR(1) 0.5", correlated_months, of_seasons),
    Case(_TOGETHER, "months of AR(1) 0.5", correlated_months, partial(of_seasons, together=True)),
)


def size(case: Case, n: int, series: int = SERIES) -> float:
    """The share of series with nothing in them that a test finds significant, in percent of those it tests."""
    p = [case.p_of(stack) for stack in case.make(n, series)]
    return percent([each[~np.isnan(each)] < LEVEL for each in p])


def sizes(cases: tuple = (*OF_WHITE_NOISE, *OF_OTHERS)) -> tuple:
    """The table of the sizes: head and rows."""
    rows = [(case.test, case.noise, *(f"{size(case, n):.1f} %" for n in LENGTHS)) for case in cases]
    return ("test", "noise", *(f"{n} years" for n in LENGTHS)), rows
