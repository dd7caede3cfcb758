"""Future trend: the trend of the past crossed with its persistence, or with the evidence of it."""

from __future__ import annotations

import numpy as np

from ...errors import InvalidParameter
from .hurst import ANTI_PERSISTENT, CLASS_NODATA, PERSISTENT, RANDOM, persistence_class

SIGNIFICANT_DECREASE, DECREASE, STABLE, INCREASE, SIGNIFICANT_INCREASE = 1, 2, 3, 4, 5
_GROUP_OF_CLASS = {
    -4: SIGNIFICANT_DECREASE,
    -3: SIGNIFICANT_DECREASE,
    -2: DECREASE,
    -1: DECREASE,
    0: STABLE,
    1: INCREASE,
    2: INCREASE,
    3: SIGNIFICANT_INCREASE,
    4: SIGNIFICANT_INCREASE,
}

#: Digits of the evidence; the other two are those of the persistence classes.
UNCLEAR, LIKELY_TO_REVERSE, LIKELY_TO_CONTINUE = RANDOM, ANTI_PERSISTENT, PERSISTENT

FUTURE_LABELS = {
    10 * RANDOM + SIGNIFICANT_DECREASE: "Significant decrease, future undetermined (H = 0.5)",
    10 * RANDOM + DECREASE: "Non-significant decrease, future undetermined (H = 0.5)",
    10 * RANDOM + STABLE: "Stable, future undetermined (H = 0.5)",
    10 * RANDOM + INCREASE: "Non-significant increase, future undetermined (H = 0.5)",
    10 * RANDOM + SIGNIFICANT_INCREASE: "Significant increase, future undetermined (H = 0.5)",
    10 * ANTI_PERSISTENT + SIGNIFICANT_DECREASE: "Significant decrease, expected to reverse",
    10 * ANTI_PERSISTENT + DECREASE: "Non-significant decrease, expected to reverse",
    10 * ANTI_PERSISTENT + STABLE: "Stable, not expected to last",
    10 * ANTI_PERSISTENT + INCREASE: "Non-significant increase, expected to reverse",
    10 * ANTI_PERSISTENT + SIGNIFICANT_INCREASE: "Significant increase, expected to reverse",
    10 * PERSISTENT + SIGNIFICANT_DECREASE: "Persistent significant decrease",
    10 * PERSISTENT + DECREASE: "Persistent non-significant decrease",
    10 * PERSISTENT + STABLE: "Persistent stability",
    10 * PERSISTENT + INCREASE: "Persistent non-significant increase",
    10 * PERSISTENT + SIGNIFICANT_INCREASE: "Persistent significant increase",
}


EVIDENCE_LABELS = {
    10 * UNCLEAR + SIGNIFICANT_DECREASE: "Significant decrease, unclear: no evidence of memory",
    10 * UNCLEAR + DECREASE: "Non-significant decrease, unclear: no evidence of memory",
    10 * UNCLEAR + STABLE: "Stable, unclear: no evidence of memory",
    10 * UNCLEAR + INCREASE: "Non-significant increase, unclear: no evidence of memory",
    10 * UNCLEAR + SIGNIFICANT_INCREASE: "Significant increase, unclear: no evidence of memory",
    10 * LIKELY_TO_REVERSE + SIGNIFICANT_DECREASE: "Significant decrease, likely to reverse",
    10 * LIKELY_TO_REVERSE + DECREASE: "Non-significant decrease, likely to reverse",
    10 * LIKELY_TO_REVERSE + STABLE: "Stable, likely not to last",
    10 * LIKELY_TO_REVERSE + INCREASE: "Non-significant increase, likely to reverse",
    10 * LIKELY_TO_REVERSE + SIGNIFICANT_INCREASE: "Significant increase, likely to reverse",
    10 * LIKELY_TO_CONTINUE + SIGNIFICANT_DECREASE: "Significant decrease, likely to continue",
    10 * LIKELY_TO_CONTINUE + DECREASE: "Non-significant decrease, likely to continue",
    10 * LIKELY_TO_CONTINUE + STABLE: "Stable, likely to continue",
    10 * LIKELY_TO_CONTINUE + INCREASE: "Non-significant increase, likely to continue",
    10 * LIKELY_TO_CONTINUE + SIGNIFICANT_INCREASE: "Significant increase, likely to continue",
}


def trend_group(trend_class: np.ndarray) -> np.ndarray:
    """Group of a trend class.

    Parameters
    ----------
    trend_class : array (...)
        Trend classes -4 to 4, of integer type with CLASS_NODATA for missing, or of float type with NaN for missing.

    Returns
    -------
    int16 array (...)
        1 significant decrease (classes -4, -3), 2 decrease that is not significant at 0.05 (-2, -1), 3 stable (0), 4
        increase not significant (1, 2), 5 significant increase (3, 4); 0 where the class is missing.

    Raises
    ------
    InvalidParameter
        A trend class that does not exist.
    """
    trend_class = np.asarray(trend_class)
    missing = np.isnan(trend_class) | (trend_class == CLASS_NODATA)
    group = np.zeros(trend_class.shape, dtype=np.int16)
    for known, its_group in _GROUP_OF_CLASS.items():
        group[trend_class == known] = its_group
    unknown = ~missing & (group == 0)
    if unknown.any():
        found = ", ".join(f"{value:g}" for value in np.unique(trend_class[unknown])[:5])
        raise InvalidParameter(
            f"The raster ⟨TREND⟩ holds {found}, and a trend class is a whole number from -4 to 4: give the result "
            "⟨nep:trend:CLASS⟩ of the tool ⟨nep:trend⟩, not its slope or p-value."
        )
    return group


def evidence(hurst: np.ndarray, p_value: np.ndarray, alpha: float) -> np.ndarray:
    """What the Hurst exponent is evidence of.

    Parameters
    ----------
    hurst, p_value : float arrays (...)
        Hurst exponent, and its p against white noise; NaN is missing.
    alpha : float
        Evidence is a p below it.

    Returns
    -------
    int16 array (...)
        2 (likely to continue) where H is above 0.5 and p below ``alpha``, 1 (likely to reverse) where H is below 0.5
        and p below ``alpha``, else 0 (unclear); CLASS_NODATA where one of the two is missing.
    """
    p_value = np.asarray(p_value)
    digit = persistence_class(hurst)
    with np.errstate(invalid="ignore"):
        digit[(digit != CLASS_NODATA) & ~(p_value < alpha)] = UNCLEAR
    digit[np.isnan(p_value)] = CLASS_NODATA
    return digit


def future_trend(trend_class: np.ndarray, hurst: np.ndarray, p_value=None, alpha: float = 0.1) -> np.ndarray:
    """Expected future of a trend.

    Parameters
    ----------
    trend_class : array (...)
        As for `trend_group`.
    hurst : float array (...)
        Hurst exponent; NaN is missing.
    p_value : float array (...), optional
        Its p against white noise: the first digit is then that of `evidence`.
    alpha : float
        As for `evidence`.

    Returns
    -------
    int16 array (...)
        ``10 * persistence + group``, CLASS_NODATA where an input is missing. Persistence is 0 where H is exactly 0.5,
        1 below, 2 above, and the codes are named in FUTURE_LABELS; with ``p_value`` it is `evidence`, and they are
        named in EVIDENCE_LABELS. The group is that of `trend_group`.

    Raises
    ------
    InvalidParameter
        A trend class that does not exist, or arrays of different shape.
    """
    shapes = [np.shape(array) for array in (trend_class, hurst, p_value) if array is not None]
    if len(set(shapes)) > 1:
        raise InvalidParameter(
            f"Trend classes, Hurst exponents and their p-values differ in shape ({', '.join(map(str, shapes))}): all "
            "must lie on one grid."
        )
    group = trend_group(trend_class)
    persistence = persistence_class(hurst) if p_value is None else evidence(hurst, p_value, alpha)
    code = 10 * persistence.astype(np.int32) + group
    code[(group == 0) | (persistence == CLASS_NODATA)] = CLASS_NODATA
    return code.astype(np.int16)
