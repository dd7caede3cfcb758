"""nep:seasonaltrend"""

from __future__ import annotations

from functools import partial

from ...colours import BROWN_TO_GREEN, TREND_CLASSES
from ...core.trend.seasonal import RESULTS, seasonal_block
from ...core.trend.theil_sen import CLASS_LABELS
from ...errors import SeriesTooShort
from ...framework.algorithm import INTEGER, ToolboxAlgorithm
from ...framework.class_maps import CLASS_TABLE_HELP, ClassScheme, class_map, map_classes
from ...framework.groups import SERIES_TAGS, TREND
from ...framework.number_maps import CHANGE_RAMP, P_RAMP, number_map
from ...framework.texts import tr
from ...raster.periods import SeasonalSeries, resolve_periods
from ...raster.reader import StackReader
from ...raster.wording import counted, joined, listed
from ...styling.styles import Ramp
from ...styling.titles import Subject

#: The legend lists increase above decrease.
SCHEME = ClassScheme(dict(reversed(CLASS_LABELS)), TREND_CLASSES)

#: Of fewer years the variance with the covariances of the seasons is a poor estimate.
YEARS_FOR_COVARIANCES = 10

#: Seasons that a line of the log names.
MOST_NAMED = 12

#: Values of a block, so that it is computed in a second or two, and cells that it has at least: a tile of the inputs.
MOST_VALUES, LEAST_CELLS = 2**23, 2**16


class SeasonalTrend(ToolboxAlgorithm):
    """Seasonal Mann-Kendall test and slope of each pixel."""

    NAME = "seasonaltrend"
    LABEL = "Seasonal trend (seasonal Mann-Kendall)"
    GROUP = TREND
    NEEDS = ("scipy",)
    TAGS = (
        "seasonal Kendall", "Mann-Kendall", "Sen slope", "Theil-Sen", "Hirsch", "monthly", "months", "seasons",
        "significance", "季节趋势", "季节性MK检验", "月尺度", "趋势分析", "phenology", "16-day", "8-day", *SERIES_TAGS,
    )
    SUMMARY = (
        "Tests every pixel of a monthly series, or one with other seasons, for a trend over the years: each month is "
        "compared with the same month of other years."
    )
    HELP = """
<p>A value is only compared with values of the same season: this January with other Januaries. So the course of the year
is no trend, and hides none. S is the sum of the S of the seasons, rising less falling pairs of years, its variance the
sum of theirs, with ties allowed for; Z has the continuity correction, p is two-sided by the normal distribution, tau is
S over the number of pairs. The slope is the median of all slopes between two years of one season, in units of the input
per year (not per month).</p>
<ul>
<li><b>Months</b>: with 12 seasons the month of each raster is read from names or time axes (2001_01, 200101, twelve
bands a year), and the season is the month. Years may lack months, at the beginning, at the end or for good: a growing
season alone is a series too. Names that say no month, and any other number of seasons (4 quarters, 23 composites of 16
days, 46 of 8 days), need all the seasons in every year. Their order in a year is that of the months, numbers and words
in the names, then of the bands, or of their descriptions if all years have the same ones; with ⟨YEARS⟩, which names
each year once, it is the order in which the rasters are given. The log lists those of the first year.</li>
<li><b>Missing values</b>: a missing value breaks its pairs and no others; the real years are used. A pixel without a
season of as many values as ⟨MIN_OBSERVATIONS⟩ asks for is nodata in all results. A season with one value adds
nothing.</li>
<li><b>Seasons that depend on each other</b>: a dry April is often followed by a dry May. The sum of the variances then
is too small, and p too: of noise of 20 years whose months have a correlation of 0.5 with the month before, 24 % of the
series are significant at 5 %, instead of 5 %. ⟨CORRELATED⟩ adds the covariances of the seasons (Hirsch and Slack 1984,
with ties as Dietz and Killeen 1981, without the continuity correction), which makes these 24 % about 6 %. It changes
Z, p and the classes; slope and tau stay. It takes only the seasons that have a value in all years, and a pixel with
fewer than two of them has no p and no class: such pixels are the last row of the table, "no result". It needs about ten
years, finds fewer of the true trends, and does not allow for years that depend on each other.</li>
<li><b>Classes</b>: 4 / -4 extremely significant increase / decrease (p &lt; 0.01), 3 / -3 significant (p &lt; 0.05),
2 / -2 slightly significant (p &lt; 0.10), 1 / -1 not significant, 0 no change (slope 0).</li>
</ul>
<p>What it cannot say: a rise in spring and a fall in autumn cancel each other, and the map then shows no trend. Series
of single seasons, made by ⟨nep:annualclimate⟩ with its ⟨nep:annualclimate:SEASON⟩ and tested by ⟨nep:trend⟩, show both.
With thousands of pixels 5 % are significant by chance; p is not adjusted for their number. The log and the result for
models tell the share of pixels with p below 0.05.</p>
<p>Nodata is -9999 (Float32), -32768 in the classes (Int16).</p>
<p>References: Hirsch, Slack and Smith (1982) doi:10.1029/WR018i001p00107; Hirsch and Slack (1984)
doi:10.1029/WR020i006p00727; Dietz and Killeen (1981) doi:10.1080/01621459.1981.10477624.</p>"""

    def declare(self):
        self.add_series("INPUT", "Monthly series", "The series, monthly or with other seasons, of any variable.")
        self.add_years()
        self.add_number(
            "PERIOD", "Seasons in a year", "12 for months, 4 for quarters, 23 for composites of 16 days, 46 of 8 days.",
            12, INTEGER, 2, 366,
        )
        self.add_flag(
            "CORRELATED", "Allow for seasons that depend on each other",
            "The test then takes the covariances of the seasons into account, and only the seasons with a value in all "
            "years.",
        )
        self.add_number(
            "MIN_OBSERVATIONS", "Minimum number of valid years",
            "Pixels of which no season has so many valid values get no result.", 8, INTEGER, 4,
        )
        self.add_regions()
        self.add_execution()
        self.add_raster_output(
            "SLOPE", "Seasonal Sen slope", "Slope in units of the input per year.", optional=False
        )
        self.add_raster_output("PVALUE", "p-value", "Two-sided p of the test.")
        self.add_raster_output("Z", "Seasonal Mann-Kendall Z", "Standardised test statistic.")
        self.add_raster_output("TAU", "Seasonal Kendall tau", "S over the number of pairs within seasons.")
        self.add_raster_output("CLASS", "Trend classes", "Nine classes, by sign of the slope and p.", offered=True)
        self.add_table_output("TABLE", "Area of the trend classes", CLASS_TABLE_HELP)
        self.add_number_output("SIGNIFICANT", "Pixels with p below 0.05 (%)")

    def compute(self, run):
        parameters = run.parameters
        given = resolve_periods(run.layers("INPUT"), parameters.integer("PERIOD"), parameters.text("YEARS"))
        series = run.told("INPUT", given.series)
        run.outputs.subject = Subject.of(series)
        least, correlated = parameters.integer("MIN_OBSERVATIONS"), parameters.flag("CORRELATED")
        given.require_years(least)
        _tell_seasons(run, given, correlated)
        results = _results(series)
        kernel = partial(
            seasonal_block, years=series.years, places=given.places, min_observations=least, correlated=correlated,
            wanted=[result.key for name, result in results.items() if run.outputs.is_requested(name)],
        )
        readers, steps = {"stack": StackReader.of(series)}, len(series.steps)
        bytes_per_cell = 8.0 * (4 * len(RESULTS) + steps)
        shape = run.plan(
            run.engine(), series.grid, readers, bytes_per_cell, max(LEAST_CELLS, MOST_VALUES // steps)
        )
        significant = tested = 0

        def each(_window, block):
            nonlocal significant, tested
            significant, tested = significant + int(block["significant"][0]), tested + int(block["significant"][1])

        map_classes(
            run, SCHEME, kernel, readers, series.grid, results, bytes_per_cell, shape=shape,
            regions=run.regions(series.grid), each=each,
        )
        if tested:
            share = 100 * significant / tested
            run.number("SIGNIFICANT", share)
            said = tr("p is below 0.05 in {:.1f} % of the pixels; chance alone makes 5 %.")
            if not correlated:
                said = tr("p is below 0.05 in {:.1f} % of the pixels; chance alone makes 5 %, and more where seasons "
                          "depend on each other, for which ⟨CORRELATED⟩ would allow.")
            run.log.info(said.format(share))


def _tell_seasons(run, given: SeasonalSeries, correlated: bool) -> None:
    """How the years and seasons were understood; an error where the test has no two seasons."""
    name, years, seasons = given.series.name, given.series.years, given.seasons
    run.log.info(tr("Method: seasonal Mann-Kendall test, {} in {}").format(
        counted(len(seasons), "season"), counted(len(years), "year")
    ))
    first = [step for step in given.series.steps if step.year == years[0]]
    if not first[0].month:
        labels = listed([step.label for step in first], most=MOST_NAMED)
        run.log.info(tr("Order of the seasons in {}, and alike in the other years: {}").format(years[0], labels))
    lacking = joined(list(map(str, given.incomplete)), most=MOST_NAMED)
    if not correlated:
        if lacking:
            run.log.info(tr("Seasons that lack a step in one of the years: {}").format(lacking))
        return
    run.log.info(tr("Variance with the covariances of the seasons (Hirsch and Slack 1984)"))
    complete = len(seasons) - len(given.incomplete)
    if complete < 2:
        raise SeriesTooShort(
            tr("⟨CORRELATED⟩ takes the seasons that have a step in every year, and the series of '{}' has {} of them, "
               "but two are needed. Leave out the years that are not whole, or set ⟨CORRELATED⟩ to no.").format(
                name, complete
            )
        )
    if lacking:
        run.log.warn(
            tr("The test leaves these seasons out, as they lack a step in one of the years: {}. Without the years that "
               "are not whole all would count.").format(lacking)
        )
    if len(years) < YEARS_FOR_COVARIANCES:
        run.log.warn(
            tr("Covariances of the seasons need about {} years, and '{}' has {}: read p as a rough guide.").format(
                YEARS_FOR_COVARIANCES, name, len(years)
            )
        )


def _results(series) -> dict:
    """The rasters, by parameter."""
    return {
        "SLOPE": number_map("slope", "Seasonal Sen slope", CHANGE_RAMP, f"{series.unit} per year".lstrip()),
        "PVALUE": number_map("p_value", "Seasonal Mann-Kendall p", P_RAMP),
        "Z": number_map("z", "Seasonal Mann-Kendall Z", CHANGE_RAMP),
        "TAU": number_map("tau", "Seasonal Kendall tau", Ramp(BROWN_TO_GREEN, 0.0, (-1.0, 1.0))),
        "CLASS": class_map(SCHEME, "class", "Seasonal trend classes", "Seasonal trend classes"),
    }
