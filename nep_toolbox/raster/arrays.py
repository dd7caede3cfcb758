"""The arrays of a file with named axes (netCDF, HDF5, Zarr), which know more of it than the rasters made of them."""

from __future__ import annotations

import re

import numpy as np
from osgeo import gdal

from .gdal_io import collected_errors, opened

#: What the drivers call an array: the file, the array and, where each band is a dataset, its place on the first axis.
_NAME = re.compile(r'(?:ZARR|HDF5|NETCDF):"?(?P<file>.+?)"?:/*(?P<array>/?[^:"]+?)(?::(?P<place>\d+))?')


def root_of(dataset: gdal.Dataset) -> gdal.Group | None:
    """The file of a dataset as a group of arrays; None where GDAL cannot open it so."""
    found = _NAME.fullmatch(dataset.GetDescription())
    file, _reason = opened(found["file"] if found else dataset.GetDescription(), gdal.OF_MULTIDIM_RASTER)
    return file.GetRootGroup() if file else None


def array_of(dataset: gdal.Dataset) -> tuple:
    """The array that a dataset shows, and the place of its only band on the first axis, None where it shows all.

    The array is None where GDAL does not give it.
    """
    found, root = _NAME.fullmatch(dataset.GetDescription()), root_of(dataset)
    if not found or not root:
        return None, None
    return array_in(root, found["array"]), int(found["place"]) if found["place"] else None


def array_in(group: gdal.Group, name: str) -> gdal.MDArray | None:
    """An array of a file; None where there is none of this name."""
    with collected_errors():
        try:
            return group.OpenMDArrayFromFullname("/" + name.lstrip("/"))
        except RuntimeError:
            return None


def axis_variable(dataset: gdal.Dataset, dimension: gdal.Dimension) -> gdal.MDArray | None:
    """The array of the values along an axis; None where there is none."""
    variable = dimension.GetIndexingVariable()
    root = None if variable else root_of(dataset)
    return variable or (array_in(root, dimension.GetName()) if root else None)


def values_of(array: gdal.MDArray | None) -> np.ndarray | None:
    """All values of a small array of numbers as float64; None where it cannot be read."""
    with collected_errors():
        try:
            values = array.ReadAsArray() if array else None
            return None if values is None else np.asarray(values, dtype=np.float64)
        except (RuntimeError, ValueError, TypeError):
            return None


def attribute(array: gdal.MDArray | None, name: str) -> str:
    """An attribute of an array as text, the unit among them; empty where it has none."""
    if array and name == "units" and array.GetUnit():
        return array.GetUnit()
    with collected_errors():
        try:
            found = array.GetAttribute(name) if array else None
            return (found.ReadAsString() or "") if found else ""
        except RuntimeError:
            return ""
