"""What the layers of a migration of centres look like."""

from __future__ import annotations

from qgis.core import (
    QgsFillSymbol,
    QgsGraduatedSymbolRenderer,
    QgsLineSymbol,
    QgsMarkerLineSymbolLayer,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsRendererRange,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ..colours import TIME


def by_period(layer: QgsVectorLayer, field: str, make_symbol) -> None:
    """Colour features by periods of the years in a field.

    Parameters
    ----------
    layer : QgsVectorLayer
    field : str
    make_symbol : callable
        Takes a colour, gives a symbol.
    """
    place = layer.fields().lookupField(field)
    years = sorted({feature[place] for feature in layer.getFeatures()})
    if not years:
        return
    count = min(len(TIME), len(years))
    cuts = [years[round(part * len(years) / count)] for part in range(count)] + [years[-1] + 1]
    ranges = []
    for part, (first, after) in enumerate(zip(cuts, cuts[1:])):
        colour = TIME[round(part * (len(TIME) - 1) / max(1, count - 1))]
        inside = [year for year in years if first <= year < after]
        label = str(inside[0]) if len(inside) == 1 else f"{inside[0]} - {inside[-1]}"
        ranges.append(QgsRendererRange(first - 0.5, after - 0.5, make_symbol(colour), label))
    layer.setRenderer(QgsGraduatedSymbolRenderer(field, ranges))


def style_centres(layer: QgsVectorLayer) -> None:
    """Centres coloured by time, each with its year."""
    by_period(layer, "year", lambda colour: QgsMarkerSymbol.createSimple(
        {"name": "circle", "color": colour, "size": "3.6", "outline_color": "white", "outline_width": "0.3"}
    ))
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(True)
    buffer.setSize(0.8)
    buffer.setColor(QColor("white"))
    text = QgsTextFormat()
    text.setSize(9)
    text.setBuffer(buffer)
    settings = QgsPalLayerSettings()
    settings.fieldName = "year"
    settings.dist = 1.0  # mm, clear of the marker
    settings.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def style_path(layer: QgsVectorLayer) -> None:
    """Steps coloured by time, with an arrow in the middle of each."""

    def arrow(colour: str) -> QgsLineSymbol:
        symbol = QgsLineSymbol.createSimple({"color": colour, "width": "0.7"})
        # Written as properties, which QGIS before and after 3.24 (several placements) understands.
        heads = QgsMarkerLineSymbolLayer.create({"placement": "centralpoint", "placements": "CentralPoint"})
        heads.setSubSymbol(QgsMarkerSymbol.createSimple(
            {"name": "filled_arrowhead", "color": colour, "size": "4", "outline_style": "no"}
        ))
        symbol.appendSymbolLayer(heads)
        return symbol

    by_period(layer, "to_year", arrow)


def style_ellipses(layer: QgsVectorLayer) -> None:
    """Outlines coloured by time."""
    by_period(layer, "year", lambda colour: QgsFillSymbol.createSimple(
        {"style": "no", "outline_color": colour, "outline_width": "0.4"}
    ))
