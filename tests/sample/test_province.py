"""The synthetic province is what it says it is, and its known answers are true."""

from __future__ import annotations

import json
import math
from collections import Counter

import numpy as np
import pytest

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.sample.known_answers import known_answers
from nep_toolbox.sample.landcover import CROPLAND, FOREST, WATER
from nep_toolbox.sample.province import (
    LANDCOVER_CLASSES,
    NPP_CODES,
    NPP_NODATA,
    NPP_SCALE,
    NPP_VALID_RANGE,
    make_province,
)
from nep_toolbox.sample.shape import generator, rasterize

# drawn once with numpy 1.24; a layer that differs elsewhere is a layer whose known answers differ
STREAM = [0.5118216247002567, 0.9504636963259353, 0.14415961271963373]
COVER_2001 = [3540, 2095, 243, 754, 106, 85, 240]
NPP_2001_ROW_30 = [3970, 4010, 3569, 2731, 2887, 2975, 3033, 3242]


@pytest.fixture(scope="module")
def province():
    return make_province()


@pytest.fixture(scope="module")
def truth(province):
    return known_answers(province)


@pytest.fixture(scope="module")
def nep(province):
    """NEP of every year by the literal annual form; NaN where there is none."""
    layers = []
    for year in province.years:
        stored = province.npp(year).astype(float)
        stored[stored > NPP_VALID_RANGE[1]] = np.nan
        layers.append(stored * NPP_SCALE - respiration(province.temperature(year).astype(float),
                                                       province.precipitation(year).astype(float)))
    return np.array(layers)


def respiration(temperature, precipitation):
    return 0.22 * (np.exp(0.0913 * temperature) + np.log(0.3145 * precipitation + 1.0)) * 30 * 0.465


def patch_answer(truth, name):
    return next(answer for answer in truth["patches"] if answer["name"] == name)


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
    ({"years": [1901, 1950, 2010]}, "100 apart"),
    ({"seed": -1}, "0 or more"),
])
def test_wrong_parameters_are_named(arguments, words):
    with pytest.raises(InvalidParameter, match=words):
        make_province(**arguments)


def test_unknown_year_is_named(province):
    for layer in (province.npp, province.temperature, province.precipitation, province.landcover):
        with pytest.raises(InvalidParameter, match="1999"):
            layer(1999)


def test_random_stream_is_the_one_the_layers_were_drawn_from():
    # the first doubles of PCG64(SeedSequence([1, 0])); another numpy that gave others would change every layer
    assert generator(1, 0).random(3).tolist() == STREAM


def test_layers_are_the_same_everywhere(province):
    classes = Counter(province.landcover(2001)[province.valid].tolist())
    assert [classes[item.code] for item in LANDCOVER_CLASSES] == COVER_2001
    assert province.npp(2001)[30, 20:100:10].tolist() == NPP_2001_ROW_30


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


# ---------------------------------------------------------------------------------------------------------- regions


def test_districts_share_every_inner_border(province):
    edges = Counter()
    for _, rings in province.regions():
        assert len(rings) == 1
        ring = rings[0]
        assert ring[0] == ring[-1]
        assert shoelace(ring) > 0  # anticlockwise
        edges.update(zip(ring, ring[1:]))
    inner = {edge for edge in edges if edge[::-1] in edges}
    outer = [edge for edge in edges if edge not in inner]
    assert max(edges.values()) == 1
    follow = dict(outer)
    walked, vertex = [outer[0][0]], follow[outer[0][0]]
    while vertex != walked[0]:
        walked.append(vertex)
        vertex = follow[vertex]
    assert len(walked) == len(outer)  # what is not shared is one closed line: the outline
    area = sum(shoelace(rings[0]) for _, rings in province.regions())
    assert area == pytest.approx(shoelace([*walked, walked[0]]), rel=1e-12)
    assert area / 1e6 == pytest.approx(np.count_nonzero(province.valid), rel=0.01)


def test_districts_lie_in_the_grid_and_are_labelled(province):
    west, cell, _, north, _, _ = province.geotransform
    for name, rings in province.regions():
        assert "synthetic" in name
        x, y = np.array(rings[0]).T
        assert west < x.min() < x.max() < west + province.cols * cell
        assert north - province.rows * cell < y.min() < y.max() < north


def shoelace(ring):
    return 0.5 * sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:]))


def winding(ring, x, y):
    """Turns of a ring round a point, by the sum of the angles."""
    turns = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:]):
        ax, ay, bx, by = x0 - x, y0 - y, x1 - x, y1 - y
        turns += math.atan2(ax * by - ay * bx, ax * bx + ay * by)
    return round(turns / (2 * math.pi))


def test_pixels_belong_to_the_district_around_their_centre(province):
    west, cell, _, north, _, _ = province.geotransform
    regions = province.regions()
    for row in range(3, province.rows, 9):
        for col in range(2, province.cols, 7):
            x, y = west + (col + 0.5) * cell, north - (row + 0.5) * cell
            around = [index for index, (_, rings) in enumerate(regions) if winding(rings[0], x, y)]
            assert around == ([province.region_index[row, col]] if province.valid[row, col] else [])


def test_rasterize_gives_a_shared_edge_to_one_side():
    centres = np.arange(6) + 0.5
    left = [(0, 0), (2.5, 0), (2.5, 6), (0, 6), (0, 0)]
    right = [(2.5, 0), (6, 0), (6, 6), (2.5, 6), (2.5, 0)]
    both = rasterize(left, centres, centres).astype(int) + rasterize(right, centres, centres)
    assert (both == 1).all()
    slanted = [(0, 0), (6, 0), (0, 6), (0, 0)], [(6, 0), (6, 6), (0, 6), (6, 0)]
    assert (sum(rasterize(ring, centres, centres).astype(int) for ring in slanted) == 1).all()


# ------------------------------------------------------------------------------------------------------ land cover


def test_landcover_changes_as_the_books_say(province, truth):
    answers = truth["landcover"]
    assert answers["dates"] == [2001, 2006, 2011, 2016, 2020]
    valid = province.valid
    for before, after in zip(answers["dates"], answers["dates"][1:]):
        counted = Counter(zip(province.landcover(before)[valid].tolist(), province.landcover(after)[valid].tolist()))
        booked = {(row["from_class"], row["to_class"]): row["pixels"] for row in answers["transitions"]
                  if row["from_year"] == before and row["to_year"] == after}
        assert booked == dict(counted)
        assert any(source != target for source, target in counted)
    for year in answers["dates"]:
        counted = Counter(province.landcover(year)[valid].tolist())
        assert {row["class"]: row["pixels"] for row in answers["areas"] if row["year"] == year} == dict(counted)


def test_landcover_has_the_seven_classes_of_the_study(province):
    assert [item.name for item in LANDCOVER_CLASSES] == [
        "Cropland", "Forest", "Shrub", "Grassland", "Water", "Unused land", "Construction land"]
    cover = province.landcover(2020)
    assert cover.dtype == np.uint8
    assert set(cover[province.valid].tolist()) == {1, 2, 3, 4, 5, 6, 7}
    assert (cover[~province.valid] == 0).all()
    assert len({item.colour for item in LANDCOVER_CLASSES}) == 7
    share = np.bincount(cover[province.valid], minlength=8) / np.count_nonzero(province.valid)
    assert share[CROPLAND] + share[FOREST] > 0.7


def test_landcover_books_hold_when_a_class_is_used_up():
    long = make_province(36, range(1950, 2051, 10), 5)
    answers = known_answers(long)["landcover"]
    assert any(plan["total"] < plan["per_year"] * 100 for plan in answers["conversions_per_year"])
    for year in answers["dates"]:
        counted = Counter(long.landcover(year)[long.valid].tolist())
        booked = {row["class"]: row["pixels"] for row in answers["areas"] if row["year"] == year and row["pixels"]}
        assert booked == dict(counted)


# --------------------------------------------------------------------------------------------------- known answers


def test_truth_is_json(truth):
    assert json.loads(json.dumps(truth, allow_nan=False)) == truth
    assert "Synthetic" in truth["about"]


@pytest.mark.parametrize(("name", "slope", "score", "variance", "z", "trend_class"), [
    # 20 years without ties: S of 190 pairs, variance 20 * 19 * 45 / 18 = 950
    ("rising", 2.5, 190, 950.0, 189 / math.sqrt(950), 4),
    ("falling", -1.5, -190, 950.0, -189 / math.sqrt(950), -4),
    # one group of 20 ties takes the whole variance
    ("constant", 0.0, 0, 0.0, 0.0, 0),
    # low, high, low, ...: 55 pairs rise and 45 fall; two groups of ten ties take 2 * 10 * 9 * 25 / 18 = 250
    ("alternating", 0.0, 10, 700.0, 9 / math.sqrt(700), 0),
    # seven years only: 21 pairs, variance 7 * 6 * 19 / 18
    ("short", 2.0, 21, 7 * 6 * 19 / 18, 20 / math.sqrt(7 * 6 * 19 / 18), None),
])
def test_patches_have_their_trend(truth, name, slope, score, variance, z, trend_class):
    answer = patch_answer(truth, name)
    assert answer["theil_sen_slope"] == slope
    assert (answer["s"], answer["variance_s"]) == (score, pytest.approx(variance, rel=1e-14))
    assert answer["z"] == pytest.approx(z, rel=1e-14)
    assert answer["trend_class"] == trend_class


def test_every_pixel_of_a_patch_follows_the_rule(province, truth):
    for patch, answer in zip(province.patches, truth["patches"]):
        assert answer["rows"] + answer["cols"] == [patch.rows.start, patch.rows.stop, patch.cols.start, patch.cols.stop]
        for year, stored in zip(province.years, answer["stored_npp"]):
            assert (province.npp(year)[patch.rows, patch.cols] == stored).all()
    assert patch_answer(truth, "alternating")["increases"] == 10
    assert patch_answer(truth, "alternating")["decreases"] == 9
    assert patch_answer(truth, "constant")["unchanged"] == 19
    assert patch_answer(truth, "short")["increases"] == 6


@pytest.mark.parametrize("name", ["rising", "falling", "constant", "alternating"])
def test_nep_of_a_patch_has_the_trend_of_its_npp(province, truth, nep, name):
    stats = pytest.importorskip("scipy.stats")
    answer = patch_answer(truth, name)
    rows, cols = slice(*answer["rows"]), slice(*answer["cols"])
    for series in nep[:, rows, cols].reshape(20, -1).T:
        slope = stats.theilslopes(series, province.years)[0]
        assert slope == pytest.approx(answer["theil_sen_slope"], abs=1e-10)


def test_slope_of_a_patch_holds_with_years_missing():
    gaps = make_province(36, (2001, 2002, 2005, 2006, 2010, 2014, 2015, 2019, 2020), 2)
    answer = patch_answer(known_answers(gaps), "rising")
    assert answer["theil_sen_slope"] == pytest.approx(2.5, abs=1e-12)
    assert answer["s"] == 36


def test_annual_means_pixel_by_pixel():
    small = make_province(30, (2001, 2002, 2003), 9)
    truth = known_answers(small)
    west, cell, _, north, _, _ = small.geotransform
    usable = np.all([small.npp(year) <= 32700 for year in small.years], axis=0)
    for row_of_year, centre, year in zip(truth["annual"], truth["gravity"]["centres"], small.years):
        npp, mean_t, total_p = small.npp(year), small.temperature(year), small.precipitation(year)
        literal, equivalent, monthly, weights = [], [], [], []
        months = [(small.temperature_month(year, month), small.precipitation_month(year, month))
                  for month in range(1, 13)]
        for row, col in np.argwhere(npp <= 32700):
            value, t, p = npp[row, col] * 0.1, float(mean_t[row, col]), float(total_p[row, col])
            literal.append(value - 3.069 * (math.exp(0.0913 * t) + math.log(0.3145 * p + 1)))
            equivalent.append(value - 12 * 3.069 * (math.exp(0.0913 * t) + math.log(0.3145 * p / 12 + 1)))
            monthly.append(value - sum(3.069 * (math.exp(0.0913 * float(t[row, col]))
                                                + math.log(0.3145 * float(p[row, col]) + 1)) for t, p in months))
            if usable[row, col]:
                weights.append((literal[-1], west + (col + 0.5) * cell, north - (row + 0.5) * cell))
        found = row_of_year["nep_mean"]
        assert row_of_year["pixels"] == len(literal)
        assert found["annual_literal"] == pytest.approx(math.fsum(literal) / len(literal), rel=1e-12)
        assert found["annual_monthly_equivalent"] == pytest.approx(math.fsum(equivalent) / len(literal), rel=1e-12)
        assert found["monthly"] == pytest.approx(math.fsum(monthly) / len(literal), rel=1e-12)
        assert row_of_year["nep_total_tg"] == pytest.approx(math.fsum(literal) * 1e6 / 1e12, rel=1e-12)
        total = math.fsum(weight for weight, _, _ in weights)
        assert centre["x"] == pytest.approx(math.fsum(w * x for w, x, _ in weights) / total, rel=1e-12)
        assert centre["y"] == pytest.approx(math.fsum(w * y for w, _, y in weights) / total, rel=1e-12)


def test_regions_and_classes_add_up_to_the_whole(truth):
    for index, whole in enumerate(truth["annual"]):
        parts = [region["annual"][index] for region in truth["regions"]]
        assert sum(part["pixels"] for part in parts) == whole["pixels"]
        mean = sum(part["pixels"] * part["nep_mean"] for part in parts) / whole["pixels"]
        assert mean == pytest.approx(whole["nep_mean"]["annual_literal"], rel=1e-12)
        classes = [row for row in truth["landcover"]["nep_by_class"] if row["year"] == whole["year"]]
        if classes:
            assert sum(row["total_tg"] for row in classes) == pytest.approx(whole["nep_total_tg"], rel=1e-12)
    assert sum(region["pixels"] for region in truth["regions"]) == truth["grid"]["pixels"]


def test_trend_and_correlation_of_the_whole(province, truth):
    stats = pytest.importorskip("scipy.stats")
    means = [row["nep_mean"]["annual_literal"] for row in truth["annual"]]
    whole = truth["multi_year"]
    assert whole["least_squares_slope"] == pytest.approx(np.polyfit(province.years, means, 1)[0], rel=1e-9)
    assert whole["theil_sen_slope"] == pytest.approx(stats.theilslopes(means, province.years)[0], rel=1e-12)
    # without ties Kendall's tau is S by the number of pairs
    assert whole["s"] == round(stats.kendalltau(province.years, means)[0] * 190)
    assert whole["p_value"] == pytest.approx(2 * stats.norm.sf(abs(whole["z"])), rel=1e-12)
    for name in ("precipitation", "temperature"):
        r = np.corrcoef(means, [row[f"{name}_mean"] for row in truth["annual"]])[0, 1]
        assert truth["correlation"][f"r_nep_{name}"] == pytest.approx(r, abs=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 7, 2026])
def test_story_is_the_same_with_every_seed(seed):
    truth = known_answers(make_province(60, range(2001, 2021), seed))
    assert 270 < truth["gravity"]["drift_grid_azimuth"] < 360
    assert (truth["drivers"]["strongest"], truth["drivers"]["weakest"]) == ("elevation", "pm25")
    assert truth["correlation"]["r_nep_precipitation"] > 0.5
    assert truth["multi_year"]["least_squares_slope"] > 0.5
    assert truth["design"]["rising_percent"] > 75


def test_driver_shares_equal_an_analysis_of_variance(province, truth, nep):
    used = ~np.isnan(nep).all(axis=0)
    target = np.nanmean(nep[:, used], axis=0)
    assert truth["drivers"]["pixels"] == target.size
    temperature = np.mean([province.temperature(year).astype(float) for year in province.years], axis=0)
    precipitation = np.mean([province.precipitation(year).astype(float) for year in province.years], axis=0)
    layers = {"elevation": province.elevation(), "temperature": temperature, "precipitation": precipitation,
              "population": province.population(), "pm25": province.pm25()}
    total = ((target - target.mean()) ** 2).sum()
    for name, layer in layers.items():
        values = layer[used].astype(float)
        edges = np.quantile(values, [0.2, 0.4, 0.6, 0.8])
        strata = (values[:, None] > edges).sum(axis=1)
        between = sum((strata == k).sum() * (target[strata == k].mean() - target.mean()) ** 2 for k in range(5))
        assert truth["drivers"]["q_quantile"][name] == pytest.approx(between / total, abs=1e-9)
    cover = province.landcover(2001)[used]
    between = sum((cover == k).sum() * (target[cover == k].mean() - target.mean()) ** 2 for k in set(cover.tolist()))
    assert truth["drivers"]["q_landcover"] == pytest.approx(between / total, abs=1e-9)
