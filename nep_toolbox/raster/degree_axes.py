"""The reference system of files whose axes are degrees of longitude and latitude, and that name none."""

from __future__ import annotations

from osgeo import gdal

from .arrays import array_of, attribute, axis_variable
from .crs import crs_wkt

#: How the CF conventions allow the units of the two axes to be written, in small letters without underscores.
_NORTH, _EAST = (
    {f"degree{plural}{side}" for plural in ("", "s") for side in sides} for sides in (("north", "n"), ("east", "e"))
)

#: What the axes are called.
_NAMES = {"north": ("lat", "latitude"), "east": ("lon", "long", "longitude")}


def wkt_of_axes(dataset: gdal.Dataset) -> str:
    """WGS 84 as WKT where the axes of a netCDF file or a Zarr array are degrees north and east; else an empty text.

    Climate data rarely say which ellipsoid they mean. On their coarse cells it makes no difference.
    """
    driver = dataset.GetDriver()
    read = _UNITS.get(driver.ShortName) if driver else None
    if read is None or dataset.GetGeoTransform(can_return_null=True) is None or dataset.GetMetadata("GEOLOCATION"):
        return ""
    sides = {_side(name, units.lower().replace("_", "")) for name, units in read(dataset)}
    return crs_wkt("EPSG:4326") if sides >= {"north", "east"} else ""


def _side(name: str, units: str) -> str:
    """Which of the two an axis is, by its units, or by its name where they are degrees of no direction."""
    for side, known in (("north", _NORTH), ("east", _EAST)):
        if units in known or units in ("degree", "degrees") and name.lower() in _NAMES[side]:
            return side
    return ""


def _of_netcdf(dataset: gdal.Dataset) -> list:
    keys = dataset.GetMetadata().items()
    return [(key[:-len("#units")], value) for key, value in keys if key.endswith("#units")]


def _of_array(dataset: gdal.Dataset) -> list:
    array, _place = array_of(dataset)
    dimensions = array.GetDimensions()[-2:] if array else ()
    return [(each.GetName(), attribute(axis_variable(dataset, each), "units")) for each in dimensions]


_UNITS = {"netCDF": _of_netcdf, "Zarr": _of_array}
