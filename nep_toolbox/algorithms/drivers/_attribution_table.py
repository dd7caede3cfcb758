"""The table of the classes of attribution, and the summary and the charts of its annual means."""

from __future__ import annotations

import numpy as np

from ...colours import ATTRIBUTION_CLASSES
from ...core.attribution.attribute import SEN, Attributed, attribute
from ...core.attribution.shares import CLASS_LABELS, CLASS_NODATA
from ...framework.class_maps import CLASS_TABLE, ClassScheme, Tally
from ...framework.texts import tr
from ._regional_means import RegionalMeans

SCHEME = ClassScheme(CLASS_LABELS, ATTRIBUTION_CLASSES, rare=(9,))

#: Columns of the table.
TABLE = {**CLASS_TABLE, "significant_percent": "number"}

#: Columns of the summary.
SUMMARY = {
    "region": "text", "years": "integer", "slope": "number", "slope_p": "number", "slope_climate": "number",
    "slope_residual": "number", "residual_p": "number", "class": "integer", "label": "text", "share": "number",
    "r2": "number", "p": "number", "coverage": "number",
}
HEADINGS = {
    "slope": "Observed slope ({} per year)", "slope_p": "p of the observed trend (Mann-Kendall)",
    "slope_climate": "Slope of climate ({} per year)", "slope_residual": "Slope of the rest ({} per year)",
    "residual_p": "p of the slope of the rest", "share": "Share of climate (%)", "r2": "R² of the drivers",
    "p": "p of the drivers (F test)", "label": "What the trend is",
}


class SignificantTally(Tally):
    """Adds up the areas of the classes, and what part of each has a significant observed trend."""

    def __init__(self, scheme: ClassScheme, regions: tuple):
        super().__init__(scheme, regions)
        self._significant = Tally(scheme, regions)

    def add(self, block: dict) -> None:
        super().add(block)
        self._significant.add(block["significant"])

    def rows(self) -> list:
        return _with_significance(super().rows(), self._significant.rows())

    def regional_rows(self, whole: list) -> list:
        rows = super().regional_rows(whole)
        significant = self._significant.regional_rows(self._significant.rows())
        return rows[: len(whole)] + _with_significance(rows[len(whole) :], significant[len(CLASS_LABELS) :])


def _with_significance(rows: list, significant: list) -> list:
    """Rows of classes with one more column: the significant part of the area, in percent of the class.

    ``significant`` are the rows of the same regions and classes, without those of no result.
    """
    parts = iter(significant)
    found = []
    for row in rows:
        area = next(parts)[-2] if row[-5] is not None else np.nan
        found.append((*row, 100.0 * area / row[-2] if row[-2] else np.nan))
    return found


class RegionalAttribution:
    """The attribution of annual means of the whole raster and of regions, whose sums it gathers.

    Attributes
    ----------
    found : Attributed
        By zone, when it is computed.
    """

    def __init__(self, regions: tuple, drivers: int, years: list):
        self._means = RegionalMeans(regions, 1 + drivers, len(years))
        self._years = years

    def add(self, sums: tuple, last: bool) -> None:
        """Take the sums of a block: see `RegionalMeans.add`."""
        self._means.add(sums, last)

    def compute(self, run, alpha: float, all_pixels: bool, **options) -> None:
        """Attribute the means; ``options`` are those of `attribute`."""
        (self._series, *drivers), self._coverage, self.sparse = self._means.means(run)
        self.found = attribute(self._series, drivers, self._years, **options)
        shown = all_pixels | (self.found.p_slope < alpha)
        self.share = np.where(shown, self.found.share, np.nan)

    def rows(self) -> list:
        """Of the summary."""
        found, fit = self.found, self.found.fit
        return [
            (
                name, int(fit.count[zone]), found.slope[zone], found.p_slope[zone], found.slope_climate[zone],
                found.slope_residual[zone], found.residual_p[zone], *_class(found, zone), self.share[zone],
                fit.r_squared[zone], fit.p_value[zone], self._coverage[zone],
            )
            for zone, name in enumerate(self._means.zones.names)
        ]

    def tell(self, log, slopes: int) -> None:
        """What the log tells of the whole raster; ``slopes`` as for `attribute`."""
        found = self.found
        if np.isnan(found.slope[0]):
            log.info(tr("The annual means of the whole raster have no fit."))
            return
        text = tr("Annual means of the whole raster, per year: observed {:.4g} (p {:.3g}) = climate {:.4g} + rest "
                  "{:.4g}; R squared {:.3f}")
        if slopes == SEN:
            text = tr("Annual means of the whole raster, per year: observed {:.4g} (p {:.3g}), climate {:.4g}, rest "
                      "{:.4g}, which do not add up; R squared {:.3f}")
        log.info(
            text.format(
                found.slope[0], found.p_slope[0], found.slope_climate[0], found.slope_residual[0],
                found.fit.r_squared[0],
            )
        )

    def page(self, series, names: list, rows: list, alpha: float, how: str):
        """The page with the charts; ``rows`` are those of the table, and ``how`` tells the fit."""
        from ...report.charts import (
            AttributedSeries,
            SlopeParts,
            attributed_series,
            attributed_shares,
            attributed_slopes,
            sparse_note,
        )
        from ...report.page import Page

        found, zones = self.found, self._means.zones.names
        page = Page(tr("Climate and the rest: {}").format(series.quantity), "The chart of ⟨nep:attribution⟩")
        page.paragraph(
            tr("How much of the trend of {} the drivers explain ({}), {} to {}. {}. The rest is what they leave: it "
               "may hold human activity, and holds all else that is not among them.").format(
                series.quantity, ", ".join(names), series.years[0], series.years[-1], how
            )
        )
        page.heading(tr("Slopes of the annual means"))
        page.chart(
            attributed_slopes(
                [SlopeParts(name, found.slope[zone], found.p_slope[zone], (
                    found.slope_climate[zone], found.slope_residual[zone]
                )) for zone, name in enumerate(zones)],
                series.unit, alpha, zones[0], self.sparse,
            ),
            sparse_note(self.sparse),
        )
        page.heading(tr("Annual means"))
        page.chart(
            attributed_series(
                [AttributedSeries(
                    name, series.years, self._series[:, zone], found.climate[:, zone], found.residual[:, zone],
                    (found.slope[zone], found.slope_climate[zone], found.slope_residual[zone]),
                    (found.p_slope[zone], np.nan, found.residual_p[zone]),
                ) for zone, name in enumerate(zones)],
                series.quantity, series.unit, self.sparse,
            ),
            sparse_note(self.sparse),
        )
        page.heading(tr("Classes of the pixels"))
        page.chart(attributed_shares(rows, ATTRIBUTION_CLASSES))
        return page


def _class(found: Attributed, zone: int) -> tuple:
    code = int(found.classes[zone])
    return (None, None) if code == CLASS_NODATA else (code, CLASS_LABELS[code])
