"""GDAL calls that behave the same whether or not GDAL's Python exceptions are switched on.

Other plugins share the interpreter, so the mode is neither relied on nor changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Callable

from osgeo import gdal

from ..errors import UnreadableRaster
from .netcdf3 import is_whole

#: What is said of a file that ends early: its name, and what is wrong.
DAMAGED = "'{}' is damaged or incomplete: {}. Copy or download the file again, then run the tool anew."

#: What QGIS writes before each option for opening a raster.
_OPTION = "|option:"


class Messages(list):
    """Error texts, one line each: of a chain of causes, as GDAL's exceptions tell it, the first cause."""

    def append(self, text: str) -> None:
        """Add a text."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        cause = lines[-1] if lines else "no reason given"
        super().append(cause.replace("May be caused by: ", ""))


@contextmanager
def collected_errors() -> Iterator[Messages]:
    """Keep GDAL's error texts from the console and hand them to the caller, in order."""
    messages = Messages()

    def handler(level, _number, text):
        if level >= gdal.CE_Failure:
            messages.append(text)

    gdal.PushErrorHandler(handler)
    try:
        yield messages
    finally:
        gdal.PopErrorHandler()


def file_of(path: str) -> str:
    """A path without the options for opening it that QGIS adds, as in ``a.tif|option:GEOREF_SOURCES=NONE``."""
    return path.split(_OPTION)[0]


def opened(path: str, kind: int = gdal.OF_RASTER, options: tuple | list = ()) -> tuple:
    """What GDAL opens at a path for reading, and an empty text; or None, and why it could not be opened."""
    file, *given = path.split(_OPTION)
    with collected_errors() as messages, reading_options(file):
        try:
            dataset = gdal.OpenEx(
                file, kind | gdal.OF_READONLY | gdal.OF_VERBOSE_ERROR, open_options=[*options, *given]
            )
        except RuntimeError as error:
            dataset = None
            messages.append(str(error))
    if dataset is None:
        return None, messages[-1] if messages else "it is no raster GDAL knows"
    return dataset, ""


@contextmanager
def reading_options(path: str) -> Iterator[None]:
    """What is opened here from a disk reads plain TIFFs without GDAL's cache, for whose lock threads would queue.

    Of what lies on a server or in an archive GDAL would ask for each row of each tile. There it shall keep the tiles
    that several threads fetch at a time, of which its own 16 MB lose some before they are read.
    """
    name, value = ("CPL_VSIL_CURL_CACHE_SIZE", str(2**27)) if path.startswith("/vsi") else ("GTIFF_DIRECT_IO", "YES")
    if not hasattr(gdal, "SetThreadLocalConfigOption"):  # which an old GDAL lacks
        yield
        return
    before = gdal.GetThreadLocalConfigOption(name)
    gdal.SetThreadLocalConfigOption(name, before or gdal.GetConfigOption(name) or value)
    try:
        yield
    finally:
        gdal.SetThreadLocalConfigOption(name, before)


def open_raster(path: str, name: str) -> gdal.Dataset:
    """Open a raster for reading.

    Parameters
    ----------
    path : str
        Anything GDAL opens: a file, a subdataset, a virtual path; with options for opening it as QGIS writes them.
    name : str
        What the user calls the raster, for the error.

    Raises
    ------
    UnreadableRaster
        If GDAL cannot open it, or opens a container that has no bands of its own, or if it is a netCDF file that ends
        early, of which GDAL would read zeros.
    """
    dataset, reason = opened(path)
    if dataset is None:
        raise UnreadableRaster(f"'{name}' cannot be opened: {reason}. Check that {path} exists and is a raster.")
    if dataset.RasterCount == 0:
        raise UnreadableRaster(
            f"'{name}' holds several datasets and no band of its own. Add the one you want to the project "
            f"(Layer, Add Raster Layer lists them) and choose that layer, or use the tool ⟨nep:importmod17⟩."
        )
    dataset = _by_netcdf(dataset)
    if dataset.GetDriver().ShortName == "netCDF":
        lacking = [file for file in dataset.GetFileList() or [] if not is_whole(file)]
        if lacking:
            raise UnreadableRaster(DAMAGED.format(name, f"{lacking[0]} ends early"))
    # Class names that lie beside a GeoTIFF are only found once GDAL has been asked for something else.
    dataset.GetGeoTransform()
    return dataset


def _by_netcdf(dataset: gdal.Dataset) -> gdal.Dataset:
    """A variable of an HDF5 file without a place as the netCDF driver reads it, which knows the axes, the scale and the
    unit of a file that follows the CF conventions; the dataset itself of any other."""
    found = re.fullmatch(r'HDF5:"?(.+?)"?://(.+)', dataset.GetDescription())
    if dataset.GetDriver().ShortName != "HDF5Image" or not found or dataset.GetGeoTransform(can_return_null=True):
        return dataset
    other, _reason = opened('NETCDF:"{}":{}{}'.format(found[1], "/" if "/" in found[2] else "", found[2]))
    placed = other is not None and other.GetGeoTransform(can_return_null=True)
    return other if placed and other.RasterCount == dataset.RasterCount else dataset


def files_behind(path: str) -> list:
    """The files that a raster or a layer of features is made of: those of a virtual raster, the file around a
    subdataset, what lies beside a shapefile. None where GDAL opens nothing."""
    with collected_errors():
        try:
            dataset = gdal.OpenEx(file_of(path))
        except RuntimeError:
            dataset = None
        return (dataset.GetFileList() or []) if dataset is not None else []


def read_band(band: gdal.Band, window, name: str, size: tuple = ()):
    """Read one window of a band as stored.

    Parameters
    ----------
    band : gdal.Band
    window : Window
    name : str
        What the user calls the raster, for the error.
    size : tuple of int
        Width and height of the result, thinned; by default those of the window.

    Returns
    -------
    array (height, width) of the band's own type

    Raises
    ------
    UnreadableRaster
        If the file ends early or is damaged.
    """
    return _told(lambda: band.ReadAsArray(window.col, window.row, window.width, window.height, *size), name)


def read_into(out, band: gdal.Band, window, name: str) -> None:
    """Read one window of a band into memory that is there, as numbers of its type.

    Parameters
    ----------
    out : array (height, width)
        Of a type that holds what is stored.
    band, window, name
        As for `read_band`.

    Raises
    ------
    UnreadableRaster
        If the file ends early or is damaged.
    """
    if _is_signed(band):
        out[...] = read_band(band, window, name)
        return
    _told(lambda: band.ReadAsArray(window.col, window.row, window.width, window.height, buf_obj=out), name)


def _is_signed(band: gdal.Band) -> bool:
    """Whether a band is one of signed bytes as GDAL before 3.7 has them: unsigned but for a remark."""
    return band.DataType == gdal.GDT_Byte and band.GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE") == "SIGNEDBYTE"


def _told(read: Callable, name: str):
    """What ``read`` gives; UnreadableRaster where it gives None or raises."""
    with collected_errors() as messages:
        try:
            values = read()
        except RuntimeError as error:
            values = None
            messages.append(str(error))
    if values is None:
        reason = messages[-1] if messages else "reading failed"
        raise UnreadableRaster(DAMAGED.format(name, reason))
    return values
