"""Times of the bands of files that hold a time axis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from scipy.io import netcdf_file
from testkit.netcdf import copied_to, mid_months, write_netcdf
from testkit.rasters import write_raster

from nep_toolbox.errors import YearNotFound
from nep_toolbox.raster.climatology import climatology
from nep_toolbox.raster.gdal_io import open_raster
from nep_toolbox.raster.months import resolve_months
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import Layer, Step, resolve, steps_of
from nep_toolbox.raster.time_axis import axis_of, times_of
from nep_toolbox.raster.times import stamps_of

TWO_YEARS = [(year, month) for year in (1990, 1991) for month in range(1, 13)]


def values(count: int) -> np.ndarray:
    """A number of its own for each step, and more for each cell."""
    return np.arange(count)[:, None, None] * 100.0 + np.arange(12.0).reshape(3, 4)


def cmip(path, count=24, **options) -> str:
    return write_netcdf(path, {"tas": (values(count), "K")}, mid_months(range(1990, 1990 + count // 12)), **options)


def said(path) -> list:
    return times_of(open_raster(str(path), "x"))[0]


def test_a_netcdf_file_of_a_model_with_years_of_360_days(tmp_path):
    path = cmip(tmp_path / "tas.nc")
    assert said(path) == TWO_YEARS
    series = resolve([Layer("tas", path)], monthly=True)
    assert (series.years, series.steps_per_year, series.unit) == ([1990, 1991], 12, "K")
    np.testing.assert_array_equal(StackReader.of(series).read(series.grid.whole), values(24))


@pytest.mark.parametrize(("units", "calendar", "times"), [
    ("hours since 1900-01-01 00:00:0.0", "gregorian", [24 * 15.5, 24 * 45, 24 * 75]),
    ("seconds since 1900-01-01", "proleptic_gregorian", [0, 31 * 86400, 59 * 86400]),
    ("days since 1900-01-01", "365_day", [0, 31, 59]),
    ("months since 1900-01-01", "standard", [0, 1, 2]),
    ("day as %Y%m%d.%f", "proleptic_gregorian", [19000131.5, 19000228, 19000301]),
    ("month as %Y%m.%f", "standard", [190001.5, 190002.5, 190003.5]),
    ("yyyymm", "", [190001, 190002, 190003]),
    ("", "", [19000101, 19000201, 19000301]),
])
def test_units_and_calendars_in_files(tmp_path, units, calendar, times):
    path = write_netcdf(tmp_path / "x.nc", {"t": (values(3), "K")}, times, units, calendar)
    assert said(path) == [(1900, 1), (1900, 2), (1900, 3)]


@pytest.mark.parametrize(("axis", "units"), [("year", ""), ("time", "years"), ("valid_time", "year as %Y.%f")])
def test_an_axis_of_years(tmp_path, axis, units):
    path = write_netcdf(tmp_path / "npp.nc", {"npp": (values(3), "gC m-2")}, [2001, 2002, 2003], units, "", axis=axis)
    assert said(path) == [(2001, None), (2002, None), (2003, None)]
    assert resolve([Layer("npp", path)]).years == [2001, 2002, 2003]


def test_a_time_at_the_end_of_its_month_is_of_the_month_it_spans(tmp_path):
    ends = np.array([31, 59, 90])
    spans = np.stack([[0, 31, 59], ends], axis=1)
    path = write_netcdf(tmp_path / "a.nc", {"t": (values(3), "K")}, ends, "days since 1999-01-01", "noleap",
                        bounds=spans)
    assert said(path) == [(1999, 1), (1999, 2), (1999, 3)]
    plain = write_netcdf(tmp_path / "b.nc", {"t": (values(3), "K")}, ends, "days since 1999-01-01", "noleap")
    assert said(plain) == [(1999, 2), (1999, 3), (1999, 4)]


def test_bounds_of_times_that_bands_say_rounded(tmp_path):
    ends = np.array([31, 59, 90]) + 1 / 72  # 20 minutes: 59.013888888888886, of which a band says 59.01388888888889
    spans = np.stack([[0, 31, 59], ends], axis=1)
    path = write_netcdf(tmp_path / "a.nc", {"t": (values(3), "K")}, ends, "days since 1999-01-01", "noleap",
                        bounds=spans)
    assert said(path) == [(1999, 1), (1999, 2), (1999, 3)]


def test_a_time_that_is_missing(tmp_path):
    path = write_netcdf(tmp_path / "a.nc", {"t": (values(3), "K")}, [15, 45, 9.969209968386869e36],
                        "days since 1999-01-01", "standard")
    assert said(path) == [(1999, 1), (1999, 2), None]


def test_bounds_that_cannot_be_used(tmp_path):
    path = write_netcdf(tmp_path / "a.nc", {"t": (values(3), "K")}, [15, 45, 75], "days since 1999-01-01", "noleap",
                        bounds=np.full((3, 2), np.nan))
    assert said(path) == [(1999, 1), (1999, 2), (1999, 3)]


@pytest.mark.parametrize("lost", [np.nan, 9.969209968386869e36, 1e20, 0.0])
def test_bounds_of_which_some_are_missing(tmp_path, lost):
    """The others hold; a time without bounds is taken as it is, in the month it ends with."""
    ends = np.array([31.0, 59, 90])
    spans = np.stack([[0, lost, 59], [31, lost, 90]], axis=1)
    path = write_netcdf(tmp_path / "a.nc", {"t": (values(3), "K")}, ends, "days since 1999-01-01", "noleap",
                        bounds=spans)
    assert said(path) == [(1999, 1), (1999, 3), (1999, 3)]


def test_bounds_beside_a_time_that_is_nan(tmp_path):
    """`argmin` takes NaN for the least of all."""
    for place, lost in enumerate((np.nan, 9.969209968386869e36)):
        spans = np.stack([[0, lost, 59], [31, lost, 90]], axis=1)
        path = write_netcdf(tmp_path / f"{place}.nc", {"t": (values(3), "K")}, [31, lost, 90],
                            "days since 1999-01-01", "noleap", bounds=spans)
        assert said(path) == [(1999, 1), None, (1999, 3)]


def test_bounds_that_are_named_and_not_in_the_file(tmp_path):
    path = write_netcdf(tmp_path / "a.nc", {"t": (values(3), "K")}, [15, 45, 75], "days since 1999-01-01", "noleap")
    with netcdf_file(path, "a") as file:
        file.variables["time"].bounds = "time_bnds"
    assert axis_of(gdal.Open(path)).bounds == "time_bnds"
    assert said(path) == [(1999, 1), (1999, 2), (1999, 3)]


@pytest.mark.parametrize(("axis", "units"), [
    ("Time", "Days since 1999-01-01"), ("T", "DAYS SINCE 1999-1-1"), ("t", "days  Since 1999-01-01 00:00"),
])
def test_names_and_units_in_capital_letters(tmp_path, axis, units):
    path = write_netcdf(tmp_path / "a.nc", {"tas": (values(3), "K")}, [15, 45, 75], units, "NoLeap", axis=axis)
    assert said(path) == [(1999, 1), (1999, 2), (1999, 3)]
    copy = copied_to(tmp_path / "a.h5", path, "HDF5")
    assert times_of(gdal.Open(f'HDF5:"{copy}"://tas'))[0] == [(1999, 1), (1999, 2), (1999, 3)]


def test_times_of_no_year_are_a_climatology(tmp_path):
    times = [15 + 30 * month for month in range(12)]
    path = write_netcdf(tmp_path / "clim.nc", {"t": (values(12), "K")}, times, "days since 2010-01-01",
                        bounds=np.zeros((12, 2)), climatology=True)
    path = f'NETCDF:"{path}":t'
    assert said(path) == [None] * 12
    found = climatology([Layer("clim", path)])
    assert [step.month for step in found.steps] == list(range(1, 13)) and found.years == [0]


def test_the_months_of_the_year_0_are_a_climatology(tmp_path):
    path = write_netcdf(tmp_path / "t.nc", {"t": (values(12), "K")}, range(12), "months since 0000-01-01", "standard")
    assert times_of(open_raster(path, "t")) == ([None] * 12, "")
    assert [step.time for step in climatology([Layer("t", path)]).steps] == [f"0-{month:02d}" for month in range(1, 13)]


def test_what_is_not_understood_is_named(tmp_path):
    path = write_netcdf(tmp_path / "x.nc", {"t": (values(2), "K")}, [1, 2], "fortnights since 1900-01-01", "lunar")
    words = "'fortnights since 1900-01-01' in the calendar 'lunar'"
    assert times_of(open_raster(path, "x")) == ([None, None], words)
    with pytest.raises(YearNotFound, match=f"The time axis of 'x' counts in a way that is not understood: {words}"):
        resolve([Layer("x", path)])
    plain = write_netcdf(tmp_path / "y.nc", {"t": (values(2), "K")}, [1, 2], "", "")
    with pytest.raises(YearNotFound, match="not understood: numbers without units"):
        resolve([Layer("y", plain)])


def test_the_month_of_the_axis_under_the_year_of_the_name(tmp_path):
    layers = []
    for place, month in enumerate(range(12, 0, -1)):
        path = write_netcdf(tmp_path / f"tas_1990_part{place}a.nc", {"tas": (values(1) + month, "K")},
                            mid_months([1990])[month - 1:month])
        layers.append(Layer(Path(path).stem, path))
    series = resolve(layers, monthly=True)
    assert [(step.time, step.layer.name) for step in series.steps[::11]] == [
        ("1990-01", "tas_1990_part11a"), ("1990-12", "tas_1990_part0a"),
    ]


def test_bands_of_which_some_are_described_by_a_time_are_not_dated_by_the_axis():
    layer = Layer("x", "/data/x.nc")
    steps = [
        Step(layer, band, text, "", "Float32", True, False, (1, 1), on_axis=(1990, band))
        for band, text in enumerate(("2001-01", "", "2001-03"), start=1)
    ]
    assert stamps_of(steps, [layer]) == [(2001, 1), None, (2001, 3)]


def test_names_hold_where_they_say_the_time_of_single_bands(tmp_path):
    path = write_netcdf(tmp_path / "tas_1970.nc", {"tas": (values(1), "K")}, mid_months([1990])[:1])
    assert resolve([Layer("tas_1970", path)]).years == [1970]
    (step,), _grids = steps_of([Layer("tas_1970", path)])
    assert (step.on_axis, step.caption) == ((1990, 1), "1990-01")


def test_a_name_and_an_axis_that_differ_are_told(tmp_path):
    months = (np.arange(12) + 0.5) * 30
    made = [
        Layer(Path(path).stem, path) for path in (
            write_netcdf(tmp_path / f"tmp_{year}.nc", {"tmp": (values(12), "K")}, months + 360 * shift)
            for year, shift in ((1850, 0), (2022, 1))
        )
    ]
    warning = (
        "Names and time axes differ: 'tmp_2022' says 2022 by its name and 1851 by its time axis, and 1851 is taken. If "
        "that is wrong, set ⟨YEARS⟩."
    )
    assert resolve(made, monthly=True).warnings == resolve_months(made).warnings == (warning,)
    assert resolve(made[:1], monthly=True).warnings == () == resolve_months(made[:1]).warnings
    given = resolve(made, "2021-2022", monthly=True)
    assert given.years == [2021, 2022] and "by its time axis" not in given.warnings[0]
    single = [Layer(f"tas_{year}", write_netcdf(tmp_path / f"tas_{year}.nc", {"t": (values(1), "K")}, [15]))
              for year in (1850, 1999)]
    (warning,) = resolve(single).warnings
    assert "'tas_1999' says 1999 by its name and 1850 by its time axis, and 1999 is taken" in warning


def test_an_axis_of_equal_times_gives_way_to_the_name(tmp_path):
    path = write_netcdf(tmp_path / "tmp_2022.nc", {"tmp": (values(12), "0.1 degC")}, range(12), "days since 1900-01-01",
                        "standard")
    series = resolve([Layer("tmp_2022", path)], monthly=True)
    assert (series.years, series.steps_per_year) == ([2022], 12)


def test_other_files_have_no_axis(tmp_path):
    path = write_raster(tmp_path / "a.tif", np.zeros((2, 2, 2)))
    assert axis_of(gdal.Open(path)) is None and times_of(gdal.Open(path)) == ([None, None], "")


def test_a_variable_beside_others_and_the_name_of_its_file(tmp_path):
    path = write_netcdf(tmp_path / "era5_x.nc", {"t2m": (values(24), "K"), "tp": (values(24), "m")},
                        mid_months([1990, 1991]))
    series = resolve([Layer("rain", f'NETCDF:"{path}":tp')], monthly=True)
    assert (series.unit, series.years, series.steps[0].layer.base_name) == ("m", [1990, 1991], "era5_x")


def test_hdf5_as_the_netcdf_driver_reads_it(tmp_path):
    source = cmip(tmp_path / "a.nc")
    copy = copied_to(tmp_path / "a.h5", source, "HDF5")
    series = resolve([Layer("tas", f'HDF5:"{copy}"://tas')], monthly=True)
    assert series.grid == resolve([Layer("tas", source)], monthly=True).grid
    assert (series.years, series.unit) == ([1990, 1991], "K")
    assert series.grid.transform == (100.0, 1.0, 0.0, 34.0, 0.0, -1.0) and series.grid.crs_name == "EPSG:4326"
    np.testing.assert_array_equal(StackReader.of(series).read(series.grid.whole), values(24))


def test_hdf5_without_the_netcdf_driver(tmp_path):
    copy = copied_to(tmp_path / "a.h5", cmip(tmp_path / "b.nc"), "HDF5")
    assert times_of(gdal.Open(f'HDF5:"{copy}"://tas'))[0] == TWO_YEARS


def test_grib(tmp_path):
    driver = gdal.GetDriverByName("GRIB")
    if driver is None:
        pytest.skip("this GDAL has no GRIB driver")
    source = gdal.Open(write_raster(tmp_path / "t.tif", values(3), (100, 1, 0, 34, 0, -1), 4326))
    dates = [f"BAND_{month}_IDS=REF_TIME=2001-{month:02d}-01T00:00:00Z" for month in (1, 2, 3)]
    path = str(tmp_path / "t.grib")
    driver.CreateCopy(path, source, options=["DISCIPLINE=0", *dates])
    assert said(path) == [(2001, 1), (2001, 2), (2001, 3)]


def test_zarr_whose_bands_are_datasets(tmp_path):
    copy = copied_to(tmp_path / "a.zarr", cmip(tmp_path / "a.nc"), "Zarr")
    layers = [Layer(f"z {place}", f'ZARR:"{copy}":/tas:{place}') for place in range(23, -1, -1)]
    series = resolve(layers, monthly=True)
    assert [(step.year, step.month) for step in series.steps] == TWO_YEARS
    assert series.grid.crs_name == "EPSG:4326"
    found = StackReader.of(series).read(series.grid.whole)
    np.testing.assert_array_equal(found, values(24)[:, ::-1] if series.grid.transform[5] > 0 else values(24))


def test_zarr_of_many_bands(tmp_path):
    copy = copied_to(tmp_path / "a.zarr", cmip(tmp_path / "a.nc"), "Zarr")
    if int(gdal.VersionInfo()) < 3080000:
        pytest.skip("this GDAL shows an array of Zarr as one dataset a band")
    assert said(f'ZARR:"{copy}":/tas') == TWO_YEARS
