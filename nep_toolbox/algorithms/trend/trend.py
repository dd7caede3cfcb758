"""nep:trend"""

from __future__ import annotations

from collections import Counter
from functools import partial

from ...colours import BLUES, BROWN_TO_GREEN, RED_TO_BLUE, TREND_CLASSES
from ...core.trend.blocks import trend_block
from ...core.trend.contextual import REACH, require_no_correction
from ...core.trend.field_significance import Adjustment, Significance, p_values_of_block
from ...core.trend.serial_correlation import CORRECTIONS, Correction
from ...core.trend.theil_sen import CHANGES, CLASS_LABELS, LEAST_SQUARES
from ...errors import SeriesTooShort
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE_HELP, ClassScheme, class_map, map_classes
from ...framework.groups import SERIES_TAGS, TREND
from ...framework.number_maps import CHANGE_RAMP, P_RAMP, number_map
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...raster.surroundings import WithSurroundings
from ...styling.styles import Ramp
from ...styling.titles import Subject

#: The legend lists increase above decrease.
SCHEME = ClassScheme(dict(reversed(CLASS_LABELS)), TREND_CLASSES)


#: Values of a block, so that it is computed in half a second, and cells that it has at least: a tile of the inputs.
MOST_VALUES, LEAST_CELLS = 2**21, 2**16

#: What the contextual test needs for its sums over windows, in numbers of 8 bytes a cell, and how many cells its blocks
#: may have: the larger they are, the fewer tiles of the inputs are decoded again for the surroundings of another block.
CONTEXTUAL_PLANES, CONTEXTUAL_CELLS = 16, 2**20


class Trend(ToolboxAlgorithm):
    """Theil-Sen slope and Mann-Kendall test of each pixel."""

    NAME = "trend"
    LABEL = "Trend (Theil-Sen, Mann-Kendall)"
    GROUP = TREND
    NEEDS = ("scipy",)
    TAGS = (
        "Sen slope", "Mann-Kendall", "significance", "趋势分析", "森斜率", "MK检验", "Theil-Sen", "greening",
        "browning", "drought", "linear regression", "least squares", "rate of change", "一元线性回归", "变化率",
        *SERIES_TAGS,
    )
    SUMMARY = (
        "Estimates the Theil-Sen slope of every pixel of a series, tests it with Mann-Kendall and sorts it into nine "
        "classes of trend."
    )
    HELP = """
<p>The slope is the median of (x<sub>j</sub> - x<sub>i</sub>) / (t<sub>j</sub> - t<sub>i</sub>) over all pairs of valid
time steps, in units of the input per year; the real years are used, so gaps are no problem. The test is two-sided, with
the variance corrected for ties. The intercept is median(x) - slope * median(t).</p>
<ul>
<li><b>Classes</b>: 4 / -4 extremely significant increase / decrease (p &lt; 0.01), 3 / -3 significant (p &lt; 0.05),
2 / -2 slightly significant (p &lt; 0.10), 1 / -1 not significant, 0 no change (slope 0).</li>
<li><b>Confidence limits</b> of the slope after Sen (1968), interpolated between the ranks of the pair slopes (Gilbert
1987). Programs that round the ranks instead, such as scipy.stats.theilslopes, give limits that differ by up to half
the distance of two neighbouring pair slopes; both are usual.</li>
<li><b>Serial correlation</b>: the corrections change Z, p and the classes; slope, limits, intercept and tau stay those
of the original series. They need long series: Yue and Wang over all lags (⟨LAG⟩ is 0) calls two fifths of white noise
of 20 years significant. Hamed and Rao, and Yue and Wang, can arrive at a variance that is not positive; the pixel then
has no p and no class. Such pixels are the last row of the table, "no result", and percentages are of all pixels with
enough values.</li>
<li><b>Contextual test</b> (Neeti and Eastman 2011): each pixel is tested together with its neighbours, by the mean S of
the window of 3 x 3 pixels around it and the variance that this mean has as the series of the window are correlated with
each other. Z, S, p and the classes are those of this test; slope, limits, intercept and tau stay those of the pixel
alone, and so does the sign of its class, which may run against that of Z. Neighbours that agree make a weak trend
significant, and a pixel that stands alone loses its significance: the test sharpens and smooths. A neighbour's trend
becomes the pixel's, so that areas of significance reach one pixel too far, and a single pixel that is unlike its
surroundings is not found; do not count such areas as if every pixel had been tested by itself. On noise without trend
it calls 4 to 6 % of the pixels significant at 0.05. The window takes the pixels that have a value in every year, up to
the border of the raster. A pixel with a gap has a slope, but no p and no class, and counts as "no result". There is no
correction for serial correlation beside it.</li>
<li><b>Field significance</b>: with thousands of pixels some are significant by chance. The p-values are adjusted for
the false discovery rate over all pixels (Benjamini and Hochberg 1995), and p and classes hold the adjusted ones. The
series is read twice. With a correction for serial correlation and with the contextual test, where about every pixel has
a p of its own, they are adjusted in narrow bins: an adjusted p is then too large by at most 0.025 % of itself.</li>
<li><b>Change</b> is the Sen slope times the years between the first and the last valid value of the pixel. In percent
it is of the absolute value of the pixel's mean, so that a rise is positive whatever the sign of the values. A mean that
does not differ from 0 by two standard errors, as that of NEP often does not, gives no percentage; the log counts such
pixels.</li>
<li><b>Least-squares line</b>: slope, R squared, and the two-sided p of the slope by Student's t with n - 2 degrees of
freedom, over the real years and valid values. It takes the deviations for independent and normal; one odd year moves it
where it hardly moves the Sen slope. Neither the correction for serial correlation nor the adjustment for the number of
pixels is applied to it. A constant pixel has slope 0, p 1 and no R squared.</li>
<li><b>Numbers</b>: as results for models and scripts, and in the log, the shares of the pixels with a p that are
significant at 0.05, without and with that adjustment whether the maps have it or not, and whose confidence limits
exclude 0 (with ⟨LOWER⟩ or ⟨UPPER⟩).</li>
</ul>
<p>A pixel with fewer valid values than asked for is nodata in all results (Float32 -9999, classes Int16 -32768).</p>
<p>References: Theil (1950); Sen (1968) doi:10.1080/01621459.1968.10480934; Mann (1945) doi:10.2307/1907187; Kendall
(1975); Hamed and Rao (1998) doi:10.1016/S0022-1694(97)00125-X; Yue and Wang (2004)
doi:10.1023/B:WARM.0000043140.61082.60; Yue et al. (2002) doi:10.1002/hyp.1095; Wilks (2016)
doi:10.1175/BAMS-D-15-00267.1; Neeti and Eastman (2011) doi:10.1111/j.1467-9671.2011.01280.x; Gilbert (1987),
Statistical Methods for Environmental Pollution Monitoring.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable.")
        self.add_years()
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of valid values", "Pixels with fewer valid values get no result.", 8,
            INTEGER, 4,
        )
        self.add_choice(
            "CORRECTION", "Correction for serial correlation",
            "Changes Z, p and the classes where years are not independent of each other.", CORRECTIONS,
        )
        self.add_flag(
            "FIELD_SIGNIFICANCE", "Adjust p for the number of pixels (false discovery rate)",
            "p and classes then hold the adjusted p-value of Benjamini and Hochberg.",
        )
        self.add_number(
            "CONFIDENCE", "Confidence level of the limits (%)", "Level of the two limits of the slope.", 95.0,
            minimum=50.0, maximum=99.99,
        )
        self.add_number(
            "LAG", "Lags used by the corrections",
            "How many lags Hamed-Rao and Yue-Wang take into account; 0 takes all.", 1, INTEGER, 0, advanced=True,
        )
        self.add_flag(
            "CONTEXTUAL", "Test each pixel together with its neighbours",
            "Z, S, p and the classes are then those of the contextual Mann-Kendall test in windows of 3 x 3 pixels. "
            "Not together with a correction for serial correlation.", advanced=True, optional=True,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output("SLOPE", "Sen slope", "Slope in units of the input per year.", optional=False)
        self.add_raster_output("PVALUE", "p-value", "Two-sided p of the test.")
        self.add_raster_output("Z", "Mann-Kendall Z", "Standardised test statistic.")
        self.add_raster_output("CLASS", "Trend classes", "Nine classes, by sign of the slope and p.", offered=True)
        self.add_raster_output("INTERCEPT", "Intercept", "Value of the line at year 0.")
        self.add_raster_output("TAU", "Kendall tau", "S over the number of pairs.")
        self.add_raster_output("LOWER", "Lower limit of the slope", "Lower confidence limit of the slope.")
        self.add_raster_output("UPPER", "Upper limit of the slope", "Upper confidence limit of the slope.")
        self.add_raster_output(
            "CHANGE", "Change over the period", "Sen slope times the years from the first to the last valid value."
        )
        self.add_raster_output(
            "CHANGE_PERCENT", "Change over the period (%)", "That change in percent of the mean of the pixel."
        )
        self.add_raster_output(
            "S", "Mann-Kendall S",
            "Rising less falling pairs; under pre-whitening those of the whitened series, in the contextual test the "
            "mean of the window.",
        )
        self.add_raster_output("OLS_SLOPE", "Slope of the least-squares line", "Per year.")
        self.add_raster_output(
            "OLS_PVALUE", "p-value of the least-squares slope", "By Student's t, never corrected or adjusted."
        )
        self.add_raster_output(
            "RSQUARED", "R squared of the least-squares line", "Share of the variance that the line explains."
        )
        self.add_table_output("TABLE", "Area of the trend classes", CLASS_TABLE_HELP)
        self.add_number_output("SIGNIFICANT", "Pixels with p below 0.05 (%)")
        self.add_number_output("FDR_SIGNIFICANT", "Pixels with p below 0.05, adjusted for the number of pixels (%)")
        self.add_number_output("LIMITS_EXCLUDE_ZERO", "Pixels whose confidence limits of the slope exclude 0 (%)")

    def check(self, parameters):
        super().check(parameters)
        if parameters.flag("CONTEXTUAL"):
            require_no_correction(parameters.choice("CORRECTION"))

    def compute(self, run):
        parameters, log = run.parameters, run.log
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        least = parameters.integer("MIN_OBSERVATIONS")
        series.require_length(least, "MIN_OBSERVATIONS")
        if least < 4:
            raise SeriesTooShort("⟨MIN_OBSERVATIONS⟩ is below 4, with which no trend can be tested. Ask for 4 or more.")
        correction = parameters.choice("CORRECTION")
        options = {
            "years": series.years, "min_observations": least, "correction": correction,
            "lag": parameters.integer("LAG"),
        }
        contextual = parameters.flag("CONTEXTUAL")
        log.info("Method: Theil-Sen slope, Mann-Kendall test")
        if contextual:
            log.info("Contextual test: Z, S, p and the classes are those of a pixel with its neighbours, 3 x 3.")
        log.info(f"Correction for serial correlation: {CORRECTIONS[correction]}")
        if correction in (Correction.HAMED_RAO, Correction.YUE_WANG):
            log.info(tr("Lags used by the correction: {}").format(options["lag"] or tr("all")))
        reader = StackReader.of(series)
        readers = {"stack": WithSurroundings(reader, series.grid, REACH) if contextual else reader}
        adjusted = parameters.flag("FIELD_SIGNIFICANCE")
        limits = run.outputs.is_requested("LOWER", "UPPER")
        most_cells = CONTEXTUAL_CELLS if contextual else max(LEAST_CELLS, MOST_VALUES // len(series.steps))
        results = self._results(series)
        wanted = [result.key for name, result in results.items() if run.outputs.is_requested(name)]
        planes = 12 + len({*CHANGES, *LEAST_SQUARES}.intersection(wanted)) + (CONTEXTUAL_PLANES if contextual else 0)
        bytes_per_cell = 8.0 * planes
        shape = run.plan(run.engine(), series.grid, readers, bytes_per_cell, most_cells)
        kernel = partial(
            trend_block, **options, wanted=wanted,
            adjustment=self._adjustment(run, readers, series.grid, shape, options) if adjusted else None,
            confidence=parameters.number("CONFIDENCE") if limits else None,
        )
        significance, counts = Significance(), Counter()

        def each(_window, block):
            significance.add(block)
            counts.update({name: block[name] for name in ("no_percent", "members", "opposed")})

        map_classes(
            run, SCHEME, kernel, readers, series.grid, results, bytes_per_cell, shape=shape,
            regions=run.regions(series.grid), part=(0.5 if adjusted else 0.0, 1.0), each=each,
        )
        self._tell(run, significance, parameters.number("CONFIDENCE") if limits else None, counts["no_percent"])
        if contextual:
            self._tell_of_windows(run, significance.tested, counts["members"], counts["opposed"])

    @staticmethod
    def _tell_of_windows(run, tested: int, members: int, opposed: int) -> None:
        """By how many pixels each was tested, and how many are significant against their own slope."""
        if tested:
            run.log.info(
                tr("On average a pixel is tested by {:.2f} pixels: itself and the neighbours that have a value in "
                   "every year.").format(members / tested)
            )
            run.log.info(
                tr("Pixels with p below 0.05 in the map whose own slope runs against Z: {}. Their class has the sign "
                   "of the slope, but its significance is that of the neighbours.").format(opposed)
            )
        else:
            run.log.warn(
                tr("No pixel has a value in every year, as the contextual test asks for. Leave out the years that are "
                   "empty, or switch ⟨CONTEXTUAL⟩ off.")
            )

    @staticmethod
    def _tell(run, significance: Significance, confidence: float | None, no_percent: int) -> None:
        """The shares of significant pixels, as results and in the log, and how many have no change in percent."""
        alone, adjusted, excluding = significance.percent()
        run.number("SIGNIFICANT", alone)
        run.number("FDR_SIGNIFICANT", adjusted)
        if significance.tested:
            run.log.info(
                tr("p is below 0.05 in {:.1f} % of the pixels, and in {:.1f} % when it is adjusted for their number "
                   "(false discovery rate); chance alone makes the first 5 %.").format(alone, adjusted)
            )
        if confidence is not None and significance.tested:
            run.number("LIMITS_EXCLUDE_ZERO", excluding)
            run.log.info(
                tr("The confidence limits of the slope ({:g} %) exclude 0 in {:.1f} % of the pixels.").format(
                    confidence, excluding
                )
            )
        if no_percent:
            run.log.info(
                tr("Pixels without a change in percent, as their mean does not differ from 0 by two standard errors: "
                   "{}. Their change itself is the result ⟨CHANGE⟩.").format(no_percent)
            )

    @staticmethod
    def _adjustment(run, readers, grid, shape, options) -> Adjustment:
        run.log.info("Field significance: p-values adjusted after Benjamini and Hochberg; the series is read twice.")
        blocks = run.engine(0.0, 0.5).results(partial(p_values_of_block, **options), readers, grid, shape)
        return Adjustment((part for _window, part in blocks), len(options["years"]))

    @staticmethod
    def _results(series) -> dict:
        per_year = f"{series.unit} per year".lstrip()
        return {
            "SLOPE": number_map("slope", "Sen slope", CHANGE_RAMP, per_year),
            "PVALUE": number_map("p_value", "Mann-Kendall p", P_RAMP),
            "Z": number_map("z", "Mann-Kendall Z", CHANGE_RAMP),
            "CLASS": class_map(SCHEME, "class", "Trend classes", "Trend classes"),
            "INTERCEPT": number_map("intercept", "Intercept", Ramp(RED_TO_BLUE), series.unit),
            "TAU": number_map("tau", "Kendall tau", Ramp(BROWN_TO_GREEN, 0.0, (-1.0, 1.0))),
            "LOWER": number_map("lower", "Lower limit of the slope", CHANGE_RAMP, per_year),
            "UPPER": number_map("upper", "Upper limit of the slope", CHANGE_RAMP, per_year),
            "CHANGE": number_map("change", "Change over the period", CHANGE_RAMP, series.unit),
            "CHANGE_PERCENT": number_map("change_percent", "Relative change over the period", CHANGE_RAMP, "%"),
            "S": number_map("s", "Mann-Kendall S", CHANGE_RAMP),
            "OLS_SLOPE": number_map("ols_slope", "Least-squares slope", CHANGE_RAMP, per_year),
            "OLS_PVALUE": number_map("ols_p_value", "p of the least-squares slope", P_RAMP),
            "RSQUARED": number_map("r_squared", "R squared of the least-squares line", Ramp(BLUES, limits=(0.0, 1.0))),
        }
