"""Figure 4: how often values fell and rose, by region and by pixel."""

from __future__ import annotations

from qgis.core import QgsRasterLayer

from ...styling.styles import Ramp
from .. import legends
from ..arrangement import GAP, HEAD, LEGENDS, Box, columns, is_wide, map_size
from ..catalogue import GREENS
from .sheet import Sheet

WAYS = ("decreases", "increases")
_TITLES = {"decreases": "Decreases", "increases": "Increases"}


def frequency(sheet: Sheet) -> float:
    """Two maps of regions above two of pixels, each pair with the same classes or ramp, above the area by count."""
    page, study, layers = sheet.page, sheet.study, sheet.layers
    rows = [
        ([way + suffix for way in WAYS], text)
        for suffix, text in ((" by region", "Number by region"), ("", "Number by pixel"))
        if all(way + suffix in layers for way in WAYS)
    ]
    wide = is_wide(page.width)
    room = page.width - (LEGENDS + GAP if wide else 0.0)
    cells = columns(room, 2)
    width, height = map_size(cells[0][1], sheet.ratio, 95.0)
    y, blocks, item = 0.0, [], None
    for place, (keys, text) in enumerate(rows):
        for way, key, (x, _) in zip(WAYS, keys, cells):
            inner = page.heading(Box(x, y, width, HEAD + height), study.text(_TITLES[way]))
            over = ("outline",) if " " in key else ("outline", "borders")
            item = sheet.area_map(inner, (key,), key, over)
        legend = _legend(sheet, keys, study.text(text))
        if place == len(rows) - 1:
            legend += [*sheet.no_value(layers["increases"]), legends.scale(item)]
        blocks += legend
        end = legends.column(page, legend, Box(room + GAP, y + HEAD, LEGENDS, height)) if wide else 0.0
        y = max(y + HEAD + height, end) + GAP
    if sheet.charted("fig04_counts"):
        y = sheet.chart("fig04_counts", study.text("Area by number of increases and decreases"), 0.0, y) + GAP
    return y - GAP if wide else legends.below(page, blocks, Box(0.0, y, page.width, 0.0), 2)


def share_ramp(layers: list) -> None:
    """Draw rasters of counts by one ramp, so that they can be compared."""
    ends = [stops[place][0] for stops in map(legends.ramp_stops, layers) for place in (0, -1)]
    for layer in layers:
        layer.setRenderer(Ramp(GREENS, limits=(min(ends), max(ends)), whole=True).renderer([]))


def _legend(sheet: Sheet, keys: list, title: str) -> list:
    layers = sheet.layers.those(*keys)
    if isinstance(layers[0], QgsRasterLayer):
        share_ramp(layers)
        return [legends.titled(title, legends.ramp(layers, sheet.number))]
    return [legends.titled(title, legends.classes(layers[:1]))]
