"""What the outlines, regions and centres of a study look like."""

from __future__ import annotations

from qgis.core import (
    QgsFillSymbol,
    QgsGeometryGeneratorSymbolLayer,
    QgsGraduatedSymbolRenderer,
    QgsLineSymbol,
    QgsMarkerLineSymbolLayer,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsRendererRange,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsTextBufferSettings,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor

from ..colours import LIGHT_TO_DARK, along
from ..styling.vectors import by_period
from .fonts import INK, text_format

#: Of the ground below the rasters: what shows of it has no value. Darker than the grey in the middle of a ramp.
NO_VALUE = "#bfbfbf"
#: The most classes of a map of counts.
MOST_CLASSES = 5
#: Letters of one line of a label.
_LINE_OF_LABEL = 12


def _outline(width: float, colour: str = INK) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple({
        "style": "no", "outline_color": colour, "outline_width": f"{width}", "joinstyle": "round",
    })


def style_outline(layer: QgsVectorLayer) -> None:
    """The border of the study area."""
    layer.setRenderer(QgsSingleSymbolRenderer(_outline(0.35)))


def style_ground(layer: QgsVectorLayer) -> None:
    """The study area in the colour of what has no value."""
    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple({"color": NO_VALUE, "outline_style": "no"})))


def style_regions(layer: QgsVectorLayer, font: str = "") -> None:
    """Thin borders of regions, and their names where a font is given."""
    layer.setRenderer(QgsSingleSymbolRenderer(_outline(0.15, "#4d4d4d")))
    if font:
        label(layer, "region", font, 6.0)


def label(layer: QgsVectorLayer, expression: str, font: str, size: float) -> None:
    """Write an expression at each feature, on a thin white rim."""
    form = text_format(font, size)
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(True)
    buffer.setSize(0.5)
    buffer.setColor(QColor("white"))
    form.setBuffer(buffer)
    settings = QgsPalLayerSettings()
    settings.fieldName = expression
    settings.isExpression = expression not in [field.name() for field in layer.fields()]
    settings.setFormat(form)
    settings.dist = 1.0  # mm, clear of a marker
    settings.autoWrapLength = _LINE_OF_LABEL
    settings.multilineAlign = QgsPalLayerSettings.MultiLineAlign.MultiCenter
    if layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry:
        settings.placement = QgsPalLayerSettings.Placement.Horizontal
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def count_classes(least: int, most: int) -> list:
    """Whole numbers from the least to the greatest in at most `MOST_CLASSES` classes of about the same width.

    Returns
    -------
    list of (int, int)
        First and last number of each class.
    """
    count = min(MOST_CLASSES, most - least + 1)
    cuts = [least + round(place * (most - least + 1) / count) for place in range(count + 1)]
    return [(first, after - 1) for first, after in zip(cuts, cuts[1:])]


def style_counts(layer: QgsVectorLayer, field: str, classes: list) -> None:
    """Regions coloured by a count.

    Parameters
    ----------
    layer : QgsVectorLayer
    field : str
    classes : list of (int, int)
        From `count_classes`; several maps that share them can be compared.
    """
    ranges = []
    for place, (first, last) in enumerate(classes):
        share = 0.15 + 0.85 * place / max(1, len(classes) - 1)
        symbol = QgsFillSymbol.createSimple({
            "color": along(LIGHT_TO_DARK, share), "outline_color": "#4d4d4d", "outline_width": "0.15",
        })
        text = str(first) if first == last else f"{first}–{last}"
        ranges.append(QgsRendererRange(first - 0.5, last + 0.5, symbol, text))
    layer.setRenderer(QgsGraduatedSymbolRenderer(field, ranges))


def style_centres(layer: QgsVectorLayer, font: str) -> None:
    """Centres coloured by time, the first and the last with their years."""
    by_period(layer, "year", lambda colour, _region: QgsMarkerSymbol.createSimple({
        "name": "circle", "color": colour, "size": "2", "outline_color": "white", "outline_width": "0.2",
    }))
    _dashed(layer)
    label(layer, 'CASE WHEN "year" IN (minimum("year"), maximum("year")) THEN "year" END', font, 7.0)


def style_path(layer: QgsVectorLayer) -> None:
    """Steps coloured by time, with a small arrow in the middle of each."""

    def arrow(colour: str, _region: bool) -> QgsLineSymbol:
        symbol = QgsLineSymbol.createSimple({"color": colour, "width": "0.3"})
        # Written as properties, which QGIS before and after 3.24 (several placements) understands.
        heads = QgsMarkerLineSymbolLayer.create({"placement": "centralpoint", "placements": "CentralPoint"})
        heads.setSubSymbol(QgsMarkerSymbol.createSimple({
            "name": "filled_arrowhead", "color": colour, "size": "1.8", "outline_style": "no",
        }))
        symbol.appendSymbolLayer(heads)
        return symbol

    by_period(layer, "to_year", arrow)
    _dashed(layer)


def _dashed(layer: QgsVectorLayer) -> None:
    """Write periods as printers do."""
    renderer = layer.renderer()
    if isinstance(renderer, QgsGraduatedSymbolRenderer):
        for place, each in enumerate(renderer.ranges()):
            renderer.updateRangeLabel(place, each.label().replace(" - ", "–"))


def style_mean_centre(layer: QgsVectorLayer) -> None:
    """A star at the mean of the yearly centres."""
    layer.setRenderer(QgsSingleSymbolRenderer(QgsMarkerSymbol.createSimple({
        "name": "star", "size": "3.6", "color": "#d7191c", "outline_color": "white", "outline_width": "0.2",
    })))


def style_geometric_centre(layer: QgsVectorLayer) -> None:
    """A cross at the geometric centre, whose place the mean centre has in its fields."""
    drawn = QgsGeometryGeneratorSymbolLayer.create({"geometryModifier": 'make_point("geometric_x", "geometric_y")'})
    drawn.setSymbolType(QgsSymbol.SymbolType.Marker)
    drawn.setSubSymbol(QgsMarkerSymbol.createSimple({
        "name": "cross2", "size": "2.6", "outline_color": INK, "outline_width": "0.6",
    }))
    symbol = QgsMarkerSymbol()
    symbol.changeSymbolLayer(0, drawn)
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
