"""Mann-Kendall tests that allow for serial correlation.

All work on the valid values of a pixel in their order, as if gaps were not there, and all give what
`pymannkendall <https://doi.org/10.21105/joss.01556>`_ gives.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from ..checkpoint import checkpoint
from .mann_kendall import pair_signs, variance_of_s
from .pairs import Workspace

SIGNIFICANT_LAG = 0.05  # level at which Hamed and Rao's test takes an autocorrelation into account


class Correction(IntEnum):
    """How the test allows for serial correlation.

    References
    ----------
    Hamed, K. H. and Rao, A. R. (1998). doi:10.1016/S0022-1694(97)00125-X
    Yue, S. and Wang, C. (2004). doi:10.1023/B:WARM.0000043140.61082.60
    Yue, S., Pilon, P., Phinney, B. and Cavadias, G. (2002). doi:10.1002/hyp.1095
    """

    NONE = 0
    HAMED_RAO = 1
    YUE_WANG = 2
    PRE_WHITENING = 3
    TREND_FREE_PRE_WHITENING = 4


#: What a dialog calls them, by their number.
CORRECTIONS = [
    "None",
    "Hamed and Rao (1998): variance by the correlation of ranks",
    "Yue and Wang (2004): variance by the correlation of the detrended series",
    "Pre-whitening",
    "Trend-free pre-whitening (Yue et al. 2002)",
]

#: These tests do not take the slope away first.
NEED_NO_SLOPE = frozenset((Correction.NONE, Correction.PRE_WHITENING))


def corrected_test(correction, x, count, s, variance, slope, lag, work: Workspace):
    """S and its variance under a correction for serial correlation.

    Parameters
    ----------
    correction : Correction
    x : float64 array (n, pixels)
        NaN is missing.
    count : int array (pixels,)
        Number of valid values.
    s, variance : float64 arrays (pixels,)
        Of the uncorrected test.
    slope : float64 array (pixels,)
        Theil-Sen slope per usual distance of two time steps; None if the correction is of `NEED_NO_SLOPE`.
    lag : int
        How many lags Hamed-Rao and Yue-Wang use; 0: all.
    work : Workspace

    Returns
    -------
    s, variance : float64 arrays (pixels,)
        The variance can be negative or NaN; then the test has no result (unless S is 0).
    """
    values = _valid_first(x, count)
    position = np.arange(1, values.shape[0] + 1, dtype=np.float64)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        if correction == Correction.HAMED_RAO:
            return s, variance * _hamed_rao_factor(values - position * slope, count, lag)
        if correction == Correction.YUE_WANG:
            return s, variance * _yue_wang_factor(values - position * slope, count, lag)
        if correction == Correction.PRE_WHITENING:
            return _whitened_test(values, count, np.zeros_like(s), work)
        if correction == Correction.TREND_FREE_PRE_WHITENING:
            return _whitened_test(values - position * slope, count, slope, work)
    return s, variance


def _valid_first(x, count):
    """The valid values of each pixel in their order, followed by its missing ones."""
    if (count == x.shape[0]).all():
        return x
    return np.take_along_axis(x, np.argsort(np.isnan(x), axis=0, kind="stable"), axis=0)


def _autocorrelations(values, count, lags):
    """Yield lag and autocorrelation for lags 1, 2 ...; values end in NaN. NaN where the values are constant.

    Sums run row by row: a pixel's result must not depend on how many pixels are summed beside it.
    """
    missing = np.isnan(values)
    centred = values - _row_sum(np.where(missing, 0.0, values)) / count
    centred[missing] = 0.0
    total = _row_sum(centred * centred)
    n = values.shape[0]
    for lag in range(1, min(lags, n - 1) + 1):
        checkpoint()
        yield lag, _row_sum(centred[lag:] * centred[: n - lag]) / total


def _row_sum(rows):
    """Sum along the first axis, in the order of additions that numpy has for a single series of up to 128 values.

    Eight running sums lose less to rounding than one. Where values hardly differ from their mean, its last bit shows
    in the autocorrelation, so the order is the reference's.
    """
    blocks = len(rows) // 8 * 8
    total = np.zeros_like(rows[0])
    if blocks:
        partial = rows[:8].copy()
        for start in range(8, blocks, 8):
            partial += rows[start : start + 8]
        pairs = partial[0::2] + partial[1::2]
        total = (pairs[0] + pairs[1]) + (pairs[2] + pairs[3])
    for row in rows[blocks:]:
        total += row
    return total


def _hamed_rao_factor(detrended, count, lag):
    """Factor of the variance from the autocorrelation of the ranks, significant lags only."""
    from scipy.special import ndtri

    n = count.astype(np.float64)
    bound = ndtri(1 - SIGNIFICANT_LAG / 2) / np.sqrt(n)
    total = np.zeros_like(n)
    for k, r in _autocorrelations(_ranks(detrended), count, lag or detrended.shape[0]):
        # comparing so that an undefined autocorrelation counts, and makes the result undefined
        total += np.where(np.abs(r) <= bound, 0.0, (n - k) * (n - k - 1) * (n - k - 2) * r)
    return 1 + 2 / (n * (n - 1) * (n - 2)) * total


def _yue_wang_factor(detrended, count, lag):
    """Factor of the variance from the autocorrelation of the values."""
    n = count.astype(np.float64)
    total = np.zeros_like(n)
    for k, r in _autocorrelations(detrended, count, lag or detrended.shape[0]):
        total += (1 - k / n) * r
    return 1 + 2 * total


def _whitened_test(values, count, slope, work):
    """S and variance of the series less its lag-1 autocorrelation, with a trend put back afterwards.

    Where the values are constant there is nothing to whiten and S is 0.
    """
    _, r = next(_autocorrelations(values, count, 1))
    position = np.arange(1, values.shape[0], dtype=np.float64)[:, None]
    whitened = values[1:] - values[:-1] * r + position * slope
    signs = pair_signs(whitened, work)
    s = signs[1].astype(np.float64) - signs[0]
    return s, variance_of_s(whitened, count - 1, signs, work)


def _ranks(values):
    """Ranks from 1 along the first axis, ties sharing their mean rank; NaN stays NaN."""
    ranks = np.empty_like(values)
    for i, value in enumerate(values):
        checkpoint()
        ranks[i] = (values < value).sum(axis=0) + 0.5 * ((values == value).sum(axis=0) + 1)
    ranks[np.isnan(values)] = np.nan
    return ranks
