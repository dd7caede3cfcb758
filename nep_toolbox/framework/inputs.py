"""Turning what a user chose in a dialog, a model or on the command line into plain rasters."""

from __future__ import annotations

import os
from dataclasses import replace

from qgis.core import (
    QgsCoordinateTransformContext,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProperty,
    QgsRasterFileWriter,
    QgsRasterLayer,
    QgsRasterPipe,
)

from ..errors import InvalidParameter, UnreadableRaster
from ..raster.gdal_io import reading_options
from ..raster.series import Layer
from ..raster.variables import CONTAINERS, is_variable, variable_name, variables_of
from ..raster.wording import listed
from .reference_systems import sound
from .texts import tr


def raster_layers(value, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> list:
    """The rasters a parameter names, in the order given.

    Parameters
    ----------
    value : object
        The parameter's value: a layer, a name, a path, or a list of them.
    context, feedback : from QGIS

    Returns
    -------
    list of Layer

    Raises
    ------
    UnreadableRaster
        If one cannot be loaded.
    """
    return [_plain(_loaded(item, context), context, feedback) for item in _flat(value, context)]


def loaded_rasters(value, context: QgsProcessingContext) -> list:
    """The same rasters as QGIS holds them, with the styles they have in the project; for the main thread only."""
    return [_loaded(item, context) for item in _flat(value, context)]


#: So many rasters that cannot be loaded are named for a parameter.
MOST_REASONS = 5


def why_unreadable(value, context: QgsProcessingContext) -> str:
    """The messages on the rasters of a parameter that cannot be loaded, of many the first; empty if all can."""
    reasons = []
    for item in _flat(value, context):
        try:
            _loaded(item, context)
        except UnreadableRaster as error:
            reasons.append(str(error))
    if len(reasons) > MOST_REASONS:
        reasons[MOST_REASONS:] = [tr("So it is with {} more.").format(len(reasons) - MOST_REASONS)]
    return " ".join(reasons)


def file_paths(value, context: QgsProcessingContext) -> list:
    """The files a parameter for several files names, in the order given; a layer stands for its source."""
    return [_path(item, context) for item in _flat(value, context)]


def _path(item, context: QgsProcessingContext) -> str:
    if isinstance(item, str) and os.path.exists(item):
        return item
    layer = item
    if not isinstance(item, QgsRasterLayer):
        layer = QgsProcessingUtils.mapLayerFromString(str(item), context, False)
    return layer.source() if isinstance(layer, QgsRasterLayer) else str(item)


def _flat(value, context: QgsProcessingContext) -> list:
    if isinstance(value, QgsProperty):
        value, _valid = value.value(context.expressionContext())
    if isinstance(value, (list, tuple)):
        return [item for each in value for item in _flat(each, context)]
    return [] if value is None or value == "" else [value]


def _loaded(item, context: QgsProcessingContext) -> QgsRasterLayer:
    if isinstance(item, QgsRasterLayer):
        layer = item
    else:
        layer = QgsProcessingUtils.mapLayerFromString(
            str(item), context, True, QgsProcessingUtils.LayerHint.Raster
        )
        if layer is None or isinstance(layer, QgsRasterLayer) and not layer.bandCount():
            layer = _from_gdal(str(item), context)
    if not isinstance(layer, QgsRasterLayer) or not layer.isValid():
        raise UnreadableRaster(
            f"'{item}' is no raster that QGIS can load: the file is missing, damaged or of another kind. Choose a "
            f"raster layer or give the path of a raster file."
        )
    return layer


def _from_gdal(path: str, context: QgsProcessingContext) -> QgsRasterLayer | None:
    """The raster at a path that QGIS would seek on the disk: one of GDAL's own file systems (/vsicurl/, /vsizip/), a
    variable in a file (NETCDF:"era5.nc":t2m), or the only variable of a file."""
    name = os.path.splitext(os.path.basename(path))[0]
    if not is_variable(path) and (not path.startswith("/vsi") or os.path.splitext(path)[1] in CONTAINERS):
        variables = variables_of(path)
        if len(variables) > 1:
            raise UnreadableRaster(
                tr("'{}' holds several variables: {}. Give one of them, as {}, or add it to the project and choose "
                   "that layer.").format(path, listed([each.rpartition(":")[2] for each in variables]), variables[0])
            )
        if not variables and not path.startswith("/vsi"):
            return None
        path = variables[0] if variables else path
    options = QgsRasterLayer.LayerOptions(False, QgsCoordinateTransformContext())  # False: no style
    with reading_options(path):
        layer = QgsRasterLayer(path, name, "gdal", options)
    return context.temporaryLayerStore().addMapLayer(layer) if layer.isValid() else None


def _plain(layer: QgsRasterLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Layer:
    provider = layer.dataProvider()
    ranges = tuple(
        (band, item.min(), item.max())
        for band in range(1, layer.bandCount() + 1)
        for item in provider.userNoDataValues(band)
    )
    if provider.name() == "gdal":
        return _whole_name(Layer(layer.name(), layer.source(), ranges))
    return Layer(layer.name(), _exported(layer, context, feedback), ranges)


def _whole_name(layer: Layer) -> Layer:
    """A layer by the whole name of its file where QGIS cut it at the first dot ("wc2.1_30s_tavg_01"), and of a variable
    by its own too where QGIS names the file alone ("era5 t2m")."""
    file, last = layer.base_name, os.path.splitext(os.path.basename(layer.path))[0]
    if is_variable(layer.path) and layer.name in (file, last):
        return replace(layer, name=variable_name(layer.path))
    return replace(layer, name=file) if file.startswith(f"{layer.name}.") else layer


def _exported(layer: QgsRasterLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> str:
    """A temporary GeoTIFF of a layer that only QGIS can read, such as one from a database or a server."""
    provider = layer.dataProvider()
    if not provider.xSize() or not provider.ySize():
        raise InvalidParameter(
            f"'{layer.name()}' comes from the provider '{provider.name()}' and has no cells of its own, only pictures "
            f"of a map. Save it as a GeoTIFF (Export, Save As, Raw data) and choose that file."
        )
    feedback.pushInfo(f"'{layer.name()}' ({provider.name()}) is copied to a temporary GeoTIFF first.")
    path = QgsProcessingUtils.generateTempFilename("layer.tif")
    pipe = QgsRasterPipe()
    pipe.set(provider.clone())
    writer = QgsRasterFileWriter(path)
    crs = sound(layer.crs(), layer.name())
    outcome = writer.writeRaster(
        pipe, provider.xSize(), provider.ySize(), layer.extent(), crs, context.transformContext()
    )
    if outcome != type(outcome)(0) or not os.path.exists(path):  # 0: no error
        raise UnreadableRaster(
            f"'{layer.name()}' could not be copied from its provider '{provider.name()}'. Check that its server "
            f"answers, or save it as a GeoTIFF and choose that file."
        )
    return path
