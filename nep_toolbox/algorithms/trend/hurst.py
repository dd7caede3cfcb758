"""nep:hurst"""

from __future__ import annotations

import math
from functools import partial

from ...colours import BLUES, PERSISTENCE_CLASSES, PURPLE_TO_ORANGE
from ...core.persistence.blocks import EXPONENT_UNIT, FEW_VALUES, hurst_block
from ...core.persistence.detrend import DETRENDS
from ...core.persistence.hurst import PERSISTENCE_LABELS, Detrend, Method, white_noise_mean, white_noise_persistent
from ...core.persistence.interval import limits, require_interval
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE_HELP, ClassScheme, class_map, map_classes
from ...framework.groups import SERIES_TAGS, TREND
from ...framework.number_maps import P_RAMP, number_map
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...styling.styles import Ramp
from ...styling.titles import Subject

METHODS = ["Pieces: windows of each length side by side", "Expanding: one window of each length from the start"]

#: The shares of the run, for the progress bar, in which white noise of the length of the series, and for an interval
#: fractional noise, is simulated.
_NULL, _LIMITS = 0.05, 0.15

_DEFAULT_CONFIDENCE = 90.0

#: Of both limits, to be compared with each other and with 0.5.
_LIMIT_RAMP = Ramp(PURPLE_TO_ORANGE[::-1], centre=0.5, limits=(0.0, 1.0))

SCHEME = ClassScheme({code: PERSISTENCE_LABELS[code] for code in PERSISTENCE_CLASSES}, PERSISTENCE_CLASSES)


class Hurst(ToolboxAlgorithm):
    """Hurst exponent of each pixel by rescaled range."""

    NAME = "hurst"
    LABEL = "Hurst exponent (persistence)"
    GROUP = TREND
    TAGS = (
        "rescaled range", "R/S analysis", "persistence", "long memory", "future", "Hurst指数", "持续性", *SERIES_TAGS,
    )
    SUMMARY = (
        "Estimates the Hurst exponent of every pixel of a series by rescaled range, which tells whether its past "
        "tends to go on (H above 0.5) or to reverse (H below 0.5)."
    )
    HELP = """
<p>For each window length l the series is cut into pieces; in each piece R is the range of the cumulative deviations
from the mean and S the standard deviation. H is the slope of ln(R/S) on ln(l), over the lengths from the shortest
window to half the series (at least three). The expanding form takes the first l values for each l instead.</p>
<ul>
<li><b>Correction</b> (on by default): in short series R/S grows faster than theory says, so that white noise of 20
values has a raw H of 0.65 in the mean and four fifths of random pixels seem persistent. The corrected form measures
ln(R/S) against its expectation under white noise (Anis and Lloyd 1976 with the factor (l - 1/2) / l of Peters 1994, S
with the divisor l - 1; for expanding windows from a simulation), which makes 0.5 the divide. Without it S has the
divisor l. The expectation is an approximation, a coarse one at the length 2: with a shortest window of 2, white noise
of 14 values has a mean H of 0.54. The log gives the mean H of white noise for the method in use.</li>
<li><b>p-value</b>: two-sided, against simulated series of white noise (50,000) of the same length. It shows where
persistence is more than chance.</li>
<li><b>Interval</b> (⟨LOWER⟩, ⟨UPPER⟩; corrected pieces only): all H of fractional Gaussian noise, the model of a series
with memory, under which an estimate like that of the pixel is no rare one, from 20,000 simulated series of the same
length for each of twenty H from 0.05 to 0.99, detrended in the same way. Limits go no further than these two; where an
estimate is beyond what all of them give, both limits are the first or the last. <b>It is wide</b>: of 20 values with an
estimate of 0.7 it goes from 0.37 to 0.99 at 90 %. It says how well so short a series tells the H of that model, and is
no interval of a forecast. The log gives the share of the intervals that 0.5 lies in.</li>
<li><b>Classes</b>: 2 persistent (H &gt; 0.5), 1 anti-persistent (H &lt; 0.5), 0 exactly 0.5.</li>
</ul>
<p>A trend counts as persistence where it is not taken out. White noise of 20 values with a trend of 0.2 standard
deviations a year has an H above 0.5 in 75 % of the series, instead of in 50 % without a trend; of 30 values in 98 %: a
persistent trend is then in part the trend itself, seen a second time. Therefore ⟨DETREND⟩ takes the line of each pixel
out first (the least-squares or the Theil-Sen line of its valid values over the real years), and H tells of the
deviations from it: any straight line added to a series changes nothing. White noise, its mean and the p-value are
detrended in the same way, as a series of consecutive years without gaps. The mean H of detrended white noise of 20
values is 0.493; this is told, not removed. ⟨DETREND⟩ does not replace the correction. A series that is nothing but its
line has no H.</p>
<p>A pixel with gaps uses its valid values in order. Constant pieces are left out; a constant pixel has no H. Pixels
with enough values but no H are the last row of the table, "no result"; percentages are of all pixels with enough
values. Where a pixel has few distinct values, such as 0 in most years, H rests on where the others stand; the log
counts the pixels with fewer than 5. H is not clipped to 0..1. Nodata is -9999 (Float32), -32768 in the classes
(Int16).</p>
<p>Results for models and scripts, as in the log: the mean H of the pixels and that of white noise, the share of white
noise with an H above 0.5, the share of the pixels that differ from white noise (with ⟨PVALUE⟩), and the share of the
intervals that 0.5 lies in and their mean width (with ⟨LOWER⟩ or ⟨UPPER⟩).</p>
<p>References: Hurst (1951); Mandelbrot and Van Ness (1968) doi:10.1137/1010093; Mandelbrot and Wallis (1969)
doi:10.1029/WR005i005p00967; Anis and Lloyd (1976)
doi:10.1093/biomet/63.1.111; Peters (1994), Fractal Market Analysis.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable.")
        self.add_years()
        self.add_choice("METHOD", "Windows", "How the series is cut into windows.", METHODS)
        self.add_number("MIN_WINDOW", "Shortest window", "Length of the shortest window, in time steps.", 4, INTEGER, 2)
        self.add_flag(
            "CORRECTED", "Correct for the length of the series",
            "Without it the raw slope is reported, which is above 0.5 for most random pixels.", True,
        )
        self.add_choice(
            "DETREND", "Detrending",
            "A trend counts as persistence unless it is taken out: the line of each pixel, over the real years.",
            DETRENDS, Detrend.OLS.value, optional=True,
        )
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of valid values", "Pixels with fewer valid values get no result.", 12,
            INTEGER, 4,
        )
        self.add_number(
            "CONFIDENCE", "Confidence level of the interval (%)", "Level of the interval of H between the two limits.",
            _DEFAULT_CONFIDENCE, minimum=50.0, maximum=99.9, optional=True,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output("HURST", "Hurst exponent", "The exponent H.", optional=False)
        self.add_raster_output(
            "CLASS", "Persistence classes", "Persistent, anti-persistent, or exactly 0.5.", offered=True
        )
        self.add_raster_output(
            "PVALUE", "p-value of the Hurst exponent",
            "Two-sided p against white noise, which ⟨nep:futuretrend⟩ takes as evidence.", offered=True,
        )
        self.add_raster_output("RSQUARED", "R squared of the fit", "R squared of the line through ln(R/S).")
        self.add_raster_output(
            "LOWER", "Lower limit of the Hurst exponent", "Lower confidence limit of H under fractional Gaussian noise."
        )
        self.add_raster_output(
            "UPPER", "Upper limit of the Hurst exponent", "Upper confidence limit of H under fractional Gaussian noise."
        )
        self.add_table_output("TABLE", "Area of the persistence classes", CLASS_TABLE_HELP)
        self.add_number_output("MEAN_H", "Mean Hurst exponent of the pixels")
        self.add_number_output("WHITE_NOISE_MEAN", "Mean Hurst exponent of white noise of the same length")
        self.add_number_output("WHITE_NOISE_PERSISTENT", "White noise of the same length with H above 0.5 (%)")
        self.add_number_output("SIGNIFICANT_PERCENT", "Pixels whose H differs from white noise, p below 0.05 (%)")
        self.add_number_output("INTERVALS_WITH_HALF", "Intervals of H that 0.5 lies in (%)")
        self.add_number_output("INTERVAL_WIDTH", "Mean width of the intervals of H")

    def check(self, parameters):
        super().check(parameters)
        if parameters.is_requested("LOWER") or parameters.is_requested("UPPER"):
            require_interval(parameters.choice("METHOD"), parameters.flag("CORRECTED"), _confidence(parameters))

    def compute(self, run):
        parameters = run.parameters
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        least = parameters.integer("MIN_OBSERVATIONS")
        series.require_length(least, "MIN_OBSERVATIONS")
        estimator = {
            "method": Method(parameters.choice("METHOD")),
            "min_window": parameters.integer("MIN_WINDOW"),
            "corrected": parameters.flag("CORRECTED"),
            "detrend": Detrend(parameters.choice("DETREND")),
        }
        length = len(series.steps)
        confidence = _confidence(parameters) if run.outputs.is_requested("LOWER", "UPPER") else None
        chance = white_noise_mean(length, **estimator, progress=lambda share: run.advance(_NULL * share))
        self._log_method(run, length, chance, **estimator)
        start = _NULL if confidence is None else self._simulate_limits(run, length, confidence, **estimator)
        kernel = partial(
            hurst_block, **estimator, years=series.years, min_observations=least,
            significance=run.outputs.is_requested("PVALUE"), confidence=confidence,
        )
        counts = dict.fromkeys(("few_values", "significant", "exponent_sum", "contains_half", "width_sum"), 0)

        def each(_window, block):
            for name in counts:
                counts[name] += block[name]

        areas, _rows = map_classes(
            run, SCHEME, kernel, {"stack": StackReader.of(series)}, series.grid, self._results(),
            8.0 * (2 * length + 10), regions=run.regions(series.grid), each=each, part=(start, 1.0),
        )
        run.number("WHITE_NOISE_MEAN", chance)
        run.number("WHITE_NOISE_PERSISTENT", white_noise_persistent(length, **estimator))
        self._tell(run, int(areas[:, 0].sum()), confidence, **counts)

    @staticmethod
    def _simulate_limits(run, length: int, confidence: float, min_window: int, detrend: Detrend, **_form) -> float:
        """Make the limits that complete pixels need, and say what they are; the share of the run that is done."""
        run.log.warn(
            tr("⟨LOWER⟩ and ⟨UPPER⟩ are limits of the H of fractional Gaussian noise, a model of a series with memory. "
               "They say how well {} values tell this H, which is not well; they are no limits of a forecast.").format(
                length
            )
        )
        limits(
            length, confidence, min_window, detrend,
            lambda share: run.advance(_NULL + (_LIMITS - _NULL) * share),
        )
        return _LIMITS

    @staticmethod
    def _log_method(run, length: int, chance: float, **estimator) -> None:
        log, (method, min_window, corrected, detrend) = run.log, estimator.values()
        if math.isnan(chance):
            raise InvalidParameter(
                f"With windows from {min_window} steps on, a series of {length} steps has fewer than three lengths of "
                f"windows, and no line can be drawn through them. Lower ⟨MIN_WINDOW⟩ or add years."
            )
        log.info(f"Method: rescaled range, {METHODS[method].lower()}; windows from {min_window} steps on; "
                 f"{'corrected for the length of the series' if corrected else 'raw'}")
        log.info(tr("Detrending: {}").format(DETRENDS[detrend]))
        persistent = white_noise_persistent(length, **estimator)
        log.info(
            tr("White noise of {} steps has a mean H of {:.3f} with this method, and {:.0f} % of such series have an H "
               "above 0.5: that is chance, not persistence.").format(length, chance, persistent)
        )
        if run.outputs.is_requested("PVALUE", "LOWER", "UPPER"):
            log.info(tr("Noise is simulated anew for each other number of valid values that occurs; the first blocks "
                        "may wait for it."))

    @staticmethod
    def _tell(run, pixels: int, confidence: float | None, few_values: int, significant: int, exponent_sum: int,
              contains_half: int, width_sum: int) -> None:
        """Give the mean H, and say how many of the pixels with one have no more than chance, or very few values."""
        if pixels:
            run.number("MEAN_H", exponent_sum * EXPONENT_UNIT / pixels)
        if pixels and run.outputs.is_requested("PVALUE"):
            run.number("SIGNIFICANT_PERCENT", 100 * significant / pixels)
            run.log.info(
                tr("H differs from that of white noise (p < 0.05) in {} of {} pixels, {:.1f} %; chance alone makes it "
                   "5 %.").format(significant, pixels, 100 * significant / pixels)
            )
        if pixels and confidence is not None:
            run.number("INTERVALS_WITH_HALF", 100 * contains_half / pixels)
            run.number("INTERVAL_WIDTH", width_sum * EXPONENT_UNIT / pixels)
            run.log.info(
                tr("Intervals of {:g} % are {:.2f} wide in the mean, and 0.5 lies in {} of {}, {:.1f} %: there neither "
                   "persistence nor its contrary is shown.").format(
                    confidence, width_sum * EXPONENT_UNIT / pixels, contains_half, pixels, 100 * contains_half / pixels
                )
            )
        if few_values:
            run.log.info(
                tr("{} of {} pixels have fewer than {} distinct values in the whole series: their H tells where these "
                   "few values stand rather than how the series hangs together. Mask such areas, for instance water."
                   ).format(few_values, pixels, FEW_VALUES)
            )

    @staticmethod
    def _results() -> dict:
        return {
            "HURST": number_map("hurst", "Hurst exponent", Ramp(PURPLE_TO_ORANGE[::-1], centre=0.5)),
            "CLASS": class_map(SCHEME, "class", "Persistence classes", "Persistence class"),
            "PVALUE": RasterResult(
                "p_value", "p of the Hurst exponent", ("p against white noise",), P_RAMP
            ),
            "RSQUARED": RasterResult(
                "r_squared", "R squared of the Hurst exponent", ("R squared",), Ramp(BLUES, limits=(0.0, 1.0))
            ),
            "LOWER": RasterResult(
                "lower", "Lower limit of the Hurst exponent", ("Lower limit of H",), _LIMIT_RAMP
            ),
            "UPPER": RasterResult(
                "upper", "Upper limit of the Hurst exponent", ("Upper limit of H",), _LIMIT_RAMP
            ),
        }


def _confidence(parameters) -> float:
    """The level of the interval in percent."""
    level = parameters.number("CONFIDENCE")
    return _DEFAULT_CONFIDENCE if level is None else level
