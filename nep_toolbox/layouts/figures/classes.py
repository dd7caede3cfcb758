"""Figures 5 and 6: classes of the trend with the centre of gravity, and the future trend with the Hurst exponent."""

from __future__ import annotations

from qgis.core import QgsRectangle

from .. import legends
from ..arrangement import GAP, HEAD, LEGENDS, Box, columns, is_wide, map_size
from ..page import frame_symbol
from .sheet import Sheet

#: The layers of the centres, from top to bottom, in the overview and in the map of their surroundings. In the latter no
#: polygon is drawn: SVG has no clipping, and shows where QGIS cuts it off beyond the frame.
OVERVIEW, NEAR = ("mean_centers", "geometric_centers"), ("mean_centers", "geometric_centers", "centers", "path")
_FRAME = "#d7191c"
#: The greatest height of a map, with others above or below it.
_MOST = 95.0


def trend(sheet: Sheet) -> float:
    """Classes and their shares above the centres: where they lie in the area, and their path from near."""
    page, study, layers = sheet.page, sheet.study, sheet.layers
    wide = is_wide(page.width)
    room = page.width - LEGENDS - GAP if wide else page.width
    cell, right = columns(room, 2)[0][1], columns(room, 2)[1][0]
    width, height = map_size(cell, sheet.ratio, _MOST)
    blocks, y, item = [], 0.0, None
    if "trend_class" in layers:
        title = study.text("Trend class")
        item = sheet.area_map(page.heading(Box(0.0, 0.0, width, HEAD + height), title), ("trend_class",), "trend")
        blocks = [sheet.values(title, [layers["trend_class"]]), *sheet.no_value(layers["trend_class"])]
        y = HEAD + height
        if not wide:
            y = max(y, legends.column(page, blocks, Box(right, HEAD, page.width - right, 0.0)))
            blocks = []
        y = _shares(sheet, "fig05_shares", Box(right, 0.0, cell, HEAD + height), y) + GAP
    if "centers" in layers:
        item = _overview_and_path(sheet, (Box(0.0, y, width, HEAD + height), Box(right, y, width, HEAD + height)))
        blocks += [
            legends.titled(study.text("Year"), legends.classes(layers.those("centers"))),
            legends.classes(layers.those(*OVERVIEW, "outline")),
        ]
        y += HEAD + height + GAP
    blocks.append(legends.scale(item))
    if wide:
        return max(y - GAP, legends.column(page, blocks, Box(room + GAP, HEAD, LEGENDS, 0.0)))
    return legends.below(page, blocks, Box(0.0, y, page.width, 0.0), 2)


def _overview_and_path(sheet: Sheet, boxes: tuple):
    """The centres in the study area, and from near with a scale bar of their own; gives the map of the area."""
    page, layers = sheet.page, sheet.layers
    titles = [sheet.study.text(text) for text in ("Mean and geometric centre", "Path of the centre")]
    inner = page.heading(boxes[0], titles[0])
    whole = page.map(inner, layers.those(*OVERVIEW, "outline", "borders"), sheet.extent, "centres")
    inner = page.heading(boxes[1], titles[1])
    near = page.map(inner, layers.those(*NEAR), around(sheet), "path")
    page.scale_bar(Box(inner.x + 1.0, inner.bottom - legends.SCALE_HEIGHT - 0.5, 25.0, legends.SCALE_HEIGHT), near)
    whole.overview().setLinkedMap(near)
    whole.overview().setFrameSymbol(frame_symbol(_FRAME))
    return whole


def around(sheet: Sheet) -> QgsRectangle:
    """The surroundings of the centres, in the shape of the whole extent, with room for a scale bar below them."""
    found = QgsRectangle()
    for feature in sheet.layers["centers"].getFeatures():
        found.combineExtentWith(feature.geometry().boundingBox())
    height = max(found.height(), found.width() * sheet.ratio, sheet.extent.height() * 1e-3) * 1.5
    middle = found.center()
    half, below = height / sheet.ratio / 2, 0.58 * height
    return QgsRectangle(middle.x() - half, middle.y() - below, middle.x() + half, middle.y() - below + height)


def future(sheet: Sheet) -> float:
    """The future trend and the Hurst exponent side by side, and the shares of the classes."""
    page, layers = sheet.page, sheet.layers
    cells = columns(page.width, 2)
    width, height = map_size(cells[0][1], sheet.ratio, _MOST)
    item, shown = None, [key for key in ("future", "hurst") if key in layers]
    titles = {"future": sheet.study.text("Future trend"), "hurst": sheet.study.text("Hurst exponent")}
    for key, (x, _) in zip(shown, cells):
        item = sheet.area_map(page.heading(Box(x, 0.0, width, HEAD + height), titles[key]), (key,), key)
    blocks = [sheet.values(titles[key], [layers[key]]) for key in shown]
    blocks += [*sheet.no_value(*layers.those(*shown)), legends.scale(item)]
    y = HEAD + height + GAP
    charted = sheet.study.has(_panel("fig06_shares"))
    if is_wide(page.width):
        end = _shares(sheet, "fig06_shares", Box(0.0, y, cells[0][1], 0.0), y)
        left, room = cells[1] if charted else (0.0, page.width)
        start = legends.column(page, blocks[:1], Box(left, y + (HEAD if charted else 0.0), room, 0.0)) + GAP
        return max(end, legends.below(page, blocks[1:], Box(left, start, room, 0.0), 2))
    end = _shares(sheet, "fig06_shares", Box(0.0, y, page.width, 0.0), y) + (GAP if charted else 0.0)
    start = legends.column(page, blocks[:1], Box(0.0, end, page.width, 0.0)) + GAP
    return legends.below(page, blocks[1:], Box(0.0, start, page.width, 0.0), 2)


def _panel(stem: str) -> str:
    return f"figures/panels/{stem}.svg"


def _shares(sheet: Sheet, stem: str, box: Box, end: float) -> float:
    """Draw a chart of shares at the top of a box, on a narrow page below what ends at ``end``; gives the new end."""
    if not sheet.study.has(_panel(stem)):
        return end
    width, height = sheet.sizes[stem]
    top = box if is_wide(sheet.page.width) else Box(0.0, end + (GAP if box.height else 0.0), width, 0.0)
    inner = sheet.page.heading(Box(top.x, top.y, width, HEAD), sheet.study.text("Share of the area"))
    sheet.page.picture(Box(inner.x, inner.y, width, height), sheet.study.path(_panel(stem)), stem)
    return max(end, inner.y + height)
