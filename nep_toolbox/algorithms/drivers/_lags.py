"""What is told of the lags of a driver: their names, the rows of their table, and the page."""

from __future__ import annotations

from ...colours import NO_DRIVER, TIME, along
from ...core.correlation.lag_blocks import KINDS, NOT_SIGNIFICANT
from ...framework.class_maps import ClassScheme, Tally, warn_of_regions
from ...framework.texts import tr
from ...styling.styles import Classes

#: Columns of the table; with regions ``region`` comes first.
LAG_TABLE = {
    "lag": "integer", "label": "text", "pixels": "count", "area_km2": "number", "percent": "number",
    "positive_percent": "number", "negative_percent": "number",
}

#: What its help says.
LAG_TABLE_HELP = (
    "One row for each lag: pixels, area in km2 and share; positive_percent and negative_percent are the shares with a "
    "significant correlation of this sign. All shares are of the area of all pixels with enough years. With ⟨REGIONS⟩ "
    "in each region too."
)


def lag_label(lag: int) -> str:
    """What a legend calls a lag."""
    if not lag:
        return tr("Same year")
    return tr("1 year before") if lag == 1 else tr("{} years before").format(lag)


class Lags:
    """Adds up the areas of the lags up to ``max_lag``, in the whole raster and in regions.

    Attributes
    ----------
    labels : dict of int to str
    style, significant_style : Classes
        Of the map of the lags, and of that of the significant ones.
    constant_series, constant_driver : int
        Pixels with enough years whose series does not change, or whose driver.
    """

    def __init__(self, max_lag: int, regions: tuple):
        self.labels = {lag: lag_label(lag) for lag in range(max_lag + 1)}
        colours = {lag: along(TIME, lag / max(max_lag, 1)) for lag in self.labels}
        self.style = Classes.of(self.labels, colours)
        self.significant_style = Classes.of(
            {**self.labels, NOT_SIGNIFICANT: tr("No significant correlation")}, {**colours, NOT_SIGNIFICANT: NO_DRIVER}
        )
        kinds = {len(KINDS) * lag + place: kind for lag in self.labels for place, kind in enumerate(KINDS)}
        self._tally = Tally(ClassScheme(kinds, {}), regions)
        self.constant_series = self.constant_driver = 0

    def add(self, block: dict) -> None:
        """Take what the kernel gives for a block."""
        self._tally.add(block)
        self.constant_series += block["constant_series"]
        self.constant_driver += block["constant_driver"]

    @property
    def regions(self) -> tuple:
        """The regions of the table."""
        return self._tally.regions

    @property
    def pixels(self):
        """How many pixels have each lag, (lags, kinds)."""
        return self._tally.areas[:, 0].reshape(-1, len(KINDS))

    def tell(self, run) -> None:
        """The share of each lag in the log, and regions with few values."""
        areas = self._tally.areas.reshape(-1, len(KINDS), 2).sum(axis=1)
        run.log.class_areas(areas, 0, self.labels, int(self._tally.no_result[0, 0]))
        if self._tally.regions:
            warn_of_regions(run, [self._tally])

    def rows(self) -> list:
        """Rows of `LAG_TABLE` for the whole raster."""
        return self._of_lags(self._tally.rows())

    def regional_rows(self) -> list:
        """Rows of `LAG_TABLE` with the name of a region before them: the whole raster, then each region."""
        parts: list = []
        for region, *row in self._tally.regional_rows(self._tally.rows()):
            if row[0] == 0:  # the first kind of all
                parts.append((region, []))
            parts[-1][1].append(row)
        return [(region, *row) for region, kinds in parts for row in self._of_lags(kinds)]

    def _of_lags(self, kinds: list) -> list:
        """Rows of lags, from those of their kinds and perhaps one of pixels without a result."""
        rows = []
        for lag, label in self.labels.items():
            some = kinds[len(KINDS) * lag : len(KINDS) * (lag + 1)]
            pixels, area, percent = (sum(row[column] for row in some) for column in (2, 3, 4))
            rows.append((lag, label, pixels, area, percent, some[0][4], some[1][4]))
        lost = kinds[len(KINDS) * len(self.labels) :]
        return rows + [(*row, None, None) for row in lost]


def lags_page(lags: Lags, series, driver, alpha: float, detrended: bool):
    """The page with the chart of the lags; the series are those of the years used."""
    from ...report.charts import lag_shares
    from ...report.page import Page

    page = Page(tr("Lag of {} behind {}").format(series.quantity, driver.quantity),
                "The chart of ⟨nep:lagcorrelation⟩")
    page.paragraph(
        tr("By how many years {} follows {}: the share of the area in which the correlation with the driver of that "
           "year is the strongest, {} to {}. Shares are of the area of all pixels with enough years. Correlations are "
           "significant where p is below {:g}; the lag of the others may be chance alone.").format(
            series.quantity, driver.quantity, series.years[0], series.years[-1], alpha
        )
    )
    if detrended:
        page.paragraph(tr("The line over the years is taken out of both."))
    page.chart(lag_shares([(label, area, *shares) for lag, label, _pixels, area, *shares in lags.rows()
                           if lag is not None]))
    return page
