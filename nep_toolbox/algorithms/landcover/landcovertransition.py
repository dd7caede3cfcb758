"""nep:landcovertransition"""

from __future__ import annotations

from functools import cache, partial

from osgeo import gdal
from qgis.core import QgsProcessingParameterString

from ...core.landcover.blocks import transition_block
from ...core.landcover.merging import Merging, parse_merging
from ...core.landcover.tables import area_rows, flows_km2, transition_rows
from ...errors import InvalidParameter
from ...framework.groups import LANDCOVER
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.class_legend import ClassLegend
from ...raster.reader import StackReader
from ...raster.zones import ZoneReader
from ...styling.class_styles import change_classes
from ...styling.titles import Subject
from ._classes import AREAS_HELP, NAMES_HELP, LandCoverAlgorithm
from ._tallies import REGIONAL_BYTES, Tallies, counts_by_name, numbers_of_changes, table_by_region
from ._transition_page import page

TRANSITIONS = {
    "from_year": "integer", "to_year": "integer", "from_class": "integer", "to_class": "integer", "from_label": "text",
    "to_label": "text", "pixels": "count", "area_km2": "number", "percent_of_from": "number",
}
AREAS = {
    "year": "integer", "class": "integer", "label": "text", "pixels": "count", "area_km2": "number",
    "percent": "number",
}


class LandCoverTransition(LandCoverAlgorithm):
    """What became of each land-cover class."""

    NAME = "landcovertransition"
    LABEL = "Land-cover transition"
    GROUP = LANDCOVER
    TAGS = (
        "land use change", "LULC", "transition matrix", "Sankey", "change map", "土地利用转移矩阵", "桑基图",
        "土地覆被", "land cover", "change detection",
    )
    SUMMARY = "Tells what became of each land-cover class from date to date, as tables, a Sankey diagram and a map."
    HELP = """
<p>Compared are all consecutive dates, pixel by pixel, over the pixels that have a class on both. Areas are summed
without rounding. percent_of_from is the share of the area that the first class had; unchanged areas are included, so
that it sums to 100 for each class.</p>
<ul>
<li><b>Areas</b>: of each class and date, over the pixels that have a class on this date.</li>
<li><b>Sankey diagram</b>: a column for each date, flows as wide as their area; pointing at a flow shows km2 and
percent. Small flows can be merged (advanced parameter).</li>
<li><b>Map of changes</b>: 1000 x class on the first date + class on the last (Int32, nodata -2147483648), for classes
from 0 to 999; its legend names the 40 largest changes.</li>
<li><b>Map of the number of changes</b>: how often the class of a pixel differs from that of the date before (Int16,
nodata -32768 where a date is missing); the log gives the share of each number.</li>
</ul>
<p>Merged classes are put together before anything is counted, so that a change between two of them is none. They get
the codes 1, 2, ... in the order in which they are written, and the colour of the first of their classes that has one.
Classes that are not written keep code, name and colour; where one has the code of a merged class, the run asks to write
it too.</p>
<p>With regions the tables have a first column region: the rows of the whole raster ("all"), then those of each region.
A pixel belongs to a region if its centre lies in it. The page gives the change of every region and the diagrams of the
12 that change most.</p>""" + AREAS_HELP + NAMES_HELP

    def declare(self):
        self.add_series("INPUT", "Land cover", "Land-cover classes of two dates or more.")
        self.add_years()
        self.declare_class_names()
        self.add(
            QgsProcessingParameterString("MERGE", tr("Classes to merge (1,2=Forest;3=Grass)"), optional=True),
            "Classes to put together, as numbers=name with semicolons between. They get the codes 1, 2, ... in this "
            "order; classes that are not named stay as they are.",
        )
        self.add_regions()
        self.add_number(
            "SANKEY_THRESHOLD", "Merge changes in the Sankey diagram below (% of the area)",
            "Changes smaller than this share of the whole area are drawn as one flow, 'other changes'. The tables keep "
            "them all. 0 draws every change.", 0.0, minimum=0.0, maximum=100.0, advanced=True,
        )
        self.add_execution()
        self.add_table_output(
            "TRANSITIONS", "Land-cover transitions", "One row for each two dates, class before and class after.",
            optional=False,
        )
        self.add_table_output("AREAS", "Areas of land cover", "One row for each date and class.", offered=True)
        self.add_chart_output("SANKEY", "Sankey diagram of land cover", "The flows between classes over all dates.")
        self.add_raster_output(
            "CHANGE", "Land-cover change", "From the first to the last date: 1000 x class before + class after.",
            offered=True,
        )
        self.add_raster_output(
            "CHANGES", "Number of land-cover changes", "How often the class of a pixel changes from date to date."
        )

    def check(self, parameters):
        super().check(parameters)
        parse_merging(parameters.text("MERGE"))

    def compute(self, run):
        series = run.series("INPUT")
        series.require_length(2)
        run.outputs.subject = Subject.of(series)
        merging, regions = parse_merging(run.parameters.text("MERGE")), run.regions(series.grid)
        tallies = Tallies()

        @cache
        def legend():
            return self._legend_of(run, series, tallies.counts, merging)

        self._blocks(run, series, merging, regions, tallies, legend)
        names, years, counts = legend().names, series.years, tallies.counts
        _warn_of_absent(run, merging, tallies.met)
        _log_changes(run, counts, years)
        if run.outputs.is_requested("CHANGES"):
            run.log.info(tr("Number of changes:"))
            run.log.class_areas(tallies.changed, 0, numbers_of_changes(tallies.changed).labels)
        parts = counts_by_name(run, regions, tallies.regional, len(years))
        run.outputs.table("TRANSITIONS", *table_by_region(
            TRANSITIONS, transition_rows(counts.transitions, years, names),
            {name: transition_rows(part.transitions, years, names) for name, part in parts.items()},
        ))
        areas = area_rows(counts.classes, years, names)
        run.outputs.table("AREAS", *table_by_region(
            AREAS, areas, {name: area_rows(part.classes, years, names) for name, part in parts.items()}
        ))
        threshold = run.parameters.number("SANKEY_THRESHOLD")
        run.outputs.page("SANKEY", lambda: page(years, counts, areas, legend(), threshold, parts))

    def _blocks(self, run, series, merging: Merging, regions: tuple, tallies, legend) -> None:
        """Count block by block, and write the rasters; ``legend`` is asked when all is counted."""
        years, wanted = series.years, run.outputs.is_requested
        readers = {"stack": StackReader.of(series), "cell_area": run.cell_areas(series.grid)}
        working = 8.0 * (3 * len(years) + 12)
        if regions:
            readers["regions"], working = ZoneReader(regions), working + REGIONAL_BYTES
        kernel = partial(
            transition_block, titles=tuple(f"'{step.label}'" for step in series.steps), merging=merging,
            change=wanted("CHANGE"), changes=wanted("CHANGES"),
        )
        results = {
            "CHANGE": RasterResult(
                "change", "Land-cover change", (f"1000 x class of {years[0]} + class of {years[-1]}",),
                lambda: self._change_style(run, tallies.span.transitions[0], legend()), data_type=gdal.GDT_Int32,
            ),
            "CHANGES": RasterResult(
                "changes", "Number of land-cover changes", ("Number of changes",),
                lambda: numbers_of_changes(tallies.changed).style(tallies.changed), data_type=gdal.GDT_Int16,
            ),
        }
        for _window, block in run.blocks(kernel, readers, series.grid, working, results=results):
            tallies.add(block)

    def _legend_of(self, run, series, counts, merging: Merging):
        if not any(counts.transitions):
            raise InvalidParameter(
                f"No pixel of '{series.name}' has a class on two consecutive dates: the values are missing (nodata, "
                f"mask), or lie in other places on each date. Look at the nodata values, which the log lists."
            )
        given = _merged(self.known_classes(run), merging)
        return self.legend(run, {code for date in counts.classes for code in date}, given)

    @staticmethod
    def _change_style(run, transitions, legend):
        areas = flows_km2(transitions)
        style, unnamed = change_classes(areas, legend.names, legend.colours)
        if unnamed:
            lost = sum(areas[pair] for pair in unnamed)
            run.log.info(
                f"The legend of the map of changes names the largest changes; {len(unnamed)} others, {lost:.6g} km2 "
                f"together, are in the raster without a colour."
            )
        return style


def _log_changes(run, counts, years) -> None:
    for first, second, transitions in zip(years, years[1:], counts.transitions):
        pixels = sum(tally.pixels for tally in transitions.values())
        changed = sum(tally.pixels for (before, after), tally in transitions.items() if before != after)
        share = 100.0 * changed / pixels if pixels else 0.0
        run.log.info(
            tr("{} to {}: {} of {} pixels changed their class ({:.3g} %)").format(first, second, changed, pixels, share)
        )
        if not pixels:
            run.log.warn(f"No pixel has a class in both {first} and {second}.")


def _merged(known: ClassLegend, merging: Merging) -> ClassLegend:
    """The legend of merged classes: each has the first colour among those of its members."""
    codes, labels = merging.codes, merging.labels
    colours = {code: colour for code, colour in known.colours.items() if code not in codes and code not in labels}
    for old, new in codes.items():
        if old in known.colours:
            colours.setdefault(new, known.colours[old])
    return ClassLegend({**known.names, **labels}, colours)


def _warn_of_absent(run, merging: Merging, met: set) -> None:
    absent = ", ".join(str(code) for code in sorted(set(merging.codes) - met))
    if absent:
        run.log.warn(
            tr("⟨MERGE⟩ names {}, which no pixel has. The classes are: {}.")
            .format(absent, ", ".join(map(str, sorted(met))))
        )
