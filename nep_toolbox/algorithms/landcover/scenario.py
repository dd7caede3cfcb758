"""nep:scenario"""

from __future__ import annotations

import numpy as np
from qgis.core import QgsProcessingParameterString

from ...core.exact_sums import as_float
from ...core.landcover.intensity import Interval, classes_of, intervals_of
from ...core.landcover.scenario import (
    FREE,
    PROTECTED,
    area_rows,
    areas_after,
    parse_errors,
    parse_horizons,
    scenario_totals,
    total_rows,
    transition_probabilities,
)
from ...core.landcover.tables import parse_classes
from ...errors import InvalidParameter
from ...framework.algorithm import INTEGER
from ...framework.groups import LANDCOVER
from ...framework.texts import tr
from ...framework.totals import carbon_teragram
from ...raster.series import Series
from ...raster.wording import joined
from ...styling.titles import Subject
from ._classes import AREAS_HELP, NAMES_HELP, LandCoverAlgorithm, require_classes
from ._scenario_densities import read_densities, unknown_classes, warn_of_unknown
from ._scenario_page import page
from ._tallies import complete_counts

AREAS = {"scenario": "text", "horizon": "integer", "class": "integer", "label": "text", "area_km2": "number"}
TOTALS = {
    "scenario": "text", "horizon": "integer", "total_tg": "number", "sd": "number", "change_tg": "number",
    "change_sd": "number",
}
HEADINGS = {
    "scenario": "What if: scenario", "label": "Name", "horizon": "Years after the last date",
    "sd": "Standard deviation (Tg C)",
    "change_tg": "Change since the last date (Tg C)", "change_sd": "Standard deviation of the change (Tg C)",
}

#: A horizon of more intervals than this is far beyond what was seen.
MOST_INTERVALS = 3

#: The share of the run, for the progress bar, in which changes of land cover are counted, where there are values too.
_COUNTING = 0.2


class Scenario(LandCoverAlgorithm):
    """Land cover, and its total, if the change of an interval went on."""

    NAME = "scenario"
    LABEL = "What if the land-cover change went on"
    GROUP = LANDCOVER
    TAGS = (
        "scenario", "what if", "Markov chain", "land use", "LULC", "projection", "转移概率矩阵", "马尔可夫链",
        "情景分析", "土地利用情景", "land cover", "NEP",
    )
    SUMMARY = (
        "Tells what areas the land-cover classes would have, and what total NEP would follow, if the change of an "
        "interval went on at the same rates: a what-if, and no forecast."
    )
    HELP = """
<p>This answers a question of the form: what if the rates of the chosen interval went on? It is no forecast. Nothing
here knows of policy, prices, climate, or of land that runs out in one place and not in another.</p>
<ul>
<li><b>Rates</b>: of each class the shares of its area at the first date that became each class by the last date (a
Markov chain). A class that the first date does not have keeps what it has.</li>
<li><b>Areas</b>: those of the last date, moved by these shares once for every length of the interval. Inside the last
one, areas move evenly from its start to its end. The sum of all areas stays what it is.</li>
<li><b>Scenarios</b>: "free", in which all classes change as they did; and "protected", where ⟨PROTECT⟩ names classes,
in which these lose nothing to others; what they gain goes on.</li>
<li><b>Totals</b>: the sum over the classes of area x density. The density of a class is the area-weighted mean of the
values of the year of the last date, or of the years nearest to it, over the pixels that have the class on both dates;
where no pixel keeps the class, over all its pixels at the last date. Where no values are missing, these are the
densities of ⟨nep:landcovereffect⟩. A class that pixels keep, none of them with a value, such as water in products of
NPP, adds nothing. The log tells the
densities, and which classes are new or without values.</li>
<li><b>Standard deviations</b>: sd = sqrt(sum (area e)<sup>2</sup>) and, of the change, sqrt(sum ((area - area at the
last date) e)<sup>2</sup>), with the standard error e of each density. It is the standard deviation of the density of
the class over all years of the values, same pixels, unless ⟨DENSITY_ERRORS⟩ gives another. Charts show 1.96 of them to
each side.</li>
</ul>
<p>Both tables start with horizon 0, the last date. The last date's total is area x density too, so that it can be
compared with the others; it differs from that of a map where changed pixels, or pixels without a value, differ from
those that stand for their class. change_tg is the difference of the totals as they are written.</p>
<p>What it cannot say: the standard deviations hold no error of the rates, of the maps of land cover, or of the
assumption that new forest has the density of old forest; errors of classes are taken as independent. The density of a
single year is that year's weather: take the mean of some years (advanced). Rates of one interval are a single sample;
compute the scenario from other intervals and see what it changes. Beyond three intervals the run warns.</p>
<p>Missing values: only pixels with a class on both dates take part; a year's density is that of the pixels with a value
in that year. The values must lie on the grid of the land cover and be carbon per area (gC m<sup>-2</sup>
yr<sup>-1</sup>, kgC/m2, ...); those without a unit are taken for gC m<sup>-2</sup>.</p>
<p>Results for models and scripts, as in the log: the total at the last date, and its change at the last horizon in both
scenarios, in Tg C.</p>""" + AREAS_HELP + NAMES_HELP

    def declare(self):
        self.add_series("INPUT", "Land cover", "Land-cover classes of two dates or more.")
        self.add_years()
        self.add_number(
            "FROM_YEAR", "First date of the interval", "Its rates are those that would go on. Empty: the first date of "
            "the land cover.", kind=INTEGER, minimum=1, maximum=9999, optional=True,
        )
        self.add_number(
            "TO_YEAR", "Last date of the interval", "Where the scenario starts. Empty: the last date of the land "
            "cover.",
            kind=INTEGER, minimum=1, maximum=9999, optional=True,
        )
        self.add_series(
            "VALUES", "Annual series of values", "Carbon per area, such as NEP, with the year of the last date. "
            "Without it there are areas and no totals.", optional=True,
        )
        self.add(
            QgsProcessingParameterString("HORIZONS", tr("Horizons (years from the last date)"), "5,10,20,30"),
            "How many years ahead, with commas between.",
        )
        self.add(
            QgsProcessingParameterString("PROTECT", tr("Classes to protect (1,2)"), optional=True),
            "Codes of classes that lose nothing in a second scenario, such as forest and wetland.",
        )
        self.declare_class_names()
        self.add_number(
            "WINDOW", "Years averaged for the last date", "The density of a class is the mean of so many years of the "
            "series, those nearest to the last date. 1 takes that year alone, with its weather.", 1, INTEGER, 1,
            optional=True, advanced=True,
        )
        self.add(
            QgsProcessingParameterString(
                "DENSITY_ERRORS", tr("Standard errors of the densities (1=12;2=20)"), optional=True
            ),
            "Standard error of the density of a class, in the unit of the values. Classes that are not named have "
            "the standard deviation of their density over the years.", advanced=True,
        )
        self.add_execution()
        self.add_table_output(
            "AREAS", "What if: areas of land cover", "One row for each scenario, horizon and class.", optional=False
        )
        self.add_table_output(
            "TOTALS", "What if: totals", "One row for each scenario and horizon: total, change, and their standard "
            "deviations. Needs the values.",
        )
        self.add_chart_output(
            "CHART", "What if: charts of areas and totals", "The areas of the classes, and the totals that would "
            "follow.",
        )
        self.add_number_output("TOTAL_NOW", "Total at the last date (Tg C)")
        self.add_number_output("CHANGE_FREE", "What if: change of the total at the last horizon (Tg C)")
        self.add_number_output(
            "CHANGE_PROTECTED", "What if: change of the total at the last horizon, classes protected (Tg C)"
        )

    def check(self, parameters):
        super().check(parameters)
        parse_horizons(parameters.text("HORIZONS"))
        parse_classes(parameters.text("PROTECT"), "PROTECT")
        parse_errors(parameters.text("DENSITY_ERRORS"))
        if not parameters.raw("VALUES"):
            wanted = {
                "TOTALS": parameters.is_requested("TOTALS"),
                "DENSITY_ERRORS": parameters.text("DENSITY_ERRORS").strip(),
            }
            for name in filter(wanted.get, wanted):
                raise InvalidParameter(
                    tr("⟨{}⟩ needs the values of the classes. Give ⟨VALUES⟩, such as annual NEP, or leave it out.")
                    .format(name)
                )

    def compute(self, run):
        pair = self._interval(run)
        values = self._values(run, pair) if run.has_input("VALUES") else None
        teragram = carbon_teragram(run, values, tr("Or leave ⟨VALUES⟩ out.")) if values else 1.0
        run.outputs.subject = Subject("", tuple(pair.years))
        (interval,) = intervals_of(
            complete_counts(run, pair, (), (0.0, 1.0 if values is None else _COUNTING)).counts.transitions, pair.years
        )
        classes = classes_of([interval])
        require_classes(classes, pair.name)
        legend = self.legend(run, classes)
        horizons = [0, *parse_horizons(run.parameters.text("HORIZONS"))]
        protected = self._protected(run, interval)
        self._warn_of_far(run, interval, horizons)
        start = np.array([as_float(interval.end.get(code, 0)) for code in classes])
        areas = {}
        for scenario, kept in {FREE: frozenset(), **({PROTECTED: protected} if protected else {})}.items():
            matrix = transition_probabilities(interval.flows, classes, kept)
            areas[scenario] = np.array([areas_after(start, matrix, interval.years, years) for years in horizons])
        run.outputs.table("AREAS", AREAS, area_rows(classes, areas, horizons, legend.names), HEADINGS)
        totals = []
        if values is not None:
            densities = read_densities(run, values, pair, interval, legend.names, (_COUNTING, 1.0))
            totals = total_rows(
                {name: scenario_totals(found, start, classes, densities) for name, found in areas.items()}, horizons,
                teragram,
            )
            self._tell(run, totals)
            run.outputs.table("TOTALS", TOTALS, totals, HEADINGS)
        run.outputs.page("CHART", lambda: page(
            interval, area_rows(classes, areas, horizons, legend.names), totals, legend,
            [legend.names[code] for code in sorted(protected)], values,
        ))

    @staticmethod
    def _interval(run) -> Series:
        """The land cover at the two dates of the interval."""
        series = run.series("INPUT")
        series.require_length(2)
        dates = {}
        for name, otherwise in (("FROM_YEAR", series.years[0]), ("TO_YEAR", series.years[-1])):
            dates[name] = run.parameters.integer(name, otherwise)
            if dates[name] not in series.years:
                raise InvalidParameter(
                    tr("⟨{}⟩ is {}, and '{}' has no such date. Its dates are {}.")
                    .format(name, dates[name], series.name, ", ".join(map(str, series.years)))
                )
        first, last = dates.values()
        if first >= last:
            raise InvalidParameter(
                tr("The interval goes from {} to {}. Give a ⟨FROM_YEAR⟩ before ⟨TO_YEAR⟩.").format(first, last)
            )
        run.log.info(tr("What if the rates of {} to {} went on? This is no forecast.").format(first, last))
        return series.of_years([first, last])

    @staticmethod
    def _values(run, pair: Series) -> Series:
        """The values, with the years of the window."""
        values = run.series("VALUES")
        pair.grid.require_same(values.grid, pair.name, values.name)
        last, there = pair.years[-1], joined([*map(str, values.years)], 12)
        if last not in values.years:
            raise InvalidParameter(
                tr("'{}' has no values of {}, the last date of the land cover; it has {}. Give that year too, or take "
                   "another ⟨TO_YEAR⟩.").format(values.name, last, there)
            )
        window = run.parameters.integer("WINDOW", empty=1)
        if window > len(values.years):
            raise InvalidParameter(
                tr("⟨WINDOW⟩ asks for {} years, and '{}' has {}: {}. Lower it.")
                .format(window, values.name, len(values.years), there)
            )
        return values

    @staticmethod
    def _protected(run, interval: Interval) -> set:
        """The classes to protect that there are; the log names the others."""
        protected = parse_classes(run.parameters.text("PROTECT"), "PROTECT")
        there = set(classes_of([interval]))
        if protected and not protected & there:
            raise InvalidParameter(unknown_classes("PROTECT", protected, interval))
        warn_of_unknown(run, "PROTECT", protected, interval)
        return protected & there

    @staticmethod
    def _warn_of_far(run, interval: Interval, horizons: list) -> None:
        far = ", ".join(str(years) for years in horizons if years > MOST_INTERVALS * interval.years)
        if far:
            run.log.warn(
                tr("Horizons of {} years are more than {} times the interval of {} years whose rates they take: they "
                   "say what the rates mean, and nothing of what will be.").format(far, MOST_INTERVALS, interval.years)
            )

    @staticmethod
    def _tell(run, totals: list) -> None:
        run.log.info(tr("Total at the last date, area x density: {:.6g} Tg C").format(totals[0][2]))
        run.number("TOTAL_NOW", totals[0][2])
        for scenario, horizon, total, _sd, change, change_sd in totals:
            if horizon:
                spread = "" if np.isnan(change_sd) else f" ± {1.96 * change_sd:.3g}"
                run.log.info(
                    tr("What if the rates went on, {}: after {} years {:.6g} Tg C, change {:+.4g}{}")
                    .format(scenario, horizon, total, change, spread)
                )
                run.number(f"CHANGE_{scenario.upper()}", change)
