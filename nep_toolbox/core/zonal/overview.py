"""The mean of a series, and in which direction it rises."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .grouped import add_runs
from .reduction import patch_sums, runs_of


class Moments(NamedTuple):
    """Sums over pixels, from which the gradient of their means comes.

    Attributes
    ----------
    sums : float64 array (9, parts)
        Of x, y and the mean m of each pixel: number, sums of x, y, m, xx, yy, mm, xm, ym.
    """

    sums: np.ndarray

    def joined(self, starts: np.ndarray) -> Moments:
        """The sums of disjoint parts together: of the columns from each start to the next."""
        return Moments(add_runs(self.sums, starts))

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
        ``mean`` of the valid steps of each pixel, ``moments``, the `PatchSums` of the block.
    """
    valid = np.isfinite(stack)
    count = valid.sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = np.where(valid, stack, 0.0).sum(axis=0, dtype=np.float64) / count
    x, y = ((np.broadcast_to(part, mean.shape) - start) / size for part, start in zip(centres, origin))
    there = np.isfinite(mean)
    x, y, known = (np.where(there, part, 0.0).ravel() for part in (x, y, mean))
    runs = runs_of(mean.shape, None)
    terms = (there.ravel().astype(float), x, y, known, x * x, y * y, known * known, x * known, y * known)
    sums = Moments(np.stack([add_runs(term, runs.starts) for term in terms]))
    return {"mean": mean, "moments": patch_sums(runs, None, sums)}
