"""The time axis of a file: the year and month of each of its bands, wherever GDAL keeps them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from osgeo import gdal

from .arrays import array_in, array_of, attribute, axis_variable, root_of, values_of
from .netcdf_time import is_time, moment

#: What the netCDF driver writes before the name of a dimension, in the metadata of a band.
_NETCDF = "NETCDF_DIM_"

#: By what share of itself a time in the metadata of a band differs from that of the file: it has up to 8 digits of a
#: Float32, and 16 of a Float64.
_ROUNDED = 1e-7


@dataclass(frozen=True)
class Axis:
    """A time axis as it is written: the name, units and calendar of its variable, and a value for each band.

    ``bounds`` names the variable that holds the beginning and end of each time; it is empty where there is none.
    ``of_no_year`` tells that the times stand for those of many years.
    """

    name: str
    units: str
    calendar: str
    values: tuple
    bounds: str = ""
    of_no_year: bool = False

    @property
    def words(self) -> str:
        """How it counts."""
        return f"'{self.units}' in the calendar '{self.calendar}'" if self.units else "numbers without units"

    def moments(self, dataset: gdal.Dataset) -> list:
        """The (year, month or None) of each band, or None; of a span of time that of its middle."""
        values = self._middles(dataset) if self.bounds else self.values
        return [moment(value, self.units, self.calendar) for value in values]

    def _middles(self, dataset: gdal.Dataset) -> list:
        """The middle of the span of each time: some write a month's mean at its end, the first of the next month.

        A time that lies outside of its span stays as it is: so does one whose bounds were never written, or are fill
        values.
        """
        root = root_of(dataset)
        spans, times = (values_of(array_in(root, name)) if root else None for name in (self.bounds, self.name))
        if spans is None or times is None or spans.shape != (*times.shape, 2):
            return list(self.values)
        low, high = spans.min(axis=-1), spans.max(axis=-1)
        near = np.abs(times) * _ROUNDED
        known = np.isfinite(low + high) & (low - near <= times) & (times <= high + near)
        times, middles = times[known], spans[known].mean(axis=-1)
        return [_of_nearest(value, times, middles) for value in self.values]


def _of_nearest(value: float, times: np.ndarray, middles: np.ndarray) -> float:
    """The middle of the span whose time a value is, but for its rounding; the value itself where it is none of them."""
    if not np.isfinite(value) or not times.size:
        return value
    place = np.abs(times - value).argmin()
    return float(middles[place]) if np.isclose(times[place], value, rtol=_ROUNDED, atol=0.0) else value


def times_of(dataset: gdal.Dataset) -> tuple:
    """The times of the bands of a file on its time axis.

    Returns
    -------
    list of ((year, month or None) or None)
        For each band; None where the file has no time axis, or one that is not understood.
    str
        Units and calendar of an axis that is not understood, else empty.
    """
    axis = axis_of(dataset)
    if axis is None or axis.of_no_year:
        return [None] * dataset.RasterCount, ""
    times = axis.moments(dataset)
    if all(time and not time[0] for time in times):  # the year 0 of COARDS, which is none
        return [None] * len(times), ""
    return times, "" if any(times) else axis.words


def axis_of(dataset: gdal.Dataset) -> Axis | None:
    """The time axis of a file; None where it has none, or one that is not written as the CF conventions say."""
    read = _READERS.get(dataset.GetDriver().ShortName)
    return read(dataset) if read else None


def _of_netcdf(dataset: gdal.Dataset) -> Axis | None:
    bands = [dataset.GetRasterBand(number + 1).GetMetadata() for number in range(dataset.RasterCount)]
    for key in bands[0] if bands else ():
        name = key[len(_NETCDF):]
        units, calendar, bounds, years = (
            dataset.GetMetadataItem(f"{name}#{item}") or "" for item in ("units", "calendar", "bounds", "climatology")
        )
        if key.startswith(_NETCDF) and is_time(name, units):
            values = tuple(float(band.get(key, "nan")) for band in bands)
            return Axis(name, units, calendar or "standard", values, bounds, bool(years))
    return None


def _of_grib(dataset: gdal.Dataset) -> Axis:
    bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    found = [re.match(r"\s*(-?\d+)", band.GetMetadataItem("GRIB_VALID_TIME") or "") for band in bands]
    values = tuple(float(each[1]) if each else float("nan") for each in found)
    return Axis("GRIB_VALID_TIME", "seconds since 1970-01-01", "standard", values)


def _of_array(dataset: gdal.Dataset) -> Axis | None:
    """The axis of an array of at least three dimensions, whose last two are those of a band."""
    array, place = array_of(dataset)
    for dimension in array.GetDimensions()[:-2] if array else ():
        variable = axis_variable(dataset, dimension)
        units = attribute(variable, "units")
        values = values_of(variable) if is_time(dimension.GetName(), units) else None
        if values is not None and place is not None:
            values = values[place:place + 1]
        if values is not None and len(values) == dataset.RasterCount:
            calendar, bounds, years = (attribute(variable, item) for item in ("calendar", "bounds", "climatology"))
            values = tuple(map(float, values))
            return Axis(variable.GetName(), units, calendar or "standard", values, bounds, bool(years))
    return None


_READERS = {"netCDF": _of_netcdf, "GRIB": _of_grib, "Zarr": _of_array, "HDF5Image": _of_array}
