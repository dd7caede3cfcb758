"""Writing rasters for tests, and reading results with plain GDAL."""

from __future__ import annotations

import os

import numpy as np
from osgeo import gdal, osr

#: A grid of 30 m cells in UTM zone 50 north.
UTM, UTM_TRANSFORM = 32650, (500000.0, 30.0, 0.0, 4000000.0, 0.0, -30.0)

KINDS = {"float32": gdal.GDT_Float32, "float64": gdal.GDT_Float64, "int16": gdal.GDT_Int16, "uint8": gdal.GDT_Byte}


def write_raster(path, bands, transform=UTM_TRANSFORM, crs=UTM, nodata=None, descriptions=(), kind="float32") -> str:
    """Write a GeoTIFF and return its path.

    ``bands`` is an array (rows, cols) or (bands, rows, cols); ``crs`` an EPSG code or WKT.
    """
    bands = np.asarray(bands)
    bands = bands if bands.ndim == 3 else bands[np.newaxis]
    count, rows, cols = bands.shape
    os.makedirs(os.path.dirname(str(path)), exist_ok=True)
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, count, KINDS[kind], ["INTERLEAVE=BAND"])
    dataset.SetGeoTransform(transform)
    dataset.SetProjection(crs if isinstance(crs, str) else wkt(crs))
    for number, values in enumerate(bands, start=1):
        band = dataset.GetRasterBand(number)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if len(descriptions):
            band.SetDescription(str(descriptions[number - 1]))
        band.WriteArray(values)
    dataset.FlushCache()
    dataset = None
    return str(path)


def wkt(epsg: int) -> str:
    """A reference system as WKT."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    return crs.ExportToWkt()


def stored(path) -> np.ndarray:
    """The values as stored, (bands, rows, cols)."""
    values = gdal.Open(str(path)).ReadAsArray()
    return values if values.ndim == 3 else values[np.newaxis]


def numbers(path) -> np.ndarray:
    """The values as float64 with NaN for nodata: (rows, cols), or (bands, rows, cols) of several bands."""
    dataset = gdal.Open(str(path))
    nodata = dataset.GetRasterBand(1).GetNoDataValue()
    values = dataset.ReadAsArray().astype(np.float64)
    if nodata is not None:
        values[values == nodata] = np.nan
    return values


def band_names(path) -> list:
    """The description of each band."""
    dataset = gdal.Open(str(path))
    return [dataset.GetRasterBand(number).GetDescription() for number in range(1, dataset.RasterCount + 1)]


def identical(one, other) -> bool:
    """Whether two rasters have the same pixels bit for bit, the same grid, nodata value and band names."""

    def facts(path):
        dataset = gdal.Open(str(path))
        bands = [dataset.GetRasterBand(number) for number in range(1, dataset.RasterCount + 1)]
        return (
            dataset.ReadRaster(), dataset.GetGeoTransform(), dataset.GetProjection(), dataset.RasterXSize,
            [(band.DataType, band.GetNoDataValue(), band.GetDescription()) for band in bands],
        )

    return facts(one) == facts(other)
