"""nep:correlation"""

from __future__ import annotations

from qgis.core import QgsProcessing, QgsProcessingParameterMultipleLayers

from ...colours import CORRELATION_CLASSES
from ...core.correlation.coefficients import CLASS_LABELS
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE_HELP, ClassScheme, map_classes
from ...framework.groups import DRIVERS, SERIES_TAGS
from ...framework.texts import tr
from ...styling.titles import related
from ._coefficient import METHODS
from ._driver import Driver, given_drivers
from ._driver_maps import Found, correlate, maps_page
from ._own_climate import warn_of_own_climate
from ._regional_means import SUMMARY, page

#: In the order of the legend, positive above negative.
SCHEME = ClassScheme({code: CLASS_LABELS[code] for code in CORRELATION_CLASSES}, CORRELATION_CLASSES)


class Correlation(ToolboxAlgorithm):
    """Correlation of two series, of their values or their ranks, plain or partial."""

    NAME = "correlation"
    LABEL = "Correlation with a driver"
    GROUP = DRIVERS
    NEEDS = ("scipy",)
    TAGS = (
        "Pearson", "Spearman", "rank correlation", "partial correlation", "climate driver", "precipitation",
        "temperature", "相关分析", "偏相关", "秩相关", "斯皮尔曼", "气候因子", "climate change", "rainfall", "drought",
        "driving factors", "anomaly", *SERIES_TAGS,
    )
    SUMMARY = (
        "Correlates two series pixel by pixel, where wanted with other series held constant, and their annual means "
        "over the whole raster and regions."
    )
    HELP = """
<p>Pearson's r, or Spearman's rho, over the years in which both series have a value; p is two-sided, from
t = r &radic;((n-2)/(1-r<sup>2</sup>)) with n - 2 degrees of freedom. Years are matched by their number, not
by their place in the list; years that only one series has are left out and named in the log.</p>
<ul>
<li><b>Pearson or Spearman</b> (⟨METHOD⟩): r tells how close the years lie to a straight line, and one odd year can make
or unmake it. rho is the correlation of the ranks: it tells how steadily one series rises or falls with the other, along
a line or a curve, and an odd year counts no more than any other. The ranks are those among the years that count in the
pixel, equal values taking the mean of theirs. p of rho is that of the same t, as in R and scipy, which is close from
twelve years on: with eight to ten years nearly 6 % of series that have nothing to do with each other get a p below
0.05. The partial rho is worse, however many years there are, where both series follow a control closely, for ranks take
it out in part only: with an r of 0.7 with the control 6 % of series that have nothing else in common get a p below
0.05, with 0.95 nearly 10 %, with 0.995 nearly 20 %. Then prefer Pearson, or report both.</li>
<li><b>Partial correlation</b>: with k control series, r is the correlation of the residuals of both series after least
squares on all controls and a constant, with n - 2 - k degrees of freedom, over the years in which all series have a
value; the partial rho is the same of the ranks of all of them. Where the controls of a pixel depend on each other, or
explain one of the series entirely, it has no result.</li>
<li><b>Field significance</b>: with thousands of pixels some are significant by chance. With ⟨FIELD_SIGNIFICANCE⟩ p is
adjusted for the false discovery rate over all pixels that have one (Benjamini and Hochberg 1995), and p and classes
hold the adjusted one; of the pixels that are then significant at 0.05, about one in twenty is expected to be so by
chance. It holds where neighbouring pixels resemble each other too (Wilks 2016). The series are read twice, and p is
adjusted in narrow bins: an adjusted p is too large by at most 0.025 % of itself. p of the annual means is never
adjusted.</li>
<li><b>Classes</b>: 2 / -2 significant positive / negative correlation, with p below ⟨ALPHA⟩; 1 / -1 not
significant.</li>
<li><b>Numbers</b>: as results for models and scripts, and in the log, the shares of the pixels with a p that are
significant at ⟨ALPHA⟩, without and with that adjustment, whether the maps have it or not.</li>
<li><b>Summary</b>: r or rho of the annual means with its p, and the regression line of the series on the driver. The
mean of a year is that of the pixels, weighted by area, in which all series have a value in that year. A region needs as
many years as a pixel. With controls, partial_r and partial_p are given too. coverage is the area of these pixels in
percent of the area of the region's polygon, in the mean of the years; regions below 10 % are named in the log, and grey
in the chart.</li>
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
with enough years. A correlation is no proof of a cause: two series that both have a trend correlate, whatever made
them. p takes the years for independent of each other.</p>
<p>References: Björck (1967) doi:10.1007/BF01934122 (orthogonalisation of the controls); Spearman (1904)
doi:10.2307/1412159; Benjamini and Hochberg (1995) doi:10.1111/j.2517-6161.1995.tb02031.x; Wilks (2016)
doi:10.1175/BAMS-D-15-00267.1.</p>"""

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
        self.add_choice(
            "METHOD", "Coefficient", "Pearson measures how close the years lie to a line; Spearman, by ranks, how "
            "steadily one series rises or falls with the other.", METHODS, optional=True,
        )
        self.add_flag(
            "FIELD_SIGNIFICANCE", "Adjust p for the number of pixels (false discovery rate)",
            "p and classes then hold the adjusted p-value of Benjamini and Hochberg.", optional=True,
        )
        self.add_regions()
        self.add_execution()
        self._declare_results()

    def _declare_results(self):
        self.add_raster_output(
            "R", "Correlation coefficient", "Pearson's r or Spearman's rho; the partial one where there are controls.",
            optional=False,
        )
        self.add_raster_output("PVALUE", "p-value", "Two-sided p of r or rho, adjusted where asked for.")
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
        self.add_number_output("SIGNIFICANT", "Pixels with p below the level of significance (%)")
        self.add_number_output(
            "FDR_SIGNIFICANT", "Pixels with p below the level, adjusted for the number of pixels (%)"
        )

    def compute(self, run):
        first, drivers, controls = given_drivers(run)
        drivers = [
            Driver(run, first, each, controls, "driver" if place else "⟨DRIVER⟩") for place, each in enumerate(drivers)
        ]
        for each in drivers:
            warn_of_own_climate(run, each.series, {each.driver.name: each.driver})
        driver, *others = drivers
        run.outputs.subject = related(driver.series, driver.driver, driver.controls)
        grid, regions = first.grid, run.regions(first.grid)
        driver.prepare(run, regions, (0.0, 1 / len(drivers)))
        _areas, shares = map_classes(
            run, SCHEME, driver.kernel, driver.readers, grid, driver.kind.results(SCHEME), driver.bytes_per_cell,
            regions=regions, told=driver.regional, each=driver.add, before_table=lambda: driver.report(run.log),
            **driver.blocks,
        )
        driver.tell_significance(run.log)
        for name, percent in zip(("SIGNIFICANT", "FDR_SIGNIFICANT"), driver.significance.percent()):
            run.number(name, percent)
        if driver.regional:
            self._write_means(run, driver, others, shares)

    @staticmethod
    def _write_means(run, driver: Driver, others: list, shares: list) -> None:
        """Summary and pages; ``shares`` are the rows of the classes."""
        kind = driver.kind
        relations, rows, sparse = driver.correlated(run)
        run.outputs.table("SUMMARY", SUMMARY, rows, kind.headings)
        run.outputs.page(
            "CHART", lambda: page(driver.series, driver.driver, relations, sparse, shares, SCHEME.colours, kind)
        )
        found, count = [Found(driver, relations[0], shares)], 1 + len(others)
        for place, other in enumerate(others, 1):
            found.append(correlate(run, other, SCHEME, (place / count, (place + 1) / count)))
        run.outputs.page("MAPS", lambda: maps_page(found, SCHEME.colours))
