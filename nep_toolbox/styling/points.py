"""Points with the trend of their series."""

from __future__ import annotations

from qgis.core import (
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
)

from ..colours import BROWN_TO_GREEN
from .vectors import write_labels

#: A slope is significant whose p is below.
SIGNIFICANT = 0.05

#: What a point is called in the legend, its condition, and the name and the colour of its marker.
_KINDS = (
    ("Significant increase (p < 0.05)", f'"p" < {SIGNIFICANT} AND "slope" > 0', "triangle", BROWN_TO_GREEN[-1]),
    ("Increase, not significant", f'"p" >= {SIGNIFICANT} AND "slope" > 0', "triangle", BROWN_TO_GREEN[-3]),
    ("No change", '"slope" = 0', "circle", "#bdbdbd"),
    ("Decrease, not significant", f'"p" >= {SIGNIFICANT} AND "slope" < 0', "triangle", BROWN_TO_GREEN[2]),
    ("Significant decrease (p < 0.05)", f'"p" < {SIGNIFICANT} AND "slope" < 0', "triangle", BROWN_TO_GREEN[0]),
    ("No trend: too few values, or beyond the raster", '"slope" IS NULL', "cross2", "#6e6e6e"),
)


def style_point_trends(layer: QgsVectorLayer) -> None:
    """Draw points by sign and significance of their slope, up and down, each with its name where there is room."""
    rules = QgsRuleBasedRenderer.Rule(None)
    for label, condition, name, colour in _KINDS:
        outline = colour if name == "cross2" else "white"  # a cross is nothing but its outline
        symbol = QgsMarkerSymbol.createSimple({
            "name": name, "color": colour, "size": "4.2", "outline_color": outline, "outline_width": "0.4",
            "angle": "180" if "Decrease" in label or "decrease" in label else "0",
        })
        rules.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, label))
    layer.setRenderer(QgsRuleBasedRenderer(rules))
    settings = QgsPalLayerSettings()
    settings.fieldName = "point"
    write_labels(layer, settings)
