"""Ridge regression of every pixel at once, its penalty chosen by generalised cross-validation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint

#: The penalties that are tried, from the least.
PENALTIES = 10.0 ** (np.arange(-30, 31) / 10.0)


class Ridge(NamedTuple):
    """Result of `ridge`.

    Attributes
    ----------
    beta : array (k, pixels)
        Standardised coefficients: times the standard deviation of the series to explain, and by that of the driver,
        they are those of the drivers in their own units.
    penalty : array (pixels,)
    score : array (pixels,)
        That of generalised cross-validation, as a share of the sum of squares of the series to explain.
    """

    beta: np.ndarray
    penalty: np.ndarray
    score: np.ndarray


def ridge(correlation: np.ndarray, count: np.ndarray) -> Ridge:
    """Coefficients that are held near 0, so that drivers which say much the same share what they explain.

    Parameters
    ----------
    correlation : array (k + 1, k + 1, pixels)
        From `importance.correlations`.
    count : int array (pixels,)
        Number of values of each series.

    Returns
    -------
    Ridge
        With the penalty of `PENALTIES` whose score is the least, the first if equal; NaN where a correlation is.

    Notes
    -----
    Drivers are scaled to a population standard deviation of 1, as in `MASS::lm.ridge` of R, and the score is the
    residual sum of squares by (n - sum d^2 / (d^2 + penalty))^2, with the singular values d of the scaled drivers.

    References
    ----------
    Golub, G. H., Heath, M. and Wahba, G. (1979). doi:10.1080/00401706.1979.10489751
    """
    drivers, with_y = correlation[:-1, :-1], correlation[:-1, -1]
    known = np.isfinite(correlation).all(axis=(0, 1))
    number = np.asarray(count, dtype=np.float64)
    usable = np.where(known, drivers, np.eye(len(drivers))[:, :, np.newaxis])
    values, vectors = np.linalg.eigh(usable.transpose(2, 0, 1))
    squares = np.maximum(values.T, 0.0) * number  # of the singular values
    # What each direction has in common with the series to explain.
    along = np.zeros(with_y.shape)
    for driver, each in enumerate(with_y):
        along += vectors[:, driver].T * each
    penalty, score = _least_score(squares, along * along * number, number)
    beta = np.zeros(with_y.shape)
    for direction, (square, part) in enumerate(zip(squares, along)):
        beta += vectors[:, :, direction].T * (part * number / (square + penalty))
    return Ridge(*(np.where(known, each, np.nan) for each in (beta, penalty, score)))


def _least_score(squares: np.ndarray, common: np.ndarray, number: np.ndarray) -> tuple:
    """The penalty of each pixel with the least score, and the score."""
    best, score = np.full(number.shape, PENALTIES[0]), np.full(number.shape, np.inf)
    for penalty in PENALTIES:
        checkpoint()
        left, freedom = np.ones(number.shape), number.copy()
        for square, part in zip(squares, common):
            whole = square + penalty
            left -= part * (whole + penalty) / (whole * whole)
            freedom -= square / whole
        with np.errstate(invalid="ignore"):
            here = left / (freedom * freedom)
            better = here < score
        best[better], score[better] = penalty, here[better]
    return best, score
