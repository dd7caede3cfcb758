"""Which rasters are one variable in several years."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_raster

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.framework.dated import dated
from nep_toolbox.raster.band_names import years_of
from nep_toolbox.raster.series import Layer, bands_of


@pytest.fixture
def found(tmp_path):
    """Bands of made-up rasters with kind and year, given name -> descriptions of the bands (None: a single band)."""

    def make(rasters: dict, kind="continuous"):
        rows = []
        for name, bands in rasters.items():
            values = np.zeros((len(bands or [0]), 2, 2))
            path = write_raster(tmp_path / f"{name}.tif", values, descriptions=bands or ())
            layer = Layer(name, path)
            rows += [(band, kind, year) for band, year in zip(bands_of(layer), years_of(layer))]
        return rows

    return make


def factors(rows) -> dict:
    return {factor.name: sorted(factor.bands, key=str) for factor in dated(rows)}


@pytest.mark.parametrize(("rasters", "expected"), [
    ({"pre_2013": None, "dem": None, "pre_2015": None}, {"pre": [2013, 2015], "dem": [None]}),
    ({"pre": ["2013", "2015"]}, {"pre": [2013, 2015]}),
    ({"climate": ["pre_2013", "tmp_2013", "pre_2015", "tmp_2015", "dem"]},
     {"pre": [2013, 2015], "tmp": [2013, 2015], "dem": [None]}),
    ({"factors_2013": ["pre", "pop"], "factors_2015": ["pre", "fire"], "factors": ["dem", "slope"]},
     {"pre": [2013, 2015], "pop": [2013], "fire": [2015], "dem": [None], "slope": [None]}),
    # A factor of one year keeps its name.
    ({"pop_2010": None, "pre_2013": None, "pre_2015": None}, {"pop_2010": [2010], "pre": [2013, 2015]}),
    ({"2013 mean-pre": None, "2015 mean-pre": None}, {"mean-pre": [2013, 2015]}),
    ({"pre_2013_mean": None, "pre_2015_mean": None}, {"pre_mean": [2013, 2015]}),
    ({"Rain (2013)": None, "Rain (2015)": None}, {"Rain": [2013, 2015]}),
    ({"pre_2013": None, "pre2_2015": None}, {"pre_2013": [2013], "pre2_2015": [2015]}),
    ({"pre_2001-2003": ["", "", ""]}, {"pre": [2001, 2002, 2003]}),
    # Two years, neither of which is the raster's.
    ({"change_2001_2020": None, "change_2001_2010": None}, {"change_2001_2020": [None], "change_2001_2010": [None]}),
])
def test_names_that_differ_in_the_year_alone_are_one_factor(found, rasters, expected):
    assert factors(found(rasters)) == expected


def test_kinds_are_not_mixed(found):
    rows = found({"code_2013": None}) + found({"code_2015": None}, "categorical")
    assert factors(rows) == {"code_2013": [2013], "code_2015": [2015]}


def test_a_year_takes_its_own_band_else_the_nearest_earlier_one_else_the_first(found):
    (factor,) = dated(found({"pre_2005": None, "pre_2010": None, "pre_2015": None}))
    taken = {year: factor.of(year) for year in (2001, 2005, 2009, 2010, 2014, 2020)}
    assert [year for _band, year in taken.values()] == [2005, 2005, 2005, 2010, 2010, 2015]
    assert taken[2014][0].name == "pre_2010"
    (constant,) = dated(found({"dem": None}))
    assert constant.of(2001)[1] is None and constant.of(2001)[0].name == "dem"


def test_two_rasters_of_one_factor_and_year(found):
    with pytest.raises(InvalidParameter, match="'pre_2013' and 'pre-2013' are both 'pre' in 2013. Keep one"):
        dated(found({"pre_2013": None, "pre-2013": None}))


def test_rasters_without_a_year_stay_apart(found):
    rows = found({"dem": None}) * 2
    assert [factor.name for factor in dated(rows)] == ["dem", "dem"]
