"""Hurst exponent of pixel series by rescaled range, with its significance and its classes.

References
----------
Hurst, H. E. (1951). Long-term storage capacity of reservoirs. Trans. Am. Soc. Civ. Eng. 116, 770-799.
Anis, A. A. and Lloyd, E. H. (1976). doi:10.1093/biomet/63.1.111
"""

from __future__ import annotations

import numpy as np

from ...errors import InvalidParameter
from ..valid_values import alike, without_gaps
from .detrend import Detrend, residuals
from .interval import interval, require_interval
from .rescaled_range import Method, window_lengths
from .white_noise import estimate, p_value, white_noise_mean, white_noise_persistent

__all__ = [
    "ANTI_PERSISTENT",
    "CLASS_NODATA",
    "PERSISTENCE_LABELS",
    "PERSISTENT",
    "RANDOM",
    "Detrend",
    "Method",
    "hurst",
    "p_value",
    "persistence_class",
    "white_noise_mean",
    "white_noise_persistent",
]

CLASS_NODATA = -32768
RANDOM = 0
ANTI_PERSISTENT = 1
PERSISTENT = 2
PERSISTENCE_LABELS = {
    ANTI_PERSISTENT: "Anti-persistent (H < 0.5)",
    RANDOM: "Random (H = 0.5)",
    PERSISTENT: "Persistent (H > 0.5)",
}


def hurst(
    stack, *, method: Method = Method.PIECES, min_window: int = 4, corrected: bool = True, min_observations: int = 12,
    significance: bool = False, detrend: Detrend = Detrend.NONE, years=None, confidence: float | None = None,
) -> dict[str, np.ndarray]:
    """Hurst exponent of every pixel by rescaled-range analysis.

    Parameters
    ----------
    stack : float array (n, ...)
        Time on axis 0; NaN and infinite values are missing. A pixel with gaps uses its valid values in their order.
    method : Method
        Windows of equal length that follow each other (0), or that expand from the start (1).
    min_window : int
        Shortest window, at least 2.
    corrected : bool
        Measure ln(R/S) against its expectation under white noise (S with divisor ``length - 1``), H is 0.5 plus the
        slope. Otherwise the plain slope (S with divisor ``length``): far above 0.5 for short series of white noise.
    min_observations : int
        Fewest valid values of a pixel.
    significance : bool
        Also return ``p_value``.
    detrend, years
        What is taken out of the valid values of each pixel before, as for `residuals`; without years (n,) the steps
        follow each other.
    confidence : float, optional
        Level in percent of an `interval` of H; for corrected pieces only.

    Returns
    -------
    dict of float64 arrays (...)
        ``hurst``, unclipped; ``r_squared`` of the line fitted; with ``significance`` the two-sided ``p_value`` against
        white noise of the same number of values; with ``confidence`` the limits ``lower`` and ``upper``. NaN where
        there are too few valid values, or fewer than three window lengths with a window that is not constant; with
        ``detrend`` also where a series is nothing but its line.

    Raises
    ------
    InvalidParameter
        ``min_window`` below 2, an unknown method or kind of line, no time axis, or no interval of that form.

    Notes
    -----
    For each length the mean of R/S over its windows but constant ones, where R is the range of the cumulative
    deviations from the mean and S the standard deviation; H is the least-squares slope of ln(R/S) on ln(length).
    """
    stack = _checked(stack, method, min_window, corrected, confidence)
    series = stack.reshape(len(stack), -1)
    missing = ~np.isfinite(series)
    names = ["hurst", "r_squared"] + ["p_value"] * significance + ["lower", "upper"] * (confidence is not None)
    result = {name: np.full(series.shape[1], np.nan) for name in names}
    options = {"method": Method(method), "min_window": min_window, "corrected": corrected, "detrend": detrend}
    years = np.arange(len(series)) if years is None else np.asarray(years)
    for count, chosen in alike(missing, min_observations):
        values, is_line = residuals(series[:, chosen], years, detrend)
        values, _places = without_gaps(values, missing[:, chosen], count)
        for name, found in zip(names, _estimates(values, is_line, significance, confidence, **options)):
            result[name][chosen] = found
    return {name: values.reshape(stack.shape[1:]) for name, values in result.items()}


def _checked(stack, method: Method, min_window: int, corrected: bool, confidence: float | None) -> np.ndarray:
    """The stack as an array; an error on arguments that make no sense."""
    stack = np.asarray(stack)
    if stack.ndim == 0:
        raise InvalidParameter("A single number has no persistence: give a series with time on its first axis.")
    window_lengths(len(stack), method, min_window)
    if confidence is not None:
        require_interval(method, corrected, confidence)
    return stack


def _estimates(values: np.ndarray, is_line: np.ndarray, significance: bool, confidence, **options) -> list:
    """What is wanted of complete series (n, pixels), in the order of the results; NaN for one that is but a line."""
    found = [np.where(is_line, np.nan, each) for each in estimate(values, **options)]
    exponent, count = found[0], len(values)
    if significance:
        found.append(p_value(exponent, count, **options))
    if confidence is not None:
        found += interval(exponent, count, confidence, options["min_window"], options["detrend"])
    return found


def persistence_class(hurst: np.ndarray) -> np.ndarray:
    """Class of a Hurst exponent.

    Parameters
    ----------
    hurst : float array (...)
        NaN is missing.

    Returns
    -------
    int16 array (...)
        1 anti-persistent (H < 0.5), 2 persistent (H > 0.5), 0 exactly 0.5, CLASS_NODATA where H is missing.
    """
    hurst = np.asarray(hurst)
    classes = np.full(hurst.shape, CLASS_NODATA, dtype=np.int16)
    with np.errstate(invalid="ignore"):
        classes[hurst == 0.5] = RANDOM
        classes[hurst < 0.5] = ANTI_PERSISTENT
        classes[hurst > 0.5] = PERSISTENT
    return classes
