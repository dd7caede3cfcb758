"""The mean of a series, and in which direction it rises."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .reduction import sum_patches


class Moments(NamedTuple):
    """Sums over pixels, from which the gradient of their means comes.

    Attributes
    ----------
    sums : float64 array (9, 1)
        Of x, y and the mean m of each pixel: number, sums of x, y, m, xx, yy, mm, xm, ym.
    """

    sums: np.ndarray

    def merge(self, other: Moments) -> Moments:
        """The sums of two disjoint parts together."""
        return Moments(self.sums + other.sums)

    def gradient(self) -> tuple:
        """Pearson's r of the mean with x and with y; NaN where there is none."""
        number, x, y, m, xx, yy, mm, xm, ym = self.sums[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            return tuple(
                float((number * um - u * m) / np.sqrt((number * uu - u * u) * (number * mm - m * m)))
                for u, uu, um in ((x, xx, xm), (y, yy, ym))
            )


def no_moments() -> Moments:
    """The sums of nothing."""
    return Moments(np.zeros((9, 1)))


def overview_block(stack, centres, *, origin: tuple = (0.0, 0.0), size: float = 1.0) -> dict:
    """Mean and moments of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
    centres : two arrays (rows, cols)
        Map coordinates of the cells.
    origin, size
        Coordinates are measured from this point in units of this length, so that their squares keep their digits.

    Returns
    -------
    dict
        ``mean`` of the valid steps of each pixel, ``moments`` patch by patch as `sum_patches` gives them.
    """
    valid = np.isfinite(stack)
    count = valid.sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = np.where(valid, stack, 0.0).sum(axis=0, dtype=np.float64) / count
    x, y = ((np.broadcast_to(part, mean.shape).ravel() - start) / size for part, start in zip(centres, origin))
    flat = mean.ravel()

    def moments(cells, _zone, _zones):
        return _moments(x[cells], y[cells], flat[cells])

    return {"mean": mean, "moments": sum_patches(mean.shape, None, moments)}


def _moments(x, y, mean) -> Moments:
    there = np.isfinite(mean)
    x, y, mean = x[there], y[there], mean[there]
    parts = (np.ones(mean.size), x, y, mean, x * x, y * y, mean * mean, x * mean, y * mean)
    return Moments(np.array([[part.sum()] for part in parts]))
