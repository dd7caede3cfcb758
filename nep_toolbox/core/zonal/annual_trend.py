"""Summary of annual means: level and trend of a short series."""

from __future__ import annotations

import numpy as np

from ...errors import InvalidParameter

#: Level of the confidence limits of the Theil-Sen slope, in percent.
CONFIDENCE = 95.0

#: Results of `annual_summary` by what `trend` calls them.
_TREND = {
    "slope": "ols_slope", "intercept": "ols_intercept", "slope_p": "ols_p_value", "sen_slope": "slope",
    "sen_lower": "lower", "sen_upper": "upper", "z": "z", "p": "p_value",
}


def annual_summary(means: np.ndarray, years: np.ndarray, *, min_observations: int = 3) -> dict[str, np.ndarray]:
    """Multi-year mean and trends of annual means.

    Parameters
    ----------
    means : float array (n, regions)
        Annual means; NaN is missing.
    years : array (n,)
        Calendar years, strictly ascending.
    min_observations : int
        Fewest years for a trend, at least 3.

    Returns
    -------
    dict of float64 arrays (regions,)
        ``mean`` of the annual means; ``slope``, ``intercept`` and ``slope_p`` of the least-squares line; ``sen_slope``
        per year with the limits ``sen_lower`` and ``sen_upper`` (`CONFIDENCE` percent); ``z`` and ``p`` of the
        Mann-Kendall test. NaN where a region has too few years; ``mean`` where it has none.

    Raises
    ------
    InvalidParameter
        Another number of years than of time steps, or ``min_observations`` below 3.
    """
    from ..trend.theil_sen import trend

    if min_observations < 3:
        raise InvalidParameter(f"A trend over {min_observations} years has no p-value: use at least 3.")
    means, years = _checked(means, years)
    present = ~np.isnan(means)
    count = present.sum(axis=0)
    level = np.full(means.shape[1], np.nan)
    np.divide(np.where(present, means, 0.0).sum(axis=0), count, out=level, where=count > 0)
    result, found = {"mean": level}, {}
    if len(years) >= min_observations:
        found = trend(
            means, years, min_observations=min_observations, confidence=CONFIDENCE, wanted=tuple(_TREND.values())
        )
    for name, source in _TREND.items():
        result[name] = found.get(source, np.full(level.shape, np.nan))
    return result


def _checked(means: np.ndarray, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    means, years = np.asarray(means, dtype=np.float64), np.asarray(years, dtype=np.float64)
    if means.ndim != 2 or years.shape != means.shape[:1]:
        raise InvalidParameter(
            f"Annual means {means.shape} and years {years.shape} do not fit: they must be (years, regions) and "
            "(years,)."
        )
    return means, years
