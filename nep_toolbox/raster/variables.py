"""The variables of files that hold several (netCDF, HDF5, Zarr), as GDAL names them."""

from __future__ import annotations

import os
import re

from .gdal_io import opened

#: Endings of files that may hold several variables.
CONTAINERS = (".nc", ".nc4", ".cdf", ".h5", ".hdf5", ".he5", ".zarr")

#: Values in a row of the limits of cells and times.
LIMITS = 2

#: How GDAL names a variable in a file: NETCDF:"tas.nc":tas, ZARR:"tas.zarr":/tas:0.
_NAME = re.compile(r'[A-Za-z]\w+:"?(.+?)"?:+/*([^"/\\]+)')


def is_variable(path: str) -> bool:
    """Whether a path is one of a variable in a file."""
    return bool(_NAME.fullmatch(path)) and not os.path.exists(path)


def variable_name(path: str) -> str:
    """The name of a variable, after that of its file: "era5 t2m"."""
    file, name = _NAME.fullmatch(path).groups()
    return f"{os.path.splitext(os.path.basename(file))[0]} {name}"


def variables_of(path: str) -> list:
    """The paths of the variables of a file that lie on a map; none of a file that is a raster itself, or is no file."""
    dataset, _reason = opened(path)
    if dataset is None or dataset.RasterCount:
        return []
    return [name for name, _description in dataset.GetSubDatasets() if _is_map(name)]


def _is_map(path: str) -> bool:
    """Whether a variable has a place, or is of HDF5, which has none, and more than a list of limits."""
    dataset, _reason = opened(path)
    if dataset is None or min(dataset.RasterXSize, dataset.RasterYSize) <= LIMITS:
        return False
    return path.startswith("HDF5:") or dataset.GetGeoTransform(can_return_null=True) is not None
