"""Tiny GeoTIFFs for the tests of the raster layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from osgeo import gdal, osr

from nep_toolbox.raster.series import Layer

UTM = 32650
NORTH_UP = (500000.0, 500.0, 0.0, 4000000.0, 0.0, -500.0)


def wkt_of(epsg: int) -> str:
    """The reference system of an EPSG code as WKT."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    return crs.ExportToWkt()


def write_raster(path, values, kind=gdal.GDT_Float32, nodata=None, descriptions=(), epsg=UTM, transform=NORTH_UP,
                 options=(), scale=None, offset=None, wkt=None) -> Layer:
    """Write an array (rows, cols) or (bands, rows, cols) as a GeoTIFF and return it as a layer named as its file."""
    values = np.asarray(values)
    values = values if values.ndim == 3 else values[np.newaxis]
    path = Path(path)
    bands, height, width = values.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, bands, kind, list(options))
    dataset.SetGeoTransform(transform)
    dataset.SetProjection(wkt_of(epsg) if wkt is None else wkt)
    for number, plane in enumerate(values, start=1):
        band = dataset.GetRasterBand(number)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if scale is not None:
            band.SetScale(scale)
        if offset is not None:
            band.SetOffset(offset)
        if descriptions:
            band.SetDescription(descriptions[number - 1])
        band.WriteArray(plane)
    dataset.FlushCache()
    return Layer(path.stem, str(path))


def yearly(folder, years, shape=(3, 4), **options) -> list:
    """One raster a year, its cells all the year's number."""
    return [write_raster(Path(folder) / f"NPP_{year}.tif", np.full(shape, float(year)), **options) for year in years]


def open_files() -> set:
    """The files this process holds open; empty where the system does not tell."""
    folder = Path("/proc/self/fd")
    found = set()
    for link in folder.iterdir() if folder.is_dir() else ():
        try:
            found.add(str(link.readlink() if hasattr(link, "readlink") else link.resolve()))
        except OSError:
            continue
    return found
