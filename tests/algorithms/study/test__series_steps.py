"""The steps on the series itself."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from study_inputs import given, state
from testkit.tools import run, table

from nep_toolbox.algorithms.study import _steps
from nep_toolbox.algorithms.study._series_steps import _regions, _stages

pytestmark = pytest.mark.usefixtures("provider")


def test_stages_by_hand():
    rows = [{"year": year, "mean": mean} for year, mean in ((2001, 10.0), (2002, 20.0), (2003, None), (2004, 12.0))]
    found = _stages([(2001, 2002), (2003, 2004), (2003, 2003)], rows)
    assert [(row["stage"], row["mean"], row["change_percent"]) for row in found] == [
        ("2001-2002", 15.0, None), ("2003-2004", 12.0, -20.0), ("2003", None, None),
    ]


def test_regions_of_little_coverage_are_not_ranked():
    years = [
        {"region": name, "pixels": pixels, "area_km2": float(pixels)}
        for name, counts in (("all", (9, 9)), ("a", (4, 6)), ("b", (0, 2)), ("c", (3, 3))) for pixels in counts
    ]
    summary = [
        {"region": name, "mean": mean, "coverage": coverage}
        for name, mean, coverage in (("all", 5.0, None), ("a", 1.0, 50.0), ("b", 9.0, 9.9), ("c", 2.0, 10.0))
    ]
    found = _regions(years, summary, 10.0)
    assert [(row["region"], row["rank"], row["pixels"], row["area_km2"]) for row in found] == [
        ("a", 2, 6, 5.0), ("b", None, 2, 2.0), ("c", 1, 3, 3.0),
    ]


def test_tables_of_classes_have_every_region(studied):
    names = {row["region"] for row in table(studied.folder / "tables" / "fig03_regions.csv")}
    for name in ("fig05_class_areas", "fig06_class_areas", "fig06_evidence", "fig06_persistence",
                 "fig07_class_areas"):
        rows = table(studied.folder / "tables" / f"{name}.csv")
        assert {row["region"] for row in rows} == names | {"all"}, name
        whole = [float(row["percent"]) for row in rows if row["region"] == "all"]
        assert sum(whole) == pytest.approx(100.0 * (4 if name == "fig07_class_areas" else 1), abs=0.01), name


def test_the_other_form_of_respiration_is_told(studied):
    import json

    steps = json.loads((studied.folder / "study.json").read_text(encoding="utf-8"))["steps"]
    forcing = steps["productivity"]["numbers"]["forcing"]
    means = [float(row["mean"]) for row in table(studied.folder / "tables" / "fig02_annual.csv")]
    assert forcing["form"] == "equivalent" and forcing["other"] == "literal"
    # The literal form gives about a tenth of the respiration, so NEP is higher.
    rh = [float(row["rh"]) for row in table(studied.folder / "tables" / "fig02_annual.csv")]
    gain = forcing["other_mean"] - sum(means) / len(means)
    assert 0.85 < gain / (sum(rh) / len(rh)) < 0.95


def test_means_of_a_year_are_of_the_cells_that_have_nep(province, tmp_path, monkeypatch):
    parameters = given(province)
    holed = gdal.GetDriverByName("GTiff").CreateCopy(
        str(tmp_path / "temperature_2001.tif"), gdal.Open(parameters["TEMPERATURE"][0])
    )
    band = holed.GetRasterBand(1)
    band.WriteArray(np.full((12, 12), band.GetNoDataValue()), 8, 6)
    del band, holed
    parameters["TEMPERATURE"] = [str(tmp_path / "temperature_2001.tif"), *parameters["TEMPERATURE"][1:]]
    steps = tuple(step for step in _steps.STEPS if step.name in ("prepare", "productivity", "statistics"))
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS", steps)
    run("nep:study", {**parameters, "OUTPUT_FOLDER": str(tmp_path / "study")})
    first, second = table(tmp_path / "study" / "tables" / "fig02_annual.csv")[:2]
    assert int(first["pixels"]) < int(second["pixels"]) - 100
    for row in (first, second):
        assert float(row["npp"]) - float(row["rh"]) == pytest.approx(float(row["mean"]), abs=0.002)


def test_another_model_of_respiration(province, tmp_path, monkeypatch):
    """NEP is that of nep:productivity on the same rasters, beside what the model of Pei gives of the same months."""
    climate = {
        name: sorted(str(path) for year in (2001, 2002, 2003, 2004)
                     for path in province.glob(f"monthly/{name.lower()}_{year}_*.tif"))
        for name in ("TEMPERATURE", "PRECIPITATION")
    }
    model = {"MODEL": 1, "RH_A": 1.1}
    left_out = dict.fromkeys(("LANDCOVER", "CONTINUOUS", "FACTOR_NAMES", "REGIONS", "REGION_FIELD"))
    parameters = given(province, FORCING=0, MIN_OBSERVATIONS=4, **left_out, **climate, **model)
    steps = tuple(step for step in _steps.STEPS if step.name in ("prepare", "productivity"))
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS", steps)
    folder = tmp_path / "study"
    run("nep:study", {**parameters, "OUTPUT_FOLDER": str(folder)})
    found = {}
    for name, asked in (("raich", model), ("pei", {})):
        run("nep:productivity", {
            "NPP": [str(folder / "data" / "npp.tif")], **climate, **asked, "OUTPUT": str(tmp_path / f"{name}.tif"),
        })
        found[name] = gdal.Open(str(tmp_path / f"{name}.tif")).ReadAsArray()
    nep = gdal.Open(str(folder / "rasters" / "nep.tif")).ReadAsArray()
    np.testing.assert_array_equal(nep, found["raich"])
    forcing = state(folder)["steps"]["productivity"]["numbers"]["forcing"]
    assert (forcing["form"], forcing["model"], forcing["other"]) == ("monthly", "raich", "pei")
    means = [band[band > -9999].mean(dtype=float) for band in found["pei"]]
    assert forcing["other_mean"] == pytest.approx(sum(means) / 4, rel=1e-6)
    told = {each["key"]: each["value"] for each in state(folder)["parameters"]}
    assert told["MODEL"].startswith("Raich et al. (2002)") and (told["RH_A"], told["RH_B"]) == (1.1, 0.73)
    assert not {"A", "E", "R10", "Q10", "RH_FRACTION"} & set(told)
