"""nep:uncertainty"""

from __future__ import annotations

from functools import partial

import numpy as np
from qgis.core import QgsProcessingParameterString, QgsProperty

from ...colours import BLUES, BROWN_TO_GREEN, GREENS, REDS, SOURCE_TO_SINK
from ...core.carbon import TERAGRAM
from ...core.ensemble.draws import TEMPERATURE, draw, mean_of_factors, parse_errors, uncertain_names
from ...core.ensemble.regional import DrawnSums
from ...core.ensemble.uncertainty import Method, uncertainty_block
from ...core.zonal.reduction import Total
from ...framework.algorithm import INTEGER
from ...framework.groups import PRODUCTIVITY
from ...framework.outputs import RasterResult
from ...framework.regional_sums import Zones, warn_of_empty
from ...framework.respiration_models import model_of, name_of
from ...framework.texts import tr
from ...raster.zones import ZoneReader
from ...styling.styles import Ramp
from ._climate import UNIT, Climate, ClimateAlgorithm
from ._npp import Npp, declare_npp
from ._uncertainty_page import page

SUMMARY = {
    "region": "text", "mean": "number", "sd": "number", "lower": "number", "upper": "number", "slope": "number",
    "slope_sd": "number", "total_tg": "number", "total_sd": "number", "probability_of_sink": "number",
    "total_lower": "number", "total_upper": "number", "probability_of_increase": "number",
}
HEADINGS = {
    "mean": "Mean NEP (gC m⁻² yr⁻¹)", "sd": "Standard deviation of the mean (gC m⁻² yr⁻¹)",
    "lower": "5 % of the means are below (gC m⁻² yr⁻¹)", "upper": "5 % of the means are above (gC m⁻² yr⁻¹)",
    "slope": "Theil-Sen slope (gC m⁻² yr⁻²)", "slope_sd": "Standard deviation of the slope (gC m⁻² yr⁻²)",
    "total_tg": "Mean annual total (Tg C)", "total_sd": "Standard deviation of the total (Tg C)",
    "total_lower": "5 % of the totals are below (Tg C)", "total_upper": "5 % of the totals are above (Tg C)",
    "probability_of_sink": "Share of the draws with a sink",
    "probability_of_increase": "Share of the draws with an increase",
}

#: Bounds of the number of draws: one in twenty lies beyond each limit, and the memory for regions is bounded.
FEWEST, MOST = 20, 1000
#: The years of a slope, where no number is given.
FEWEST_YEARS = 8
#: Cells of a block: progress is told, and work shared among threads, block by block.
_CELLS = 16_384
#: Bytes of a cell beside the inputs: the results, and what a run without errors gives.
_BYTES = 8.0 * 16
#: What draws would be below 0 moves the mean of the others; from so much on it is told.
_BIASED = 0.02


class Uncertainty(ClimateAlgorithm):
    """NEP and its trend under random draws of errors that the user states."""

    NAME = "uncertainty"
    LABEL = "Uncertainty of NEP"
    GROUP = PRODUCTIVITY
    NEEDS = ("scipy",)
    TAGS = (
        "Monte Carlo", "error propagation", "parameter uncertainty", "confidence interval", "probability of a sink",
        "NEP", "carbon balance", "不确定性", "误差传播", "蒙特卡洛", "error", "spread", "sensitivity",
    )
    SUMMARY = (
        "Draws the parameters of respiration and the inputs of NEP at random, by errors that you state, and tells how "
        "far NEP, its total and its trend move."
    )
    HELP = """
<p>Errors are stated by name, as in b=0.05;npp=0.1;temperature=0.5: standard deviations, relative (0.1 is 10 %) but for
temperature, which is in &deg;C. Names are the parameters of the model (Pei: a, b, c, d, e; Raich: f, q, k; Lloyd and
Taylor: r10, e0; Q10: r10, q10; of the last three also rh_fraction, or rh_a and rh_b), npp, temperature and
precipitation. What is not named has no error. None is assumed: for the coefficients of these models no published errors
are known, so say where yours come from.</p>
<p>In each draw a parameter, NPP or precipitation is multiplied by a normal random number of mean 1, drawn again until
it is above 0, and temperature is raised by one of mean 0. All are independent. <b>One draw holds for all pixels and
years</b>: a coefficient that is wrong is wrong everywhere, so that its error does not average out over a region. For
errors that differ from pixel to pixel, which do average out, the totals here are too uncertain. So are they for
coefficients of one fit, such as rh_a and rh_b: where one is too high the other mostly is too low, which independent
draws do not know; state the error of one of them, or of what multiplies the result (d, f, r10 or rh_fraction). Each
draw gives the NEP of every pixel and year, the mean of the years, the Theil-Sen slope and the totals of regions.</p>
<ul>
<li><b>Maps</b> (Float32, nodata -9999): mean, standard deviation (draws - 1) and the 5 % and 95 % quantiles (linear
between draws, type 7) of the multi-year mean; the standard deviation of the slope; the share of the draws, 0 to 1,
whose mean is above 0 (a sink), and whose slope is.</li>
<li><b>Summary</b>: the same of the whole raster ("all") and of the regions, of the mean weighted by area and of the
total in Tg C (10<sup>12</sup> g), in the mean of the years; slope is that of the annual means.</li>
<li><b>Chart</b>: the total of each year, with bands that hold half and nine tenths of the draws.</li>
</ul>
<p>NPP, climate, the models of respiration and their forms are as in the tool ⟨nep:productivity⟩, whose help tells of
them, and NEP is missing where it is there. Pixels and regions with fewer years than
⟨MIN_OBSERVATIONS⟩ have no slope. The same seed gives the same draws, name by name: a further error does not change
those of the others, and the first draws of many are those of few. The results do not depend on threads or blocks.</p>
<p><b>What it cannot say</b>: the shares are given the errors, the model and the forcing. What no error was stated for,
above all whether the model holds in the region, is not in them: compare models with each other, and with towers
(⟨nep:compare⟩). Errors of parameters often move the mean by much and the slope by little. With B draws a share p has a
standard error of sqrt(p (1 - p) / B): 0.05 at a half with 100 draws.</p>
<p>Reference of the quantiles: Hyndman and Fan (1996) doi:10.1080/00031305.1996.10473566.</p>"""

    def declare(self):
        declare_npp(self)
        self.declare_climate()
        self.add_years()
        self.declare_coefficients()
        self.add(
            QgsProcessingParameterString("ERRORS", tr("Errors (b=0.05;npp=0.1;temperature=0.5)"), optional=True),
            "Standard deviations by name, separated by semicolons: relative, of temperature in degC. Names are the "
            "parameters of the model, npp, temperature and precipitation. None is assumed.",
        )
        self.add_number(
            "DRAWS", "Number of draws", "How many times NEP is drawn; the time of the run grows with it.", 100, INTEGER,
            FEWEST, MOST,
        )
        self.add_number("SEED", "Seed of the draws", "The same seed gives the same draws.", 1, INTEGER, 0, 2**31 - 1,
                        advanced=True)
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of years of a slope", "Pixels and regions with fewer years that have a "
            "value have no slope.", FEWEST_YEARS, INTEGER, 2, optional=True, advanced=True,
        )
        self.add_regions()
        self.add_execution()
        self._declare_results()

    def _declare_results(self) -> None:
        for name, label, text in (
            ("MEAN", "Mean NEP given errors", "Mean over the draws of the multi-year mean, in gC m-2 yr-1."),
            ("SD", "Standard deviation of mean NEP", "Over the draws, in gC m-2 yr-1."),
            ("LOWER", "Lower limit of mean NEP", "5 % of the draws are below, in gC m-2 yr-1."),
            ("UPPER", "Upper limit of mean NEP", "5 % of the draws are above, in gC m-2 yr-1."),
        ):
            self.add_raster_output(name, label, text, optional=False)
        for name, label, text in (
            ("SLOPE_SD", "Standard deviation of the slope", "Of the Theil-Sen slope over the draws, in gC m-2 yr-2."),
            ("SINK_PROBABILITY", "Probability of a sink", "Share of the draws with a mean above 0, 0 to 1."),
            ("TREND_PROBABILITY", "Probability of an increase", "Share of the draws with a slope above 0, 0 to 1."),
        ):
            self.add_raster_output(name, label, text, offered=name == "SINK_PROBABILITY")
        self.add_table_output("SUMMARY", "Summary of the draws", "One row for the whole raster and for each region.",
                              offered=True)
        self.add_chart_output("CHART", "Chart of the totals", "Total of each year with bands, by region.")
        for name, label in (
            ("TOTAL_TG", "Mean annual total (Tg C)"), ("TOTAL_SD", "Standard deviation of the total (Tg C)"),
            ("TOTAL_LOWER", "5 % of the totals are below (Tg C)"),
            ("TOTAL_UPPER", "5 % of the totals are above (Tg C)"),
            ("PROBABILITY_OF_SINK", "Share of the draws in which the whole raster is a sink"),
        ):
            self.add_number_output(name, label)

    def check(self, parameters):
        super().check(parameters)
        # What a model or an expression settles later is looked at when the run begins.
        if not any(isinstance(parameters.raw(name), QgsProperty) for name in ("ERRORS", "MODEL", "RH_FRACTION")):
            parse_errors(parameters.text("ERRORS"), uncertain_names(model_of(parameters)))

    def compute(self, run):
        parameters = run.parameters
        npp, climate = Npp(run), Climate(run)
        climate.restrict_to(npp.series, "NPP")
        climate.log()
        errors = parse_errors(parameters.text("ERRORS"), uncertain_names(climate.model))
        draws = draw(errors, parameters.integer("DRAWS"), parameters.integer("SEED"))
        self._tell_errors(run, errors, len(draws.values))
        _warn_of_fractions(run.log, climate.model.times, draws)
        least = parameters.optional_integer("MIN_OBSERVATIONS", empty=FEWEST_YEARS)
        sloped = run.outputs.is_requested("SLOPE_SD", "TREND_PROBABILITY")
        if sloped:
            npp.series.require_length(least, "MIN_OBSERVATIONS")
        method = Method(**climate.options, draws=draws, sloped=sloped, min_observations=least)
        sums, zones = self._drawn(run, npp, climate, method)
        climate.check_units(npp.tell())
        warn_of_empty(run, zones.names, sums.area > 0, npp.series.years)
        found = sums.statistics(npp.series.years, least)
        rows = _rows(zones.names, found)
        run.outputs.table("SUMMARY", SUMMARY, rows, HEADINGS)
        self._tell(run, rows[0], draws, sums)
        run.outputs.page("CHART", lambda: page(
            npp.series.years, zones.names, sums, rows, list(SUMMARY), _stated(errors), len(draws.values),
            name_of(climate.model),
        ))

    def _drawn(self, run, npp: Npp, climate: Climate, method: Method) -> tuple:
        """Write the maps, and give the sums of the whole raster and the regions, and what they are of."""
        grid = npp.series.grid
        regions = run.regions(grid)
        readers = {"npp": npp.reader, **climate.readers(), "cell_area": run.cell_areas(grid)}
        if regions:
            readers["regions"] = ZoneReader(regions)
        shape = run.plan(run.engine(), grid, readers, _BYTES, _CELLS)
        total = Total(partial(DrawnSums.empty, len(method.draws.values), len(method.years), len(regions) + 1))
        kernel = partial(uncertainty_block, method=method)
        results = _results(climate.span)
        for window, block in run.blocks(kernel, readers, grid, _BYTES, results=results, shape=shape):
            climate.count(block)
            npp.count(block)
            total.add(block["sums"], last=window.ends_row_of(grid))
        return total.sums, Zones.of(regions)

    @staticmethod
    def _tell_errors(run, errors: dict, count: int) -> None:
        run.log.info(tr("Errors (standard deviations): {}. {} draws of them, seed {}.").format(
            _stated(errors), count, run.parameters.integer("SEED")))
        run.log.info(tr("What is not named has no error: the limits and shares are given these errors and this model, "
                        "and hold no others."))
        for name, deviation in errors.items():
            if name != TEMPERATURE and mean_of_factors(deviation) > 1.0 + _BIASED:
                run.log.warn(
                    tr("With an error of {:g} %, draws of {} would be below 0, and are drawn again: in the mean they "
                       "are {:.3g} times the value. State a smaller error, or read the mean with this in mind.").format(
                        100 * deviation, name, mean_of_factors(deviation))
                )

    @staticmethod
    def _tell(run, row: tuple, draws, sums: DrawnSums) -> None:
        """The total of the whole raster, in the log and as numbers for models."""
        whole = dict(zip(SUMMARY, row))
        if whole["total_tg"] is None:
            return
        for name, column in (("TOTAL_TG", "total_tg"), ("TOTAL_SD", "total_sd"), ("TOTAL_LOWER", "total_lower"),
                             ("TOTAL_UPPER", "total_upper"), ("PROBABILITY_OF_SINK", "probability_of_sink")):
            run.number(name, whole[column])
        run.log.info(
            tr("All, given these errors: mean annual total {total_tg:.5g} Tg C, standard deviation {total_sd:.3g}, "
               "nine draws of ten from {total_lower:.5g} to {total_upper:.5g}; a sink in {share:.0f} % of the "
               "draws.").format(**whole, share=100 * whole["probability_of_sink"])
        )
        if len(draws.names) > 1 and whole["total_sd"]:
            parts = sorted(zip(sums.parts(draws.values)[:, 0].tolist(), draws.names), reverse=True)
            run.log.info(
                tr("What the spread of the total goes with (r squared over the draws, roughly): {}.").format(
                    ", ".join(f"{name} {100 * part:.0f} %" for part, name in parts))
            )


def _warn_of_fractions(log, drawn_model, draws) -> None:
    """Warn where draws make more of soil respiration heterotrophic than there is; ``drawn_model`` gives the model of
    multipliers by name."""
    if "rh_fraction" not in draws.names:
        return
    drawn = draws.values[:, draws.names.index("rh_fraction")].tolist()
    above = sum(drawn_model({"rh_fraction": each}).share.rh_fraction > 1.0 for each in drawn)
    if above:
        log.warn(tr("In {} of {} draws rh_fraction is above 1, and R_H more than R_S, of which it is a part. State a "
                    "smaller error of rh_fraction, or do not read the upper limits of R_H, which are the lower ones of "
                    "NEP.").format(above, len(drawn)))


def _stated(errors: dict) -> str:
    """The errors in words."""
    return ", ".join(
        f"{name} {deviation:g} degC" if name == TEMPERATURE else f"{name} {100 * deviation:g} %"
        for name, deviation in errors.items()
    )


def _rows(names: list, found: dict) -> list:
    """The rows of the summary, from the statistics of mean, total and slope."""
    mean, total, slope = found["mean"], found["total"], found["slope"]
    columns = {
        **{name: mean[name] for name in ("mean", "sd", "lower", "upper")},
        "slope": slope["mean"], "slope_sd": slope["sd"], "total_tg": total["mean"] / TERAGRAM,
        "total_sd": total["sd"] / TERAGRAM, "probability_of_sink": total["positive"],
        "total_lower": total["lower"] / TERAGRAM, "total_upper": total["upper"] / TERAGRAM,
        "probability_of_increase": slope["positive"],
    }
    values = np.column_stack([columns[name] for name in list(SUMMARY)[1:]])
    return [(name, *(None if each != each else each for each in row)) for name, row in zip(names, values.tolist())]


def _results(span: str) -> dict:
    """The maps; their titles say that the errors are given."""
    nep, spread = Ramp(GREENS, below_zero=REDS), Ramp(BLUES)
    sink, rise = (Ramp(colours, centre=0.5, limits=(0.0, 1.0)) for colours in (SOURCE_TO_SINK, BROWN_TO_GREEN))
    maps = {
        "MEAN": ("mean", tr("Mean NEP given errors {}"), nep, UNIT),
        "SD": ("sd", tr("Standard deviation of mean NEP given errors {}"), spread, UNIT),
        "LOWER": ("lower", tr("Lower limit (5 %) of mean NEP given errors {}"), nep, UNIT),
        "UPPER": ("upper", tr("Upper limit (95 %) of mean NEP given errors {}"), nep, UNIT),
        "SLOPE_SD": ("slope_sd", tr("Standard deviation of the slope of NEP given errors {}"), spread, "gC m-2 yr-2"),
        "SINK_PROBABILITY": ("sink_probability", tr("Probability of a sink given errors {}"), sink, ""),
        "TREND_PROBABILITY": (
            "trend_probability", tr("Probability of an increase of NEP given errors {}"), rise, ""
        ),
    }
    results = {}
    for name, (key, words, ramp, unit) in maps.items():
        title = words.format(span)
        results[name] = RasterResult(key, tr("{} ({})").format(title, unit) if unit else title, (title,), ramp, unit)
    return results
