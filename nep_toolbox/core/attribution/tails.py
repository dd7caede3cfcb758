"""Tails of Student's t and of F with whole degrees of freedom, many at once.

Both are the regularised incomplete beta function I, of half-whole numbers: that has finite sums.

References
----------
Abramowitz, M. and Stegun, I. A. (1964). Handbook of Mathematical Functions. 26.5.8, 26.5.16, 26.7.3 and 26.7.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, lgamma, log, pi

import numpy as np

from ..significance import student_two_sided_p

#: A p that is smaller is taken from a continued fraction: as 1 less a sum it would have too few digits.
_SMALL = 1e-5

#: With more degrees of freedom the sum has so many terms that scipy is as fast.
_MOST_DF = 60

#: A square that is larger is taken for this one, so that it can be divided by itself.
_LARGEST = 1e300


def two_sided_p(t: np.ndarray, df: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two-sided p of t, and the correlation it is the test of.

    Parameters
    ----------
    t : float64 array (k, pixels)
    df : int array (pixels,)

    Returns
    -------
    p_value, r : float64 arrays (k, pixels)
        NaN where t is, or where df is not positive.
    """
    p = np.full(t.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        squares = t * t
        whole = squares + np.where(df > 0, df, np.nan)
        x = df / whole
        root = np.minimum(squares, _LARGEST, out=squares) / np.minimum(whole, _LARGEST, out=whole)
        np.sqrt(root, out=root)
        for kind, here in _kinds(df):
            some = (np.ascontiguousarray(each[:, here]) for each in (x, root))
            p[:, here] = student_two_sided_p(t[:, here], kind) if kind > _MOST_DF else _beta_of_half(*some, kind)
    return p, np.copysign(root, t)


def upper_p(unexplained: np.ndarray, k: int, df: np.ndarray) -> np.ndarray:
    """p of the F test of k coefficients.

    Parameters
    ----------
    unexplained : float64 array (pixels,)
        1 - R squared: F is ((1 - unexplained) / k) / (unexplained / df).
    k : int
    df : int array (pixels,)
        Of the residuals.

    Returns
    -------
    float64 array (pixels,)
        NaN where ``unexplained`` is, or where df is not positive.
    """
    from scipy.special import betainc

    p = np.full(unexplained.shape, np.nan)
    for kind, here in _kinds(df):
        some = np.ascontiguousarray(unexplained[here])
        with np.errstate(divide="ignore", invalid="ignore"):
            p[here] = betainc(kind / 2.0, k / 2.0, some) if max(kind, k) > _MOST_DF else _beta(some, kind, k)
    return p


def _kinds(df: np.ndarray) -> Iterator:
    """Each number of degrees of freedom above 0, and the pixels that have it."""
    if df.size and (df == df[0]).all():
        kinds, places = df[:1], [slice(None)]
    else:
        kinds = np.flatnonzero(np.bincount(np.maximum(df, 0)))
        places = (np.flatnonzero(df == kind) for kind in kinds)
    return ((int(kind), here) for kind, here in zip(kinds, places) if kind > 0)


def _beta(x: np.ndarray, df: int, k: int) -> np.ndarray:
    """I_x(df / 2, k / 2): all terms are positive, so that none cancels another."""
    a, rest, odd = df / 2.0, 1.0 - x, k % 2
    first = odd / 2.0  # I_x(a, b + 1) is I_x(a, b) and a term; so from b = 0 or 1/2 on
    terms = [exp(lgamma(a + b) - lgamma(a) - lgamma(b + 1.0)) for b in (first + j for j in range(k // 2))]
    total = np.zeros(x.shape)
    for term in reversed(terms):
        total *= rest
        total += term
    total *= _half_power(x, df)
    if not odd:
        return total
    root = np.sqrt(rest)
    total *= root
    total += _beta_of_half(x, root, df)
    return total


def _beta_of_half(x: np.ndarray, root: np.ndarray, df: int) -> np.ndarray:
    """I_x(df / 2, 1 / 2); ``root`` is that of 1 - x."""
    odd = df % 2
    terms = [1.0] if df > 1 else []  # of the sum in powers of x, from the constant one on
    for place in range(1, (df - 2 - odd) // 2 + 1):
        terms.append(terms[-1] * (2 * place / (2 * place + 1) if odd else (2 * place - 1) / (2 * place)))
    total = np.full(x.shape, terms[-1] if terms else 0.0)
    for term in reversed(terms[:-1]):
        total *= x
        total += term
    total *= root
    if odd:
        other = np.sqrt(x)
        total *= other
        total += np.arctan(np.divide(root, other, out=other))
        total *= 2.0 / pi
    p = np.subtract(1.0, total, out=total)
    small = p < _SMALL
    if small.any():
        p[small] = _small_beta_of_half(x[small], root[small], df)
    return p


def _small_beta_of_half(x: np.ndarray, root: np.ndarray, df: int) -> np.ndarray:
    """The same where it is small, by its continued fraction."""
    a = df / 2.0
    fraction = np.ones(x.shape)
    for place in range(4 + df // 6, 0, -1):  # further ones do not change the last digit of what is below `_SMALL`
        odd = -(a + place) * (a + 0.5 + place) / ((a + 2 * place) * (a + 2 * place + 1.0))
        even = place * (0.5 - place) / ((a + 2 * place - 1.0) * (a + 2 * place))
        for factor in (odd, even):
            np.divide(x, fraction, out=fraction)
            fraction *= factor
            fraction += 1.0
    np.divide(x, fraction, out=fraction)
    fraction *= -(a + 0.5) / (a + 1.0)
    fraction += 1.0
    constant = exp(lgamma(a + 0.5) - lgamma(a) - 0.5 * log(pi)) / a
    return _half_power(x, df) * root * constant / fraction


def _half_power(x: np.ndarray, twice: int) -> np.ndarray:
    """x to the power of half a whole number, by products: unlike pow the same bits everywhere."""
    found = np.sqrt(x) if twice % 2 else np.ones(x.shape)
    square, left = x, twice // 2
    while left:
        if left % 2:
            found = found * square
        left //= 2
        if left:
            square = square * square
    return found
