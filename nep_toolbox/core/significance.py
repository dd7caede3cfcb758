"""Tails of the test distributions and corrections for many tests."""

from __future__ import annotations

import numpy as np


def normal_two_sided_p(z: np.ndarray) -> np.ndarray:
    """Two-sided p-value of a standard normal statistic.

    Parameters
    ----------
    z : array of any shape
        Standardised test statistic; NaN stays NaN.

    Returns
    -------
    array of the shape of ``z``
        ``2 (1 - Phi(|z|))``, computed through the complementary error function so that the far tail keeps its digits.
    """
    from scipy.special import erfc

    return erfc(np.abs(z) / np.sqrt(2.0))


def student_two_sided_p(t: np.ndarray, degrees_of_freedom: np.ndarray) -> np.ndarray:
    """Two-sided p-value of a Student t statistic.

    Parameters
    ----------
    t, degrees_of_freedom : arrays that broadcast against each other
        NaN in either gives NaN; an infinite ``t`` gives 0.

    Returns
    -------
    array
        ``2 P(T > |t|)``.
    """
    from scipy.special import stdtr

    return 2.0 * stdtr(degrees_of_freedom, -np.abs(t))


def differs_from_zero(mean: np.ndarray, std: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Whether a mean differs from 0 by two standard errors or more, so that a ratio to it measures something.

    Parameters
    ----------
    mean, std, count : arrays that broadcast against each other
        Mean, sample standard deviation (divisor n - 1) and number of the values.

    Returns
    -------
    bool array
        False where the mean is 0 or one of them is NaN.
    """
    return (mean != 0) & (np.abs(mean) >= 2.0 * std / np.sqrt(count))


def benjamini_hochberg(p: np.ndarray, counts: np.ndarray | None = None) -> np.ndarray:
    """Adjust p-values for the false discovery rate.

    Parameters
    ----------
    p : array of any shape
        p-values; NaN marks a test that was not made and takes no part.
    counts : array of the shape of ``p``, optional
        How many tests gave each p-value, where ``p`` lists distinct values only. A raster of a billion pixels has few
        distinct ones.

    Returns
    -------
    array of the shape of ``p``
        Adjusted p-values, NaN where ``p`` is NaN. Rejecting at ``alpha`` keeps the expected share of false
        discoveries below ``alpha``.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). doi:10.1111/j.2517-6161.1995.tb02031.x
    Wilks, D. S. (2016). doi:10.1175/BAMS-D-15-00267.1
    """
    p = np.asarray(p, dtype=np.float64)
    adjusted = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    values = p[tested]
    order = np.argsort(values, kind="stable")
    weights = np.ones(values.size) if counts is None else np.asarray(counts, dtype=np.float64)[tested][order]
    ranks = np.cumsum(weights)
    if ranks.size:
        stepped = np.minimum.accumulate((values[order] * ranks[-1] / ranks)[::-1])[::-1]
        adjusted[tested] = _in_order(np.minimum(stepped, 1.0), order)
    return adjusted


def holm(p: np.ndarray) -> np.ndarray:
    """Adjust p-values for the family-wise error rate by Holm's step-down rule.

    Parameters
    ----------
    p : array of any shape
        p-values; NaN marks a test that was not made and takes no part.

    Returns
    -------
    array of the shape of ``p``
        Adjusted p-values, NaN where ``p`` is NaN.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scand. J. Statist. 6, 65-70.
    """
    p = np.asarray(p, dtype=np.float64)
    adjusted = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    values = p[tested]
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(values.size, 0, -1))
    adjusted[tested] = _in_order(np.minimum(stepped, 1.0), order)
    return adjusted


def _in_order(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Undo a sort."""
    result = np.empty(values.size)
    result[order] = values
    return result
