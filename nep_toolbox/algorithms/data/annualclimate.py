"""nep:annualclimate"""

from __future__ import annotations

from functools import partial

from qgis.core import QgsProcessingParameterString

from ...colours import BLUES, REDS
from ...core.productivity.annual_climate import MONTHS, Statistic, annual_block
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.groups import DATA
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.months import parse_months, resolve_months
from ...raster.reader import StackReader
from ...styling.styles import Ramp


class AnnualClimate(ToolboxAlgorithm):
    """Annual means or sums of a monthly series."""

    NAME = "annualclimate"
    LABEL = "Annual climate from months"
    GROUP = DATA
    TAGS = (
        "monthly", "annual mean", "annual total", "temperature", "precipitation", "aggregate", "年均温", "年降水量",
        "climate", "rainfall", "drought",
    )
    SUMMARY = "Turns a monthly series into an annual one: the mean of the months (temperature) or their sum (rain)."
    HELP = f"""
<p>The year and month of each raster are read from band descriptions, layer names or file names (2001_01, 200101,
2001-01), whatever the order of the list; or ⟨MONTHS⟩ gives them.</p>
<ul><li><b>Mean</b>: the plain mean of the {MONTHS} monthly values. Every month weighs the same, so a leap year and the
length of a month do not matter; a mean weighted by days differed by up to
0.11 &deg;C in Bavaria (1982-2015).</li>
<li><b>Sum</b>: of the {MONTHS} monthly totals.</li></ul>
<p>A pixel that lacks a month is missing in that year, and a year that lacks a month is an error, unless incomplete
years are allowed: then the months there are make the mean or the sum, and the sum is not scaled up.</p>
<p>The result is one multi-band raster (Float32, nodata -9999), a band for each year.</p>"""

    def declare(self):
        self.add_series("INPUT", "Monthly series", "The monthly series.")
        self.add_choice(
            "STATISTIC", "Statistic", "Mean for temperature, sum for precipitation.",
            ["Mean of the months", "Sum of the months"],
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
        self.add_flag(
            "ALLOW_INCOMPLETE", "Allow years and pixels with fewer than twelve months",
            "Whether a year or pixel that lacks months takes those it has. A sum is then too small.",
        )
        self.add_execution()
        self.add_raster_output(
            "OUTPUT", "Annual series", "One band for each year, in the unit of the months times the scale.",
            optional=False,
        )

    def check(self, parameters):
        super().check(parameters)
        if parameters.text("MONTHS"):
            parse_months(parameters.text("MONTHS"))

    def compute(self, run):
        incomplete = run.parameters.flag("ALLOW_INCOMPLETE")
        statistic = Statistic(run.parameters.choice("STATISTIC"))
        series = resolve_months(
            run.layers("INPUT"), run.parameters.text("MONTHS"), run.parameters.text("YEARS"), incomplete
        )
        run.log.series("Monthly series", series.steps)
        for warning in series.warnings:
            run.log.warn(warning)
        short = [f"{year} ({len(group)})" for year, group in series.groups.items() if len(group) < MONTHS]
        if short:
            run.log.warn(f"Years with fewer than twelve months, and how many: {', '.join(short)}.")
        years = tuple(series.groups)
        kernel = partial(
            annual_block, groups=tuple(map(tuple, series.groups.values())), statistic=statistic,
            allow_incomplete=incomplete,
        )
        word = "mean" if statistic is Statistic.MEAN else "total"
        span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
        scale, offset = run.parameters.number("SCALE"), run.parameters.number("OFFSET") or 0.0
        unit = series.steps[0].unit if (scale, offset) == (1.0, 0.0) else ""
        title = f"{series.quantity} annual {word} {span}" + (f" ({unit})" if unit else "")
        # Of temperature a mean is taken, of rain a sum.
        ramp = Ramp(REDS if statistic is Statistic.MEAN else BLUES)
        results = {"OUTPUT": RasterResult("annual", title, tuple(map(str, years)), ramp, unit, years)}
        readers = {"stack": StackReader(series.steps, scale=scale, offset=offset)}
        run.write(kernel, readers, series.grid, 8.0 * (2 * len(years) + 6), results=results)
