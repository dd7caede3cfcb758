"""What hot spots are measured against: numbers of a whole raster, gathered block by block, and global Moran's I."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from ..significance import normal_two_sided_p
from ..surroundings import Surrounded, window_sums
from ..zonal.grouped import add_runs
from ..zonal.reduction import PatchSums, patch_sums, runs_of
from .neighbours import deviations, lags, neighbours_of

#: Cells to each side that `level_block` and `moran_block` need.
LEVEL_REACH, MORAN_REACH = 1, 2

#: The least common multiple of 1 to 8: a share of a neighbour is a whole number of parts of it.
_PARTS = 840

#: Of a variance that is a difference no digit is left where it is below this share of what it was taken from.
ROUNDING = 64 * np.finfo(np.float64).eps

#: Between these the square of a sum of squares is a number.
_LIMITS = (1e-150, 1e150)


class LevelSums(NamedTuple):
    """Number, sum, smallest and largest of the cells that take part: arrays (steps, columns)."""

    count: np.ndarray
    total: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray

    @classmethod
    def empty(cls, steps: int) -> LevelSums:
        """Those of nothing."""
        shape = (steps, 1)
        return cls(np.zeros(shape, np.int64), np.zeros(shape), np.full(shape, np.inf), np.full(shape, -np.inf))

    def joined(self, starts: np.ndarray) -> LevelSums:
        """The sums of the columns from each start to the next."""
        return LevelSums(
            add_runs(self.count, starts), add_runs(self.total, starts),
            np.minimum.reduceat(self.minimum, starts, axis=-1), np.maximum.reduceat(self.maximum, starts, axis=-1),
        )


class MoranSums(NamedTuple):
    """Sums over the cells of z^2, z^4 and z times the mean of its neighbours: arrays (steps, columns)."""

    squares: np.ndarray
    fourths: np.ndarray
    products: np.ndarray

    @classmethod
    def empty(cls, steps: int) -> MoranSums:
        """Those of nothing."""
        return cls(*(np.zeros((steps, 1)) for _ in range(3)))

    def joined(self, starts: np.ndarray) -> MoranSums:
        """The sums of the columns from each start to the next."""
        return MoranSums(*(add_runs(part, starts) for part in self))


def level_block(stack: Surrounded) -> dict:
    """Level of each step in a block that was read with `LEVEL_REACH` cells around it.

    Returns
    -------
    dict
        ``sums``, `PatchSums` of `LevelSums`, and ``isolated``, int64 array (steps,): cells with a value that touch no
        other.
    """
    steps, isolated = [], []
    for values in stack.values:
        checkpoint()
        taking_part, _number = neighbours_of(values)
        inside, block = stack.inner(taking_part), stack.inner(values)
        isolated.append(np.count_nonzero(np.isfinite(block) & ~inside))
        total = np.where(inside, block, 0.0).astype(np.float64, copy=False)
        low, high = np.where(inside, block, np.inf), np.where(inside, block, -np.inf)
        steps.append((inside.astype(np.int64), total, low, high))
    return {"sums": _patches(steps, LevelSums.empty(1)), "isolated": np.array(isolated, dtype=np.int64)}


def moran_block(stack: Surrounded, *, means: tuple) -> dict:
    """What Moran's I of each step needs of a block that was read with `MORAN_REACH` cells around it.

    Parameters
    ----------
    stack : Surrounded
    means : tuple of float
        Of the cells that take part in each step.

    Returns
    -------
    dict
        ``sums``, `PatchSums` of `MoranSums`, and ``weights``, int64 array (steps, 2): what the block adds to S1 and S2
        of the weights, in units of 1 / 840^2.

    Notes
    -----
    With the weight w_ij = 1 / k_i of each of the k_i neighbours j of a cell i, and a_i the sum of the 1 / k_j of its
    neighbours, S1 = 1/2 sum (w_ij + w_ji)^2 is the sum of (1 + a_i) / k_i over the cells, and S2 that of (1 + a_i)^2:
    with 840 parts of 1 all of them are whole numbers, whose sums are exact.
    """
    steps, weights, before = [], [], None
    for values, mean in zip(stack.values, means):
        checkpoint()
        taking_part, number = neighbours_of(values)
        with np.errstate(over="ignore", invalid="ignore"):
            apart = deviations(values, taking_part, mean)
            z, lag = stack.inner(apart), stack.inner(lags(apart, number))
            squares = z * z
            steps.append((squares, squares * squares, z * lag))
        if before is None or not np.array_equal(before, number):
            before, sums = number, _weight_sums(stack, taking_part, number)
        weights.append(sums)
    return {"sums": _patches(steps, MoranSums.empty(1)), "weights": np.array(weights, dtype=np.int64)}


def _weight_sums(stack: Surrounded, taking_part: np.ndarray, number: np.ndarray) -> tuple:
    """The parts of S1 and S2 of a block, in units of 1 / 840^2."""
    part = np.where(taking_part, _PARTS // np.maximum(number, 1), 0).astype(np.int16)
    each = stack.inner(part)
    both = stack.inner(window_sums(part, 1)) - each + _PARTS
    both = both[stack.inner(taking_part)].astype(np.int64)
    return int(each[stack.inner(taking_part)].astype(np.int64) @ both), int(both @ both)


def _patches(steps: list, like: NamedTuple) -> PatchSums:
    """Sums of the patches of a block, from arrays (rows, cols) for each step, in the order of a tuple of sums."""
    runs = runs_of(steps[0][0].shape, None)
    with np.errstate(over="ignore", invalid="ignore"):  # the run looks whether sums are numbers
        joined = [type(like)(*(plane.reshape(1, -1) for plane in step)).joined(runs.starts) for step in steps]
        sums = type(like)(*(np.concatenate(parts) for parts in zip(*joined)))
        return patch_sums(runs, None, sums)


class Moran(NamedTuple):
    """Global Moran's I, what it is expected to be, its variance, z and p."""

    i: float
    expected: float
    variance: float
    z: float
    p_value: float


class Whole(NamedTuple):
    """What is known of all cells of a raster that take part.

    Attributes
    ----------
    count : int
    mean : float
    squares, fourths, products : float
        Sums of z^2, z^4 and z times the mean of its neighbours, with z the values less their mean.
    s1, s2 : int
        Of the weights, in units of 1 / 840^2.
    """

    count: int
    mean: float
    squares: float
    fourths: float
    products: float
    s1: int
    s2: int

    @property
    def is_measurable(self) -> bool:
        """Whether the spread of the values is a number that can be divided by."""
        return _LIMITS[0] < self.squares < _LIMITS[1] and math.isfinite(self.fourths)

    @property
    def kurtosis(self) -> float:
        """The fourth moment of the values over the square of the second: 3 of normal ones, more with a long tail."""
        return self.count * self.fourths / self.squares**2

    def moran(self) -> Moran:
        """Global Moran's I with row-standardised weights of the up to 8 neighbours.

        Its variance is that under randomisation: the values as they are, in any other order as likely. p is two-sided,
        of the normal distribution.

        References
        ----------
        Cliff, A. D. and Ord, J. K. (1981). Spatial Processes: Models and Applications. Pion, London.
        """
        n, unit = self.count, _PARTS**2
        s1, s2 = self.s1 / unit, self.s2 / unit
        expected = -1.0 / (n - 1)
        orders = (n - 1) * (n - 2) * (n - 3) * n**2
        of_all = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * n**2) / orders
        of_tails = self.kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * n**2) / orders
        variance = of_all - of_tails - expected**2
        found = self.products / self.squares
        z = (found - expected) / math.sqrt(variance) if variance > ROUNDING * of_all else math.nan
        return Moran(found, expected, variance, z, float(normal_two_sided_p(np.float64(z))))
