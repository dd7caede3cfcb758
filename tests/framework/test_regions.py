"""Regions as users have them: holes, parts, overlaps, other CRS, broken polygons, missing and doubled names."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsField,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingException,
    QgsProject,
    QgsVectorLayer,
)
from testkit.rasters import write_raster
from testkit.tools import Feedback, run, table

from nep_toolbox.framework.regions import RawRegion, regions_on_grid
from nep_toolbox.qgis_compat import field
from nep_toolbox.raster.cells import areas_of_rows
from nep_toolbox.raster.crs import crs_wkt
from nep_toolbox.raster.grid import Grid

pytestmark = pytest.mark.usefixtures("provider")

#: 30 m cells in UTM zone 50 north, the corner at (500000, 4000000).
SIZE, X0, Y0 = 30.0, 500000.0, 4000000.0
ROWS, COLS = 40, 50

#: What is wrong before a tool starts is told by its log; the run then has not succeeded.
REFUSED = AssertionError


@pytest.fixture(scope="module")
def raster(tmp_path_factory) -> str:
    """Each cell holds its own number, so that a mean and a total tell which cells were taken."""
    return write_raster(tmp_path_factory.mktemp("cells") / "cells_2001.tif", np.arange(ROWS * COLS).reshape(ROWS, COLS))


def regions(*features, crs="EPSG:32650", extra: QgsField | None = None) -> QgsVectorLayer:
    """A layer of polygons from (name, WKT or QgsGeometry)."""
    layer = QgsVectorLayer(f"Polygon?crs={crs}" if crs else "Polygon", "regions", "memory")
    layer.dataProvider().addAttributes([extra or field("name", "text")])
    layer.updateFields()
    for name, shape in features:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([name])
        if shape is not None:
            feature.setGeometry(shape if isinstance(shape, QgsGeometry) else QgsGeometry.fromWkt(shape))
        assert layer.dataProvider().addFeatures([feature])[0]
    return layer


def box(col, row, width, height) -> str:
    """WKT of a rectangle in cells."""
    west, east = X0 + SIZE * col, X0 + SIZE * (col + width)
    north, south = Y0 - SIZE * row, Y0 - SIZE * (row + height)
    return f"(({west} {north}, {east} {north}, {east} {south}, {west} {south}, {west} {north}))"


def rows_of(raster, layer, folder, feedback=None, name="name") -> dict:
    """The table by region."""
    path = str(folder / "table.csv")
    run("nep:annualstatistics", {"INPUT": [raster], "REGIONS": layer, "REGION_FIELD": name, "TABLE": path}, feedback)
    return {row["region"]: row for row in table(path)}


def require_cells(row, mask) -> None:
    """The row is that of the cells of a mask."""
    numbers = np.flatnonzero(mask)
    assert int(row["pixels"]) == numbers.size
    assert float(row["area_km2"]) == pytest.approx(numbers.size * SIZE * SIZE / 1e6, rel=1e-12)
    assert float(row["mean"]) == pytest.approx(numbers.mean(), rel=1e-12)
    assert float(row["total"]) == pytest.approx(numbers.sum() * SIZE * SIZE, rel=1e-12)
    assert (float(row["min"]), float(row["max"])) == (numbers.min(), numbers.max())


def mask_of(*boxes) -> np.ndarray:
    mask = np.zeros((ROWS, COLS), dtype=bool)
    for col, row, width, height in boxes:
        mask[row : row + height, col : col + width] = True
    return mask


def test_hole_parts_and_overlap(raster, tmp_path):
    layer = regions(
        ("ring", f"POLYGON({box(5, 5, 20, 20)[1:-1]}, {box(10, 10, 5, 6)[1:-1]})"),
        ("parts", f"MULTIPOLYGON({box(0, 0, 3, 3)}, {box(40, 30, 10, 10)})"),
        ("neighbour", f"POLYGON{box(20, 20, 10, 10)}"),
    )
    assert all(feature.geometry().isGeosValid() for feature in layer.getFeatures())
    feedback = Feedback()
    rows = rows_of(raster, layer, tmp_path, feedback)
    require_cells(rows["all"], mask_of((0, 0, COLS, ROWS)))
    require_cells(rows["ring"], mask_of((5, 5, 20, 20)) & ~mask_of((10, 10, 5, 6)))
    require_cells(rows["parts"], mask_of((0, 0, 3, 3), (40, 30, 10, 10)))
    require_cells(rows["neighbour"], mask_of((20, 20, 10, 10)))
    assert feedback.warnings == []


def test_names_doubled_missing_and_taken(raster, tmp_path):
    layer = regions(
        ("双", f"POLYGON{box(0, 0, 4, 4)}"), (None, f"POLYGON{box(10, 0, 2, 2)}"), ("  ", f"POLYGON{box(20, 0, 3, 1)}"),
        ("双", f"POLYGON{box(2, 2, 4, 4)}"), ("all", f"POLYGON{box(30, 30, 2, 3)}"),
    )
    rows = rows_of(raster, layer, tmp_path)
    assert list(rows) == ["all", "双", "feature 2", "feature 3", "all (region)"]
    require_cells(rows["双"], mask_of((0, 0, 4, 4), (2, 2, 4, 4)))  # where both overlap a cell counts once
    require_cells(rows["feature 2"], mask_of((10, 0, 2, 2)))
    require_cells(rows["feature 3"], mask_of((20, 0, 3, 1)))
    require_cells(rows["all (region)"], mask_of((30, 30, 2, 3)))


def test_no_two_regions_share_a_name_by_chance(raster, tmp_path):
    taken = ["all", "all (region)", None, "feature 3", "feature 3 (2)", "all", " all (region) "]
    layer = regions(*((name, f"POLYGON{box(5 * place, 0, 2, 2)}") for place, name in enumerate(taken)))
    rows = rows_of(raster, layer, tmp_path)
    # Equal values are one region; a name that had to be made is nobody else's.
    assert list(rows) == ["all", "all (region) (2)", "all (region)", "feature 3 (3)", "feature 3", "feature 3 (2)"]
    require_cells(rows["all (region) (2)"], mask_of((0, 0, 2, 2), (25, 0, 2, 2)))
    require_cells(rows["all (region)"], mask_of((5, 0, 2, 2), (30, 0, 2, 2)))
    require_cells(rows["feature 3 (3)"], mask_of((10, 0, 2, 2)))


def test_without_a_field_every_feature_is_a_region(raster, tmp_path):
    layer = regions(("same", f"POLYGON{box(0, 0, 4, 4)}"), ("same", f"POLYGON{box(10, 0, 2, 2)}"))
    assert list(rows_of(raster, layer, tmp_path, name="")) == ["all", "feature 1", "feature 2"]


def test_a_field_of_numbers(raster, tmp_path):
    for kind, value, name in (("number", 410100.0, "410100"), ("number", 1.5, "1.5"), ("integer", 7, "7")):
        layer = regions((value, f"POLYGON{box(0, 0, 4, 4)}"), extra=field("code", kind))
        assert list(rows_of(raster, layer, tmp_path, name="code")) == ["all", name]


def test_smaller_than_a_cell_and_outside(raster, tmp_path):
    layer = regions(
        ("on a centre", f"POLYGON{box(7.4, 8.4, 0.2, 0.2)}"), ("between centres", f"POLYGON{box(7.6, 8.6, 0.3, 0.3)}"),
        ("far", f"POLYGON{box(1000, 1000, 5, 5)}"), ("across the edge", f"POLYGON{box(-5, -5, 8, 7)}"),
    )
    feedback = Feedback()
    rows = rows_of(raster, layer, tmp_path, feedback)
    require_cells(rows["on a centre"], mask_of((7, 8, 1, 1)))
    require_cells(rows["across the edge"], mask_of((0, 0, 3, 2)))
    for name in ("between centres", "far"):
        assert (rows[name]["pixels"], rows[name]["mean"]) == ("0", "")
    (warning,) = feedback.warnings
    assert "'between centres', 'far'" in warning and "smaller than a cell" in warning


def test_another_crs(raster, tmp_path):
    # Half of the raster as a long slanted polygon; its edges are straight in degrees and bent in UTM.
    back = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32650"), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance()
    )
    corners = [(-2000, 300), (1500, 300), (700, -1000), (-2000, -1100)]
    ring = [back.transform(QgsPointXY(X0 + dx, Y0 + dy)) for dx, dy in corners]
    shape = QgsGeometry.fromPolygonXY([[*ring, ring[0]]])
    rows = rows_of(raster, regions(("slanted", shape), crs="EPSG:4326"), tmp_path)
    # The other way round: the centres of the cells in degrees.
    mask = np.zeros((ROWS, COLS), dtype=bool)
    for row, col in np.ndindex(mask.shape):
        mask[row, col] = shape.contains(back.transform(QgsPointXY(X0 + SIZE * (col + 0.5), Y0 - SIZE * (row + 0.5))))
    assert 300 < mask.sum() < 1700
    require_cells(rows["slanted"], mask)


def test_an_edge_straight_in_degrees_is_bent_on_the_map(tmp_path):
    # 100 km cells over China in Albers: 45 degrees of a parallel sag by three cells there.
    albers = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m"
    crs = QgsCoordinateReferenceSystem.fromProj(albers)
    transform = (-2400000.0, 100000.0, 0.0, 5600000.0, 0.0, -100000.0)
    layer = write_raster(
        tmp_path / "china_2001.tif", np.arange(40 * 48).reshape(40, 48), transform=transform, crs=crs.toWkt()
    )
    shape = "POLYGON((83 26.013, 127 26.013, 127 41.021, 83 41.021, 83 26.013))"
    rows = rows_of(layer, regions(("belt", shape), crs="EPSG:4326"), tmp_path)
    forth = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance())
    numbers = []
    for row, col in np.ndindex(40, 48):
        point = forth.transform(QgsPointXY(transform[0] + 1e5 * (col + 0.5), transform[3] - 1e5 * (row + 0.5)))
        if 83 < point.x() < 127 and 26.013 < point.y() < 41.021:
            numbers.append(row * 48 + col)
    assert int(rows["belt"]["pixels"]) == len(numbers) > 500
    assert float(rows["belt"]["mean"]) == pytest.approx(np.mean(numbers), rel=1e-12)


def test_a_bow_tie_is_mended_and_said(raster, tmp_path):
    # Crosses itself in the middle: two triangles. The cells of each by the equation of its edges.
    west, east, north, south = X0, X0 + 40 * SIZE, Y0, Y0 - 40 * SIZE
    tie = f"POLYGON(({west} {north}, {east} {south}, {east} {north}, {west} {south}, {west} {north}))"
    feedback = Feedback()
    rows = rows_of(raster, regions(("tie", tie)), tmp_path, feedback)
    col, row = np.meshgrid(np.arange(COLS) + 0.5, np.arange(ROWS) + 0.5)
    inside = ((row > col) & (row < 40 - col)) | ((row < col) & (row > 40 - col))
    # Cells on the crossing edges lie on the border itself: they may go either way, all others not.
    border = (row == col) | (row == 40 - col)
    inside &= col < 40
    pixels = int(rows["tie"]["pixels"])
    assert inside.sum() <= pixels <= (inside | (border & (col < 40))).sum()
    (warning,) = feedback.warnings
    assert "'tie'" in warning and "mended" in warning


@pytest.mark.parametrize("crs", ["EPSG:32650", "EPSG:4326"])
def test_a_polygon_with_spikes_is_its_area(raster, tmp_path, crs):
    """What a repair leaves is a polygon and several lines."""
    left, right, top, bottom = X0 + 4 * SIZE, X0 + 24 * SIZE, Y0 - 4 * SIZE, Y0 - 24 * SIZE
    spikes = ", ".join(f"{x} {top}, {x} {Y0}, {x} {top}" for x in (left + 9 * SIZE, left + 12 * SIZE))
    shape = QgsGeometry.fromWkt(f"POLYGON(({left} {top}, {spikes}, {right} {top}, {right} {bottom}, {left} {bottom}, "
                                f"{left} {top}))")
    shape.transform(QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:32650"),
                                           QgsCoordinateReferenceSystem(crs), QgsProject.instance()))
    feedback = Feedback()
    row = rows_of(raster, regions(("spikes", shape), crs=crs), tmp_path, feedback)["spikes"]
    assert int(row["pixels"]) == 400 and float(row["coverage"]) == pytest.approx(100, abs=0.2)
    assert "'spikes' is invalid (it crosses itself) and was mended" in feedback.log


def test_a_bow_tie_with_a_spike_keeps_both_halves(raster, tmp_path):
    """What a repair leaves is a collection of several polygons and a line."""
    west, east, middle = X0 + SIZE, X0 + 21 * SIZE, Y0 - 11 * SIZE
    tie = f"{west} {Y0 - SIZE}, {east} {Y0 - 21 * SIZE}, {east} {Y0 - SIZE}, {west} {Y0 - 21 * SIZE}"
    tie += f", {west} {middle}, {X0} {middle}, {west} {middle}, {west} {Y0 - SIZE}"
    row = rows_of(raster, regions(("tie", f"POLYGON(({tie}))")), tmp_path)["tie"]
    # Two triangles, each a quarter of 20 x 20 cells; some of the cells on the edges belong to them.
    assert 180 <= int(row["pixels"]) <= 220 and float(row["coverage"]) == pytest.approx(100, abs=10)


def test_a_polygon_without_area_is_refused(raster, tmp_path):
    flat = f"POLYGON(({X0} {Y0}, {X0 + 90} {Y0}, {X0 + 30} {Y0}, {X0} {Y0}))"
    with pytest.raises(REFUSED, match="'flat' is invalid and could not be mended.*Fix geometries"):
        rows_of(raster, regions(("flat", flat)), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_feature_without_geometry_is_left_out_and_said(raster, tmp_path):
    feedback = Feedback()
    rows = rows_of(raster, regions(("ghost", None), ("real", f"POLYGON{box(1, 1, 2, 2)}")), tmp_path, feedback)
    assert list(rows) == ["all", "real"]
    assert feedback.warnings == ["The region 'ghost' has no geometry and is left out."]
    with pytest.raises(REFUSED, match="holds no polygon"):
        rows_of(raster, regions(("ghost", None)), tmp_path)


def test_missing_field_and_missing_layer(raster, tmp_path):
    layer = regions(("a", f"POLYGON{box(1, 1, 2, 2)}"))
    with pytest.raises(REFUSED, match="no field 'county'. Choose one of: name"):
        rows_of(raster, layer, tmp_path, name="county")
    with pytest.raises(QgsProcessingException, match="REGIONS|Regions|not_there"):
        rows_of(raster, str(tmp_path / "not_there.gpkg"), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_layer_without_crs_is_taken_as_it_is_and_said(raster, tmp_path):
    layer = regions(("here", f"POLYGON{box(1, 1, 2, 2)}"), crs="")
    layer.setCrs(QgsCoordinateReferenceSystem())
    feedback = Feedback()
    require_cells(rows_of(raster, layer, tmp_path, feedback)["here"], mask_of((1, 1, 2, 2)))
    assert any("has no CRS" in warning for warning in feedback.warnings)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
def test_regions_that_reach_far_beyond_the_crs_of_the_rasters(raster, crs, tmp_path):
    # The whole world in UTM folds over itself; only what lies near the rasters matters.
    wide, tall = (180, 90) if crs == "EPSG:4326" else (20037508, 20037508)
    world = f"POLYGON(({-wide} {-tall}, {wide} {-tall}, {wide} {tall}, {-wide} {tall}, {-wide} {-tall}))"
    south = f"POLYGON(({-wide} {-tall}, {wide} {-tall}, {wide} 0, {-wide} 0, {-wide} {-tall}))"
    rows = rows_of(raster, regions(("world", world), ("south", south), crs=crs), tmp_path)
    require_cells(rows["world"], mask_of((0, 0, COLS, ROWS)))
    assert rows["south"]["pixels"] == "0"


def test_curved_edges_are_followed(raster, tmp_path):
    centre, radius = (X0 + 25 * SIZE, Y0 - 20 * SIZE), 15.25 * SIZE
    circle = QgsGeometry.fromWkt(
        f"CURVEPOLYGON(CIRCULARSTRING({centre[0] - radius} {centre[1]}, {centre[0] + radius} {centre[1]}, "
        f"{centre[0] - radius} {centre[1]}))"
    )
    layer = QgsVectorLayer("CurvePolygon?crs=EPSG:32650&field=name:string", "regions", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(["round"])
    feature.setGeometry(circle)
    assert layer.dataProvider().addFeatures([feature])[0]
    col, row = np.meshgrid(np.arange(COLS) + 0.5, np.arange(ROWS) + 0.5)
    require_cells(rows_of(raster, layer, tmp_path)["round"], np.hypot(col - 25, row - 20) < 15.25)


def test_regions_that_overlap_on_real_rasters(huaihai, tmp_path):
    x0, width, _, y0, _, height = gdal.Open(huaihai[0]).GetGeoTransform()
    values = gdal.Open(huaihai[0]).ReadAsArray().astype(float)
    x, y = np.meshgrid(x0 + width * (np.arange(255) + 0.5), y0 + height * (np.arange(177) + 0.5))
    circles = {"west": (116.9, 34.4, 0.3), "east": (117.2, 34.3, 0.25)}
    buffers = [
        (name, QgsGeometry.fromPointXY(QgsPointXY(cx, cy)).buffer(size, 200))
        for name, (cx, cy, size) in circles.items()
    ]
    layer = regions(*buffers, crs="EPSG:4326")
    rows = rows_of(huaihai[0], layer, tmp_path)
    shapes = {feature["name"]: feature.geometry() for feature in layer.getFeatures()}
    masks = {}
    for name, (cx, cy, size) in circles.items():
        mask = np.hypot(x - cx, y - cy) < size
        for row, col in np.argwhere(np.abs(np.hypot(x - cx, y - cy) - size) < 0.001):  # the rim is a polygon
            mask[row, col] = shapes[name].contains(QgsPointXY(x[row, col], y[row, col]))
        masks[name] = mask & np.isfinite(values)
        assert int(rows[name]["pixels"]) == masks[name].sum()
        assert float(rows[name]["min"]) == values[masks[name]].min()
    assert (masks["west"] & masks["east"]).sum() > 500


# Areas ----------------------------------------------------------------------------------------------------------------


def on_grid(raster, geometry, crs) -> float:
    """The area of a region on the grid of a raster."""
    raw = RawRegion("region", geometry, QgsCoordinateReferenceSystem(crs))
    (region,) = regions_on_grid([raw], Grid.of(gdal.Open(raster)), QgsProject.instance().transformContext())
    return region.area


def test_the_area_is_that_of_the_whole_region_however_far_it_reaches(raster):
    # 20 by 30 degrees about a raster of 1.5 km: the area between its meridians and parallels is that of a cell.
    degrees = Grid(crs_wkt("EPSG:4326"), (105.0, 20.0, 0, 50.0, 0, -30.0), 1, 1)
    expected = float(areas_of_rows(degrees, 0, 1)[0, 0])
    shape = QgsGeometry.fromWkt("POLYGON((105 20, 125 20, 125 50, 105 50, 105 20))")
    assert on_grid(raster, shape, "EPSG:4326") == pytest.approx(expected, rel=1e-6)


def test_edges_are_straight_in_the_crs_of_the_region(raster):
    # A triangle of 600 km in UTM, its edges followed closely, by geodesics.
    corners = np.array([[200000.0, 3500000.0], [800000.0, 3500000.0], [800000.0, 4100000.0], [200000.0, 3500000.0]])
    line = np.concatenate([np.linspace(one, other, 2000) for one, other in zip(corners, corners[1:])])
    there = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32650"), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance()
    )
    points = [there.transform(QgsPointXY(*place)) for place in line.tolist()]
    geod = pytest.importorskip("pyproj").Geod(ellps="WGS84")
    expected = abs(geod.polygon_area_perimeter([p.x() for p in points], [p.y() for p in points])[0])
    shape = QgsGeometry.fromPolygonXY([[QgsPointXY(*place) for place in corners.tolist()]])
    assert on_grid(raster, shape, "EPSG:32650") == pytest.approx(expected, rel=1e-6)
    # A layer without CRS has that of the rasters.
    assert on_grid(raster, shape, "") == pytest.approx(expected, rel=1e-6)


# Longitudes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490"])
def test_polygons_lie_in_a_raster_that_counts_longitudes_otherwise(tmp_path, crs):
    """From -20 to 30 degrees, on the globe from 0 to 360: at both ends. Areas are those of the polygon alone."""
    values = np.add.outer(np.arange(18.0), np.arange(36.0))
    raster = write_raster(tmp_path / "rain_2001.tif", values, (0.0, 10.0, 0.0, 90.0, 0.0, -10.0), 4326)
    box, alone = (
        QgsGeometry.fromWkt(f"POLYGON(({west} 0, {east} 0, {east} 20, {west} 20, {west} 0))")
        for west, east in ((-20, 30), (-100, -90))
    )
    rows = rows_of(raster, regions(("across", box), ("america", alone), crs=crs), tmp_path)
    assert (rows["across"]["pixels"], rows["america"]["pixels"]) == ("10", "2")
    ends = values[7, 0], values[8, 35]
    assert (float(rows["across"]["min"]), float(rows["across"]["max"])) == ends
    assert float(rows["america"]["min"]) == values[7, 26] and float(rows["america"]["max"]) == values[8, 26]
    assert on_grid(raster, box, crs) == pytest.approx(5 * on_grid(raster, alone, crs), rel=1e-6)
