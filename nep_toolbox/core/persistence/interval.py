"""Interval of the Hurst exponent of fractional Gaussian noise, given what is estimated from a series.

Fractional Gaussian noise is the model of a series with memory: H is its one parameter, and 0.5 makes it white noise.
The interval holds all H under which the estimate is no rare one. It says how well a series of this length tells H, if
it is of that kind, and nothing of the years to come.

References
----------
Mandelbrot, B. B. and Van Ness, J. W. (1968). doi:10.1137/1010093
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..simulation import CHUNK, once, untold, white_noise
from .detrend import Detrend, residuals
from .rescaled_range import FEWEST_LENGTHS, Method, window_lengths
from .white_noise import estimate

#: The exponents that are simulated. A limit lies between the first and the last of them.
EXPONENTS = np.append(np.arange(5, 100, 5), 99) / 100.0

#: So many series for each of them.
INTERVAL_SERIES = 20_000

_SEED = 19_680_422


def require_interval(method: Method, corrected: bool, confidence: float) -> None:
    """Raise InvalidParameter where there is no interval for a form of the estimator, or for a level in percent."""
    if method != Method.PIECES or not corrected:
        raise InvalidParameter(
            "⟨LOWER⟩ and ⟨UPPER⟩ are there for windows side by side, corrected for the length of the series, and for "
            "no other form of the exponent. Set ⟨METHOD⟩ to pieces and ⟨CORRECTED⟩ to yes, or leave them out."
        )
    if not 0.0 < confidence < 100.0:
        raise InvalidParameter("⟨CONFIDENCE⟩ has to lie between 0 and 100 percent: give 90, for instance.")


def interval(
    hurst: np.ndarray, n: int, confidence: float = 90.0, min_window: int = 4, detrend: Detrend = Detrend.NONE,
    progress: Callable[[float], None] = untold,
) -> tuple[np.ndarray, np.ndarray]:
    """Confidence interval of H by the quantiles of its estimate under fractional Gaussian noise.

    Parameters
    ----------
    hurst : array of any shape
        Estimates from series of ``n`` values, by windows side by side, corrected; NaN stays NaN.
    n : int
    confidence : float
        Level in percent.
    min_window, detrend
        The estimator that made them.
    progress : callable
        As for `limits`.

    Returns
    -------
    lower, upper : float64 arrays of the shape of ``hurst``
        The H under which an estimate as high, or as low, is as rare as (100 - confidence) / 2 percent, linear between
        those of `EXPONENTS` and no further than these. Both are the first or the last of them where an estimate lies
        beyond what all of them give. NaN where ``n`` is too short for an estimate.
    """
    hurst = np.asarray(hurst, dtype=np.float64)
    if len(window_lengths(n, Method.PIECES, min_window)) < FEWEST_LENGTHS:
        return np.full(hurst.shape, np.nan), np.full(hurst.shape, np.nan)
    low, high = limits(n, confidence, min_window, detrend, progress)
    return np.interp(hurst, high, EXPONENTS), np.interp(hurst, low, EXPONENTS)


def limits(
    n: int, confidence: float, min_window: int = 4, detrend: Detrend = Detrend.NONE,
    progress: Callable[[float], None] = untold,
) -> np.ndarray:
    """Quantiles of the estimate for each of `EXPONENTS`.

    Parameters
    ----------
    n, confidence, min_window, detrend
        As for `interval`; ``n`` is long enough for an estimate.
    progress : callable
        Takes the share that is simulated, where it has to be; may raise, which leaves nothing.

    Returns
    -------
    float64 array (2, exponents)
        What (100 - confidence) / 2 percent of the estimates lie below, and what as many lie above, non-decreasing with
        H. Read-only and shared between threads.
    """
    def simulate() -> np.ndarray:
        estimates = np.empty((len(EXPONENTS), INTERVAL_SERIES))
        done = 0
        for place, noise in _chunks(n):
            for row, exponent in enumerate(EXPONENTS.tolist()):
                series, _is_line = residuals(fractional_noise(noise, exponent), np.arange(n), detrend)
                estimates[row, place], _r_squared = estimate(series, Method.PIECES, min_window, True, detrend)
                done += noise.shape[1]
                progress(done / estimates.size)
        estimates.sort(axis=1)
        tail = (1.0 - confidence / 100.0) / 2.0
        return np.maximum.accumulate([_quantile(estimates, tail), _quantile(estimates, 1.0 - tail)], axis=1)

    return once(("interval", n, float(confidence), min_window, int(detrend)), simulate)


def fractional_noise(noise: np.ndarray, exponent: float) -> np.ndarray:
    """Fractional Gaussian noise made of white noise, by the Cholesky factor of its covariance: exact.

    Parameters
    ----------
    noise : float64 array (n, series)
        Independent standard normal values.
    exponent : float
        H, between 0 and 1.

    Returns
    -------
    float64 array (n, series)
        Of mean 0 and variance 1; the covariance of values k steps apart is
        ``(|k + 1|**2H - 2 |k|**2H + |k - 1|**2H) / 2``.
    """
    steps = np.arange(len(noise))
    powers = np.arange(len(noise) + 1.0) ** (2.0 * exponent)
    covariance = (powers[steps + 1] - 2.0 * powers[steps] + powers[np.abs(steps - 1)]) / 2.0
    factor = np.linalg.cholesky(covariance[np.abs(steps[:, np.newaxis] - steps)])
    series, product = np.zeros(noise.shape), np.empty(noise.shape[1])
    for step, row in enumerate(factor):
        checkpoint()
        for earlier in range(step + 1):
            np.multiply(noise[earlier], row[earlier], out=product)
            series[step] += product
    return series


def _chunks(n: int) -> Iterator[tuple]:
    """White noise of `INTERVAL_SERIES` series, so many at a time, each with its place among all of them."""
    for number, noise in enumerate(white_noise(n, _SEED, INTERVAL_SERIES)):
        yield slice(number * CHUNK, number * CHUNK + noise.shape[1]), noise


def _quantile(ascending: np.ndarray, share: float) -> np.ndarray:
    """The quantile of each row of sorted values, linear between neighbours."""
    place = share * (ascending.shape[1] - 1)
    below = int(place)
    above = min(below + 1, ascending.shape[1] - 1)
    return ascending[:, below] + (place - below) * (ascending[:, above] - ascending[:, below])
