"""The first step of a study: all inputs on the grid of NPP."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal, ogr, osr
from qgis.core import QgsProcessingException, QgsVectorLayer
from study_inputs import given, npp_only
from testkit.rasters import write_raster
from testkit.tools import Feedback, run, table

from nep_toolbox.algorithms.study import _steps

pytestmark = pytest.mark.usefixtures("provider")


def prepared(parameters: dict, folder, monkeypatch, *more: str):
    """Do the first step, and more, of a study."""
    steps = tuple(step for step in _steps.STEPS if step.name in ("prepare", *more))
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS", steps)
    run("nep:study", {**parameters, "OUTPUT_FOLDER": str(folder)})
    return folder


def values(path) -> np.ndarray:
    found = gdal.Open(str(path))
    data = found.ReadAsArray().astype(float)
    return np.where(data == found.GetRasterBand(1).GetNoDataValue(), np.nan, data)


def test_npp_is_scaled_and_its_codes_are_missing(studied):
    stored = np.array([values(path) for path in studied.parameters["NPP"]])
    expected = np.where((stored >= -30000) & (stored <= 32700), 0.1 * stored, np.nan)
    found = values(studied.folder / "data" / "npp.tif")
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_allclose(found, expected, rtol=1e-7)
    raster = gdal.Open(str(studied.folder / "data" / "npp.tif"))
    band = raster.GetRasterBand(12)
    assert (band.GetDescription(), band.GetUnitType(), band.GetNoDataValue()) == ("2012", "gC m-2 yr-1", -9999)
    assert band.DataType == gdal.GDT_Float32


def test_climate_is_that_of_the_cells_and_years_with_npp(studied):
    there = np.isfinite(values(studied.folder / "data" / "npp.tif"))
    for name in ("temperature", "precipitation"):
        source = np.array([values(path) for path in studied.parameters[name.upper()]])
        found = values(studied.folder / "data" / f"{name}.tif")
        np.testing.assert_array_equal(found[there], source[there])
        assert np.isnan(found[~there]).all()


def test_land_cover_keeps_codes_and_names(studied):
    found = values(studied.folder / "data" / "landcover.tif")
    for band, path in zip(found, studied.parameters["LANDCOVER"]):
        source = values(path)
        np.testing.assert_array_equal(band[np.isfinite(band)], source[np.isfinite(band)])
    raster = gdal.Open(str(studied.folder / "data" / "landcover.tif"))
    assert raster.GetRasterBand(1).DataType == gdal.GDT_Int16
    style = (studied.folder / "data" / "landcover.qml").read_text(encoding="utf-8")
    assert "Cropland" in style and "#27773c" in style


def test_classes_and_polygons_are_left_out(province, tmp_path, monkeypatch):
    parameters = npp_only(province, LANDCOVER=given(province)["LANDCOVER"], EXCLUDE_CLASSES="5,7")
    whole = values(prepared(npp_only(province), tmp_path / "whole", monkeypatch) / "data" / "npp.tif")
    found = values(prepared(parameters, tmp_path / "study", monkeypatch) / "data" / "npp.tif")
    cover = values(parameters["LANDCOVER"][-1])
    out = np.isin(cover, (5, 7))
    assert np.isfinite(whole[:, out]).any() and np.isnan(found[:, out]).all()
    np.testing.assert_array_equal(found[:, ~out], whole[:, ~out])
    assert (values(tmp_path / "study" / "data" / "landcover.tif")[-1] == 5).any(), "the land cover keeps them"


def test_the_table_of_the_data(studied):
    rows = {row["variable"]: row for row in table(studied.folder / "tables" / "data.csv")}
    assert list(rows) == ["npp", "temperature", "precipitation", "landcover", "elevation", "PM2.5"]
    assert rows["npp"]["years"] == "2001-2012" and rows["npp"]["files"] == "npp_2001, npp_2002, npp_2003 and 9 more"
    assert rows["elevation"]["cell"] == "1000 x 1000, EPSG:32649" and rows["elevation"]["unit"] == "m"
    assert rows["temperature"]["resampling"] == "values as they are: it lies on the grid of NPP"
    assert float(rows["temperature"]["missing_percent"]) == 0 < float(rows["npp"]["missing_percent"]) < 5


def test_rasters_of_one_factor_are_one_row_of_the_data(province, tmp_path, monkeypatch):
    rain = given(province)["PRECIPITATION"][:4]
    factors = [*rain, str(province / "elevation.tif")]
    parameters = npp_only(province, CONTINUOUS=factors, DETECTOR_YEARS="2001,2003,2012")
    folder = prepared(parameters, tmp_path / "study", monkeypatch)
    rows = {row["variable"]: row for row in table(folder / "tables" / "data.csv")}
    assert list(rows) == ["npp", "precipitation", "elevation"]
    assert rows["precipitation"]["files"] == "precipitation_2001, precipitation_2003, precipitation_2004"
    assert (rows["precipitation"]["years"], rows["elevation"]["years"]) == ("2001-2004", "")


def test_little_of_the_study_area_is_told(province, tmp_path, monkeypatch):
    whole = write_polygon(tmp_path / "large.gpkg", gdal.Open(str(province / "npp_2001.tif")), 60)
    steps = tuple(step for step in _steps.STEPS if step.name == "prepare")
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS", steps)
    feedback = Feedback()
    run("nep:study", {**npp_only(province, MASK=whole), "OUTPUT_FOLDER": str(tmp_path / "study")}, feedback)
    # 30 x 25 cells in a square that reaches 60 km beyond them.
    share = next(line for line in feedback.warnings if line.startswith("NPP has values on"))
    assert float(share.split()[4]) < 100 * 30 * 25 / (150 * 145)


def write_polygon(path, raster, beyond: int) -> str:
    """A layer of one rectangle that reaches so many cells beyond a raster."""
    left, cell, _, top, _, height = raster.GetGeoTransform()
    right, bottom = left + cell * raster.RasterXSize, top + height * raster.RasterYSize
    x, y = (left - beyond * cell, right + beyond * cell), (bottom - beyond * cell, top + beyond * cell)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer("area", osr.SpatialReference(raster.GetProjection()), ogr.wkbPolygon)
    feature = ogr.Feature(layer.GetLayerDefn())
    corners = ", ".join(f"{x[i]} {y[j]}" for i, j in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)))
    feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({corners}))"))
    layer.CreateFeature(feature)
    return str(path)


def test_factors_of_each_date(studied):
    raster = gdal.Open(str(studied.folder / "data" / "factors_2006.tif"))
    names = [raster.GetRasterBand(number).GetDescription() for number in range(1, raster.RasterCount + 1)]
    assert names == ["Temperature", "Precipitation", "elevation", "PM2.5"]
    climate = values(studied.folder / "data" / "precipitation.tif")[5]
    np.testing.assert_array_equal(values(studied.folder / "data" / "factors_2006.tif")[1], climate)
    cover = values(studied.folder / "data" / "categories_2006.tif")
    np.testing.assert_array_equal(cover, values(studied.folder / "data" / "landcover.tif")[1])


def test_monthly_climate_gives_annual_means_and_sums(province, tmp_path, monkeypatch):
    monthly = {
        name: sorted(str(path) for path in province.glob(f"monthly/{name.lower()}_200[1-4]_*.tif"))
        for name in ("TEMPERATURE", "PRECIPITATION")
    }
    parameters = npp_only(province, **monthly, FORCING=0, MIN_OBSERVATIONS=4)
    folder = prepared(parameters, tmp_path / "study", monkeypatch, "productivity")
    for name, combine in (("temperature", np.mean), ("precipitation", np.sum)):
        stack = np.array([values(path) for path in monthly[name.upper()]]).reshape(4, 12, 25, 30)
        found = values(folder / "data" / f"{name}.tif")
        there = np.isfinite(found)
        np.testing.assert_allclose(found[there], combine(stack, axis=1)[there], rtol=2e-6)
    nep = str(tmp_path / "nep.tif")
    run("nep:productivity", {
        "NPP": [str(folder / "data" / "npp.tif")], **monthly, "FORCING": 1, "OUTPUT": nep,
    })
    nep = values(nep)
    np.testing.assert_array_equal(values(folder / "rasters" / "nep.tif"), nep)
    respiration = values(folder / "rasters" / "rh.tif")
    np.testing.assert_array_equal(np.isnan(respiration), np.isnan(nep), "both are of the same pixels")
    np.testing.assert_allclose(values(folder / "data" / "npp.tif") - respiration, nep, rtol=0, atol=1e-3)


def test_climate_in_other_units_is_the_same_climate(studied, province, tmp_path, monkeypatch):
    """Kelvin in tenths, and metres: the files of the province written so."""
    files = {}
    for name, factor, shift in (("temperature", 10.0, 273.15), ("precipitation", 0.001, 0.0)):
        files[name.upper()] = []
        for path in studied.parameters[name.upper()]:
            source = gdal.Open(path)
            other = write_raster(
                tmp_path / f"{name}_{path[-8:]}", (values(path) + shift) * factor, source.GetGeoTransform(),
                source.GetProjection(), kind="float64",
            )
            files[name.upper()].append(other)
    folder = prepared(
        given(province, **files, TEMPERATURE_SCALE=0.1, TEMPERATURE_OFFSET=-273.15, PRECIPITATION_SCALE=1000),
        tmp_path / "out", monkeypatch,
    )
    for name in ("temperature", "precipitation"):
        expected = values(studied.folder / "data" / f"{name}.tif")
        np.testing.assert_allclose(values(folder / "data" / f"{name}.tif"), expected, rtol=1e-5, atol=1e-5)


def test_a_climatology_stands_for_every_year(province, tmp_path, monkeypatch):
    one = given(province)["TEMPERATURE"][3:4]
    parameters = npp_only(province, TEMPERATURE=one, PRECIPITATION=given(province)["PRECIPITATION"], FORCING=3)
    found = values(prepared(parameters, tmp_path / "study", monkeypatch) / "data" / "temperature.tif")
    source = values(one[0])
    for band in found:
        np.testing.assert_array_equal(band[np.isfinite(band)], source[np.isfinite(band)])
    assert len(found) == 12


def test_a_study_area_without_values_is_an_error(province, tmp_path, monkeypatch):
    with pytest.raises(QgsProcessingException, match="No pixel of the study area has a value of 'Net primary"):
        prepared(npp_only(province, NPP_VALID_MIN=32_000), tmp_path / "study", monkeypatch)


def test_factors_are_cut_to_the_study_area(province, tmp_path, monkeypatch):
    district = QgsVectorLayer(str(province / "regions.gpkg"), "area", "ogr")
    district.setSubsetString("fid = 1")
    folder = prepared(given(province, MASK=district), tmp_path / "study", monkeypatch)
    area = np.isfinite(values(folder / "data" / "landcover.tif")[0])
    source = values(given(province)["CONTINUOUS"][0])
    assert 0 < area.sum() < np.isfinite(source).sum() / 2
    np.testing.assert_array_equal(values(folder / "data" / "factors_2001.tif")[2], np.where(area, source, np.nan))
