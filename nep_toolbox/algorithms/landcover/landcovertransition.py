"""nep:landcovertransition"""

from __future__ import annotations

from functools import partial

from osgeo import gdal

from ...core.landcover.blocks import transition_block
from ...core.landcover.tables import area_rows, flows_km2, merge_small_flows, transition_rows
from ...errors import InvalidParameter
from ...framework.algorithm import ToolboxAlgorithm
from ...framework.class_names import NAMES_HELP, ClassNames
from ...framework.groups import LANDCOVER
from ...framework.run import RasterResult
from ...raster.cells import CellAreas
from ...raster.reader import StackReader
from ...styling.class_styles import change_classes
from ...styling.styles import Classes

TRANSITIONS = {
    "from_year": "integer", "to_year": "integer", "from_class": "integer", "to_class": "integer", "from_label": "text",
    "to_label": "text", "pixels": "count", "area_km2": "number", "percent_of_from": "number",
}
AREAS = {
    "year": "integer", "class": "integer", "label": "text", "pixels": "count", "area_km2": "number",
    "percent": "number",
}


class LandCoverTransition(ClassNames, ToolboxAlgorithm):
    """What became of each land-cover class."""

    NAME = "landcovertransition"
    LABEL = "Land-cover transition"
    GROUP = LANDCOVER
    TAGS = (
        "land use change", "LULC", "transition matrix", "Sankey", "change map", "土地利用转移矩阵", "桑基图",
        "土地覆被",
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
            Classes(()), offered=True,
        )

    def compute(self, run):
        series = run.series("INPUT")
        series.require_length(2, "this tool")
        years, change = series.years, run.wants("CHANGE")
        readers = [StackReader.of(series), CellAreas(series.grid)]
        engine = run.engine()
        shape = run.plan(engine, series.grid, readers, 8.0 * (3 * len(years) + 12))
        kernel = partial(transition_block, titles=tuple(f"'{step.label}'" for step in series.steps), change=change)
        title = f"Land-cover change {years[0]}-{years[-1]}"
        result = RasterResult(title, (f"1000 x class of {years[0]} + class of {years[-1]}",), data_type=gdal.GDT_Int32)
        counts = span = None
        with run.rasters({"CHANGE": result}, series.grid, shape) as outputs:
            for window, block in engine.results(kernel, readers, series.grid, shape):
                counts = block["counts"] if counts is None else counts.merge(block["counts"])
                if change:
                    outputs.write(window, {"CHANGE": block["change"]})
                    span = block["span"] if span is None else span.merge(block["span"])
            if not any(counts.transitions):
                raise InvalidParameter(
                    f"No pixel of '{series.name}' has a class on two consecutive dates: the values are missing "
                    f"(nodata, mask), or lie in other places on each date. Look at the nodata values, which the log "
                    f"lists."
                )
            legend = self.legend(run, {code for date in counts.classes for code in date})
            if change:
                self._style_change(run, span.transitions[0], legend)
        self._log(run, counts, years)
        run.table("TRANSITIONS", TRANSITIONS, transition_rows(counts.transitions, years, legend.names))
        areas = area_rows(counts.classes, years, legend.names)
        run.table("AREAS", AREAS, areas)
        run.page("SANKEY", lambda: self._page(run, counts, areas, years, legend))

    def _style_change(self, run, transitions, legend) -> None:
        areas = flows_km2(transitions)
        self.styles["CHANGE"], unnamed = change_classes(areas, legend.names, legend.colours)
        if unnamed:
            lost = sum(areas[pair] for pair in unnamed)
            run.info(f"The legend of the map of changes names the largest changes; {len(unnamed)} others, "
                     f"{lost:.6g} km2 together, are in the raster without a colour.")

    @staticmethod
    def _log(run, counts, years) -> None:
        for first, second, transitions in zip(years, years[1:], counts.transitions):
            pixels = sum(tally.pixels for tally in transitions.values())
            changed = sum(tally.pixels for (before, after), tally in transitions.items() if before != after)
            share = 100.0 * changed / pixels if pixels else 0.0
            run.info(f"{first} to {second}: {changed} of {pixels} pixels changed their class ({share:.3g} %)")
            if not pixels:
                run.warn(f"No pixel has a class in both {first} and {second}.")

    @staticmethod
    def _page(run, counts, areas, years, legend):
        from ...report.charts import sankey
        from ...report.page import Page

        threshold = run.number("SANKEY_THRESHOLD")
        steps = [merge_small_flows(flows_km2(transitions), threshold) for transitions in counts.transitions]
        page = Page(f"Land-cover transition {years[0]}-{years[-1]}", "The Sankey diagram of nep:landcovertransition")
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
