"""Which rasters are which columns, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import write_raster

from nep_toolbox.algorithms.data._sample_columns import (
    CLASSES,
    DRIVER,
    TARGET,
    bands_given,
    distinct,
    long_columns,
    wide_columns,
)
from nep_toolbox.errors import GridMismatch, InvalidParameter, YearNotFound
from nep_toolbox.raster.series import Layer, resolve

pytestmark = pytest.mark.usefixtures("qgis_app")


class FakeRun:
    """The inputs of a run."""

    def __init__(self, years: str, rasters: dict):
        self._years, self._rasters, self.parameters = years, rasters, self

    def text(self, _name: str) -> str:
        return self._years

    def layers(self, name: str) -> list:
        return self._rasters.get(name, [])

    def series(self, name: str):
        return resolve(self._rasters[name], self._years)


@pytest.fixture
def given(tmp_path):
    """The bands of inputs: by parameter, names of rasters with the descriptions of their bands (None: single)."""

    def make(years="", **rasters):
        return bands_given(FakeRun(years, {
            name: [layer(tmp_path / name, each, bands) for each, bands in files.items()]
            for name, files in rasters.items()
        }))

    return make


def layer(folder, name: str, bands, kind="float32", size=2) -> Layer:
    values = np.zeros((len(bands or [0]), size, size))
    return Layer(name, write_raster(folder / f"{name}.tif", values, descriptions=bands or (), kind=kind))


def test_wide_columns_are_called_as_the_layers(given):
    bands = given(
        INPUT={"npp_2002": None, "slope": None, "npp_2001": None}, DRIVERS={"NEP 2001-2002": ["2001", "2002"]},
        CLASSES={"climate": ["pre_2001", ""]},
    )
    columns = wide_columns(bands)
    assert list(columns.kinds) == [
        # The years of a variable in their order, whatever that of the list.
        "npp_2001", "npp_2002", "slope", "NEP_2001", "NEP_2002", "climate_pre_2001", "climate_2",
    ]
    assert columns.years == [] and columns.places.tolist() == [[0, 1, 2, 3, 4, 5, 6]]
    assert columns.groups == ((0, 1, 2),), "a row has all of the target"
    assert [each.kind for each in bands] == [TARGET] * 3 + [DRIVER] * 2 + [CLASSES] * 2


def test_years_given_for_the_target(given):
    assert list(wide_columns(given("2003,2001", INPUT={"b": None, "a": None})).kinds) == ["a", "b"]
    assert list(wide_columns(given("2001-2002", INPUT={"stack": ["", ""]})).kinds) == ["stack_2001", "stack_2002"]
    with pytest.raises(YearNotFound):
        given("2001-2003", INPUT={"b": None, "a": None})


def test_long_columns_by_hand(given):
    bands = given(
        INPUT={"npp_2001": None, "npp_2002": None, "npp_2003": None, "slope": None},
        DRIVERS={"tmp_2002": None, "tmp_2003": None, "dem": None, "pop_2010": None},
        CLASSES={"lc_2001": None, "lc_2003": None},
    )
    columns = long_columns(bands)
    assert list(columns.kinds) == ["npp", "slope", "tmp", "dem", "pop_2010", "lc"]
    assert columns.years == [2001, 2002, 2003]
    # A driver without the year of a row is empty, one of one date stands for all, classes stand until the next map.
    assert columns.places.tolist() == [[0, 3, -1, 6, 7, 8], [1, 3, 4, 6, 7, 8], [2, 3, 5, 6, 7, 9]]
    assert columns.groups == ((0, 3), (1, 3), (2, 3))


def test_the_years_of_a_long_table_are_those_of_all_targets(given):
    columns = long_columns(given(INPUT={"a_2001": None, "a_2002": None, "b_2002": None, "b_2003": None}))
    assert columns.years == [2002] and columns.places.tolist() == [[1, 2]]
    one = long_columns(given(INPUT={"nep_2015": None}))
    assert list(one.kinds) == ["nep_2015"] and one.years == [2015]


@pytest.mark.parametrize(("rasters", "message"), [
    ({"slope": None}, "⟨LONG⟩ needs years, but no name of a raster of ⟨INPUT⟩ says one"),
    ({"a_2001": None, "b_2002": None}, "have no year in common"),
    ({"a_2001_01": None, "a_2001_02": None}, "are both 'a' in 2001"),
])
def test_no_long_table(given, rasters, message):
    with pytest.raises(InvalidParameter, match=message):
        long_columns(given(INPUT=rasters))


def test_classes_are_whole_numbers_where_they_are_stored_so(tmp_path):
    folder = tmp_path / "x"
    whole = layer(folder, "lc_2001", None, "uint8")
    run = FakeRun("", {
        "INPUT": [layer(folder, "npp_2001", None, "int16")],
        "CLASSES": [whole, layer(folder, "lc_2002", None, "uint8"), layer(folder, "other", None)],
    })
    assert wide_columns(bands_given(run)).kinds == {
        "npp_2001": "number", "lc_2001": "count", "lc_2002": "count", "other": "number"
    }
    assert long_columns(bands_given(run)).kinds == {"npp_2001": "number", "lc": "count", "other": "number"}
    dataset = gdal.Open(whole.path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetScale(0.5)
    dataset = None
    assert long_columns(bands_given(run)).kinds["lc"] == "number"


def test_all_lie_on_one_grid(tmp_path):
    rasters = {"INPUT": [layer(tmp_path, "npp", None)], "DRIVERS": [layer(tmp_path, "dem", None, size=3)]}
    with pytest.raises(GridMismatch, match="'dem' does not lie on the grid of 'npp'"):
        bands_given(FakeRun("", rasters))


def test_columns_are_there_once():
    assert distinct(["NPP", "npp", "x", "FID", "npp_2"]) == ["NPP", "npp_2", "x_2", "FID_2", "npp_2_2"]
