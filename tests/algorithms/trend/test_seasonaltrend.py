"""nep:seasonaltrend through files: the reference series, months that lack, other seasons, the log, what is wrong."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.rasters import identical, numbers, stored, write_raster
from testkit.regions import polygons
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.core.trend.seasonal import seasonal_trend

pytestmark = pytest.mark.usefixtures("provider")

RASTERS = {"SLOPE": "slope_per_year", "Z": "z", "PVALUE": "p", "TAU": "tau"}


def seasonal(layers, folder, feedback=None, **options) -> dict:
    """Run the tool with every result asked for; the path of each, or the number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:seasonaltrend", folder)
    return {**run("nep:seasonaltrend", {"INPUT": layers, **options, **paths}, feedback), **paths}


def raster(path, values, **options) -> str:
    """A raster of values of which the missing ones are NaN."""
    return write_raster(path, np.where(np.isnan(values), -9999, values), nodata=-9999, **options)


def files(folder, values, years, parts, **options) -> list:
    """A raster for each step of values (years, seasons, rows, cols)."""
    return [
        raster(folder / f"ndvi_{year}_{part}.tif", plane, **options)
        for year, planes in zip(years, values) for part, plane in zip(parts, planes)
    ]


def noise(years=12, seasons=12, shape=(5, 6), rise=0.1) -> np.ndarray:
    """A course of the year, a rise from left to right of the raster, and noise: (years, seasons, rows, cols)."""
    rng = np.random.default_rng(14)
    course = 5 * np.sin(2 * np.pi * np.arange(seasons) / seasons)[:, None, None]
    rises = rise * np.arange(years)[:, None, None, None] * np.linspace(-1, 1, shape[1])
    return (course + rises + rng.normal(0, 1, (years, seasons, *shape))).astype(np.float32)


MONTHS = [f"{month:02d}" for month in range(1, 13)]
YEARS = range(2001, 2013)


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference/trend_more.json").read_text(encoding="utf-8"))["seasonal"]


@pytest.mark.parametrize(("case", "correlated"), [
    ("monthly_trend", False), ("monthly_missing", False), ("quarterly", False), ("ties", False),
    ("monthly_trend", True), ("quarterly", True), ("ties", True),
])
def test_reference_through_rasters(reference, case, correlated, tmp_path):
    values, period = np.array(reference[case]["x"], dtype=float)[..., None, None], reference[case]["period"]
    layers = files(tmp_path / "in", values, range(2001, 2001 + len(values)), MONTHS[:period], kind="float64")
    paths = seasonal(layers, tmp_path / "out", PERIOD=period, CORRELATED=correlated)
    expected = {**reference[case]["seasonal"], **(reference[case]["correlated"] if correlated else {})}
    for name, key in RASTERS.items():
        assert numbers(paths[name])[0, 0] == pytest.approx(expected[key], rel=1e-7), name  # Float32
    assert stored(paths["CLASS"])[0, 0, 0] == (4 if expected["p"] < 0.01 else 3)


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """A monthly series of twelve years; a pixel is missing, one lacks Januaries, one all but the January of a year, one
    the first five years."""
    values = noise()
    values[:, :, 0, 0] = np.nan
    values[:, 0, 1, 1] = np.nan
    values[4, 1:, 2, 2] = np.nan
    values[:5, :, 3, 3] = np.nan
    return values


@pytest.fixture(scope="module")
def layers(values, tmp_path_factory) -> list:
    """It as a file a year, of twelve bands."""
    folder = tmp_path_factory.mktemp("years")
    return [raster(folder / f"ndvi_{year}.tif", planes) for year, planes in zip(YEARS, values)]


@pytest.fixture(scope="module")
def months(values, tmp_path_factory) -> list:
    """It as a file a month."""
    return files(tmp_path_factory.mktemp("months"), values, YEARS, MONTHS)


@pytest.mark.parametrize("correlated", [False, True])
def test_rasters_hold_what_the_kernel_gives(values, layers, tmp_path, correlated):
    paths = seasonal(layers[::-1], tmp_path, CORRELATED=correlated)
    stack = values.reshape(144, 5, 6)
    expected = seasonal_trend(stack, list(YEARS), list(np.ndindex(12, 12)), correlated=correlated)
    for name, key in {"SLOPE": "slope", "Z": "z", "PVALUE": "p_value", "TAU": "tau"}.items():
        np.testing.assert_array_equal(numbers(paths[name]), expected[key].astype(np.float32), err_msg=name)
    classes, slope, p = numbers(paths["CLASS"]), expected["slope"], expected["p_value"]
    strength = 1 + (p < 0.1).astype(int) + (p < 0.05) + (p < 0.01)
    np.testing.assert_array_equal(classes, np.where(np.isnan(slope + p), np.nan, np.sign(slope) * strength))
    assert np.isnan(classes).sum() == (3 if correlated else 2)
    assert paths["SIGNIFICANT"] == pytest.approx(100 * (p < 0.05).sum() / np.isfinite(p).sum())


def test_the_table_counts_the_classes_and_those_without(layers, tmp_path):
    feedback = Feedback()
    west = polygons({"west": (0, 5, 0, 3)})
    paths = seasonal(layers, tmp_path, feedback, CORRELATED=True, REGIONS=west, REGION_FIELD="name")
    classes = numbers(paths["CLASS"])
    for name, part in (("all", classes), ("west", classes[:, :3])):
        rows = {row["class"]: row for row in table(paths["TABLE"]) if row["region"] == name}
        assert [int(code) for code in rows if code] == list(range(4, -5, -1))
        for code, row in rows.items():
            pixels = int(np.count_nonzero(part == float(code))) if code else 1
            assert int(row["pixels"]) == pixels and float(row["area_km2"]) == pytest.approx(0.0009 * pixels, rel=1e-2)
        assert rows[""]["label"] == "no result"
        assert sum(float(row["percent"]) for row in rows.values()) == pytest.approx(100)
    assert f"Significant increase: {np.count_nonzero(classes == 3)} pixel" in feedback.log


def test_the_log_says_how_seasons_were_understood(layers, tmp_path):
    feedback = Feedback()
    paths = seasonal(layers, tmp_path, feedback)
    assert "Monthly series: 144 time steps" in feedback.log and "2001-01 - ndvi_2001 - band 1" in feedback.log
    assert "Method: seasonal Mann-Kendall test, 12 seasons in 12 years" in feedback.log
    share = paths["SIGNIFICANT"]
    assert f"p is below 0.05 in {share:.1f} % of the pixels; chance alone makes 5 %, and more where" in feedback.log
    assert "lack a step" not in feedback.log and "Order of the seasons" not in feedback.log and feedback.warnings == []


@pytest.mark.parametrize("correlated", [False, True])
def test_years_may_begin_and_end_in_their_midst(values, months, tmp_path, correlated):
    feedback = Feedback()
    paths = seasonal(months[1:-2], tmp_path, feedback, CORRELATED=correlated)
    stack, places = values.reshape(144, 5, 6)[1:-2], list(np.ndindex(12, 12))[1:-2]
    expected = seasonal_trend(stack, list(YEARS), places, correlated=correlated)
    for name, key in {"SLOPE": "slope", "PVALUE": "p_value"}.items():
        np.testing.assert_array_equal(numbers(paths[name]), expected[key].astype(np.float32))
    if correlated:
        warning, = feedback.warnings
        assert "The test leaves these seasons out, as they lack a step in one of the years: 1, 11, 12." in warning
    else:
        assert "Seasons that lack a step in one of the years: 1, 11, 12" in feedback.log and not feedback.warnings


def test_one_raster_of_all_months_and_given_years(values, layers, tmp_path):
    one = seasonal(layers, tmp_path / "1")
    path = raster(tmp_path / "in" / "ndvi.tif", values.reshape(144, 5, 6))
    other = seasonal([path], tmp_path / "2", YEARS="2001-2012")
    for name in (*RASTERS, "CLASS"):
        assert np.array_equal(stored(one[name]), stored(other[name]))


def test_quarters_and_years_with_gaps(tmp_path):
    values = noise(seasons=4)
    years = [2001, 2002, 2003, 2004, 2005, 2008, 2009, 2010, 2011, 2012, 2015, 2016]
    layers = files(tmp_path / "in", values, years, ["spring", "summer", "autumn", "winter"])
    feedback = Feedback()
    paths = seasonal(layers[::-1], tmp_path / "out", feedback, PERIOD=4)
    expected = seasonal_trend(values.reshape(48, 5, 6), years, list(np.ndindex(12, 4)))
    np.testing.assert_array_equal(numbers(paths["SLOPE"]), expected["slope"].astype(np.float32))
    order = "'ndvi_2001_autumn', 'ndvi_2001_spring', 'ndvi_2001_summer', 'ndvi_2001_winter'"
    assert f"Order of the seasons in 2001, and alike in the other years: {order}" in feedback.infos
    assert "4 seasons in 12 years" in feedback.log and "missing between them: 2006, 2007, 2013, 2014" in feedback.log


def test_results_have_units_and_a_legend(tmp_path):
    layers = files(tmp_path / "in", noise(seasons=2), YEARS, MONTHS[5:7])
    for layer in layers:
        dataset = gdal.Open(layer, gdal.GA_Update)
        dataset.GetRasterBand(1).SetUnitType("gC m-2")
        dataset = None
    paths = seasonal(layers, tmp_path / "out")
    dataset = gdal.Open(paths["SLOPE"])
    band = dataset.GetRasterBand(1)
    assert (band.GetUnitType(), band.GetDescription()) == ("gC m-2 per year", "Seasonal Sen slope")
    legend = (tmp_path / "out" / "class.qml").read_text(encoding="utf-8")
    assert legend.index("Extremely significant increase") < legend.index("Extremely significant decrease")


@pytest.mark.parametrize(("options", "said"), [
    ({"MIN_OBSERVATIONS": 13}, "'ndvi_2001' has 12 years, but 'Minimum number of valid years' (MIN_OBSERVATIONS) asks "
                               "for 13 values of a season"),
    ({"PERIOD": 4}, "Set 'Seasons in a year' (PERIOD) to 12"),
    ({"YEARS": "2001-2005"}, "names 5 years, of 12 steps each by 'Seasons in a year' (PERIOD)"),
    ({"YEARS": "next year"}, "'Years, if names do not say them' (YEARS) holds 'next'"),
])
def test_what_does_not_fit_is_said(layers, tmp_path, options, said):
    with pytest.raises(QgsProcessingException) as error:
        seasonal(layers, tmp_path, **options)
    assert said in str(error.value)
    assert not any(tmp_path.iterdir())


def test_a_yearly_series_is_sent_to_the_other_tool(tmp_path):
    layers = files(tmp_path / "in", noise(seasons=1), YEARS, ["mean"])
    with pytest.raises(QgsProcessingException, match=r"'ndvi_2001_mean' has one time step a year.*\(nep:trend\)"):
        seasonal(layers, tmp_path / "out")


def test_correlated_seasons_need_two_that_are_whole(months, tmp_path):
    some = [layer for layer in months if "_07" in layer or "2003" not in layer]
    with pytest.raises(QgsProcessingException, match="the series of 'ndvi_2001_01' has 1 of them, but two are needed"):
        seasonal(some, tmp_path, CORRELATED=True)
    assert np.isfinite(numbers(seasonal(some, tmp_path / "plain")["PVALUE"])).sum() == 28


def test_covariances_of_few_years_are_doubted(layers, tmp_path):
    feedback = Feedback()
    seasonal(layers[:9], tmp_path / "9", feedback, CORRELATED=True)
    assert any("need about 10 years, and 'ndvi_2001' has 9" in warning for warning in feedback.warnings)
    feedback = Feedback()
    seasonal(layers[:10], tmp_path / "10", feedback, CORRELATED=True)
    assert feedback.warnings == []


def test_blocks_and_threads_do_not_matter(layers, tmp_path, monkeypatch):
    from nep_toolbox.framework.run import Run

    whole = seasonal(layers, tmp_path / "1", CORRELATED=True, THREADS=1)
    monkeypatch.setattr(Run, "block", (4, 2))
    parts = seasonal(layers, tmp_path / "2", CORRELATED=True, THREADS=2)
    for name in (*RASTERS, "CLASS"):
        assert identical(whole[name], parts[name])
    assert table(whole["TABLE"]) == table(parts["TABLE"]) and whole["SIGNIFICANT"] == parts["SIGNIFICANT"]
