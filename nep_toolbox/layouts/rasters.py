"""Rasters as layers: styled as the tool that made them wants it, one band of a series as a layer of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from qgis.core import (
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterRenderer,
)

from ..raster.gdal_io import open_raster
from ..raster.qml import RASTER, kind_of, style_beside
from ..styling.styles import Ramp

#: Rows that are read at a time.
_ROWS = 512


def raster_layer(path: str, name: str, ramp: Ramp, band: int = 1, label=str) -> QgsRasterLayer:
    """A layer of a raster file, drawn cell by cell.

    Parameters
    ----------
    path : str
    name : str
        Of the layer.
    ramp : Ramp
        Its style where none lies beside it.
    band : int
        Which one is shown, in the style that all bands share.
    label : callable
        Puts the name of a class into the language of the study.

    Returns
    -------
    QgsRasterLayer
        Invalid where QGIS cannot read the file. Classes that do not occur in it are left out.
    """
    layer = QgsRasterLayer(path, name, "gdal")
    if not layer.isValid():
        return layer
    if kind_of(style_beside(path)) == RASTER:
        layer.loadNamedStyle(style_beside(path))
    elif not layer.dataProvider().colorTable(band):  # else QGIS shows the classes in the colours of the file
        layer.setRenderer(ramp.renderer(_quantiles(path, band)))
    layer.setName(name)
    show_band(layer, band)
    renderer = layer.renderer()
    if isinstance(renderer, QgsPalettedRasterRenderer):
        layer.setRenderer(_of_classes(layer, renderer, band, label))
    layer.setCustomProperty("nep_toolbox/band", band)
    return layer


def show_band(layer: QgsRasterLayer, band: int) -> None:
    """Have the renderer of a layer draw a band."""
    renderer = layer.renderer()
    setter = getattr(renderer, "setInputBand", None) or getattr(renderer, "setBand", None)
    if setter is not None:
        setter(band)


def shown_band(layer: QgsRasterLayer) -> int:
    """The band that a layer of `raster_layer` shows."""
    return int(layer.customProperty("nep_toolbox/band", 1))


def bands(path: str) -> list:
    """The descriptions of the bands of a raster; empty texts for bands without."""
    dataset = open_raster(path, path)
    return [dataset.GetRasterBand(number).GetDescription() for number in range(1, dataset.RasterCount + 1)]


def value_range(layer: QgsRasterLayer) -> tuple:
    """The least and the greatest value of the band that is shown; NaN where there are none.

    Read here, as QGIS would write the statistics beside the file.
    """
    found = [(values.min(), values.max()) for values in _valid_values(layer.source(), shown_band(layer)) if values.size]
    return (float(min(low for low, _ in found)), float(max(high for _, high in found))) if found else (math.nan,) * 2


def valid_area(layer: QgsRasterLayer) -> float:
    """The area of the cells that have a value in the band that is shown, in map units squared."""
    count = sum(int(values.size) for values in _valid_values(layer.source(), shown_band(layer)))
    return count * layer.rasterUnitsPerPixelX() * layer.rasterUnitsPerPixelY()


def _quantiles(path: str, band: int) -> list:
    values = np.concatenate([*_valid_values(path, band), np.empty(0)])
    return np.quantile(values, (0.02, 0.98)).tolist() if values.size else [math.nan, math.nan]


def _of_classes(layer: QgsRasterLayer, renderer: QgsPalettedRasterRenderer, band: int, label) -> QgsRasterRenderer:
    """The renderer with the classes that occur, named in the language of the study."""
    occurring = set()
    for values in _valid_values(layer.source(), band):
        occurring.update(np.unique(values).tolist())
    classes = []
    for each in renderer.classes():
        if each.value in occurring:
            each.label = label(each.label)
            classes.append(each)
    return QgsPalettedRasterRenderer(None, band, classes)


def _valid_values(path: str, number: int) -> Iterator[np.ndarray]:
    """The values of a band that are no nodata, as QGIS shows them, some rows at a time."""
    dataset = open_raster(path, path)
    band = dataset.GetRasterBand(number)
    nodata, factor, offset = band.GetNoDataValue(), band.GetScale(), band.GetOffset()
    for top in range(0, dataset.RasterYSize, _ROWS):
        values = band.ReadAsArray(0, top, dataset.RasterXSize, min(_ROWS, dataset.RasterYSize - top))
        valid = ~np.isnan(values) if values.dtype.kind == "f" else np.ones(values.shape, bool)
        if nodata is not None:
            valid &= values != nodata
        values = values[valid]
        yield values if factor in (None, 1.0) and not offset else values * (factor or 1.0) + (offset or 0.0)
