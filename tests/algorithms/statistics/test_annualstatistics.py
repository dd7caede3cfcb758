"""nep:annualstatistics: against native:zonalstatisticsfb, plain numpy, the ellipsoid and the known province."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsDistanceArea,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from testkit.annual import by_region, statistics
from testkit.files import contents
from testkit.rasters import write_raster
from testkit.tools import Feedback, run, table

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

HENAN = "data/henan_boundaries/henan_prefectures_wgs84_mapchina.geojson"


def native(raster, regions) -> dict:
    """What QGIS's own tool finds in one raster: by name of the region, or its number without one."""
    import processing

    made = processing.run("native:zonalstatisticsfb", {
        "INPUT": str(regions), "INPUT_RASTER": raster, "RASTER_BAND": 1, "COLUMN_PREFIX": "_",
        "STATISTICS": [0, 1, 2, 4, 5, 6], "OUTPUT": "TEMPORARY_OUTPUT",
    })["OUTPUT"]
    source = QgsVectorLayer(str(regions), "regions", "ogr")
    names = [feature["name"] or f"feature {feature.id()}" for feature in source.getFeatures()]
    return dict(zip(names, made.getFeatures()))


# Real rasters and real regions ----------------------------------------------------------------------------------------


def test_real_npp_of_all_prefectures_equals_zonal_statistics_of_qgis(shared, tmp_path):
    # 10 km NPP in an Albers CRS, polygons in WGS 84: all of Henan lies on it.
    layer = str(tmp_path / "npp_2010.tif")
    gdal.Translate(layer, str(shared / "data/china_npp_factors/npp.tif"), bandList=[1])
    paths = statistics([layer], tmp_path / "out", REGIONS=str(shared / HENAN), REGION_FIELD="name")
    rows = by_region(paths["TABLE"])
    expected = native(layer, shared / HENAN)
    assert len(expected) == 18 and len(rows) == 19
    assert "feature 17" in expected, "Jiyuan has no name in this file"
    for name, feature in expected.items():
        row = rows[name, 2010]
        assert int(row["pixels"]) == feature["_count"] > 15
        assert float(row["mean"]) == pytest.approx(feature["_mean"], rel=1e-12)
        assert float(row["std"]) == pytest.approx(feature["_stdev"], rel=1e-9)
        # A CSV holds fifteen digits.
        assert float(row["min"]) == pytest.approx(feature["_min"], rel=1e-14)
        assert float(row["max"]) == pytest.approx(feature["_max"], rel=1e-14)
        # Equal area: every cell has 100 km2.
        assert float(row["area_km2"]) == pytest.approx(100 * feature["_count"], rel=1e-12)
        assert float(row["total"]) == pytest.approx(1e8 * feature["_sum"], rel=1e-12)
        assert float(row["total_tg"]) == pytest.approx(1e-4 * feature["_sum"], rel=1e-12)


@pytest.fixture(scope="module")
def real(huaihai, shared, tmp_path_factory):
    """All results on 22 real NPP rasters with the prefectures, and the log."""
    feedback = Feedback()
    folder = tmp_path_factory.mktemp("annual")
    return statistics(huaihai, folder, feedback, REGIONS=str(shared / HENAN), REGION_FIELD="name"), feedback


def geodesic_areas(grid: tuple, rows: int) -> np.ndarray:
    """Area (m2) of a cell of each row by QgsDistanceArea, the parallels cut into pieces."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance().transformContext())
    measure.setEllipsoid("EPSG:7030")
    x0, width, _, y0, _, height = grid
    east = x0 + width * np.linspace(0, 1, 201)
    areas = []
    for row in range(rows):
        north, south = y0 + height * row, y0 + height * (row + 1)
        ring = [QgsPointXY(x, north) for x in east] + [QgsPointXY(x, south) for x in east[::-1]]
        areas.append(measure.measurePolygon(ring))
    return np.array(areas)


def test_real_npp_over_the_ellipsoid_equals_plain_numpy(real, huaihai, shared):
    paths, feedback = real
    rows = by_region(paths["TABLE"])
    grid = gdal.Open(huaihai[0]).GetGeoTransform()
    stack = np.array([gdal.Open(layer).ReadAsArray() for layer in huaihai], dtype=float)
    area = np.broadcast_to(geodesic_areas(grid, stack.shape[1])[:, np.newaxis], stack.shape[1:])
    # Of the prefectures only Shangqiu reaches this raster; its cells by asking for each centre.
    source = QgsVectorLayer(str(shared / HENAN), "regions", "ogr")
    shangqiu = next(feature for feature in source.getFeatures() if feature["code"] == "411400").geometry()
    inside = np.zeros(stack.shape[1:], dtype=bool)
    for row, col in np.argwhere(np.ones_like(inside)):
        x, y = grid[0] + grid[1] * (col + 0.5), grid[3] + grid[5] * (row + 0.5)
        inside[row, col] = x < 116.7 and shangqiu.contains(QgsPointXY(x, y))
    assert 500 < inside.sum() < 5000
    name = next(feature["name"] for feature in source.getFeatures() if feature["code"] == "411400")
    for region, mask in (("all", np.ones_like(inside)), (name, inside)):
        for year, values in zip(range(2001, 2023), stack):
            chosen = mask & np.isfinite(values)
            v, w, row = values[chosen], area[chosen], rows[region, year]
            mean = np.average(v, weights=w)
            assert int(row["pixels"]) == chosen.sum()
            assert float(row["area_km2"]) == pytest.approx(w.sum() / 1e6, rel=1e-6)
            assert float(row["mean"]) == pytest.approx(mean, rel=1e-9)
            assert float(row["std"]) == pytest.approx(np.sqrt(np.average((v - mean) ** 2, weights=w)), rel=1e-8)
            assert float(row["min"]) == v.min() and float(row["max"]) == v.max()
            assert float(row["total"]) == pytest.approx((v * w).sum(), rel=1e-6)
            assert float(row["total_tg"]) == pytest.approx((v * w).sum() / 1e12, rel=1e-6)
        assert rows["all", 2001]["coverage"] == ""
    # The others lie elsewhere: said once, with empty cells in the table.
    warning, little = feedback.warnings
    # Of Shangqiu a part lies on the raster; its area by geodesics between the corners.
    lon, lat = zip(*((point.x(), point.y()) for point in shangqiu.vertices()))
    assert len(shangqiu.asGeometryCollection()) == 1
    whole = abs(pytest.importorskip("pyproj").Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)[0])
    covered = np.array([float(rows[name, year]["area_km2"]) * 1e8 / whole for year in range(2001, 2023)])
    assert [float(rows[name, year]["coverage"]) for year in range(2001, 2023)] == pytest.approx(covered, rel=1e-5)
    (share,) = [float(row["coverage"]) for row in table(paths["SUMMARY"]) if row["region"] == name]
    assert share == pytest.approx(covered.mean(), rel=1e-5) and 1 < share < 10
    assert f"'{name}' ({share:.2g} %)." in little
    others = {region for region, _ in rows} - {"all", name}
    assert len(others) == 17 and all(f"'{other}'" in warning for other in others)
    assert f"'{name}'" not in warning and "outside of the raster" in warning
    for other in others:
        row = rows[other, 2001]
        assert (row["pixels"], row["mean"], row["std"], row["min"], row["max"]) == ("0", "", "", "", "")
        assert float(row["total"]) == float(row["area_km2"]) == float(row["coverage"]) == 0


@pytest.mark.parametrize("north", [89.999, 34.7, 0.01, -45.0])
def test_areas_of_pixels_in_degrees_are_those_of_the_ellipsoid(north, tmp_path):
    grid = (100.0, 0.005, 0.0, north, 0.0, -0.005)
    layer = write_raster(tmp_path / "x_2001.tif", np.ones((5, 3)), transform=grid, crs=4326)
    row = by_region(statistics([layer], tmp_path / "out")["TABLE"])["all", 2001]
    expected = geodesic_areas(grid, 5).sum() * 3
    assert float(row["area_km2"]) == pytest.approx(expected / 1e6, rel=1e-6)
    assert float(row["total"]) == pytest.approx(expected, rel=1e-6)


def test_summary_of_real_regions(real):
    paths, feedback = real
    rows, summary = by_region(paths["TABLE"]), {row["region"]: row for row in table(paths["SUMMARY"])}
    assert len(summary) == 19
    years = np.arange(2001, 2023)
    full = [region for region, row in summary.items() if row["mean"]]
    assert len(full) == 2
    for region in full:
        means = np.array([float(rows[region, year]["mean"]) for year in years])
        assert float(summary[region]["mean"]) == pytest.approx(means.mean(), rel=1e-12)
        assert float(summary[region]["slope"]) == pytest.approx(np.polyfit(years, means, 1)[0], rel=1e-9)
        early, late = np.triu_indices(22, 1)
        rise = means[late] - means[early]
        assert float(summary[region]["sen_slope"]) == pytest.approx(np.median(rise / (late - early)), rel=1e-9)
        score = np.sign(rise).sum()
        z = (score - np.sign(score)) / np.sqrt(22 * 21 * 49 / 18)
        normal = pytest.importorskip("scipy.stats").norm
        assert float(summary[region]["p_mk"]) == pytest.approx(2 * normal.sf(abs(z)), rel=1e-9)
        least_squares = pytest.importorskip("scipy.stats").linregress(years, means)
        assert float(summary[region]["p_ols"]) == pytest.approx(least_squares.pvalue, rel=1e-9)
        assert float(summary[region]["z"]) == pytest.approx(z, rel=1e-9)
        # Sen 1968: C = 1.96 sd(S); of N = 231 slopes those of rank (N - C) / 2 and (N + C) / 2 + 1, or between ranks.
        reach = normal.ppf(0.975) * np.sqrt(22 * 21 * 49 / 18)
        slopes = np.sort(rise / (late - early))
        limits = np.interp([(231 - reach) / 2, (231 + reach) / 2 + 1], np.arange(1, 232), slopes)
        found = [float(summary[region][name]) for name in ("sen_lower", "sen_upper")]
        assert found == pytest.approx(limits, rel=1e-9)
        sd = means.std(ddof=1)
        assert float(summary[region]["std"]) == pytest.approx(sd, rel=1e-9)
        assert float(summary[region]["cv"]) == pytest.approx(100 * sd / means.mean(), rel=1e-9)
        for name, place in (("min", means.argmin()), ("max", means.argmax())):
            assert float(summary[region][name]) == means[place] and int(summary[region][f"{name}_year"]) == years[place]
        assert int(summary[region]["years_above"]) == (means > means.mean()).sum()
        totals = [float(rows[region, year]["total"]) for year in years]
        whole = [float(rows["all", year]["total"]) for year in years]
        assert float(summary[region]["total"]) == pytest.approx(np.mean(totals), rel=1e-12)
        assert float(summary[region]["total_tg"]) == pytest.approx(np.mean(totals) / 1e12, rel=1e-12)
        assert float(summary[region]["share_percent"]) == pytest.approx(100 * np.sum(totals) / np.sum(whole), rel=1e-12)
        assert summary[region]["rank"] == "", "neither the whole nor a region of which little has values"
        growth = [_number(rows[region, year]["growth_percent"]) for year in years]
        np.testing.assert_allclose(growth, [np.nan, *(100 * np.diff(means) / means[:-1])], rtol=1e-8)
        anomaly = [float(rows[region, year]["anomaly"]) for year in years]
        np.testing.assert_allclose(anomaly, means - means.mean(), atol=1e-9 * means.mean())
    assert f"{float(summary['all']['mean']):.6g}" in feedback.log


def test_the_page_holds_the_numbers_of_the_tables(real):
    paths, _ = real
    page = Path(paths["CHART"]).read_text(encoding="utf-8")
    figure = json.loads(re.search(r"var figure = (.*);\n", page).group(1))
    rows = by_region(paths["TABLE"])
    drawn = [trace for trace in figure["data"] if trace["name"] == "annual mean"]
    regions = list(dict.fromkeys(region for region, _ in rows))
    assert len(drawn) == len(regions) == 19
    for trace, region in zip(drawn, regions):
        for year, mean, std in zip(trace["x"], trace["y"], trace["customdata"]):
            row = rows[region, year]
            assert (mean is None) == (row["mean"] == "")
            if mean is not None:
                assert mean == pytest.approx(float(row["mean"]), rel=1e-13)
                assert std == pytest.approx(float(row["std"]), rel=1e-13)
    # The test of a line stands beside its slope, here and in the chart, with three digits.
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", page)[-8:]
    assert heads == ["Region", "Mean", "Least-squares slope (per year)", "p (Student&#x27;s t)",
                     "Theil-Sen slope (per year)", "p (Mann-Kendall)", "Rank", "Coverage (%)"]
    whole = table(paths["SUMMARY"])[0]
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page.partition("Mean and trend of each region")[2])[:8]
    shown = [float(whole[column]) for column in ("mean", "slope", "p_ols", "sen_slope", "p_mk")]
    assert [float(cell.replace(",", "")) for cell in cells[1:6]] == pytest.approx(shown, rel=5e-3)
    assert cells[0] == "all" and cells[6:] == ["", ""] and max(len(cell.strip("-0.")) for cell in cells[2:6]) <= 4
    line = next(trace["name"] for trace in figure["data"] if trace["name"].startswith("least squares"))
    assert line == f"least squares: {shown[1]:+.3g} per year, p = {shown[2]:.3f}"
    # Regions with few values are marked and grey; those without any have nothing to draw.
    named = [button["label"] for button in figure["layout"]["updatemenus"][0]["buttons"]]
    little = [region for region in regions if float(next(
        row["coverage"] or 0 for row in table(paths["SUMMARY"]) if row["region"] == region
    )) > 0]
    assert named == [f"{region} †" if region in little else region for region in regions] and len(little) == 1
    colours = {trace["line"]["color"] for trace, region in zip(drawn, regions) if region not in little}
    assert len(colours) == 1 and drawn[regions.index(little[0])]["line"]["color"] not in colours
    assert f"† In grey, as little of the area of these regions has values: {little[0]} (" in page


@pytest.mark.parametrize(
    ("unit", "factor"), [("gC m-2 yr-1", 1e-12), ("kgC/m²", 1e-9), ("", 1e-12), ("degC", None), ("mm", None)]
)
def test_totals_in_teragrams_only_of_carbon(tmp_path, unit, factor):
    layer = write_raster(tmp_path / "x_2001.tif", np.full((4, 5), 7.0))
    dataset = gdal.Open(layer, gdal.GA_Update)
    dataset.GetRasterBand(1).SetUnitType(unit)
    del dataset
    feedback = Feedback()
    (row,) = table(statistics([layer], tmp_path / "out", feedback)["TABLE"])
    assert float(row["total"]) == pytest.approx(7.0 * float(row["area_km2"]) * 1e6, rel=1e-12)
    if factor is None:
        assert row["total_tg"] == "" and f"in {unit} x m2" in feedback.log
    else:
        assert float(row["total_tg"]) == pytest.approx(factor * float(row["total"]), rel=1e-12)
        assert ("have no unit" in feedback.log) == (unit == "")


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


# How it is computed ---------------------------------------------------------------------------------------------------


def test_same_bits_on_any_threads_memory_and_order(huaihai, shared, tmp_path):
    given = {"REGIONS": str(shared / HENAN), "REGION_FIELD": "name"}
    statistics(huaihai, tmp_path / "1", THREADS=1, MEMORY=1000, **given)
    statistics(huaihai[::-1], tmp_path / "2", THREADS=7, MEMORY=16, **given)
    assert contents(tmp_path / "1")["table.csv"] == contents(tmp_path / "2")["table.csv"]
    assert contents(tmp_path / "1")["summary.csv"] == contents(tmp_path / "2")["summary.csv"]


def test_blocks_that_cut_the_units_change_the_last_digits_at_most(huaihai, shared, tmp_path, monkeypatch):
    given = {"REGIONS": str(shared / HENAN), "REGION_FIELD": "name"}
    one = by_region(statistics(huaihai[:6], tmp_path / "1", **given)["TABLE"])
    for number, shape in enumerate([(255, 1), (255, 7), (100, 50)]):
        monkeypatch.setattr(Run, "block", shape)
        other = by_region(statistics(huaihai[:6], tmp_path / f"cut{number}", **given)["TABLE"])
        for key, row in one.items():
            for column in ("pixels", "min", "max"):
                assert other[key][column] == row[column]
            for column in ("area_km2", "mean", "std", "total", "total_tg"):
                assert _number(other[key][column]) == pytest.approx(_number(row[column]), rel=1e-12, nan_ok=True)


def test_one_raster_of_many_bands_gives_the_same(huaihai, tmp_path):
    stack = np.array([gdal.Open(layer).ReadAsArray() for layer in huaihai[:5]])
    layer = write_raster(
        tmp_path / "in" / "npp.tif", stack, transform=gdal.Open(huaihai[0]).GetGeoTransform(), crs=4326,
        descriptions=range(2001, 2006),
    )
    one, other = statistics([layer], tmp_path / "a"), statistics(huaihai[:5], tmp_path / "b")
    assert table(one["TABLE"]) == table(other["TABLE"])


def test_years_without_values_and_short_series(tmp_path):
    stack = np.full((3, 4, 5), 7.0)
    stack[1] = np.nan
    layer = write_raster(tmp_path / "x.tif", stack, descriptions=[2001, 2002, 2003])
    feedback = Feedback()
    paths = statistics([layer], tmp_path / "out", feedback)
    rows = by_region(paths["TABLE"])
    assert rows["all", 2002]["pixels"] == "0" and rows["all", 2002]["mean"] == ""
    assert (float(rows["all", 2001]["mean"]), float(rows["all", 2001]["std"])) == (7, 0)
    (summary,) = table(paths["SUMMARY"])
    assert float(summary["mean"]) == 7 and summary["slope"] == summary["sen_slope"] == summary["p_mk"] == ""
    assert feedback.warnings == ["The raster has no valid value in 2002."]
    empty = Feedback()
    layer = write_raster(tmp_path / "empty_2001.tif", np.full((4, 5), np.nan))
    statistics([layer], tmp_path / "empty", empty)
    assert empty.warnings == ["The raster has no valid value."]


def test_types_of_the_columns(huaihai, tmp_path):
    paths = {name: str(tmp_path / f"{name}.gpkg") for name in ("TABLE", "SUMMARY")}
    run("nep:annualstatistics", {"INPUT": huaihai[:4], **paths})
    sources = {name: ogr.Open(path) for name, path in paths.items()}  # which own their layers
    layers = {name: source.GetLayer(0) for name, source in sources.items()}
    kinds = {
        name: {field.GetName(): field.GetTypeName() for field in layer.schema if field.GetName() != "fid"}
        for name, layer in layers.items()
    }
    assert kinds["TABLE"] == {
        "region": "String", "year": "Integer", "pixels": "Integer64", "area_km2": "Real", "mean": "Real",
        "std": "Real", "min": "Real", "max": "Real", "total": "Real", "total_tg": "Real", "coverage": "Real",
        "growth_percent": "Real", "anomaly": "Real", "sink_percent": "Real",
    }
    assert kinds["SUMMARY"] == {
        "region": "String",
        **dict.fromkeys(("mean", "slope", "sen_slope", "p_mk", "p_ols", "coverage"), "Real"),
        **dict.fromkeys(("std", "total", "total_tg", "z", "sen_lower", "sen_upper", "cv", "min", "max"), "Real"),
        **dict.fromkeys(("min_year", "max_year", "years_above", "rank"), "Integer"),
        **dict.fromkeys(("share_percent", "sink_percent"), "Real"),
    }
    assert layers["TABLE"].GetFeatureCount() == 4
    assert layers["TABLE"].GetGeomType() == ogr.wkbNone
