"""nep:geodetector on the sample province and on small rasters made for a purpose."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.files import contents
from testkit.geodetector import breaks_of, by, classes_by_breaks, detect, figures, q_statistic
from testkit.rasters import numbers, write_raster
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetector"
TABLES = ("FACTORS", "INTERACTIONS", "RISK", "STRATA", "ECOLOGICAL", "DISCRETIZATION")


# The sample province --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drivers(province, tmp_path_factory) -> dict:
    """Multi-year means of NEP, temperature and rain of the province in float64, by the formula."""
    folder = tmp_path_factory.mktemp("drivers")
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))
    coefficient, low, high = truth["respiration"], *truth["npp"]["valid_range"]
    stacks = {
        name: np.array([gdal.Open(str(path)).ReadAsArray() for path in sorted(province.glob(f"{name}_2*.tif"))], float)
        for name in ("npp", "temperature", "precipitation")
    }
    stacks["precipitation"][stacks["precipitation"] < 0] = np.nan
    npp = np.where((stacks["npp"] >= low) & (stacks["npp"] <= high), stacks["npp"] * truth["npp"]["scale"], np.nan)
    respiration = coefficient["d"] * coefficient["e"] * coefficient["a"] * (
        np.exp(coefficient["b"] * stacks["temperature"]) + np.log(coefficient["c"] * stacks["precipitation"] + 1.0))
    nep = npp - respiration
    count = np.isfinite(nep).sum(axis=0)
    means = {
        "nep": np.where(count > 0, np.nansum(nep, axis=0) / np.maximum(count, 1), np.nan),
        "temperature": stacks["temperature"].mean(axis=0), "precipitation": stacks["precipitation"].mean(axis=0),
    }
    like = gdal.Open(str(province / "elevation.tif"))
    paths = {
        name: write_raster(folder / f"{name}.tif", mean, like.GetGeoTransform(), like.GetProjection(), kind="float64")
        for name, mean in means.items()
    }
    return {"truth": truth["drivers"], **paths}


def test_drivers_of_the_province(drivers, province, tmp_path):
    continuous = [drivers["temperature"], drivers["precipitation"]]
    continuous += [str(province / f"{name}.tif") for name in ("elevation", "population", "pm25")]
    feedback = Feedback()
    found = detect(
        TOOL, tmp_path, feedback, TARGET=drivers["nep"], CONTINUOUS=continuous,
        CATEGORICAL=[str(province / "landcover_2001.tif")], METHODS=[2], MIN_CLASSES=5, MAX_CLASSES=5,
    )
    truth = drivers["truth"]
    assert f"{truth['pixels']} complete rows; 0 left out" in feedback.log
    q = {row["factor"]: float(row["q"]) for row in found["FACTORS"]}
    assert q.pop("landcover_2001") == pytest.approx(truth["q_landcover"], rel=1e-12)
    assert q == pytest.approx(truth["q_quantile"], rel=1e-12)
    assert sorted(q, key=q.get, reverse=True) == truth["order"]


def test_classes_are_called_as_the_style_of_the_raster_says(drivers, province, tmp_path):
    found = detect(
        TOOL, tmp_path, TARGET=drivers["nep"], CATEGORICAL=[str(province / "landcover_2001.tif")],
    )
    cover = gdal.Open(str(province / "landcover_2001.tif")).ReadAsArray()
    nep = numbers(drivers["nep"])
    rows = by(found["STRATA"], "class")
    assert {"Cropland", "Forest"} <= set(rows)
    means = {float(row["mean"]): int(row["n"]) for row in rows.values()}
    expected = {
        nep[(cover == code) & np.isfinite(nep)].mean(): ((cover == code) & np.isfinite(nep)).sum()
        for code in np.unique(cover[np.isfinite(nep)])
    }
    assert sorted(means) == pytest.approx(sorted(expected), rel=1e-12)
    assert sorted(means.values()) == sorted(expected.values())
    assert {row["class_1"] for row in found["RISK"]} | {row["class_2"] for row in found["RISK"]} == set(rows)
    assert figures(found["CHART"])[-1]["data"][0]["x"] == [row["class"] for row in found["STRATA"]]
    assert found["DISCRETIZATION"] == [] and found["INTERACTIONS"] == []


# Small rasters --------------------------------------------------------------------------------------------------------

ROWS, COLS = 41, 53


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> dict:
    """A target, three factors and land cover, with gaps in two of them."""
    random = np.random.default_rng(11)
    y, x = np.mgrid[:ROWS, :COLS]
    rain = x + random.normal(0, 3, (ROWS, COLS))
    slope = random.gamma(2.0, 5.0, (ROWS, COLS))
    cover = random.integers(1, 5, (ROWS, COLS))
    target = 3.0 * rain - slope + 10.0 * cover + random.normal(0, 20, (ROWS, COLS))
    target[5:9, 7:20] = np.nan
    rain[30, :] = np.nan
    cold = -y + random.normal(0, 9, (ROWS, COLS))
    arrays = {"target": target, "rain": rain, "slope": slope, "cold": cold, "cover": cover}
    folder = tmp_path_factory.mktemp("small")
    paths = {
        name: write_raster(folder / f"{name}.tif", array, kind="uint8" if name == "cover" else "float32")
        for name, array in arrays.items()
    }
    return {"folder": folder, "arrays": arrays, **paths}


def detect_small(small, folder, feedback=None, **changes) -> dict:
    given = {
        "TARGET": small["target"], "CONTINUOUS": [small[name] for name in ("rain", "slope", "cold")],
        "CATEGORICAL": [small["cover"]], "MAX_CLASSES": 5,
    }
    return detect(TOOL, folder, feedback, **dict(given, **changes))


@pytest.mark.parametrize("spacing", [1, 3, 4])
def test_results_do_not_depend_on_blocks_threads_and_memory(small, tmp_path, monkeypatch, spacing):
    whole = detect_small(small, tmp_path / "whole", SPACING=spacing, THREADS=1)
    assert detect_small(small, tmp_path / "threads", SPACING=spacing, THREADS=4, MEMORY=16) == whole
    for shape in ((COLS, 3), (10, 7), (1, 5), (16, 16)):
        monkeypatch.setattr(Run, "block", shape)
        found = detect_small(small, tmp_path / str(shape), SPACING=spacing, THREADS=2)
        assert {name: found[name] for name in TABLES} == {name: whole[name] for name in TABLES}, shape


def test_spacing_takes_every_nth_row_and_column_of_the_grid(small, tmp_path):
    names = ("target", "rain", "slope", "cold", "cover")
    sample = {"folder": tmp_path}
    for name in names:
        sample[name] = write_raster(tmp_path / f"{name}.tif", small["arrays"][name][::3, ::3],
                                    kind="uint8" if name == "cover" else "float32")
    expected = detect_small(sample, tmp_path / "sample")
    feedback = Feedback()
    found = detect_small(small, tmp_path / "spaced", feedback, SPACING=3)
    assert {name: found[name] for name in TABLES} == {name: expected[name] for name in TABLES}
    taken = np.isfinite(small["arrays"]["target"][::3, ::3])
    assert f"{taken.sum()} of the {taken.size} pixels in one row and column of 3 have a value" in feedback.log


def test_a_spacing_wider_than_the_raster_is_an_error(small, tmp_path):
    message = refused(small, tmp_path, SPACING=1000)
    assert "One row and column in 1000 leaves 1 pixel " in message and "smaller" in message


def test_order_of_the_factors_does_not_change_a_number(small, tmp_path):
    first = detect_small(small, tmp_path / "first")
    turned = detect_small(small, tmp_path / "turned", CONTINUOUS=[small[name] for name in ("cold", "rain", "slope")])
    for name, columns in (
        ("FACTORS", ["factor"]), ("STRATA", ["factor", "class"]), ("RISK", ["factor", "class_1", "class_2"]),
        ("DISCRETIZATION", ["factor", "method", "classes"]),
    ):
        assert by(first[name], *columns) == by(turned[name], *columns)
        assert len(first[name]) == len(turned[name])
    assert [row["factor"] for row in turned["FACTORS"]] == ["cold", "rain", "slope", "cover"]
    pairs = {frozenset(key): row for key, row in by(turned["INTERACTIONS"], "factor_1", "factor_2").items()}
    for row in first["INTERACTIONS"]:
        other = pairs[frozenset((row["factor_1"], row["factor_2"]))]
        assert float(row["q_12"]) == pytest.approx(float(other["q_12"]), rel=1e-13)
        assert float(row["p_12"]) == pytest.approx(float(other["p_12"]), rel=1e-9)
        assert row["interaction"] == other["interaction"]
    pairs = {frozenset(key): row for key, row in by(turned["ECOLOGICAL"], "factor_1", "factor_2").items()}
    for row in first["ECOLOGICAL"]:
        other = pairs[frozenset((row["factor_1"], row["factor_2"]))]
        f = float(other["f"]) if other["factor_1"] == row["factor_1"] else 1.0 / float(other["f"])
        assert float(row["f"]) == pytest.approx(f, rel=1e-13)
        assert float(row["p"]) == pytest.approx(float(other["p"]), rel=1e-12)


def test_bands_of_one_raster_are_the_same_as_rasters_of_their_own(small, tmp_path):
    names = ("target", "rain", "slope", "cold")
    arrays = np.array([small["arrays"][name] for name in names])
    stack = write_raster(tmp_path / "stack.tif", arrays, descriptions=names)
    expected = detect_small(small, tmp_path / "apart")
    assert detect_small(small, tmp_path / "bands", TARGET=stack, CONTINUOUS=[stack]) == expected
    last = detect_small(small, tmp_path / "last", TARGET=stack, TARGET_BAND=4, CONTINUOUS=[small["rain"]])
    assert {row["target"] for name in TABLES for row in last[name]} == {"cold"}
    cold, rain = (small["arrays"][name].astype(np.float32).astype(float).ravel() for name in ("cold", "rain"))
    cold, rain = cold[np.isfinite(rain)], rain[np.isfinite(rain)]
    row = by(last["FACTORS"], "factor")["rain"]
    assert float(row["q"]) == pytest.approx(q_statistic(cold, classes_by_breaks(rain, breaks_of(row))), rel=1e-12)


def test_names_of_bands(small, tmp_path):
    arrays = [small["arrays"][name] for name in ("rain", "cold")]
    one = write_raster(tmp_path / "one.tif", np.array(arrays), descriptions=("2001", "2002"))
    two = write_raster(tmp_path / "two.tif", np.array(arrays) ** 2, descriptions=("2001", "dry"))
    bare = write_raster(tmp_path / "bare.tif", np.array(arrays) + 5)
    found = detect_small(small, tmp_path / "out", CONTINUOUS=[one, two, bare], CATEGORICAL=[])
    assert [row["factor"] for row in found["FACTORS"]] == [
        "one 2001", "2002", "two 2001", "dry", "bare band 1", "bare band 2"
    ]


def test_category_names_of_a_raster(small, tmp_path):
    def cover(name, names):
        path = write_raster(tmp_path / f"{name}.tif", small["arrays"]["cover"], kind="uint8")
        gdal.GetDriverByName("GTiff")
        dataset = gdal.Open(path)
        vrt = gdal.GetDriverByName("VRT").CreateCopy(str(tmp_path / f"{name}.vrt"), dataset)
        vrt.GetRasterBand(1).SetCategoryNames(names)
        vrt = None
        return str(tmp_path / f"{name}.vrt")

    given = [cover("early", ["", "Wood", "Grass", "", "Water"]), cover("late", ["", "Wood", "Wood", "<Sand>", "Water"])]
    found = detect_small(small, tmp_path / "out", CATEGORICAL=given, CONTINUOUS=[])
    classes = {
        name: [row["class"] for row in found["STRATA"] if row["factor"] == name] for name in ("early", "late")
    }
    assert classes == {"early": ["Wood", "Grass", "3", "Water"], "late": ["Wood (1)", "Wood (2)", "<Sand>", "Water"]}
    assert by(found["RISK"], "factor", "class_1", "class_2")["late", "<Sand>", "Water"]["t"] == by(
        found["RISK"], "factor", "class_1", "class_2")["early", "3", "Water"]["t"]
    assert "<Sand>" not in found["CHART"].replace("\\u003cSand>", "")


def test_a_target_band_that_is_a_year_is_called_after_its_layer(small, tmp_path):
    values = np.stack([small["arrays"]["target"]] * 2)
    path = write_raster(tmp_path / "nep.tif", values, descriptions=[2019, 2020])
    paths = destinations(TOOL, tmp_path / "out")
    (tmp_path / "out").mkdir()
    run(TOOL, {"TARGET": path, "TARGET_BAND": 2, "CONTINUOUS": [small["rain"]], "METHODS": [0], "SCALES": "2", **paths})
    assert {row["target"] for row in table(paths["FACTORS"])} == {"nep 2020"}
    assert "<h1>Geodetector of nep 2020</h1>" in Path(paths["CHART"]).read_text(encoding="utf-8")


def test_the_unit_of_the_target_stands_on_the_axis(small, tmp_path):
    path = write_raster(tmp_path / "nep.tif", small["arrays"]["target"])
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetUnitType("gC m-2 yr-1")
    dataset = None
    found = detect_small(small, tmp_path / "out", TARGET=path)
    titles = [figure["layout"]["yaxis"]["title"]["text"] for figure in figures(found["CHART"])]
    assert "Mean of nep (gC m⁻² yr⁻¹)" in titles


def test_classes_without_a_name_are_their_codes(small, tmp_path):
    found = detect_small(small, tmp_path)
    assert [row["class"] for row in found["STRATA"] if row["factor"] == "cover"] == ["1", "2", "3", "4"]
    strata = by(found["STRATA"], "factor", "class")
    complete = np.isfinite(small["arrays"]["target"]) & np.isfinite(small["arrays"]["rain"])
    for code in range(1, 5):
        assert int(strata["cover", str(code)]["n"]) == (complete & (small["arrays"]["cover"] == code)).sum()


# What is wrong is said ------------------------------------------------------------------------------------------------


def refused(small, folder, **changes) -> str:
    """The message of a run that must fail and leave nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    before = contents(folder)
    with pytest.raises(QgsProcessingException) as caught:
        detect_small(small, folder, **changes)
    assert contents(folder) == before
    message = str(caught.value)
    assert not message[0].islower() and message.endswith(".") and "Traceback" not in message
    return message


def test_grids_that_differ(small, tmp_path):
    other = write_raster(tmp_path / "coarse.tif", np.ones((20, 26)))
    message = refused(small, tmp_path / "out", CONTINUOUS=[small["rain"], other])
    assert "'coarse' does not lie on the grid of 'target'" in message and "nep:harmonize" in message
    message = refused(small, tmp_path / "out", CATEGORICAL=[other])
    assert "'coarse'" in message and "nep:harmonize" in message


def test_no_factor(small, tmp_path):
    assert "No factor was given. Choose" in refused(small, tmp_path, CONTINUOUS=[], CATEGORICAL=[])
    message = refused(small, tmp_path, CONTINUOUS=[small["target"]], CATEGORICAL=[])
    assert "No factor was given but the target itself" in message


def test_two_factors_of_one_name(small, tmp_path):
    twin = write_raster(tmp_path / "elsewhere" / "rain.tif", small["arrays"]["slope"])
    assert "Two factors are named 'rain'" in refused(small, tmp_path / "out", CONTINUOUS=[small["rain"], twin])
    target = write_raster(tmp_path / "elsewhere" / "target.tif", small["arrays"]["slope"])
    message = refused(small, tmp_path / "out", CONTINUOUS=[small["rain"], target])
    assert "'target' is both target and factor" in message


def test_a_band_there_is_not(small, tmp_path):
    assert "Band 2 of 'target' was asked for, but it has 1" in refused(small, tmp_path, TARGET_BAND=2)


def test_values_that_explain_nothing_or_vary_in_nothing(small, tmp_path):
    constant = write_raster(tmp_path / "constant.tif", np.full((ROWS, COLS), 7.0))
    message = refused(small, tmp_path / "out", CONTINUOUS=[constant], CATEGORICAL=[])
    assert "No factor can be used: 'constant' is constant (7 on all" in message
    assert "The target 'constant' is constant (7)" in refused(small, tmp_path / "out", TARGET=constant)
    empty = write_raster(tmp_path / "empty.tif", np.full((ROWS, COLS), np.nan))
    message = refused(small, tmp_path / "out", CONTINUOUS=[small["rain"], empty])
    assert "'empty' lacks most" in message
    assert "'empty' has a value in 0 pixels, and the detector takes 3" in refused(small, tmp_path / "out", TARGET=empty)
    unique = write_raster(tmp_path / "unique.tif", np.arange(ROWS * COLS, dtype=float).reshape(ROWS, COLS))
    message = refused(small, tmp_path / "out", CONTINUOUS=[], CATEGORICAL=[unique])
    assert "'unique' has a category of its own for each of the" in message and "continuous" in message


def test_a_constant_factor_is_left_out_and_the_others_stay_as_they_are(small, tmp_path):
    constant = write_raster(tmp_path / "constant.tif", np.full((ROWS, COLS), 7.0))
    feedback = Feedback()
    found = detect_small(small, tmp_path / "with", feedback,
                         CONTINUOUS=[small[name] for name in ("rain", "slope", "cold")] + [constant])
    assert any("Factor 'constant' is left out: it is constant (7 on all" in text for text in feedback.warnings)
    expected = detect_small(small, tmp_path / "without")
    assert {name: found[name] for name in TABLES} == {name: expected[name] for name in TABLES}


def test_infinite_values_are_missing(small, tmp_path):
    rain = small["arrays"]["rain"].copy()
    rain[0, :6] = [np.inf, -np.inf, np.inf, np.nan, 1e30, 5.0]
    path = write_raster(tmp_path / "rain.tif", rain)
    feedback = Feedback()
    detect_small(small, tmp_path / "out", feedback, CONTINUOUS=[path], CATEGORICAL=[])
    # A row of the raster has no rain; of the target's gaps none lies in it.
    assert f"rain {COLS + 4}" in feedback.log


def test_numbers_of_classes_that_make_no_sense(small, tmp_path):
    message = refused(small, tmp_path, MIN_CLASSES=6, MAX_CLASSES=4)
    assert "6 to 4" in message


def test_cancel_during_natural_breaks(tmp_path, monkeypatch):
    """The search itself must look at the cancel button, not only what comes before and after it."""
    from nep_toolbox.core.geodetector import discretize
    from nep_toolbox.errors import Cancelled

    random = np.random.default_rng(3)
    target = write_raster(tmp_path / "in" / "target.tif", random.normal(size=(300, 300)))
    factor = write_raster(tmp_path / "in" / "factor.tif", random.normal(size=(300, 300)))
    feedback, ended, search = Feedback(), [], discretize.natural_breaks

    def cancelled_at_its_start(*arguments):
        feedback.cancel()
        try:
            return search(*arguments)
        except Cancelled:
            ended.append("by the cancel button")
            raise

    monkeypatch.setattr(discretize, "natural_breaks", cancelled_at_its_start)
    (tmp_path / "out").mkdir()
    results = run(TOOL, dict({"TARGET": target, "CONTINUOUS": [factor], "METHODS": [1], "SCALES": "9"},
                             **destinations(TOOL, tmp_path / "out")), feedback)
    assert results == {} and ended == ["by the cancel button"]
    assert os.listdir(tmp_path / "out") == []


def test_the_progress_bar_moves_during_natural_breaks(tmp_path):
    random = np.random.default_rng(3)
    target = write_raster(tmp_path / "target.tif", random.normal(size=(300, 300)))
    factor = write_raster(tmp_path / "factor.tif", random.normal(size=(300, 300)))
    shares = []
    feedback = Feedback()
    feedback.progressChanged.connect(shares.append)
    detect(TOOL, tmp_path / "out", feedback, TARGET=target, CONTINUOUS=[factor], METHODS=[1])
    assert shares == sorted(shares) and shares[-1] == 100
    assert len({round(share, 3) for share in shares if 25 < share < 80}) >= 3


def test_results_stay_away_unless_asked_for(small, tmp_path):
    run(TOOL, {"TARGET": small["target"], "CONTINUOUS": [small["rain"]], "FACTORS": str(tmp_path / "f.csv")})
    assert sorted(os.listdir(tmp_path)) == ["f.csv", "f.csvt"]
    assert [row["factor"] for row in table(tmp_path / "f.csv")] == ["rain"]
    assert Path(small["folder"]).exists()
