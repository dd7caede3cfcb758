"""Figures 11 and 12: what the trend follows, and which driver is the strongest."""

from __future__ import annotations

from qgis.core import QgsPalettedRasterRenderer

from ...colours import RED_TO_BLUE
from ...styling.styles import Ramp
from .. import legends
from ..arrangement import GAP, HEAD, LEGENDS, Box, columns, is_wide, map_size
from ..rasters import shown_band
from .sheet import Sheet

SLOPES = ("slope_of_drivers", "slope_of_rest")
_TITLES = {"slope_of_drivers": "Slope of what follows the drivers", "slope_of_rest": "Slope of the rest"}
#: The greatest height of a map, with two others below it.
_MOST = 68.0


def attribution(sheet: Sheet) -> float:
    """Classes and their shares, the slopes of both parts on one ramp, the share of the drivers, the annual means."""
    study, layers = sheet.study, sheet.layers
    cells, wide = _cells(sheet)
    title = study.text("Attribution class")
    what = ("attribution_class", title, "fig11_shares", "Share of the area, dark: trend significant")
    item, y = _map_and_chart(sheet, cells, what, 0.0)
    share_classes(layers.those("attribution_class", "npp_attribution_class"))
    blocks = [sheet.values(title, [layers["attribution_class"]])]
    slopes = [key for key in SLOPES if key in layers]
    if slopes:
        share_ramp(layers.those(*slopes))
        side_by_side = cells if wide else columns(sheet.page.width, 2)
        size = map_size(side_by_side[0][1], sheet.ratio, _MOST)
        for key, (x, _) in zip(slopes, side_by_side):
            inner = sheet.page.heading(Box(x, y, size[0], HEAD + size[1]), study.text(_TITLES[key]))
            sheet.area_map(inner, (key,), key)
        y += HEAD + size[1] + GAP
        blocks.append(sheet.values(study.of_unit(study.text("Slope"), _per_year(study.unit)), layers.those(*slopes)))
    if "share_of_drivers" in layers:
        title = study.text("Share of the drivers in the trend")
        what = ("share_of_drivers", title, "fig11_parts", "Slopes of the annual means")
        y = _map_and_chart(sheet, cells, what, y)[1]
        blocks.append(sheet.values(study.of_unit(title, "%"), [layers["share_of_drivers"]]))
    blocks += [*sheet.no_value(layers["attribution_class"]), legends.scale(item)]
    return _with_legends(sheet, blocks, y - GAP, wide, "npp_attribution_class")


def drivers(sheet: Sheet) -> float:
    """The strongest driver and its shares, above contributions and relative importance."""
    study, layers = sheet.study, sheet.layers
    cells, wide = _cells(sheet)
    title = study.text("Strongest driver")
    item, y = _map_and_chart(sheet, cells, ("dominant", title, "fig12_shares", "Share of the area"), 0.0)
    titles = {"fig12_contributions": "Contribution to the trend", "fig12_importance": "Relative importance"}
    below, end = [stem for stem in titles if sheet.charted(stem)], y
    for stem, (x, _width) in zip(below, cells):
        end = max(end, sheet.chart(stem, study.text(titles[stem]), x, y if wide else end) + GAP)
    share_classes(layers.those("dominant", "npp_dominant"))
    blocks = [sheet.values(title, [layers["dominant"]]), *sheet.no_value(layers["dominant"]), legends.scale(item)]
    return _with_legends(sheet, blocks, end - GAP, wide, "npp_dominant")


def share_ramp(layers: list) -> None:
    """Draw rasters of slopes by one ramp around zero, so that they can be compared."""
    ends = [abs(stops[place][0]) for stops in map(legends.ramp_stops, layers) for place in (0, -1)]
    for layer in layers:
        layer.setRenderer(Ramp(RED_TO_BLUE, 0.0, (-max(ends), max(ends))).renderer([]))


def share_classes(layers: list) -> None:
    """Have the first of some rasters name the classes of all, in their order, so that it gives their legend."""
    found: list = []
    for layer in layers:
        place = 0
        for each in layer.renderer().classes():
            known = [one.value for one in found]
            if each.value in known:
                place = known.index(each.value) + 1
            else:
                found.insert(place, each)
                place += 1
    layers[0].setRenderer(QgsPalettedRasterRenderer(None, shown_band(layers[0]), found))


def _cells(sheet: Sheet) -> tuple:
    """The two columns of a wide page, or the one of a narrow page twice; and whether it is wide."""
    width, wide = sheet.page.width, is_wide(sheet.page.width)
    return (columns(width - LEGENDS - GAP, 2) if wide else [(0.0, width)] * 2), wide


def _map_and_chart(sheet: Sheet, cells: list, what: tuple, y: float) -> tuple:
    """A map, and the chart beside it or below; gives the map, and where the next row starts."""
    key, title, stem, chart = what
    (x, width), (right, _) = cells
    size = map_size(width, sheet.ratio, _MOST)
    item = sheet.area_map(sheet.page.heading(Box(x, y, size[0], HEAD + size[1]), title), (key,), key)
    end = y + HEAD + size[1] + GAP
    if sheet.charted(stem):
        beside = right > x
        end = max(end, sheet.chart(stem, sheet.study.text(chart), right, y if beside else end) + GAP)
    return item, end


def _with_legends(sheet: Sheet, blocks: list, end: float, wide: bool, small: str) -> float:
    """The legends, and the map of NPP, beside the maps or below them; gives the height of the page."""
    page = sheet.page
    if not wide:
        end = legends.below(page, blocks, Box(0.0, end + GAP, page.width, 0.0), 2)
        return _small(sheet, small, Box(0.0, end + GAP, columns(page.width, 2)[0][1], 0.0)) or end
    left = page.width - LEGENDS
    bottom = legends.column(page, blocks, Box(left, HEAD, LEGENDS, 0.0))
    return max(end, bottom, _small(sheet, small, Box(left, bottom + GAP, LEGENDS, 0.0)))


def _small(sheet: Sheet, key: str, box: Box) -> float:
    """A map of NPP in the classes of the large one, at the top of the box; gives its foot, 0 without one."""
    if key not in sheet.layers:
        return 0.0
    width, height = map_size(box.width, sheet.ratio, _MOST)
    inner = sheet.page.heading(Box(box.x, box.y, width, HEAD + height), "NPP")
    sheet.area_map(inner, (key,), key)
    return inner.bottom


def _per_year(unit: str) -> str:
    return f"{unit} yr-1" if unit else "yr-1"
