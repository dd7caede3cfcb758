"""Figures 1 and 3: the study area, and the maps of some years on one ramp."""

from __future__ import annotations

from .. import legends
from ..arrangement import GAP, HEAD, LEGENDS, Box, equal_maps, is_wide, map_size
from ..page import width_degrees
from .sheet import Sheet

#: Room for the degrees at the left and the lower side of a map.
DEGREES = 4.5
#: Distances of meridians, in degrees; at least two of them, or of parallels, cross a map.
_STEPS = (1 / 60, 1 / 30, 1 / 12, 1 / 6, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)


def study_area(sheet: Sheet) -> float:
    """Regions over the relief or the mean, with degrees along the frame."""
    page, layers = sheet.page, sheet.layers
    wide = is_wide(page.width)
    room = page.width - DEGREES - (LEGENDS + GAP if wide else 1.0)
    width, height = map_size(room, sheet.ratio)
    item = sheet.area_map(Box(DEGREES, 0.0, width, height), ("relief",), "study area", ("outline", "regions"))
    page.graticule(item, interval(width_degrees(page.project, sheet.extent) * min(1.0, sheet.ratio)))
    blocks = []
    relief = layers.those("relief")
    if relief:
        blocks.append(sheet.values(relief[0].name(), relief))
    lines = layers.those("outline", "regions")
    if lines:
        blocks.append(legends.classes(lines))
    blocks += sheet.no_value(*relief)
    blocks.append(legends.scale(item))
    bottom = height + DEGREES
    if wide:
        return max(bottom, legends.column(page, blocks, Box(DEGREES + width + GAP, 0.0, LEGENDS, height)))
    return legends.below(page, blocks, Box(DEGREES, bottom + 1.0, room, 0.0), 2)


def interval(degrees: float) -> float:
    """The distance of meridians and parallels on a map whose shorter side is so many degrees long."""
    return next((step for step in _STEPS if degrees / step <= 4.0), _STEPS[-1])


def years(sheet: Sheet) -> float:
    """The map years on the ramp of the whole series."""
    page, study = sheet.page, sheet.study
    shown = [year for year in study.map_years if f"year {year}" in sheet.layers]
    grid = equal_maps(page.width, len(shown), sheet.ratio)
    items = []
    for year, box in zip(shown, grid.panels):
        inner = page.heading(box, str(year), lettered=len(shown) > 1)
        items.append(sheet.area_map(inner, (f"year {year}",), f"map of {year}"))
    rasters = [sheet.layers[f"year {year}"] for year in shown]
    blocks = [
        sheet.values(study.of_unit(study.variable), rasters), *sheet.no_value(*rasters), legends.scale(items[0]),
    ]
    if grid.legends is None:
        return legends.below(page, blocks, Box(0.0, grid.height + GAP, page.width, 0.0), 2)
    box = grid.legends.below(HEAD)
    return max(grid.height, legends.column(page, blocks, box))
