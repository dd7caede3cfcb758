"""nep:hurst"""

from __future__ import annotations

import math
from functools import partial

from ...colours import BLUES, PERSISTENCE_CLASSES, PURPLE_TO_ORANGE, PURPLES
from ...core.persistence.blocks import hurst_block
from ...core.persistence.hurst import PERSISTENCE_LABELS, Method, white_noise_mean
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import ClassScheme, class_map, map_classes
from ...framework.groups import SERIES_TAGS, TREND
from ...framework.outputs import RasterResult
from ...raster.reader import StackReader
from ...styling.styles import Ramp

METHODS = ["Pieces: windows of each length side by side", "Expanding: one window of each length from the start"]

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
ln(R/S) against its expectation under white noise (Anis and Lloyd 1976; for expanding windows from a simulation),
which makes 0.5 the divide. The log gives the mean H of white noise for the method in use.</li>
<li><b>p-value</b>: two-sided, against simulated series of white noise (50,000) of the same length. It shows where
persistence is more than chance.</li>
<li><b>Classes</b>: 2 persistent (H &gt; 0.5), 1 anti-persistent (H &lt; 0.5), 0 exactly 0.5.</li>
</ul>
<p>A pixel with gaps uses its valid values in order. Constant pieces are left out; a constant pixel has no H. H is not
clipped to 0..1. Nodata is -9999 (Float32), -32768 in the classes (Int16).</p>
<p>References: Hurst (1951); Mandelbrot and Wallis (1969) doi:10.1029/WR005i005p00967; Anis and Lloyd (1976)
doi:10.1093/biomet/63.1.111.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable.")
        self.add_years()
        self.add_choice("METHOD", "Windows", "How the series is cut into windows.", METHODS)
        self.add_number("MIN_WINDOW", "Shortest window", "Length of the shortest window, in time steps.", 4, INTEGER, 2)
        self.add_flag(
            "CORRECTED", "Correct for the length of the series",
            "Without it the raw slope is reported, which is above 0.5 for most random pixels.", True,
        )
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of valid values", "Pixels with fewer valid values get no result.", 12,
            INTEGER, 4,
        )
        self.add_execution()
        self.add_raster_output("HURST", "Hurst exponent", "The exponent H.", optional=False)
        self.add_raster_output(
            "CLASS", "Persistence classes", "Persistent, anti-persistent, or exactly 0.5.", offered=True
        )
        self.add_raster_output("PVALUE", "p-value of the Hurst exponent", "Two-sided p against white noise.")
        self.add_raster_output("RSQUARED", "R squared of the fit", "R squared of the line through ln(R/S).")
        self.add_table_output(
            "TABLE", "Area of the persistence classes", "Pixels, area in km2 and share of each class."
        )

    def compute(self, run):
        parameters = run.parameters
        series = run.series("INPUT")
        least = parameters.integer("MIN_OBSERVATIONS")
        series.require_length(least, "MIN_OBSERVATIONS")
        estimator = {
            "method": Method(parameters.choice("METHOD")),
            "min_window": parameters.integer("MIN_WINDOW"),
            "corrected": parameters.flag("CORRECTED"),
        }
        length = len(series.steps)
        self._log_method(run.log, length, **estimator)
        kernel = partial(
            hurst_block, **estimator, min_observations=least, significance=run.outputs.is_requested("PVALUE")
        )
        map_classes(
            run, SCHEME, kernel, {"stack": StackReader.of(series)}, series.grid, self._results(series),
            8.0 * (2 * length + 8),
        )

    @staticmethod
    def _log_method(log, length: int, method: Method, min_window: int, corrected: bool) -> None:
        chance = white_noise_mean(length, method=method, min_window=min_window, corrected=corrected)
        if math.isnan(chance):
            raise InvalidParameter(
                f"With windows from {min_window} steps on, a series of {length} steps has fewer than three lengths of "
                f"windows, and no line can be drawn through them. Lower ⟨MIN_WINDOW⟩ or add years."
            )
        log.info(f"Method: rescaled range, {METHODS[method].lower()}; windows from {min_window} steps on; "
                 f"{'corrected for the length of the series' if corrected else 'raw'}")
        log.info(f"White noise of {length} steps has a mean H of {chance:.3f} with this method: that is chance, not "
                 f"persistence.")

    @staticmethod
    def _results(series) -> dict:
        span = f"{series.years[0]}-{series.years[-1]}"
        return {
            "HURST": RasterResult(
                "hurst", f"Hurst exponent {span}", ("Hurst exponent",), Ramp(PURPLE_TO_ORANGE[::-1], centre=0.5)
            ),
            "CLASS": class_map(SCHEME, "class", f"Persistence classes {span}", "Persistence class"),
            "PVALUE": RasterResult(
                "p_value", f"p of the Hurst exponent {span}", ("p against white noise",),
                Ramp(PURPLES[::-1], limits=(0.0, 0.1)),
            ),
            "RSQUARED": RasterResult(
                "r_squared", f"R squared of the Hurst exponent {span}", ("R squared",), Ramp(BLUES, limits=(0.0, 1.0))
            ),
        }
