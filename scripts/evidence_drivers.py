"""How often the tests that set a series beside drivers find something at a level of 5 % where there is nothing.

The drivers have nothing to do with the series, or all they do is known: see `of_rest`. What the tests suppose is that
what is left of the series is white noise; beside it stands what harms them.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from evidence_attribution import DETRENDED, DIFFERENCES, PLAIN, fit, rest_p
from evidence_sizes import Case, alike, correlated, gaps, sizes, white
from nep_toolbox.core.correlation.coefficients import SPEARMAN, correlation
from nep_toolbox.core.correlation.lag import lag_correlation, lagged_years

DRIVERS = 2
MAX_LAG = 2
#: Of the driver whose trend is told of: in standard deviations a year.
TREND = 0.15
_SEED = 7


def drivers_of(stack: np.ndarray, number: int = DRIVERS, share: float = 0.0) -> np.ndarray:
    """White noise, or AR(1) with a share, in the shape of a stack: (number, n, pixels)."""
    random = np.random.RandomState(_SEED + len(stack))
    return np.stack([alike(random.standard_normal(stack.shape), share) for _ in range(number)])


def of_all(stack: np.ndarray, method: int, share: float = 0.0):
    """p of the drivers together."""
    return fit(stack, drivers_of(stack, share=share), np.arange(len(stack)), method=method).p_value


def of_each(stack: np.ndarray, method: int):
    """p of the partial correlation with each driver."""
    return fit(stack, drivers_of(stack), np.arange(len(stack)), method=method).driver_p


def of_rest(stack: np.ndarray, method: int, slope: float = 0.0):
    """p of the rest of a series in which there is none: noise and the first driver, which may have a trend."""
    drivers = drivers_of(stack)
    drivers[0] += slope * np.arange(len(stack))[:, np.newaxis]
    return rest_p(stack + drivers[0], drivers, method)


def of_ranks(stack: np.ndarray, controls: int = 0, share: float = 0.0):
    """p of Spearman's correlation with a driver."""
    driver, *others = drivers_of(stack, 1 + controls, share)
    return correlation(stack, driver, others, method=SPEARMAN).p_value


def of_lags(stack: np.ndarray, detrend: bool = False, share: float = 0.0):
    """p of the strongest of the correlations with a driver of the same year and of one and two years before."""
    driver = drivers_of(np.empty((len(stack) + MAX_LAG, stack.shape[1])), 1, share)[0]
    years = np.arange(len(stack))
    lagged = lagged_years(years, range(-MAX_LAG, len(stack)), MAX_LAG)
    return lag_correlation(stack, driver, lagged.places, years, detrend=detrend).p_value


_WHITE, _GAPS, _ALIKE = "white", "white, a tenth missing", "years of AR(1) 0.4"
_TRENDS = f"white, the driver has a trend of {TREND}"
_F, _T = "Drivers together (F), {} fit", "Driver alone, others held (t), {} fit"
_REST = "Rest, {} fit"
_RANKS, _LAGS = "Spearman's correlation", "Strongest of three lags"
_alike = partial(correlated, share=0.4)

#: Here every test shall find 5 %.
OF_WHITE_NOISE = (
    Case(_F.format("plain"), _WHITE, white, partial(of_all, method=PLAIN)),
    Case(_F.format("detrended"), _WHITE, white, partial(of_all, method=DETRENDED)),
    Case(_F.format("detrended"), _GAPS, gaps, partial(of_all, method=DETRENDED)),
    Case(_T.format("plain"), _WHITE, white, partial(of_each, method=PLAIN)),
    Case(_T.format("detrended"), _WHITE, white, partial(of_each, method=DETRENDED)),
    Case(_REST.format("detrended") + " (t)", _WHITE, white, partial(of_rest, method=DETRENDED)),
    Case(_REST.format("detrended") + " (t)", _GAPS, gaps, partial(of_rest, method=DETRENDED)),
    Case(_REST.format("detrended") + " (t)", _TRENDS, white, partial(of_rest, method=DETRENDED, slope=TREND)),
    Case(_RANKS, _WHITE, white, of_ranks),
    Case(_RANKS, _GAPS, gaps, of_ranks),
    Case(f"{_RANKS}, two controls", _WHITE, white, partial(of_ranks, controls=2)),
    Case(_LAGS, _WHITE, white, of_lags),
    Case(_LAGS, _GAPS, gaps, of_lags),
    Case(f"{_LAGS}, lines taken out", _WHITE, white, partial(of_lags, detrend=True)),
)
#: What is known to differ from 5 %, or may.
OF_OTHERS = (
    Case(_REST.format("detrended") + " (t)", _ALIKE, _alike, partial(of_rest, method=DETRENDED)),
    Case(_REST.format("plain") + " (Mann-Kendall)", _WHITE, white, partial(of_rest, method=PLAIN)),
    Case(_REST.format("plain") + " (Mann-Kendall)", _TRENDS, white, partial(of_rest, method=PLAIN, slope=TREND)),
    Case(_REST.format("plain") + " (Mann-Kendall)", _ALIKE, _alike, partial(of_rest, method=PLAIN)),
    Case("Mann-Kendall of the rest in first differences", _WHITE, white, partial(of_rest, method=DIFFERENCES)),
    Case("Mann-Kendall of the rest in first differences", _TRENDS, white,
         partial(of_rest, method=DIFFERENCES, slope=TREND)),
    Case(_F.format("detrended"), f"{_ALIKE}, of the drivers too", _alike,
         partial(of_all, method=DETRENDED, share=0.4)),
    Case(_RANKS, f"{_ALIKE}, of the driver too", _alike, partial(of_ranks, share=0.4)),
    Case(_LAGS, f"{_ALIKE}, of the driver too", _alike, partial(of_lags, share=0.4)),
)


def driver_sizes() -> tuple:
    """The table of the sizes: head and rows."""
    return sizes((*OF_WHITE_NOISE, *OF_OTHERS))
