"""How far the factors say the same: their correlations, and variance inflation factors.

q looks at one factor at a time and cannot tell which of two alike is the cause; a large VIF says that there are such,
and the correlations say which two where it takes no more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..checkpoint import checkpoint

#: Factors are linearly dependent where 1 / VIF is below.
TOLERANCE = 1e-10

#: Directions of the other factors with a smaller share of their variance are none.
_RANK = 1e-12

#: Rows multiplied at a time.
_ROWS = 1 << 16


def correlations(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Pearson's correlation of every two factors.

    Parameters
    ----------
    columns : sequence of k float arrays (n,)
        Factors on the same rows, without missing values.

    Returns
    -------
    float64 array (k, k)
        Symmetric, between -1 and 1, with 1 on the diagonal. NaN in the row and the column of a constant factor.
    """
    result = np.full((len(columns), len(columns)), np.nan)
    varying = [place for place, column in enumerate(columns) if column.size and column.min() < column.max()]
    if varying:
        result[np.ix_(varying, varying)] = _of_varying([columns[place] for place in varying])
    return result


def _of_varying(columns: list) -> np.ndarray:
    """Correlations of columns that vary, a part of the rows at a time."""
    scale = [np.abs(column).max() or 1.0 for column in columns]
    level = [(column / size).mean() for column, size in zip(columns, scale)]
    products = np.zeros((len(columns), len(columns)))
    for start in range(0, columns[0].size, _ROWS):
        checkpoint()
        part = np.stack([
            column[start : start + _ROWS] / size - mean for column, size, mean in zip(columns, scale, level)
        ])
        products += part @ part.T
    norm = np.sqrt(np.diag(products))
    found = np.clip(products / np.outer(norm, norm), -1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return found


def variance_inflation(correlated: np.ndarray) -> np.ndarray:
    """Variance inflation factors.

    Parameters
    ----------
    correlated : float64 array (k, k)
        The `correlations` of k factors.

    Returns
    -------
    float64 array (k,)
        1 / (1 - R2) of the least-squares regression of each factor on the others and a constant: the diagonal of the
        inverse of the matrix. NaN for a constant factor, which the others do without; infinite for one that is a linear
        combination of others, by `TOLERANCE`.
    """
    result = np.full(len(correlated), np.nan)
    varying = np.flatnonzero(np.isfinite(np.diag(correlated)))
    result[varying] = _inflation(correlated[np.ix_(varying, varying)])
    return result


def _inflation(correlated: np.ndarray) -> np.ndarray:
    """1 / (1 - R2) of each factor on the others, which may depend on each other."""
    result = np.ones(len(correlated))
    for place in range(len(correlated)):
        rest = np.delete(np.arange(len(correlated)), place)
        own = correlated[rest, place]
        weights = np.linalg.lstsq(correlated[np.ix_(rest, rest)], own, rcond=_RANK)[0]
        left = 1.0 - float(own @ weights)
        result[place] = np.inf if left < TOLERANCE else max(1.0 / left, 1.0)
    return result
