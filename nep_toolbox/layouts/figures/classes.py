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
        if sheet.charted("fig05_shares"):
            place = (right, 0.0) if wide else (0.0, y + GAP)
            y = max(y, sheet.chart("fig05_shares", study.text("Share of the area"), *place))
        y += GAP
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
    # Without an outline the values tell where the study area is.
    area = ("outline", "borders") if "outline" in layers else ("mean",)
    whole = page.map(inner, layers.those(*OVERVIEW, *area), sheet.extent, "centres")
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
    """The future trend by evidence and the Hurst exponent side by side, and the shares of the classes."""
    page, layers = sheet.page, sheet.layers
    cells = columns(page.width, 2)
    width, height = map_size(cells[0][1], sheet.ratio, _MOST)
    item, shown = None, [key for key in ("future", "hurst") if key in layers]
    titles = {"future": sheet.study.text("Future trend by evidence"), "hurst": sheet.study.text("Hurst exponent")}
    for key, (x, _) in zip(shown, cells):
        item = sheet.area_map(page.heading(Box(x, 0.0, width, HEAD + height), titles[key]), (key,), key)
    blocks = [sheet.values(titles[key], [layers[key]]) for key in shown]
    blocks += [*sheet.no_value(*layers.those(*shown)), legends.scale(item)]
    y = HEAD + height + GAP
    charted = sheet.charted("fig06_shares")
    end = sheet.chart("fig06_shares", sheet.study.text("Share of the area"), 0.0, y) if charted else y - GAP
    left, top, room = 0.0, end + GAP, page.width
    if charted and is_wide(page.width):
        (left, room), top = cells[1], y + HEAD
    start = legends.column(page, blocks[:1], Box(left, top, room, 0.0)) + GAP
    return max(end, legends.below(page, blocks[1:], Box(left, start, room, 0.0), 2))
