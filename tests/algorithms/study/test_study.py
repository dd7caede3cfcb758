"""nep:study through files."""

from __future__ import annotations

import csv
import os

import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import QgsProcessingException
from study_inputs import given, made, npp_only, quick, state, states
from testkit.files import contents
from testkit.tools import Feedback, run, table

from nep_toolbox.algorithms.study import _driver_steps, _steps
from nep_toolbox.algorithms.study._state import DONE, FAILED, SKIPPED

pytestmark = pytest.mark.usefixtures("provider")

#: What the folder of a whole study holds, but for the figures.
FILES = """
    report.html project.qgz study.json results.json results.md methods.md captions.txt log.txt vectors/study.gpkg
    data/npp.tif data/temperature.tif data/precipitation.tif data/landcover.tif data/factors_2001.tif
    data/categories_2001.tif
    rasters/nep.tif rasters/rh.tif rasters/nep_mean.tif rasters/source_sink.tif rasters/increases.tif
    rasters/decreases.tif rasters/trend_slope.tif rasters/trend_class.tif rasters/trend_p.tif rasters/trend_lower.tif
    rasters/trend_upper.tif rasters/hurst.tif rasters/hurst_class.tif rasters/hurst_p.tif rasters/future.tif
    rasters/r_precipitation.tif rasters/r_temperature.tif rasters/r_precipitation_class.tif
    rasters/r_temperature_class.tif rasters/npp_r_precipitation.tif rasters/npp_r_temperature.tif
    rasters/landcover_change.tif
    rasters/attribution_class.tif rasters/slope_of_drivers.tif rasters/slope_of_rest.tif rasters/rest_p.tif
    rasters/share_of_drivers.tif rasters/npp_attribution_class.tif rasters/dominant_driver.tif rasters/contributions.tif
    rasters/npp_dominant_driver.tif rasters/source_sink_class.tif rasters/nep_sd.tif rasters/nep_lower.tif
    rasters/nep_upper.tif rasters/sink_probability.tif rasters/trend_probability.tif
"""

TABLES = """
    data fig02_annual fig02_summary fig02_stages fig03_regions fig03_years fig04_frequency fig04_counts
    fig05_class_areas fig05_stages fig05_centers fig06_class_areas fig06_evidence fig06_persistence fig07_correlation
    fig07_class_areas
    fig08_areas fig08_transitions fig08_largest fig09_annual fig09_classes fig10_factors fig10_pairs fig10_vif
    fig10_spacing fig11_class_areas fig11_summary fig12_drivers fig02_budget fig03_sinks fig09b_effect
    fig09b_effect_total uncertainty
"""


#: Digits of coordinates, and of sums that close; all other numbers have six.
DIGITS = {"fig05_centers": 9, **dict.fromkeys(("fig02_budget", "fig09b_effect", "fig09b_effect_total"), 17)}


def test_a_whole_study(studied):
    found = states(studied.folder)
    assert found.pop("hindcast") == SKIPPED  # for which twelve years are too few
    assert set(found.values()) == {DONE}
    lacking = [name for name in FILES.split() if not (studied.folder / name).is_file()]
    lacking += [name for name in TABLES.split() if not (studied.folder / "tables" / f"{name}.csv").is_file()]
    assert not lacking
    figures = {path.stem for path in (studied.folder / "figures").glob("*.png")}
    assert studied.results == {
        "OUTPUT_FOLDER": str(studied.folder), "REPORT": str(studied.folder / "report.html"), "FIGURES": len(figures),
        "SKIPPED": 1,
    }
    assert len(figures) == 13
    assert not [path for path in studied.folder.rglob("*") if path.name.startswith(".nep-")]


def test_its_rasters_are_those_of_the_tools(studied, tmp_path):
    parameters = studied.parameters
    nep, slope = str(tmp_path / "nep.tif"), str(tmp_path / "slope.tif")
    names = ("NPP", "NPP_SCALE", "NPP_VALID_MIN", "NPP_VALID_MAX", "TEMPERATURE", "PRECIPITATION", "FORCING")
    run("nep:productivity", {**{name: parameters[name] for name in names}, "OUTPUT": nep})
    inside = gdal.Open(str(studied.folder / "rasters" / "nep.tif")).ReadAsArray()
    whole = gdal.Open(nep).ReadAsArray()
    assert (inside != -9999).sum() > 5000  # the province has no NPP beyond its regions
    np.testing.assert_allclose(inside, whole, rtol=0, atol=2**-15)  # NPP up to 1024 is kept as Float32
    run("nep:trend", {"INPUT": [str(studied.folder / "rasters" / "nep.tif")], "SLOPE": slope})
    found = gdal.Open(str(studied.folder / "rasters" / "trend_slope.tif")).ReadAsArray()
    np.testing.assert_array_equal(found, gdal.Open(slope).ReadAsArray())


def test_its_tables_join(studied):
    rows = table(studied.folder / "tables" / "fig02_annual.csv")
    assert [int(row["year"]) for row in rows] == list(range(2001, 2013))
    for row in rows:
        assert float(row["npp"]) - float(row["rh"]) == pytest.approx(float(row["mean"]), rel=2e-3)
        assert float(row["rh_of_npp_percent"]) == pytest.approx(100 * float(row["rh"]) / float(row["npp"]), rel=1e-4)
    regions = table(studied.folder / "tables" / "fig03_regions.csv")
    assert sorted(int(row["rank"]) for row in regions) == list(range(1, len(regions) + 1))
    assert sum(float(row["share_percent"]) for row in regions) == pytest.approx(100, abs=0.1)
    for path in (studied.folder / "tables").glob("*.csv"):
        digits = [
            cell for row in csv.reader(path.open(encoding="utf-8")) for cell in row
            if cell.replace(".", "").replace("-", "").isdigit() and "." in cell
        ]
        most = DIGITS.get(path.stem, 6)
        assert all(len(cell.replace("-", "").replace(".", "").lstrip("0")) <= most for cell in digits), path.name
        assert path.with_suffix(".csvt").is_file()


def test_its_layers_of_features(studied):
    source = ogr.Open(str(studied.folder / "vectors" / "study.gpkg"))
    names = {source.GetLayer(place).GetName() for place in range(source.GetLayerCount())}
    assert {"regions", "outline", "centers", "path", "ellipse", "mean_centers"} <= names
    regions, area = {}, 0.0
    for feature in source.GetLayerByName("regions"):
        regions[feature["region"]] = feature.items()
        area += feature.GetGeometryRef().Area()
    for row in table(studied.folder / "tables" / "fig03_regions.csv"):
        assert regions[row["region"]]["mean"] == pytest.approx(float(row["mean"]))
        assert regions[row["region"]]["increases"] >= 0
    outline = source.GetLayerByName("outline").GetNextFeature()
    assert outline.GetGeometryRef().Area() == pytest.approx(area)


def test_without_climate_the_series_itself_is_analysed(studied_npp):
    assert states(studied_npp.folder) == {
        **dict.fromkeys(("prepare", "statistics", "frequency", "trend", "centre", "hurst", "future"), DONE),
        **dict.fromkeys(("figures", "project", "report"), DONE),
        **dict.fromkeys(("productivity", "correlation", "landcover", "landcover_statistics", "detector"), SKIPPED),
        **dict.fromkeys(("hindcast", "attribution", "drivers"), SKIPPED),
        **dict.fromkeys(("source_sink", "landcover_effect", "uncertainty"), SKIPPED),
    }
    assert studied_npp.results["SKIPPED"] == 11
    assert not (studied_npp.folder / "rasters" / "nep.tif").exists()
    values = gdal.Open(str(studied_npp.folder / "data" / "npp.tif")).ReadAsArray()
    values = np.where(values == -9999, np.nan, values)
    mean = gdal.Open(str(studied_npp.folder / "rasters" / "nep_mean.tif")).ReadAsArray()
    valid = np.isfinite(values).any(axis=0)
    np.testing.assert_allclose(mean[valid], np.nanmean(values[:, valid], axis=0), rtol=1e-6)


# A later run ----------------------------------------------------------------------------------------------------------


def test_a_climatology_has_no_years_to_tell_of(province, tmp_path, monkeypatch):
    kept = tuple(step for step in _steps.STEPS if step.name in ("prepare", "productivity", "statistics", "report"))
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS", kept)
    folder = tmp_path / "study"
    constant = {"TEMPERATURE": [str(province / "temperature_2001.tif")]}
    left_out = dict.fromkeys(("LANDCOVER", "CONTINUOUS", "FACTOR_NAMES"))
    run("nep:study", given(province, OUTPUT_FOLDER=str(folder), **constant, **left_out))
    assert {"npp", "rh", "precipitation"} <= table(folder / "tables" / "fig02_annual.csv")[0].keys()
    assert "temperature" not in table(folder / "tables" / "fig02_annual.csv")[0]
    summary = [row["variable"] for row in table(folder / "tables" / "fig02_summary.csv")]
    assert summary == ["nep", "npp", "rh", "precipitation"]
    text = (folder / "results.md").read_text(encoding="utf-8")
    assert "There is one year of temperature" in (folder / "report.html").read_text(encoding="utf-8")
    assert "Temperature has" not in text and "recipitation" in text


def test_nothing_is_done_where_nothing_has_changed(studied_npp, tmp_path):
    folder = studied_npp.copy(tmp_path / "again")
    before, feedback = contents(folder), Feedback()
    (folder / "rasters" / "hurst.qml").write_text("restyled")
    results = run("nep:study", {**studied_npp.parameters, "OUTPUT_FOLDER": str(folder)}, feedback)
    assert results["SKIPPED"] == 11 and results["FIGURES"] == studied_npp.results["FIGURES"]
    assert sum("as before, nothing has changed" in line for line in feedback.infos) == 10
    after = contents(folder)
    changed = {name for name in before if after.get(name) != before[name]}
    assert set(after) == set(before) and changed <= {"study.json", "log.txt", os.path.join("rasters", "hurst.qml")}


@pytest.mark.parametrize(("change", "redone"), [
    ({"CORRECTION": 1}, {"trend", "future"}),
    ({"DETREND": 0}, {"hurst", "future"}),
    ({"ALPHA": 0.2}, {"future"}),
    ({"NPP_SCALE": 0.2}, {"prepare", "statistics", "frequency", "trend", "centre", "hurst", "future"}),
    ({"REUSE": False}, {"prepare", "statistics", "frequency", "trend", "centre", "hurst", "future"}),
])
def test_only_what_has_changed_is_done_again(studied_npp, tmp_path, change, redone, monkeypatch):
    folder, done = studied_npp.copy(tmp_path / "again"), set()
    pages = {"figures", "project", "report"}  # they take most of the time, and always follow
    for name in pages:
        monkeypatch.setattr(_steps, name, None)
    real = _steps.STEPS
    steps = tuple(step for step in real if step.name not in pages)
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS", steps)
    run("nep:study", {**studied_npp.parameters, **change, "OUTPUT_FOLDER": str(folder)})
    old, new = state(studied_npp.folder)["steps"], state(folder)["steps"]
    done = {step.name for step in steps if new[step.name].get("files") != old[step.name].get("files")}
    assert done == redone


def test_what_a_step_has_no_longer_is_removed(province, tmp_path, monkeypatch):
    quick(monkeypatch, "correlation", "frequency", "trend", "future", "hurst", "centre", "detector")
    folder = tmp_path / "study"
    parameters = given(province, LANDCOVER=None, CONTINUOUS=None, FACTOR_NAMES=None)
    run("nep:study", {**parameters, "OUTPUT_FOLDER": str(folder)})
    assert (folder / "rasters" / "nep.tif").exists() and (folder / "tables" / "fig03_regions.csv").exists()
    (folder / "mine.txt").write_text("mine")
    run("nep:study", {**npp_only(province), "OUTPUT_FOLDER": str(folder)})
    left = {name.replace(os.sep, "/") for name in contents(folder) if name.endswith(".tif")}
    assert left == {"data/npp.tif", "rasters/nep_mean.tif", "rasters/source_sink.tif"}
    assert not (folder / "tables" / "fig03_regions.csv").exists() and (folder / "mine.txt").exists()


# Failures, cancels, kills ---------------------------------------------------------------------------------------------


def test_a_step_that_fails_stops_none_that_does_not_need_it(province, tmp_path, monkeypatch):
    quick(monkeypatch)
    folder, feedback = tmp_path / "study", Feedback()
    (folder / "rasters").mkdir(parents=True)
    (folder / "study.json").write_text("{}")
    (folder / "rasters" / "trend_p.tif").mkdir()  # in the way of a result
    with pytest.raises(QgsProcessingException) as caught:
        run("nep:study", {**npp_only(province), "OUTPUT_FOLDER": str(folder)}, feedback)
    assert str(caught.value).startswith(f"Some steps failed; all others are in {folder}. Trend: ")
    assert "trend_p.tif" in str(caught.value) and ".nep-" not in str(caught.value)
    found = states(folder)
    assert found["trend"] == FAILED and found["future"] == SKIPPED and found["hurst"] == DONE
    assert state(folder)["steps"]["future"]["why"] == "The step 'trend' has no results."
    assert not (folder / "rasters" / "trend_slope.tif").exists() and (folder / "rasters" / "hurst.tif").exists()
    (folder / "rasters" / "trend_p.tif").rmdir()
    assert run("nep:study", {**npp_only(province), "OUTPUT_FOLDER": str(folder)})["SKIPPED"] == 11


def test_an_error_nobody_expected_is_one_line(province, tmp_path, monkeypatch):
    quick(monkeypatch, *(step.name for step in _steps.STEPS if step.name not in ("prepare", "detector")))

    def broken(*_arguments):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(_driver_steps, "_spacing", broken)
    with pytest.raises(QgsProcessingException, match="Geodetector: ZeroDivisionError: by zero.$"):
        factors = [str(province / "elevation.tif")]
        run("nep:study", {**npp_only(province, CONTINUOUS=factors), "OUTPUT_FOLDER": str(tmp_path / "study")})


@pytest.mark.parametrize("moves", [0, 1, 6, 12])
def test_a_cancel_leaves_whole_steps_and_a_later_run_goes_on(studied_npp, tmp_path, moves, monkeypatch):
    quick(monkeypatch, "hurst", "future", "centre")
    folder = tmp_path / "study"
    parameters = {**studied_npp.parameters, "OUTPUT_FOLDER": str(folder)}
    feedback = Feedback(cancel_after=moves)
    assert run("nep:study", parameters, feedback) == {}
    assert feedback.infos[-1].startswith("Cancelled: the steps that were ready stay.")
    entries = state(folder)["steps"] if (folder / "study.json").exists() else {}
    if entries:
        files = {file for entry in entries.values() for file in entry.get("files", {})}
        there = {name.replace(os.sep, "/") for name in contents(folder)}
        assert there - {"study.json", "log.txt"} == files
    later = Feedback()
    run("nep:study", parameters, later)
    kept = sum("as before" in line for line in later.infos)
    assert kept == sum(entry["state"] == DONE for entry in entries.values())
    expected, found = made(studied_npp.folder), made(folder)
    assert {"data/npp.tif", "rasters/nep_mean.tif", "tables/fig05_class_areas.csv"} <= set(found)
    assert all(found[name] == expected[name] for name in found if name not in ("study.json", "log.txt"))


def test_two_studies_in_one_process_do_not_meet(province, tmp_path, monkeypatch):
    quick(monkeypatch, "hurst", "future", "trend")
    for name in ("one", "two"):
        run("nep:study", {**npp_only(province, YEARS="2001-2012"), "OUTPUT_FOLDER": str(tmp_path / name)})
    assert {name: data for name, data in made(tmp_path / "one").items() if name != "log.txt"} == {
        name: data for name, data in made(tmp_path / "two").items() if name != "log.txt"
    }
