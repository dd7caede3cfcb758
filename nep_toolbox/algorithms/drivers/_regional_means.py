"""The annual means of a correlation, over the whole raster and regions: their summary and their chart."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...core.correlation.coefficients import correlation, regression_line
from ...core.zonal.reduction import Total
from ...core.zonal.statistics import empty_sums
from ...framework.regional_sums import Zones, sparse_regions, warn_of_empty
from ...framework.texts import tr
from ._coefficient import Coefficient

#: Columns of the summary. slope and intercept are those of the series on the driver.
SUMMARY = {
    "region": "text", "years": "integer", "r": "number", "p": "number", "slope": "number", "intercept": "number",
    "partial_r": "number", "partial_p": "number", "coverage": "number",
}


class RegionalMeans:
    """Gathers the sums of the blocks; zone 0 is the whole raster."""

    def __init__(self, regions: tuple, series: int, years: int):
        self.zones = Zones.of(regions)
        self._totals = [Total(partial(empty_sums, years, len(self.zones.names))) for _ in range(series)]

    def add(self, sums: tuple, last: bool) -> None:
        """Take the sums of a block, those of each series; ``last`` as for `Total`."""
        for total, strips in zip(self._totals, sums):
            total.add(strips, last)

    def means(self, run) -> tuple:
        """The annual means of each series (years, zones), the mean coverage of the zones, and the regions that have few
        values; the log names those that have none."""
        found = [total.sums.statistics() for total in self._totals]
        area = found[0]["area"]
        warn_of_empty(run, self.zones.names, found[0]["pixels"])
        coverage = self.zones.mean_coverage(area)
        return [each["mean"] for each in found], coverage, sparse_regions(run, self.zones, area)

    def correlated(self, run, years: list, least: int, kind: Coefficient) -> tuple:
        """Relations for the chart, rows of the summary, and the regions that have few values."""
        from ...report.charts import Relation

        (series, driver, *controls), coverage, sparse = self.means(run)
        names = self.zones.names
        options = {"method": kind.method, "min_observations": least}
        plain = correlation(series, driver, **options)
        held = correlation(series, driver, controls, **options) if controls else None
        relations, rows = [], []
        for zone, name in enumerate(names):
            x, y = driver[:, zone], series[:, zone]
            slope, intercept = regression_line(x, y)
            r, p_value = plain.r[zone], plain.p_value[zone]
            relations.append(Relation(name, years, x, y, r, p_value, slope, intercept, kind.symbol))
            with_controls = (held.r[zone], held.p_value[zone]) if held else (None, None)
            rows.append((name, int(np.isfinite(x).sum()), r, p_value, slope, intercept, *with_controls, coverage[zone]))
            if zone == 0:
                _tell(run.log, kind.symbol, r, p_value, *with_controls)
        return relations, rows, sparse


def _tell(log, symbol: str, r: float, p_value: float, partial_r, partial_p) -> None:
    """The coefficients of the whole raster; the partial one is None without controls."""
    words = tr("Annual means: no {}, as one of them does not vary or has too few years").format(symbol)
    if np.isfinite(r):
        words = tr("Annual means: {} = {:.3f}, p = {:.3g}").format(symbol, r, p_value)
    if partial_r is not None and np.isfinite(partial_r):
        words += tr("; partial {} = {:.3f}, p = {:.3g}").format(symbol, partial_r, partial_p)
    log.info(words)


def page(series, driver, relations: list, sparse: dict, shares: list, colours: dict, kind: Coefficient):
    """The page with the chart of the annual means and that of the classes."""
    from ...report.charts import class_shares, scatter_with_regression, sparse_note
    from ...report.page import Page

    result = Page(
        tr("Correlation of {} with {}").format(series.quantity, driver.quantity), "The chart of ⟨nep:correlation⟩"
    )
    result.heading("Annual means")
    result.paragraph(
        tr("A point for each year: the mean of the pixels in which all series have a value in that year, weighted by "
           "area.")
    )
    result.paragraph(kind.explained)
    result.chart(
        scatter_with_regression(relations, driver.quantity, driver.unit, series.quantity, series.unit, sparse),
        sparse_note(sparse),
    )
    result.heading("Classes of the pixels")
    result.chart(class_shares(shares, colours))
    return result
