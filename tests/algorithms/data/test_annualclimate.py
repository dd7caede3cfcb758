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
@pytest.mark.parametrize("statistic", [0, 1, 2, 3])
def test_each_statistic_equals_numpy_whatever_the_order(tmp_path, stack, statistic, pattern):
    files = monthly_files(tmp_path, stack, pattern)
    random.Random(3).shuffle(files)
    found = annual(tmp_path, {"INPUT": files, "STATISTIC": statistic, "THREADS": 1})
    years = stack.astype(np.float64).reshape(2, 12, 6, 7)
    expected = (np.mean, np.sum, np.min, np.max)[statistic](years, axis=1)
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


def test_a_season_takes_its_months_alone(tmp_path, stack):
    summer = [file for file, (_year, month) in zip(monthly_files(tmp_path, stack), MONTHS) if 4 <= month <= 10]
    feedback = Feedback()
    found = annual(tmp_path, {"INPUT": summer, "SEASON": "4-10", "STATISTIC": 1}, feedback)
    plain = stack.astype(float)
    np.testing.assert_allclose(found, [plain[3:10].sum(axis=0), plain[15:22].sum(axis=0)], rtol=1e-6)
    assert "Season: the months 4, 5, 6, 7, 8, 9, 10" in feedback.infos and not feedback.warnings
    with pytest.raises(QgsProcessingException, match="months are missing: 2003-01, 2003-02"):
        annual(tmp_path, {"INPUT": summer})


def test_a_winter_begins_in_the_year_before(tmp_path, stack):
    """Of 2003 to 2004 one winter is whole: December 2003 to February 2004."""
    files, feedback = monthly_files(tmp_path, stack), Feedback()
    found = annual(tmp_path, {"INPUT": files, "SEASON": "12-2"}, feedback)
    assert band_names(tmp_path / "annual.tif") == ["2004"]
    plain = stack.astype(float)
    np.testing.assert_allclose(found.reshape(6, 7), plain[11:14].mean(axis=0), rtol=1e-6)
    (line,) = [text for text in feedback.infos if text.startswith("Left out")]
    assert line.endswith("the season 12-2 is not whole, with the months that there are: 2003 (1, 2), 2005 (12).")
    assert not feedback.warnings
    said = Feedback()
    kept = annual(tmp_path, {"INPUT": files, "SEASON": "12-2", "ALLOW_INCOMPLETE": True}, said)
    assert band_names(tmp_path / "annual.tif") == ["2003", "2004", "2005"]
    expected = [plain[:2].mean(axis=0), plain[11:14].mean(axis=0), plain[23]]
    np.testing.assert_allclose(kept, expected, rtol=1e-6)
    assert said.warnings == ["Years with fewer than 3 months, and how many: 2003 (2), 2005 (1)."]


@pytest.mark.parametrize("season", ["13-2", "winter", "4,5"])
def test_a_season_that_is_none_is_refused_before_the_run(tmp_path, season):
    fits, message = algorithm("nep:annualclimate").checkParameterValues(
        {"INPUT": [write_raster(tmp_path / "a.tif", np.ones((2, 2)))], "SEASON": season, "OUTPUT": "x.tif"},
        QgsProcessingContext(),
    )
    assert not fits and f"'Season (4-10 or 12-2)' (SEASON) holds '{season}'" in message


def with_unit(path, unit: str) -> str:
    """A raster whose bands say a unit."""
    dataset = gdal.Open(path, gdal.GA_Update)
    for number in range(1, dataset.RasterCount + 1):
        dataset.GetRasterBand(number).SetUnitType(unit)
    dataset.FlushCache()
    return path


def unit_of(path) -> str:
    dataset = gdal.Open(str(path))
    return dataset.GetRasterBand(1).GetUnitType()


@pytest.mark.parametrize(("value", "unit", "given", "cure"), [
    (287.0, "", {}, "It looks like kelvin: then set 'Offset of the values' (OFFSET) to -273.15"),
    (287.0, "K", {}, "is 'K': set 'Offset of the values' (OFFSET) to -273.15."),
    (14.0, "degC", {"OFFSET": -273.15}, "Without the offset it can: then set 'Offset of the values' (OFFSET) to 0."),
    (2e-5, "kg m-2 s-1", {"STATISTIC": 1}, "set 'Scale of the values' (SCALE) to 2629746, the seconds of a month."),
    (2e-5, "kg m-2 s-1", {"STATISTIC": 1, "SEASON": "4-9"}, "(SCALE) to 2629746, the seconds of a month."),
    (14.0, "", {"OFFSET": -273.15}, "Without the offset it can: then set 'Offset of the values' (OFFSET) to 0."),
    (0.006, "m", {"STATISTIC": 1, "SEASON": "4-9"}, "(SCALE) to 1000 if it is metres a month (72 mm a year), or "),
    (2.0, "mm", {"STATISTIC": 1, "SEASON": "12-12"}, None), (900.0, "mm", {"STATISTIC": 1, "SEASON": "7"}, None),
    (0.06, "m", {"STATISTIC": 1}, "is 'm': set 'Scale of the values' (SCALE) to 1000."),
    (0.002, "m", {"STATISTIC": 1}, "(SCALE) to 30436.875 if it is metres a day (730.5 mm a year), as the means"),
    (287.0, "Ｋ", {}, "is 'Ｋ': set 'Offset of the values' (OFFSET) to -273.15."), (14.0, "℃", {}, None),
    (287.0, "K", {"OFFSET": -273.15}, None), (0.06, "m", {"STATISTIC": 1, "SCALE": 1000}, None),
    (500.0, "", {"STATISTIC": 1}, None), (0.4, "", {}, None), (287.0, "gC m-2", {"STATISTIC": 1}, None),
    (250.0, "W m-2", {}, None), (250.0, "mm", {"STATISTIC": 3}, None),
])
def test_units_are_recognised_with_the_number_to_type(tmp_path, value, unit, given, cure):
    cube = write_raster(tmp_path / "x_2001-2001.tif", np.full((12, 2, 2), value), descriptions=[
        f"2001-{month:02d}" for month in range(1, 13)
    ])
    feedback = Feedback()
    annual(tmp_path, {"INPUT": [with_unit(cube, unit)], **given}, feedback)
    assert not feedback.warnings if cure is None else cure in feedback.warnings[-1]


@pytest.mark.parametrize(("value", "unit", "given", "annual_unit", "annual_value"), [
    (287.0, "K", {"OFFSET": -273.15}, "degC", 13.85), (287.0, "K", {}, "K", 287.0),
    (287.0, "K", {"OFFSET": 1}, "", 288.0), (0.06, "m", {"STATISTIC": 1, "SCALE": 1000}, "mm", 720.0),
    (2e-5, "kg m-2 s-1", {"STATISTIC": 1, "SCALE": 2592000}, "mm", 622.08),
    (60.0, "mm/month", {"STATISTIC": 1}, "mm", 720.0), (60.0, "mm/month", {}, "mm/month", 60.0),
    (2.0, "mm/day", {"STATISTIC": 1}, "", 24.0), (0.06, "m", {"STATISTIC": 1}, "m", 0.72),
])
def test_the_unit_of_the_result(tmp_path, value, unit, given, annual_unit, annual_value):
    cube = write_raster(tmp_path / "x.tif", np.full((12, 2, 2), value), kind="float64")
    found = annual(tmp_path, {"INPUT": [with_unit(cube, unit)], "MONTHS": "2001-01/2001-12", **given})
    np.testing.assert_allclose(found, annual_value, rtol=1e-6)
    assert unit_of(tmp_path / "annual.tif") == annual_unit


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


@pytest.mark.parametrize(("statistic", "ramp"), [(0, REDS), (1, BLUES), (2, REDS), (3, REDS)])
def test_means_are_warm_and_sums_are_blue(tmp_path, stack, statistic, ramp):
    annual(tmp_path, {"INPUT": monthly_files(tmp_path, stack), "STATISTIC": statistic})
    layer = QgsRasterLayer(str(tmp_path / "annual.tif"), "again")
    items = layer.renderer().shader().rasterShaderFunction().colorRampItemList()
    assert [item.color.name() for item in items] == list(ramp)
