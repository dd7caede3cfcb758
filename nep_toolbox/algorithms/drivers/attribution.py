"""nep:attribution"""

from __future__ import annotations

from functools import partial

from ...colours import BLUES, RED_TO_BLUE, SEQUENTIAL
from ...core.attribution.attribute import SLOPE_METHODS
from ...core.attribution.blocks import UNIT, attribution_block
from ...core.attribution.regression import DETRENDED, DIFFERENCES, METHODS, PLAIN
from ...core.trend.serial_correlation import CORRECTIONS, Correction
from ...errors import InvalidParameter
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.class_maps import class_map, map_classes
from ...framework.groups import DRIVERS, SERIES_TAGS
from ...framework.number_maps import CHANGE_RAMP, P_RAMP, number_map
from ...framework.outputs import RasterResult
from ...framework.regional_sums import BYTES_PER_CELL
from ...framework.texts import tr
from ...raster.reader import StackReader, Together
from ...raster.wording import counted
from ...raster.zones import ZoneReader
from ...styling.styles import Ramp
from ...styling.titles import Subject
from ._attribution_table import HEADINGS, SCHEME, SUMMARY, TABLE, RegionalAttribution, SignificantTally
from ._fitted import Fitted
from ._own_climate import warn_of_own_climate
from ._several_drivers import add_driver_names, add_drivers, add_min_df, check_driver_names, drivers_of


class Attribution(ToolboxAlgorithm):
    """The trend of each pixel as the sum of what drivers explain and of the rest."""

    NAME = "attribution"
    LABEL = "Attribution of trends to climate and the rest"
    GROUP = DRIVERS
    NEEDS = ("scipy",)
    TAGS = (
        "residual trend", "RESTREND", "human activity", "climate change", "contribution", "driving factors",
        "multiple regression", "残差趋势", "气候变化", "人类活动", "贡献率", "归因", "残差分析", *SERIES_TAGS,
    )
    SUMMARY = (
        "Splits the trend of every pixel into the part that climate series or other drivers explain and the rest, with "
        "shares, classes and tests."
    )
    HELP = """
<p>The series y of each pixel is regressed on its drivers X, over the years in which all have a value. The climate
series a + Xb is what the drivers explain, and the residual series y - (a + Xb) is the rest; the least-squares slopes of
the two add up to the observed one. "Climate" stands for the drivers that are given, whatever they are. <b>The rest is
no proof of a human cause</b>: beside human activity it holds drivers that are not among them (CO<sub>2</sub>, nitrogen,
radiation), effects that are delayed or not linear, and errors of the data.</p>
<ul>
<li><b>Detrended</b> (default): y = a + Xb + c (t - mean t). The year is held constant, so that a driver is credited
only with what it explains beyond a line over the years. The slope of the rest is c, and its p that of the t test of c.
R squared and F are those of the drivers beyond the year.</li>
<li><b>Plain</b>: y = a + Xb, the residual trends (RESTREND) of most papers. The p of the rest is that of the
Mann-Kendall test. <b>It loses part of the rest where a driver has a trend of its own</b>, which then takes the credit
for all that changed steadily. In simulated series of 20 years, with a rest of 0.15 standard deviations a year and a
driver with the same trend, it found 0.077 of the 0.15 (significant in 34 % of the series); the detrended fit found
0.150 (72 %), and first differences 0.150.</li>
<li><b>First differences</b>: the change of y from one year to the next on the changes of X. For series whose level
wanders. A missing year costs two pairs. The rest has no p: of series that have none, the tests at hand find a trend in
up to 20 % (20 years) or 40 % (40 years).</li>
</ul>
<p>In series without a rest, the detrended test finds one in about 5 % of them, as it should, but in 16 to 18 % where
the residuals of successive years resemble each other (autocorrelation of 0.4). There is no correction for it;
⟨CORRECTION⟩ is that of the Mann-Kendall test of a plain fit. Nor can any fit separate what a driver and the rest did at
the same pace: a detrended fit takes the coefficient of a driver from its ups and downs from year to year, and assumes
that it holds for its trend too.</p>
<ul>
<li><b>Classes</b>: 1 / -1 increase / decrease, to which both climate and the rest contribute; 2 / -2 only climate does,
3 / -3 only the rest, and the other does nothing or works against it; 0 the slope is 0; 9 neither has the sign of the
trend, which happens only with Theil-Sen slopes, as these do not add up. They go by the signs of the slopes, and are
given <b>where the trend is not significant too</b>; the table has the significant part of each.</li>
<li><b>Share</b> of climate: 100 climate / (climate + rest) in the classes 1 and -1, 100 % in 2 and -2, 0 % in 3 and -3,
and the rest has the remainder. A share is a ratio of two estimates and as uncertain as both: look at p too. It is given
where the observed trend is significant (Mann-Kendall, p below ⟨ALPHA⟩), unless ⟨ALL_PIXELS⟩ is set.</li>
<li><b>Collinear drivers</b>: the variance inflation factor of a driver is 1 / (1 - R squared) of its regression on the
others. Above ⟨MAX_VIF⟩ single drivers cannot be told apart, which harms neither their sum nor any result of this tool;
the log counts such pixels and names the drivers.</li>
<li><b>Drivers along a line</b>: what a driver has of the trend is its slope times a coefficient that a detrended fit,
and one of first differences, take from what it does beyond a straight line over the years. Where the drivers hardly
depart from one, as CO<sub>2</sub>, this is too uncertain for any use, and so is the rest, however high R squared is.
The log warns of pixels in which the variance inflation factor of the year among the drivers is above ⟨MAX_VIF⟩, and
names the drivers that are nearest to a line. Leave such a driver out: it then counts to the rest.</li>
<li><b>Summary</b>: the same of the annual means of the raster and its regions, weighted by area, over the pixels that
have a value in all series in that year. r2 and p are those of the drivers, share as above, slope_p is that of the
Mann-Kendall test. coverage is the area of these pixels in percent of that of the region's polygon.</li>
</ul>
<p><b>NEP and its own climate</b>: NEP is NPP less a respiration that was computed from temperature and precipitation,
so that part of the effect of climate on it is that of this formula. Attribute NPP too, and report both.</p>
<p>Missing values: a year counts where the series and all drivers have a value; the climate and the residual series have
values in these years. With n years and k drivers a pixel needs ⟨MIN_DF⟩ degrees of freedom: n - k - 1, detrended n - k
- 2, in first differences pairs - k - 1. It is nodata with fewer, where the series or a driver does not vary (but with a
plain fit, the series beyond a straight line), and where drivers depend linearly on each other or on the year; the last
two are the last row of the table, "no result". Percentages are of all pixels with enough years. Nodata is -9999
(Float32), -32768 in the classes (Int16).</p>
<p>Results for models and scripts, as in the log: the mean R squared, the shares of the pixels with significant drivers,
observed trend and slope of the rest, and the three slopes of the annual means (with ⟨SUMMARY⟩ or ⟨CHART⟩).</p>
<p>References: Evans and Geerken (2004) doi:10.1016/S0140-1963(03)00121-6; Wessels et al. (2007)
doi:10.1016/j.jaridenv.2006.05.015 and (2012) doi:10.1016/j.rse.2012.06.022 (limits); Burrell et al. (2017)
doi:10.1016/j.rse.2017.05.018; Bj&ouml;rck (1967) doi:10.1007/BF01934122.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series whose trend is to be explained, such as NPP.")
        add_drivers(self)
        self.add_years()
        self.add_choice("FIT", "Fit", "How the coefficients of the drivers are found.", METHODS, DETRENDED)
        self.add_choice(
            "SLOPE_METHOD", "Slopes", "Least-squares slopes of the parts add up to the observed one; Theil-Sen slopes "
            "do not.", SLOPE_METHODS,
        )
        self.add_number(
            "ALPHA", "Level of significance", "A trend is significant where its p is below.", 0.05, minimum=0.0001,
            maximum=0.5,
        )
        add_min_df(self)
        self.add_number(
            "MAX_VIF", "Largest variance inflation factor", "Above it single drivers are not told apart, which the log "
            "says; what they explain together is not harmed.", 10.0, minimum=1.0,
        )
        self.add_flag(
            "ALL_PIXELS", "Shares of all pixels", "Else only pixels with a significant observed trend have a share: "
            "without a trend there is nothing to share.",
        )
        self.add_choice(
            "CORRECTION", "Correction for serial correlation", "Of the Mann-Kendall test of the rest with a plain fit; "
            "there is none for the other fits.", CORRECTIONS, advanced=True,
        )
        add_driver_names(self)
        self.add_regions()
        self.add_execution()
        self._declare_results()

    def _declare_results(self) -> None:
        self.add_raster_output(
            "SLOPE_CLIMATE", "Slope of climate", "Slope of the climate series, per year.", optional=False
        )
        self.add_raster_output(
            "SLOPE_RESIDUAL", "Slope of the rest", "Slope of the residual series, per year.", optional=False
        )
        self.add_raster_output("SLOPE", "Observed slope", "Slope of the series over the same years, per year.")
        self.add_raster_output(
            "SHARE", "Share of climate", "Part of the trend explained by climate, percent; the rest has the remainder.",
            offered=True,
        )
        self.add_raster_output(
            "CLASS", "Attribution classes", "What rises or falls, and with what.", offered=True
        )
        self.add_raster_output("RSQUARED", "R squared of the drivers", "Of the fit, between 0 and 1.")
        self.add_raster_output("PVALUE", "p-value of the drivers", "p of the F test of all drivers together.")
        self.add_raster_output(
            "RESIDUAL_PVALUE", "p-value of the slope of the rest", "Two-sided p: t test of a detrended fit, "
            "Mann-Kendall test of a plain one. There is none with first differences."
        )
        self.add_raster_output("CLIMATE", "Climate series", "What the drivers explain, a band a year.")
        self.add_raster_output("RESIDUAL", "Residual series", "The rest, a band a year.")
        self.add_table_output(
            "TABLE", "Area of the attribution classes", "Pixels, area in km2 and share of each class, and what part of "
            "its area has a significant trend; with ⟨REGIONS⟩ in each region too.",
        )
        self.add_table_output(
            "SUMMARY", "Attribution of the annual means", "One row for the whole raster and for each region.",
            offered=True,
        )
        self.add_chart_output(
            "CHART", "Chart of the attribution", "Slopes and annual means of the raster and its regions, and the "
            "shares of the classes.",
        )
        self.add_number_output("MEAN_RSQUARED", "Mean R squared of the pixels")
        self.add_number_output("EXPLAINED_PERCENT", "Pixels whose drivers are significant together (%)")
        self.add_number_output("TREND_PERCENT", "Pixels with a significant observed trend (%)")
        self.add_number_output("REST_PERCENT", "Pixels with a significant slope of the rest (%)")
        self.add_number_output("MEANS_SLOPE", "Observed slope of the annual means")
        self.add_number_output("MEANS_SLOPE_CLIMATE", "Slope of climate of the annual means")
        self.add_number_output("MEANS_SLOPE_RESIDUAL", "Slope of the rest of the annual means")

    def check(self, parameters):
        super().check(parameters)
        check_driver_names(parameters)
        fit = parameters.choice("FIT")
        if fit == DIFFERENCES and parameters.is_requested("RESIDUAL_PVALUE"):
            raise InvalidParameter(
                tr("⟨RESIDUAL_PVALUE⟩ is not to be had with first differences: the tests at hand find a trend of the "
                   "rest in up to 40 % of cases in which there is none. Leave it out, or set ⟨FIT⟩ to detrended.")
            )
        if fit != PLAIN and parameters.choice("CORRECTION"):
            raise InvalidParameter(
                tr("⟨CORRECTION⟩ is for the Mann-Kendall test of a plain fit. Take none, or set ⟨FIT⟩ to plain.")
            )

    def compute(self, run):
        parameters, fit = run.parameters, run.parameters.choice("FIT")
        series, drivers, names = drivers_of(run, fit)
        run.outputs.subject = Subject.of(series)
        warn_of_own_climate(run, series, dict(zip(names, drivers)))
        alpha, all_pixels = parameters.number("ALPHA"), parameters.flag("ALL_PIXELS")
        options = {
            "method": fit, "slopes": parameters.choice("SLOPE_METHOD"),
            "correction": Correction(parameters.choice("CORRECTION")), "min_df": parameters.integer("MIN_DF"),
            "max_vif": parameters.number("MAX_VIF"),
        }
        self._tell_method(run, options)
        regional = run.outputs.is_requested("SUMMARY", "CHART")
        regions = run.regions(series.grid)
        means = RegionalAttribution(regions if regional else (), len(drivers), series.years)
        fitted = Fitted(series.quantity, names, options["max_vif"])
        counts = dict.fromkeys(("explained", "trending", "resting", "r_squared_sum"), 0)

        def each(window, block):
            fitted.add(block)
            for name in counts:
                counts[name] += block[name]
            if regional:
                means.add(block["means"], last=window.ends_row_of(series.grid))

        readers = {
            "stack": StackReader.of(series), "drivers": Together(tuple(StackReader.of(driver) for driver in drivers)),
        }
        if regional and regions:
            readers["regions"] = ZoneReader(regions)
        kernel = partial(
            attribution_block, years=series.years, **options, alpha=alpha, all_pixels=all_pixels, means=regional,
            series=run.outputs.is_requested("CLIMATE", "RESIDUAL"), tested=fit != DIFFERENCES,
        )
        _areas, rows = map_classes(
            run, SCHEME, kernel, readers, series.grid, self._results(series),
            8.0 * (6 * len(series.years) + 20) + (BYTES_PER_CELL if regional else 0.0), regions=regions,
            tabulated=("TABLE", "SUMMARY", "CHART"), columns=TABLE, tallied=SignificantTally, told=regional,
            each=each, before_table=lambda: fitted.report(run.log),
        )
        self._tell(run, fitted.pixels, alpha, fit, **counts)
        if regional:
            means.compute(run, alpha, all_pixels, **options)
            self._give_means(run, series, names, means, rows, alpha, options)

    @staticmethod
    def _tell_method(run, options: dict) -> None:
        run.log.info(tr("Fit: {}").format(METHODS[options["method"]]))
        run.log.info(tr("Slopes: {}").format(SLOPE_METHODS[options["slopes"]]))
        if options["method"] == PLAIN:
            run.log.info(tr("Correction for serial correlation: {}").format(CORRECTIONS[options["correction"]]))
            run.log.warn(
                tr("A plain fit gives drivers that have a trend of their own part of what is not theirs: of a rest "
                   "planted beside such a driver it found half. A detrended fit found all of it.")
            )
        run.log.info(
            tr("The rest is all that the drivers given do not explain: human activity, drivers that are not among "
               "them, effects that are delayed or not linear, and errors of the data. It is no proof of a human cause.")
        )

    @staticmethod
    def _tell(run, pixels: int, alpha: float, fit: int, explained: int, trending: int, resting: int,
              r_squared_sum: int) -> None:
        """The shares of the pixels, as results and in the log."""
        run.number("MEAN_RSQUARED", r_squared_sum * UNIT / pixels)
        told = [
            ("EXPLAINED_PERCENT", explained, tr("The drivers are significant together (p of F < {:g}) in {} of {}, "
                                                "{:.1f} %; chance alone makes it {:.3g} %.")),
            ("TREND_PERCENT", trending, tr("The observed trend is significant (p < {:g}) in {} of {}, {:.1f} %; chance "
                                           "alone makes it {:.3g} %.")),
        ]
        if fit != DIFFERENCES:
            told.append(
                ("REST_PERCENT", resting, tr("The slope of the rest is significant (p < {:g}) in {} of {}, {:.1f} %; "
                                             "chance alone makes it {:.3g} %, and more where years are not independent."
                                             ))
            )
        for name, number, text in told:
            run.number(name, 100 * number / pixels)
            run.log.info(text.format(alpha, number, counted(pixels, "pixel"), 100 * number / pixels, 100 * alpha))
        if trending <= alpha * pixels:
            run.log.warn(
                tr("No more pixels have a significant observed trend than chance alone makes: most classes and slopes "
                   "are parts of a trend that may be none. What the drivers explain of the ups and downs from year to "
                   "year does not depend on that.")
            )

    @staticmethod
    def _give_means(run, series, names: list, means: RegionalAttribution, rows: list, alpha: float,
                    options: dict) -> None:
        found, fit, slopes = means.found, options["method"], options["slopes"]
        for name, values in (
            ("MEANS_SLOPE", found.slope), ("MEANS_SLOPE_CLIMATE", found.slope_climate),
            ("MEANS_SLOPE_RESIDUAL", found.slope_residual),
        ):
            run.number(name, values[0])
        means.tell(run.log, slopes)
        run.outputs.table("SUMMARY", SUMMARY, means.rows(), HEADINGS)
        how = tr("Fit: {}. Slopes: {}").format(METHODS[fit], SLOPE_METHODS[slopes])
        run.outputs.page("CHART", lambda: means.page(series, names, rows, alpha, how))

    @staticmethod
    def _results(series) -> dict:
        per_year = f"{series.unit} per year".lstrip()
        years = tuple(series.years)
        bands = tuple(str(year) for year in years)
        return {
            "SLOPE_CLIMATE": number_map("slope_climate", "Slope of climate", CHANGE_RAMP, per_year),
            "SLOPE_RESIDUAL": number_map("slope_residual", "Slope of the rest", CHANGE_RAMP, per_year),
            "SLOPE": number_map("slope", "Observed slope", CHANGE_RAMP, per_year),
            "SHARE": number_map("share", "Share of climate", Ramp(RED_TO_BLUE, limits=(0.0, 100.0)), "%"),
            "CLASS": class_map(SCHEME, "class", "Attribution of the trend", "Attribution"),
            "RSQUARED": number_map("r_squared", "R squared of the drivers", Ramp(BLUES, limits=(0.0, 1.0))),
            "PVALUE": number_map("p_value", "p of the drivers", P_RAMP),
            "RESIDUAL_PVALUE": number_map("residual_p", "p of the slope of the rest", P_RAMP),
            "CLIMATE": RasterResult("climate", "Climate series", bands, Ramp(SEQUENTIAL), series.unit, years),
            "RESIDUAL": RasterResult("residual", "Residual series", bands, CHANGE_RAMP, series.unit, years),
        }
