"""nep:correlation"""

from __future__ import annotations

from functools import partial

from qgis.core import QgsProcessing, QgsProcessingParameterMultipleLayers

from ...colours import CORRELATION_CLASSES, PURPLES, RED_TO_BLUE
from ...core.correlation.blocks import correlation_block
from ...core.correlation.coefficients import CLASS_LABELS, common_years, require_independent_controls
from ...errors import InvalidParameter, SeriesTooShort
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE_HELP, ClassScheme, class_map, map_classes
from ...framework.groups import DRIVERS, SERIES_TAGS
from ...framework.outputs import RasterResult
from ...framework.regional_sums import BYTES_PER_CELL
from ...framework.texts import tr
from ...raster.reader import StackReader, Together
from ...raster.wording import counted
from ...raster.zones import ZoneReader
from ...styling.styles import Ramp
from ...styling.titles import related
from ._own_climate import is_climate, is_nep
from ._regional_means import HEADINGS, SUMMARY, RegionalMeans, page

#: In the order of the legend, positive above negative.
SCHEME = ClassScheme({code: CLASS_LABELS[code] for code in CORRELATION_CLASSES}, CORRELATION_CLASSES)


class Correlation(ToolboxAlgorithm):
    """Pearson and partial correlation of two series."""

    NAME = "correlation"
    LABEL = "Correlation with a driver"
    GROUP = DRIVERS
    NEEDS = ("scipy",)
    TAGS = (
        "Pearson", "partial correlation", "climate driver", "precipitation", "temperature", "相关分析", "偏相关",
        "气候因子", "climate change", "rainfall", "drought", "driving factors", "anomaly", *SERIES_TAGS,
    )
    SUMMARY = (
        "Correlates two series pixel by pixel, where wanted with other series held constant, and their annual means "
        "over the whole raster and regions."
    )
    HELP = """
<p>Pearson's r over the years in which both series have a value; p is two-sided, from
t = r &radic;((n-2)/(1-r<sup>2</sup>)) with n - 2 degrees of freedom. Years are matched by their number, not
by their place in the list; years that only one series has are left out and named in the log.</p>
<ul>
<li><b>Partial correlation</b>: with k control series, r is the correlation of the residuals of both series after least
squares on all controls and a constant, with n - 2 - k degrees of freedom, over the years in which all series have a
value. Where the controls of a pixel depend on each other, or explain one of the series entirely, it has no
result.</li>
<li><b>Classes</b>: 2 / -2 significant positive / negative correlation, with p below ⟨ALPHA⟩; 1 / -1 not
significant.</li>
<li><b>Summary</b>: r and p of the annual means, and the regression line of the series on the driver. The mean of a year
is that of the pixels, weighted by area, in which all series have a value in that year. A region needs as many years as
a pixel. With controls, partial_r and partial_p are given too. coverage is the area of these pixels in percent of the
area of the region's polygon, in the mean of the years; regions below 10 % are named in the log, and grey in the
chart.</li>
</ul>
<p><b>NEP and its own climate</b>: NEP is NPP less a respiration that was computed from temperature and precipitation,
so it holds both with a minus sign, and its correlation with them is too low. Real NPP of a region with random climates
gave NEP a mean r of -0.12 to -0.21 with temperature, "significant" on 5 to 14 % of the pixels instead of 3 %; with the
literal annual form of the respiration the effect is small. Correlate NPP too, and report both.</p>
<p>A pixel with fewer years than asked for, or a constant series, is nodata in all results (Float32 -9999, classes Int16
-32768). Pixels with enough years but no r are the last row of the table, "no result"; percentages are of all pixels
with enough years. A correlation is no proof of a cause.</p>
<p>Reference: Björck (1967) doi:10.1007/BF01934122 (orthogonalisation of the controls).</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series to explain, such as NEP.")
        self.add_series("DRIVER", "Driver series", "The series that may explain it, such as annual precipitation.")
        self.add(
            QgsProcessingParameterMultipleLayers(
                "CONTROLS", tr("Control series (each a multi-band raster)"), QgsProcessing.SourceType.TypeRaster,
                optional=True,
            ),
            "Series whose influence is taken out: each raster is one control, with a band for each year.",
        )
        self.add_years()
        self.add_number(
            "ALPHA", "Level of significance", "A correlation is significant where p is below.", 0.05, minimum=0.0,
            maximum=1.0,
        )
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of common years",
            "Pixels with fewer years in which all series have a value get no result. With k controls never fewer than "
            "k + 3.", 8, INTEGER, 3,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output(
            "R", "Correlation coefficient", "Pearson's r, or the partial r where there are controls.", optional=False
        )
        self.add_raster_output("PVALUE", "p-value", "Two-sided p of r.")
        self.add_raster_output(
            "CLASS", "Correlation classes", "Four classes, by sign and significance.", offered=True
        )
        self.add_table_output("TABLE", "Area of the correlation classes", CLASS_TABLE_HELP)
        self.add_table_output(
            "SUMMARY", "Correlation of the annual means", "One row for the whole raster and for each region.",
            offered=True,
        )
        self.add_chart_output(
            "CHART", "Chart of the annual means", "Annual means of both series with their regression line, by region."
        )

    def compute(self, run):
        series, least = self._matched(run)
        first, second, *held = series.values()
        if is_nep(first) and is_climate(second):
            run.log.warn(
                tr("'{}' looks like NEP, and '{}' like the climate that its respiration is computed from: then NEP "
                   "holds it with a minus sign, and r is too low. Give NPP as ⟨INPUT⟩ too, and report both.").format(
                    first.name, second.name
                )
            )
        run.outputs.subject = related(first, second, held)
        grid, years = first.grid, first.years
        readers = {
            "series": StackReader.of(first), "driver": StackReader.of(second),
            "controls": Together(tuple(StackReader.of(each) for each in held)),
        }
        regional = run.outputs.is_requested("SUMMARY", "CHART")
        regions = run.regions(grid)
        if regional:
            readers["cell_area"] = run.cell_areas(grid)
        if regional and regions:
            readers["regions"] = ZoneReader(regions)
        kernel = partial(
            correlation_block, means=regional, alpha=run.parameters.number("ALPHA"), min_observations=least
        )
        means = RegionalMeans(regions, len(series), len(years))
        tested = Tested([each.name for each in held])

        def each(window, block):
            tested.add(block)
            means.add(block["means"], last=window.col + window.width == grid.width)

        working = 8.0 * 12 + (8.0 * len(years) + BYTES_PER_CELL if regional else 0.0)
        _areas, shares = map_classes(
            run, SCHEME, kernel, readers, grid, self._results(bool(held)), working, regions=regions, told=regional,
            each=each, before_table=lambda: tested.report(run.log),
        )
        if regional:
            relations, rows, sparse = means.correlated(run, years, least)
            run.outputs.table("SUMMARY", SUMMARY, rows, HEADINGS)
            run.outputs.page("CHART", lambda: page(first, second, relations, sparse, shares, SCHEME.colours))

    @staticmethod
    def _matched(run) -> tuple:
        """The series of the run by what to call them, restricted to their common years, and the fewest years."""
        series = {"INPUT": run.series("INPUT"), "DRIVER": run.series("DRIVER")}
        # In an order of their own, so that the result does not depend on that of the list.
        for control in sorted(run.series_of_each("CONTROLS"), key=lambda each: (each.name, each.steps[0].layer.path)):
            if len(control.steps) == 1:
                raise InvalidParameter(
                    f"The control '{control.name}' has one band, but each control is a series: one raster with a band "
                    f"for each year. Join its years (Raster, Miscellaneous, Build Virtual Raster, each file in a "
                    f"separate band) and choose the result."
                )
            series[f"control {len(series) - 1}"] = control
        first = series["INPUT"]
        for each in list(series.values())[1:]:
            first.grid.require_same(each.grid, first.name, each.name)
        named = {
            f"{f'⟨{role}⟩' if role in ('INPUT', 'DRIVER') else role} '{each.name}'": each.years
            for role, each in series.items()
        }
        years, left_out = common_years(named)
        for name, spare in left_out.items():
            run.log.warn(f"Left out of {name}, as another series lacks these years: {', '.join(map(str, spare))}")
        least = run.parameters.integer("MIN_OBSERVATIONS")
        if len(series) > 2 and least < len(series) + 1:
            least = len(series) + 1
            run.log.info(f"With {counted(len(series) - 2, 'control')} a pixel needs at least {least} years.")
        if len(years) < least:
            raise SeriesTooShort(
                f"The series have {counted(len(years), 'year')} in common ({', '.join(map(str, years))}), but {least} "
                f"are needed. Add the missing years, lower ⟨MIN_OBSERVATIONS⟩ or leave out controls."
            )
        method = "partial" if len(series) > 2 else "Pearson"
        run.log.info("Method: {} correlation over {}, {} to {}".format(
            method, counted(len(years), "common year"), years[0], years[-1]
        ))
        return {role: each.of_years(years) for role, each in series.items()}, least

    @staticmethod
    def _results(partial_correlation: bool) -> dict:
        kind, r = ("Partial correlation", "partial r") if partial_correlation else ("Correlation", "r")
        return {
            "R": RasterResult("r", r, (f"{kind} coefficient r",), Ramp(RED_TO_BLUE, 0.0, (-1.0, 1.0))),
            "PVALUE": RasterResult(
                "p_value", f"p of {r}", (f"p of the {kind.lower()}",), Ramp(PURPLES[::-1], limits=(0.0, 0.1))
            ),
            "CLASS": class_map(SCHEME, "class", f"{kind} classes", f"{kind} class"),
        }


class Tested:
    """Counts the pixels that were tested, and those that have no result for what their controls are."""

    def __init__(self, controls: list):
        self._controls = controls
        self._pixels = 0
        self._collinear: dict = {}

    def add(self, block: dict) -> None:
        """Take the counts of a block."""
        self._pixels += block["tested"]
        for code, pixels in block["collinear"].items():
            self._collinear[code] = self._collinear.get(code, 0) + pixels

    def report(self, log) -> None:
        """Warn of pixels without a result; an error where all of them are."""
        require_independent_controls(self._collinear, self._pixels, self._controls)
        if self._collinear:
            log.warn(
                f"{sum(self._collinear.values())} of {self._pixels} pixels have no result: their controls depend on "
                f"each other, or explain one of the series entirely."
            )
