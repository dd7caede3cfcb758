"""What bands are called, and their years."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_raster

from nep_toolbox.raster.band_names import factor_names, layer_name, name_of, shared_name, title_of, years_of
from nep_toolbox.raster.series import Layer, bands_of


@pytest.fixture
def layer(tmp_path):
    """A raster with a name and the descriptions of its bands."""

    def make(name: str, *descriptions) -> Layer:
        values = np.zeros((len(descriptions) or 1, 2, 2))
        return Layer(name, write_raster(tmp_path / f"{name}.tif", values, descriptions=descriptions))

    return make


@pytest.mark.parametrize(("name", "bands", "years"), [
    ("pre_2013", (), [2013]),
    ("pre", ("2013", "2015"), [2013, 2015]),
    ("pre_2013", ("a", "b"), [2013, 2013]),
    ("pre_2001-2003", ("", "", ""), [2001, 2002, 2003]),
    ("change_2001_2020", (), [None]),
    ("dem", (), [None]),
])
def test_years(layer, name, bands, years):
    assert years_of(layer(name, *bands)) == years


@pytest.mark.parametrize(("name", "bands", "shared", "of_layer"), [
    ("pre_2013", (), ["pre"], "pre"),
    ("NEP 2001-2002 (gC)", ("2001", "2002"), ["NEP (gC)"] * 2, "NEP (gC)"),
    ("climate", ("pre_2013", "tmp_2013"), ["pre", "tmp"], "climate"),
    ("2013", (), ["2013"], "2013"),
])
def test_names_without_their_years(layer, name, bands, shared, of_layer):
    found = bands_of(layer(name, *bands))
    assert [shared_name(band) for band in found] == shared
    assert {layer_name(band) for band in found} == {of_layer}


def test_names_of_bands(layer):
    (dem,), climate = bands_of(layer("dem")), bands_of(layer("climate", "pre", "2013", ""))
    assert [name_of(band) for band in (dem, *climate)] == ["dem", "pre", "2013", "climate band 3"]
    assert [title_of(band) for band in (dem, *climate)] == ["dem", "pre", "climate 2013", "climate band 3"]
    assert factor_names([dem, *climate, *bands_of(layer("other", "pre"))]) == [
        "dem", "pre", "2013", "climate band 3", "other"
    ]
    assert factor_names([*climate, *bands_of(layer("more", "pre", "x"))])[0::3] == ["climate pre", "more pre"]
