"""nep:variability"""

from __future__ import annotations

import math
from functools import partial

from qgis.core import QgsProcessingParameterString

from ...colours import LIGHT_TO_DARK, PURPLES, SEQUENTIAL, stability
from ...core.balance.blocks import CV_UNIT, variability_block
from ...core.balance.variability import FEWEST, class_labels, parse_limits
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE_HELP, ClassScheme, class_map, map_classes
from ...framework.groups import SERIES_TAGS, STATISTICS
from ...framework.number_maps import number_map
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...raster.wording import counted
from ...styling.styles import Ramp
from ...styling.titles import Subject

DEFAULT_LIMITS = "0.05,0.10,0.15,0.20"


class Variability(ToolboxAlgorithm):
    """How much each pixel varies from year to year."""

    NAME = "variability"
    LABEL = "Variability (coefficient of variation)"
    GROUP = STATISTICS
    TAGS = (
        "coefficient of variation", "CV", "stability", "interannual variability", "standard deviation", "fluctuation",
        "变异系数", "稳定性", "年际波动", *SERIES_TAGS,
    )
    SUMMARY = (
        "Measures how much every pixel of a series varies from year to year, as a share of its mean, with and without "
        "its trend, in classes from stable to unstable."
    )
    HELP = """
<p>The coefficient of variation CV is the standard deviation of the valid values (divisor n - 1) over the absolute value
of their mean: 0.1 means that years differ from the mean by about a tenth of it. It has no unit.</p>
<ul>
<li><b>Detrended CV</b>: a series that rises steadily varies too. Here the least-squares line of the valid values over
their real years is taken out, and the standard deviation of what is left (divisor n - 2) stands over the same mean. Far
below CV, most of CV is trend; of a series without trend both are about equal.</li>
<li><b>Undefined</b>: where the mean does not differ from 0 by two standard errors (2 s / root of n), or is 0, there is
no CV: a ratio to it would measure how near the mean is to 0. Series that cross 0, as NEP does, have such pixels; they
are nodata in CV and classes, the last row of the table ("no result") and counted in the log. ⟨STD⟩ has a value there,
and is the better measure of a series of both signs. Close to the limit CV is large for the same reason; it cannot pass
half the root of n.</li>
<li><b>Classes</b>: 1 and as many more as there are ⟨LIMITS⟩ that CV exceeds: with the four usual ones very stable,
stable, moderate, unstable and very unstable. These limits are a habit and no law: they say nothing of harm or of
change, and NDVI, whose CV is mostly low, falls into other classes than NPP of the same place. Say which you used.</li>
</ul>
<p><b>What it cannot say.</b> A low CV is not resilience: nothing is tested, and a pixel may be stable because nothing
grows there. A CV of few years is itself uncertain: that of 20 independent years by about a sixth of itself. CV of large
cells, and of means of regions, is mostly lower than that of small ones. The mean of an index with an offset (NDVI of
bare soil, temperature in degC) is no true zero, and its CV changes with the offset.</p>
<p>Missing are nodata, masked and infinite values. A pixel with gaps uses its valid values in their real years, and
needs ⟨MIN_OBSERVATIONS⟩ of them; with fewer it is nodata everywhere. A constant pixel has a CV of 0, unless it is 0.
Percentages are of all pixels with enough values. Nodata is -9999 (Float32), -32768 in the classes (Int16).</p>
<p>Results for models and scripts, as in the log: the mean CV of the pixels that have one, and the share of those with
enough values that have none.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable.")
        self.add_years()
        self.add(
            QgsProcessingParameterString("LIMITS", tr("Limits of the classes"), DEFAULT_LIMITS),
            "Values of CV between the classes, as shares, ascending; any number of them up to 19.",
        )
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of valid values", "Pixels with fewer valid values get no result.", 8,
            INTEGER, FEWEST,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output("CV", "Coefficient of variation", "Standard deviation over mean.", optional=False)
        self.add_raster_output(
            "CV_DETRENDED", "Coefficient of variation without the trend", "Spread around the line over the mean."
        )
        self.add_raster_output("MEAN", "Mean", "Mean of the valid values, in their unit.")
        self.add_raster_output("STD", "Standard deviation", "Sample standard deviation, in the unit of the values.")
        self.add_raster_output("CLASS", "Classes of variability", "From stable to unstable.", offered=True)
        self.add_table_output("TABLE", "Area of the classes of variability", CLASS_TABLE_HELP)
        self.add_chart_output("CHART", "Chart of the classes of variability", "Share of the area in each class.")
        self.add_number_output("MEAN_CV", "Mean coefficient of variation of the pixels")
        self.add_number_output("UNDEFINED_PERCENT", "Pixels without a coefficient of variation (%)")

    def check(self, parameters):
        super().check(parameters)
        parse_limits(parameters.text("LIMITS"))

    def compute(self, run):
        given = run.parameters
        limits, fewest = parse_limits(given.text("LIMITS")), given.integer("MIN_OBSERVATIONS")
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        series.require_length(fewest, "MIN_OBSERVATIONS")
        warn_of_limits(run, limits, len(series.steps))
        colours = stability(len(limits) + 1)
        scheme = ClassScheme(class_labels(limits), colours)
        kernel = partial(
            variability_block, years=series.years, limits=limits, min_observations=fewest,
            detrended=run.outputs.is_requested("CV_DETRENDED"),
        )
        total = 0

        def each(_window, block):
            nonlocal total
            total += block["cv_sum"]

        areas, rows = map_classes(
            run, scheme, kernel, {"stack": StackReader.of(series)}, series.grid, self._results(series, scheme),
            8.0 * (2 * len(series.steps) + 10), regions=run.regions(series.grid), tabulated=("TABLE", "CHART"),
            each=each,
        )
        undefined = sum(row[2] for row in rows if row[0] is None)
        self._tell(run, int(areas[:, 0].sum()), undefined, total * CV_UNIT)
        run.outputs.page("CHART", lambda: self._page(series, rows, colours))

    @staticmethod
    def _tell(run, defined: int, undefined: int, cv_sum: float) -> None:
        """The mean CV and the share of pixels without one, as results and in the log."""
        if defined:
            run.number("MEAN_CV", cv_sum / defined)
            run.log.info(
                tr("Mean coefficient of variation of {}: {:.4g}").format(counted(defined, "pixel"), cv_sum / defined)
            )
        if defined + undefined:
            run.number("UNDEFINED_PERCENT", 100 * undefined / (defined + undefined))
        if undefined:
            run.log.info(
                tr("{} of {} with enough values have no coefficient of variation, {:.1f} %: their mean does not differ "
                   "from 0 by two standard errors. See ⟨STD⟩ for these.").format(
                    undefined, counted(defined + undefined, "pixel"), 100 * undefined / (defined + undefined)
                )
            )

    @staticmethod
    def _page(series, rows: list, colours: dict):
        from ...report.charts import class_shares
        from ...report.page import Page

        page = Page(tr("Variability: {}").format(series.quantity), "The chart of ⟨nep:variability⟩")
        page.paragraph(
            tr("Coefficient of variation (standard deviation over mean) of the years {} to {}, in classes; shares are "
               "of the area of all pixels with enough values. Those whose mean does not differ from 0 have no "
               "class.").format(series.years[0], series.years[-1])
        )
        page.chart(class_shares(rows, colours))
        return page

    @staticmethod
    def _results(series, scheme: ClassScheme) -> dict:
        spread = Ramp(PURPLES)
        return {
            "CV": number_map("cv", tr("Coefficient of variation"), spread),
            "CV_DETRENDED": number_map("cv_detrended", tr("Coefficient of variation without the trend"), spread),
            "MEAN": number_map("mean", tr("Mean"), Ramp(SEQUENTIAL), series.unit),
            "STD": number_map("std", tr("Standard deviation"), Ramp(LIGHT_TO_DARK), series.unit),
            "CLASS": class_map(scheme, "class", tr("Classes of variability"), tr("Class of variability")),
        }


def warn_of_limits(run, limits: tuple, years: int) -> None:
    """Warn of limits that no coefficient exceeds, as percentages are."""
    most = math.sqrt(years) / 2
    if limits[-1] >= most:
        run.log.warn(
            tr("⟨LIMITS⟩ holds {:.15g}, which no pixel exceeds: of {} the coefficient of variation is {:.3g} at most, "
               "half the root of their number. Limits are shares: write 0.05 for 5 %.").format(
                limits[-1], counted(years, "year"), most
            )
        )
