"""nep:attribution and nep:drivers find what truth.json says of the sample province, which shares no code with them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import numbers, write_raster
from testkit.tools import run, table

pytestmark = pytest.mark.usefixtures("provider")

FITS = ("plain", "detrended")


@pytest.fixture(scope="module")
def truth(province):
    return json.loads((province / "truth.json").read_text(encoding="utf-8"))["attribution"]


@pytest.fixture(scope="module")
def inputs(province, tmp_path_factory):
    """The series of NPP in gC m-2 a year, and the drivers: a raster each, a band a year, named as their files."""
    folder = tmp_path_factory.mktemp("series")
    made = {}
    for name in ("npp", "precipitation", "temperature"):
        files = sorted(province.glob(f"{name}_*.tif"))
        grid = gdal.Open(str(files[0]))
        values = np.stack([numbers(file) for file in files])
        if name == "npp":
            values = np.where(values <= 32700, values * 0.1, np.nan)
        made[name] = write_raster(
            folder / f"{name}.tif", values, grid.GetGeoTransform(), grid.GetProjection(), nodata=np.nan, kind="float64",
            descriptions=[file.stem[-4:] for file in files],
        )
    return {"INPUT": made["npp"], "DRIVERS": [made["precipitation"], made["temperature"]]}


@pytest.fixture(scope="module", params=FITS)
def runs(request, inputs, tmp_path_factory):
    """Both tools by a fit: its name, and their results."""
    folder = tmp_path_factory.mktemp("runs")
    results = {}
    for tool, rasters, others in (
        ("attribution", ("SLOPE", "SLOPE_CLIMATE", "SLOPE_RESIDUAL", "RSQUARED", "PVALUE", "CLASS"),
         ("SUMMARY", "TABLE")),
        ("drivers", ("DOMINANT", "CONTRIBUTIONS", "PARTIAL", "PARTIAL_PVALUE"), ("TABLE",)),
    ):
        paths = {name: str(folder / f"{tool}_{name}.tif") for name in rasters}
        paths.update({name: str(folder / f"{tool}_{name}.csv") for name in others})
        run(f"nep:{tool}", {**inputs, "FIT": FITS.index(request.param), **paths})
        results[tool] = {name: numbers(paths[name]) if name in rasters else table(paths[name]) for name in paths}
    return request.param, results


def test_slopes_and_their_explanation(runs, truth):
    name, results = runs
    known, found = truth[name], results["attribution"]
    there = np.isfinite(found["SLOPE"])
    assert there.sum() == truth["pixels"] > 400
    for raster, key in (("SLOPE", "slope"), ("SLOPE_CLIMATE", "slope_climate"), ("SLOPE_RESIDUAL", "slope_rest"),
                        ("RSQUARED", "r_squared")):
        assert np.nanmean(found[raster]) == pytest.approx(known[key], rel=1e-6, abs=1e-6), raster
    assert np.count_nonzero(found["PVALUE"] < 0.05) == known["explained_pixels"]
    closing = found["SLOPE"] - found["SLOPE_CLIMATE"] - found["SLOPE_RESIDUAL"]
    assert np.nanmax(np.abs(closing)) < 1e-6 * np.nanmax(np.abs(found["SLOPE"]))


def test_classes(runs, truth):
    name, results = runs
    known = {int(code): pixels for code, pixels in truth[name]["class_pixels"].items()}
    classes = results["attribution"]["CLASS"]
    assert {code: int((classes == code).sum()) for code in known} == known
    rows = {int(row["class"]): int(row["pixels"]) for row in results["attribution"]["TABLE"] if row["class"]}
    assert {code: rows.get(code, 0) for code in known} == known


def test_annual_means(runs, truth):
    name, results = runs
    known, row = truth[name]["annual_means"], results["attribution"]["SUMMARY"][0]
    names = {"slope": "slope", "slope_climate": "slope_climate", "slope_residual": "slope_rest", "r2": "r_squared",
             "p": "p_value"}
    for column, key in names.items():
        assert float(row[column]) == pytest.approx(known[key], rel=2e-6), column


def test_drivers(runs, truth, inputs):
    name, results = runs
    enough = np.count_nonzero(np.isfinite(numbers(inputs["INPUT"])).sum(axis=0) >= 10)
    assert enough == truth["pixels"] + 4  # in these the climate is constant by design
    found, dominant = results["drivers"], results["drivers"]["DOMINANT"]
    assert len(found["CONTRIBUTIONS"]) == 3 and len(found["PARTIAL"]) == 2
    for place, known in enumerate(truth[name]["by_driver"].values()):
        assert np.nanmean(found["PARTIAL"][place]) == pytest.approx(known["mean_partial_r"], rel=1e-6, abs=1e-6)
        assert np.nanmean(found["CONTRIBUTIONS"][place]) == pytest.approx(known["mean_contribution"], abs=2e-6)
        assert np.count_nonzero(found["PARTIAL_PVALUE"][place] < 0.05) == known["significant_pixels"]
        for sign, key in ((1, "dominant_positive_pixels"), (-1, "dominant_negative_pixels")):
            assert np.count_nonzero(dominant == sign * (place + 1)) == known[key]
        row = found["TABLE"][place]
        assert float(row["mean_partial"]) == pytest.approx(known["mean_partial_r"], rel=1e-5)
        share = 100 * known["dominant_positive_pixels"] / enough
        assert float(row["dominant_positive_percent"]) == pytest.approx(share, rel=1e-5)
    assert np.nanmean(found["CONTRIBUTIONS"][2]) == pytest.approx(truth[name]["slope_rest"], rel=1e-6)


def test_what_was_planted(runs, truth):
    """Twelve years: the noise of a pixel moves its rest by 1.2 a year, and that of neighbours is alike."""
    name, results = runs
    if name == "detrended":
        for raster, part in (("SLOPE_CLIMATE", "slope_climate"), ("SLOPE_RESIDUAL", "slope_rest")):
            assert np.nanmean(results["attribution"][raster]) == pytest.approx(truth["planted"][part], abs=0.3)
