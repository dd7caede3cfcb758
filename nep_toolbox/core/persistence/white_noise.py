"""The Hurst estimator on white noise: its correction, its mean, and the significance of an estimate.

Simulated once for each (n, method, min_window, corrected, detrend).
"""

from __future__ import annotations

from typing import Callable

import numpy as np

from ..simulation import SIMULATED_SERIES, once, p_by_rank, simulated, untold, white_noise
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
        for noise in white_noise(n, _EXPECTATION_SEED):
            series = _detrended(noise, detrend)
            total += log_rescaled_range(series, lengths, method, divisor_offset=1).sum(axis=1)
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
        As for `simulated`.
    detrend : Detrend
        What is taken out of the white noise, whose values are a year apart, without gaps.

    Returns
    -------
    float64 array (SIMULATED_SERIES,)
        As `simulated` gives it; empty where ``n`` is too short for an estimate.
    """
    return simulated(
        ("null", n, int(method), min_window, bool(corrected), int(detrend)), n, _NULL_SEED,
        lambda noise: estimate(_detrended(noise, detrend), method, min_window, corrected, detrend)[0], progress,
    )


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
    return p_by_rank(hurst, null, two_sided=True) if null.size else np.full(hurst.shape, np.nan)


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


def _detrended(noise: np.ndarray, detrend: Detrend) -> np.ndarray:
    """Noise (n, pixels) of consecutive years without its lines."""
    return residuals(noise, np.arange(len(noise)), detrend)[0]
