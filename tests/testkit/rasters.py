"""Writing rasters for tests, and reading results with plain GDAL."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from osgeo import gdal, osr

from nep_toolbox.raster.series import Layer

#: A grid of 30 m cells in UTM zone 50 north, which rasters have that are given no other.
UTM, UTM_TRANSFORM = 32650, (500000.0, 30.0, 0.0, 4000000.0, 0.0, -30.0)

#: The same corner, with cells of 500 m.
COARSE_TRANSFORM = (500000.0, 500.0, 0.0, 4000000.0, 0.0, -500.0)

KINDS = {"float32": gdal.GDT_Float32, "float64": gdal.GDT_Float64, "int16": gdal.GDT_Int16, "uint8": gdal.GDT_Byte}


def write_raster(path, values, transform=UTM_TRANSFORM, crs=UTM, *, nodata=None, descriptions=(), kind="float32",
                 options=("INTERLEAVE=BAND",), scale=None, offset=None) -> str:
    """Write a GeoTIFF and return its path.

    ``values`` is an array (rows, cols) or (bands, rows, cols); ``crs`` an EPSG code or WKT; ``kind`` a name
    of `KINDS` or one of GDAL's types.
    """
    values = np.asarray(values)
    values = values if values.ndim == 3 else values[np.newaxis]
    bands, rows, cols = values.shape
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, bands, KINDS.get(kind, kind), list(options))
    dataset.SetGeoTransform(transform)
    dataset.SetProjection(crs if isinstance(crs, str) else wkt_of(crs))
    for number, plane in enumerate(values, start=1):
        band = dataset.GetRasterBand(number)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if scale is not None:
            band.SetScale(scale)
        if offset is not None:
            band.SetOffset(offset)
        if len(descriptions):
            band.SetDescription(str(descriptions[number - 1]))
        band.WriteArray(plane)
    dataset.FlushCache()
    dataset = None
    return str(path)


def write_layer(path, values, *arguments, **options) -> Layer:
    """`write_raster`, as a layer that is named as its file."""
    return Layer(Path(path).stem, write_raster(path, values, *arguments, **options))


def yearly(folder, years, shape=(3, 4), **options) -> list:
    """One layer a year, its cells all the year's number."""
    return [write_layer(Path(folder) / f"NPP_{year}.tif", np.full(shape, float(year)), **options) for year in years]


def wkt_of(epsg: int) -> str:
    """The reference system of an EPSG code as WKT."""
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
