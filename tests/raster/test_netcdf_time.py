"""Times of netCDF files."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from nep_toolbox.raster.netcdf_time import axis_of, is_axis, is_time, moment


@pytest.mark.parametrize(("value", "units", "calendar", "expected"), [
    (0, "days since 2001-01-01", "standard", (2001, 1)),
    (364.9, "days since 2001-01-01", "standard", (2001, 12)),
    (365, "days since 2001-01-01", "standard", (2002, 1)),
    (-1, "days since 2001-01-01", "standard", (2000, 12)),
    (59, "days since 2000-01-01", "proleptic_gregorian", (2000, 2)),
    (59, "days since 2000-01-01", "noleap", (2000, 3)),
    (365 * 4, "days since 2000-01-01", "365_day", (2004, 1)),
    (366 * 3 + 31 + 28, "days since 2001-01-01", "all_leap", (2004, 2)),
    (360 * 3 + 59, "days since 2000-01-01 00:00:00", "360_day", (2003, 2)),
    (30, "days since 2000-02-16", "360_day", (2000, 3)),
    (24 * 31, "hours since 1900-01-01 00:00:0.0", "gregorian", (1900, 2)),
    (12, "hours since 2001-12-31T12:00:00", "standard", (2002, 1)),
    (11, "hours since 2001-12-31T12:00:00", "standard", (2001, 12)),
    (86400 * 365, "seconds since 2001-01-01", "standard", (2002, 1)),
    (1440 * 31, "minutes since 2001-01-01", "standard", (2001, 2)),
    (13, "months since 2001-01-01", "standard", (2002, 2)),
    (2.5, "years since 2001-01-01", "standard", (2003, 7)),
    # 730119 days of the Gregorian calendar from the first of January of year 1 to 2000-01-01 (datetime.toordinal less
    # one); the first of January of the Julian calendar was two days earlier.
    (730120, "days since 0001-01-01", "standard", (1999, 12)),
    (730121, "days since 1-1-1 00:00:0.0", "standard", (2000, 1)),
    (730119, "days since 0001-01-01", "proleptic_gregorian", (2000, 1)),
    (31, "days since 2001", "standard", (2001, 2)),
    (5, "weeks since 2001-01-01", "standard", (2001, 2)),
    (980899200000, "milliseconds since 1970-01-01", "standard", (2001, 1)),
    (980985600e9, "nanoseconds since 1970-01-01", "proleptic_gregorian", (2001, 2)),
    # AppEEARS calls its calendar julian: its days of 2000 to 2099 are numbered as those of the Gregorian one.
    (366 + 31, "days since 2000-01-01 00:00:00", "julian", (2001, 2)),
    (366 + 30.9, "days since 2000-01-01 00:00:00", "julian", (2001, 1)),
    (366 + 365 * 3 + 59, "days since 2000-01-01", "julian", (2004, 2)),
    # 1900 is a leap year of the Julian calendar only.
    (59, "days since 1900-01-01", "julian", (1900, 2)),
    (59, "days since 1900-01-01", "standard", (1900, 3)),
    (60, "days since 1900-01-01", "julian", (1900, 3)),
    (366, "days since 1900-01-01", "julian", (1901, 1)),
    (20010131.75, "day as %Y%m%d.%f", "proleptic_gregorian", (2001, 1)),
    (200112.5, "month as %Y%m.%f", "standard", (2001, 12)),
    (2001.5, "year as %Y.%f", "standard", (2001, None)),
    (2001, "", "", (2001, None)),
    (200113, "", "standard", None),
    (200100, "", "standard", None),
    (12, "1", "standard", None),
    (5, "fortnights since 2001-01-01", "standard", None),
    (5, "days since 2001-13-01", "standard", None),
    (5, "days since the flood", "standard", None),
    (5, "days since 2001-01-01", "lunar", None),
    (float("nan"), "days since 2001-01-01", "standard", None),
    # What netCDF writes where a time is missing.
    (9.969209968386869e36, "days since 2001-01-01", "standard", None),
    (-9.969209968386869e36, "hours since 2001-01-01", "julian", None),
    (1e20, "months since 2001-01-01", "360_day", None),
    (9.969209968386869e36, "days since 2001-01-01", "noleap", None),
    (-999, "", "standard", None),
])
def test_moments(value, units, calendar, expected):
    assert moment(value, units, calendar) == expected


def test_days_against_the_calendar_of_python():
    first = datetime.date(1950, 1, 1)
    for days in np.random.default_rng(1).integers(-20_000, 40_000, 300):
        date = first + datetime.timedelta(days=int(days))
        assert moment(float(days), "days since 1950-1-1", "standard") == (date.year, date.month)


def test_an_axis_of_our_own():
    assert is_axis(["2001", "2003"]) and is_axis(["2001"])
    assert not is_axis(["2001", "2001"]) and not is_axis(["2001", "mean"]) and not is_axis(["NEP 2001"])
    # The first of July of 2001 is day 31 * 365 + 8 + 181 since 1970.
    assert axis_of(["2001"])[:3] == [
        "NETCDF_DIM_EXTRA={time}", "NETCDF_DIM_time_DEF={1,6}", f"NETCDF_DIM_time_VALUES={{{31 * 365 + 8 + 181}}}",
    ]
    assert axis_of(["a", "b"]) == [
        "NETCDF_DIM_EXTRA={band}", "NETCDF_DIM_band_DEF={2,4}", "NETCDF_DIM_band_VALUES={1,2}",
    ]


@pytest.mark.parametrize(("name", "units", "expected"), [
    ("time", "days since 2001-01-01", True), ("step", "hours since 1900-01-01", True), ("time", "", True),
    ("year", "years", True), ("Time", "yyyymm", True), ("t", "day as %Y%m%d.%f", True),
    ("level", "", False), ("lat", "degrees_north", False), ("time", "hPa", False), ("month", "1", False),
])
def test_what_is_an_axis_of_time(name, units, expected):
    assert is_time(name, units) is expected
