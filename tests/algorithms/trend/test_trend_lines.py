"""nep:trend: change over the period, S and the least-squares line, through files."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from scipy.stats import linregress
from testkit.rasters import numbers, write_raster
from testkit.tools import Feedback, run

pytestmark = pytest.mark.usefixtures("provider")

LINES = ("SLOPE", "CHANGE", "CHANGE_PERCENT", "S", "OLS_SLOPE", "OLS_PVALUE", "RSQUARED")

#: The results and what the reference calls them.
REFERENCE = {
    "SLOPE": "sen", "CHANGE": "change_sen", "CHANGE_PERCENT": "change_percent_of_mean_sen", "OLS_SLOPE": "slope",
    "OLS_PVALUE": "p", "RSQUARED": "r2",
}


def lines(layers, folder, feedback=None, wanted=LINES, **options) -> dict:
    """The values of the results."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: str(folder / f"{name}.tif") for name in wanted}
    run("nep:trend", {"INPUT": layers, **options, **paths}, feedback)
    return {name: numbers(path) for name, path in paths.items()}


def test_reference_series(shared, tmp_path):
    cases = json.loads((shared / "reference/trend_more.json").read_text(encoding="utf-8"))["ols"].values()
    years = list(range(2001, 2021))
    stack = np.full((20, 1, len(cases)), np.nan)
    for place, case in enumerate(cases):
        stack[[years.index(int(year)) for year in case["t"]], 0, place] = case["x"]
    source = write_raster(tmp_path / "x.tif", stack, kind="float64", descriptions=years)
    feedback = Feedback()
    found = lines([source], tmp_path / "out", feedback)
    for name, key in REFERENCE.items():
        expected = np.array([[case[key] for case in cases]], dtype=float)
        np.testing.assert_allclose(found[name], expected, rtol=1e-7, atol=0, err_msg=name)
    assert np.isnan(found["RSQUARED"]).sum() == np.isnan(found["CHANGE_PERCENT"]).sum() == 1
    assert "does not differ from 0 by two standard errors: 1. Their change itself is the result '" in feedback.log


def test_real_pixels(huaihai, shared, tmp_path):
    feedback = Feedback()
    found = lines(huaihai, tmp_path, feedback, FIELD_SIGNIFICANCE=True)
    stack = np.array([numbers(path) for path in huaihai], dtype=np.float64)
    complete = np.isfinite(stack).all(axis=0)
    assert complete.sum() == 41289 and all((np.isfinite(found[name]) == complete).all() for name in LINES)
    theirs = gdal.Open(str(shared / "data/npp_huaihai_2001_2022/ref_core/s.tif")).ReadAsArray()
    assert np.array_equal(found["S"][complete], theirs[complete])
    np.testing.assert_allclose(found["CHANGE"][complete], 21 * found["SLOPE"][complete], rtol=1e-6)
    values = stack[:, complete]
    percent = 100 * found["CHANGE"][complete] / values.mean(axis=0)
    np.testing.assert_allclose(found["CHANGE_PERCENT"][complete], percent, rtol=1e-6)
    assert "change in percent" not in feedback.log, "the mean of NPP is far from 0"
    years = np.arange(2001, 2023)
    for pixel in range(0, complete.sum(), 500):
        line = linregress(years, values[:, pixel])
        for name, expected in (("OLS_SLOPE", line.slope), ("OLS_PVALUE", line.pvalue), ("RSQUARED", line.rvalue**2)):
            assert found[name][complete][pixel] == pytest.approx(expected, rel=2e-7), name


def test_each_result_alone_is_what_it_is_among_all(tmp_path):
    stack = np.random.default_rng(4).normal(3, 2, (12, 4, 5))
    stack[3, :2] = np.nan
    source = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2013))
    together = lines([source], tmp_path / "all")
    for name in LINES[1:]:
        alone = lines([source], tmp_path / name, wanted=("SLOPE", name))
        for each in alone:
            np.testing.assert_array_equal(alone[each], together[each])


def test_the_line_does_not_follow_the_correction_of_the_test(tmp_path):
    stack = np.cumsum(np.random.default_rng(5).normal(size=(20, 3, 3)), axis=0) + 9
    source = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2021))
    plain, corrected = (lines([source], tmp_path / str(each), CORRECTION=each) for each in (0, 4))
    assert (plain["S"] != corrected["S"]).any(), "that of the whitened series"
    for name in LINES:
        if name not in ("S", "SLOPE", "CHANGE", "CHANGE_PERCENT"):
            np.testing.assert_array_equal(plain[name], corrected[name], err_msg=name)
        elif name != "S":  # slopes of single precision are right within its last digits
            np.testing.assert_allclose(plain[name], corrected[name], rtol=1e-6, err_msg=name)
