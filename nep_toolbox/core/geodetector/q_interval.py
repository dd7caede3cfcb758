"""How far q can be trusted: its confidence limits, and q without what the number of strata adds to it.

Both suppose independent rows and strata that were there before the target was looked at. Of the best of many cuts q is
too large, and so are its limits; of rows that are alike where they are near the limits are too narrow.
"""

from __future__ import annotations

from typing import Callable

import numpy as np

from .noncentral_f import noncentral_f_tail

#: A lambda beyond which the numerator of F is taken as constant beside the denominator. A limit is off by less than
#: (N / lambda)^2 / sqrt(N / 8) then: 3e-12 of 1e8 values. The tail of F, which loses digits there, would be no better.
_LARGE = 1e12


def q_limits(q: float, size: int, strata: int, confidence: float = 95.0) -> tuple[float, float]:
    """Confidence limits of q by inversion of the noncentral F distribution.

    Parameters
    ----------
    q : float
        Power of determinant, 0 to 1.
    size, strata : int
        Number of values N and of strata L.
    confidence : float
        In percent, between 0 and 100.

    Returns
    -------
    lower, upper : float
        ``lambda / (lambda + N)`` of the noncentralities under which an F as large, or as small, as that of q has a
        probability of (100 - confidence) / 2 percent; 0 where there is none. Both are 1 where q is, and NaN with one
        stratum or with as many strata as values.

    Notes
    -----
    A ``lambda`` of N q / (1 - q) belongs to strata whose means take the share q of the variance of the population, the
    number of values in each stratum being given.

    References
    ----------
    Steiger, J. H. (2004). Beyond the F test: effect size confidence intervals and tests of close fit in the analysis
    of variance and contrast analysis. Psychol. Methods 9, 164-182. doi:10.1037/1082-989X.9.2.164
    """
    df_1, df_2 = strata - 1, size - strata
    if df_1 < 1 or df_2 < 1 or np.isnan(q):
        return float("nan"), float("nan")
    if q >= 1.0:
        return 1.0, 1.0
    tail = (100.0 - confidence) / 200.0
    found = (_noncentrality(q / (1.0 - q), df_1, df_2, probability) for probability in (tail, 1.0 - tail))
    lower, upper = (value / (value + size) for value in found)
    return lower, upper


def q_adjusted(q: float, size: int, strata: int) -> float:
    """q less what strata that explain nothing would have: 1 - (1 - q) (N - 1) / (N - L).

    Parameters
    ----------
    q : float
        Power of determinant.
    size, strata : int
        Number of values N and of strata L.

    Returns
    -------
    float
        0 in the mean where the strata do not differ, so it may be negative; NaN with as many strata as values.

    Notes
    -----
    The adjusted R squared of the regression whose predictions are the means of the strata.
    """
    if size <= strata:
        return float("nan")
    return 1.0 - (1.0 - q) * ((size - 1) / (size - strata))


def _noncentrality(ratio: float, df_1: int, df_2: int, probability: float) -> float:
    """The lambda under which F, ``ratio`` times df_2 / df_1, is exceeded with a probability; 0 where there is none."""
    from scipy.optimize import brentq
    from scipy.special import gammaincinv, ndtri

    # (lambda + df_1) / ratio is about chi-squared of df_2, the closer the larger lambda is
    asymptote = 2.0 * float(gammaincinv(df_2 / 2.0, probability)) * ratio - df_1
    if asymptote > _LARGE:
        return asymptote
    f = ratio * (df_2 / df_1)

    def excess(noncentrality: float) -> float:
        return noncentral_f_tail(f, df_1, df_2, noncentrality) - probability

    if excess(0.0) >= 0.0:
        return 0.0
    centre = max(ratio * df_2 - df_1, 1.0)
    spread = float(np.sqrt(2.0 * df_1 + 4.0 * centre + 2.0 * centre * centre / df_2))
    low, high = _bracket(excess, max(centre + float(ndtri(probability)) * spread, 0.0), spread / 16.0)
    return float(brentq(excess, low, high, xtol=1e-12, rtol=1e-14))


def _bracket(growing: Callable[[float], float], start: float, step: float) -> tuple[float, float]:
    """Two numbers, none of them negative, between which a function that grows from below 0 at 0 is 0."""
    low, high = max(start - step, 0.0), start + step
    while growing(high) < 0.0:
        step *= 2.0
        low, high = high, high + step
    while low > 0.0 and growing(low) >= 0.0:
        step *= 2.0
        low, high = max(low - step, 0.0), low
    return low, high
