"""What drivers account for in the whole raster and in regions: of the pixels, and of the annual means."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from ...core.attribution.accounts import Accounts, accounts
from ...core.attribution.driver_blocks import REGIONAL
from ...core.trend.theil_sen import trend
from ...core.zonal.reduction import Total
from ...core.zonal.statistics import empty_sums
from ...framework.regional_sums import Zones, sparse_regions, warn_of_empty_regions
from ...framework.texts import tr

#: Columns of the table, but for that of the regions.
TABLE = {
    "driver": "text", "dominant_positive_percent": "number", "dominant_negative_percent": "number",
    "significant_percent": "number", "mean_partial": "number", "mean_contribution": "number", "mean_lmg": "number",
}
HEADINGS = {
    "driver": "Driver", "dominant_positive_percent": "Dominant and positive (%)",
    "dominant_negative_percent": "Dominant and negative (%)", "significant_percent": "Significant (%)",
    "mean_partial": "Mean partial r", "mean_contribution": "Mean contribution ({} per year)",
    "mean_lmg": "Mean relative importance (LMG)",
}

#: What the last row of a region is called: what is left of the slope of the series.
REST = "rest"


class PixelMeans:
    """Means of what each pixel has, by zone and driver; zone 0 is the whole raster."""

    def __init__(self, regions: tuple, drivers: list):
        self.zones = Zones.of(regions)
        self._drivers = drivers
        self._total = Total(partial(empty_sums, len(REGIONAL) * len(drivers) + 1, len(self.zones.names)))

    def add(self, sums, last: bool) -> None:
        """Take the sums of a block; ``last`` as for `Total`."""
        self._total.add(sums, last)

    def rows(self) -> list:
        """The rows of the table, the zone first: a row for each driver, and the rest."""
        found = self._total.sums.statistics()["mean"].T.tolist()
        rows = []
        for zone, means in zip(self.zones.names, found):
            for place, driver in enumerate(self._drivers):
                own = dict(zip(REGIONAL, means[len(REGIONAL) * place :]))
                shares = (100.0 * own[kind] for kind in ("positive", "negative", "significant"))
                rows.append((zone, driver, *shares, own["partial_r"], own["contribution"], own["lmg"]))
            rows.append((zone, REST, None, None, None, None, means[-1], None))
        return rows

    def warn(self, run) -> dict:
        """Warn of regions without values, and name those with few: by name how much of them has values, in percent."""
        found = self._total.sums.statistics()
        warn_of_empty_regions(run, self.zones.names[1:], found["pixels"][0, 1:], tr("no pixel with enough years"))
        return sparse_regions(run, self.zones, found["area"][:1])


class OfMeans(NamedTuple):
    """What drivers account for in the annual means of zones.

    Attributes
    ----------
    names : list of str
        Of the zones.
    p_value : array (zones,)
        Of the slope of the series, by the Mann-Kendall test.
    accounts : Accounts
        Arrays (..., zones).
    """

    names: list
    p_value: np.ndarray
    accounts: Accounts


class AnnualMeans:
    """The annual means of the series and its drivers by zone, over the pixels that have all of them in that year."""

    def __init__(self, zones: Zones, drivers: int, years: list):
        self._names, self._years = zones.names, years
        self._totals = [Total(partial(empty_sums, len(years), len(zones.names))) for _ in range(drivers + 1)]

    def add(self, sums: tuple, last: bool) -> None:
        """Take the sums of a block, those of each series; ``last`` as for `Total`."""
        for total, strips in zip(self._totals, sums):
            total.add(strips, last)

    def explained(self, **options) -> OfMeans:
        """What the drivers account for; the options are those of `core.attribution.accounts.accounts`."""
        y, *x = (total.sums.statistics()["mean"] for total in self._totals)
        observed = trend(y, self._years, min_observations=3, wanted=("p_value",))
        return OfMeans(self._names, observed["p_value"], accounts(y, x, self._years, **options))
