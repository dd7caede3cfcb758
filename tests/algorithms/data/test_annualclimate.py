"""nep:annualclimate against numpy."""

from __future__ import annotations

import calendar
import random

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsRasterLayer
from testkit.rasters import band_names, numbers, write_raster
from testkit.tools import Feedback, algorithm, run

from nep_toolbox.colours import BLUES, REDS

pytestmark = pytest.mark.usefixtures("provider")

YEARS = (2003, 2004)  # 2004 is a leap year
MONTHS = [(year, month) for year in YEARS for month in range(1, 13)]


@pytest.fixture(scope="module")
def stack():
    """Values of 24 months, one pixel missing in one month."""
    values = np.random.default_rng(8).normal(60, 20, (24, 6, 7)).astype(np.float32)
    values[15, 2, 3] = np.nan
    return values


def monthly_files(folder, stack, pattern="rain_{0}_{1:02d}.tif") -> list:
    return [write_raster(folder / pattern.format(*time), plane) for time, plane in zip(MONTHS, stack)]


def annual(folder, parameters, feedback=None) -> np.ndarray:
    target = folder / "annual.tif"
    run("nep:annualclimate", dict(parameters, OUTPUT=str(target)), feedback)
    dataset = gdal.Open(str(target))
    assert dataset.GetRasterBand(1).GetNoDataValue() == -9999
    return numbers(target)


@pytest.mark.parametrize("pattern", ["rain_{0}_{1:02d}.tif", "rain{0}{1:02d}.tif", "rain {0}-{1:02d}.tif"])
@pytest.mark.parametrize("statistic", [0, 1])
def test_mean_and_sum_equal_numpy_whatever_the_order(tmp_path, stack, statistic, pattern):
    files = monthly_files(tmp_path, stack, pattern)
    random.Random(3).shuffle(files)
    found = annual(tmp_path, {"INPUT": files, "STATISTIC": statistic, "THREADS": 1})
    years = stack.astype(np.float64).reshape(2, 12, 6, 7)
    expected = years.sum(axis=1) if statistic else years.mean(axis=1)
    assert band_names(tmp_path / "annual.tif") == ["2003", "2004"]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert np.argwhere(np.isnan(found)).tolist() == [[1, 2, 3]]


def test_the_mean_is_of_months_not_of_days(tmp_path, stack):
    """In a leap year too: a mean weighted by days is another number."""
    found = annual(tmp_path, {"INPUT": monthly_files(tmp_path, stack)})
    weights = [calendar.monthrange(year, month)[1] for year, month in MONTHS]
    by_days = np.average(stack[12:].astype(np.float64), axis=0, weights=weights[12:])
    assert sum(weights[12:]) == 366
    valid = np.isfinite(by_days)
    assert np.abs(found[1] - by_days)[valid].max() > 1e-3
    assert "Every month weighs the same" in algorithm("nep:annualclimate").shortHelpString()


def test_scale(tmp_path, stack):
    plain = annual(tmp_path, {"INPUT": monthly_files(tmp_path, stack)})
    tenths = annual(tmp_path, {"INPUT": monthly_files(tmp_path, stack), "SCALE": 0.1})
    np.testing.assert_allclose(tenths, plain * 0.1, rtol=1e-6)


def test_the_offset_comes_after_the_scale_and_is_part_of_every_month(tmp_path, stack):
    files = monthly_files(tmp_path, stack)
    plain = annual(tmp_path, {"INPUT": files})
    np.testing.assert_allclose(annual(tmp_path, {"INPUT": files, "OFFSET": -273.15}), plain - 273.15, rtol=1e-6)
    both = annual(tmp_path, {"INPUT": files, "SCALE": 0.1, "OFFSET": 5, "STATISTIC": 1})
    np.testing.assert_allclose(both, 12 * (plain * 0.1 + 5), rtol=1e-6)
    np.testing.assert_array_equal(annual(tmp_path, {"INPUT": files, "OFFSET": None}), plain)


def test_a_missing_month_is_an_error_that_names_it_unless_allowed(tmp_path, stack):
    files = monthly_files(tmp_path, stack)
    lacking = files[:6] + files[7:]
    with pytest.raises(QgsProcessingException, match="months are missing: 2003-07.*ALLOW_INCOMPLETE"):
        annual(tmp_path, {"INPUT": lacking})
    assert not (tmp_path / "annual.tif").exists()
    feedback = Feedback()
    found = annual(tmp_path, {"INPUT": lacking, "STATISTIC": 1, "ALLOW_INCOMPLETE": True}, feedback)
    np.testing.assert_allclose(found[0], np.delete(stack[:12], 6, axis=0).sum(axis=0, dtype=float), rtol=1e-6)
    np.testing.assert_allclose(found[1], np.nansum(stack[12:].astype(float), axis=0), rtol=1e-6)
    assert any("2003 (11)" in warning for warning in feedback.warnings)


def test_two_rasters_of_one_month_are_named(tmp_path, stack):
    files = monthly_files(tmp_path, stack)
    files.append(write_raster(tmp_path / "again_2003_05.tif", stack[0]))
    with pytest.raises(QgsProcessingException, match="'rain_2003_05', 'again_2003_05' all say 2003-05"):
        annual(tmp_path, {"INPUT": files})


def test_months_given_by_the_user(tmp_path, stack):
    files = [write_raster(tmp_path / f"layer {n:02d}.tif", plane) for n, plane in enumerate(stack)]
    with pytest.raises(QgsProcessingException, match="No single month could be read"):
        annual(tmp_path, {"INPUT": files})
    found = annual(tmp_path, {"INPUT": files, "MONTHS": "2003-01/2004-12"})
    np.testing.assert_allclose(found[0], stack[:12].mean(axis=0, dtype=float), rtol=1e-6)
    turned = annual(tmp_path, {"INPUT": files[::-1], "MONTHS": ",".join(f"{y}-{m}" for y, m in MONTHS[::-1])})
    np.testing.assert_array_equal(turned, found)
    with pytest.raises(QgsProcessingException, match="' .MONTHS. names 12 months, but .* has 24 steps"):
        annual(tmp_path, {"INPUT": files, "MONTHS": "2003-01/2003-12"})


def test_years_of_twelve_steps_each(tmp_path, stack):
    cube = write_raster(tmp_path / "cube.tif", stack)
    found = annual(tmp_path, {"INPUT": [cube], "YEARS": "2003-2004"})
    np.testing.assert_allclose(found[0], stack[:12].mean(axis=0, dtype=float), rtol=1e-6)
    named = write_raster(tmp_path / "T_2003-2004.tif", stack)
    np.testing.assert_array_equal(annual(tmp_path, {"INPUT": [named]}), found)


def test_band_descriptions_say_the_months(tmp_path, stack):
    order = np.random.default_rng(1).permutation(24)
    names = [f"{MONTHS[index][0]}-{MONTHS[index][1]:02d}" for index in order]
    cube = write_raster(tmp_path / "cube.tif", stack[order], descriptions=names)
    found = annual(tmp_path, {"INPUT": [cube]})
    np.testing.assert_allclose(found[0], stack[:12].mean(axis=0, dtype=float), rtol=1e-6)


def test_an_annual_series_is_no_monthly_one(tmp_path, stack):
    files = [write_raster(tmp_path / f"T_{year}.tif", stack[0]) for year in range(2001, 2013)]
    with pytest.raises(QgsProcessingException, match="No single month could be read from the name of 'T_2001'"):
        annual(tmp_path, {"INPUT": files})


@pytest.mark.parametrize("months", ["2003-13/2004-01", "2004-01/2003-12", "January", "2003/2004"])
def test_months_that_are_none_are_refused_before_the_run(tmp_path, months):
    fits, message = algorithm("nep:annualclimate").checkParameterValues(
        {"INPUT": [write_raster(tmp_path / "a.tif", np.ones((2, 2)))], "MONTHS": months, "OUTPUT": "x.tif"},
        QgsProcessingContext(),
    )
    assert not fits and "'Months, if names do not say them' (MONTHS) holds" in message


def test_the_sample_province(province, tmp_path):
    """Its annual rasters are made apart from the tool."""
    for name, statistic, tolerance in (("temperature", 0, 1e-4), ("precipitation", 1, 1e-4)):
        files = sorted(str(path) for path in (province / "monthly").glob(f"{name}_2005_*.tif"))
        found = annual(tmp_path, {"INPUT": files, "STATISTIC": statistic})
        np.testing.assert_allclose(found, numbers(province / f"{name}_2005.tif"), rtol=tolerance, atol=1e-4)


@pytest.mark.parametrize(("statistic", "ramp"), [(0, REDS), (1, BLUES)])
def test_means_are_warm_and_sums_are_blue(tmp_path, stack, statistic, ramp):
    annual(tmp_path, {"INPUT": monthly_files(tmp_path, stack), "STATISTIC": statistic})
    layer = QgsRasterLayer(str(tmp_path / "annual.tif"), "again")
    items = layer.renderer().shader().rasterShaderFunction().colorRampItemList()
    assert [item.color.name() for item in items] == list(ramp)
