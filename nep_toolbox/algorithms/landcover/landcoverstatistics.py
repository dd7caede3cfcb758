"""nep:landcoverstatistics"""

from __future__ import annotations

from functools import partial
from itertools import groupby

from qgis.core import QgsProcessingParameterString

from ...core.carbon import carbon_density, total_unit
from ...core.landcover.blocks import landcover_block
from ...core.landcover.statistics import LandCoverTotal, statistics_rows
from ...core.landcover.transitions import landcover_year
from ...errors import InvalidParameter, YearNotFound
from ...framework.groups import LANDCOVER, SERIES_TAGS
from ...framework.texts import tr
from ...framework.totals import teragram_of
from ...raster.reader import StackReader
from ...raster.series import Series
from ...raster.years import parse_years
from ...styling.titles import Subject
from ._classes import FEW_PIXELS, NAMES_HELP, LandCoverAlgorithm, few_note, names_hint

COLUMNS = {
    "year": "integer", "class": "integer", "label": "text", "pixels": "count", "area_km2": "number", "mean": "number",
    "std": "number", "total": "number", "total_tg": "number",
}


class LandCoverStatistics(LandCoverAlgorithm):
    """A value by land-cover class and year."""

    CLASSIFIED = "LANDCOVER"
    NAME = "landcoverstatistics"
    LABEL = "Statistics by land cover"
    GROUP = LANDCOVER
    TAGS = (
        "NEP by land cover", "zonal statistics", "class mean", "total", "Tg C", "土地利用类型", "分类统计", "碳汇量",
        "land use", "LULC", *SERIES_TAGS,
    )
    SUMMARY = "Gives mean, spread, total and area of a series by land-cover class and year."
    HELP = """
<p>For each year and class over the pixels that are valid in both rasters: number, area, mean and population standard
deviation (both weighted by area), and the total = sum of value x pixel area, in the unit of the values times
m<sup>2</sup>. Of carbon per area (gC m<sup>-2</sup> yr<sup>-1</sup>, kgC/m2, ...) total_tg gives it in Tg C
(10<sup>12</sup> g); values without a unit are taken for gC m<sup>-2</sup>, those in any other have none. A class
without a valid pixel in a year has no row. The line of a class of fewer than 10 pixels is not among those that the
chart shows at first.</p>
<p>Each year takes the land cover of the same year, else that of the latest earlier one, else the first one; the log
tells which. A single land-cover raster without a year serves all years.</p>
<p>The area of a pixel is that on the ellipsoid. In a projected CRS it is taken as map units squared where these agree
with the ellipsoid within 0.1 % all over the grid, else cell by cell; the log says which. Both
rasters must lie on one grid; nothing is resampled (the tool ⟨nep:harmonize⟩ brings land cover to
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
        run.outputs.subject = Subject.of(series)
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
        rows = statistics_rows(total.sums, series.years, legend.names, teragram_of(run, series))
        run.outputs.table("TABLE", COLUMNS, rows)
        run.outputs.page("CHART", lambda: _page(series, rows, legend))

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
        def taken_from(pair):
            year, of_year = pair
            alone = of_year == year and taken.count(of_year) == 1
            return (None, False) if alone else (of_year, year < of_year)

        for (of_year, early), pairs in groupby(zip(years, taken), key=taken_from):
            span = [year for year, _ in pairs]
            words = str(span[0]) if len(span) == 1 else f"{span[0]} to {span[-1]}"
            if early:
                run.log.warn(f"  {words}: land cover of {of_year}, the first there is")
            else:
                run.log.info(f"  {words}: land cover of {of_year or 'the same year'}")


def _page(series, rows: list, legend):
    from ...report.charts import class_label, landcover_means, landcover_totals
    from ...report.page import Page

    page = Page(f"{series.quantity} by land cover", "The charts of ⟨nep:landcoverstatistics⟩")
    if hint := names_hint(legend.names):
        page.paragraph(hint)
    page.heading("Annual mean")
    page.paragraph("Mean of the pixels of each class, weighted by area.")
    few = _few(rows)
    page.chart(landcover_means(
        [(year, code, label, mean) for year, code, label, _, _, mean, *_ in rows], legend.colours, series.quantity,
        series.unit, few,
    ), few_note([class_label(code, legend.names[code]) for code in sorted(few)]))
    page.heading("Annual total")
    carbon = carbon_density(series.unit) is not None
    page.paragraph(
        "Sum of value times area of the pixels of each class, in Tg C (10¹² g)." if carbon
        else "Sum of value times area (m²) of the pixels of each class."
    )
    page.chart(landcover_totals(
        [(row[0], row[1], row[2], row[8] if carbon else row[7]) for row in rows], legend.colours,
        f"Total {series.quantity}", total_unit(series.unit),
    ))
    return page


def _few(rows: list) -> frozenset:
    """The classes that have fewer than `FEW_PIXELS` pixels in the mean of their years, unless all have."""
    counts: dict = {}
    for _year, code, _label, pixels, *_ in rows:
        counts.setdefault(code, []).append(pixels)
    few = frozenset(code for code, pixels in counts.items() if sum(pixels) < FEW_PIXELS * len(pixels))
    return few if len(few) < len(counts) else frozenset()
