"""The synthetic province is what it says it is."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.sample.known_answers import known_answers
from nep_toolbox.sample.landcover import WATER
from nep_toolbox.sample.province import LANDCOVER_CLASSES, NPP_CODES, NPP_NODATA, NPP_VALID_RANGE, make_province

# drawn once with numpy 1.24; a layer that differs elsewhere is a layer whose known answers differ
COVER_2001 = [3476, 2164, 222, 686, 152, 124, 239]
NPP_2001_ROW_30 = [3995, 4010, 3713, 3244, 3250, 3456, 3270, 3162]
COVER_2020 = [4937, 3324, 2354, 165, 572, 171, 105, 372]
# of each layer the cells (30, 40), (50, 60) and (70, 80), and the mean of the valid ones
LAYERS = {
    "temperature of 2001": ([14.1517, 13.54, 15.2267], 12.799012),
    "temperature of 2020": ([14.77, 14.2908, 15.6317], 13.387602),
    "precipitation of 2010": ([901.3, 1000.0, 1067.6], 964.354948),
    "temperature of July 2005": ([27.06, 26.91, 28.52], 25.64271),
    "precipitation of July 2005": ([168.7, 216.8, 226.8], 200.14042),
    "precipitation of January 2005": ([4.2, 5.4, 5.7], 5.05414),
    "elevation": ([271.5, 227.5, 134.2], 481.77674),
    "population": ([678.2, 463.3, 1785.3], 419.94947),
    "PM2.5": ([61.64, 55.07, 49.95], 52.325677),
}


# ---------------------------------------------------------------------------------------------------- size and seed


def test_default_size_and_place(province):
    assert (province.rows, province.cols, province.cell_size, province.epsg) == (100, 120, 1000.0, 32649)
    assert province.geotransform == (540000.0, 1000.0, 0.0, 3800000.0, 0.0, -1000.0)
    assert province.years == tuple(range(2001, 2021))


@pytest.mark.parametrize(("extent", "cell", "shape"), [(60, 1.0, (50, 60)), (60, 0.5, (100, 120)), (36, 1.0, (30, 36))])
def test_size_follows_the_extent(extent, cell, shape):
    small = make_province(extent, (2001, 2002, 2003), 4, cell)
    assert small.npp(2002).shape == shape
    assert small.geotransform[1] == cell * 1000.0
    assert {patch.name for patch in small.patches if small.valid[patch.rows, patch.cols].all()} == {
        "rising", "falling", "constant", "alternating", "short"}


@pytest.mark.parametrize(("arguments", "words"), [
    ({"extent_km": 12}, "at least 30 columns"),
    ({"extent_km": 2500}, "at most 2000 km"),
    ({"extent_km": float("nan")}, "at least 30 columns"),
    ({"cell_km": 0}, "at least 30 columns"),
    ({"extent_km": 2000, "cell_km": 0.1}, "pixels"),
    ({"years": [2001, 2002, 2002]}, "2002"),
    ({"years": [2001, 2002]}, "three years"),
    ({"years": [1850, 1851, 1852]}, "1900"),
    ({"years": [1899, 1950, 1951]}, "1900"),
    ({"years": [1901, 1950, 2010]}, "100 apart"),
    ({"seed": -1}, "0 or more"),
])
def test_wrong_parameters_are_named(arguments, words):
    with pytest.raises(InvalidParameter, match=words):
        make_province(**arguments)


def test_whoever_watches_can_stop_it_at_any_layer_of_a_year():
    def at_the_twentieth():
        asked.append(1)
        if len(asked) == 20:
            raise KeyboardInterrupt

    asked: list = []
    plain, watched = make_province(40, range(2001, 2004)), make_province(40, range(2001, 2004), watch=at_the_twentieth)
    np.testing.assert_array_equal(watched.npp(2002), plain.npp(2002))
    assert len(asked) >= 1
    with pytest.raises(KeyboardInterrupt):
        known_answers(watched)
    assert len(asked) == 20


def test_unknown_year_is_named(province):
    for layer in (province.npp, province.temperature, province.precipitation, province.landcover):
        with pytest.raises(InvalidParameter, match="1999"):
            layer(1999)


def test_layers_are_the_same_everywhere(province):
    classes = Counter(province.landcover(2001)[province.valid].tolist())
    assert [classes[item.code] for item in LANDCOVER_CLASSES] == COVER_2001
    assert province.npp(2001)[30, 20:100:10].tolist() == NPP_2001_ROW_30


def test_layers_are_those_that_were_drawn_once(province):
    drawn = {
        "temperature of 2001": province.temperature(2001), "temperature of 2020": province.temperature(2020),
        "precipitation of 2010": province.precipitation(2010),
        "temperature of July 2005": province.temperature_month(2005, 7),
        "precipitation of July 2005": province.precipitation_month(2005, 7),
        "precipitation of January 2005": province.precipitation_month(2005, 1),
        "elevation": province.elevation(), "population": province.population(), "PM2.5": province.pm25(),
    }
    assert list(drawn) == list(LAYERS)
    for name, layer in drawn.items():
        cells, mean = LAYERS[name]
        np.testing.assert_allclose(layer[[30, 50, 70], [40, 60, 80]], cells, rtol=0, atol=1e-4, err_msg=name)
        assert layer[layer > -9000].mean(dtype=float) == pytest.approx(mean, abs=1e-4), name
    assert np.bincount(province.landcover(2020).ravel(), minlength=8).tolist() == COVER_2020
    assert province.regions()[0][1][0][:2] == [(620727.05, 3756000.0), (619925.32, 3757533.27)]


def test_seed_decides_the_noise_but_not_the_outline(province):
    again, other = make_province(seed=1), make_province(seed=2)
    for layer in ("npp", "temperature", "precipitation", "landcover"):
        np.testing.assert_array_equal(getattr(again, layer)(2007), getattr(province, layer)(2007))
        assert not np.array_equal(getattr(other, layer)(2007)[province.valid],
                                  getattr(province, layer)(2007)[province.valid])
    np.testing.assert_array_equal(other.region_index, province.region_index)


def test_layers_do_not_depend_on_the_order_of_calls():
    forward, mixed = make_province(40, range(2001, 2005), 3), make_province(40, (2004, 2001, 2003, 2002), 3)
    first = {year: (forward.npp(year), forward.precipitation_month(year, 7)) for year in forward.years}
    for year in (2003, 2001, 2004, 2001, 2002):
        rain, npp = mixed.precipitation_month(year, 7), mixed.npp(year)
        mixed.temperature_month(2002, 1)
        np.testing.assert_array_equal(npp, first[year][0])
        np.testing.assert_array_equal(rain, first[year][1])


# ------------------------------------------------------------------------------------------------------------ layers


def test_npp_is_stored_as_mod17_stores_it(province):
    for year in (2001, 2013, 2020):
        stored = province.npp(year)
        assert stored.dtype == np.int16
        assert (stored[~province.valid] == NPP_NODATA).all()
        inside = stored[province.valid]
        assert set(inside[inside > NPP_VALID_RANGE[1]].tolist()) == set(NPP_CODES) - {NPP_NODATA}
        assert inside[inside <= NPP_VALID_RANGE[1]].min() > 1000


def test_npp_is_missing_on_water_and_in_the_city(province):
    stored = province.npp(2005)
    np.testing.assert_array_equal(stored == 32766, province.landcover(2001) == WATER)
    assert 5 <= np.count_nonzero(stored == 32762) <= 50


@pytest.mark.parametrize(("monthly", "annual", "join"), [
    ("temperature_month", "temperature", np.mean), ("precipitation_month", "precipitation", np.sum)])
def test_months_make_the_year(province, monthly, annual, join):
    months = np.stack([getattr(province, monthly)(2009, month) for month in range(1, 13)])
    assert months.dtype == np.float32
    np.testing.assert_array_equal(np.isnan(months).any(axis=0), ~province.valid)
    expected = join(months.astype(np.float64), axis=0)
    np.testing.assert_allclose(getattr(province, annual)(2009), expected, rtol=1e-7, equal_nan=True)


def test_climate_is_that_of_a_monsoon_land(province):
    january, july = (np.nanmean(province.temperature_month(2010, month)) for month in (1, 7))
    assert -5 < january < 5
    assert 22 < july < 30
    summer = sum(np.nanmean(province.precipitation_month(2010, month)) for month in (6, 7, 8, 9))
    assert 0.5 < summer / np.nanmean(province.precipitation(2010)) < 0.8
    assert all(np.nanmin(province.precipitation_month(2010, month)) >= 0 for month in range(1, 13))


def test_factors_cover_the_province(province):
    for layer in (province.elevation(), province.population(), province.pm25()):
        assert layer.dtype == np.float32
        np.testing.assert_array_equal(np.isnan(layer), ~province.valid)
        assert np.nanmin(layer) > 0


def test_map_looks_like_a_province(province, nep):
    low, high = np.nanpercentile(nep, [2, 98])
    assert 200 < low < high < 500
    elevation = province.elevation()
    some = ~np.isnan(nep).all(axis=0)
    assert np.corrcoef(elevation[some], np.nanmean(nep[:, some], axis=0))[0, 1] > 0.7
    slope = np.polyfit(province.years, np.where(np.isnan(nep), 0, nep).reshape(20, -1), 1)[0].reshape(100, 120)
    complete = ~np.isnan(nep).any(axis=0)
    assert 0.75 < (slope[complete] > 0).mean() < 0.97
    row, col = np.argwhere(province.npp(2001) == 32762).mean(axis=0).round().astype(int)
    near = np.zeros_like(complete)
    near[row - 5:row + 6, col - 5:col + 6] = True
    assert (slope[near & complete] < 0).mean() > 0.9


def test_rain_drives_productivity(province, nep):
    rain = np.stack([province.precipitation(year) for year in province.years]).astype(float)
    free = ~np.isnan(nep).any(axis=0)
    for patch in province.patches:
        free[patch.rows, patch.cols] = False
    x, y = rain[:, free] - rain[:, free].mean(axis=0), nep[:, free] - nep[:, free].mean(axis=0)
    r = (x * y).sum(axis=0) / np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    assert (r > 0).mean() > 0.85
    assert (r < 0).any()
