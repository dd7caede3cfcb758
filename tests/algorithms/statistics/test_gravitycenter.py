"""nep:gravitycenter: hand-computed cases, distances and azimuths of QGIS, gaps, negative values, layers and styles."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDistanceArea,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from testkit.rasters import UTM_TRANSFORM, write_raster
from testkit.tools import Feedback, destinations, run

pytestmark = pytest.mark.usefixtures("provider")

X0, SIZE, Y0 = UTM_TRANSFORM[0], UTM_TRANSFORM[1], UTM_TRANSFORM[3]


class Found:
    """What one run of the tool gave."""

    def __init__(self, layers, folder, **options):
        folder.mkdir(parents=True, exist_ok=True)
        self.paths = destinations("nep:gravitycenter", folder)
        self.feedback = Feedback()
        self.results = run("nep:gravitycenter", dict({"INPUT": layers}, **options, **self.paths), self.feedback)

    def features(self, name="CENTERS") -> list:
        """(attributes, list of points) of each feature."""
        layer = QgsVectorLayer(self.paths[name], name, "ogr")
        columns = [field.name() for field in layer.fields()]
        return [
            (dict(zip(columns, (None if str(value) == "NULL" else value for value in feature.attributes()))),
             [(point.x(), point.y()) for point in feature.geometry().vertices()])
            for feature in layer.getFeatures()
        ]

    def centres(self, region="all") -> dict:
        """Attributes by year, the point of the geometry checked against x and y."""
        rows = {}
        for row, points in self.features():
            assert points == [(row["x"], row["y"])]
            if row["region"] == region:
                rows[row["year"]] = row
        return rows


def series(path, stack, first=2001, **options) -> list:
    return [write_raster(path, stack, descriptions=range(first, first + len(stack)), **options)]


def cell(col, row) -> tuple:
    """Map coordinates of the centre of a cell."""
    return X0 + SIZE * (col + 0.5), Y0 - SIZE * (row + 0.5)


def measure(crs="EPSG:32650") -> QgsDistanceArea:
    tool = QgsDistanceArea()
    tool.setSourceCrs(QgsCoordinateReferenceSystem(crs), QgsProject.instance().transformContext())
    tool.setEllipsoid("EPSG:7030")
    return tool


def bearing(one, other, crs="EPSG:32650") -> float:
    """Azimuth of QGIS on the ellipsoid, 0 to 360."""
    there = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem(crs), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance()
    )
    tool = measure("EPSG:4326")
    points = [there.transform(QgsPointXY(*point)) for point in (one, other)]
    return math.degrees(tool.bearing(*points)) % 360


# By hand --------------------------------------------------------------------------------------------------------------


def test_two_pixels(tmp_path):
    stack = np.full((2, 10, 20), np.nan)
    stack[:, 2, 3], stack[:, 8, 15] = [1, 3], [3, 1]
    found = Found(series(tmp_path / "x.tif", stack), tmp_path / "out")
    (x1, y1), (x2, y2) = cell(3, 2), cell(15, 8)
    rows = found.centres()
    assert (rows[2001]["x"], rows[2001]["y"]) == pytest.approx((x1 + 0.75 * (x2 - x1), y1 + 0.75 * (y2 - y1)), abs=1e-6)
    assert (rows[2002]["x"], rows[2002]["y"]) == pytest.approx((x1 + 0.25 * (x2 - x1), y1 + 0.25 * (y2 - y1)), abs=1e-6)
    # The mean of the two centres is the geometric centre itself.
    assert found.results["OFFSET_KM"] == pytest.approx(0, abs=1e-9)
    half = measure().measureLine(QgsPointXY(x1, y1), QgsPointXY(x2, y2)) / 2000
    assert found.results["MEAN_DISTANCE_KM"] == pytest.approx(half, rel=1e-7)


def test_a_symmetric_field_has_its_centre_in_the_middle(tmp_path):
    x, y = np.meshgrid(np.arange(41) - 20.0, np.arange(41) - 20.0)
    stack = np.array([np.exp(-np.hypot(x, y) / 8), np.hypot(x, y), np.exp(-(x**2) / 50 - y**2 / 200)])
    found = Found(series(tmp_path / "x.tif", stack), tmp_path / "out")
    for row in found.centres().values():
        # Half a millimetre: the rasters are Float32.
        assert (row["x"], row["y"]) == pytest.approx(cell(20, 20), abs=5e-4)
    ellipses = {row["year"]: (row, points) for row, points in found.features("ELLIPSE")}
    assert ellipses[2001][0]["semi_major"] == pytest.approx(ellipses[2001][0]["semi_minor"], rel=1e-5)
    # A bell of standard deviations 5 and 10 cells, cut by the frame; sqrt(2) of what numpy finds.
    long, points = ellipses[2003]
    weight = stack[2].astype(np.float32).astype(float)
    assert long["semi_minor"] == pytest.approx(SIZE * np.sqrt(2 * np.average(x**2, weights=weight)), rel=1e-9)
    assert long["semi_major"] == pytest.approx(SIZE * np.sqrt(2 * np.average(y**2, weights=weight)), rel=1e-9)
    assert min(long["rotation"], 180 - long["rotation"]) < 1e-3
    assert max(py for _, py in points) == pytest.approx(cell(20, 20)[1] + long["semi_major"], abs=1e-3)
    assert max(px for px, _ in points) == pytest.approx(cell(20, 20)[0] + long["semi_minor"], abs=1e-3)


def test_a_field_shifted_by_one_pixel_a_year_moves_by_one_pixel(tmp_path):
    patch = np.random.default_rng(2).integers(1, 90, (6, 6))
    stack = np.zeros((5, 30, 30))
    for step in range(5):
        stack[step, 20 - step : 26 - step, 3 + step : 9 + step] = patch
    found = Found(series(tmp_path / "x.tif", stack), tmp_path / "out")
    rows = [row for _, row in sorted(found.centres().items())]
    for before, after in zip(rows, rows[1:]):
        assert after["x"] - before["x"] == pytest.approx(SIZE, abs=1e-6)
        assert after["y"] - before["y"] == pytest.approx(SIZE, abs=1e-6)
    start = [(patch * index).sum() / patch.sum() for index in np.mgrid[20:26, 3:9]]
    assert (rows[0]["x"], rows[0]["y"]) == pytest.approx(cell(start[1], start[0]), abs=1e-6)
    lines = found.features("PATH")
    assert [(row["from_year"], row["to_year"]) for row, _ in lines] == [(y, y + 1) for y in range(2001, 2005)]
    for (row, points), before, after in zip(lines, rows, rows[1:]):
        assert points == [(before["x"], before["y"]), (after["x"], after["y"])]
        assert (row["distance_km"], row["azimuth"]) == (after["distance_km"], after["azimuth"])


# Distances and azimuths -----------------------------------------------------------------------------------------------


def require_measured(rows: list, crs: str) -> None:
    """Distances, azimuths and their sum as QGIS measures them on the ellipsoid."""
    assert rows[0]["distance_km"] is None and rows[0]["azimuth"] is None and rows[0]["cumulative_km"] == 0
    way = 0.0
    for before, after in zip(rows, rows[1:]):
        one, other = (before["x"], before["y"]), (after["x"], after["y"])
        distance = measure(crs).measureLine(QgsPointXY(*one), QgsPointXY(*other)) / 1000
        way += distance
        assert after["distance_km"] == pytest.approx(distance, rel=1e-6, abs=1e-9)
        assert after["cumulative_km"] == pytest.approx(way, rel=1e-6)
        assert abs((after["azimuth"] - bearing(one, other, crs) + 180) % 360 - 180) < 1e-3


def test_real_rasters_are_measured_as_qgis_does(huaihai, tmp_path):
    found = Found(huaihai, tmp_path)
    rows = [row for _, row in sorted(found.centres().items())]
    assert len(rows) == 22
    require_measured(rows, "EPSG:4326")
    steps = [row["distance_km"] for row in rows[1:]]
    assert found.results["MEAN_DISTANCE_KM"] == pytest.approx(np.mean(steps), rel=1e-12)
    # The centres themselves by plain numpy; a cell's area goes with the cosine of its latitude to 1e-5 here.
    stack = np.array([gdal.Open(layer).ReadAsArray() for layer in huaihai], dtype=float)
    x0, width, _, y0, _, height = gdal.Open(huaihai[0]).GetGeoTransform()
    y, x = np.mgrid[0 : stack.shape[1], 0 : stack.shape[2]] + 0.5
    x, y = x0 + width * x, y0 + height * y
    valid = np.isfinite(stack).all(axis=0)
    area = np.cos(np.radians(y)) / (1 - 0.00669438 * np.sin(np.radians(y)) ** 2) ** 2
    centre = []
    for row, values in zip(rows, stack):
        weight = (values * area)[valid]
        expected = np.average(x[valid], weights=weight), np.average(y[valid], weights=weight)
        assert (row["x"], row["y"]) == pytest.approx(expected, abs=1e-8)
        centre.append(expected)
    mean = np.mean(centre, axis=0)
    middle = np.average(x[valid], weights=area[valid]), np.average(y[valid], weights=area[valid])
    away = measure("EPSG:4326").measureLine(QgsPointXY(*middle), QgsPointXY(*mean)) / 1000
    assert found.results["OFFSET_KM"] == pytest.approx(away, rel=1e-4)
    assert found.results["OFFSET_AZIMUTH"] == pytest.approx(bearing(middle, mean, "EPSG:4326"), abs=0.01)
    assert f"{found.results['OFFSET_KM']:.3f} km from the geometric centre" in found.feedback.log


def test_long_ways_in_all_directions_in_a_projected_crs(tmp_path):
    # One cell a year, far apart, at the edge of the zone, where the grid's north is not true north.
    places = [(10, 10), (10, 60), (60, 60), (60, 5), (5, 30), (44, 12)]
    stack = np.zeros((len(places), 70, 70))
    for step, (row, col) in enumerate(places):
        stack[step, row, col] = 1
    transform = (200000.0, 5000.0, 0.0, 4000000.0, 0.0, -5000.0)
    found = Found(series(tmp_path / "x.tif", stack, transform=transform), tmp_path / "out")
    rows = [row for _, row in sorted(found.centres().items())]
    for row, (line, col) in zip(rows, places):
        assert (row["x"], row["y"]) == pytest.approx((202500 + 5000 * col, 3997500 - 5000 * line), abs=1e-6)
    require_measured(rows, "EPSG:32650")
    east = rows[1]["azimuth"]
    assert 80 < east < 100 and abs(east - 90) > 0.2


# The province with known answers --------------------------------------------------------------------------------------


def test_the_province_moves_as_it_was_made_to(province, tmp_path):
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))["gravity"]
    nep = str(tmp_path / "nep.tif")
    run("nep:productivity", {
        "NPP": sorted(str(p) for p in province.glob("npp_*.tif")), "NPP_SCALE": 0.1, "NPP_VALID_MIN": -30000,
        "NPP_VALID_MAX": 32700, "TEMPERATURE": sorted(str(p) for p in province.glob("temperature_*.tif")),
        "PRECIPITATION": sorted(str(p) for p in province.glob("precipitation_*.tif")), "FORCING": 2, "OUTPUT": nep,
    })
    found = Found([nep], tmp_path / "out", REGIONS=str(province / "regions.gpkg"), REGION_FIELD="name")
    rows = found.centres()
    assert len(rows) == len(truth["centres"]) == 12
    for known in truth["centres"]:
        row = rows[known["year"]]
        # A metre is a thousandth of a pixel.
        assert (row["x"], row["y"]) == pytest.approx((known["x"], known["y"]), abs=0.1)
    names = {row["region"] for row, _ in found.features()}
    assert len(names) == 1 + len(json.loads((province / "truth.json").read_text(encoding="utf-8"))["regions"])


# What is missing or negative ------------------------------------------------------------------------------------------


def three_years() -> np.ndarray:
    stack = np.full((3, 4, 6), 5.0)
    stack[0, 1, 1], stack[2, 2, 4] = 50, 80
    return stack


def test_a_year_without_values(tmp_path):
    stack = three_years()
    stack[1] = np.nan
    layers = series(tmp_path / "x.tif", stack)
    own = Found(layers, tmp_path / "own", COMMON_MASK=False)
    assert sorted(own.centres()) == [2001, 2003]
    assert own.feedback.warnings == ["The raster has no valid value in 2002.", "all: no centre in 2002."]
    (row, points), = own.features("PATH")
    assert (row["from_year"], row["to_year"]) == (2001, 2003) and len(points) == 2
    assert row["distance_km"] == own.centres()[2003]["distance_km"] > 0
    common = Found(layers, tmp_path / "common")
    assert common.features() == common.features("PATH") == common.features("ELLIPSE") == []
    (warning,) = common.feedback.warnings
    assert "No pixel has a value in every year" in warning and "every year' (COMMON_MASK) off" in warning
    assert "nan" not in common.feedback.log


def test_the_common_mask(tmp_path):
    stack = three_years()
    stack[1, :, :3] = np.nan
    layers = series(tmp_path / "x.tif", stack)
    common = Found(layers, tmp_path / "common").centres()
    own = Found(layers, tmp_path / "own", COMMON_MASK=False).centres()
    assert own[2002] == common[2002] | {"distance_km": own[2002]["distance_km"], "azimuth": own[2002]["azimuth"],
                                        "cumulative_km": own[2002]["cumulative_km"]}
    assert (common[2001]["x"], common[2001]["y"]) == pytest.approx(cell(4, 1.5), abs=1e-6)
    assert own[2001]["x"] < common[2001]["x"]


def test_negative_values(tmp_path):
    stack = np.zeros((2, 1, 4))
    stack[:, 0] = [[-1, 0, 2, 3], [1, 1, 1, 1]]
    layers = series(tmp_path / "x.tif", stack)
    kept, left = Found(layers, tmp_path / "kept"), Found(layers, tmp_path / "left", NEGATIVE=1)
    # (-1*0 + 2*2 + 3*3) / 4 and (2*2 + 3*3) / 5
    assert kept.centres()[2001]["x"] == pytest.approx(cell(13 / 4, 0)[0], abs=1e-6)
    assert left.centres()[2001]["x"] == pytest.approx(cell(13 / 5, 0)[0], abs=1e-6)
    for found in (kept, left):
        # One of four pixels, 1 of 6 of the weight.
        (warning,) = found.feedback.warnings
        assert "25.00 % of the pixels" in warning and "16.67 % of the weight" in warning
    nothing = np.zeros((2, 1, 4))
    nothing[:, 0] = [[1, -1, 0, 0], [1, 1, 0, 0]]
    found = Found(series(tmp_path / "y.tif", nothing), tmp_path / "zero")
    assert sorted(found.centres()) == [2002]
    assert "all: no centre in 2001." in found.feedback.warnings


def test_regions_and_one_outside_of_the_raster(tmp_path):
    layers = series(tmp_path / "x.tif", three_years())
    regions = QgsVectorLayer("Polygon?crs=EPSG:32650&field=name:string", "regions", "memory")
    for name, (west, south, east, north) in {
        "left": (X0, Y0 - 4 * SIZE, X0 + 3 * SIZE, Y0), "gone": (X0 - 900, Y0, X0 - 600, Y0 + 300),
    }.items():
        add_box(regions, name, west, south, east, north)
    found = Found(layers, tmp_path / "out", REGIONS=regions, REGION_FIELD="name")
    left = found.centres("left")
    assert sorted(left) == [2001, 2002, 2003]
    # Twelve cells: eleven of 5 and one of 50 at (1, 1).
    assert left[2001]["x"] == pytest.approx(cell((5 * 12 * 1 + 45 * 1) / 105, 0)[0], abs=1e-6)
    assert (left[2002]["x"], left[2002]["y"]) == pytest.approx(cell(1, 1.5), abs=1e-6)
    assert found.centres("gone") == {}
    (warning,) = found.feedback.warnings
    assert "'gone'" in warning and "outside of the raster" in warning
    assert "gone: " not in found.feedback.log


def add_box(layer, name, west, south, east, north) -> None:
    feature = QgsFeature(layer.fields())
    feature.setAttributes([name])
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(west, south, east, north)))
    assert layer.dataProvider().addFeatures([feature])[0]


# How it is computed and what it looks like ----------------------------------------------------------------------------


def test_same_bits_on_any_threads_memory_and_order(huaihai, shared, tmp_path):
    given = {
        "REGIONS": str(shared / "data/henan_boundaries/henan_prefectures_wgs84_mapchina.geojson"),
        "REGION_FIELD": "name",
    }
    one = Found(huaihai, tmp_path / "1", THREADS=1, MEMORY=1000, **given)
    other = Found(huaihai[::-1], tmp_path / "2", THREADS=7, MEMORY=16, **given)
    for name in ("CENTERS", "PATH", "ELLIPSE"):
        assert one.features(name) == other.features(name)
    assert one.results["OFFSET_KM"] == other.results["OFFSET_KM"]
    assert len(one.features()) == 44  # all, and the only prefecture that reaches the raster


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """A run on a patch that wanders for twelve years."""
    folder = tmp_path_factory.mktemp("moved")
    stack = np.ones((12, 40, 40))
    for step in range(12):
        stack[step, 10 + step : 15 + step, 30 - 2 * step : 35 - 2 * step] = 90
    return Found(series(folder / "x.tif", stack), folder / "out")


def test_the_page_holds_the_numbers_of_the_layers(moved):
    page = Path(moved.paths["CHART"]).read_text(encoding="utf-8")
    figure = json.loads(re.search(r"var figure = (.*);\n", page).group(1))
    rows = [row for _, row in sorted(moved.centres().items())]
    drawn = figure["data"][0]
    assert drawn["x"] == [row["x"] for row in rows] and drawn["y"] == [row["y"] for row in rows]
    assert drawn["text"] == [str(row["year"]) for row in rows]
    notes = figure["layout"]["annotations"]
    assert sum(note["showarrow"] for note in notes) == 11
    assert [note["text"] for note in notes if not note["showarrow"]] == drawn["text"]
    assert f"{moved.results['OFFSET_KM']:.3f} km" in page


def test_types_of_the_columns_and_crs(moved):
    number, text, whole = "Real", "String", "Integer"
    expected = {
        "CENTERS": {"region": text, "year": whole, "x": number, "y": number, "distance_km": number, "azimuth": number,
                    "cumulative_km": number},
        "PATH": {"region": text, "from_year": whole, "to_year": whole, "distance_km": number, "azimuth": number},
        "ELLIPSE": {"region": text, "year": whole, "semi_major": number, "semi_minor": number, "rotation": number},
    }
    kinds = {"CENTERS": ogr.wkbPoint, "PATH": ogr.wkbLineString, "ELLIPSE": ogr.wkbPolygon}
    for name, columns in expected.items():
        source = ogr.Open(moved.paths[name])
        layer = source.GetLayer(0)
        assert {field.GetName(): field.GetTypeName() for field in layer.schema} == columns
        assert layer.GetGeomType() == kinds[name]
        assert layer.GetSpatialRef().GetAuthorityCode(None) == "32650"


def test_styles_come_back_with_the_files(moved):
    for name, count in (("CENTERS", 12), ("PATH", 11), ("ELLIPSE", 12)):
        layer = QgsVectorLayer(moved.paths[name], name, "ogr")
        ranges = layer.renderer().ranges()
        assert layer.renderer().type() == "graduatedSymbol" and len(ranges) == 5
        symbols = [each.symbol().symbolLayer(0) for each in ranges]
        assert len({(each.strokeColor() if name == "ELLIPSE" else each.color()).name() for each in symbols}) == 5
        place = layer.fields().lookupField("to_year" if name == "PATH" else "year")
        years = [feature[place] for feature in layer.getFeatures()]
        assert len(years) == count
        for year in years:  # each in one period, whose label names it
            (period,) = [each for each in ranges if each.lowerValue() <= year < each.upperValue()]
            first, last = (int(part) for part in period.label().split(" - "))
            assert first <= year <= last
    layer = QgsVectorLayer(moved.paths["CENTERS"], "centres", "ogr")
    assert layer.labelsEnabled() and "year" in layer.labeling().settings().fieldName
