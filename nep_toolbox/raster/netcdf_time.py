"""Times as the CF conventions write them, as the year and month they lie in, and the time axis of our own files."""

from __future__ import annotations

import math
import re

import numpy as np

#: Days in a unit of time.
_DAYS = {
    "nanosecond": 1 / 86400e9, "microsecond": 1 / 86400e6, "millisecond": 1 / 86400e3, "msec": 1 / 86400e3,
    "second": 1 / 86400, "sec": 1 / 86400, "s": 1 / 86400, "minute": 1 / 1440, "min": 1 / 1440, "hour": 1 / 24,
    "hr": 1 / 24, "h": 1 / 24, "day": 1.0, "d": 1.0, "week": 7.0,
}

_UNITS = re.compile(
    r"\s*([a-z]+?)s?\s+since\s+(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?!\d)"
    r"(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?",
    re.IGNORECASE,
)

#: Times that are dates written as numbers, as CDO calls them: "day as %Y%m%d.%f".
_ABSOLUTE = re.compile(r"\s*(day|month|year) as %Y(?:%m(?:%d)?)?(?:\.%f)?\s*", re.IGNORECASE)

#: Units of an axis that says no more than that its numbers are dates.
_NO_UNITS = ("", "1", "year", "years", "yr", "yyyy", "yyyymm", "yyyymmdd")

_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

#: Days of the months in calendars whose years are all alike.
_ALIKE = {
    "noleap": _MONTHS, "365_day": _MONTHS, "all_leap": (31, 29, *_MONTHS[2:]), "366_day": (31, 29, *_MONTHS[2:]),
    "360_day": (30,) * 12,
}

#: Calendars that are those of numpy, at least since 1582.
_REAL = ("standard", "gregorian", "proleptic_gregorian", "julian")

#: About how many days are in the units whose length varies.
_ABOUT = {"month": 30.0, "year": 365.0}

#: More days than any series is from its origin, and fewer than the fill values of netCDF.
_FAR = 1e7

#: What a time axis of ours counts from.
_ORIGIN = "1970-01-01"


def is_time(name: str, units: str) -> bool:
    """Whether an axis is one of time, by its name or its units."""
    dates = name.lower() in ("time", "year", "years", "date", "yyyymm", "yyyymmdd") and units.lower() in _NO_UNITS
    return dates or bool(re.search(r"\ssince\s", units, re.IGNORECASE) or _ABSOLUTE.fullmatch(units))


def moment(value: float, units: str, calendar: str = "standard") -> tuple | None:
    """The year and month of a time.

    Parameters
    ----------
    value : float
    units : str
        "days since 1900-01-01", or in weeks, hours, minutes, seconds and parts of them, months or years; or one of
        those whose values are dates written as numbers: "day as %Y%m%d.%f", "month as %Y%m.%f", "year as %Y.%f", and
        units that say nothing, with the date known by the number of its digits.
    calendar : str
        Of the CF conventions: standard, gregorian, proleptic_gregorian, julian, noleap or 365_day, all_leap or
        366_day, 360_day.

    Returns
    -------
    (int, int or None) or None
        Without a month where the value is a year alone; None where units or calendar are not known, and for what is no
        time, such as the fill value of netCDF.
    """
    calendar = (calendar or "standard").lower()
    if not math.isfinite(value):
        return None
    if _ABSOLUTE.fullmatch(units) or units.lower() in _NO_UNITS:
        return _of_digits(math.floor(value + 1e-6))
    found = _UNITS.match(units)
    if not found:
        return None
    unit, (year, month, day) = found[1].lower(), (int(part or 1) for part in found.groups()[1:4])
    if not 1 <= month <= 12 or not abs(value) * {**_DAYS, **_ABOUT}.get(unit, math.inf) < _FAR:
        return None
    if unit in _ABOUT:
        months = year * 12 + month - 1 + math.floor(value * (12 if unit == "year" else 1) + 1e-6)
        return months // 12, months % 12 + 1
    hours, minutes, seconds = (float(part or 0) for part in found.groups()[4:])
    # A thousandth of a second, so that a rounded midnight is no evening before.
    days = value * _DAYS[unit] + hours / 24 + minutes / 1440 + (seconds + 1e-3) / 86400
    if calendar in _ALIKE:
        return _in_years_alike(year, month, day, days, _ALIKE[calendar])
    if calendar not in _REAL:
        return None
    first = np.datetime64(f"{year:04d}-{month:02d}-01", "D") + np.timedelta64(day - 1, "D")
    if calendar == "julian" or calendar != "proleptic_gregorian" and (year, month, day) < (1582, 10, 15):
        first = _from_julian(year, month, day)
    first += np.timedelta64(math.floor(days), "D")
    if calendar == "julian":
        return _in_julian(first)
    date = first.astype("datetime64[M]").astype(int)
    return int(date // 12 + 1970), int(date % 12 + 1)


def _of_digits(number: int) -> tuple | None:
    """The date that a number of four, six or eight digits writes: 2001, 200101, 20010131."""
    digits = str(number)
    if number < 0 or len(digits) not in (4, 6, 8):
        return None
    month = int(digits[4:6] or 0)
    return (int(digits[:4]), month or None) if month <= 12 and (month or len(digits) == 4) else None


def _in_years_alike(year: int, month: int, day: int, days: float, lengths: tuple) -> tuple:
    total = year * sum(lengths) + sum(lengths[:month - 1]) + day - 1 + math.floor(days)
    year, rest = divmod(total, sum(lengths))
    return year, int(np.searchsorted(np.cumsum(lengths), rest, side="right")) + 1


def _from_julian(year: int, month: int, day: int) -> np.datetime64:
    """The day that a date of the Julian calendar is."""
    first = np.datetime64(f"{year:04d}-{month:02d}-01", "D")
    century = (year - (month < 3)) // 100
    later = century - century // 4 - 2  # days the first of a month comes later than that of the Gregorian calendar
    return first + np.timedelta64(day - 1 + later, "D")


def _in_julian(day: np.datetime64) -> tuple:
    """The year and month of a day in the Julian calendar."""
    guess = day.astype("datetime64[M]").astype(int)
    months = [int(guess) - 1, int(guess)]  # the Julian date is the earlier one
    begun = [each for each in months if _from_julian(each // 12 + 1970, each % 12 + 1, 1) <= day]
    return begun[-1] // 12 + 1970, begun[-1] % 12 + 1


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
