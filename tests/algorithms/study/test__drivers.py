"""The drivers that may explain how a series changes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal
from study_inputs import npp_only
from testkit.rasters import write_raster
from testkit.tools import run, table

from nep_toolbox.algorithms.study import _steps
from nep_toolbox.algorithms.study._drivers import MIN_DF, chosen_drivers, years_needed
from nep_toolbox.algorithms.study._plan import CATEGORICAL, CONTINUOUS, Factor, Plan

pytestmark = pytest.mark.usefixtures("provider")

YEARS = list(range(2001, 2021))


class Grid:
    """A grid that knows others by their name."""

    def __init__(self, name: str = "one"):
        self.name = name

    def differences(self, other) -> list:
        """What differs."""
        return [] if self.name == other.name else ["its name"]


def factor(name: str, years, kind: str = CONTINUOUS, grids=("one",)) -> Factor:
    return Factor(name, kind, {
        year: SimpleNamespace(series=SimpleNamespace(grid=Grid(grids[place % len(grids)])))
        for place, year in enumerate(years)
    })


def plan(*factors: Factor, climate=("temperature", "precipitation"), years=YEARS) -> Plan:
    sources = {name: SimpleNamespace(constant=False) for name in climate}
    return Plan(years=list(years), climate=sources, factors=list(factors))


def names(found) -> list:
    return [driver.name for driver in found.drivers]


def test_climate_is_a_driver_unless_it_is_the_same_in_every_year():
    assert names(chosen_drivers(plan())) == ["precipitation", "temperature"]
    climate = plan()
    climate.climate["temperature"].constant = True
    assert names(chosen_drivers(climate)) == ["precipitation"]
    assert chosen_drivers(plan(climate=())).drivers == []


def test_factors_of_nearly_all_years_are_drivers():
    found = chosen_drivers(plan(factor("a", YEARS[:16]), factor("b", YEARS[:15]), factor("c", [0]),
                                factor("d", YEARS, CATEGORICAL), factor("e", [*YEARS, 1999])))
    assert names(found) == ["precipitation", "temperature", "a", "e"]
    assert [driver.stem for driver in found.drivers] == ["precipitation", "temperature", "driver_1", "driver_5"]
    assert found.years == YEARS[:16]
    assert found.told == ["The factor 'b' is no driver of the attribution: it has 15 of the 20 years."]


def test_years_that_two_factors_lack_add_up():
    found = chosen_drivers(plan(factor("a", YEARS[2:]), factor("b", YEARS[:-2]), factor("c", YEARS[1:-1]),
                                factor("d", [*YEARS[:5], *YEARS[6:]])))
    assert names(found) == ["precipitation", "temperature", "a", "b", "c"] and found.years == YEARS[2:-2]


def test_what_else_a_driver_must_have():
    found = chosen_drivers(plan(factor("a", YEARS, grids=("one", "other")), factor("Temperature", YEARS)))
    assert names(found) == ["precipitation", "temperature"]
    assert [text.split(": ")[1] for text in found.told] == [
        "its years lie on different grids.", "another driver is called so."]


def test_as_many_drivers_as_the_years_can_bear():
    few = plan(factor("a", YEARS[:10]), factor("b", YEARS[:10]), years=YEARS[:10])
    found = chosen_drivers(few)
    assert names(found) == ["precipitation", "temperature", "a"]
    assert len(found.years) == years_needed(3) == 3 + 2 + MIN_DF
    assert found.told == ["The factor 'b' is no driver of the attribution: too few years are left for so many drivers."]


def test_a_factor_becomes_a_series_on_the_grid_and_all_its_years_are_in_the_table(province, tmp_path, monkeypatch):
    steps = tuple(step for step in _steps.STEPS if step.name == "prepare")
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS", steps)
    first = gdal.Open(str(province / "npp_2001.tif"))
    source = np.random.default_rng(4).random((12, first.RasterYSize, first.RasterXSize)).astype("float32")
    light = [write_raster(tmp_path / f"light_{year}.tif", values, first.GetGeoTransform(), first.GetProjection())
             for year, values in zip(range(2001, 2013), source)]
    folder = tmp_path / "study"
    parameters = npp_only(province, CONTINUOUS=[str(province / "pm25.tif"), *light], DETECTOR_YEARS="2003",
                          REGIONS=str(province / "regions.gpkg"), REGION_FIELD="name")
    run("nep:study", {**parameters, "OUTPUT_FOLDER": str(folder)})
    made = gdal.Open(str(folder / "data" / "driver_2.tif"))
    assert [made.GetRasterBand(band).GetDescription() for band in (1, 12)] == ["2001", "2012"]
    values = made.ReadAsArray()
    inside = values != -9999
    np.testing.assert_array_equal(values[inside], source[inside])
    npp = gdal.Open(str(folder / "data" / "npp.tif")).ReadAsArray() != -9999
    assert inside[npp].all() and not inside.all()  # cut to the regions
    rows = {row["variable"]: row["years"] for row in table(folder / "tables" / "data.csv")}
    assert rows["light"] == "2001-2012"
