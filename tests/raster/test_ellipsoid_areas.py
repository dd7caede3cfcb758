"""Areas of the cells of projected grids, against geodesic polygons of pyproj and closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from osgeo import osr
from testkit.rasters import wkt_of

from nep_toolbox.raster.blocks import windows
from nep_toolbox.raster.cells import CellAreas, areas_of_rows
from nep_toolbox.raster.crs import crs_wkt, ellipsoid_of
from nep_toolbox.raster.ellipsoid_areas import LIMIT, cell_areas, departure
from nep_toolbox.raster.grid import Grid, Window

MODIS_SPHERE = 6371007.181


def grid_of(crs, left, top, cell, columns, rows, turned=0.0) -> Grid:
    """A grid; ``turned`` is the share of the cell that its sides lean by."""
    wkt = wkt_of(crs) if isinstance(crs, int) else crs_wkt(crs)
    return Grid(wkt, (left, cell, turned * cell, top, turned * cell, -cell), columns, rows)


#: Grids on which map units are no areas, and what is said of the error.
GRIDS = {
    "Web Mercator, 30 m": (grid_of(3857, 1e6, 8.4e6, 30.0, 20_000, 20_000), 1e-9),
    "Web Mercator, 1 km": (grid_of(3857, 0.0, 8399737.0, 1000.0, 1000, 1000), 1e-9),
    "UTM, far from its zone": (grid_of(32650, 1.5e6, 4e6, 1000.0, 700, 600), 1e-9),
    "UTM, rotated": (grid_of(32650, 1.5e6, 4e6, 800.0, 100, 100, 0.75), 1e-9),
    "polar stereographic, round the pole": (grid_of(3995, -2e6, 2e6, 10_000.0, 400, 400), 1e-9),
    "Lambert conformal": (grid_of(3034, 2e6, 6e6, 1000.0, 3000, 3000), 1e-9),
    "plate carree": (grid_of(4087, 0.0, 9e6, 30_000.0, 60, 500), 1e-9),
    "Mercator across the antimeridian": (grid_of("+proj=merc +lon_0=180 +datum=WGS84", -2e6, 8e6, 5e3, 800, 500), 1e-9),
    "oblique Mercator": (grid_of(3375, 4e5, 6e5, 1000.0, 500, 500), 1e-9),
    "cells of 1000 km": (grid_of(3857, 0.0, 6e6, 1e6, 6, 6), 1e-7),
    "Robinson, put together of pieces": (grid_of("ESRI:54030", -2e6, 6e6, 1000.0, 300, 300), 1e-7),
}


def geodesic_area(grid: Grid, row: int, col: int) -> float:
    """Area of a cell as the geodesic polygon through many points on its edges."""
    pyproj = pytest.importorskip("pyproj")
    along = np.linspace(0, 1, 300, endpoint=False)
    still = np.zeros_like(along)
    u = col + np.concatenate([along, 1 + still, 1 - along, still])
    v = row + np.concatenate([still, along, 1 + still, 1 - along])
    crs = osr.SpatialReference(grid.wkt)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    geographic = crs.CloneGeogCS()
    geographic.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    to_degrees = osr.CoordinateTransformation(crs, geographic)
    places = np.array(to_degrees.TransformPoints(np.column_stack(grid.point_at(u, v)).tolist()))
    geod = pyproj.Geod(a=crs.GetSemiMajor(), rf=crs.GetInvFlattening())
    return abs(geod.polygon_area_perimeter(places[:, 0], places[:, 1])[0])


@pytest.mark.parametrize("name", GRIDS)
def test_cells_against_geodesic_polygons(name):
    grid, tolerance = GRIDS[name]
    assert abs(departure(grid)) > LIMIT
    random = np.random.default_rng(1)
    for row, col in [(0, 0), (grid.height - 1, grid.width - 1), *random.integers(0, (grid.height, grid.width), (6, 2))]:
        found = cell_areas(grid, Window(int(col), int(row), 1, 1))
        # Straight pieces between 300 points of an edge are off by 1e-6 of what it bends, which is 1e-3 at most.
        assert found[0, 0] == pytest.approx(geodesic_area(grid, int(row), int(col)), rel=tolerance)


def test_web_mercator_against_the_closed_form_of_geographic_rows():
    """Rows of Web Mercator lie between parallels at latitudes of the sphere: atan(sinh(y / a))."""
    grid = grid_of(3857, 0.0, 9e6, 10_000.0, 3, 900)
    edges = np.degrees(np.arctan(np.sinh((9e6 - 10_000.0 * np.arange(901)) / 6378137.0)))
    found = cell_areas(grid, grid.whole)
    width = np.degrees(10_000.0 / 6378137.0)
    for row in (0, 200, 450, 899):
        rows = Grid(wkt_of(4326), (0.0, width, 0.0, edges[row], 0.0, edges[row + 1] - edges[row]), 1, 1)
        np.testing.assert_allclose(found[row], areas_of_rows(rows, 0, 1)[0, 0], rtol=1e-9)


def geographic_latitude(northing: float) -> float:
    """Degrees of a northing of the Mercator projection on WGS 84, by bisection of its formula (Snyder 1987, 7-7)."""
    eccentricity = np.sqrt(0.00669437999014)
    low, high = 0.0, np.pi / 2
    for _ in range(200):
        middle = (low + high) / 2
        sine = np.sin(middle)
        reached = 6378137 * (np.arctanh(sine) - eccentricity * np.arctanh(eccentricity * sine))
        low, high = (middle, high) if reached < northing else (low, middle)
    return float(np.degrees(low))


def test_the_whole_earth():
    """Mercator from 85 S to 85 N, and the two polar caps of the closed form, are the ellipsoid."""
    edge = 15_496_570.739
    grid = Grid(crs_wkt("EPSG:3395"), (-np.pi * 6378137, np.pi * 6378137 / 60, 0, edge, 0, -edge / 50), 120, 100)
    latitude = geographic_latitude(edge)
    cap = Grid(wkt_of(4326), (-180.0, 360.0, 0.0, 90.0, 0.0, latitude - 90.0), 1, 1)
    total = cell_areas(grid, grid.whole).sum() + 2 * areas_of_rows(cap, 0, 1)[0, 0]
    assert total == pytest.approx(510065621724088.4, rel=1e-8)


@pytest.mark.parametrize("name", ["Web Mercator, 1 km", "UTM, rotated", "Robinson, put together of pieces"])
@pytest.mark.parametrize("shape", [(1, 1), (7, 5), (300, 16), (64, 300)])
def test_blocks_do_not_matter(name, shape):
    grid = replace(GRIDS[name][0], width=130 if shape == (1, 1) else 300, height=40 if shape == (1, 1) else 280)
    whole = cell_areas(grid, grid.whole)
    for window in windows(grid, shape)[::17]:
        rows, cols = slice(window.row, window.row + window.height), slice(window.col, window.col + window.width)
        np.testing.assert_array_equal(cell_areas(grid, window), whole[rows, cols])


EQUAL = {
    "Albers": grid_of(5070, -2.5e6, 3.3e6, 1000.0, 4600, 3000),
    "Lambert azimuthal": grid_of(3035, 2e6, 4e6, 1000.0, 1000, 1000),
    "Lambert azimuthal, hemisphere": grid_of("+proj=laea +lat_0=90 +datum=WGS84", -9e6, 9e6, 5e4, 360, 360),
    "sinusoidal of MODIS": grid_of(f"+proj=sinu +R={MODIS_SPHERE}", -20015109.354, 10007554.677, 5e4, 800, 400),
    "sinusoidal on the ellipsoid": grid_of("+proj=sinu +datum=WGS84", -20037508.0, 10001965.0, 5e4, 800, 400),
    "Mollweide on a sphere": grid_of(f"+proj=moll +R={MODIS_SPHERE}", -1.8e7, 9e6, 5e4, 720, 360),
    "Equal Earth": grid_of(8857, -17243959.0, 8392928.0, 5e4, 690, 336),
    "UTM in its zone": grid_of(32650, 4e5, 4e6, 500.0, 400, 300),
}


@pytest.mark.parametrize("name", EQUAL)
def test_map_units_stay_where_they_are_areas(name):
    grid = EQUAL[name]
    assert abs(departure(grid)) < LIMIT
    areas = CellAreas(grid)
    assert not areas.by_cell
    assert areas.read(Window(3, 5, 4, 2)).tolist() == [[abs(grid.transform[1] * grid.transform[5])]] * 2
    assert str(areas).startswith("map units squared, which depart from the ellipsoid by ")


def test_how_far_map_units_are_off():
    """The scale of Web Mercator at 60 N on the sphere is 2, its areas 4 times too large (3.99 of the ellipsoid); that
    of UTM on its central meridian is 0.9996."""
    mercator = grid_of(3857, 0.0, 8399737.0, 100.0, 10, 10)
    assert departure(mercator) == pytest.approx(2.99, abs=0.01)
    assert str(CellAreas(mercator)) == (
        "on the ellipsoid, cell by cell, as map units squared are off by up to +3e+02 %"
    )
    assert departure(grid_of(32650, 5e5, 4e6, 100.0, 10, 10)) == pytest.approx(0.9996**2 - 1, abs=1e-6)
    assert departure(grid_of(4326, 100.0, 40.0, 0.1, 10, 10)) == 0.0
    assert str(CellAreas(grid_of(4326, 100.0, 40.0, 0.1, 10, 10))).startswith("on the ellipsoid, between meridians")


def test_feet():
    feet = grid_of(2263, 985_000.0, 200_000.0, 10.0, 4, 4)  # New York Long Island, US survey foot
    metres = 100 * (1200 / 3937) ** 2
    assert abs(departure(feet)) < LIMIT and CellAreas(feet).read(feet.whole)[0, 0] == pytest.approx(metres, rel=1e-12)
    far = replace(feet, transform=(985_000.0, 10.0, 0.0, 4_000_000.0, 0.0, -10.0))
    assert cell_areas(far, far.whole)[1, 2] == pytest.approx(geodesic_area(far, 1, 2), rel=1e-8)


def test_cells_beyond_the_edge_of_the_map_have_no_area():
    grid = grid_of("ESRI:54030", -17e6, 8.6e6, 50_000.0, 680, 340)
    areas = cell_areas(grid, grid.whole)
    assert areas[0, 0] == 0.0 and areas[170, 340] > 0
    a, f = ellipsoid_of(grid.wkt)
    assert (a, round(1 / f, 3)) == (6378137.0, 298.257)
    assert areas.sum() == pytest.approx(510065621724088.4, rel=0.01)
