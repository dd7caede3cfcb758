"""nep:uncertainty through files, against nep:productivity run with what was drawn."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.rasters import identical, numbers, write_raster
from testkit.tools import Feedback, destinations, run

from nep_toolbox.algorithms.productivity.uncertainty import SUMMARY
from nep_toolbox.core.ensemble.draws import draw
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

YEARS = list(range(2001, 2011))
DRAWS, SEED = 20, 7
ERRORS = {"b": 0.1, "npp": 0.08, "temperature": 0.6, "precipitation": 0.2}
STATED = ";".join(f"{name}={value}" for name, value in ERRORS.items())


@pytest.fixture(scope="module")
def inputs(tmp_path_factory) -> dict:
    """Monthly climate and NPP of 20 x 270 cells of 1 km, some of them missing."""
    folder, rng = tmp_path_factory.mktemp("inputs"), np.random.default_rng(3)
    shape = (20, 270)
    months = [f"{year}-{month:02d}" for year in YEARS for month in range(1, 13)]
    season = -np.cos(2 * np.pi * np.arange(120) / 12)[:, None, None]
    temperature = (12 + 12 * season + rng.normal(0, 1, (120, *shape))).astype(np.float32)
    precipitation = rng.gamma(2, 35, (120, *shape)).astype(np.float32)
    npp = (320 + np.linspace(-150, 150, shape[1]) + rng.normal(0, 30, (10, *shape))).astype(np.float32)
    npp[:, :3, :40] = -9999
    npp[4:7, 10, 10] = -9999
    values = {"TEMPERATURE": (temperature, months), "PRECIPITATION": (precipitation, months), "NPP": (npp, YEARS)}
    return {
        name: [write_raster(folder / f"{name.lower()}.tif", array, (4e5, 1000, 0, 4e6, 0, -1000), "EPSG:32649",
                            nodata=-9999, descriptions=times)]
        for name, (array, times) in values.items()
    }


def uncertainty(folder, inputs, feedback=None, **parameters) -> dict:
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:uncertainty", folder)
    given = {"ERRORS": STATED, "DRAWS": DRAWS, "SEED": SEED, **inputs, **parameters, **paths}
    return {**paths, "results": run("nep:uncertainty", given, feedback)}


@pytest.fixture(scope="module")
def told(inputs, tmp_path_factory) -> tuple:
    feedback = Feedback()
    return uncertainty(tmp_path_factory.mktemp("out"), inputs, feedback, THREADS=1), feedback.log


def rows_of(path) -> list:
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def by_draw(inputs, tmp_path_factory) -> np.ndarray:
    """NEP (draws, years, rows, cols) of the first draws by nep:productivity."""
    folder, found = tmp_path_factory.mktemp("draws"), []
    for drawn in draw(ERRORS, 3, SEED).each():
        paths = destinations("nep:productivity", folder)
        run("nep:productivity", {
            **inputs, "FORCING": 1, "B": 0.0913 * drawn["b"], "NPP_SCALE": drawn["npp"],
            "TEMPERATURE_OFFSET": drawn["temperature"], "PRECIPITATION_SCALE": drawn["precipitation"],
            "OUTPUT": paths["OUTPUT"],
        })
        found.append(numbers(paths["OUTPUT"]))
    return np.stack(found)


def test_the_first_draws_by_the_other_tool(inputs, by_draw, tmp_path, monkeypatch):
    """With three draws all numbers can be told from three runs of nep:productivity."""
    monkeypatch.setattr(
        "nep_toolbox.algorithms.productivity.uncertainty.draw", lambda errors, _count, seed: draw(errors, 3, seed)
    )
    found, means = uncertainty(tmp_path, inputs), np.nanmean(by_draw, axis=1)
    np.testing.assert_allclose(numbers(found["MEAN"]), means.mean(axis=0), rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(numbers(found["SD"]), means.std(axis=0, ddof=1), rtol=1e-5, atol=1e-3)
    low, high = np.quantile(means, (0.05, 0.95), axis=0)
    np.testing.assert_allclose(numbers(found["LOWER"]), low, rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(numbers(found["UPPER"]), high, rtol=1e-5, atol=1e-3)
    share = np.where(np.isnan(means[0]), np.nan, (means > 0).mean(axis=0))
    np.testing.assert_allclose(numbers(found["SINK_PROBABILITY"]), share, rtol=1e-6)
    (row,) = rows_of(found["SUMMARY"])
    assert list(row) == list(SUMMARY)
    totals = np.nansum(by_draw, axis=(2, 3)).mean(axis=1) * 1e6 / 1e12
    regional = np.nanmean(by_draw, axis=(2, 3)).mean(axis=1)
    for column, expected in {
        "mean": regional.mean(), "sd": regional.std(ddof=1), "lower": np.quantile(regional, 0.05),
        "total_tg": totals.mean(), "total_sd": totals.std(ddof=1), "total_upper": np.quantile(totals, 0.95),
    }.items():
        assert float(row[column]) == pytest.approx(expected, rel=1e-6), column
    for name, column in (("TOTAL_TG", "total_tg"), ("TOTAL_SD", "total_sd"), ("TOTAL_UPPER", "total_upper"),
                         ("TOTAL_LOWER", "total_lower"), ("PROBABILITY_OF_SINK", "probability_of_sink")):
        assert found["results"][name] == pytest.approx(float(row[column]), rel=1e-12)


def test_titles_and_the_log_say_that_errors_are_given(told):
    paths, log = told
    for name in ("MEAN", "SD", "LOWER", "UPPER", "SLOPE_SD", "SINK_PROBABILITY", "TREND_PROBABILITY"):
        assert "given errors 2001-2010" in gdal.Open(paths[name]).GetRasterBand(1).GetDescription()
    stated = "b 10 %, npp 8 %, temperature 0.6 degC, precipitation 20 %"
    assert f"Errors (standard deviations): {stated}. 20 draws of them, seed 7." in log
    assert "would be below 0" not in log
    assert "What is not named has no error" in log
    assert "All, given these errors: mean annual total" in log and "r squared over the draws" in log
    with open(paths["CHART"], encoding="utf-8") as page:
        assert "Total NEP given errors" in page.read()


def test_no_bit_depends_on_blocks_threads_or_the_order_of_errors(inputs, told, tmp_path, monkeypatch):
    paths, _log = told
    monkeypatch.setattr(Run, "block", (256, 16))
    turned = ";".join(reversed(STATED.split(";")))
    found = uncertainty(tmp_path, inputs, THREADS=2, ERRORS=turned)
    for name in ("MEAN", "SD", "LOWER", "UPPER", "SLOPE_SD", "SINK_PROBABILITY", "TREND_PROBABILITY"):
        assert identical(paths[name], found[name]), name
    assert rows_of(paths["SUMMARY"]) == rows_of(found["SUMMARY"])
    monkeypatch.setattr(Run, "block", None)
    found = uncertainty(tmp_path / "little", inputs, THREADS=9, MEMORY=16)  # too little for the cells of a patch
    assert rows_of(paths["SUMMARY"]) == rows_of(found["SUMMARY"])


def test_other_models(inputs, tmp_path):
    """With an error of r10 alone, R_H = f R_S moves by just that; the spread of the multipliers is that of the map."""
    model = {"MODEL": 3, "R10": 1.1, "RH_FRACTION": 0.6}
    paths = {"RESPIRATION": str(tmp_path / "rh.tif"), "OUTPUT": str(tmp_path / "n.tif")}
    run("nep:productivity", {**inputs, **model, **paths})
    found = uncertainty(tmp_path / "out", inputs, ERRORS="r10=0.1", **model)
    respired = np.where(np.isnan(numbers(tmp_path / "n.tif")), np.nan, numbers(tmp_path / "rh.tif"))
    spread = draw({"r10": 0.1}, DRAWS, SEED).values.std(ddof=1)
    np.testing.assert_allclose(numbers(found["SD"]), spread * np.nanmean(respired, axis=0), rtol=1e-5)


@pytest.mark.parametrize(("given", "words"), [
    ({"ERRORS": ""}, "No errors are assumed"), ({"ERRORS": "r10=0.1"}, "Names: a, b, c, d, e, npp, temperature, prec"),
    ({"ERRORS": "a=0.1", "MODEL": 1}, "Names: f, q, k, rh_a, rh_b, npp"),
    ({"ERRORS": "precipitation=0.1", "MODEL": 3, "R10": 1.0}, "Names: r10, q10, rh_a, rh_b, npp, temperature."),
    ({"MIN_OBSERVATIONS": 11}, "'Minimum number of years of a slope' (MIN_OBSERVATIONS)"),
])
def test_what_cannot_be_is_refused(inputs, tmp_path, given, words):
    with pytest.raises(QgsProcessingException) as error:
        uncertainty(tmp_path, inputs, **given)
    assert words in str(error.value)


def test_large_errors_are_told(inputs, tmp_path):
    feedback = Feedback()
    run("nep:uncertainty", {
        **inputs, **{name: str(tmp_path / f"{name}.tif") for name in ("MEAN", "SD", "LOWER", "UPPER")},
        "ERRORS": "d=1", "DRAWS": 100,
    }, feedback)
    assert "With an error of 100 %, draws of d would be below 0" in feedback.log
    assert "they are 1.29 times the value" in feedback.log
    assert "r squared" not in feedback.log  # there is one error alone


def test_shares_above_one_are_told(inputs, tmp_path):
    maps = {name: str(tmp_path / f"{name}.tif") for name in ("MEAN", "SD", "LOWER", "UPPER")}
    given = {**inputs, **maps, "MODEL": 1, "RH_FRACTION": 0.8, "DRAWS": DRAWS, "SEED": SEED}
    for error in (0.3, 0.01):
        feedback = Feedback()
        run("nep:uncertainty", {**given, "ERRORS": f"rh_fraction={error}"}, feedback)
        above = int((0.8 * draw({"rh_fraction": error}, DRAWS, SEED).values > 1).sum())
        assert (f"In {above} of 20 draws rh_fraction is above 1" in feedback.log) == (above > 0) == (error == 0.3)
