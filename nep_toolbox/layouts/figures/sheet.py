"""What the figures of maps share: the layers of a panel, the extent of the study area, the legends of every figure."""

from __future__ import annotations

from typing import NamedTuple

from qgis.core import QgsCoordinateTransform, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtGui import QImageReader

from .. import legends
from ..arrangement import HEAD, Box, panel_sizes
from ..folder import Study
from ..page import Page
from ..rasters import valid_area
from ..tree import Layers

#: The charts between the maps.
_CHARTS = "figures/panels/{}.svg"
#: Of the study area's width and height, on each side of a map.
RIM = 0.05
#: The share of the study area from which on the lack of values is worth an entry of the legend.
_GAPS = 0.005


class Sheet(NamedTuple):
    """A page to be filled.

    Attributes
    ----------
    page : Page
    study : Study
    layers : Layers
    extent : QgsRectangle
        What every map of the whole area shows.
    """

    page: Page
    study: Study
    layers: Layers
    extent: QgsRectangle

    @property
    def ratio(self) -> float:
        """Height over width of the extent."""
        return self.extent.height() / self.extent.width()

    def charted(self, stem: str) -> bool:
        """Whether a chart that stands between the maps has been drawn."""
        return self.study.has(_CHARTS.format(stem))

    def chart(self, stem: str, title: str, x: float, y: float) -> float:
        """Put a chart and its heading at a place of the page; gives where it ends."""
        path = self.study.path(_CHARTS.format(stem))
        width, _ = panel_sizes(self.study.width)[stem]
        inner = self.page.heading(Box(x, y, width, HEAD), title)
        height = width * picture_ratio(path)
        self.page.picture(Box(x, inner.y, width, height), path, stem)
        return inner.y + height

    def area_map(self, box: Box, keys: tuple, name: str, over: tuple = ("outline", "borders")):
        """A map of the whole study area: its outline and regions over layers, over the ground."""
        return self.page.map(box, self.layers.those(*over, *keys, "ground"), self.extent, name)

    def number(self, value: float) -> str:
        """A number of a legend."""
        return self.study.words.number(float(f"{value:.4g}"), "number")

    def values(self, title: str, layers: list) -> legends.Block:
        """The legend of rasters that share a style: a bar for a ramp, else the classes."""
        first = layers[0]
        block = legends.ramp(layers, self.number) if legends.has_ramp(first) else legends.classes([first])
        return legends.titled(title, block)

    def no_value(self, *rasters: QgsRasterLayer) -> list:
        """The entry of what has no value, where there is enough of it in one of the rasters."""
        if "ground" not in self.layers:
            return []
        ground = self.layers["ground"]
        way = QgsCoordinateTransform(ground.crs(), self.page.project.crs(), self.page.project)
        whole = 0.0
        for feature in ground.getFeatures():
            shape = feature.geometry()
            shape.transform(way)
            whole += shape.area()
        lacking = any(valid_area(each) < (1.0 - _GAPS) * whole for each in rasters)
        return [legends.classes([ground])] if lacking else []


def picture_ratio(path: str) -> float:
    """Height over width of a picture."""
    size = QImageReader(path).size()
    return size.height() / size.width() if size.width() > 0 else 0.75


def with_rim(extent: QgsRectangle) -> QgsRectangle:
    """An extent grown by the rim that maps leave around the study area."""
    grown = QgsRectangle(extent)
    x, y = RIM * extent.width(), RIM * extent.height()
    return QgsRectangle(grown.xMinimum() - x, grown.yMinimum() - y, grown.xMaximum() + x, grown.yMaximum() + y)
