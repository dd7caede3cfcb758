"""Which rasters are one series, what it is called, and what is refused; further cases are those of the drivers."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_layer

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.framework.several_series import (
    by_name,
    of_one_series,
    require_different,
    require_given_once,
    told_apart,
)
from nep_toolbox.raster.series import Layer, resolve


@pytest.fixture(scope="module")
def layers(tmp_path_factory) -> dict:
    """Rasters of one band and of three by their path below a folder."""
    folder = tmp_path_factory.mktemp("layers")
    years, blank = range(2001, 2004), np.ones((3, 2, 2))
    single = [f"{name}_{year}" for name in ("B wind", "a rain") for year in years]
    single += [f"{place}/{year}" for place in ("Heat", "light") for year in years]
    found = {name: write_layer(folder / f"{name}.tif", blank[0]) for name in single}
    for name in ("x/nep", "y/nep", "Nep", "late"):
        found[name] = write_layer(folder / f"{name}.tif", blank, descriptions=years)
    return found


def names(groups) -> list:
    return [[layer.name for layer in group] for group in groups]


def test_groups_by_name_and_by_folder(layers):
    given = [layers[name] for name in ("a rain_2003", "B wind_2001", "Heat/2002", "a rain_2001", "light/2001",
                                       "B wind_2003", "Heat/2001", "light/2002", "late")]
    assert names(of_one_series(given, "member")) == [
        ["a rain_2003", "a rain_2001"], ["B wind_2001", "B wind_2003"], ["2002", "2001"], ["2001", "2002"], ["late"],
    ]


def test_files_of_years_beside_a_raster_of_several_bands_that_is_named_alike(tmp_path):
    stack = write_layer(tmp_path / "lpj/nep.tif", np.ones((2, 2, 2)), descriptions=(2001, 2002))
    files = {folder: [write_layer(tmp_path / folder / f"nep_{year}.tif", np.ones((2, 2))) for year in (2001, 2002)]
             for folder in ("modis", "casa")}
    modis, casa = files.values()
    assert of_one_series([modis[1], stack, modis[0]], "member") == [[stack], modis[::-1]]
    assert of_one_series([*modis, stack, *casa], "member") == [[stack], modis, casa]
    with pytest.raises(InvalidParameter, match="'nep_2001' has one band, of 2001, but a member is a series"):
        of_one_series([stack, modis[0]], "member")


def test_names_and_order_do_not_depend_on_that_of_the_list(layers):
    keys = ("x/nep", "y/nep", "late")
    groups = [[layers[name]] for name in keys] + [[layers[f"{part}_2001"], layers[f"{part}_2002"]]
                                                  for part in ("B wind", "a rain")]
    for turned in (groups, groups[::-1]):
        found = by_name([resolve(group) for group in turned])
        assert told_apart(found) == ["a rain", "B wind", "late", "x/nep", "y/nep"]


def test_files_of_years_that_hold_the_same_quantity(tmp_path):
    groups = [[write_layer(tmp_path / f"{name}_{year}.tif", np.ones((2, 2)), descriptions=["NPP"])
               for year in (2001, 2002)] for name in ("lpj", "modis")]
    assert of_one_series([layer for pair in zip(*groups) for layer in pair], "member") == groups
    assert told_apart([resolve(group) for group in groups]) == ["lpj", "modis"]
    assert told_apart([resolve(groups[0])]) == ["NPP"]


def test_files_of_years_in_several_folders_are_told_apart_by_these(tmp_path):
    groups = [[write_layer(tmp_path / folder / f"{name}_{year}.tif", np.ones((2, 2)), descriptions=["Mean air"])
               for year in (2001, 2002)] for folder, name in (("era", "t2m"), ("cru", "tmp"), ("cru", "tas"))]
    assert told_apart([resolve(group) for group in groups[:2]]) == ["era/Mean air", "cru/Mean air"]
    assert told_apart([resolve(group) for group in groups]) == ["era/Mean air", "tmp", "tas"]


def test_what_is_refused(layers):
    with pytest.raises(InvalidParameter, match="'2001' has one band, of 2001, but a member is a "):
        of_one_series([layers["Heat/2001"], layers["late"]], "member")
    nep = layers["x/nep"]
    require_given_once([nep, layers["y/nep"]], "INPUT")
    with pytest.raises(InvalidParameter, match="'nep' and 'again' in ⟨INPUT⟩ are one raster: leave one out"):
        require_given_once([nep, layers["y/nep"], Layer("again", nep.path)], "INPUT")
    both = [resolve([layers[name]]) for name in ("x/nep", "Nep")]
    require_different(["one", "other"], both, "{} {}")
    with pytest.raises(InvalidParameter, match="^'nep', 'Nep' are called one$"):
        require_different(["one", "ONE"], both, "{} are called {}")
