"""What holds where YEARS and names say different times, and the same raster twice."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_layer, yearly

from nep_toolbox.errors import InvalidParameter, YearNotFound
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import Layer, resolve


def values_of(series) -> list:
    """The value of the first cell at every step."""
    return StackReader.of(series).read(series.grid.whole)[:, 0, 0].tolist()


def monthly_layers(folder, years, skip=()) -> list:
    return [
        write_layer(folder / f"T_{year}_{month:02d}.tif", np.full((2, 2), 100.0 * year + month))
        for year in years for month in range(12, 0, -1) if (year, month) not in skip
    ]


def test_years_that_differ_from_names_are_told(tmp_path):
    """Names 2003, 2002, 2001 with YEARS 2001-2003: the years are taken in the order given, and 2002 agrees."""
    layers = yearly(tmp_path, [2003, 2002, 2001])
    series = resolve(layers, "2001-2003")
    assert values_of(series) == [2003.0, 2002.0, 2001.0]
    assert series.warnings == (
        "⟨YEARS⟩ says otherwise than names do; taken are 'NPP_2003' as 2001, 'NPP_2001' as 2003. If that is wrong, "
        "give the rasters in the order of ⟨YEARS⟩, or leave it empty to take the years from names.",
    )
    assert resolve(layers, "2003,2002,2001").warnings == resolve(layers).warnings == ()
    partly = [*layers[:2], write_layer(tmp_path / "b.tif", np.zeros((3, 4)))]
    assert "'NPP_2003' as 2011, 'NPP_2002' as 2012. If" in resolve(partly, "2011-2013").warnings[0]


def test_a_number_that_all_names_share_is_no_year_of_a_step(tmp_path):
    layers = [write_layer(tmp_path / f"v2015_{letter}.tif", np.zeros((2, 2))) for letter in "abc"]
    assert resolve(layers, "2001-2003").warnings == ()


def test_years_settle_names_of_several_numbers(tmp_path):
    layers = [write_layer(tmp_path / f"NPP_2000_2020_{letter}.tif", np.zeros((2, 2))) for letter in "ab"]
    with pytest.raises(YearNotFound, match="set ⟨YEARS⟩"):
        resolve(layers)
    assert (resolve(layers, "2001-2002").years, resolve(layers, "2001-2002").warnings) == ([2001, 2002], ())


def test_years_against_descriptions_and_ranges(tmp_path):
    planes = np.zeros((2, 2, 2))
    named = write_layer(tmp_path / "a.tif", planes, descriptions=["2001", "2002"])
    assert "'a, band 1' as 2011, 'a, band 2' as 2012" in resolve([named], "2011-2012").warnings[0]
    ranged = write_layer(tmp_path / "b_2001-2002.tif", planes)
    assert "as 2011" in resolve([ranged], "2011-2012").warnings[0] and resolve([ranged], "2001-2002").warnings == ()


def test_names_hold_where_they_come_first(tmp_path):
    layers = yearly(tmp_path, [2005, 2006, 2007])
    series = resolve(layers, "2001-2003", names_first=True)
    assert series.years == [2005, 2006, 2007]
    assert series.warnings == (
        "Names of the series of 'NPP_2005' say otherwise than ⟨YEARS⟩, and hold: ⟨YEARS⟩ belongs to the first series "
        "and to those whose names say no years. By ⟨YEARS⟩ it would have been 'NPP_2005' as 2001, 'NPP_2006' as 2002, "
        "'NPP_2007' as 2003.",
    )
    # As many years as steps are no condition then, and years of another number belong to another series.
    assert (resolve(layers, "2001-2010", names_first=True).warnings) == ()
    assert resolve(layers, "2005-2007", names_first=True).warnings == ()
    unnamed = [write_layer(tmp_path / f"{letter}.tif", np.zeros((3, 4))) for letter in "ab"]
    assert resolve([*unnamed, layers[0]], "2001-2003", names_first=True).years == [2001, 2002, 2003]
    assert resolve(unnamed, "2001-2002", names_first=True).warnings == ()
    with pytest.raises(YearNotFound, match="names 3 years, but the series of 'a' has 2"):
        resolve(unnamed, "2001-2003", names_first=True)


def test_months_of_names_hold_where_they_come_first(tmp_path):
    layers = monthly_layers(tmp_path, [2001, 2002])
    series = resolve(layers, "2011-2012", monthly=True, names_first=True)
    assert series.years == [2001, 2002] and "'T_2001_12' as 2011-01" in series.warnings[0]
    lacking = monthly_layers(tmp_path / "b", [2001], skip=[(2001, 5)])
    with pytest.raises(YearNotFound, match="month 5 is missing"):
        resolve(lacking, "2001", monthly=True, names_first=True)


def test_the_same_raster_twice(tmp_path):
    first, second = yearly(tmp_path, [2001, 2002])
    link = tmp_path / "NPP_2003.tif"
    link.symlink_to(first.path)
    for again in (first, Layer("other", first.path), Layer("NPP_2003", str(link)),
                  Layer("relative", str(tmp_path / "." / "NPP_2001.tif"))):
        with pytest.raises(InvalidParameter, match=f"'NPP_2001' and '{again.name}' are one raster, .*tif. Give each"):
            resolve([first, second, again], "2001-2003")
