"""nep:drivers"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ...colours import PURPLE_TO_ORANGE, RED_TO_BLUE, SEQUENTIAL
from ...colours import dominant as dominant_colours
from ...core.attribution.driver_blocks import drivers_block
from ...core.attribution.importance import MOST_DRIVERS
from ...core.attribution.regression import DETRENDED, METHODS, PLAIN
from ...errors import InvalidParameter, NothingToExplain
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.class_maps import ClassScheme, Tally, class_map
from ...framework.groups import DRIVERS, SERIES_TAGS
from ...framework.number_maps import CHANGE_RAMP, P_RAMP, number_map
from ...framework.outputs import RasterResult
from ...framework.regional_sums import BYTES_PER_CELL
from ...framework.texts import tr
from ...raster.reader import StackReader, Together
from ...raster.wording import joined
from ...raster.zones import ZoneReader
from ...styling.styles import Ramp
from ...styling.titles import Subject
from ._drivers_page import page
from ._drivers_table import HEADINGS, REST, TABLE, AnnualMeans, PixelMeans
from ._fitted import Fitted
from ._own_climate import warn_of_own_climate
from ._several_drivers import Drivers, add_driver_names, add_drivers, add_min_df, check_driver_names, drivers_of

#: What a dialog calls the fits, by the value of FIT.
FITS = [METHODS[PLAIN], METHODS[DETRENDED]]

_NO_RIDGE = ("PARTIAL", "PARTIAL_PVALUE")


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
        "Regresses a series on several drivers pixel by pixel, and maps which driver is dominant, what each "
        "contributes to the trend, and how much of the variation it accounts for."
    )
    HELP = """
<p>y = a + b<sub>1</sub> X<sub>1</sub> + ... + b<sub>k</sub> X<sub>k</sub> + e by least squares, over the years in which
the series and all k drivers have a value.</p>
<ul>
<li><b>Detrended</b> (default): the year is held constant too, which is the same as taking the line over the years out
of all series first. A driver that merely rises at the same time then explains nothing. R<sup>2</sup> and p are those of
the drivers beyond the year, with n - k - 2 degrees of freedom.</li>
<li><b>Plain</b>: with n - k - 1 degrees of freedom. A driver with a trend then takes the credit for all that changed
steadily, whatever changed it.</li>
<li><b>Partial correlation</b> of a driver: its correlation with the series, all other drivers (and, detrended, the
year) held constant; p from t = b / standard error, two-sided.</li>
<li><b>Dominant driver</b>: the one with the strongest partial correlation, positive or negative, among those with p
below ⟨ALPHA⟩; negative codes are negative correlations, 0 is no significant driver. With several drivers some are
significant by chance: where nothing depends on anything, up to 1 - (1 - ⟨ALPHA⟩)<sup>k</sup> of the pixels have a
dominant one of k independent drivers.</li>
<li><b>Contribution</b> of a driver to the trend: b times the least-squares slope of the driver. The last band, the
rest, is the slope of what the drivers do not explain. All bands add up to the least-squares slope of the series. The
rest is not proven to be human activity: it holds all that is not among the drivers, and the part of their effect that
is delayed or not linear.</li>
<li><b>Standardised coefficient</b> (beta): b times the standard deviation of the driver, divided by that of the series;
of the detrended series where they are detrended.</li>
<li><b>Relative importance</b> (LMG): how much R<sup>2</sup> rises when the driver enters the regression, as the mean
over all orders in which they may enter. The shares add up to R<sup>2</sup>. Up to 6 drivers.</li>
<li><b>Collinear drivers</b>: the variance inflation factor of a driver is 1 / (1 - R<sup>2</sup>) of its regression on
the others. Where the largest is above ⟨MAX_VIF⟩ the regression cannot tell drivers apart: what belongs to single
drivers is nodata there; R<sup>2</sup>, p and the rest stay, for they do not depend on it. The log says which
drivers.</li>
<li><b>Drivers along a line</b>: in a detrended fit the contribution of a driver that does little but rise or fall
steadily, as CO<sub>2</sub>, is too uncertain for any use, and so is the rest. The log warns of pixels in which the
variance inflation factor of the year among the drivers is above ⟨MAX_VIF⟩, and names the driver: leave it out, and it
counts to the rest.</li>
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
        add_min_df(self)
        self.add_number(
            "MAX_VIF", "Largest variance inflation factor",
            "Where a driver has a larger one, single drivers are not told apart and have no result.", 10.0, minimum=1.0,
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
        self.add_number_output("REFUSED_PERCENT", "Pixels without a result for single drivers (%)")

    def check(self, parameters):
        super().check(parameters)
        check_driver_names(parameters)
        for name in _NO_RIDGE:
            if parameters.flag("RIDGE") and parameters.is_requested(name):
                raise InvalidParameter(
                    tr("Ridge regression has no partial correlations and no p of single drivers. Leave out ⟨{}⟩, or "
                       "switch ⟨RIDGE⟩ off.").format(name)
                )

    def compute(self, run):
        parameters = run.parameters
        method, ridge = parameters.choice("FIT"), parameters.flag("RIDGE")
        given = drivers_of(run, method)
        _require_no_rest(given.names)
        run.outputs.subject = Subject.of(given.series)
        warn_of_own_climate(run, given.series, dict(zip(given.names, given.drivers)))
        run.log.info(tr("Regression: {}").format(FITS[method]))
        options = {
            "method": method, "min_df": parameters.integer("MIN_DF"), "max_vif": parameters.number("MAX_VIF"),
            "penalised": ridge and run.outputs.is_requested("CONTRIBUTIONS", "BETA", "TABLE", "CHART"),
            "important": self._important(run, given.names),
        }
        found = Explained(run, given, options)
        found.compute(self._results(given, ridge))
        found.report()

    @staticmethod
    def _important(run, names: list) -> bool:
        """Whether the relative importance is computed; the log tells where there are too many drivers."""
        if not run.outputs.is_requested("LMG", "TABLE", "CHART"):
            return False
        if len(names) <= MOST_DRIVERS:
            return True
        if run.outputs.is_requested("LMG"):
            raise InvalidParameter(
                tr("⟨LMG⟩ is for up to {} drivers, but there are {}: {}. Leave out drivers, or that result.").format(
                    MOST_DRIVERS, len(names), joined(names, len(names))
                )
            )
        run.log.warn(
            tr("The relative importance (LMG) is left out: it is for up to {} drivers, and there are {}.").format(
                MOST_DRIVERS, len(names)
            )
        )
        return False

    @staticmethod
    def _results(given: Drivers, ridge: bool) -> dict:
        names = tuple(given.names)
        contribution, beta = (
            (tr("Contribution to the trend by ridge regression"), tr("Standardised ridge coefficient")) if ridge
            else (tr("Contribution to the trend"), tr("Standardised coefficient"))
        )

        def of_each(key, title, style, unit="", more=()):
            return RasterResult(key, title, (*names, *more), style, unit)

        return {
            "DOMINANT": class_map(_scheme(names), "dominant", tr("Dominant driver"), tr("Dominant driver")),
            "CONTRIBUTIONS": of_each(
                "contributions", contribution, CHANGE_RAMP, f"{given.series.unit} per year".lstrip(), (REST,)
            ),
            "PARTIAL": of_each("partial_r", tr("Partial correlation"), Ramp(RED_TO_BLUE, 0.0, (-1.0, 1.0))),
            "PARTIAL_PVALUE": of_each("driver_p", tr("p of the partial correlation"), P_RAMP),
            "BETA": of_each("beta", beta, Ramp(PURPLE_TO_ORANGE, 0.0)),
            "LMG": of_each("lmg", tr("Relative importance"), Ramp(SEQUENTIAL)),
            "RSQUARED": number_map("r_squared", tr("R squared of the drivers"), Ramp(SEQUENTIAL, limits=(0.0, 1.0))),
            "PVALUE": number_map("p_value", tr("p of the drivers"), P_RAMP),
        }


def _require_no_rest(names: list) -> None:
    """Refuse a driver that is called as what the drivers do not explain: table and bands could not tell them apart."""
    for name in names:
        if name.casefold() == REST:
            raise InvalidParameter(
                tr("A driver is called '{}', as is what the drivers do not explain. Rename its layer, or give it "
                   "another name in ⟨DRIVER_NAMES⟩.").format(name)
            )


def _scheme(names: tuple) -> ClassScheme:
    """The legend of the dominant drivers: each positive and negative, last none."""
    labels = {}
    for place, name in enumerate(names, start=1):
        labels[place], labels[-place] = tr("{}, positive").format(name), tr("{}, negative").format(name)
    return ClassScheme({**labels, 0: tr("No significant driver")}, dominant_colours(len(names)))


class Explained:
    """The maps of a run, and what its blocks add up to."""

    def __init__(self, run, given: Drivers, options: dict):
        """``options`` are those of `accounts`."""
        self._run, self._given, self._options = run, given, options
        self._alpha = run.parameters.number("ALPHA")
        self._scheme = _scheme(tuple(given.names))
        self._regions = run.regions(given.series.grid)
        self._tally = Tally(self._scheme, ())
        self._fitted = Fitted(given.series.quantity, given.names, options["max_vif"])
        self._pixels = PixelMeans(self._regions, given.names)
        self._means = AnnualMeans(self._pixels.zones, len(given.names), given.series.years)

    def compute(self, results: dict) -> None:
        """Compute all blocks and write the maps."""
        run, series = self._run, self._given.series
        tabled, drawn = run.outputs.is_requested("TABLE", "CHART"), run.outputs.is_requested("CHART")
        kernel = partial(
            drivers_block, years=series.years, alpha=self._alpha, summed=tabled, means=drawn, **self._options
        )
        readers = {
            "series": StackReader.of(series),
            "drivers": Together(tuple(StackReader.of(each) for each in self._given.drivers)),
        }
        if tabled:
            readers["cell_area"] = run.cell_areas(series.grid)
            if self._regions:
                readers["regions"] = ZoneReader(self._regions)
        results["DOMINANT"] = replace(results["DOMINANT"], style=lambda: self._scheme.style(self._tally.areas))
        for window, block in run.blocks(kernel, readers, series.grid, self._bytes_per_cell(), results=results):
            last = window.ends_row_of(series.grid)
            self._tally.add(block)
            self._fitted.add(block)
            if tabled:
                self._pixels.add(block["sums"], last)
            if drawn:
                self._means.add(block["means"], last)

    def _bytes_per_cell(self) -> float:
        """What a cell of the results, the fit and the sums takes."""
        drivers, years = len(self._given.names), len(self._given.series.years)
        of_means = 8.0 * (drivers + 1) * years + BYTES_PER_CELL if self._run.outputs.is_requested("CHART") else 0.0
        return 8.0 * (24 * drivers + 30) + of_means

    def report(self) -> None:
        """Tell what was found, write the table and the page."""
        run = self._run
        self._fitted.report(run.log)
        areas, lost = self._tally.areas, int(self._tally.no_result[0, 0])
        found = int(areas[:, 0].sum())
        if not found and not self._options["penalised"]:
            raise NothingToExplain(
                tr("No pixel has a dominant driver, as the drivers {} say nearly the same everywhere (VIF above {:g}). "
                   "Leave one of them out, raise ⟨MAX_VIF⟩, or switch ⟨RIDGE⟩ on and ask for ⟨CONTRIBUTIONS⟩ or ⟨BETA⟩."
                   ).format(
                    joined([f"'{name}'" for name in self._given.names], len(self._given.names)),
                    self._options["max_vif"],
                )
            )
        run.log.class_areas(areas, self._scheme.first, self._scheme.labels, lost)
        run.number("SIGNIFICANT_PERCENT", 100 * (found - int(areas[-self._scheme.first, 0])) / (found + lost))
        run.number("REFUSED_PERCENT", 100 * lost / (found + lost))
        if not run.outputs.is_requested("TABLE", "CHART"):
            return
        rows = self._pixels.rows()
        sparse = self._pixels.warn(run)
        columns = {"region": "text", **TABLE} if self._regions else TABLE
        run.outputs.table("TABLE", columns, rows if self._regions else [row[1:] for row in rows], HEADINGS)
        run.outputs.page("CHART", lambda: self._page(rows, sparse))

    def _page(self, rows: list, sparse: dict):
        means = self._means.explained(**self._options)
        return page(
            self._given.series, self._given.names, means, rows, self._alpha, FITS[self._options["method"]],
            self._options["penalised"], sparse,
        )
