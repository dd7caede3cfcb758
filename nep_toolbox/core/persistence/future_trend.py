"""Future trend: the trend of the past crossed with its persistence."""

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


def future_trend(trend_class: np.ndarray, hurst: np.ndarray) -> np.ndarray:
    """Expected future of a trend.

    Parameters
    ----------
    trend_class : array (...)
        Trend classes -4 to 4, of integer type with CLASS_NODATA for missing, or of float type with NaN for missing.
    hurst : float array (...)
        Hurst exponent; NaN is missing.

    Returns
    -------
    int16 array (...)
        ``10 * persistence + group``, named in FUTURE_LABELS; CLASS_NODATA where either input is missing. Persistence
        is 0 where H is exactly 0.5, 1 below, 2 above; group 1 significant decrease (classes -4, -3), 2 decrease that
        is not significant at 0.05 (-2, -1), 3 stable (0), 4 increase not significant (1, 2), 5 significant increase.

    Raises
    ------
    InvalidParameter
        A trend class that does not exist, or two arrays of different shape.
    """
    trend_class = np.asarray(trend_class)
    hurst = np.asarray(hurst)
    if trend_class.shape != hurst.shape:
        raise InvalidParameter(
            f"Trend classes and Hurst exponents differ in shape ({trend_class.shape} and {hurst.shape}): both must lie "
            "on one grid."
        )
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
    persistence = persistence_class(hurst)
    code = 10 * persistence.astype(np.int32) + group
    code[missing | (persistence == CLASS_NODATA)] = CLASS_NODATA
    return code.astype(np.int16)
