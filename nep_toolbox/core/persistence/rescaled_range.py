"""Rescaled range of complete series: windows, ln(R/S), its expectation under independence, the fitted line.

Every sum over time, windows or lengths adds one after the other, all pixels at once. A plain reduction of numpy would
change its order of summation with the number of pixels, and a pixel must not depend on the block it sits in.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..sums import sum_over_time

FEWEST_LENGTHS = 3


class Method(IntEnum):
    """How windows are laid over a series."""

    PIECES = 0
    """Windows of equal length that follow each other from the start; a remainder at the end is left out."""
    EXPANDING = 1
    """One window a length, always from the start: the first values, then one more, up to the whole series."""


def window_lengths(n: int, method: Method = Method.PIECES, min_window: int = 4) -> np.ndarray:
    """Window lengths of a series of ``n`` values.

    Parameters
    ----------
    n : int
        Number of values.
    method : Method
        Windows that follow each other go up to half of the series, so that every length has two of them; expanding
        windows up to all of it.
    min_window : int
        Shortest window, at least 2.

    Returns
    -------
    int array (lengths,)
        Ascending, possibly empty. Fewer than three lengths give no exponent.

    Raises
    ------
    InvalidParameter
        ``min_window`` below 2, or an unknown method.
    """
    if min_window < 2:
        raise InvalidParameter(
            f"A shortest window of {min_window} has no standard deviation: use at least 2 (4 is usual)."
        )
    if method not in (Method.PIECES, Method.EXPANDING):
        raise InvalidParameter(f"Method {method!r} is unknown: use 0 (pieces) or 1 (expanding windows).")
    longest = n // 2 if method == Method.PIECES else n
    return np.arange(min_window, longest + 1)


def expected_rescaled_range(length: int) -> float:
    """Mean R/S of ``length`` independent normal values, S with divisor ``length - 1``.

    Parameters
    ----------
    length : int
        At least 2.

    Returns
    -------
    float
        ``(l - 1/2)/l * Gamma((l-1)/2) / (sqrt(pi) Gamma(l/2)) * sum over i<l of sqrt((l-i)/i)``. The ratio of the two
        gamma functions comes from their logarithms, hence no change of formula where gamma itself would overflow.

    References
    ----------
    Anis, A. A. and Lloyd, E. H. (1976). doi:10.1093/biomet/63.1.111
    Peters, E. E. (1994). Fractal Market Analysis. Wiley. (The factor ``(l - 1/2)/l``.)
    """
    gamma_ratio = math.exp(math.lgamma((length - 1) / 2) - math.lgamma(length / 2)) / math.sqrt(math.pi)
    return (length - 0.5) / length * gamma_ratio * math.fsum(math.sqrt((length - i) / i) for i in range(1, length))


def log_rescaled_range(
    series: np.ndarray, lengths: np.ndarray, method: Method, divisor_offset: int, rounding: float = 0.0
) -> np.ndarray:
    """ln of the mean R/S at each window length.

    Parameters
    ----------
    series : float64 array (n, pixels)
        Complete series, no NaN.
    lengths : int array (lengths,)
        From `window_lengths`.
    method : Method
    divisor_offset : {0, 1}
        S has the divisor ``length - divisor_offset``.
    rounding : float
        Neighbours that differ by no more than this share of the largest absolute value of their series are equal.

    Returns
    -------
    float64 array (lengths, pixels)
        NaN where every window of that length is constant.
    """
    n, pixels = series.shape
    result = np.empty((len(lengths), pixels))
    equal_run = _equal_run(series, rounding)
    # Differences of near values are exact: a large common level then costs no digits.
    centred = series - series[0]
    most_windows = n // int(lengths[0]) if len(lengths) and method == Method.PIECES else 1
    work = np.empty((6, most_windows, pixels))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for row, length in enumerate(lengths.tolist()):
            checkpoint()
            count = n // length if method == Method.PIECES else 1
            windows = centred[: count * length].reshape(count, length, pixels)
            ratio = _rescaled_ranges(windows, work[:, :count], divisor_offset)
            constant = equal_run[length - 1 : count * length : length] >= length - 1
            used = count
            if constant.any():
                np.copyto(ratio, 0.0, where=constant)
                used = count - constant.sum(axis=0)
            total = ratio[0]
            for window in range(1, count):
                total += ratio[window]
            np.divide(total, used, out=result[row])
        np.log(result, out=result)
    result[~np.isfinite(result)] = np.nan
    return result


def _equal_run(series: np.ndarray, rounding: float) -> np.ndarray:
    """How many values directly before each one equal it: a window is constant when its last run covers it."""
    run = np.zeros(series.shape, dtype=np.int32)
    if rounding:
        same = np.abs(series[1:] - series[:-1]) <= rounding * np.abs(series).max(axis=0, initial=0.0)
    else:
        same = series[1:] == series[:-1]
    if same.any():
        for step in range(1, len(series)):
            np.add(run[step - 1], 1, out=run[step])
            run[step] *= same[step - 1]
    return run


def _rescaled_ranges(windows: np.ndarray, work: np.ndarray, divisor_offset: int) -> np.ndarray:
    """R/S of every window (count, length, pixels), as a view (count, pixels) into ``work`` (6, count, pixels)."""
    length = windows.shape[1]
    mean, deviation, cumulative, highest, lowest, squares = work
    np.add(windows[:, 0], windows[:, 1], out=mean)
    for step in range(2, length):
        mean += windows[:, step]
    mean /= length

    np.subtract(windows[:, 0], mean, out=cumulative)
    np.multiply(cumulative, cumulative, out=squares)
    # The cumulative deviation ends at 0, which therefore always takes part in the range.
    np.maximum(cumulative, 0.0, out=highest)
    np.minimum(cumulative, 0.0, out=lowest)
    for step in range(1, length):
        np.subtract(windows[:, step], mean, out=deviation)
        if step < length - 1:
            cumulative += deviation
            np.maximum(highest, cumulative, out=highest)
            np.minimum(lowest, cumulative, out=lowest)
        deviation *= deviation
        squares += deviation

    highest -= lowest
    squares /= length - divisor_offset
    np.sqrt(squares, out=squares)
    highest /= squares
    return highest


def fit_line(log_length: np.ndarray, response: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least-squares line of each pixel over the window lengths it has.

    Parameters
    ----------
    log_length : float64 array (lengths,)
    response : float64 array (lengths, pixels)
        NaN where a pixel lacks a length.

    Returns
    -------
    slope, r_squared : float64 arrays (pixels,)
        NaN where fewer than three lengths are left; R squared also where the response does not vary.
    """
    pixels = response.shape[1]
    slope = np.full(pixels, np.nan)
    r_squared = np.full(pixels, np.nan)
    if len(log_length) < FEWEST_LENGTHS:
        return slope, r_squared
    present = ~np.isnan(response)
    complete = present.all(axis=0)
    if complete.all():
        return _fit(log_length, response, np.ones((len(log_length), 1), dtype=bool))
    enough = (present.sum(axis=0) >= FEWEST_LENGTHS) & ~complete
    for chosen, weights in ((complete, np.ones((len(log_length), 1), dtype=bool)), (enough, present[:, enough])):
        slope[chosen], r_squared[chosen] = _fit(log_length, np.where(weights, response[:, chosen], 0.0), weights)
    return slope, r_squared


def _fit(log_length: np.ndarray, response: np.ndarray, present: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Line through the lengths ``present`` (lengths, pixels or 1); the response is 0 where one is not."""
    count, x = present.sum(axis=0), log_length[:, np.newaxis]
    x = (x - sum_over_time(x * present) / count) * present
    y = (response - sum_over_time(response) / count) * present
    sxx, sxy, syy = sum_over_time(x * x), sum_over_time(x * response), sum_over_time(y * y)
    slope = sxy / sxx
    with np.errstate(divide="ignore", invalid="ignore"):
        r_squared = np.where(syy > 0, np.minimum(slope * sxy / syy, 1.0), np.nan)
    return slope, r_squared
