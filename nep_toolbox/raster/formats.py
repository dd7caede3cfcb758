"""Raster formats: which driver writes a file, and whether it can hold a result, tried with a small raster."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import replace
from functools import cache

import numpy as np
from osgeo import gdal

from ..errors import OutputError, ToolboxError
from .crs import crs_wkt, transformed
from .gdal_io import collected_errors, open_raster
from .grid import Grid
from .netcdf_time import axis_of, is_axis
from .time_axis import times_of

#: Files of the netCDF-4 kind may be larger than 4 GB.
_COMPRESSED = ["FORMAT=NC4", "COMPRESS=DEFLATE"]

#: What is said of a format that loses something: the file, the driver, and what it loses.
UNABLE = "{} cannot be written as {}, {}. Choose a file name that ends with .tif."

#: Columns and rows of the raster that is tried.
COLUMNS, ROWS = 5, 4

#: What stands in it by GDAL's type: numbers that need every bit of their type, and codes of classes.
_HARD = {
    gdal.GDT_Float32: (1.1, -69.3, 3.4e37, -1e-30, 88.25, 123456.78, 0.0, -0.5),
    gdal.GDT_Int16: (-32767, -4, 0, 4, 255, 300, 32767, 1),
    gdal.GDT_Int32: (1002, 999999, 0, 7, 2**31 - 1, -5, 65536, 1),
    gdal.GDT_Byte: (1, 2, 254, 255, 128, 7, 3, 90),
}


def driver_of(target: str) -> str:
    """The short name of the GDAL driver that writes a file of this extension: the first that can hold a result.

    Raises
    ------
    OutputError
        If there is none, or none of them can hold numbers or classes with their nodata value and CRS.
    """
    extension = os.path.splitext(target)[1].lower().lstrip(".")
    if extension in ("tif", "tiff"):
        return "GTiff"
    found = drivers_of(extension)
    if not found:
        raise OutputError(f"No raster format is known for {target}. Choose a file name that ends with .tif.")
    reasons = [why_unable(driver, extension) for driver in found]
    if all(reasons):
        raise OutputError(UNABLE.format(target, found[0], reasons[0]))
    return found[reasons.index("")]


def drivers_of(extension: str) -> list:
    """The short names of the GDAL drivers that make rasters of an extension."""
    found = []
    for driver in (gdal.GetDriver(index) for index in range(gdal.GetDriverCount())):
        known = (driver.GetMetadataItem(gdal.DMD_EXTENSIONS) or "").lower().split()
        able = driver.GetMetadataItem(gdal.DCAP_CREATECOPY) or driver.GetMetadataItem(gdal.DCAP_CREATE)
        # A VRT would only point to the file it was made from.
        if extension in known and able and driver.GetMetadataItem(gdal.DCAP_RASTER) and driver.ShortName != "VRT":
            found.append(driver.ShortName)
    return found


@cache
def why_unable(driver: str, extension: str) -> str:
    """Why a driver holds neither a band of numbers nor one of classes; empty where it holds one of them."""
    grid = Grid(crs_wkt("EPSG:32650"), (500000.0, 30.0, 0.0, 4000000.0, 0.0, -30.0), COLUMNS, ROWS)
    reasons = [
        why_lossy(driver, grid, ["a"], kind, nodata, extension) for kind, nodata in ((gdal.GDT_Float32, -9999.0),
                                                                          (gdal.GDT_Int16, -32768))
    ]
    return reasons[0] if all(reasons) else ""


def why_lossy(driver: str, grid: Grid, bands: list, data_type: int, nodata: float, extension: str) -> str:
    """What of a result a driver would lose, tried with a small raster; empty where it holds all.

    Parameters
    ----------
    driver : str
        Short name of the driver.
    grid : Grid
        Of the result, whose first columns and rows are tried.
    bands : list of str
        The description of each band; the years of several must be found again.
    data_type : int
        GDAL's type of the values.
    nodata : float
    extension : str
        Of the file.
    """
    kinds = (gdal.GetDriverByName(driver).GetMetadataItem(gdal.DMD_CREATIONDATATYPES) or "").split()
    name = gdal.GetDataTypeName(data_type)
    if kinds and name not in kinds:
        return f"which holds no values of the type {name}"
    small = Grid(grid.wkt, grid.transform, COLUMNS, ROWS)
    source, planes = _small(small, bands, data_type, nodata)
    with tempfile.TemporaryDirectory(prefix="nep-") as folder, collected_errors() as messages:
        path = os.path.join(folder, f"a.{extension}")
        try:
            written = convert(source, path, driver)
        except RuntimeError as error:
            written = False
            messages.append(str(error))
        if not written:
            said = messages[-1] if messages else "no reason given"
            return f"which says: {said.replace(path, 'file').rstrip(' .')}"
        try:
            return _lost(path, small, planes, bands, nodata)
        except (RuntimeError, ToolboxError):
            return "which gives a file that cannot be read again"


def _small(grid: Grid, bands: list, data_type: int, nodata: float) -> tuple:
    """A small raster in memory, and its values."""
    source = gdal.GetDriverByName("MEM").Create("", grid.width, grid.height, len(bands), data_type)
    source.SetProjection(grid.wkt)
    source.SetGeoTransform(grid.transform)
    hard = np.resize(np.array(_HARD.get(data_type, _HARD[gdal.GDT_Byte]), np.float64), (grid.height, grid.width))
    planes = []
    for number, description in enumerate(bands, start=1):
        band = source.GetRasterBand(number)
        band.SetNoDataValue(nodata)
        band.SetDescription(description)
        plane = np.roll(hard, number)
        plane[0, 0] = nodata
        band.WriteArray(plane)
        planes.append(band.ReadAsArray())
    return source, planes


def _lost(path: str, grid: Grid, planes: list, bands: list, nodata: float) -> str:
    dataset = open_raster(path, path)
    if dataset.RasterCount != len(bands):
        return f"which does not give {len(bands)} bands back"
    found = [dataset.GetRasterBand(number + 1) for number in range(len(bands))]
    if (dataset.RasterXSize, dataset.RasterYSize) != (grid.width, grid.height) or not all(
        np.array_equal(band.ReadAsArray(), plane) for band, plane in zip(found, planes)
    ):
        return "which changes values"
    if any(band.GetNoDataValue() != nodata for band in found):
        return "which loses the nodata value"
    if not _same_place(grid, Grid.of(dataset)):
        return "which loses the CRS or the place of the grid"
    if len(bands) > 1 and is_axis(bands):
        years = [band.GetDescription() or str((time or [""])[0]) for band, time in zip(found, times_of(dataset)[0])]
        return "" if years == list(bands) else "which loses the years of the bands"
    return ""


def _same_place(grid: Grid, other: Grid) -> bool:
    """Whether a grid comes back: the CRS by where it puts the grid, as formats write it in different ways."""
    if not grid.wkt:
        return not grid.differences(other)
    if not other.wkt or grid.differences(replace(other, wkt=grid.wkt)):
        return False
    x, y = (np.array(each) for each in grid.corners)
    u, v = transformed(x, y, grid.wkt, other.wkt)
    shift = np.hypot(u - x, v - y)
    return bool((shift < 1e-3 * min(grid.cell_size)).all())


def convert(source: gdal.Dataset, path: str, driver: str) -> bool:
    """Copy a raster into a format, and tell whether it was done.

    A netCDF file gets one variable, named as the file, with a time axis where the bands are years.
    """
    options = {}
    if driver == "netCDF":
        source, options = _for_netcdf(source, path), {"creationOptions": ["WRITE_GDAL_HISTORY=NO", *_COMPRESSED]}
    return gdal.Translate(path, source, format=driver, **options) is not None


def _for_netcdf(source: gdal.Dataset, path: str) -> gdal.Dataset:
    """A virtual copy that says how the bands are one variable."""
    bands = [source.GetRasterBand(number) for number in range(1, source.RasterCount + 1)]
    names = [band.GetDescription() for band in bands]
    several = len(names) > 1 or is_axis(names)
    copy = gdal.Translate("", source, format="VRT", metadataOptions=axis_of(names) if several else None)
    variable = re.sub(r"\W", "_", os.path.splitext(os.path.basename(path))[0], flags=re.ASCII)
    for number, band in enumerate(bands, start=1):
        said = copy.GetRasterBand(number)
        said.SetMetadataItem("NETCDF_VARNAME", variable if variable[:1].isalpha() else f"v{variable}")
        said.SetMetadataItem("units", band.GetUnitType() or "1")
        said.SetMetadataItem("long_name", names[number - 1] if not several else variable)
    return copy
