"""Giving a result its style and, for a series, its years."""

from __future__ import annotations

import os

from qgis.core import (
    Qgis,
    QgsDateTimeRange,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QTime

from .layer_tree import RunLayers


def write_style(path: str, style, quantiles: list, years: list, unit: str = "") -> None:
    """Write the style of a raster beside it, where QGIS finds it whenever the file is opened.

    Parameters
    ----------
    path : str
        The raster.
    style : Ramp or Classes
    quantiles : list of float
        2nd and 98th percentile of the values.
    years : list of int
        The year of each band of a series; else empty.
    unit : str
        Of the values.
    """
    layer = QgsRasterLayer(path, "result", "gdal")
    layer.setRenderer(style.renderer(layer, quantiles, unit))
    # QGIS writes the time of bands into a style from 3.38 on; before, the layer has no such setting.
    if years and Qgis.QGIS_VERSION_INT >= 33800:
        properties = layer.temporalProperties()
        properties.setMode(Qgis.RasterTemporalMode.FixedRangePerBand)
        properties.setFixedRangePerBand({band: _whole_year(year) for band, year in enumerate(years, start=1)})
        properties.setIsActive(True)
    layer.saveNamedStyle(os.path.splitext(path)[0] + ".qml")


def _whole_year(year: int) -> QgsDateTimeRange:
    return QgsDateTimeRange(
        QDateTime(QDate(year, 1, 1), QTime(0, 0, 0)), QDateTime(QDate(year, 12, 31), QTime(23, 59, 59))
    )


def write_vector_style(path: str, style) -> None:
    """Write the style of a file of features beside it; a file without geometry, such as a CSV, gets none.

    Parameters
    ----------
    path : str
        The file; what follows a ``|`` names the layer inside it.
    style : callable
        Takes the layer and styles it.
    """
    layer = QgsVectorLayer(path, "result", "ogr")
    if layer.isSpatial():
        style(layer)
        layer.saveNamedStyle(os.path.splitext(path.split("|")[0])[0] + ".qml")


class StyleAndPlace(QgsProcessingLayerPostProcessorInterface):
    """Gives a loaded result its style, and its place among the layers of its run.

    Processing keeps no Python reference to a post-processor, so each keeps itself until it has run.

    Parameters
    ----------
    layers : RunLayers
    style : callable, optional
        Takes the layer and styles it. Without it the layer gets the style beside its file.
    number : int, optional
        Its place among layers of its kind; by default that after those before.
    """

    _waiting: set = set()

    def __init__(self, layers: RunLayers, style=None, number: int | None = None):
        super().__init__()
        self.style = style
        self._layers = layers
        count = layers.expect()
        self._number = count if number is None else number
        self._waiting.add(self)

    def postProcessLayer(self, layer, _context, _feedback):
        """Called in the main thread, once the layer is loaded."""
        beside = os.path.splitext(layer.source().split("|")[0])[0] + ".qml"
        if self.style is None:
            if os.path.exists(beside):
                layer.loadNamedStyle(beside)
        else:
            self.style(layer)
        layer.triggerRepaint()
        self._layers.place(layer, self._number)
        self._waiting.discard(self)
