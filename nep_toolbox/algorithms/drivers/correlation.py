"""nep:correlation"""

from __future__ import annotations

from qgis.core import QgsProcessing, QgsProcessingParameterMultipleLayers

from ...colours import CORRELATION_CLASSES, RED_TO_BLUE
from ...core.correlation.coefficients import CLASS_LABELS
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE_HELP, ClassScheme, class_map, map_classes
from ...framework.groups import DRIVERS, SERIES_TAGS
from ...framework.number_maps import P_RAMP
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...styling.styles import Ramp
from ...styling.titles import related
from ._driver import Driver, given_drivers
from ._driver_maps import Found, correlate, maps_page
from ._own_climate import warn_of_own_climate
from ._regional_means import HEADINGS, SUMMARY, page

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
<li><b>Several drivers</b>: the page ⟨MAPS⟩ shows ⟨DRIVER⟩ and each of ⟨DRIVERS⟩, one after the other correlated with
the series over their own common years, with the same controls. A map shows every n-th pixel of a large raster. All
other results are those of ⟨DRIVER⟩ alone.</li>
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
        self.add(
            QgsProcessingParameterMultipleLayers(
                "DRIVERS", tr("Further drivers (each a multi-band raster)"), QgsProcessing.SourceType.TypeRaster,
                optional=True,
            ),
            "Further series that may explain it, for the page ⟨MAPS⟩ alone: each raster is one driver, with a band for "
            "each year; a whole folder of them can be added.",
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
        self.add_chart_output(
            "MAPS", "Maps of all drivers", "For ⟨DRIVER⟩ and each of ⟨DRIVERS⟩ the map of r, the annual means with "
            "their regression line, and the share of each class, on one page.", offered=False,
        )

    def compute(self, run):
        first, drivers, controls = given_drivers(run)
        drivers = [
            Driver(run, first, each, controls, "driver" if place else "⟨DRIVER⟩") for place, each in enumerate(drivers)
        ]
        for each in drivers:
            warn_of_own_climate(run, each.series, each.driver)
        driver, *others = drivers
        run.outputs.subject = related(driver.series, driver.driver, driver.controls)
        grid, regions = first.grid, run.regions(first.grid)
        driver.prepare(run, regions)
        _areas, shares = map_classes(
            run, SCHEME, driver.kernel, driver.readers, grid, self._results(bool(controls)), driver.bytes_per_cell,
            regions=regions, told=driver.regional, each=driver.add, before_table=lambda: driver.report(run.log),
            part=(0.0, 1 / len(drivers)),
        )
        if not driver.regional:
            return
        relations, rows, sparse = driver.means.correlated(run, driver.series.years, driver.least)
        run.outputs.table("SUMMARY", SUMMARY, rows, HEADINGS)
        run.outputs.page(
            "CHART", lambda: page(driver.series, driver.driver, relations, sparse, shares, SCHEME.colours)
        )
        found = [Found(driver, relations[0], shares)]
        for place, other in enumerate(others, 1):
            found.append(correlate(run, other, SCHEME, (place / len(drivers), (place + 1) / len(drivers))))
        run.outputs.page("MAPS", lambda: maps_page(found, SCHEME.colours))

    @staticmethod
    def _results(partial_correlation: bool) -> dict:
        kind, r = ("Partial correlation", "partial r") if partial_correlation else ("Correlation", "r")
        return {
            "R": RasterResult("r", r, (f"{kind} coefficient r",), Ramp(RED_TO_BLUE, 0.0, (-1.0, 1.0))),
            "PVALUE": RasterResult("p_value", f"p of {r}", (f"p of the {kind.lower()}",), P_RAMP),
            "CLASS": class_map(SCHEME, "class", f"{kind} classes", f"{kind} class"),
        }
