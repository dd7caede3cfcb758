"""The carbon budget of nep:sourcesink: its sums, its table, its page."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from ...core.balance.budget import empty_budget
from ...core.carbon import total_unit
from ...core.zonal.annual_levels import mean_of_known
from ...core.zonal.reduction import Total
from ...framework.regional_sums import Zones, sparse_regions, warn_of_empty
from ...framework.texts import tr
from ...framework.totals import carbon_teragram

COLUMNS = {
    "region": "text", "year": "integer", "pixels": "count", "area_km2": "number", "sink_area_km2": "number",
    "source_area_km2": "number", "sink_tg": "number", "source_tg": "number", "net_tg": "number",
}
HEADINGS = {
    "sink_area_km2": "Area of the sinks (km²)", "source_area_km2": "Area of the sources (km²)",
    "sink_tg": "Sinks (Tg C)", "source_tg": "Sources (Tg C)", "net_tg": "Balance (Tg C)",
}

#: Numbers of pixels that differ by a larger share make totals of years that do not compare.
_ALIKE = 0.01


class Ledger:
    """Gathers the budget of a series block by block.

    Attributes
    ----------
    zones : Zones
    """

    def __init__(self, run, series, regions: tuple):
        self.zones = Zones.of(regions)
        self._run, self._series = run, series
        self._teragram = carbon_teragram(run, series, tr("Or leave ⟨BUDGET⟩ and ⟨CHART⟩ out."))
        self._total = Total(partial(empty_budget, len(series.steps), len(self.zones.names)))
        self._sparse: dict = {}

    def add(self, window, block) -> None:
        """Take the `PatchSums` of the next block."""
        self._total.add(block, last=window.ends_row_of(self._series.grid))

    @property
    def sparse(self) -> dict:
        """The regions with few values, once `tell` has told them."""
        return self._sparse

    def budget(self) -> dict:
        """The budget, arrays (years, zones): see `BudgetSums.budget`."""
        return self._total.sums.budget(self._teragram)

    def means(self) -> dict:
        """The means of the years that have values, arrays (zones,)."""
        found = self.budget()
        known = found.pop("pixels") > 0
        return {name: mean_of_known(values, known) for name, values in found.items()}

    def rows(self) -> list:
        """Of the table: each year of each zone."""
        found = {name: values.tolist() for name, values in self.budget().items()}
        return [
            (name, year, *(values[step][zone] for values in found.values()))
            for zone, name in enumerate(self.zones.names) for step, year in enumerate(self._series.years)
        ]

    def tell(self) -> None:
        """Give the means of the whole raster, and warn of years and regions whose numbers say little."""
        run, found, means = self._run, self.budget(), self.means()
        warn_of_empty(run, self.zones.names, found["pixels"], self._series.years)
        self._sparse = sparse_regions(run, self.zones, found["area_km2"] * 1e6)
        sink, source = means["sink_tg"][0], means["source_tg"][0]
        for name, value in (("MEAN_SINK_TG", sink), ("MEAN_SOURCE_TG", source), ("MEAN_NET_TG", sink + source)):
            run.number(name, value)
        if math.isnan(sink):
            return
        unit = total_unit(self._series.unit) or "Tg C"
        run.log.info(
            tr("Mean of the years, all: sinks {:.4g}, sources {:.4g}, balance {:.4g} {}").format(
                sink, source, sink + source, unit
            )
        )
        pixels = found["pixels"][:, 0]
        fewest, most = int(pixels[pixels > 0].min()), int(pixels.max())
        if fewest < (1 - _ALIKE) * most:
            run.log.warn(
                tr("Not all years have values on the same pixels ({} to {} of them): the budget of a year with fewer "
                   "is that of a smaller area.").format(fewest, most)
            )


def page(series, ledger: Ledger, shares: tuple, alpha: float):
    """The page with the budget by year and region, and the classes and switches of the whole raster.

    Parameters
    ----------
    series : Series
    ledger : Ledger
    shares : (list, list)
        Rows of the tables of classes, those of sources and sinks and those of the switches.
    alpha : float
    """
    from ...colours import SINK_CLASSES, SWITCH_CLASSES
    from ...report.charts import Budget, budget_bars, class_shares, sparse_note
    from ...report.page import Page
    from ...report.theme import quantity_text

    found, names = ledger.budget(), ledger.zones.names
    result = Page(tr("Carbon budget: {}").format(series.quantity), "The chart of ⟨nep:sourcesink⟩")
    result.paragraph(
        tr("What the pixels with values above 0 take up and those below 0 give off in each year, and the balance of "
           "the two, {} to {}.").format(series.years[0], series.years[-1])
    )
    unit = total_unit(series.unit) or "Tg C"
    result.chart(budget_bars(
        [
            Budget(name, series.years, *(found[key][:, zone] for key in ("sink_tg", "source_tg", "net_tg")))
            for zone, name in enumerate(names)
        ],
        unit, ledger.sparse,
    ), sparse_note(ledger.sparse))
    result.heading(tr("Mean of the years"))
    result.table(
        (tr("Region"), tr("Area (km²)"), tr("Area of the sinks (%)"),
         *(quantity_text(what, unit) for what in (tr("Sinks"), tr("Sources"), tr("Balance")))),
        _mean_rows(names, ledger.means()), digits=4,
    )
    result.heading(tr("Sources and sinks by the mean of the years"))
    result.paragraph(
        tr("Shares of the area of all pixels with enough values, in the whole raster. Significant: the mean differs "
           "from 0 with p below {:g} (t test, which takes years as independent).").format(alpha)
    )
    result.chart(class_shares(shares[0], SINK_CLASSES))
    result.heading(tr("From the first to the second half of the years"))
    result.chart(class_shares(shares[1], SWITCH_CLASSES))
    return result


def _mean_rows(names: list, means: dict) -> list:
    """The rows of the table on the page."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 100.0 * means["sink_area_km2"] / means["area_km2"]
    columns = means["area_km2"], share, means["sink_tg"], means["source_tg"], means["sink_tg"] + means["source_tg"]
    return [(name, *row) for name, *row in zip(names, *(column.tolist() for column in columns))]
