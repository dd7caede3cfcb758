"""nep:lagcorrelation"""

from __future__ import annotations

from functools import partial

from osgeo import gdal

from ...colours import RED_TO_BLUE
from ...core.correlation.lag import LEAST_YEARS, lagged_years
from ...core.correlation.lag_blocks import lag_block
from ...core.correlation.permutations import chance_of_significance
from ...errors import InvalidParameter, SeriesTooShort
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.groups import DRIVERS, SERIES_TAGS
from ...framework.number_maps import P_RAMP
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...raster.wording import counted, joined
from ...raster.zones import ZoneReader
from ...styling.styles import Ramp
from ...styling.titles import related
from ._lags import LAG_TABLE, LAG_TABLE_HELP, Lags, lag_label, lags_page, years_of_driver
from ._own_climate import warn_of_own_climate

#: The most products of a block: so that the progress bar moves every few seconds.
_MOST_PRODUCTS = 2**31
_FEWEST_CELLS = 1024

_R_RAMP = Ramp(RED_TO_BLUE, 0.0, (-1.0, 1.0))


class LagCorrelation(ToolboxAlgorithm):
    """The lag at which a driver correlates most with a series."""

    NAME = "lagcorrelation"
    LABEL = "Lag of a driver"
    GROUP = DRIVERS
    NEEDS = ("scipy",)
    TAGS = (
        "lagged correlation", "time lag", "legacy effect", "memory", "permutation test", "precipitation", "drought",
        "滞后相关", "滞后效应", "时滞", "climate driver", *SERIES_TAGS,
    )
    SUMMARY = (
        "Finds for every pixel the lag, in years, at which a driver correlates most with a series, and tests that "
        "correlation with allowance for the choice of the lag."
    )
    HELP = """
<p>For each lag of 0, 1, 2 .. up to ⟨MAX_LAG⟩ years, Pearson's r of the series with the driver of so many years before.
All lags of a pixel are compared over the same years: those in which it has a value, and the driver has one in the year
itself and in each of the years before it. A driver that begins before the series therefore saves years. Years are those
of the calendar: the last year before a gap is not taken for the year before.</p>
<ul>
<li><b>Lag</b>: the one with the strongest correlation, positive or negative; the shortest if several are equal. Every
pixel gets a lag, if only by chance; ⟨CLASS⟩ shows it where the correlation is significant.</li>
<li><b>p-value</b>: the best of three correlations is large by chance more often than a single one: with two years of
lag and 18 years of white noise, the p of the usual t test of the best lag is below 0.05 in 14 % of the pixels. So the
values of the series are put in random order (⟨PERMUTATIONS⟩ times, the same orders for all pixels), and p is the share
of the orders, the observed one among them, in which the strongest correlation of all lags is at least as strong as the
observed one: with 999 random orders, p is never below 1 / 1000. A p that is exactly ⟨ALPHA⟩ is not significant, so
that chance alone makes 4.9 % significant at 0.05 with 999 orders, and 4 % with 99.</li>
<li><b>Detrending</b> (⟨DETREND⟩): takes the least-squares line over the years out of the series and of the driver at
each lag, so that r is the partial correlation with the year held constant. In each random order the line is taken out
again (Freedman and Lane 1983), without which 6 to 8 % of white noise would be significant instead of 5 %.</li>
</ul>
<p><b>What it cannot say</b>: p is right where the values of the series, or of the driver, do not depend on each other.
Where both have a trend of 0.15 standard deviations a year, 45 % of unrelated pixels are significant without detrending:
detrend first, unless the trends are what you ask for. Where both resemble themselves from year to year (an
autocorrelation of 0.4), 9 % are, detrended or not. A lag of a year in annual data says that the driver of the year
before goes with the series; it is no proof of a cause, nor of the months in between. With many lags and few years
little can be significant.</p>
<p>A pixel with gaps has the orders of as many values as it has. Pixels with fewer years than asked for (8 or more), and
those in which the series or, at some lag, the driver is constant or exactly a line over the years, are nodata (Float32
-9999, Int16 -32768); those with enough years are the last row of the table, "no result". The results for models are the
share of the pixels with a significant correlation and the commonest lag of these.</p>
<p>References: Freedman and Lane (1983) doi:10.1080/07350015.1983.10509354; Winkler et al. (2014)
doi:10.1016/j.neuroimage.2014.01.060 (permutation tests of regressions).</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series to explain, such as NPP.")
        self.add_series(
            "DRIVER", "Driver series", "The series that may explain it, such as annual precipitation. Years before the "
            "first of the series are used.",
        )
        self.add_years()
        self.add_number(
            "MAX_LAG", "Largest lag (years)", "The driver is taken from the year itself and from each of so many years "
            "before.", 2, INTEGER, 0, 20,
        )
        self.add_number("ALPHA", "Level of significance", "A correlation is significant where p is below.", 0.05,
                        minimum=0.0, maximum=1.0)
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of years", "Pixels with fewer years in which the series and the driver "
            "at every lag have a value get no result.", LEAST_YEARS, INTEGER, LEAST_YEARS,
        )
        self.add_number(
            "PERMUTATIONS", "Random orders", "How often the values of the series are put in random order for p; the "
            "time of the run grows with it.", 999, INTEGER, 19, 99_999,
        )
        self.add_number(
            "SEED", "Seed of the random orders", "The same seed gives the same p.", 1, INTEGER, 0, 2**31 - 1,
            advanced=True,
        )
        self.add_flag(
            "DETREND", "Take the line over the years out of both", "So that common trends are no correlation.",
            advanced=True, optional=True,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output(
            "LAG", "Lag of the strongest correlation", "The lag in years, significant or not.", optional=False
        )
        self.add_raster_output("R", "Correlation at the lag", "Pearson's r at the lag of the pixel.", optional=False)
        self.add_raster_output("PVALUE", "p-value of the lag", "p of the largest r among all lags.")
        self.add_raster_output(
            "CLASS", "Lag where significant", "The lag in years, -1 where the correlation is not significant.",
            offered=True,
        )
        self.add_raster_output("R_BY_LAG", "Correlation at each lag", "Pearson's r, a band for each lag.")
        self.add_table_output("TABLE", "Area of the lags", LAG_TABLE_HELP)
        self.add_chart_output("CHART", "Chart of the lags", "Share of the area by lag, and what of it is significant.")
        self.add_number_output("SIGNIFICANT_PERCENT", "Pixels with a significant correlation at some lag (%)")
        self.add_number_output("MAIN_LAG", "Commonest lag of a significant correlation (years)")

    def check(self, parameters):
        super().check(parameters)
        least, alpha = 1 / (parameters.integer("PERMUTATIONS") + 1), parameters.number("ALPHA")
        if least >= alpha:
            raise InvalidParameter(
                tr("With ⟨PERMUTATIONS⟩ {} no p is below {:.3g}, and ⟨ALPHA⟩ is {:g}: nothing could be significant. "
                   "Give more random orders, such as 999, or a larger level.").format(
                    parameters.integer("PERMUTATIONS"), least, alpha
                )
            )

    def compute(self, run):
        parameters = run.parameters
        series, driver, places = _matched(run)
        warn_of_own_climate(run, series, {driver.name: driver})
        run.outputs.subject = related(series, driver, [])
        lags = Lags(len(places) - 1, run.regions(series.grid) if run.outputs.is_requested("TABLE") else ())
        self._tell_method(run, series, len(places) - 1)
        kernel = partial(
            lag_block, places=places, years=series.years, permutations=parameters.integer("PERMUTATIONS"),
            seed=parameters.integer("SEED"), detrend=parameters.flag("DETREND"),
            min_observations=parameters.integer("MIN_OBSERVATIONS"), alpha=parameters.number("ALPHA"),
        )
        readers = {"series": StackReader.of(series), "driver": StackReader.of(driver)}
        if run.outputs.is_requested("TABLE", "CHART"):
            readers["cell_area"] = run.cell_areas(series.grid)
        if lags.regions:
            readers["regions"] = ZoneReader(lags.regions)
        bytes_per_cell = 8.0 * (3 * len(places) + 14) + len(series.years) + 2.0 * len(driver.years)
        products = len(places) * len(series.years) * parameters.integer("PERMUTATIONS")
        shape = run.plan(
            run.engine(), series.grid, readers, bytes_per_cell, max(_FEWEST_CELLS, _MOST_PRODUCTS // products)
        )
        for _window, block in run.blocks(
            kernel, readers, series.grid, bytes_per_cell, results=self._results(lags), shape=shape
        ):
            lags.add(block)
        _require_change(lags, series, driver)
        lags.tell(run)
        self._tell(run, lags)
        if lags.regions:
            run.outputs.table("TABLE", {"region": "text", **LAG_TABLE}, lags.regional_rows())
        else:
            run.outputs.table("TABLE", LAG_TABLE, lags.rows())
        run.outputs.page("CHART", lambda: lags_page(
            lags, series, driver, parameters.number("ALPHA"), parameters.flag("DETREND")
        ))

    @staticmethod
    def _tell_method(run, series, max_lag: int) -> None:
        parameters, years = run.parameters, series.years
        run.log.info(
            tr("Method: Pearson correlation with the driver of {}, over {}, {} to {}; p from {} random orders").format(
                years_of_driver(max_lag), counted(len(years), "year"), years[0], years[-1],
                parameters.integer("PERMUTATIONS"),
            )
        )
        run.log.info(
            tr("The line over the years is taken out of both.") if parameters.flag("DETREND") else
            tr("Nothing is detrended: where both series have a trend, r is in part that of the trends, and p too "
               "small. Then set ⟨DETREND⟩.")
        )

    @staticmethod
    def _tell(run, lags: Lags) -> None:
        """The share of the significant pixels and their lag, as results and in the log."""
        tested, significant = int(lags.pixels.sum()), lags.pixels[:, :2].sum(axis=1).tolist()
        if not tested:
            return
        alpha, count = run.parameters.number("ALPHA"), int(sum(significant))
        by_chance = chance_of_significance(alpha, run.parameters.integer("PERMUTATIONS"))
        run.number("SIGNIFICANT_PERCENT", 100 * count / tested)
        run.log.info(
            tr("The correlation at the lag is significant (p < {:g}) in {} of {}, {:.1f} %; chance alone makes it "
               "{:.3g} % where years are independent.").format(
                alpha, count, counted(tested, "pixel"), 100 * count / tested, 100 * by_chance
            )
        )
        if count:
            main = significant.index(max(significant))
            run.number("MAIN_LAG", main)
            run.log.info(
                tr("The commonest lag of a significant correlation: {}, in {}, {:.1f} % of these.").format(
                    lag_label(main).lower(), counted(int(significant[main]), "pixel"), 100 * significant[main] / count
                )
            )

    @staticmethod
    def _results(lags: Lags) -> dict:
        return {
            "LAG": RasterResult("lag", "Lag", ("Lag (years)",), lags.style, data_type=gdal.GDT_Int16),
            "R": RasterResult("r", "r at the lag", ("r at the lag",), _R_RAMP),
            "PVALUE": RasterResult("p_value", "p of the lag", ("p of the largest r",), P_RAMP),
            "CLASS": RasterResult(
                "significant_lag", "Significant lag", ("Significant lag (years)",), lags.significant_style,
                data_type=gdal.GDT_Int16,
            ),
            "R_BY_LAG": RasterResult("r_by_lag", "r at each lag", tuple(lags.labels.values()), _R_RAMP),
        }


def _matched(run) -> tuple:
    """The series and the driver in the years that can be used, and where the driver of each year stands.

    Raises
    ------
    InvalidParameter
        If the driver is the series itself.
    SeriesTooShort
        If too few years are left.
    GridMismatch
        If the driver lies elsewhere.
    """
    series, driver = run.series("INPUT"), run.series("DRIVER")
    series.grid.require_same(driver.grid, series.name, driver.name)
    if driver.is_same(series):
        raise InvalidParameter(
            tr("'{}' is ⟨INPUT⟩ and ⟨DRIVER⟩: a series says nothing of itself. Give another driver.").format(
                series.name
            )
        )
    max_lag, least = run.parameters.integer("MAX_LAG"), run.parameters.integer("MIN_OBSERVATIONS")
    used = lagged_years(series.years, driver.years, max_lag)
    if len(used.years) < least:
        raise SeriesTooShort(
            tr("'{}' has {} for which '{}' is known in {} ({}), but {} are needed. The series has {}, the driver {}. "
               "Add years, above all earlier ones of the driver, or lower ⟨MAX_LAG⟩.").format(
                series.name, counted(len(used.years), "year"), driver.name, years_of_driver(max_lag),
                joined([str(year) for year in used.years], 30) or tr("none"), least, _spans(series.years),
                _spans(driver.years),
            )
        )
    left_out = [str(year) for year in series.years if year not in used.years]
    if left_out:
        run.log.warn(
            tr("Left out of ⟨INPUT⟩ '{}', as the driver has to be known in {}: {}").format(
                series.name, years_of_driver(max_lag), ", ".join(left_out)
            )
        )
    return series.of_years(used.years), driver.of_years(used.driver_years), used.places


def _spans(years: list) -> str:
    """Years in short: "2001-2010, 2012"."""
    spans: list = []
    for year in years:
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _require_change(lags: Lags, series, driver) -> None:
    """Raise InvalidParameter where no pixel has a result because nothing changes."""
    if lags.pixels.sum() or not lags.constant_series + lags.constant_driver:
        return
    name = series.name if lags.constant_series >= lags.constant_driver else driver.name
    raise InvalidParameter(
        tr("'{}' does not change over the years {} to {}, or is nothing but a line that is taken out, in any pixel "
           "with enough years: so nothing can be correlated. Give a series that changes from year to year.").format(
            name, series.years[0], series.years[-1]
        )
    )
