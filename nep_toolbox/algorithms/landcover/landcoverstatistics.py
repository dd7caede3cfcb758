"""nep:landcoverstatistics"""

from __future__ import annotations

from functools import partial
from itertools import groupby

from qgis.core import QgsProcessingParameterString

from ...colours import SEQUENTIAL, along
from ...core.landcover.blocks import landcover_block
from ...core.landcover.breaks import class_labels, parse_breaks
from ...core.landcover.statistics import LandCoverTotal, statistics_rows
from ...core.landcover.summary import area_percent, summary_rows, without_classes
from ...core.landcover.tables import parse_class_names, parse_classes
from ...core.landcover.transitions import landcover_year
from ...errors import InvalidParameter, YearNotFound
from ...framework.groups import LANDCOVER, SERIES_TAGS
from ...framework.texts import tr
from ...framework.totals import teragram_of
from ...raster.class_legend import ClassLegend
from ...raster.reader import StackReader
from ...raster.series import Series
from ...styling.titles import Subject
from ._classes import AREAS_HELP, NAMES_HELP, LandCoverAlgorithm
from ._statistics_page import page

COLUMNS = {
    "year": "integer", "class": "integer", "label": "text", "pixels": "count", "area_km2": "number", "mean": "number",
    "std": "number", "total": "number", "total_tg": "number",
}
SUMMARY = {
    "class": "integer", "label": "text", "mean": "number", "slope": "number", "sen_slope": "number", "p": "number",
    "p_ols": "number", "total": "number", "total_tg": "number", "share": "number", "area_km2": "number",
    "area_percent": "number",
}
HEADINGS = {"p": "p (Mann-Kendall)", "share": "Share of the total (%)", "area_percent": "Share of the area (%)"}


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
    NEEDS = ("scipy",)
    HELP = """
<p>For each year and class over the pixels that are valid in both rasters: number, area, mean and population standard
deviation (both weighted by area), and the total = sum of value x pixel area, in the unit of the values times
m<sup>2</sup>. Of carbon per area (gC m<sup>-2</sup> yr<sup>-1</sup>, kgC/m2, ...) total_tg gives it in Tg C
(10<sup>12</sup> g); values without a unit are taken for gC m<sup>-2</sup>, those in any other have none. A class
without a valid pixel in a year has no row. The line of a class of fewer than 10 pixels is not among those that the
chart shows at first.</p>
<p>Each year takes the land cover of the same year, else that of the latest earlier one, else the first one; the log
tells which. A single land-cover raster without a year serves all years; it may be a map of changes, as the tool
⟨nep:landcovertransition⟩ makes it.</p>
<p>The summary has a row for each class: mean of the annual means; their least-squares slope with p_ols (Student's t)
and their Theil-Sen slope with p (Mann-Kendall test), per year, both empty with fewer than four years; total and area in
the mean of the years, where a year without a pixel of the class counts as 0; share, that of the total of all classes,
and area_percent, that of their area. Where some classes are sources and others sinks, a share can pass 100 or be
negative.</p>
<p>Breaks make classes of any quantity: the class of a pixel is the number of breaks that its value reaches. Nothing is
lost at the ends, which are classes too.</p>
<p>With only the pixels whose class never changes, the course of a class is that of the same pixels in all years, and
not that of land which joins or leaves it. Compared are the dates that the years take; a pixel without a class on one of
them is left out, and the log tells how many change.</p>
<p>Classes to leave out are taken for missing everywhere. Classes below the minimum area, in the mean of the years, keep
their rows in the table and their part of all totals, but are left out of the summary and the charts, which name
them.</p>
<p>Both rasters must lie on one grid; nothing is resampled (the tool ⟨nep:harmonize⟩ brings land cover to the grid of
the series by the most frequent class).</p>""" + AREAS_HELP + NAMES_HELP

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable, such as NEP.")
        self.add_series("LANDCOVER", "Land cover", "Land-cover classes of one date or more; with breaks, any quantity.")
        self.declare_class_names()
        self.add(
            QgsProcessingParameterString("EXCLUDE", tr("Classes to leave out (5,7)"), optional=True),
            "Codes of classes whose pixels are taken for missing, such as water and built-up land, with commas "
            "between.",
        )
        self.add(
            QgsProcessingParameterString(
                "CLASS_BREAKS", tr("Breaks that cut a quantity into classes (0,500,1000)"), optional=True
            ),
            "Takes the land cover as a quantity, such as elevation, mean precipitation or population, one raster for "
            "all years or one for each, and cuts it into classes: 0 below the first break, 1 from the first break on, "
            "2 from the second on, and so on. A value equal to a break belongs to the class above it.",
        )
        self.add_flag(
            "STABLE_ONLY", "Only pixels whose class never changes",
            "Takes only the pixels that have the same class on all dates of the land cover that the years take, so "
            "that the same pixels stand for a class in every year.", optional=True,
        )
        self.add_number(
            "MIN_AREA", "Minimum area of a class (% of the area)",
            "Classes with a smaller share of the area, in the mean of the years, are left out of the summary and of "
            "the charts. The table keeps them.", 0.0, minimum=0.0, maximum=100.0, optional=True, advanced=True,
        )
        self.add_years()
        self.declare_landcover_years()
        self.add_execution()
        self.add_table_output("TABLE", "Statistics by land cover", "One row for each year and class.", optional=False)
        self.add_table_output(
            "SUMMARY", "Summary by land cover", "One row for each class: mean, trend, share of the total and of the "
            "area.", offered=True,
        )
        self.add_chart_output(
            "CHART", "Charts of the values by land cover", "Annual mean and annual total of each class, and its trend."
        )

    def check(self, parameters):
        super().check(parameters)
        parse_classes(parameters.text("EXCLUDE"), "EXCLUDE")
        parse_breaks(parameters.text("CLASS_BREAKS"))

    def compute(self, run):
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        landcover = self._landcover(run)
        series.grid.require_same(landcover.grid, series.name, landcover.name)
        taken = [landcover_year(year, landcover.years) for year in series.years]
        self._log(run, series.years, taken)
        landcover, breaks = landcover.of_years(taken), parse_breaks(run.parameters.text("CLASS_BREAKS"))
        sums = self._kept(run, self._sums(run, series, landcover, taken, breaks))
        legend = self.legend(run, sums.classes, self._of_breaks(run, landcover, breaks) if breaks else None)
        teragram = teragram_of(run, series)
        run.outputs.table("TABLE", COLUMNS, statistics_rows(sums, series.years, legend.names, teragram))
        small = self._small(run, sums, legend.names)
        rows = [
            row for row in summary_rows(sums, series.years, legend.names, teragram) if row[0] not in small
        ]
        run.outputs.table("SUMMARY", SUMMARY, rows, HEADINGS)
        shown = statistics_rows(without_classes(sums, small), series.years, legend.names, teragram)
        classified = f"classes of {landcover.quantity}" if breaks else "land cover"
        run.outputs.page("CHART", lambda: page(series, classified, shown, rows, legend, small))

    @staticmethod
    def _sums(run, series, landcover, taken: list, breaks: tuple):
        """The sums of each year and class; ``taken`` is the date of the land cover of each year."""
        stable = run.parameters.flag("STABLE_ONLY")
        which = (0,) * len(taken) if stable else tuple(landcover.years.index(year) for year in taken)
        grid, titles = series.grid, tuple(f"'{step.label}'" for step in landcover.steps)
        readers = {
            "stack": StackReader.of(series), "landcover": StackReader.of(landcover), "cell_area": run.cell_areas(grid),
        }
        kernel = partial(landcover_block, which=which, titles=titles, breaks=breaks, stable=stable)
        total, changed, known = LandCoverTotal(which), 0, 0
        # Classes as 64-bit integers, and the cells of a date in the order of their classes.
        working = 8.0 * (2 * len(landcover.steps) + 16)
        for window, block in run.blocks(kernel, readers, grid, working):
            total.add(block["patches"], last=window.ends_row_of(grid))
            changed, known = changed + block.get("changed", 0), known + block.get("known", 0)
        if stable:
            _log_stable(run, landcover, changed, known)
        if not total.sums.sums.count.any():
            why = tr("No pixel is valid in both '{}' and '{}'. Look at their nodata values, which the log lists, and "
                     "whether they cover the same area.")
            if known:
                why = tr("No pixel with a value in '{}' has the same class on all dates of '{}'. Switch ⟨STABLE_ONLY⟩ "
                         "off, or take fewer dates.")
            raise InvalidParameter(why.format(series.name, landcover.name))
        return total.sums

    @staticmethod
    def _of_breaks(run, landcover, breaks: tuple) -> ClassLegend:
        """Names and colours of the classes of a quantity, those that were typed first."""
        labels = {
            **class_labels(breaks, landcover.unit), **parse_class_names(run.parameters.text("CLASS_NAMES"))
        }
        return ClassLegend(labels, {code: along(SEQUENTIAL, code / len(breaks)) for code in range(len(breaks) + 1)})

    @staticmethod
    def _kept(run, sums):
        """The sums without the classes that EXCLUDE names."""
        left_out = parse_classes(run.parameters.text("EXCLUDE"), "EXCLUDE")
        there = ", ".join(map(str, sums.classes))
        unknown = ", ".join(map(str, sorted(left_out - set(sums.classes))))
        if unknown:
            run.log.warn(
                tr("⟨EXCLUDE⟩ names {}, which no pixel with a value has. The classes are: {}.").format(unknown, there)
            )
        if left_out >= set(sums.classes):
            raise InvalidParameter(
                tr("⟨EXCLUDE⟩ names all classes there are: {}. Leave one of them in.").format(there)
            )
        return without_classes(sums, left_out)

    @staticmethod
    def _small(run, sums, names: dict) -> dict:
        """The classes below MIN_AREA: class -> name and share of the area."""
        least = run.parameters.number("MIN_AREA") or 0.0
        percent_of = area_percent(sums)
        shares = {code: percent for code, percent in percent_of.items() if percent < least}
        if len(shares) == len(percent_of):
            raise InvalidParameter(
                tr("No class has {:g} % of the area, as ⟨MIN_AREA⟩ asks for: the largest has {:.3g} %. Lower it.")
                .format(least, max(shares.values()))
            )
        small = {code: f"{names[code]} ({percent:.2g} %)" for code, percent in shares.items()}
        if small:
            run.log.info(
                tr("Below {:g} % of the area, left out of summary and charts: {}.")
                .format(least, ", ".join(small.values()))
            )
        return small

    def _landcover(self, run) -> Series:
        try:
            return self.dated_landcover(run)
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


def _log_stable(run, landcover: Series, changed: int, known: int) -> None:
    if len(landcover.steps) == 1:
        run.log.warn(
            tr("'{}' has one date, so that no class changes: ⟨STABLE_ONLY⟩ leaves nothing out.").format(landcover.name)
        )
        return
    run.log.info(
        tr("Of {} pixels with a class on all {} dates {} change it ({:.3g} %) and are left out.")
        .format(known, len(landcover.steps), changed, 100.0 * changed / known if known else 0.0)
    )
