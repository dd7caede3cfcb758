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
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QDate, QDateTime, QTime

from ..errors import OutputError
from ..raster.disk import require_room
from ..raster.gdal_io import collected_errors
from ..raster.qml import FEATURES, RASTER, kind_of, style_beside
from .layer_tree import RunLayers

_UNWRITABLE = "The style of {} cannot be written: {}. Free space on the disk or choose another folder."

def write_style(path: str, style, quantiles: list, years: list, unit: str = "") -> None:
    """Write the style of a raster beside it, where QGIS finds it whenever the file is opened.

    Parameters
    ----------
    path : str
        The raster.
    style : Ramp, Classes or BandStyles
    quantiles : list of float
        2nd and 98th percentile of the values, or what `Ramp.span` makes of them.
    years : list of int
        The year of each band of a series; else empty.
    unit : str
        Of the values.
    """
    layer = QgsRasterLayer(path, "result", "gdal")
    layer.setRenderer(style.renderer(quantiles, unit))
    # QGIS writes the time of bands into a style from 3.38 on; before, the layer has no such setting.
    if years and Qgis.QGIS_VERSION_INT >= 33800:
        ranges = {band: _whole_year(year) for band, year in enumerate(years, start=1)}
        # Asked for anew each time: what Python holds of an object that the layer owns can be taken from it by what
        # happens in another thread (seen with QGIS 3.44 and Python 3.14: "wrapped C/C++ object has been deleted").
        layer.temporalProperties().setMode(Qgis.RasterTemporalMode.FixedRangePerBand)
        layer.temporalProperties().setFixedRangePerBand(ranges)
        layer.temporalProperties().setIsActive(True)
    _save_beside(layer, path)


def _save_beside(layer, path: str) -> None:
    style = style_beside(path)
    message, saved = layer.saveNamedStyle(style)
    if not saved:
        raise OutputError(_UNWRITABLE.format(os.path.basename(path), message.rstrip(".")))
    require_room(style, os.path.basename(style))


def _whole_year(year: int) -> QgsDateTimeRange:
    return QgsDateTimeRange(
        QDateTime(QDate(year, 1, 1), QTime(0, 0, 0)), QDateTime(QDate(year, 12, 31), QTime(23, 59, 59))
    )


def in_database(path: str) -> bool:
    """Whether a file of features keeps the styles of its tables itself; others have one beside them."""
    return path.split("|")[0].lower().endswith(".gpkg")


def write_vector_style(path: str, style) -> None:
    """Write the style of features where QGIS finds it whenever they are opened: into a GeoPackage, as that of their
    table, or beside any other file. What has no geometry, such as a CSV, gets none.

    Parameters
    ----------
    path : str
        The file; what follows a ``|`` names the layer inside it.
    style : callable
        Takes the layer and styles it.

    Raises
    ------
    OutputError
        If the style cannot be written.
    """
    layer = QgsVectorLayer(path, "result", "ogr")
    if not layer.isSpatial():
        return
    style(layer)
    file, _, table = path.partition("|layername=")
    if in_database(path):
        _save_inside(layer, file, table or os.path.splitext(os.path.basename(file))[0])
    else:
        _save_beside(layer, file)


def _save_inside(layer: QgsVectorLayer, file: str, name: str) -> None:
    # The first is the name of QGIS 4. What either returns tells also of what an SLD cannot express.
    save = getattr(layer, "saveStyleToDatabaseV2", None) or layer.saveStyleToDatabase
    with collected_errors() as messages:
        save(name, "", True, "")
    if messages or layer.listStylesInDatabase()[0] < 1:
        reason = messages[0] if messages else "the database did not take its style"
        raise OutputError(_UNWRITABLE.format(os.path.basename(file), reason))
    require_room(file, os.path.basename(file))


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
    path : str, optional
        What Processing calls the layer: its source, or the id of a layer in memory.
    """

    _waiting: set = set()

    def __init__(self, layers: RunLayers, style=None, number: int | None = None, path: str = ""):
        super().__init__()
        self.style = style
        self._path = path
        self._layers = layers
        count = layers.expect()
        self._number = count if number is None else number
        self._waiting.add(self)

    def postProcessLayer(self, layer, _context, _feedback):
        """Called in the main thread, once the layer is loaded."""
        if sip.isdeleted(layer):
            # After a project was closed, QGIS 3.22 may hand over a Python object that has lost the layer it loaded.
            layer = self._layers.loaded(self._path)
        beside = style_beside(layer.source().split("|")[0])
        if self.style is None:
            if kind_of(beside) == (RASTER if isinstance(layer, QgsRasterLayer) else FEATURES):
                layer.loadNamedStyle(beside)
        else:
            self.style(layer)
        layer.triggerRepaint()
        self._layers.place(layer, self._number)
        self._waiting.discard(self)
