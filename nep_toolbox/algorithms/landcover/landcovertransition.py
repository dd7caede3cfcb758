"""nep:landcovertransition"""

from __future__ import annotations

from functools import cache, partial

from osgeo import gdal

from ...core.landcover.blocks import transition_block
from ...core.landcover.tables import area_rows, flows_km2, merge_small_flows, transition_rows
from ...errors import InvalidParameter
from ...framework.groups import LANDCOVER
from ...framework.outputs import RasterResult
from ...raster.cells import CellAreas
from ...raster.reader import StackReader
from ...styling.class_styles import change_classes
from ._classes import NAMES_HELP, LandCoverAlgorithm

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
<p>Compared are all consecutive dates, pixel by pixel, over the pixels that have a class on both. Areas are exact: map
units squared in a projected CRS, on the ellipsoid in a geographic one, summed without rounding. percent_of_from is the
share of the area that the first class had; unchanged areas are included, so that it sums to 100 for each class.</p>
<ul>
<li><b>Areas</b>: of each class and date, over the pixels that have a class on this date.</li>
<li><b>Sankey diagram</b>: a column for each date, flows as wide as their area; pointing at a flow shows km2 and
percent. Small flows can be merged (advanced parameter).</li>
<li><b>Map of changes</b>: 1000 x class on the first date + class on the last (Int32, nodata -2147483648), for classes
from 0 to 999; its legend names the 40 largest changes.</li>
</ul>
<p>Classes are whole numbers, in rasters of any type.</p>""" + NAMES_HELP

    def declare(self):
        self.add_series("INPUT", "Land cover", "Land-cover classes of two dates or more.")
        self.add_years()
        self.declare_class_names()
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

    def compute(self, run):
        series = run.series("INPUT")
        series.require_length(2)
        years, change = series.years, run.outputs.is_requested("CHANGE")
        readers = {"stack": StackReader.of(series), "cell_area": CellAreas(series.grid)}
        kernel = partial(transition_block, titles=tuple(f"'{step.label}'" for step in series.steps), change=change)
        tallies = Tallies()

        @cache
        def legend():
            return self._legend_of(run, series, tallies.counts)

        def style():
            return self._change_style(run, tallies.span.transitions[0], legend())

        result = RasterResult(
            "change", f"Land-cover change {years[0]}-{years[-1]}",
            (f"1000 x class of {years[0]} + class of {years[-1]}",), style, data_type=gdal.GDT_Int32,
        )
        working = 8.0 * (3 * len(years) + 12)
        for _window, block in run.blocks(kernel, readers, series.grid, working, results={"CHANGE": result}):
            tallies.add(block)
        names, counts = legend().names, tallies.counts
        self._log(run, counts, years)
        run.outputs.table("TRANSITIONS", TRANSITIONS, transition_rows(counts.transitions, years, names))
        areas = area_rows(counts.classes, years, names)
        run.outputs.table("AREAS", AREAS, areas)
        run.outputs.page("SANKEY", lambda: self._page(run, counts, areas, years, legend()))

    def _legend_of(self, run, series, counts):
        if not any(counts.transitions):
            raise InvalidParameter(
                f"No pixel of '{series.name}' has a class on two consecutive dates: the values are missing (nodata, "
                f"mask), or lie in other places on each date. Look at the nodata values, which the log lists."
            )
        return self.legend(run, {code for date in counts.classes for code in date})

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

    @staticmethod
    def _log(run, counts, years) -> None:
        for first, second, transitions in zip(years, years[1:], counts.transitions):
            pixels = sum(tally.pixels for tally in transitions.values())
            changed = sum(tally.pixels for (before, after), tally in transitions.items() if before != after)
            share = 100.0 * changed / pixels if pixels else 0.0
            run.log.info(f"{first} to {second}: {changed} of {pixels} pixels changed their class ({share:.3g} %)")
            if not pixels:
                run.log.warn(f"No pixel has a class in both {first} and {second}.")

    @staticmethod
    def _page(run, counts, areas, years, legend):
        from ...report.charts import sankey
        from ...report.page import Page

        threshold = run.parameters.number("SANKEY_THRESHOLD")
        steps = [merge_small_flows(flows_km2(transitions), threshold) for transitions in counts.transitions]
        page = Page(f"Land-cover transition {years[0]}-{years[-1]}", "The Sankey diagram of ⟨nep:landcovertransition⟩")
        page.paragraph(
            "A column for each date, with the classes from the largest to the smallest; flows are as wide as their "
            "area. Unchanged areas are pale. Point at a flow or a class to see its area and share."
        )
        merged = sum(sum(step.leaving.values()) for step in steps)
        page.chart(
            sankey(years, steps, legend.names, legend.colours),
            f"Changes below {threshold:g} % of the area are drawn as other changes." if merged else "",
        )
        page.heading("Area of each class (km²)")
        sizes = {(row[0], row[1]): row[4] for row in areas}
        page.table(
            ("class", "label", *map(str, years), "change", "change (%)"),
            [_area_row(code, legend.names[code], [sizes.get((year, code), 0.0) for year in years])
             for code in sorted(legend.names)],
        )
        return page


def _area_row(code: int, label: str, areas: list) -> tuple:
    change = areas[-1] - areas[0]
    return (code, label, *areas, change, round(100.0 * change / areas[0], 2) if areas[0] else None)


class Tallies:
    """Joins the counts of the blocks: of all dates, and of the first and the last alone."""

    def __init__(self):
        self.counts = self.span = None

    def add(self, block: dict) -> None:
        """Take the counts of a block."""
        self.counts = block["counts"] if self.counts is None else self.counts.merge(block["counts"])
        if "span" in block:
            self.span = block["span"] if self.span is None else self.span.merge(block["span"])
