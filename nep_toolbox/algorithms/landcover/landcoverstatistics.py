"""nep:landcoverstatistics"""

from __future__ import annotations

from functools import partial
from itertools import groupby

from qgis.core import QgsProcessingParameterString

from ...core.landcover.blocks import landcover_block
from ...core.landcover.statistics import LandCoverTotal, statistics_rows
from ...core.landcover.transitions import landcover_year
from ...errors import InvalidParameter, YearNotFound
from ...framework.groups import LANDCOVER
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...raster.series import Series
from ...raster.years import parse_years
from ._classes import NAMES_HELP, LandCoverAlgorithm

COLUMNS = {
    "year": "integer", "class": "integer", "label": "text", "pixels": "count", "area_km2": "number", "mean": "number",
    "std": "number", "total": "number", "total_tg": "number",
}

#: How the unit of a density of carbon begins: its total over an area is given in Tg C.
CARBON = "gC m-2"


class LandCoverStatistics(LandCoverAlgorithm):
    """A value by land-cover class and year."""

    CLASSIFIED = "LANDCOVER"
    NAME = "landcoverstatistics"
    LABEL = "Statistics by land cover"
    GROUP = LANDCOVER
    TAGS = (
        "NEP by land cover", "zonal statistics", "class mean", "total", "Tg C", "土地利用类型", "分类统计", "碳汇量",
    )
    SUMMARY = "Gives mean, spread, total and area of a series by land-cover class and year."
    HELP = """
<p>For each year and class over the pixels that are valid in both rasters: number, area, mean and population standard
deviation (both weighted by area), and the total = sum of value x pixel area. With values in gC m<sup>-2</sup>
yr<sup>-1</sup> the total is in gC, and total_tg in Tg C (10<sup>12</sup> g). A class without a valid pixel in a year
has no row.</p>
<p>Each year takes the land cover of the same year, else that of the latest earlier one, else the first one; the log
tells which. A single land-cover raster without a year serves all years.</p>
<p>The area of a pixel is that on the ellipsoid. In a projected CRS it is taken as map units squared where these agree
with the ellipsoid within 0.1 % all over the grid, else cell by cell; the log says which. Both
rasters must lie on one grid; nothing is resampled (the tool Harmonize rasters, nep:harmonize, brings land cover to
the grid of the series by the most frequent class). Classes are whole numbers, in rasters of any
type.</p>""" + NAMES_HELP

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable, such as NEP.")
        self.add_series("LANDCOVER", "Land cover", "Land-cover classes of one date or more.")
        self.declare_class_names()
        self.add_years()
        self.add(
            QgsProcessingParameterString("LANDCOVER_YEARS", tr("Years of the land cover"), optional=True),
            "As for the years above, for the land cover alone. Empty: the years in its names, else the years above "
            "where they are as many as its dates.", advanced=True,
        )
        self.add_execution()
        self.add_table_output("TABLE", "Statistics by land cover", "One row for each year and class.", optional=False)
        self.add_chart_output(
            "CHART", "Charts of the values by land cover", "Annual mean and annual total of each class."
        )

    def compute(self, run):
        series = run.series("INPUT")
        landcover = self._landcover(run)
        series.grid.require_same(landcover.grid, series.name, landcover.name)
        taken = [landcover_year(year, landcover.years) for year in series.years]
        self._log(run, series.years, taken)
        landcover = landcover.of_years(taken)
        which = tuple(landcover.years.index(year) for year in taken)
        grid = series.grid
        readers = {
            "stack": StackReader.of(series), "landcover": StackReader.of(landcover), "cell_area": run.cell_areas(grid),
        }
        titles = tuple(f"'{step.label}'" for step in landcover.steps)
        kernel = partial(landcover_block, which=which, titles=titles)
        total = LandCoverTotal(len(series.years))
        # Classes as 64-bit integers, and one year sorted by class at a time.
        working = 8.0 * (2 * len(landcover.steps) + 16)
        for window, strips in run.blocks(kernel, readers, grid, working):
            total.add(strips, last=window.col + window.width == grid.width)
        if not total.sums.sums.count.any():
            raise InvalidParameter(
                f"No pixel is valid in both '{series.name}' and '{landcover.name}'. Look at their nodata values, which "
                f"the log lists, and whether they cover the same area."
            )
        legend = self.legend(run, total.sums.classes)
        rows = statistics_rows(total.sums, series.years, legend.names)
        run.outputs.table("TABLE", COLUMNS, rows)
        run.outputs.page("CHART", lambda: self._page(series, rows, legend.colours))

    def _landcover(self, run) -> Series:
        given = run.parameters.text("LANDCOVER_YEARS").strip()
        if given:
            return run.series("LANDCOVER", years=given, key="LANDCOVER_YEARS")
        years = run.parameters.text("YEARS").strip()
        try:
            # Land cover of other dates than the series has no use for its years.
            fits = years and len(parse_years(years)) == len(run.bands("LANDCOVER"))
            return run.series("LANDCOVER", years=years if fits else "", names_first=True)
        except YearNotFound:
            bands = run.bands("LANDCOVER")
            if len(bands) > 1:
                raise
        run.log.info(f"The land cover '{bands[0].name}' has no year: it is taken for all years.")
        return bands[0]

    @staticmethod
    def _log(run, years: list, taken: list) -> None:
        if taken == [0] * len(taken):
            return
        for (of_year, early), pairs in groupby(zip(years, taken), key=lambda pair: (pair[1], pair[0] < pair[1])):
            span = [year for year, _ in pairs]
            if span == [of_year]:
                run.log.info(f"  {of_year}: land cover of the same year")
                continue
            words = str(span[0]) if len(span) == 1 else f"{span[0]} to {span[-1]}"
            if early:
                run.log.warn(f"  {words}: land cover of {of_year}, the first there is")
            else:
                run.log.info(f"  {words}: land cover of {of_year}")

    @staticmethod
    def _page(series, rows, colours):
        from ...report.charts import landcover_means, landcover_totals
        from ...report.page import Page

        page = Page(f"{series.quantity} by land cover", "The charts of nep:landcoverstatistics")
        page.heading("Annual mean")
        page.paragraph("Mean of the pixels of each class, weighted by area.")
        page.chart(landcover_means(
            [(year, code, label, mean) for year, code, label, _, _, mean, *_ in rows], colours, series.quantity,
            series.unit,
        ))
        page.heading("Annual total")
        carbon = series.unit.startswith(CARBON)
        page.paragraph(
            "Sum of value times area of the pixels of each class" + (", in Tg C (10^12 g)." if carbon else ".")
        )
        page.chart(landcover_totals(
            [(row[0], row[1], row[2], row[8] if carbon else row[7]) for row in rows], colours,
            f"Total {series.quantity}", _total_unit(series.unit),
        ))
        return page


def _total_unit(unit: str) -> str:
    """Unit of the totals of values in ``unit``, as the chart shows them."""
    if unit.startswith(CARBON):
        return "Tg C" + unit[len(CARBON):]
    return f"{unit} x m2" if unit else ""
