"""The Hurst estimator on white noise: its correction, its mean, and the significance of an estimate.

Simulated once for each (n, method, min_window, corrected, detrend).
"""

from __future__ import annotations

from typing import Callable

import numpy as np

from ..simulation import CHUNK, SIMULATED_SERIES, once, untold, white_noise
from .detrend import ROUNDING_SHARE, Detrend, residuals
from .rescaled_range import Method, expected_rescaled_range, fit_line, log_rescaled_range, window_lengths

_NULL_SEED = 20_011_231
_EXPECTATION_SEED = 19_510_101


def estimate(
    series: np.ndarray, method: Method = Method.PIECES, min_window: int = 4, corrected: bool = True,
    detrend: Detrend = Detrend.NONE,
) -> tuple[np.ndarray, np.ndarray]:
    """Hurst exponent of complete series.

    Parameters
    ----------
    series : float64 array (n, pixels)
        No NaN; with ``detrend`` the `residuals`.
    method, min_window, corrected, detrend
        As in `nep_toolbox.core.persistence.hurst.hurst`.

    Returns
    -------
    hurst, r_squared : float64 arrays (pixels,)
    """
    lengths = window_lengths(len(series), method, min_window)
    rounding = 0.0 if detrend == Detrend.NONE else ROUNDING_SHARE
    response = log_rescaled_range(series, lengths, method, 1 if corrected else 0, rounding)
    if corrected:
        response -= expected_log_rescaled_range(len(series), method, min_window, detrend)[:, np.newaxis]
    slope, r_squared = fit_line(np.log(lengths), response)
    return (slope + 0.5 if corrected else slope), r_squared


def expected_log_rescaled_range(
    n: int, method: Method = Method.PIECES, min_window: int = 4, detrend: Detrend = Detrend.NONE
) -> np.ndarray:
    """What ln(R/S) is measured against when it is corrected, S with divisor ``length - 1``.

    Parameters
    ----------
    n : int
        Number of values of the series.
    method : Method
        Windows that follow each other: the logarithm of the expectation of Anis and Lloyd, detrended or not. Expanding
        windows: the mean of ln(R/S) over simulated white noise, detrended in the same way, because a single window is
        not averaged before its logarithm is taken.
    min_window : int
    detrend : Detrend

    Returns
    -------
    float64 array (lengths,)
    """
    lengths = window_lengths(n, method, min_window)
    if method == Method.PIECES:
        return once(
            ("expectation", n, int(method), min_window),
            lambda: np.log([expected_rescaled_range(length) for length in lengths.tolist()]),
        )

    def simulate() -> np.ndarray:
        total = np.zeros(len(lengths))
        for noise in _noise(n, _EXPECTATION_SEED, detrend):
            total += log_rescaled_range(noise, lengths, method, divisor_offset=1).sum(axis=1)
        return total / SIMULATED_SERIES

    return once(("expectation", n, int(method), min_window, int(detrend)), simulate)


def null_distribution(
    n: int, method: Method = Method.PIECES, min_window: int = 4, corrected: bool = True,
    progress: Callable[[float], None] = untold, detrend: Detrend = Detrend.NONE,
) -> np.ndarray:
    """Hurst exponents of simulated white noise, ascending.

    Parameters
    ----------
    n : int
        Number of values of a series.
    method, min_window, corrected
        The estimator.
    progress : callable
        Takes the share of the series that are simulated, where they have to be; may raise, which leaves nothing.
    detrend : Detrend
        What is taken out of the white noise, whose values are a year apart, without gaps.

    Returns
    -------
    float64 array (SIMULATED_SERIES,)
        Read-only and shared between threads; empty where ``n`` is too short for an estimate.
    """
    method = Method(method)

    def simulate() -> np.ndarray:
        found = []
        for noise in _noise(n, _NULL_SEED, detrend):
            found.append(estimate(noise, method, min_window, corrected, detrend)[0])
            progress(len(found) * CHUNK / SIMULATED_SERIES)
        values = np.concatenate(found)
        return np.sort(values[~np.isnan(values)])

    return once(("null", n, int(method), min_window, bool(corrected), int(detrend)), simulate)


def p_value(
    hurst: np.ndarray, n: int, method: Method = Method.PIECES, min_window: int = 4, corrected: bool = True,
    detrend: Detrend = Detrend.NONE,
) -> np.ndarray:
    """Two-sided p-value of Hurst exponents against white noise.

    Parameters
    ----------
    hurst : array of any shape
        Estimates from series of ``n`` values; NaN stays NaN.
    n : int
    method, min_window, corrected, detrend
        The estimator that made them.

    Returns
    -------
    float64 array of the shape of ``hurst``
        Twice the smaller tail, at most 1; the observed value counts as one of the simulated ones, hence never 0.
    """
    hurst = np.asarray(hurst, dtype=np.float64)
    null = null_distribution(n, method, min_window, corrected, detrend=detrend)
    if null.size == 0:
        return np.full(hurst.shape, np.nan)
    not_above = np.searchsorted(null, hurst, side="right")
    not_below = null.size - np.searchsorted(null, hurst, side="left")
    p = np.minimum(2.0 * (np.minimum(not_above, not_below) + 1) / (null.size + 1), 1.0)
    return np.where(np.isnan(hurst), np.nan, p)


def white_noise_mean(
    n: int, method: Method = Method.PIECES, min_window: int = 4, corrected: bool = True,
    progress: Callable[[float], None] = untold, detrend: Detrend = Detrend.NONE,
) -> float:
    """Mean Hurst exponent of white noise of ``n`` values: the estimator's bias is its distance from 0.5.

    The parameters are those of `null_distribution`.

    Returns
    -------
    float
        NaN where ``n`` is too short for an estimate.
    """
    null = null_distribution(n, method, min_window, corrected, progress, detrend)
    return float(null.mean()) if null.size else float("nan")


def white_noise_persistent(
    n: int, method: Method = Method.PIECES, min_window: int = 4, corrected: bool = True,
    detrend: Detrend = Detrend.NONE,
) -> float:
    """The share of series of white noise of ``n`` values whose Hurst exponent is above 0.5, in percent.

    The parameters are those of `null_distribution`; NaN where ``n`` is too short for an estimate.
    """
    null = null_distribution(n, method, min_window, corrected, detrend=detrend)
    return float(100 * np.count_nonzero(null > 0.5) / null.size) if null.size else float("nan")


def _noise(n: int, seed: int, detrend: Detrend = Detrend.NONE):
    """Standard normal series (n, up to CHUNK), detrended, SIMULATED_SERIES in all."""
    for noise in white_noise(n, seed):
        yield residuals(noise, np.arange(n), detrend)[0]
