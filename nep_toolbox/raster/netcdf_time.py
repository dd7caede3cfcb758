"""The time axis of a netCDF file, as the CF conventions write it: the year and month of a band, and one of our own."""

from __future__ import annotations

import math
import re

import numpy as np
from osgeo import gdal

#: Days in a unit of time.
_DAYS = {"second": 1 / 86400, "sec": 1 / 86400, "minute": 1 / 1440, "min": 1 / 1440, "hour": 1 / 24, "hr": 1 / 24,
         "h": 1 / 24, "s": 1 / 86400, "day": 1.0, "d": 1.0}

_UNITS = re.compile(
    r"\s*([a-z]+?)s?\s+since\s+(\d{1,4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?",
    re.IGNORECASE,
)

_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

#: Days of the months in calendars whose years are all alike.
_ALIKE = {
    "noleap": _MONTHS, "365_day": _MONTHS, "all_leap": (31, 29, *_MONTHS[2:]), "366_day": (31, 29, *_MONTHS[2:]),
    "360_day": (30,) * 12,
}

#: What a time axis of ours counts from.
_ORIGIN = "1970-01-01"


def on_axis(dataset: gdal.Dataset, band: gdal.Band) -> tuple | None:
    """The (year, month) of a band on the time axis of its file, or None where it has none."""
    for key, value in band.GetMetadata().items():
        if key.startswith("NETCDF_DIM_"):
            name = key[len("NETCDF_DIM_"):]
            units, calendar = (dataset.GetMetadataItem(f"{name}#{item}") for item in ("units", "calendar"))
            if units and " since " in units:
                return moment(float(value), units, calendar or "standard")
    return None


def moment(value: float, units: str, calendar: str = "standard") -> tuple | None:
    """The (year, month) of a time.

    Parameters
    ----------
    value : float
    units : str
        "days since 1900-01-01", or in seconds, minutes, hours, months or years.
    calendar : str
        Of the CF conventions: standard, gregorian, proleptic_gregorian, julian is not known, noleap, all_leap, 360_day.

    Returns
    -------
    (int, int) or None
        None where units or calendar are not known.
    """
    found = _UNITS.match(units)
    calendar = calendar.lower()
    if not found or not math.isfinite(value):
        return None
    unit, (year, month, day) = found[1].lower(), (int(part or 1) for part in found.groups()[1:4])
    if unit in ("month", "year"):
        months = year * 12 + month - 1 + math.floor(value * (12 if unit == "year" else 1) + 1e-6)
        return months // 12, months % 12 + 1
    if unit not in _DAYS or not 1 <= month <= 12:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups()[4:])
    # A thousandth of a second, so that a rounded midnight is no evening before.
    days = value * _DAYS[unit] + hours / 24 + minutes / 1440 + (seconds + 1e-3) / 86400
    if calendar in _ALIKE:
        return _in_years_alike(year, month, day, days, _ALIKE[calendar])
    if calendar not in ("standard", "gregorian", "proleptic_gregorian"):
        return None
    first = np.datetime64(f"{year:04d}-{month:02d}-01", "D") + np.timedelta64(day - 1, "D")
    if calendar != "proleptic_gregorian" and (year, month, day) < (1582, 10, 15):
        century = (year - (month < 3)) // 100
        first += np.timedelta64(century - century // 4 - 2, "D")  # the date is one of the Julian calendar
    date = (first + np.timedelta64(math.floor(days), "D")).astype("datetime64[M]").astype(int)
    return int(date // 12 + 1970), int(date % 12 + 1)


def _in_years_alike(year: int, month: int, day: int, days: float, lengths: tuple) -> tuple:
    total = year * sum(lengths) + sum(lengths[:month - 1]) + day - 1 + math.floor(days)
    year, rest = divmod(total, sum(lengths))
    return year, int(np.searchsorted(np.cumsum(lengths), rest, side="right")) + 1


def is_axis(bands: list) -> bool:
    """Whether the names of bands are years, each once."""
    return len(set(bands)) == len(bands) and all(re.fullmatch(r"\d{4}", band) for band in bands)


def axis_of(bands: list) -> list:
    """The metadata that have GDAL write bands as one variable: along a time axis where their names are years, each in
    the middle of its year, else by their number."""
    if not is_axis(bands):
        name, kind, values = "band", 4, range(1, len(bands) + 1)
    else:
        name, kind = "time", 6
        values = [(np.datetime64(f"{band}-07-01") - np.datetime64(_ORIGIN)).astype(int) for band in bands]
    items = [
        f"NETCDF_DIM_EXTRA={{{name}}}", f"NETCDF_DIM_{name}_DEF={{{len(bands)},{kind}}}",
        f"NETCDF_DIM_{name}_VALUES={{{','.join(map(str, values))}}}",
    ]
    if name == "time":
        items += [f"time#units=days since {_ORIGIN}", "time#calendar=standard", "time#standard_name=time"]
    return items
