"""The known answers of the sample province are true."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from nep_toolbox.sample.known_answers import known_answers
from nep_toolbox.sample.province import make_province


def patch_answer(truth, name):
    return next(answer for answer in truth["patches"] if answer["name"] == name)


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
        literal, equivalent, monthly, weights, other = [], [], [], [], []
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
                other.append((equivalent[-1], *weights[-1][1:]))
        found = row_of_year["nep_mean"]
        assert row_of_year["pixels"] == len(literal)
        assert found["annual_literal"] == pytest.approx(math.fsum(literal) / len(literal), rel=1e-12)
        assert found["annual_monthly_equivalent"] == pytest.approx(math.fsum(equivalent) / len(literal), rel=1e-12)
        assert found["monthly"] == pytest.approx(math.fsum(monthly) / len(literal), rel=1e-12)
        assert row_of_year["nep_total_tg"] == pytest.approx(math.fsum(literal) * 1e6 / 1e12, rel=1e-12)
        of_form = truth["annual_monthly_equivalent"]
        place = truth["annual"].index(row_of_year)
        assert of_form["annual"][place]["mean"] == found["annual_monthly_equivalent"]
        assert of_form["annual"][place]["total_tg"] == pytest.approx(math.fsum(equivalent) * 1e6 / 1e12, rel=1e-12)
        for expected, given in ((centre, weights), (of_form["gravity"]["centres"][place], other)):
            total = math.fsum(weight for weight, _, _ in given)
            assert expected["x"] == pytest.approx(math.fsum(w * x for w, x, _ in given) / total, rel=1e-12)
            assert expected["y"] == pytest.approx(math.fsum(w * y for w, _, y in given) / total, rel=1e-12)


def test_regions_and_classes_add_up_to_the_whole(truth):
    other = truth["annual_monthly_equivalent"]
    for name, regions, by_class in (
        ("annual_literal", truth["regions"], truth["landcover"]["nep_by_class"]),
        ("annual_monthly_equivalent", other["regions"], other["nep_by_class"]),
    ):
        for index, whole in enumerate(truth["annual"]):
            parts = [region["annual"][index] for region in regions]
            assert sum(part["pixels"] for part in parts) == whole["pixels"]
            mean = sum(part["pixels"] * part["nep_mean"] for part in parts) / whole["pixels"]
            assert mean == pytest.approx(whole["nep_mean"][name], rel=1e-12)
            classes = [row for row in by_class if row["year"] == whole["year"]]
            if classes:
                total = whole["nep_mean"][name] * whole["area_km2"] * 1e6 / 1e12
                assert sum(row["total_tg"] for row in classes) == pytest.approx(total, rel=1e-12)
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
    for form in (truth, truth["annual_monthly_equivalent"]):
        falling = {region["name"]: region for region in form["regions"]}[truth["design"]["falling_place"]]
        assert falling["theil_sen_slope"] < -2
        assert falling["p_value"] < 0.01


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
