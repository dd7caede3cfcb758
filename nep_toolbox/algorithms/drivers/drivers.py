"""nep:drivers"""

from __future__ import annotations

from ...core.attribution.importance import MOST_DRIVERS
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.groups import DRIVERS, SERIES_TAGS
from ...framework.texts import tr

FITS = ["Plain regression", "Detrended: the year held constant"]


class DriversOfChange(ToolboxAlgorithm):
    """Dominant driver, contributions and relative importance of several drivers."""

    NAME = "drivers"
    LABEL = "Dominant drivers and their contributions"
    GROUP = DRIVERS
    NEEDS = ("scipy",)
    TAGS = (
        "dominant driver", "driving factors", "contribution", "multiple regression", "partial correlation",
        "relative importance", "LMG", "ridge regression", "climate change", "precipitation", "temperature",
        "standardised coefficient", "主导因子", "贡献", "相对重要性", "多元回归", "偏相关", *SERIES_TAGS,
    )
    SUMMARY = (
        "Regresses a series on several drivers pixel by pixel, and maps which driver is dominant, what each contributes "
        "to the trend, and how much of the variation it accounts for."
    )
    HELP = """
<p>y = a + b<sub>1</sub> X<sub>1</sub> + ... + b<sub>k</sub> X<sub>k</sub> + e by least squares, over the years in which
the series and all k drivers have a value.</p>
<ul>
<li><b>Detrended</b> (default): the year is held constant too, which is the same as taking the line over the years out
of all series first. What merely rises at the same time explains nothing then. R<sup>2</sup> and p are those of the
drivers beyond the year, with n - k - 2 degrees of freedom.</li>
<li><b>Plain</b>: with n - k - 1 degrees of freedom. A driver with a trend then takes the credit for all that changed
steadily, whatever changed it.</li>
<li><b>Partial correlation</b> of a driver: its correlation with the series, all other drivers (and, detrended, the
year) held constant; p from t = b / standard error, two-sided.</li>
<li><b>Dominant driver</b>: that with the largest partial correlation, by its size, of those with p below ⟨ALPHA⟩;
negative codes are negative correlations, 0 is no significant driver. With several drivers some are significant by
chance: of pixels in which nothing depends on anything, with k independent drivers a share of about
1 - (1 - ⟨ALPHA⟩)<sup>k</sup>.</li>
<li><b>Contribution</b> of a driver to the trend: b times the least-squares slope of the driver. The last band, the
rest, is the slope of what the drivers do not explain. All bands add up to the least-squares slope of the series. The
rest is not proven to be human activity: it holds all that is not among the drivers, and the part of theirs that is no
straight line.</li>
<li><b>Standardised coefficient</b> (beta): b times the standard deviation of the driver, by that of the series; of the
detrended series where they are detrended.</li>
<li><b>Relative importance</b> (LMG): how much R<sup>2</sup> rises when the driver enters the regression, as the mean
over all orders in which they may enter. The shares add up to R<sup>2</sup>. Up to 6 drivers.</li>
<li><b>Collinear drivers</b>: the variance inflation factor of a driver is 1 / (1 - R<sup>2</sup>) of its regression on
the others. Where the largest is above ⟨MAX_VIF⟩ the regression cannot tell drivers apart: what belongs to single
drivers is nodata there; R<sup>2</sup>, p and the rest stay, for they do not depend on it. The log says which
drivers.</li>
<li><b>Ridge regression</b> (⟨RIDGE⟩): coefficients that are held near 0, by the penalty of 0.001 to 1000 with the least
score of generalised cross-validation, so that drivers which say much the same share what they explain. Then
⟨CONTRIBUTIONS⟩ and ⟨BETA⟩ are those of ridge, also where drivers are collinear, and what ridge takes from the drivers
is in the rest; the contributions still add up. Ridge has no p: ⟨PARTIAL⟩ and ⟨PARTIAL_PVALUE⟩ cannot be had with it,
and all else remains that of least squares.</li>
</ul>
<p>A pixel is left out where fewer than ⟨MIN_DF⟩ degrees of freedom remain, where the series or a driver is constant, or
where drivers depend on each other entirely. In the table, percentages are of the area of all pixels with enough years;
means are weighted by area, over the pixels that have a value, those of the rest over the pixels in which the drivers
have one, so that contributions add up. Nodata is -9999 (Float32), -32768 in the classes (Int16).</p>
<p>A regression is no proof of a cause. p takes years for independent: where the residuals of one year are like those of
the year before, more is significant than should be. NEP holds the climate that its respiration was computed from:
explain NPP too, and report both.</p>
<p>References: Grömping (2006) doi:10.18637/jss.v017.i01 (LMG); Golub, Heath and Wahba (1979)
doi:10.1080/00401706.1979.10489751 (ridge).</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series to explain, such as NPP.")
        add_drivers(self)
        self.add_years()
        self.add_choice(
            "FIT", "Regression", "Whether the year is held constant too, so that trends alone explain nothing.", FITS,
            DETRENDED,
        )
        self.add_number(
            "ALPHA", "Level of significance", "A driver is significant where its p is below.", 0.05, minimum=0.0,
            maximum=1.0,
        )
        self.add_number(
            "MIN_DF", "Least degrees of freedom", "Pixels with so few years that fewer remain get no result.", 5,
            INTEGER, 1,
        )
        self.add_number(
            "MAX_VIF", "Largest variance inflation factor",
            "Where a driver has a larger one, single drivers have no result.", 10.0, minimum=1.0,
        )
        self.add_regions()
        add_driver_names(self)
        self.add_flag(
            "RIDGE", "Ridge regression for contributions and coefficients",
            "Penalised coefficients for drivers that are collinear; they have no p.", advanced=True,
        )
        self.add_execution()
        self._declare_results()

    def _declare_results(self):
        self.add_raster_output(
            "DOMINANT", "Dominant driver", "Number of the driver with the largest partial correlation; negative where "
            "this is negative, 0 where none is significant.", optional=False,
        )
        self.add_raster_output(
            "CONTRIBUTIONS", "Contributions to the trend", "A band for each driver, the last for the rest; together "
            "the slope of the series per year.", offered=True,
        )
        self.add_raster_output("PARTIAL", "Partial correlations", "A band for each driver.")
        self.add_raster_output("PARTIAL_PVALUE", "p-values of the drivers", "Two-sided; a band for each driver.")
        self.add_raster_output("BETA", "Standardised coefficients", "A band for each driver.")
        self.add_raster_output("LMG", "Relative importance (LMG)", "Share of R squared; a band for each driver.")
        self.add_raster_output("RSQUARED", "R squared", "What all drivers explain; detrended, beyond the year.")
        self.add_raster_output("PVALUE", "p-value of the regression", "F test of all drivers together.")
        self.add_table_output(
            "TABLE", "Drivers", "A row for each driver, and the rest; with ⟨REGIONS⟩ for each region too.", offered=True
        )
        self.add_chart_output(
            "CHART", "Chart of the drivers", "Contributions, relative importance and correlations, by region."
        )
        self.add_number_output("SIGNIFICANT_PERCENT", "Pixels with a significant driver (%)")

    def check(self, parameters):
        super().check(parameters)
        check_driver_names(parameters)
        if parameters.flag("RIDGE") and parameters.is_requested("PARTIAL", "PARTIAL_PVALUE"):
            raise InvalidParameter(tr("..."))
