"""Areas of polygons on an ellipsoid, against geodesics, closed forms and the areas of cells."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import ogr, osr

from nep_toolbox.raster.cells import areas_of_rows
from nep_toolbox.raster.crs import crs_wkt
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.polygon_area import polygon_area

WGS84 = crs_wkt("EPSG:4326")


def sphere() -> str:
    crs = osr.SpatialReference()
    crs.ImportFromProj4("+proj=sinu +R=6371007.181 +units=m +no_defs")
    return crs.ExportToWkt()


def shape(*rings) -> ogr.Geometry:
    """A polygon of closed rings of (x, y)."""
    text = ", ".join("(" + ", ".join(f"{x!r} {y!r}" for x, y in [*ring, ring[0]]) + ")" for ring in rings)
    return ogr.CreateGeometryFromWkt(f"POLYGON({text})")


def box(west, south, east, north) -> list:
    return [(west, south), (east, south), (east, north), (west, north)]


@pytest.mark.parametrize("size", [1e-5, 1e-3, 0.1, 5.0])
@pytest.mark.parametrize("south", [-60.0, -0.05, 35.0, 84.0])
def test_a_box_is_a_cell(size, south):
    # A cell of a grid has the exact area between its parallels.
    grid = Grid(WGS84, (100.0, size, 0, south + size, 0, -size), 1, 1)
    expected = float(areas_of_rows(grid, 0, 1)[0, 0])
    found = polygon_area(shape(box(100.0, south, 100.0 + size, south + size)), WGS84)
    assert found == pytest.approx(expected, rel=1e-9 if size > 1e-4 else 1e-6)


def test_against_geodesics():
    geod = pytest.importorskip("pyproj").Geod(ellps="WGS84")
    rng = np.random.default_rng(3)
    turn = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    for _ in range(10):
        lon, lat, size = rng.uniform(-160, 160), rng.uniform(-70, 70), 10 ** rng.uniform(-3, 1)
        radius = size * (1 + 0.4 * np.sin(3 * turn))
        x, y = lon + radius * np.cos(turn), lat + radius * np.sin(turn)
        expected = abs(geod.polygon_area_perimeter(x, y)[0])
        assert polygon_area(shape(list(zip(x.tolist(), y.tolist()))), WGS84) == pytest.approx(expected, rel=1e-6)


def test_on_a_sphere_with_a_hole_and_parts():
    wkt, radius = sphere(), 6371007.181

    def exact(west, south, east, north):
        sines = np.sin(np.radians([south, north]))
        return radius**2 * np.radians(east - west) * (sines[1] - sines[0])

    ring, hole = (10, 40, 14, 43), (11, 41, 12, 42)
    parts = ogr.Geometry(ogr.wkbMultiPolygon)
    parts.AddGeometry(shape(box(*ring), box(*hole)))
    parts.AddGeometry(shape(box(20, 0, 21, 1)))
    expected = exact(*ring) - exact(*hole) + exact(20, 0, 21, 1)
    assert polygon_area(parts, wkt) == pytest.approx(expected, rel=1e-12)


def test_across_the_antimeridian_and_around_the_pole():
    wkt, radius = sphere(), 6371007.181
    across = shape([(179, 10), (-179, 10), (-179, 12), (179, 12)])
    assert polygon_area(across, wkt) == pytest.approx(polygon_area(shape(box(9, 10, 11, 12)), wkt), rel=1e-12)
    for sign in (1, -1):
        cap = shape([(lon, sign * 70.0) for lon in range(-180, 180, 10)])
        assert polygon_area(cap, wkt) == pytest.approx(2 * np.pi * radius**2 * (1 - np.sin(np.radians(70))), rel=1e-12)


def test_nothing_and_no_place():
    assert polygon_area(ogr.CreateGeometryFromWkt("POLYGON EMPTY"), WGS84) == 0
    assert polygon_area(ogr.CreateGeometryFromWkt("LINESTRING(0 0, 1 1)"), WGS84) == 0
    gone = shape([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)])
    gone.GetGeometryRef(0).SetPoint_2D(1, float("inf"), 0.0)
    assert polygon_area(gone, WGS84) == 0
