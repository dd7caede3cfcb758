"""Legends in blocks: ramps and classes as the layers have them, the colour of what has no value, scale and north."""

from __future__ import annotations

import re
from typing import Callable, NamedTuple

from qgis.core import (
    QgsColorRampShader,
    QgsFillSymbol,
    QgsGradientColorRamp,
    QgsGradientFillSymbolLayer,
    QgsGradientStop,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPolyline,
    QgsLayoutItemShape,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsLineSymbol,
    QgsMapLayerLegendUtils,
    QgsRasterLayer,
    QgsSimpleLegendNode,
    QgsSimpleLineSymbolLayer,
)
from qgis.PyQt.QtCore import QPointF, QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QPolygonF

from ..colours import NEUTRAL
from .arrangement import GAP, Box
from .fonts import INK, TEXT, text_format
from .page import ARROW, LINE_HEIGHT, Page
from .rasters import value_range

#: The bar of a ramp: thickness and length.
BAR, LENGTH = 3.2, 24.0
#: Between blocks, and below the title of one.
SPACE, BELOW_TITLE = 3.0, 0.8
#: A sign of a class, and the space between it and its name.
SIGN, BESIDE = QSizeF(4.0, 2.5), 1.2
SCALE_HEIGHT = 7.0


class Block(NamedTuple):
    """A part of a legend.

    Attributes
    ----------
    height : callable
        Takes the page and a width in mm, gives the height.
    draw : callable
        Takes the page and the box.
    """

    height: Callable
    draw: Callable


def titled(title: str, block: Block) -> Block:
    """A block with a title above it."""

    # A unit stays in one line.
    title = re.sub(r"\([^()]*\)", lambda unit: unit.group().replace(" ", "\u00a0"), title)

    def lines(page: Page, width: float) -> list:
        return page.wrapped(title, width, TEXT, bold=True)

    def draw(page: Page, box: Box) -> None:
        used = len(lines(page, box.width)) * LINE_HEIGHT
        page.text("\n".join(lines(page, box.width)), Box(box.x, box.y, box.width + 1.0, used + 0.5), bold=True)
        block.draw(page, box.below(used + BELOW_TITLE))

    return Block(
        lambda page, width: len(lines(page, width)) * LINE_HEIGHT + BELOW_TITLE + block.height(page, width), draw
    )


# ------------------------------------------------------------------------------------------------ ramps


def ramp(layers: list, number: Callable) -> Block:
    """The bar of the ramp that layers share, with its ends and 0, or the middle of its hues.

    An end that values lie beyond is marked as such.

    Parameters
    ----------
    layers : list of QgsRasterLayer
        With the same ramp; their values are looked at.
    number : callable
        Writes a number.
    """

    def draw(page: Page, box: Box) -> None:
        stops = ramp_stops(layers[0])
        low, high = stops[0][0], stops[-1][0]
        bar = Box(box.x, box.y + LINE_HEIGHT / 2, BAR, LENGTH)
        page.place(_bar(page, stops), bar, "ramp")
        for value, text in ramp_labels(stops, layers, number):
            place = bar.bottom - (value - low) / (high - low) * LENGTH
            if low < value < high:
                page.place(_tick(page), Box(bar.x, place, BAR + 0.8, 0.0), "tick")
                # Beside the ends their numbers come first.
                place = min(max(place, bar.y + LINE_HEIGHT), bar.bottom - LINE_HEIGHT)
            line = Box(bar.right + 1.2, place - LINE_HEIGHT / 2, box.right - bar.right, LINE_HEIGHT)
            page.text(text, line, middle=True)

    return Block(lambda _page, _width: LENGTH + LINE_HEIGHT, draw)


def ramp_stops(layer: QgsRasterLayer) -> list:
    """Values and colours of the ramp of a layer, ascending."""
    function = layer.renderer().shader().rasterShaderFunction()
    return [(item.value, item.color) for item in function.colorRampItemList()]


def has_ramp(layer: QgsRasterLayer) -> bool:
    """Whether a layer is drawn by a continuous ramp."""
    shader = getattr(layer.renderer(), "shader", lambda: None)()
    function = shader.rasterShaderFunction() if shader is not None else None
    return isinstance(function, QgsColorRampShader) and len(function.colorRampItemList()) > 1


def ramp_labels(stops: list, layers: list, number: Callable) -> list:
    """Values that the bar of a ramp names, and their texts.

    Parameters
    ----------
    stops : list
        From `ramp_stops`.
    layers : list of QgsRasterLayer
    number : callable
    """
    low, high = stops[0][0], stops[-1][0]
    ranges = [value_range(layer) for layer in layers]
    margin = (high - low) * 1e-3
    below = any(least < low - margin for least, _ in ranges)
    above = any(most > high + margin for _, most in ranges)
    neutral = [value for value, colour in stops[1:-1] if colour.name() == NEUTRAL]
    middle = neutral[0] if neutral else 0.0 if low < 0.0 < high else round_between(low, high)
    if low.is_integer() and high.is_integer() and high - low > 1.0:
        middle = float(round(middle))  # of counts
    labels = [(low, ("≤ " if below else "") + number(low)), (high, ("≥ " if above else "") + number(high))]
    if low < middle < high:
        labels.insert(1, (middle, number(middle)))
    return labels


def round_between(low: float, high: float) -> float:
    """The roundest number within a tenth of a range around its middle: a whole one between whole ones."""
    middle, span = (low + high) / 2, high - low
    digits = next((digits for digits in range(-15, 16) if abs(round(middle, digits) - middle) <= 0.1 * span), 15)
    return round(middle, digits)


def _tick(page: Page) -> QgsLayoutItemPolyline:
    line = QgsLayoutItemPolyline(QPolygonF([QPointF(0.0, 0.0), QPointF(BAR + 0.8, 0.0)]), page.layout)
    line.setSymbol(QgsLineSymbol.createSimple({"color": INK, "width": "0.15"}))
    return line


def _bar(page: Page, stops: list) -> QgsLayoutItemShape:
    low, high = stops[0][0], stops[-1][0]
    between = [QgsGradientStop((value - low) / (high - low), colour) for value, colour in stops[1:-1]]
    fill = QgsGradientFillSymbolLayer()
    fill.setColorRamp(QgsGradientColorRamp(stops[0][1], stops[-1][1], False, between))
    fill.setGradientColorType(QgsGradientFillSymbolLayer.GradientColorType.ColorRamp)
    fill.setReferencePoint1(QPointF(0.5, 1.0))
    fill.setReferencePoint2(QPointF(0.5, 0.0))
    symbol = QgsFillSymbol()
    symbol.changeSymbolLayer(0, fill)
    symbol.appendSymbolLayer(QgsSimpleLineSymbolLayer(QColor(INK), 0.15))
    shape = QgsLayoutItemShape(page.layout)
    shape.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    shape.setSymbol(symbol)
    return shape


# ---------------------------------------------------------------------------------------------- classes


def classes(layers: list) -> Block:
    """The signs and names of classes as QGIS takes them from the layers, which the legend follows."""

    def draw(page: Page, box: Box) -> None:
        page.place(_legend(page, layers, box.width), box, "legend")

    return Block(lambda page, width: _height(page, layers, width), draw)


def _height(page: Page, layers: list, width: float) -> float:
    legend = _legend(page, layers, width)
    return QgsLegendRenderer(legend.model(), legend.legendSettings()).minimumSize().height()


def _legend(page: Page, layers: list, width: float) -> QgsLayoutItemLegend:
    legend = QgsLayoutItemLegend(page.layout)
    legend.setAutoUpdateModel(False)
    legend.setWrapString("\n")
    root = legend.model().rootGroup()
    root.clear()
    model = legend.model()
    for layer in layers:
        node = root.addLayer(layer)
        nodes = model.layerLegendNodes(node)
        # A raster has its name among its classes.
        shown = [place for place, each in enumerate(nodes) if not isinstance(each, QgsSimpleLegendNode)]
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, shown)
        for place in shown:
            name = layer.name() if len(nodes) == 1 else nodes[place].data(Qt.ItemDataRole.DisplayRole)
            text = "\n".join(page.wrapped(str(name), width - SIGN.width() - BESIDE))
            QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, place, text)
        model.refreshLayerLegend(node)
        QgsLegendRenderer.setNodeLegendStyle(node, QgsLegendStyle.Style.Hidden)
    _shape_legend(page, legend)
    legend.adjustBoxSize()
    return legend


def _shape_legend(page: Page, legend: QgsLayoutItemLegend) -> None:
    form = text_format(page.font)
    form.setLineHeight(1.05)
    style = legend.style(QgsLegendStyle.Style.SymbolLabel)
    if hasattr(style, "setTextFormat"):
        style.setTextFormat(form)
    else:  # before QGIS 3.30
        style.setFont(form.font())
        legend.setLineSpacing(0.4)
    style.setMargin(QgsLegendStyle.Side.Top, 0.0)
    style.setMargin(QgsLegendStyle.Side.Left, BESIDE)
    legend.setStyle(QgsLegendStyle.Style.SymbolLabel, style)
    for part, margin in ((QgsLegendStyle.Style.Symbol, 0.9), (QgsLegendStyle.Style.Group, 0.0),
                         (QgsLegendStyle.Style.Subgroup, 0.0), (QgsLegendStyle.Style.Title, 0.0)):
        style = legend.style(part)
        style.setMargin(QgsLegendStyle.Side.Top, margin)
        style.setMargin(QgsLegendStyle.Side.Bottom, 0.0)
        legend.setStyle(part, style)
    legend.setColumnSpace(0.0)
    legend.setSymbolWidth(SIGN.width())
    legend.setSymbolHeight(SIGN.height())
    legend.setBoxSpace(0.0)
    legend.setRasterStrokeWidth(0.1)
    legend.setTitle("")


# ------------------------------------------------------------------------------------ scale and arrangement


def scale(item: QgsLayoutItemMap) -> Block:
    """The north arrow and the scale bar of a map."""

    def draw(page: Page, box: Box) -> None:
        page.north_arrow(Box(box.x, box.y, ARROW, ARROW), item)
        left = box.x + ARROW + 1.0
        page.scale_bar(Box(left, box.y + (ARROW - SCALE_HEIGHT) / 2, box.right - left, SCALE_HEIGHT), item)

    return Block(lambda _page, _width: ARROW, draw)


def column(page: Page, blocks: list, box: Box) -> float:
    """Draw blocks below each other from the top of a box; gives where they end."""
    y = box.y
    for block in blocks:
        used = block.height(page, box.width)
        block.draw(page, Box(box.x, y, box.width, used))
        y += used + SPACE
    return y - SPACE if blocks else y


def below(page: Page, blocks: list, box: Box, count: int) -> float:
    """Draw blocks in columns, each where the least is so far; gives where the longest column ends."""
    width = (box.width - (count - 1) * GAP) / count
    ends = [box.y] * count
    for block in blocks:
        place = ends.index(min(ends))
        top = ends[place] + (SPACE if ends[place] > box.y else 0.0)
        used = block.height(page, width)
        block.draw(page, Box(box.x + place * (width + GAP), top, width, used))
        ends[place] = top + used
    return max(ends)
