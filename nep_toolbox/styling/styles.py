"""Styles of raster results, as plain data and as QGIS renderers.

The colours are those of ColorBrewer (Brewer 2003, doi:10.1559/152304003100010929), which readers with a colour vision
deficiency can tell apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from qgis.core import (
    QgsColorRampShader,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterRenderer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

GREENS = ("#ffffe5", "#d9f0a3", "#addd8e", "#78c679", "#41ab5d", "#238443", "#005a32")
REDS = ("#fff5eb", "#fdd0a2", "#fdae6b", "#fd8d3c", "#e6550d", "#a63603", "#7f2704")
PURPLE_TO_ORANGE = ("#542788", "#998ec3", "#d8daeb", "#f7f7f7", "#fee0b6", "#f1a340", "#b35806")
BLUES = ("#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
PURPLES = ("#fcfbfd", "#dadaeb", "#bcbddc", "#9e9ac8", "#807dba", "#6a51a3", "#4a1486")
RELIEF = ("#1a9850", "#91cf60", "#d9ef8b", "#fee08b", "#d8b365", "#a6611a", "#f5f5f5")
BROWN_TO_GREEN = ("#8c510a", "#d8b365", "#f6e8c3", "#f5f5f5", "#c7eae5", "#5ab4ac", "#01665e")
RED_TO_BLUE = ("#b2182b", "#ef8a62", "#fddbc7", "#f7f7f7", "#d1e5f0", "#67a9cf", "#2166ac")


@dataclass(frozen=True)
class Ramp:
    """A continuous ramp of colours.

    Parameters
    ----------
    colours : tuple of str
        From the lowest to the highest value.
    centre : float or None
        The value in the middle of a diverging ramp, whose two sides are equally long.
    limits : tuple of float or None
        Fixed ends. Without them the ends are the 2nd and the 98th percentile of the values.
    """

    colours: tuple
    centre: float | None = None
    limits: tuple | None = None

    def ends(self, quantiles: list) -> tuple:
        """The values of the first and last colour, given the 2nd and 98th percentile of the values, rounded for
        the legend to three digits of their range."""
        low, high = self.limits or quantiles
        if not (math.isfinite(low) and math.isfinite(high)):
            low, high = (0.0, 1.0)
        if high > low:
            places = 2 - math.floor(math.log10(high - low))
            low, high = round(low, places), round(high, places)
        if self.centre is not None:
            half = max(abs(low - self.centre), abs(high - self.centre)) or 1.0
            return self.centre - half, self.centre + half
        if high <= low:
            margin = abs(low) * 0.01 or 1.0
            return low - margin, high + margin
        return low, high

    def renderer(self, layer: QgsRasterLayer, quantiles: list) -> QgsRasterRenderer:
        """The renderer of the layer's first band."""
        low, high = self.ends(quantiles)
        last = len(self.colours) - 1
        function = QgsColorRampShader(low, high)
        function.setColorRampType(QgsColorRampShader.Type.Interpolated)
        function.setColorRampItemList([
            QgsColorRampShader.ColorRampItem(value, QColor(colour), f"{value:.4g}")
            for value, colour in (((low * (last - i) + high * i) / last, c) for i, c in enumerate(self.colours))
        ])
        shader = QgsRasterShader(low, high)
        shader.setRasterShaderFunction(function)
        renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
        renderer.setClassificationMin(low)
        renderer.setClassificationMax(high)
        return renderer


@dataclass(frozen=True)
class Classes:
    """Named classes and nothing else in the legend.

    Parameters
    ----------
    entries : tuple of (int, str, str)
        Code, label and colour of each class, in the order of the legend.
    """

    entries: tuple

    def renderer(self, layer: QgsRasterLayer, _quantiles: list) -> QgsRasterRenderer:
        """The renderer of the layer's first band."""
        classes = [QgsPalettedRasterRenderer.Class(code, QColor(colour), label) for code, label, colour in self.entries]
        return QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes)
