"""Summary of annual means: level and trend of a short series."""

from __future__ import annotations

import numpy as np

from ...errors import InvalidParameter
from ..significance import student_two_sided_p

#: Level of the confidence limits of the Theil-Sen slope, in percent.
CONFIDENCE = 95.0

#: Results of `annual_summary` by what `trend` calls them.
_RANKED = {"sen_slope": "slope", "sen_lower": "lower", "sen_upper": "upper", "z": "z", "p": "p_value"}


def least_squares_trend(means: np.ndarray, years: np.ndarray) -> dict[str, np.ndarray]:
    """Straight line through annual means.

    Parameters
    ----------
    means : float array (n, regions)
        NaN is missing.
    years : array (n,)
        Calendar years.

    Returns
    -------
    dict of float64 arrays (regions,)
        ``slope`` per year; ``intercept``, the value of the line in year 0; ``p_value``, two-sided, of the slope by
        Student's t with n - 2 degrees of freedom (1 for a constant series, NaN for fewer than three years). All NaN for
        fewer than two years.

    Raises
    ------
    InvalidParameter
        Another number of years than of time steps.
    """
    means, years = _checked(means, years)
    present = ~np.isnan(means)
    count = present.sum(axis=0)
    y = np.where(present, means, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        year_mean = np.where(present, years[:, np.newaxis], 0.0).sum(axis=0) / count
        level = y.sum(axis=0) / count
        t = np.where(present, years[:, np.newaxis] - year_mean, 0.0)
        deviation = np.where(present, y - level, 0.0)
        sxx = (t * t).sum(axis=0)
        slope = (t * deviation).sum(axis=0) / sxx
        residual = deviation - slope * t
        error = np.sqrt((residual * residual).sum(axis=0) / (count - 2) / sxx)
        p_value = student_two_sided_p(slope / error, np.where(count > 2, count - 2.0, np.nan))
    constant = (slope == 0) & (error == 0)
    return {
        "slope": slope,
        "intercept": level - slope * year_mean,
        "p_value": np.where(constant & (count > 2), 1.0, p_value),
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
    line = least_squares_trend(means, years)
    enough = count >= min_observations
    result = {"mean": level}
    for name, source in (("slope", "slope"), ("intercept", "intercept"), ("slope_p", "p_value")):
        result[name] = np.where(enough, line[source], np.nan)
    found = {}
    if len(years) >= min_observations:
        found = trend(means, years, min_observations=min_observations, confidence=CONFIDENCE)
    for name, source in _RANKED.items():
        result[name] = np.asarray(found.get(source, np.full(level.shape, np.nan)), dtype=np.float64)
    return result


def _checked(means: np.ndarray, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    means, years = np.asarray(means, dtype=np.float64), np.asarray(years, dtype=np.float64)
    if means.ndim != 2 or years.shape != means.shape[:1]:
        raise InvalidParameter(
            f"Annual means {means.shape} and years {years.shape} do not fit: they must be (years, regions) and "
            "(years,)."
        )
    return means, years
