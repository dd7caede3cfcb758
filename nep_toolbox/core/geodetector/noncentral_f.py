"""The upper tail of the noncentral F distribution, with all its digits.

Why not ``scipy.stats.ncf.sf``: up to scipy 1.8 it is 1 minus a series that is cut off early, 3.7e-4 for 1.3e-4 at
F = 38.7 with 8 and 176 degrees of freedom and lambda = 152.8, and no smaller than about 1e-4 however small the tail
is. From 1.9 on it is right (to 1e-8 of itself for lambda up to 1e6, to 1e-6 up to 1e9), but it returns the negative
of the lower tail for lambda = 0, 0 for tails below about 1e-230, and in 1.10 a lambda above 2^32, which a target with a
mean of 30,000 standard deviations has, ends the whole process.
"""

from __future__ import annotations

import numpy as np

_DROP = 42.0  # terms below exp(-42) of the largest one are left out
_NODES = 128  # more terms than that are summed at equal steps

_BOTH_LARGE = 3e5  # the incomplete beta function of two numbers above is taken from its expansion

#: The incomplete beta function of SciPy loses digits with the noncentrality: against the limit of a chi-squared
#: denominator the tail is off by 1e-7 of its value at 1e10, 1e-5 at 1e12 and 2e-2 at 1e15. Beyond there is none.
LARGEST = 1e15


def noncentral_f_tail(f: float, df_1: float, df_2: float, noncentrality: float) -> float:
    """Return ``P(F' > f)`` of the noncentral F distribution.

    Parameters
    ----------
    f : float
        Statistic; infinity gives 0.
    df_1, df_2 : float
        Degrees of freedom, positive.
    noncentrality : float
        Not negative; 0 is the central F distribution.

    Returns
    -------
    float
        A small probability keeps its relative precision; one below 1e-300 may come out as 0.

    Notes
    -----
    The sum over j of Poisson(j; lambda / 2) times the tail of a beta distribution: all terms are positive, so nothing
    cancels, unlike in 1 - P(F' <= f).

    References
    ----------
    Johnson, N. L., Kotz, S. and Balakrishnan, N. (1995). Continuous Univariate Distributions, vol. 2, chapter 30.
    """
    from scipy.special import fdtrc

    if np.isnan(f) or not noncentrality <= LARGEST:
        return float("nan")
    if f <= 0:
        return 1.0
    if np.isinf(f):
        return 0.0
    if noncentrality == 0:
        return float(fdtrc(df_1, df_2, f))
    return _mixture(df_1 / 2.0, df_2 / 2.0, noncentrality / 2.0, df_2 / (df_2 + df_1 * f))


def _mixture(a: float, b: float, mean: float, share: float) -> float:
    """Sum over j of Poisson(j; mean) * P(B > 1 - share) for B of the distribution beta(a + j, b).

    The logarithm of the terms is concave in j; the sum is taken round its top, found in steps. Where the terms are many
    they vary slowly, and a sum over every h-th of them, times h, equals the whole one to rounding (the trapezoidal rule
    on a smooth peak).
    """
    # nearly all of the Poisson weight lies above: where the tail is full there, it is full
    floor = np.floor(mean - 9.0 * np.sqrt(mean))
    if floor > 0 and _betainc(a + floor, b, 1.0 - share) < 1e-17:
        return 1.0

    def log_term(j: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return _log_poisson(j, mean) + np.log(_betainc(b, a + j, share))

    # the tail of the beta distribution grows by no more than (a + b + j) / (a + j) from j to j + 1
    top, largest = _highest(log_term, np.ceil(mean + np.sqrt(mean * (a + b))) + 1.0)
    if np.isneginf(largest):
        return 0.0
    # on either side the terms fall off at least as fast as those of the Poisson distribution
    reach = np.ceil(12.0 * np.sqrt(max(top, mean)) + 2.0 * _DROP) * np.array([0.125, 0.25, 0.375, 0.5, 0.75, 1.0])
    offset = np.ceil(np.append(reach, 8.0 * reach[-1]))
    right = top + offset[np.argmax(log_term(top + offset) < largest - _DROP)]
    lower = np.maximum(top - offset, 0.0)
    left = lower[np.argmax((log_term(lower) < largest - _DROP) | (lower == 0.0))]
    step = max(1.0, np.floor((right - left) / _NODES))
    terms = np.exp(log_term(np.arange(left, right + 1.0, step)) - largest)
    return float(min(1.0, np.exp(largest) * step * terms.sum()))


def _betainc(a, b, x) -> np.ndarray:
    """The incomplete beta function; of two large numbers by its uniform expansion.

    The continued fraction of SciPy up to 1.11 ends too early there: it is off by 1e-6 for 1e6 and 9e6, by 0.01 for
    ten times these. The expansion is off by less than the power -3/2 of the smaller number.

    References
    ----------
    Temme, N. M. (1982). The uniform asymptotic expansion of a class of integrals related to cumulative distribution
    functions. SIAM J. Math. Anal. 13, 239-253. doi:10.1137/0513017
    """
    from scipy.special import betainc, ndtr

    if min(np.min(a), np.min(b)) < _BOTH_LARGE:
        return betainc(a, b, x)
    n = np.asarray(a + b, dtype=np.float64)
    centre = a / n
    off, width = x - centre, np.sqrt(centre * (1.0 - centre))
    near = np.abs(off) < 1e-5 * width
    with np.errstate(divide="ignore", invalid="ignore"):
        half = np.maximum(-centre * np.log1p(off / centre) - (1.0 - centre) * np.log1p(-off / (1.0 - centre)), 0.0)
        eta = np.sign(off) * np.sqrt(2.0 * half)
        term = np.where(near, (1.0 - 2.0 * centre) / (3.0 * width), 1.0 / eta - width / off)
    return np.clip(ndtr(eta * np.sqrt(n)) + np.exp(-n * half) * term / np.sqrt(2.0 * np.pi * n), 0.0, 1.0)


def _highest(log_term, last: float) -> tuple:
    """Whole number between 0 and ``last`` where a concave function is largest, and its value there."""
    first = 0.0
    while True:
        j = np.unique(np.floor(np.linspace(first, last, 17)))
        value = log_term(j)
        # where all terms underflow only larger j can have one
        at = j.size - 1 if np.isneginf(value).all() else int(np.argmax(value))
        if last - first < 16:
            return j[at], value[at]
        first, last = j[max(at - 1, 0)], j[min(at + 1, j.size - 1)]


def _log_poisson(j: np.ndarray, mean: float) -> np.ndarray:
    """Logarithm of the Poisson probability, exact for large means where the factorial form cancels (Loader 2000)."""
    from scipy.special import gammaln

    j = np.asarray(j, dtype=np.float64)
    n = np.maximum(j, 1.0)
    excess = (n - mean) / mean
    deviance = mean * ((1.0 + excess) * np.log1p(excess) - excess)
    direct = gammaln(n + 1.0) - (n + 0.5) * np.log(n) + n - 0.5 * np.log(2.0 * np.pi)
    series = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / n**2) / n**2) / n
    remainder = np.where(n < 16.0, direct, series)
    return np.where(j == 0.0, -mean, -remainder - deviance - 0.5 * np.log(2.0 * np.pi * n))
