"""Tails of Student's t with whole degrees of freedom, many at once."""

from __future__ import annotations

import numpy as np

from ..significance import student_two_sided_p

#: A p that is smaller is left to scipy: as 1 less a sum it would have too few digits.
_SMALL = 1e-5

#: With more degrees of freedom the sum has so many terms that scipy is as fast.
_MOST_DF = 60


def two_sided_p(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Two-sided p of t.

    Parameters
    ----------
    t : float64 array (k, pixels)
    df : int array (pixels,)

    Returns
    -------
    float64 array (k, pixels)
        NaN where t is, or where df is not positive.

    Notes
    -----
    The finite sums of Abramowitz and Stegun (1964), 26.7.3 and 26.7.4, which cost a tenth of the incomplete beta
    function.
    """
    p = np.full(t.shape, np.nan)
    kinds = np.unique(df)
    for kind in kinds[kinds > 0].tolist():
        here = slice(None) if len(kinds) == 1 else np.flatnonzero(df == kind)
        p[:, here] = _of_one(np.ascontiguousarray(t[:, here]), kind)
    return p


def _of_one(t: np.ndarray, df: int) -> np.ndarray:
    if df > _MOST_DF:
        return student_two_sided_p(t, df)
    with np.errstate(invalid="ignore", over="ignore"):
        squares = t * t
        whole = df + squares
        cosine = df / whole  # its square, of the angle whose tangent is t / sqrt(df)
        sine = np.sqrt(squares / whole)
        total = np.ones(t.shape) if df > 1 else np.zeros(t.shape)
        odd = df % 2
        for place in range((df - 2 - odd) // 2, 0, -1):
            factor = 2 * place / (2 * place + 1) if odd else (2 * place - 1) / (2 * place)
            total *= cosine
            total *= factor
            total += 1.0
        total *= sine
        if odd:
            total = (total * np.sqrt(cosine) + np.arctan(np.abs(t) / np.sqrt(float(df)))) * (2.0 / np.pi)
        p = 1.0 - total
    small = ~(p >= _SMALL)
    if small.any():
        p[small] = student_two_sided_p(t[small], df)
    return p
