"""What the layers of a migration of centres look like."""

from __future__ import annotations

from qgis.core import (
    QgsFillSymbol,
    QgsGeometryGeneratorSymbolLayer,
    QgsGraduatedSymbolRenderer,
    QgsLineSymbol,
    QgsMarkerLineSymbolLayer,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsProperty,
    QgsRectangle,
    QgsRendererRange,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ..colours import CATEGORIES, TIME
from ..raster.zones import ALL

#: How long a path must be on the map for all of its years to be written, in m.
PATH_LENGTH = 0.06


def by_period(layer: QgsVectorLayer, field: str, make_symbol) -> None:
    """Colour features by periods of the years in a field, those of the whole raster apart from those of regions.

    Parameters
    ----------
    layer : QgsVectorLayer
    field : str
    make_symbol : callable
        Takes a colour and whether the feature is one of many regions, gives a symbol.
    """
    place = layer.fields().lookupField(field)
    years = sorted({feature[place] for feature in layer.getFeatures()})
    if not years:
        return
    regions = _regions(layer)
    if len(regions) < 2:
        ranges = [
            QgsRendererRange(first, after, make_symbol(colour, False), label)
            for first, after, colour, label in _periods(years)
        ]
        layer.setRenderer(QgsGraduatedSymbolRenderer(field, ranges))
        return
    rules = QgsRuleBasedRenderer.Rule(None)
    for label, sign, region in (("Whole raster", "=", False), ("Regions", "<>", True)):
        group = QgsRuleBasedRenderer.Rule(None, 0, 0, f"\"region\" {sign} '{ALL}'", label)
        for first, after, colour, period in _periods(years):
            within = f'"{field}" > {first} AND "{field}" < {after}'
            group.appendChild(QgsRuleBasedRenderer.Rule(make_symbol(colour, region), 0, 0, within, period))
        rules.appendChild(group)
    layer.setRenderer(QgsRuleBasedRenderer(rules))


def _regions(layer: QgsVectorLayer) -> set:
    place = layer.fields().lookupField("region")
    return {feature[place] for feature in layer.getFeatures()} if place >= 0 else set()


def _periods(years: list) -> list:
    """Lower end, upper end, colour and label of each period."""
    count = min(len(TIME), len(years))
    cuts = [years[round(part * len(years) / count)] for part in range(count)] + [years[-1] + 1]
    periods = []
    for part, (first, after) in enumerate(zip(cuts, cuts[1:])):
        colour = TIME[round(part * (len(TIME) - 1) / max(1, count - 1))]
        inside = [year for year in years if first <= year < after]
        label = str(inside[0]) if len(inside) == 1 else f"{inside[0]} - {inside[-1]}"
        periods.append((first - 0.5, after - 0.5, colour, label))
    return periods


def style_centres(layer: QgsVectorLayer) -> None:
    """Centres coloured by time, each with its year where there is room: the first and the last come first.

    Of many regions only these are written until the map is large enough for a path to be read.
    """
    by_period(layer, "year", lambda colour, region: QgsMarkerSymbol.createSimple(
        {"name": "circle", "color": colour, "size": "2.2", "outline_color": "white", "outline_width": "0.2"} if region
        else {"name": "circle", "color": colour, "size": "3.6", "outline_color": "white", "outline_width": "0.3"}
    ))
    settings = QgsPalLayerSettings()
    settings.fieldName = "year"
    outer = '"year" IN (minimum("year"), maximum("year"))'
    if len(_regions(layer)) > 1:
        outer = '"year" IN (minimum("year", "region"), maximum("year", "region"))'
        settings.fieldName = f'CASE WHEN {outer} OR @map_scale < {_reading_scale(layer):.0f} THEN "year" END'
        settings.isExpression = True
    properties = settings.dataDefinedProperties()
    properties.setProperty(QgsPalLayerSettings.Property.Priority, QgsProperty.fromExpression(f"if({outer}, 10, 2)"))
    settings.setDataDefinedProperties(properties)
    write_labels(layer, settings)


def write_labels(layer: QgsVectorLayer, settings: QgsPalLayerSettings) -> None:
    """Write labels beside points, white around them."""
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(True)
    buffer.setSize(0.8)
    buffer.setColor(QColor("white"))
    text = QgsTextFormat()
    text.setSize(9)
    text.setBuffer(buffer)
    settings.dist = 1.0  # mm, clear of the marker
    settings.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def _reading_scale(layer: QgsVectorLayer) -> float:
    """The scale at which the middle one of the paths is as long as `PATH_LENGTH`, taking map units for m or degrees."""
    boxes: dict = {}
    place = layer.fields().lookupField("region")
    for feature in layer.getFeatures():
        boxes.setdefault(feature[place], QgsRectangle()).combineExtentWith(feature.geometry().boundingBox())
    lengths = sorted(max(box.width(), box.height()) for box in boxes.values())
    metres = 111_320.0 if layer.crs().isGeographic() else 1.0
    return metres * lengths[len(lengths) // 2] / PATH_LENGTH


def style_path(layer: QgsVectorLayer) -> None:
    """Steps coloured by time, with an arrow in the middle of each."""

    def arrow(colour: str, region: bool) -> QgsLineSymbol:
        symbol = QgsLineSymbol.createSimple({"color": colour, "width": "0.4" if region else "0.7"})
        # Written as properties, which QGIS before and after 3.24 (several placements) understands.
        heads = QgsMarkerLineSymbolLayer.create({"placement": "centralpoint", "placements": "CentralPoint"})
        heads.setSubSymbol(QgsMarkerSymbol.createSimple({
            "name": "filled_arrowhead", "color": colour, "size": "2" if region else "4", "outline_style": "no",
        }))
        symbol.appendSymbolLayer(heads)
        return symbol

    by_period(layer, "to_year", arrow)


def style_ellipses(layer: QgsVectorLayer) -> None:
    """Outlines coloured by time."""
    by_period(layer, "year", lambda colour, region: QgsFillSymbol.createSimple(
        {"style": "no", "outline_color": colour, "outline_width": "0.26" if region else "0.4"}
    ))


def style_mean_centres(layer: QgsVectorLayer) -> None:
    """A star at each mean centre, a cross at the geometric centre and a broken line from there, with its length."""
    geometric = 'make_point("geometric_x", "geometric_y")'
    symbol = QgsMarkerSymbol.createSimple(
        {"name": "star", "color": CATEGORIES[5], "size": "5", "outline_color": "white", "outline_width": "0.2"}
    )
    for expression, kind, part in (
        (geometric, QgsSymbol.SymbolType.Marker, QgsMarkerSymbol.createSimple(
            {"name": "cross_fill", "color": "#22303c", "size": "3.4", "outline_color": "white", "outline_width": "0.2"}
        )),
        (f"make_line({geometric}, $geometry)", QgsSymbol.SymbolType.Line, QgsLineSymbol.createSimple(
            {"color": "#22303c", "width": "0.4", "line_style": "dash"}
        )),
    ):
        drawn = QgsGeometryGeneratorSymbolLayer.create({"geometryModifier": expression})
        drawn.setSymbolType(kind)
        drawn.setSubSymbol(part)
        symbol.insertSymbolLayer(0, drawn)
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    settings = QgsPalLayerSettings()
    settings.fieldName = """format_number("offset_km", 1) || ' km'"""
    settings.isExpression = True
    write_labels(layer, settings)
