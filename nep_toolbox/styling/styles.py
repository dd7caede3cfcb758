"""Styles of raster results, as plain data and as QGIS renderers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Callable

from qgis.core import (
    QgsBasicNumericFormat,
    QgsColorRampLegendNodeSettings,
    QgsColorRampShader,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterRenderer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor


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
    below_zero : tuple of str or None
        Another ramp for values below 0, from 0 downwards, as sinks and sources have a hue each. Where values lie on
        both sides, each side has its whole ramp and 0 is a line of the legend.
    whole : bool
        The ends are whole numbers, as those of counts.
    years : bool
        The values are years, which the legend writes without a separator of thousands.
    """

    colours: tuple
    centre: float | None = None
    limits: tuple | None = None
    below_zero: tuple | None = None
    whole: bool = False
    years: bool = False

    def span(self, quantiles: list, least: float, most: float) -> list:
        """The 2nd and 98th percentile of the values for `ends`. Where these lie on one side of 0 and a few values on
        the other, the last of those takes the place of a percentile, so that they get their own hue too."""
        low, high = quantiles
        if self.below_zero is None:
            return quantiles
        return [least if least < 0 <= low else low, most if high <= 0 < most else high]

    def ends(self, quantiles: list) -> tuple:
        """The values of the first and last colour, given the 2nd and 98th percentile of the values, rounded for
        the legend to three digits of their range."""
        low, high = self.limits or quantiles
        if not (math.isfinite(low) and math.isfinite(high)):
            low, high = (0.0, 1.0)
        if high > low:
            places = 2 - math.floor(math.log10(high - low))
            low, high = round(low, places), round(high, places)
        if self.whole:
            low, high = math.floor(low), math.ceil(high)
        if self.centre is not None:
            half = max(abs(low - self.centre), abs(high - self.centre)) or 1.0
            return self.centre - half, self.centre + half
        if high <= low:
            margin = 1.0 if self.whole else abs(low) * 0.01 or 1.0
            return low - margin, high + margin
        return low, high

    def stops(self, low: float, high: float) -> list:
        """Values and their colours, given those of the ends."""
        if self.below_zero is None or low >= 0:
            return _even(self.colours, low, high)
        if high <= 0:
            return _even(self.below_zero[::-1], low, high)
        # Every second colour: the legend names each stop, and stays short.
        return _even(self.below_zero[::-2], low, 0.0)[:-1] + _even(self.colours[::2], 0.0, high)

    def renderer(self, quantiles: list, unit: str = "", band: int = 1) -> QgsRasterRenderer:
        """The renderer of a band, whose legend shows the unit."""
        low, high = self.ends(quantiles)
        split = self.below_zero is not None and low < 0 < high
        suffix = unit_suffix(unit)
        function = QgsColorRampShader(low, high)
        function.setColorRampType(QgsColorRampShader.Type.Interpolated)
        function.setColorRampItemList([
            QgsColorRampShader.ColorRampItem(value, QColor(colour), f"{value:.4g}{suffix if split else ''}")
            for value, colour in self.stops(low, high)
        ])
        if split or unit or self.years:
            legend = QgsColorRampLegendNodeSettings(function.legendSettings())
            # The legend is else a bar whose ends alone have a number, to which QGIS adds the suffix.
            legend.setUseContinuousLegend(not split)
            legend.setSuffix(suffix)
            if self.years:
                plain = QgsBasicNumericFormat()
                plain.setShowThousandsSeparator(False)
                legend.setNumericFormat(plain)
            function.setLegendSettings(legend)
        shader = QgsRasterShader(low, high)
        shader.setRasterShaderFunction(function)
        # The layer that takes a renderer gives it its input. Asked for here, in the thread of a run, it can be the
        # Python object of another one, long gone, at whose address it lies.
        renderer = QgsSingleBandPseudoColorRenderer(None, band, shader)
        renderer.setClassificationMin(low)
        renderer.setClassificationMax(high)
        return renderer


def unit_suffix(unit: str) -> str:
    """What follows a number in a legend. A unit such as "0.1 gC m-2 yr-1", of values stored as whole numbers, is a
    factor too."""
    return f" × {unit}" if unit[:1].isdigit() else f" {unit}" if unit else ""


def _even(colours: tuple, low: float, high: float) -> list:
    """Colours at equal distances from ``low`` to ``high``."""
    last = len(colours) - 1
    return [((low * (last - place) + high * place) / last, colour) for place, colour in enumerate(colours)]


@dataclass(frozen=True)
class Classes:
    """Named classes and nothing else in the legend.

    Parameters
    ----------
    entries : tuple of (int, str, str)
        Code, label and colour of each class, in the order of the legend.
    """

    entries: tuple

    @classmethod
    def of(cls, labels: dict, colours: dict) -> Classes:
        """The classes of a legend.

        Parameters
        ----------
        labels : dict of int to str
            Label by code, in the order of the legend.
        colours : dict of int to str
            ``#rrggbb`` by code, in any order; those of other codes are ignored.
        """
        return cls(tuple((code, label, colours[code]) for code, label in labels.items()))

    def renderer(self, _quantiles: list, _unit: str = "", band: int = 1) -> QgsRasterRenderer:
        """The renderer of a band."""
        classes = [QgsPalettedRasterRenderer.Class(code, QColor(colour), label) for code, label, colour in self.entries]
        return QgsPalettedRasterRenderer(None, band, classes)


@dataclass(frozen=True)
class BandStyles:
    """A style for each band of a raster.

    A file has one style beside it, which draws the first band. In a project each band is a style of its layer by its
    name, so that another one is drawn, with a legend of its own, by a choice in the menu of the layer.

    Parameters
    ----------
    bands : tuple of (str, Ramp or Classes)
        The name and the style of each band.
    """

    bands: tuple

    def renderer(self, quantiles: list, unit: str = "") -> QgsRasterRenderer:
        """The renderer of the first band."""
        return self.bands[0][1].renderer(quantiles, unit)

    def present(self, layer: QgsRasterLayer, quantiles: list, unit: str = "") -> None:
        """Give a layer of a project the styles of all bands, and draw the first."""
        styles = layer.styleManager()
        styles.renameStyle(styles.currentStyle(), self.bands[0][0])
        for number, (name, style) in reversed(list(enumerate(self.bands, start=1))):
            layer.setRenderer(style.renderer(quantiles, unit, number))
            if number > 1:
                styles.addStyleFromLayer(name)


def presenter(style, quantiles: list, unit: str) -> Callable | None:
    """What gives a layer of a project the style of its raster; None where the style beside the file says all."""
    return partial(style.present, quantiles=quantiles, unit=unit) if isinstance(style, BandStyles) else None
