"""nep:breakpoint"""

from __future__ import annotations

from functools import partial

from osgeo import gdal

from ...colours import TIME, TURN_CLASSES, along
from ...core.breakpoint.blocks import breakpoint_block
from ...core.breakpoint.break_point import LEAST_SEGMENT, Method, possible_places, turn_labels
from ...core.breakpoint.white_noise import SERIES, null_distribution
from ...core.exact_sums import as_float
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE_HELP, ClassScheme, class_map, map_classes
from ...framework.groups import SERIES_TAGS, TREND
from ...framework.number_maps import CHANGE_RAMP, P_RAMP, number_map
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...raster.wording import counted
from ...styling.styles import Classes, Ramp
from ...styling.titles import Subject

METHODS = [
    "Step (Pettitt 1979): two levels",
    "Turning point: two lines that meet",
    "Two lines: a change of slope, level or both",
]

#: What the year of a break is.
YEARS = ["the first year of the new level", "the last year of the first part", "the last year of the first part"]

P_METHODS = ["Simulated white noise", "Approximation of Pettitt (steps only)"]

#: A legend that names more years than these fits on no page: it is a scale then, whose ends are years.
_MOST_NAMED = 30

#: The share of the run, for the progress bar, in which white noise of the length of the series is simulated.
_SIMULATION = 0.05


class BreakPoint(ToolboxAlgorithm):
    """The year in which the series of each pixel breaks."""

    NAME = "breakpoint"
    LABEL = "Break point"
    GROUP = TREND
    NEEDS = ("scipy",)
    TAGS = (
        "Pettitt", "turning point", "change point", "abrupt change", "piecewise regression", "structural change",
        "segmented", "突变检验", "转折点", "断点", "分段线性回归", *SERIES_TAGS,
    )
    SUMMARY = (
        "Finds the year in which the level or the slope of every pixel of a series changes, tests whether the change "
        "is more than chance, and says what the series does before and after."
    )
    HELP = """
<p>One break a pixel is looked for:</p>
<ul>
<li><b>Step</b> (Pettitt 1979): a lower and a higher part, by the ranks r of the values. Of all places k the one with
the largest |U<sub>k</sub>| is taken, U<sub>k</sub> = 2 (r<sub>1</sub> + ... + r<sub>k</sub>) - k (n + 1). The year is
the first of the new level. To this test a steady trend is a step too, in the middle of the series.</li>
<li><b>Turning point</b>: two lines that meet. For each place that leaves ⟨MIN_SEGMENT⟩ valid values on both sides, F
compares the squared residuals of a straight line with those of a line that bends there; the place with the largest F is
taken (sup F, Andrews 1993). The year is the one at which the line bends, the last of the first part. A straight trend
is no break, however steep.</li>
<li><b>Two lines</b>: the same with a line of its own for each part, so that the level may jump too.</li>
</ul>
<p>The year is given whether or not the break is significant: every series has a largest F somewhere. What counts is p,
and the map of turns, which follows it. Chance has years that it prefers: in white noise of 20 values two of five
turning points stand at the first or the last place that ⟨MIN_SEGMENT⟩ leaves, and steps lie most often in the
middle.</p>
<ul>
<li><b>p-value</b>: the share of simulated series of white noise (20,000 of as many values, always the same ones) whose
statistic is as large. It allows for the choice of the year. Neither level, slope nor spread of the series changes it.
The approximation of Pettitt is conservative in short series: of white noise of 20 values 1.6 % have p &lt; 0.05.</li>
<li><b>Slopes</b> before and after are Theil-Sen slopes of the two parts, the year of a turning point belonging to the
first one, each with the p of the Mann-Kendall test. The place was chosen by the same values, so these p describe the
parts and prove nothing: in white noise of 20 values 11 % of the parts of two lines have p &lt; 0.05. A part of a
single value, which a step may leave, has no slope.</li>
<li><b>Turn</b>, where p is below ⟨ALPHA⟩: 1 increase to decrease, 2 decrease to increase, 3 / 4 faster / slower
increase, 5 / 6 faster / slower decrease, 7 one part without slope; for steps 8 up, 9 down, by the medians of the parts;
0 no significant break. Equal slopes on both sides of a jump count as slower.</li>
</ul>
<p>What it cannot say: years that depend on each other (serial correlation) look like breaks, and all these p are then
too small. One break is found where there are several. With thousands of pixels some are significant by chance: the log
tells how many that makes. Nor is a break a cause: a change of sensor is one too.</p>
<p>Missing values: a pixel uses its valid values in their real years, and needs ⟨MIN_OBSERVATIONS⟩ of them, and twice
⟨MIN_SEGMENT⟩ unless a step is looked for. With fewer it is nodata. The p is that of as many values in consecutive
years, which is close: of white noise with ten years missing in the middle, or with a few lone years at the start, 3.7
to 5.3 % have p &lt; 0.05. Where a step is looked for, a constant pixel has no year and p 1. Else a straight line has no
year and p 1, and a constant pixel has no p: such pixels are the last row of the table, "no result"; percentages are of
all pixels with enough values. Nodata is -9999 (Float32), -32768 in years and turns (Int16).</p>
<p>Results for models and scripts, as in the log: the share of the pixels with a significant break, and the commonest
year of these breaks (the first of several).</p>
<p>References: Pettitt (1979) doi:10.2307/2346729; Andrews (1993) doi:10.2307/2951764; Sen (1968)
doi:10.1080/01621459.1968.10480934.</p>"""

    def declare(self):
        self.add_series("INPUT", "Annual series", "The series, of any variable.")
        self.add_years()
        self.add_choice("METHOD", "What is looked for", "A step of the level, or a change of slope.", METHODS, 1)
        self.add_number(
            "MIN_SEGMENT", "Shortest part", "Valid values before and after a change of slope at least; steps may be "
            "anywhere.", 5, INTEGER, LEAST_SEGMENT,
        )
        self.add_number(
            "ALPHA", "Level of significance", "A break is significant where p is smaller.", 0.05, minimum=0.0001,
            maximum=0.5,
        )
        self.add_choice("P_METHOD", "p-value from", "The approximation is only for steps.", P_METHODS, advanced=True)
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of valid values", "Pixels with fewer valid values get no result.", 12,
            INTEGER, 6,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output(
            "BREAK_YEAR", "Year of the break", "The first year of a new level, or the last before the slope changes.",
            optional=False,
        )
        self.add_raster_output("PVALUE", "p-value of the break", "How likely chance makes so large a break.")
        self.add_raster_output("SLOPE_BEFORE", "Slope before the break", "Theil-Sen slope of the first part, per year.")
        self.add_raster_output("SLOPE_AFTER", "Slope after the break", "Theil-Sen slope of the second part, per year.")
        self.add_raster_output(
            "TURN", "Turns", "What the series does at a significant break, in classes.", offered=True
        )
        self.add_raster_output("PVALUE_BEFORE", "p-value of the slope before", "Mann-Kendall test of the first part.")
        self.add_raster_output("PVALUE_AFTER", "p-value of the slope after", "Mann-Kendall test of the second part.")
        self.add_table_output("TABLE", "Area of the turns", CLASS_TABLE_HELP)
        self.add_chart_output("CHART", "Chart of the breaks", "Share of the area by year of the break, and by turn.")
        self.add_number_output("SIGNIFICANT_PERCENT", "Pixels with a significant break (%)")
        self.add_number_output("MAIN_YEAR", "Commonest year of a significant break")

    def check(self, parameters):
        super().check(parameters)
        if parameters.choice("P_METHOD") and parameters.choice("METHOD") != Method.PETTITT:
            raise InvalidParameter(
                "⟨P_METHOD⟩ is the approximation of Pettitt, which is for steps alone. Take simulated white noise, or "
                "set ⟨METHOD⟩ to the step."
            )

    def compute(self, run):
        parameters = run.parameters
        series = run.series("INPUT")
        run.outputs.subject = Subject.of(series)
        options = {
            "method": Method(parameters.choice("METHOD")), "min_segment": parameters.integer("MIN_SEGMENT"),
            "min_observations": parameters.integer("MIN_OBSERVATIONS"),
        }
        alpha, approximate = parameters.number("ALPHA"), bool(parameters.choice("P_METHOD"))
        self._require_length(series, **options)
        self._simulate(run, len(series.steps), options["method"], options["min_segment"], approximate)
        breaks = Breaks(series.years, options["method"], options["min_segment"])
        results = self._results(series, breaks)
        kernel = partial(
            breakpoint_block, years=series.years, **options, alpha=alpha, approximate=approximate,
            wanted=[result.key for name, result in results.items() if run.outputs.is_requested(name)],
        )
        _areas, rows = map_classes(
            run, breaks.scheme, kernel, {"stack": StackReader.of(series)}, series.grid, results,
            8.0 * (2 * len(series.steps) + 14), regions=run.regions(series.grid), tabulated=("TABLE", "CHART"),
            each=breaks.add, part=(_SIMULATION, 1.0),
        )
        self._tell(run, breaks, alpha, approximate, sum(row[2] for row in rows if row[0] is not None))
        run.outputs.page("CHART", lambda: self._page(series, breaks, rows, alpha))

    @staticmethod
    def _require_length(series, method: Method, min_segment: int, min_observations: int) -> None:
        series.require_length(min_observations, "MIN_OBSERVATIONS")
        if method != Method.PETTITT:
            series.require_length(2 * min_segment, "MIN_SEGMENT")

    @staticmethod
    def _simulate(run, length: int, method: Method, min_segment: int, approximate: bool) -> None:
        """Tell the method, and simulate what p is measured against."""
        run.log.info(tr("Method: {}; the year is {}").format(METHODS[method], YEARS[method]))
        if method == Method.PETTITT:
            run.log.info(_steady_trend())
        if approximate:
            run.log.info(tr("p: the approximation of Pettitt, which is conservative in short series"))
            return
        run.log.info(
            tr("p: against {} series of white noise of {} values, and of as many as a pixel has where values are "
               "missing").format(SERIES, length)
        )
        null_distribution(length, method, min_segment, progress=lambda share: run.advance(_SIMULATION * share))

    @staticmethod
    def _tell(run, breaks: Breaks, alpha: float, approximate: bool, tested: int) -> None:
        """The share of the significant breaks and their year, as results and in the log."""
        if not tested:
            return
        significant = int(breaks.areas[:, 1, 0].sum())
        run.number("SIGNIFICANT_PERCENT", 100 * significant / tested)
        said = tr("The break is significant (p < {:g}) in {} of {}, {:.1f} %; chance alone makes it {:.3g} % where "
                  "years are independent, and more where they are not.")
        if approximate:
            said = tr("The break is significant (p < {:g}) in {} of {}, {:.1f} %; by this approximation chance alone "
                      "makes it less than {:.3g} % where years are independent, and more where they are not.")
        run.log.info(
            said.format(alpha, significant, counted(tested, "pixel"), 100 * significant / tested, 100 * alpha)
        )
        if significant:
            year, pixels = breaks.main_year()
            run.number("MAIN_YEAR", year)
            run.log.info(
                tr("The commonest year of a significant break is {}: {}, {:.1f} % of these breaks.").format(
                    year, counted(pixels, "pixel"), 100 * pixels / significant
                )
            )

    @staticmethod
    def _page(series, breaks: Breaks, rows: list, alpha: float):
        from ...report.charts import break_years, class_shares
        from ...report.page import Page

        page = Page(tr("Break points: {}").format(series.quantity), "The chart of ⟨nep:breakpoint⟩")
        page.paragraph(
            tr("In which year the series of each pixel breaks, {} to {}. Method: {}; the year is {}. Shares are of the "
               "area of all pixels with enough values. Breaks are significant where p is below {:g}; the others may be "
               "chance alone.").format(
                series.years[0], series.years[-1], METHODS[breaks.method], YEARS[breaks.method], alpha
            )
        )
        if breaks.method == Method.PETTITT:
            page.paragraph(_steady_trend())
        page.chart(break_years(breaks.rows(sum(row[3] for row in rows))))
        page.heading(tr("What the series does at its break"))
        page.chart(class_shares(rows, TURN_CLASSES))
        return page

    @staticmethod
    def _results(series, breaks: Breaks) -> dict:
        per_year = f"{series.unit} per year".lstrip()
        return {
            "BREAK_YEAR": RasterResult(
                "break_year", "Year of the break", ("Year of the break",), breaks.style, data_type=gdal.GDT_Int16
            ),
            "PVALUE": number_map("p_value", "p of the break", P_RAMP),
            "SLOPE_BEFORE": number_map("slope_before", "Sen slope before the break", CHANGE_RAMP, per_year),
            "SLOPE_AFTER": number_map("slope_after", "Sen slope after the break", CHANGE_RAMP, per_year),
            "TURN": class_map(breaks.scheme, "turn", "Turns", "Turn"),
            "PVALUE_BEFORE": number_map("p_before", "p of the slope before the break", P_RAMP),
            "PVALUE_AFTER": number_map("p_after", "p of the slope after the break", P_RAMP),
        }


def _steady_trend() -> str:
    """What is told where a step is looked for."""
    return tr(
        "To this test a steady trend is a step too, near the middle of the series; to the other two it is no break."
    )


class Breaks:
    """Adds up the areas of the breaks by year.

    Attributes
    ----------
    areas : object array (years, 2, 2)
        Pixels and area, by year and by whether the break is significant, as the kernel gives them.
    method : Method
    scheme : ClassScheme
        The classes of the turns.
    """

    def __init__(self, years: list, method: Method, min_segment: int):
        self.areas = 0
        self.method = method
        labels = turn_labels(method)
        self.scheme = ClassScheme(labels, {code: TURN_CLASSES[code] for code in labels})
        self._years = years
        self._places = possible_places(len(years), method, min_segment)

    def add(self, _window, block: dict) -> None:
        """Take what the kernel gives for a block."""
        self.areas = self.areas + block["year_areas"]

    def main_year(self) -> tuple:
        """The commonest year of a significant break, the first of several, and their number."""
        counts = self.areas[:, 1, 0].tolist()
        return self._years[counts.index(max(counts))], max(counts)

    def style(self) -> Classes | Ramp:
        """The legend: the years that occur, dark to light in order of time, or a scale where many could. A year has its
        colour whatever others occur, so that maps of one series compare."""
        last = max(len(self._places) - 1, 1)
        if last >= _MOST_NAMED:
            return Ramp(TIME, limits=(self._years[self._places[0]], self._years[self._places[-1]]), years=True)
        return Classes(tuple(
            (self._years[place], str(self._years[place]), along(TIME, number / last))
            for number, place in enumerate(self._places) if self.areas[place, :, 0].sum()
        ))

    def rows(self, total_km2: float) -> list:
        """Of the chart: every year with the areas of its breaks, in percent of the whole."""
        found = []
        for year, areas in zip(self._years, self.areas):
            other, significant = (as_float(area, 1_000_000) for area in areas[:, 1])
            shares = [100 * area / total_km2 if total_km2 else 0.0 for area in (significant, other)]
            found.append((year, significant, shares[0], other, shares[1]))
        return found
