"""Totals and means of regions under draws of what is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..trend.theil_sen import theil_sen_slope
from ..zonal.annual_levels import mean_of_known
from ..zonal.grouped import add_runs
from .over_draws import over_draws, quantiles


class DrawnSums(NamedTuple):
    """What is known of regions after some blocks; parts are joined as those of `core.zonal.reduction`.

    Attributes
    ----------
    area : float64 array (years, regions)
        m2 of the pixels with a value.
    total : float64 array (draws, years, regions)
        Sum of value times area, of each draw.
    """

    area: np.ndarray
    total: np.ndarray

    def joined(self, starts: np.ndarray) -> DrawnSums:
        """The sums of disjoint parts together: of the columns from each start to the next."""
        return DrawnSums(add_runs(self.area, starts), add_runs(self.total, starts))

    @classmethod
    def empty(cls, draws: int, years: int, regions: int) -> DrawnSums:
        """The sums before the first block."""
        return cls(np.zeros((years, regions)), np.zeros((draws, years, regions)))

    def statistics(self, years: Sequence[int], min_observations: int) -> dict:
        """What the draws tell of each region.

        Parameters
        ----------
        years : sequence of int
        min_observations : int
            Regions with values in fewer years have no slope.

        Returns
        -------
        dict of dict of float64 arrays (regions,)
            The `over_draws` of ``mean``, the mean over the years of the mean weighted by area; of ``total``, the mean
            over the years of the total; and of ``slope``, the Theil-Sen slope of the annual means per year. NaN where a
            region has no value.
        """
        draws, count, regions = self.total.shape
        known = self.area > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            means = np.where(known, self.total / self.area, np.nan)
        by_year = np.moveaxis(means, 1, 0).reshape(count, -1)
        slope = theil_sen_slope(by_year, np.asarray(years, dtype=np.float64)).reshape(draws, regions)
        slope[:, known.sum(axis=0) < min_observations] = np.nan
        of_draws = {
            name: np.stack([mean_of_known(each, known) for each in values])
            for name, values in (("mean", means), ("total", self.total))
        }
        return {name: over_draws(values) for name, values in {**of_draws, "slope": slope}.items()}

    def courses(self, shares: tuple) -> np.ndarray:
        """The quantiles of the total of each year over the draws (type 7).

        Parameters
        ----------
        shares : tuple of float
            0 to 1.

        Returns
        -------
        float64 array (shares, years, regions)
            NaN where a region has no value in a year.
        """
        draws, years, regions = self.total.shape
        found = quantiles(self.total.reshape(draws, -1), shares).reshape(-1, years, regions)
        return np.where(self.area > 0, found, np.nan)

    def parts(self, draws: np.ndarray) -> np.ndarray:
        """How much of the variance of a total over the draws goes with each thing that is uncertain.

        Parameters
        ----------
        draws : float64 array (draws, names)
            The values of `Draws`.

        Returns
        -------
        float64 array (names, regions)
            The squared correlation of its values with the totals, 0 to 1; NaN where the total does not vary.
        """
        known = self.area > 0
        totals = np.stack([mean_of_known(each, known) for each in self.total])
        apart, given = totals - totals.mean(axis=0), draws - draws.mean(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return (given.T @ apart) ** 2 / (np.square(given).sum(axis=0)[:, np.newaxis] * np.square(apart).sum(axis=0))
