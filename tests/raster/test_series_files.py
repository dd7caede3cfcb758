"""Several rasters of several bands as one series."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_layer

from nep_toolbox.errors import YearNotFound
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import Layer, resolve


def values_of(series) -> list:
    """The value of the first cell at every step."""
    return StackReader.of(series).read(series.grid.whole)[:, 0, 0].tolist()


def stack(path, count, start=0.0, **options) -> Layer:
    """One raster of some bands, each of a number of its own."""
    return write_layer(path, start + np.arange(float(count))[:, None, None] * np.ones((count, 2, 2)), **options)


def test_multi_band_rasters_of_years_beside_each_other(tmp_path):
    layers = [stack(tmp_path / "npp_2003-2005.tif", 3, 30.0), stack(tmp_path / "npp_2001-2002.tif", 2, 10.0),
              write_layer(tmp_path / "npp_2006.tif", np.full((2, 2), 60.0))]
    series = resolve(layers)
    assert series.years == [2001, 2002, 2003, 2004, 2005, 2006]
    assert values_of(series) == [10.0, 11.0, 30.0, 31.0, 32.0, 60.0]


def test_a_file_of_twelve_bands_for_each_year(tmp_path):
    layers = [stack(tmp_path / f"tas_{year}.tif", 12, 100.0 * year) for year in (1983, 1982, 1984)]
    series = resolve(layers, monthly=True)
    assert (series.years, series.steps_per_year) == ([1982, 1983, 1984], 12)
    assert values_of(series) == [100.0 * year + month for year in (1982, 1983, 1984) for month in range(12)]
    with pytest.raises(YearNotFound, match=r"of 'tas_1983' \(12 bands\), .*bands of 'tas_1983'.*nep:annualclimate"):
        resolve(layers)


@pytest.mark.parametrize("words", ["{month:02d}", "tas_{month}", "month {month} of 12", "{name}", "2 m, {name} mean"])
def test_bands_that_say_their_month_under_a_year(tmp_path, words):
    months = list(range(12, 0, -1))
    names = ["Jan", "February", "Mar", "April", "May", "June", "July", "Aug", "Sept", "October", "Nov", "December"]
    said = [words.format(month=month, name=names[month - 1]) for month in months]
    layers = [stack(tmp_path / f"tas_{year}.tif", 12, 100.0 * year, descriptions=said) for year in (2001, 2002)]
    found = values_of(resolve(layers, monthly=True))
    assert found == [100.0 * year + 12 - month for year in (2001, 2002) for month in range(1, 13)]


def test_descriptions_hold_before_the_name_of_the_file(tmp_path):
    said = [f"tas_{year}_{month:02d}" for year in (1999, 2000) for month in range(1, 13)]
    first = stack(tmp_path / "made_2015.tif", 12, descriptions=said[:12])
    second = stack(tmp_path / "made_2016.tif", 12, 12.0, descriptions=said[12:])
    series = resolve([second, first], monthly=True)
    assert series.years == [1999, 2000] and values_of(series) == list(range(24))


def test_files_of_several_years_of_months(tmp_path):
    layers = [stack(tmp_path / "pre_1904_1905.tif", 24, 36.0), stack(tmp_path / "pre_1901_1903.tif", 36)]
    series = resolve(layers, monthly=True)
    assert series.years == [1901, 1902, 1903, 1904, 1905] and values_of(series) == list(range(60))
    named = [stack(tmp_path / "tas_200105-200212.tif", 20, 4.0), stack(tmp_path / "tas_200101-200104.tif", 4)]
    assert values_of(resolve(named, monthly=True)) == list(range(24))


def test_bands_that_are_not_as_many_as_the_name_says(tmp_path):
    layers = [stack(tmp_path / "tas_1982.tif", 12), stack(tmp_path / "tas_1983.tif", 11)]
    with pytest.raises(YearNotFound, match=r"of 'tas_1983' \(11 bands\)\. .*set ⟨YEARS⟩"):
        resolve(layers, monthly=True)
    with pytest.raises(YearNotFound, match="'tas_1982', 'again_1982' all say 1982-01"):
        resolve([layers[0], stack(tmp_path / "again_1982.tif", 12)], monthly=True)


def test_two_years_of_bands_under_one_year(tmp_path):
    with pytest.raises(YearNotFound, match=r"name of 'tas_1982' \(24 bands\)\. Give .* for example 2001-2020\.$"):
        resolve([stack(tmp_path / "tas_1982.tif", 24), stack(tmp_path / "tas_1984.tif", 12)], monthly=True)


def test_only_tools_of_years_are_told_of_twelve_bands(tmp_path):
    twelve = [stack(tmp_path / f"{letter}.tif", 12) for letter in "ab"]
    for monthly, told in ((False, True), (True, False)):
        with pytest.raises(YearNotFound) as error:
            resolve(twelve, monthly=monthly)
        assert ("nep:annualclimate" in str(error.value)) is told


def test_years_for_several_rasters_of_twelve_bands(tmp_path):
    layers = [stack(tmp_path / f"{letter}.tif", 12, start) for letter, start in (("a", 0.0), ("b", 12.0))]
    series = resolve(layers, "2005,2001", monthly=True)
    assert values_of(series) == [*range(12, 24), *range(12)]


def test_layers_and_files_that_disagree_among_multi_band_rasters(tmp_path):
    first, second = (stack(tmp_path / f"tas_{year}.tif", 12) for year in (1982, 1983))
    with pytest.raises(YearNotFound, match=r"'tas 1990' \(layer 1990, file 1983\)"):
        resolve([first, Layer("tas 1990", second.path)], monthly=True)


def test_months_of_multi_band_rasters_where_none_are_wanted(tmp_path):
    said = [f"2001-{month:02d}" for month in range(1, 13)]
    with pytest.raises(YearNotFound, match="'x.* all say 2001: they are months.*⟨nep:annualclimate⟩"):
        resolve([stack(tmp_path / "x.tif", 12, descriptions=said)])
    days = [f"2001-01-{day:02d}" for day in range(1, 13)]  # which are no months
    with pytest.raises(YearNotFound, match="all say 2001. Keep one step for each time"):
        resolve([stack(tmp_path / "y.tif", 12, descriptions=days)])


@pytest.mark.parametrize(("path", "name"), [
    ('NETCDF:"/data/tas_1982.nc":t2m', "tas_1982"), ('ZARR:"/data/tas_1982.zarr":/tas:3', "tas_1982"),
    ('HDF5:"/data/v1.2 tas.h5"://grid/tas', "v1.2 tas"),
    ('HDF4_EOS:EOS_GRID:"/data/MOD17A3HGF.A2001001.hdf":MOD_Grid:Npp_500m', "MOD17A3HGF.A2001001"),
    ("/data/a.b.tif|option:OVERVIEW_LEVEL=1", "a.b"),
])
def test_the_name_of_the_file_of_a_variable(path, name):
    assert Layer("x", path).base_name == name
