"""nep:intensityanalysis"""

from __future__ import annotations

from functools import partial

from ...core.landcover.intensity import (
    always_active,
    category_rows,
    classes_of,
    interval_rows,
    intervals_of,
    pair_rows,
    uniform_rate,
)
from ...framework.groups import LANDCOVER
from ...framework.texts import tr
from ...styling.titles import Subject
from ._classes import AREAS_HELP, NAMES_HELP, LandCoverAlgorithm, require_classes
from ._intensity_page import page
from ._tallies import complete_counts, counts_by_name, table_by_region

INTERVALS = {
    "from_year": "integer", "to_year": "integer", "s": "number", "u": "number", "fast": "integer",
    "change_km2": "number", "area_km2": "number",
}
CATEGORIES = {
    "from_year": "integer", "to_year": "integer", "class": "integer", "label": "text", "gain": "number",
    "loss": "number", "s": "number", "gain_active": "integer", "loss_active": "integer", "gain_km2": "number",
    "loss_km2": "number",
}
TRANSITIONS = {
    "from_year": "integer", "to_year": "integer", "from_class": "integer", "to_class": "integer",
    "from_label": "text", "to_label": "text", "r": "number", "w": "number", "targeted_gain": "integer", "q": "number",
    "v": "number", "targeted_loss": "integer", "area_km2": "number",
}
DATES = {"from_year": "First date", "to_year": "Last date"}
INTERVAL_HEADINGS = {
    **DATES,
    "s": "S: change (% of the area a year)", "u": "U: uniform over all years (% of the area a year)",
    "fast": "Fast (1) or slow (0)", "change_km2": "Change (km²)",
}
CATEGORY_HEADINGS = {
    **DATES, "label": "Name",
    "gain": "G: gain (% of the class a year)", "loss": "L: loss (% of the class a year)",
    "s": "S: uniform (% of the area a year)", "gain_active": "Gain active (1) or dormant (0)",
    "loss_active": "Loss active (1) or dormant (0)", "gain_km2": "Gain (km²)", "loss_km2": "Loss (km²)",
}
PAIR_HEADINGS = {
    **DATES, "from_class": "Class before", "to_class": "Class after", "from_label": "Name before",
    "to_label": "Name after",
    "r": "R: taken from this class (% of it a year)", "w": "W: taken from all others (% of them a year)",
    "targeted_gain": "Gain targets the class (1) or avoids it (0)",
    "q": "Q: given to this class (% of it a year)", "v": "V: given to all others (% of them a year)",
    "targeted_loss": "Loss targets the class (1) or avoids it (0)",
}


class IntensityAnalysis(LandCoverAlgorithm):
    """How intensely land cover changes."""

    NAME = "intensityanalysis"
    LABEL = "Intensity of land-cover change"
    GROUP = LANDCOVER
    TAGS = (
        "intensity analysis", "Aldwaik", "Pontius", "land use change", "LULC", "transition intensity", "gain", "loss",
        "土地利用变化强度", "强度分析", "转移强度", "land cover", "change detection",
    )
    SUMMARY = (
        "Tells which intervals change fast, which land-cover classes gain and lose more than others, and which a gain "
        "or loss targets or avoids."
    )
    HELP = """
<p>The intensity analysis of Aldwaik and Pontius compares each change with what it would be if the same change were
spread evenly. Areas of change alone do not tell that: a large class takes part in most changes because it is large, and
a long interval holds more change because it is long.</p>
<ul>
<li><b>Intervals</b>: s is the area that changes its class in an interval, in percent of the area a year; u is that of
all intervals together. An interval is fast where s is above u, else slow.</li>
<li><b>Classes</b>: gain is the area that a class takes from others, in percent a year of its area at the end of the
interval; loss is the area that it gives, in percent a year of its area at the start. Either is active where it is above
the s of the interval, else dormant.</li>
<li><b>Transitions</b>, as gains: r is what a class takes of another, in percent a year of the area that the other has
at the start; w is what it takes of all others together. The gain targets the other class where r is above w, else
avoids it. As losses: q is what a class gives to another, in percent a year of the area that the other has at the end; v
is what it gives to all others together. The loss targets the other class where q is above v, else avoids it.</li>
</ul>
<p>A year is a year: an interval of five years has five times the time of one of a single year, and dates need not be
evenly spaced. With two dates there is one interval, which is neither fast nor slow; the other levels hold as ever.
Every two classes have their row, also where none changes into the other, with an intensity of 0. A class that has no
area at the date that a rate refers to has none: the cell is empty. Rates are compared without rounding.</p>
<p>Missing values: only the pixels that have a class on all dates take part, so that all intervals speak of the same
land; the log tells how many are left out. Areas are summed without rounding.</p>
<p>With regions the tables have a first column region: the rows of the whole raster ("all"), then those of each region,
whose rates are compared within the region. A pixel belongs to a region if its centre lies in it. The page shows the
region that is chosen there.</p>
<p>What it cannot say: errors of the maps are change too. Two maps that are each right in nine pixels of ten show up to
a fifth of the area as changed where nothing changed; intensities just above the uniform one prove nothing then. The
analysis describes what changed; it is no test of significance and tells no cause. A pixel that changes and changes back
between two dates is not seen, so short intervals look faster than long ones where land goes to and fro.</p>
<p>Results for models and scripts, as in the log: u, the area that changes its class in percent a year.</p>""" \
        + AREAS_HELP + NAMES_HELP + """
<p>Reference: Aldwaik and Pontius (2012) doi:10.1016/j.landurbplan.2012.02.010.</p>"""

    def declare(self):
        self.add_series("INPUT", "Land cover", "Land-cover classes of two dates or more.")
        self.add_years()
        self.declare_class_names()
        self.add_regions()
        self.add_execution()
        self.add_table_output(
            "INTERVALS", "Intensity of intervals", "One row for each interval: its change beside that of all years.",
            optional=False,
        )
        self.add_table_output(
            "CATEGORIES", "Intensity of gains and losses", "One row for each interval and class: gain and loss beside "
            "the change of the interval.", offered=True,
        )
        self.add_table_output(
            "TRANSITIONS", "Intensity of transitions", "One row for each interval and two classes: what the one takes "
            "and the other gives, beside what they take and give of all.", offered=True,
        )
        self.add_chart_output(
            "CHART", "Charts of intensity", "The three levels as bars, with the lines of uniform intensity."
        )
        self.add_number_output("CHANGE_RATE", "Area that changes its class (% a year)")

    def compute(self, run):
        series = run.series("INPUT")
        series.require_length(2)
        run.outputs.subject = Subject.of(series)
        regions = run.regions(series.grid)
        tallies = complete_counts(run, series, regions)
        parts = counts_by_name(
            run, regions, tallies.regional, len(series.years), tr("no pixel with a class on all dates")
        )
        whole = intervals_of(tallies.counts.transitions, series.years)
        regional = {
            name: intervals_of(part.transitions, series.years) for name, part in parts.items() if any(part.transitions)
        }
        classes = classes_of(whole)
        require_classes(classes, series.name)
        names = self.legend(run, classes).names
        run.number("CHANGE_RATE", uniform_rate(whole).percent)
        self._tell(run, whole, names)
        tables = (
            ("INTERVALS", INTERVALS, INTERVAL_HEADINGS, interval_rows),
            ("CATEGORIES", CATEGORIES, CATEGORY_HEADINGS, partial(category_rows, names=names)),
            ("TRANSITIONS", TRANSITIONS, PAIR_HEADINGS, partial(pair_rows, names=names)),
        )
        for name, columns, headings, rows_of in tables:
            if run.outputs.is_requested(name):
                rows = {region: rows_of(regional[region]) if region in regional else [] for region in parts}
                run.outputs.table(name, *table_by_region(columns, rows_of(whole), rows), headings)
        run.outputs.page("CHART", lambda: page(whole, regional, names))

    @staticmethod
    def _tell(run, intervals: list, names: dict) -> None:
        """The intervals, and the classes that are active in all of them, in the log."""
        uniform = uniform_rate(intervals)
        for each in intervals:
            said = tr("{} to {}: {:.3g} % of the area changes its class a year, fast") \
                if each.rate.exceeds(uniform) else tr("{} to {}: {:.3g} % of the area changes its class a year")
            run.log.info(said.format(each.first, each.last, each.rate.percent))
        if len(intervals) == 1:
            run.log.info(tr("Two dates make one interval, which is neither fast nor slow."))
            return
        run.log.info(tr("All years together: {:.3g} % a year").format(uniform.percent))
        gaining, losing = (", ".join(names[code] for code in codes) for codes in always_active(intervals))
        run.log.info(tr("Active in every interval: gains of {}; losses of {}.").format(
            gaining or tr("no class"), losing or tr("no class")
        ))
