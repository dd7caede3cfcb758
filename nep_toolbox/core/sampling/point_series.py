"""What is told of the series of each point: mean, trend and persistence."""

from __future__ import annotations

import numpy as np

from ..persistence.hurst import Detrend, hurst
from ..trend.theil_sen import trend

#: Fewest valid values of a Hurst exponent.
FEWEST_FOR_HURST = 12


def point_summary(values, years, *, min_observations: int = 8, confidence: float = 95.0) -> dict:
    """Mean, trend and Hurst exponent of the series of some points, as `trend` and `hurst` have them for pixels.

    Parameters
    ----------
    values : float array (n, points)
        NaN is missing.
    years : array (n,)
        Strictly ascending.
    min_observations : int
        Fewest valid values for a trend.
    confidence : float
        Level of the limits of the slope, percent.

    Returns
    -------
    dict of arrays (points,)
        ``n``, the number of valid values (int64); ``mean``; ``slope`` (Theil-Sen, per year) with ``lower`` and
        ``upper``; ``z`` and ``p`` (Mann-Kendall); ``hurst`` of the series without its least-squares line, corrected for
        its length, with windows side by side from 4 steps on, where there are `FEWEST_FOR_HURST` values. ``middle`` and
        ``level`` are the median year and the median of the valid values: every line of a slope passes through them.
        NaN where there are too few values.
    """
    values, years = np.asarray(values), np.asarray(years)
    valid = np.isfinite(values)
    count = valid.sum(axis=0)
    found = trend(
        values, years, min_observations=min_observations, confidence=confidence,
        wanted=("slope", "intercept", "z", "p_value", "lower", "upper"),
    )
    mean, middle = np.full(count.shape, np.nan), np.full(count.shape, np.nan)
    with np.errstate(over="ignore"):
        total = np.where(valid, values, 0).sum(axis=0, dtype=np.float64)
    np.divide(total, count, out=mean, where=(count > 0) & np.isfinite(total))
    timed = np.where(valid, years[:, np.newaxis], np.nan)
    middle[count > 0] = np.nanmedian(timed[:, count > 0], axis=0)
    persistence = hurst(values, min_observations=FEWEST_FOR_HURST, detrend=Detrend.OLS, years=years)
    return {
        "n": count, "mean": mean, "slope": found["slope"], "lower": found["lower"], "upper": found["upper"],
        "z": found["z"], "p": found["p_value"], "hurst": persistence["hurst"], "middle": middle,
        "level": found["intercept"] + found["slope"] * middle,
    }
