"""Sums of pairs of an observed and a simulated value, from which all scores follow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..zonal.grouped import add_runs, put_columns, spread, starts_of


class PairSums(NamedTuple):
    """What is known of the pairs of each year and group; parts are joined with `joined`.

    Attributes
    ----------
    count : int64 array (n, groups)
        Pairs.
    least : float64 array (2, n, groups)
        The smallest observed and simulated value; infinite where there is no pair.
    above : float64 array (2, n, groups)
        Sum of the observed and of the simulated values less the smallest. Measured from it, a large level common to
        all values costs no digits, and a constant series has a variance of exactly 0.
    apart : float64 array (2, n, groups)
        Sum of the differences, simulated less observed, and of their absolute values.
    squares : float64 array (4, n, groups)
        About the means: squares of the observed values, of the simulated values, of the differences, and products of
        observed and simulated values.
    """

    count: np.ndarray
    least: np.ndarray
    above: np.ndarray
    apart: np.ndarray
    squares: np.ndarray

    def joined(self, starts: np.ndarray) -> PairSums:
        """The sums of disjoint parts together: of the columns from each start to the next.

        Notes
        -----
        Squares join as in Chan, T. F., Golub, G. H. and LeVeque, R. J. (1983), doi:10.1080/00031305.1983.10483115.
        """
        with np.errstate(over="ignore", invalid="ignore"):  # of numbers whose squares are infinite
            return self._joined(starts)

    def _joined(self, starts: np.ndarray) -> PairSums:
        size = self.count.shape[-1]
        count, least = add_runs(self.count, starts), np.minimum.reduceat(self.least, starts, axis=-1)
        rise = np.zeros(self.least.shape)
        np.subtract(self.least, spread(least, starts, size), out=rise, where=self.count > 0)
        above = self.above + rise * self.count
        total, apart = add_runs(above, starts), add_runs(self.apart, starts)
        observed, simulated = ratio(above, self.count) - spread(ratio(total, count), starts, size)
        difference = ratio(self.apart[0], self.count) - spread(ratio(apart[0], count), starts, size)
        between = np.stack([observed**2, simulated**2, difference**2, observed * simulated])
        return PairSums(count, least, total, apart, add_runs(self.squares + self.count * between, starts))

    def of_all_years(self) -> PairSums:
        """The sums over the years, as those of one year: arrays (1, groups)."""
        years, groups = self.count.shape
        in_a_row = PairSums(*(
            np.swapaxes(part, -1, -2).reshape(*part.shape[:-2], 1, years * groups) for part in self
        ))
        return in_a_row.joined(np.arange(0, years * groups, years))

    def means(self) -> tuple:
        """Mean observed and mean simulated value: arrays (n, groups), NaN where there is no pair."""
        with np.errstate(invalid="ignore"):
            observed, simulated = self.least + ratio(self.above, self.count)
        some = self.count > 0
        return np.where(some, observed, np.nan), np.where(some, simulated, np.nan)


def empty_sums(years: int, groups: int) -> PairSums:
    """The sums of no pair."""
    shape = (years, groups)
    return PairSums(
        np.zeros(shape, dtype=np.int64), np.full((2, *shape), np.inf), np.zeros((2, *shape)), np.zeros((2, *shape)),
        np.zeros((4, *shape)),
    )


def run_sums(observed: np.ndarray, simulated: np.ndarray, starts: np.ndarray) -> PairSums:
    """Sums over runs of neighbouring pixels.

    Parameters
    ----------
    observed, simulated : float arrays (n, p)
        Years on axis 0. NaN and infinite values are missing; pairs with both values count.
    starts : int array (runs,)
        Where each run begins; the first begins at 0.

    Returns
    -------
    PairSums
        Arrays (n, runs).

    Notes
    -----
    Squares are summed about the smallest value of the run. In a run of p pixels they exceed those about the mean by a
    factor of 2 p at most (one value apart from all others), so that the difference between the two keeps all but
    log2(2 p) binary digits.
    """
    size = observed.shape[-1]
    values = np.stack([observed, simulated]).astype(np.float64, copy=False)
    difference = values[1] - values[0]
    both = np.isfinite(difference)
    some = not both.all()
    count = add_runs(both, starts, dtype=np.int64)
    if some:
        values[:, ~both], difference[~both] = np.inf, 0.0
    least = np.minimum.reduceat(values, starts, axis=-1)
    apart = np.stack([add_runs(difference, starts), add_runs(np.abs(difference), starts)])
    values -= spread(np.where(np.isfinite(least), least, 0.0), starts, size)
    difference -= spread(ratio(apart[0], count), starts, size)
    if some:
        values[:, ~both], difference[~both] = 0.0, 0.0
    above = add_runs(values, starts)
    squares = np.stack([
        add_runs(one * other, starts) for one, other in (
            (values[0], values[0]), (values[1], values[1]), (difference, difference), (values[0], values[1]),
        )
    ])
    mean = ratio(above, count)
    squares[[0, 1, 3]] -= np.stack([above[0] * mean[0], above[1] * mean[1], above[0] * mean[1]])
    return PairSums(count, least, above, apart, squares)


def sums_of_pairs(observed, simulated, year, group, years: int, groups: int) -> PairSums:
    """Sums of pairs given one by one.

    Parameters
    ----------
    observed, simulated : arrays (p,)
        NaN and infinite values are missing.
    year, group : int arrays (p,)
        Place of the year and number of the group of each pair.
    years, groups : int
        How many there are.

    Returns
    -------
    PairSums
        Arrays (years, groups).
    """
    result = empty_sums(1, years * groups)
    place = np.asarray(year, dtype=np.int64) * groups + np.asarray(group, dtype=np.int64)
    order = np.argsort(place, kind="stable")
    if order.size:
        starts = starts_of(place[order])
        pairs = (np.asarray(each, dtype=np.float64)[order][np.newaxis] for each in (observed, simulated))
        put_columns(result, place[order][starts], run_sums(*pairs, starts))
    return PairSums(*(part.reshape(*part.shape[:-2], years, groups) for part in result))


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Quotient, 0 where the denominator is."""
    shape = np.broadcast_shapes(np.shape(numerator), np.shape(denominator))
    return np.divide(numerator, denominator, out=np.zeros(shape), where=np.broadcast_to(denominator != 0, shape))
