"""What climate explains of the trend of NPP in the sample province: by least squares pixel by pixel, and as planted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from nep_toolbox.sample.attribution import ALPHA, Moments, attribution, classes, dominant, fit, two_sided_p
from nep_toolbox.sample.known_answers import known_answers
from nep_toolbox.sample.province import NPP_SCALE, NPP_VALID_RANGE, make_province
from nep_toolbox.sample.years import npp_of

FITS = ("plain", "detrended")


@pytest.fixture(scope="module")
def moments(province):
    return moments_of(province)


def moments_of(province):
    found = Moments(province)
    for year in province.years:
        npp, there = npp_of(province, year)
        climate = {"precipitation": province.precipitation(year).astype(float),
                   "temperature": province.temperature(year).astype(float)}
        found.add(year, npp, there, climate)
    return found


def series_of(province):
    """Years, and (years, pixels) of rain, warmth and NPP of the pixels of the province, NaN where NPP is missing."""
    layers = {"rain": province.precipitation, "warmth": province.temperature, "npp": province.npp}
    rain, warmth, npp = (
        np.array([make(year)[province.valid] for year in province.years], dtype=float) for make in layers.values()
    )
    npp[npp > NPP_VALID_RANGE[1]] = np.nan
    return np.array(province.years, dtype=float), rain, warmth, npp * NPP_SCALE


def by_least_squares(years, rain, warmth, npp, detrended):
    """The numbers of one pixel by numpy's solver, and p by scipy."""
    stats = pytest.importorskip("scipy.stats")
    there = np.isfinite(npp)
    t, x, y = years[there] - years[there].mean(), np.array([rain[there], warmth[there]]), npp[there]
    lines = [np.ones_like(t), t] if detrended else [np.ones_like(t)]
    design = np.column_stack([*x, *lines])
    b = np.linalg.lstsq(design, y, rcond=None)[0]
    left = y - design @ b
    alone = y - np.column_stack(lines) @ np.linalg.lstsq(np.column_stack(lines), y, rcond=None)[0]
    df = len(y) - design.shape[1]
    r_squared = 1 - (left @ left) / (alone @ alone)
    error = np.sqrt(left @ left / df * np.diag(np.linalg.inv(design.T @ design)))
    score = (b / error)[:2]
    contribution = b[:2] * np.array([np.polyfit(t, one, 1)[0] for one in x])
    slope = np.polyfit(t, y, 1)[0]
    return [slope, contribution.sum(), np.polyfit(t, y - x.T @ b[:2], 1)[0], r_squared,
            stats.f.sf(r_squared / 2 / ((1 - r_squared) / df), 2, df), *b[:2], *contribution,
            *score / np.sqrt(score**2 + df), *2 * stats.t.sf(np.abs(score), df)]


@pytest.mark.parametrize("detrended", [False, True])
def test_every_number_equals_least_squares(province, moments, detrended):
    years, rain, warmth, npp = series_of(province)
    count = np.isfinite(npp).sum(axis=0)
    some = np.flatnonzero((count >= 10) & (rain.std(axis=0) > 0))
    some = np.unique(np.concatenate([some[::97], some[count[some] < 20][::11]]))
    assert set(count[some]) >= {19, 20}
    products = {pair: sums[some] for pair, sums in moments.centred().items()}
    found = fit(products, moments.count[some], detrended)
    ours = np.array([
        *(found[name] for name in ("slope", "slope_climate", "slope_rest", "r_squared", "p_value")),
        *(found[name][driver] for name in ("coefficient", "contribution", "partial_r", "driver_p")
          for driver in ("precipitation", "temperature")),
    ])
    for pixel, mine in zip(some, ours.T):
        theirs = by_least_squares(years, rain[:, pixel], warmth[:, pixel], npp[:, pixel], detrended)
        np.testing.assert_allclose(mine, theirs, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("name", FITS)
def test_means_and_counts_are_those_of_the_pixels(name):
    small = make_province(36, range(2001, 2013), 3)
    truth = known_answers(small)["attribution"]
    years, rain, warmth, npp = series_of(small)
    count = np.isfinite(npp).sum(axis=0)
    fitted = [pixel for pixel in np.flatnonzero(count >= 10) if np.ptp(rain[:, pixel]) > 0]
    rows = [by_least_squares(years, rain[:, pixel], warmth[:, pixel], npp[:, pixel], name == "detrended")
            for pixel in fitted]
    columns = np.array(rows).T
    answer = truth[name]
    assert truth["pixels"] == len(fitted) > 300
    means = [answer[key] for key in ("slope", "slope_climate", "slope_rest", "r_squared")]
    assert means == pytest.approx(columns[:4].mean(axis=1).tolist(), rel=1e-9)
    assert answer["explained_pixels"] == (columns[4] < ALPHA).sum()
    codes, leading = Counter(), Counter()
    for slope, climate, rest, *_, r_rain, r_warmth, p_rain, p_warmth in rows:
        same = [part * slope > 0 for part in (climate, rest)]
        code = 1 if all(same) else 2 if same[0] else 3
        codes[str(code if slope > 0 else -code)] += 1
        counting = [(abs(r), name, r > 0) for name, r, p in (("precipitation", r_rain, p_rain),
                                                             ("temperature", r_warmth, p_warmth)) if p < ALPHA]
        leading[max(counting)[1:] if counting else None] += 1
    assert {code: pixels for code, pixels in answer["class_pixels"].items() if pixels} == codes
    for place, driver in enumerate(("precipitation", "temperature")):
        found = answer["by_driver"][driver]
        assert found["mean_partial_r"] == pytest.approx(columns[9 + place].mean(), rel=1e-9)
        assert found["mean_contribution"] == pytest.approx(columns[7 + place].mean(), rel=1e-9)
        assert found["significant_pixels"] == (columns[11 + place] < ALPHA).sum()
        assert found["dominant_positive_pixels"] == leading[driver, True]
        assert found["dominant_negative_pixels"] == leading[driver, False]


@pytest.mark.parametrize("name", FITS)
def test_annual_means(truth, name):
    columns = np.array([[row["year"], row["precipitation_mean"], row["temperature_mean"], row["npp_mean"]]
                        for row in truth["annual"]]).T
    slope, climate, rest, r_squared, p, *others = by_least_squares(*columns, name == "detrended")
    answer = truth["attribution"][name]["annual_means"]
    assert [answer[key] for key in ("slope", "slope_climate", "slope_rest", "r_squared")] == pytest.approx(
        [slope, climate, rest, r_squared], rel=1e-9)
    assert answer["p_value"] == pytest.approx(p, rel=1e-6)
    assert list(answer["contribution"].values()) == pytest.approx(others[2:4], rel=1e-9)


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_the_detrended_fit_finds_what_was_planted(seed):
    found = known_answers(make_province(60, range(2001, 2021), seed))["attribution"]
    for part in ("slope_climate", "slope_rest"):
        assert found["detrended"][part] == pytest.approx(found["planted"][part], abs=0.25)
    rain, warmth = found["detrended"]["by_driver"].values()
    assert rain["dominant_positive_pixels"] > 0.8 * found["pixels"]
    assert warmth["dominant_positive_pixels"] + warmth["dominant_negative_pixels"] < 0.1 * found["pixels"]


def test_the_plain_fit_loses_a_third_of_the_rest(truth):
    found = truth["attribution"]
    assert found["planted"]["rest_rising_percent"] == pytest.approx(truth["design"]["rising_percent"], abs=1)
    assert found["planted"]["slope_rest"] - found["detrended"]["slope_rest"] < 0.01
    assert found["plain"]["slope_rest"] < 0.65 * found["planted"]["slope_rest"]


def test_what_was_planted_pixel_by_pixel(province, moments):
    """Noise apart, which has a standard deviation of 14: its slope over 20 years has one of 0.54."""
    used = moments.count == 20
    used &= moments.centred()["precipitation", "precipitation"] > 0
    found = fit({pair: sums[used] for pair, sums in moments.centred().items()}, moments.count[used], True)
    planted = province.growth[province.valid][used]
    error = found["slope_rest"] - planted
    assert abs(error.mean()) < 0.05 and 0.4 < error.std() < 0.8
    climate = (province.rain_response[province.valid] * moments.rain_slope())[used]
    assert (found["slope_climate"] - climate).std() < 0.4
    anomaly = np.array([province.rain_anomaly(year)[province.valid] for year in province.years])
    np.testing.assert_allclose(moments.rain_slope(), np.polyfit(province.years, anomaly, 1)[0], atol=1e-12)


def test_classes_and_leading_drivers_by_hand():
    parts = {"slope": [2, 2, 2, -2, -2, -2, 0], "slope_climate": [1, 3, -1, -1, -3, 1, 0],
             "slope_rest": [1, -1, 3, -1, 1, -3, 0]}
    assert classes({name: np.array(values, float) for name, values in parts.items()}).tolist() == [
        1, 2, 3, -1, -2, -3, 0]
    found = {"partial_r": {"precipitation": np.array([0.9, 0.5, -0.9, 0.1]),
                           "temperature": np.array([0.8, -0.7, 0.8, 0.2])},
             "driver_p": {"precipitation": np.array([0.01, 0.01, 0.01, 0.6]),
                          "temperature": np.array([0.02, 0.01, 0.02, 0.5])}}
    assert dominant(found).tolist() == [1, -2, -1, 0]


def test_p_of_t():
    stats = pytest.importorskip("scipy.stats")
    t = np.tile(np.array([0.0, 0.3, -1.0, 2.1, -4.0]), 20)
    df = np.repeat(np.arange(1, 21), 5).astype(float)
    np.testing.assert_allclose(two_sided_p(t, df), 2 * stats.t.sf(np.abs(t), df), rtol=1e-9)


def test_a_province_of_few_years_has_no_answer():
    small = make_province(30, range(2001, 2009), 2)
    answer = attribution(small, moments_of(small), [])
    assert answer["pixels"] == 0 and "plain" not in answer
