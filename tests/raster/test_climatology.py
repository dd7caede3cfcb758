"""Rasters without a year: one for all years, or twelve for the months."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_raster

from nep_toolbox.errors import GridMismatch, YearNotFound
from nep_toolbox.raster.climatology import climatology, says_months
from nep_toolbox.raster.series import Layer


def layer(folder, name, bands=1, descriptions=()) -> Layer:
    return Layer(name, write_raster(folder / f"{name}.tif", np.zeros((bands, 2, 3)), descriptions=descriptions))


def months(series) -> list:
    return [(step.layer.name, step.band, step.month) for step in series.steps]


def test_one_raster_without_a_year(tmp_path):
    found = climatology([layer(tmp_path, "worldclim_bio1")])
    assert [(step.year, step.month) for step in found.steps] == [(0, 0)]
    assert found.steps_per_year == 1 and found.years == [0]


@pytest.mark.parametrize("descriptions", [
    (), [f"Band {month}" for month in range(1, 13)], [f"T_{month:02d}" for month in range(1, 13)],
])
def test_twelve_bands_are_months_in_order(tmp_path, descriptions):
    found = climatology([layer(tmp_path, "t", 12, descriptions)])
    assert months(found) == [("t", month, month) for month in range(1, 13)]
    assert found.steps_per_year == 12 and {step.year for step in found.steps} == {0}
    assert says_months(found) is (len(descriptions) == 12 and descriptions[0] == "T_01")


def test_bands_are_brought_in_the_order_that_they_say(tmp_path):
    found = climatology([layer(tmp_path, "t", 12, [f"month {13 - band}" for band in range(1, 13)])])
    assert months(found) == [("t", 13 - month, month) for month in range(1, 13)]


@pytest.mark.parametrize("pattern", [
    "tavg_{}", "wc2.1_10m_tavg_{:02d}", "{:02d}", "CHELSA_tas_{:02d}_1981-2010_V.2.1",
    "CHELSA_pr_{:02d}_1981-2010_V.1.2",
])
def test_twelve_rasters_are_ordered_by_the_last_number_in_which_their_names_differ(tmp_path, pattern):
    names = sorted((pattern.format(month) for month in range(1, 13)), key=str)
    found = climatology([layer(tmp_path, name) for name in names])
    assert months(found) == [(pattern.format(month), 1, month) for month in range(1, 13)]
    assert says_months(found)


def test_what_is_no_climatology(tmp_path):
    assert climatology([layer(tmp_path, "t", 3)]) is None
    assert climatology([layer(tmp_path, "t_2001")]) is None
    assert climatology([layer(tmp_path, "x", 12, [f"{2000 + band}" for band in range(12)])]) is None
    letters = [layer(tmp_path, f"t_{letter}") for letter in "abcdefghijkl"]
    assert climatology(letters) is None
    twice = [*(f"u_{month}" for month in range(1, 12)), "u_11 again 11"]
    assert climatology([layer(tmp_path, name) for name in twice]) is None


def test_months_on_different_grids(tmp_path):
    layers = [layer(tmp_path, f"t_{month}") for month in range(1, 12)]
    path = write_raster(tmp_path / "t_12.tif", np.zeros((5, 5)))
    with pytest.raises(GridMismatch, match="t_12"):
        climatology([*layers, Layer("t_12", path)])


def test_names_of_months(tmp_path):
    names = ["Dec", "Nov", "Oct", "Sep", "Aug", "Jul", "Jun", "May", "Apr", "Mar", "Feb", "Jan"]
    found = climatology([layer(tmp_path, f"tas_{name}_v2") for name in names])
    assert months(found) == [(f"tas_{name}_v2", 1, place) for place, name in enumerate(names[::-1], start=1)]


def test_twelve_bands_of_one_year_are_no_climatology(tmp_path):
    assert climatology([layer(tmp_path, "tas_1982", 12)]) is None
    assert climatology([layer(tmp_path, "a", 6), layer(tmp_path, "b", 6)]) is None
    halves = [layer(tmp_path, f"half {start}", 6, [f"T_{start + band}" for band in range(6)]) for start in (7, 1)]
    assert [step.band for step in climatology(halves).steps] == [*range(1, 7), *range(1, 7)]


def test_twelve_bands_that_repeat_a_month(tmp_path):
    names = [f"T_{month:02d}" for month in (*range(1, 12), 11)]
    with pytest.raises(YearNotFound, match="bands of 't' say month 11 more than once, and month 12 is missing. Descr"):
        climatology([layer(tmp_path, "t", 12, names)])
