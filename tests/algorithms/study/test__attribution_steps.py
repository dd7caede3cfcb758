"""The steps that attribute the trend."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal
from study_inputs import states
from testkit.rasters import write_raster
from testkit.tools import Feedback, run, table

from nep_toolbox.algorithms.study import _steps
from nep_toolbox.algorithms.study._attribution_steps import nothing_drives
from nep_toolbox.algorithms.study._plan import Plan

pytestmark = pytest.mark.usefixtures("provider")

YEARS = range(2001, 2015)


def test_why_there_is_nothing_to_attribute_to():
    plan = Plan(years=list(YEARS))
    work = SimpleNamespace(plan=plan)
    assert nothing_drives(work) == "there is no driver with a value for each year"
    plan.climate = {"precipitation": SimpleNamespace(constant=False), "temperature": SimpleNamespace(constant=False)}
    assert nothing_drives(work) == ""
    plan.years = list(YEARS)[:8]
    assert nothing_drives(work) == "the attribution needs 9 years with all drivers, and there are 8"
    plan.years = list(YEARS)[:9]
    assert nothing_drives(work) == ""


@pytest.mark.parametrize("variable", ["nep", "npp"])
def test_tables_and_maps_are_those_of_the_tools(studied, tmp_path, variable):
    folder, prefix = studied.folder, "" if variable == "nep" else "npp_"
    made = {name: str(tmp_path / name) for name in ("c.tif", "r.tif", "s.tif", "t.csv", "u.csv", "d.tif", "v.csv")}
    given = {
        "INPUT": [str(folder / ("rasters/nep.tif" if variable == "nep" else "data/npp.tif"))],
        "DRIVERS": [str(folder / f"data/{name}.tif") for name in ("precipitation", "temperature")],
    }
    run("nep:attribution", {**given, "SLOPE_CLIMATE": made["c.tif"], "SLOPE_RESIDUAL": made["r.tif"],
                            "SHARE": made["s.tif"], "TABLE": made["t.csv"], "SUMMARY": made["u.csv"]})
    for name, file in (("slope_of_drivers", "c.tif"), ("slope_of_rest", "r.tif"), ("share_of_drivers", "s.tif")):
        found = gdal.Open(str(folder / "rasters" / f"{prefix}{name}.tif")).ReadAsArray()
        np.testing.assert_array_equal(found, gdal.Open(made[file]).ReadAsArray())
    rows = of(folder, "fig11_class_areas", variable)
    assert same(rows, table(made["t.csv"]), "class", ("pixels", "percent", "significant_percent"))
    (row,), (expected,) = of(folder, "fig11_summary", variable), table(made["u.csv"])
    assert same([row], [expected], "region", ("slope", "slope_climate", "slope_residual", "share", "r2", "p"))
    run("nep:drivers", {**given, "DOMINANT": made["d.tif"], "TABLE": made["v.csv"]})
    found = gdal.Open(str(folder / "rasters" / f"{prefix}dominant_driver.tif")).ReadAsArray()
    np.testing.assert_array_equal(found, gdal.Open(made["d.tif"]).ReadAsArray())
    assert same(of(folder, "fig12_drivers", variable), table(made["v.csv"]), "driver", (
        "dominant_positive_percent", "dominant_negative_percent", "significant_percent", "mean_partial",
        "mean_contribution", "mean_lmg"))


def of(folder, name: str, variable: str) -> list:
    """The rows of the whole area."""
    rows = table(folder / "tables" / f"{name}.csv")
    return [row for row in rows if (row["variable"], row["region"]) == (variable, "all")]


def same(found: list, expected: list, key: str, columns: tuple) -> bool:
    """Whether tables agree to the six digits that a study keeps."""
    assert [row[key] for row in found] == [row[key] for row in expected]
    for row, other in zip(found, expected):
        for column in columns:
            assert bool(row[column]) == bool(other[column]), (row, column)
            assert not row[column] or float(row[column]) == pytest.approx(float(other[column]), rel=1e-5), (row, column)
    return True


def test_what_the_texts_are_told(studied):
    steps = json.loads((studied.folder / "study.json").read_text(encoding="utf-8"))["steps"]
    numbers = steps["attribution"]["numbers"]
    assert numbers["drivers"] == ["precipitation", "temperature"] == steps["drivers"]["numbers"]["drivers"]
    assert (numbers["years"], numbers["period"]) == (12, [2001, 2012])
    pixels = sum(int(row["pixels"]) for row in of(studied.folder, "fig11_class_areas", "nep"))
    named = gdal.Open(str(studied.folder / "rasters" / "dominant_driver.tif")).ReadAsArray() != -32768
    found = steps["drivers"]["numbers"]["REFUSED_PERCENT"]
    assert found == pytest.approx(100.0 * (pixels - named.sum()) / pixels) and found > 0  # where NPP is the same
    p = gdal.Open(str(studied.folder / "rasters" / "rest_p.tif")).ReadAsArray()
    assert numbers["REST_PERCENT"] == pytest.approx(100.0 * ((p >= 0) & (p < 0.05)).sum() / (p >= 0).sum())
    text = (studied.folder / "results.md").read_text(encoding="utf-8")
    assert "It is no proof of a human cause." in text and "for NPP alone" in text
    legend = (studied.folder / "rasters" / "dominant_driver.qml").read_text(encoding="utf-8")
    assert "Precipitation, positive" in legend


def study(folder, tmp_path, factors: dict, monkeypatch) -> Feedback:
    """A study of NDVI with some factors by name: a function of the year for each."""
    steps = tuple(step for step in _steps.STEPS if step.name not in (
        "frequency", "trend", "centre", "hurst", "future", "hindcast", "detector", "project"))
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS", steps)
    random = np.random.default_rng(3)
    inputs = {"NPP": [], "CONTINUOUS": []}
    for year in YEARS:
        noise = random.random((6, 8))
        inputs["NPP"].append(write_raster(tmp_path / "in" / f"NDVI_{year}.tif", noise))
        for name, values in factors.items():
            inputs["CONTINUOUS"].append(write_raster(tmp_path / "in" / f"{name}_{year}.tif", values(year, noise)))
    feedback = Feedback()
    run("nep:study", {**inputs, "VARIABLE": "NDVI", "UNIT": "", "FORMATS": "png", "DPI": 50,
                      "FACTOR_NAMES": "light=Lights", "OUTPUT_FOLDER": str(folder)}, feedback)
    return feedback


def test_factors_alone_explain_a_series(tmp_path, monkeypatch):
    folder = tmp_path / "study"
    feedback = study(folder, tmp_path, {"light": lambda year, noise: noise + (year % 5)}, monkeypatch)
    rows = table(folder / "tables" / "fig12_drivers.csv")
    assert [(row["variable"], row["region"], row["driver"]) for row in rows] == [
        ("nep", "all", "Lights"), ("nep", "all", "rest")]
    assert not (folder / "rasters" / "npp_dominant_driver.tif").exists()
    assert not [line for line in feedback.warnings if "NEP" in line]


def test_drivers_that_say_the_same_are_told_and_no_step_fails(tmp_path, monkeypatch):
    folder = tmp_path / "study"
    twice = {"light": lambda year, noise: noise + (year % 5), "lamp": lambda year, noise: 2 * noise + 2 * (year % 5)}
    feedback = study(folder, tmp_path, twice, monkeypatch)
    assert states(folder)["attribution"] == states(folder)["drivers"] == "done"
    assert [line for line in feedback.warnings if "No pixel has a result" in line]
    assert table(folder / "tables" / "fig11_class_areas.csv") == table(folder / "tables" / "fig12_drivers.csv") == []
    text = (folder / "results.md").read_text(encoding="utf-8")
    assert "No pixel could be attributed" in text and "No single driver can be told from the others" in text
