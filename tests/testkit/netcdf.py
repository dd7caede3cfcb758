"""Writing climate files as models and centres of data do: netCDF by SciPy, other formats made of them by GDAL."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from osgeo import gdal
from scipy.io import netcdf_file

CMIP_UNITS = "days since 1850-01-01"


def write_netcdf(path, variables: dict, times, units: str = CMIP_UNITS, calendar: str = "360_day", *,
                 axis: str = "time", bounds=None, climatology: bool = False, west: float = 100.5, north: float = 33.5,
                 cell: float = 1.0) -> str:
    """Write variables (times, rows from the north, cols) with their unit, ``name -> (values, unit)``, and return the
    path. ``bounds`` are the begin and end of each time; ``west`` and ``north`` the centre of the first cell."""
    shape = np.shape(next(iter(variables.values()))[0])
    with netcdf_file(str(path), "w") as file:
        for name, length in ((axis, shape[0]), ("lat", shape[1]), ("lon", shape[2]), ("bnds", 2)):
            file.createDimension(name, length)
        _axis(file, axis, np.asarray(times, dtype=float), units, calendar)
        if bounds is not None:
            name = "climatology_bnds" if climatology else "time_bnds"
            setattr(file.variables[axis], "climatology" if climatology else "bounds", name)
            file.createVariable(name, "d", (axis, "bnds"))[:] = bounds
        # From south to north, as models count.
        _axis(file, "lat", north - cell * np.arange(shape[1])[::-1], "degrees_north")
        _axis(file, "lon", west + cell * np.arange(shape[2]), "degrees_east")
        for name, (values, unit) in variables.items():
            variable = file.createVariable(name, "f", (axis, "lat", "lon"))
            variable[:] = np.asarray(values, dtype=np.float32)[:, ::-1]
            variable.units, variable._FillValue = unit, np.float32(1e20)
        file.Conventions = "CF-1.7"
    return str(path)


def _axis(file, name: str, values, units: str, calendar: str = "") -> None:
    variable = file.createVariable(name, "d", (name,))
    variable[:] = values
    if units:
        variable.units = units
    if calendar:
        variable.calendar = calendar


def copied_to(path, source: str, form: str) -> str:
    """The same arrays in another format: "HDF5" as what netCDF-4 is inside, or "Zarr"."""
    path = Path(path)
    if form != "HDF5":
        gdal.MultiDimTranslate(str(path), source, format=form)
        return str(path)
    made = path.with_name(f"{path.stem} copied.nc")
    gdal.MultiDimTranslate(str(made), source, format="netCDF", creationOptions=["FORMAT=NC4"])
    return str(made.rename(path))


def mid_months(years, origin: int = 1850) -> list:
    """The middle of each month of some years in days of a calendar of 360 days, since the first day of a year."""
    return [360 * (year - origin) + 30 * month + 15 for year in years for month in range(12)]
