"""Figures 1 and 3: the study area, and the maps of some years on one ramp with that of sinks and sources."""

from __future__ import annotations

from .. import legends
from ..arrangement import GAP, HEAD, LEGENDS, Box, equal_maps, is_wide, map_size
from ..page import in_degrees
from .sheet import Sheet

#: Room for the degrees at the left and the lower side of a map, and for half of those at its corners.
DEGREES, CORNER = 4.5, 3.0
#: Distances of meridians and parallels, in degrees.
_STEPS = (1 / 60, 1 / 30, 1 / 12, 1 / 6, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
#: What the degrees of one of them need on the page with the space to the next, in mm; and the most of them.
_NEEDED, _MOST = 16.0, 5.0


def study_area(sheet: Sheet) -> float:
    """Regions over the relief or the mean, with degrees along the frame."""
    page, layers = sheet.page, sheet.layers
    wide = is_wide(page.width)
    room = page.width - DEGREES - (LEGENDS + GAP if wide else CORNER)
    width, height = map_size(room, sheet.ratio)
    item = sheet.area_map(Box(DEGREES, CORNER / 2, width, height), ("relief",), "study area", ("outline", "regions"))
    degrees = in_degrees(page.project, sheet.extent)
    page.graticule(item, interval(degrees.width(), width), interval(degrees.height(), height))
    blocks = []
    relief = layers.those("relief")
    if relief:
        blocks.append(sheet.values(relief[0].name(), relief))
    lines = layers.those("outline", "regions")
    if lines:
        blocks.append(legends.classes(lines))
    blocks += sheet.no_value(*relief)
    blocks.append(legends.scale(item))
    bottom = CORNER / 2 + height + DEGREES
    if wide:
        return max(bottom, legends.column(page, blocks, Box(DEGREES + width + GAP, CORNER / 2, LEGENDS, height)))
    return legends.below(page, blocks, Box(DEGREES, bottom + 1.0, room, 0.0), 2)


def interval(degrees: float, millimetres: float) -> float:
    """The distance of meridians, or parallels, on a side of a map that is so long."""
    most = min(_MOST, max(1.0, millimetres / _NEEDED))
    return next((step for step in _STEPS if degrees / step <= most), _STEPS[-1])


def years(sheet: Sheet) -> float:
    """The map years on the ramp of the whole series, and sinks and sources by the mean of all years."""
    page, study = sheet.page, sheet.study
    shown = [year for year in study.map_years if f"year {year}" in sheet.layers]
    titles = {f"year {year}": (str(year), f"map of {year}") for year in shown}
    classes = sheet.layers.those("sink_class")
    if classes:
        period = study.words.period(study.years[0], study.years[-1])
        titles["sink_class"] = (f"{study.text('Sources and sinks')}, {period}", "sink_class")
    grid = equal_maps(page.width, len(titles), sheet.ratio)
    items = []
    for (key, (title, name)), box in zip(titles.items(), grid.panels):
        inner = page.heading(box, title, lettered=len(titles) > 1)
        items.append(sheet.area_map(inner, (key,), name))
    rasters = [sheet.layers[f"year {year}"] for year in shown]
    blocks = [sheet.values(study.of_unit(study.variable), rasters)]
    if classes:
        blocks.append(sheet.values(study.text("Sources and sinks"), classes))
    blocks += [*sheet.no_value(*rasters), legends.scale(items[0])]
    if grid.legends is None:
        return legends.below(page, blocks, Box(0.0, grid.height + GAP, page.width, 0.0), 2)
    box = grid.legends.below(HEAD)
    return max(grid.height, legends.column(page, blocks, box))
