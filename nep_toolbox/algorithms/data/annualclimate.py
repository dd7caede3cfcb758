"""nep:annualclimate"""

from __future__ import annotations

from functools import partial

import numpy as np
from qgis.core import QgsProcessingParameterString

from ...colours import BLUES, REDS
from ...core.productivity.annual_climate import MONTHS, WHOLE_YEAR, Season, Statistic, annual_block
from ...core.productivity.unit_checks import KELVINS, Given, precipitation_warning, temperature_warning
from ...core.productivity.units import KELVIN, precipitation_conversion, temperature_conversion, unit_after
from ...errors import InvalidParameter
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.groups import DATA
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.months import MonthlySeries, parse_months, resolve_months
from ...raster.reader import StackReader
from ...raster.seasons import parse_season
from ...styling.styles import Ramp

#: What a title calls a statistic.
WORDS = {
    Statistic.MEAN: "mean", Statistic.SUM: "total", Statistic.MINIMUM: "minimum", Statistic.MAXIMUM: "maximum",
}


class AnnualClimate(ToolboxAlgorithm):
    """Annual means or sums of a monthly series."""

    NAME = "annualclimate"
    LABEL = "Annual climate from months"
    GROUP = DATA
    TAGS = (
        "monthly", "annual mean", "annual total", "temperature", "precipitation", "aggregate", "年均温", "年降水量",
        "climate", "rainfall", "drought",
    )
    SUMMARY = (
        "Turns a monthly series into an annual one: the mean of the months (temperature), their sum (rain), their "
        "minimum or maximum, of the year or of a season."
    )
    HELP = f"""
<p>The year and month of each raster are read from band descriptions, layer names or file names (2001_01, 200101,
2001-01), whatever the order of the list; or ⟨MONTHS⟩ gives them.</p>
<ul><li><b>Mean</b>: the plain mean of the {MONTHS} monthly values. Every month weighs the same, so a leap year and the
length of a month do not matter; a mean weighted by days differed by up to
0.11 &deg;C in Bavaria (1982-2015).</li>
<li><b>Sum</b>: of the {MONTHS} monthly totals.</li>
<li><b>Minimum</b> and <b>maximum</b>: of the {MONTHS} monthly values, such as the mean temperature of the coldest
month.</li></ul>
<p>A <b>season</b> takes the months from its first to its last: 4-10 is April to October, 12-2 December of the year
before to February. A season is one of the year in which it ends. Where the series begins in January, the season 12-2
of its first year lacks its December, and the last December has no January: these years are left out, and the log
names them.</p>
<p>A pixel that lacks a month is missing in that year, and a year that lacks a month is an error, unless incomplete
years are allowed: then the months there are make the result, and the sum is not scaled up.</p>
<p><b>Units</b>: each value is multiplied by the scale, and the offset is added. Where values look like kelvin, or the
files say a unit that is not degC or mm, the log tells the numbers to type:</p>
<ul><li>kelvin: offset -273.15; tenths of a degree or of a millimetre: scale 0.1;</li>
<li>metres a month: 1000; mm a day: 30.436875 (365.2425 / 12); metres a day, as the monthly means of ERA5 are:
30436.875;</li>
<li>kg m<sup>-2</sup> s<sup>-1</sup>: 2629746 (30.436875 days of 86400 seconds), or 2592000 where all months have 30
days. By a mean month a month is right to 8 percent, and the sum of a year to two.</li></ul>
<p>The result is one multi-band raster (Float32, nodata -9999), a band for each year.</p>"""

    def declare(self):
        self.add_series("INPUT", "Monthly series", "The monthly series.")
        self.add_choice(
            "STATISTIC", "Statistic", "Mean for temperature, sum for precipitation; minimum or maximum for the "
            "coldest, warmest, driest or wettest month.",
            ["Mean of the months", "Sum of the months", "Minimum of the months", "Maximum of the months"],
        )
        self.add_number(
            "SCALE", "Scale of the values",
            "Factor for the values: 0.1 for data in tenths. A scale written in the file itself is applied before.", 1.0,
        )
        self.add_number(
            "OFFSET", "Offset of the values",
            "What is added to each value after the scale: -273.15 turns kelvin to degC.", 0.0, optional=True,
        )
        self.add(
            QgsProcessingParameterString("MONTHS", tr("Months, if names do not say them"), optional=True),
            "Months of the steps, in the order the rasters are given: 2001-01/2020-12, or 2001-01,2001-02 and so on.",
        )
        self.add_years()
        self.add(
            QgsProcessingParameterString("SEASON", tr("Season (4-10 or 12-2)"), optional=True),
            "First and last month of the season that stands for a year: 4-10 for April to October, 12-2 for December "
            "of the year before to February. Empty: the whole year.",
        )
        self.add_flag(
            "ALLOW_INCOMPLETE", "Allow years and pixels with fewer than twelve months",
            "Whether a year or pixel that lacks months, of the year or of its season, takes those it has. A sum is "
            "then too small.",
        )
        self.add_execution()
        self.add_raster_output(
            "OUTPUT", "Annual series", "One band for each year, in the unit of the months after scale and offset.",
            optional=False,
        )

    def check(self, parameters):
        super().check(parameters)
        if parameters.text("MONTHS"):
            parse_months(parameters.text("MONTHS"))
            if parameters.text("YEARS"):
                raise InvalidParameter(
                    tr("⟨MONTHS⟩ says year and month of each step, so ⟨YEARS⟩ has nothing left to say. Leave it empty.")
                )
        parse_season(parameters.text("SEASON"))

    def compute(self, run):
        given = run.parameters
        incomplete, statistic = given.flag("ALLOW_INCOMPLETE"), Statistic(given.choice("STATISTIC"))
        season = parse_season(given.text("SEASON"))
        series = resolve_months(run.layers("INPUT"), given.text("MONTHS"), given.text("YEARS"), incomplete, season)
        run.log.series("Monthly series", series.steps)
        for warning in series.warnings:
            run.log.warn(warning)
        _tell_years(run.log, series, season)
        steps, groups = _used(series)
        scale, offset = given.number("SCALE"), given.number("OFFSET") or 0.0
        kernel = partial(annual_block, groups=groups, statistic=statistic, allow_incomplete=incomplete)
        unit = unit_after(series.steps[0].unit, scale, offset, MONTHS, summed=statistic is Statistic.SUM)
        results = {"OUTPUT": _result(series, statistic, season, unit)}
        readers = {"stack": StackReader(steps, scale=scale, offset=offset)}
        sums = 0
        for _window, block in run.blocks(kernel, readers, series.grid, 8.0 * (2 * len(groups) + 6), results=results):
            sums = sums + block["sums"]
        with np.errstate(invalid="ignore"):
            means = sums[:, 0] / sums[:, 1]
        warning = _doubt(means, statistic, season, Given(series.steps[0].unit, scale, offset, "SCALE", "OFFSET"))
        if warning:
            run.log.warn(warning)


def _used(series: MonthlySeries) -> tuple:
    """The steps that make up years, and the indexes among them of those of each year."""
    used = sorted({index for group in series.groups.values() for index in group})
    place = {index: number for number, index in enumerate(used)}
    groups = tuple(tuple(place[index] for index in group) for group in series.groups.values())
    return tuple(series.steps[index] for index in used), groups


def _tell_years(log, series: MonthlySeries, season: Season) -> None:
    """Name the years that lack months, and those that are left out."""
    if season != WHOLE_YEAR:
        log.info(tr("Season: the months {}").format(", ".join(map(str, season.months))))
    count = len(season.months)
    short = [f"{year} ({len(group)})" for year, group in series.groups.items() if len(group) < count]
    if short:
        log.warn(tr("Years with fewer than {} months, and how many: {}.").format(count, ", ".join(short)))
    there: dict = {}
    for step in series.steps:
        if step.month in season.months:
            there.setdefault(season.year_of(step.year, step.month), []).append(str(step.month))
    left_out = [f"{year} ({', '.join(months)})" for year, months in there.items() if year not in series.groups]
    if left_out:
        log.info(
            tr("Left out, as the season {} is not whole, with the months that there are: {}.")
            .format(season, ", ".join(left_out))
        )


def _result(series: MonthlySeries, statistic: Statistic, season: Season, unit: str) -> RasterResult:
    """How the result is called and looks."""
    years = tuple(series.groups)
    span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    words = tr("annual {}") if season == WHOLE_YEAR else tr("{} of the months {}")
    title = f"{series.quantity} {words.format(WORDS[statistic], season)} {span}" + (f" ({unit})" if unit else "")
    # Of rain a sum is taken, of temperature anything else.
    ramp = Ramp(BLUES if statistic is Statistic.SUM else REDS)
    return RasterResult("annual", title, tuple(map(str, years)), ramp, unit, years)


def _doubt(means: np.ndarray, statistic: Statistic, season: Season, given: Given) -> str:
    """A warning where the values are in another unit than degC or mm; empty where they may be anything."""
    if statistic is not Statistic.SUM:
        known = means[np.isfinite(means)]
        like_kelvin = not given.unit and known.size and KELVINS[0] <= known.min() and known.max() <= KELVINS[1]
        of_temperature = temperature_conversion(given.unit) or like_kelvin or given.offset == KELVIN
        return temperature_warning(means, given) if of_temperature else ""
    stated = precipitation_conversion(given.unit, MONTHS)
    # Of a season the values alone say little: some have no rain, some that of the year.
    told = stated and stated.scale != 1.0 and given.untouched
    return precipitation_warning(means / len(season.months), MONTHS, given) if told else ""
