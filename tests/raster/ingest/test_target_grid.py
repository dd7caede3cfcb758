"""Making grids, and refusing those asked for by mistake."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import wkt_of

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.bounds import Bounds
from nep_toolbox.raster.crs import crs_wkt
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.ingest.target_grid import DEGREE, cell_size_in, cell_size_over, covering_grid

UTM, DEGREES = wkt_of(32650), wkt_of(4326)
FEET = wkt_of(2263)  # New York Long Island, US survey foot
MERCATOR, SPHERE = crs_wkt("+proj=merc +R=6371000"), crs_wkt("+proj=longlat +R=6371000")
AREA = Bounds(500123.0, 3990010.0, 560987.0, 4020000.0)


def test_edges_lie_on_multiples_of_the_cell_and_cover_the_area():
    grid = covering_grid(UTM, AREA, 500.0)
    assert grid.transform == (500000.0, 500.0, 0.0, 4020000.0, 0.0, -500.0)
    assert (grid.width, grid.height) == (122, 60)
    again = covering_grid(UTM, Bounds(AREA[0] + 7, AREA[1], AREA[2], AREA[3] - 3), 500.0)
    assert again == grid


def test_in_line_with_a_grid():
    like = Grid(UTM, (500100.0, 30.0, 0.0, 4000010.0, 0.0, -30.0), 10, 10)
    grid = covering_grid(UTM, Bounds(500131.0, 3999900.0, 500190.0, 3999979.0), 30.0, like)
    assert grid == Grid(UTM, (500130.0, 30.0, 0.0, 4000010.0 - 30.0, 0.0, -30.0), 2, 3)
    # The grid itself, its edges rounded: no cell more.
    left, bottom, right, top = Bounds.of(like)
    assert covering_grid(UTM, Bounds(left - 1e-6, bottom - 1e-6, right + 1e-6, top + 1e-6), 30.0, like) == like


def test_degrees_taken_for_metres_are_refused():
    with pytest.raises(InvalidParameter) as refusal:
        covering_grid(UTM, AREA, 0.005, native=463.0)
    message = str(refusal.value)
    width, height = 60864.0 / 0.005, 29990.0 / 0.005
    assert f"{width * height:.0f} pixels ({width:.0f} x {height:.0f})" in message
    assert "in metres, the units of EPSG:32650" in message
    assert "looks like degrees" in message and "560 was probably meant" in message


def test_metres_taken_for_degrees_are_refused():
    with pytest.raises(InvalidParameter, match=r"looks like metres: 500 metres.*so 0.0045 was probably meant"):
        covering_grid(DEGREES, Bounds(110.0, 33.0, 112.0, 35.0), 500.0, native=0.005)


def test_far_too_many_cells_without_a_mistake_of_units():
    words = r"has 60000000000 pixels \(300000 x 200000\).*cells of about 463.*MAX_PIXELS"
    with pytest.raises(InvalidParameter, match=words):
        covering_grid(UTM, Bounds(0.0, 0.0, 3e6, 2e6), 10.0, native=463.0)
    assert covering_grid(UTM, Bounds(0.0, 0.0, 3e6, 2e6), 10.0, limit=1e11).width == 300000


@pytest.mark.parametrize("cell", [0.0, -1.0, float("nan")])
def test_no_size(cell):
    with pytest.raises(InvalidParameter, match="greater than zero"):
        covering_grid(UTM, AREA, cell)


def test_cells_measured_in_another_crs():
    grid = Grid(DEGREES, (117.0, 0.01, 0.0, 36.0, 0.0, -0.01), 10, 10)
    # On the central meridian of zone 50 at 35.95 N: 0.01 degrees are 902 m by 1110 m (times 0.9996).
    assert cell_size_in(grid, UTM) == pytest.approx(0.9996 * np.sqrt(902.3 * 1109.7), rel=2e-3)
    assert cell_size_in(grid, DEGREES) == pytest.approx(0.01)
    assert cell_size_in(grid, UTM, (505000.0, 3975000.0)) == pytest.approx(cell_size_in(grid, UTM), rel=2e-3)


def test_cells_are_measured_in_the_middle_of_the_grid():
    """On a Mercator map of a sphere lengths are 1 / cos(latitude) times those on it, in all directions."""
    degree = np.radians(1.0) * 6371000.0
    tall = Grid(SPHERE, (10.0, 0.01, 0.0, 60.0, 0.0, -0.01), 100, 6000)  # from 60 to 0 degrees north
    # A degree of longitude is cos(latitude) times one of latitude.
    assert cell_size_in(tall, MERCATOR) == pytest.approx(0.01 * degree / np.sqrt(np.cos(np.radians(30))), rel=1e-4)
    # Turned: the middle of 300 columns and 200 rows lies at 10 + 150 x 0.1 + 100 x 0.1 = 35 degrees north.
    turned = Grid(SPHERE, (0.0, 0.1, -0.1, 10.0, 0.1, 0.1), 300, 200)
    side = 0.1 * np.sqrt(2) * degree
    assert cell_size_in(turned, MERCATOR) == pytest.approx(side / np.sqrt(np.cos(np.radians(35))), rel=2e-3)


def test_the_cells_of_a_turned_grid_keep_their_area_on_a_map_that_is_only_moved():
    here, moved = (crs_wkt(f"+proj=tmerc +lat_0=0 +lon_0=117 +x_0={x} +R=6371000") for x in (0, 500000))
    grid = Grid(here, (1000.0, 8.0, 3.0, 5000.0, 2.0, -9.0), 60, 40)
    assert cell_size_in(grid, here) == pytest.approx(np.sqrt(np.hypot(8, 2) * np.hypot(3, 9)))
    for place in (None, (501000.0, 5000.0)):
        assert cell_size_in(grid, moved, place) == pytest.approx(np.sqrt(8 * 9 + 3 * 2), rel=1e-6)


def test_a_thousandth_of_a_cell_beyond_an_edge_is_rounding():
    for beyond, cells in ((0.0009, 10), (0.0011, 12)):
        by = beyond * 500.0
        grid = covering_grid(UTM, Bounds(500000.0 - by, 3995000.0 - by, 505000.0 + by, 4000000.0 + by), 500.0)
        assert (grid.width, grid.height) == (cells, cells)


def test_in_line_with_cells_that_are_no_squares():
    like = Grid(UTM, (500100.0, 30.0, 0.0, 4000010.0, 0.0, -20.0), 10, 10)
    grid = covering_grid(UTM, Bounds(500131.0, 3999900.0, 500190.0, 3999979.0), 30.0, like)
    assert grid == Grid(UTM, (500130.0, 30.0, 0.0, 3999990.0, 0.0, -20.0), 2, 5)


def test_a_point_takes_one_cell():
    point = Bounds(500000.0, 4000000.0, 500000.0, 4000000.0)
    assert covering_grid(UTM, point, 500.0, native=500.0) == Grid(
        UTM, (500000.0, 500.0, 0.0, 4000000.0, 0.0, -500.0), 1, 1
    )


def test_so_many_cells_are_allowed():
    area = Bounds(0.0, 0.0, 40.0, 30.0)
    assert covering_grid(UTM, area, 1.0, limit=1200).width == 40
    with pytest.raises(InvalidParameter, match="has 1200 pixels .* more than the 1199 that are allowed"):
        covering_grid(UTM, area, 1.0, limit=1199)
    # Unless told otherwise five hundred million.
    assert covering_grid(UTM, Bounds(0.0, 0.0, 25_000.0, 20_000.0), 1.0).width == 25_000
    with pytest.raises(InvalidParameter, match="has 500000001 pixels .* more than the 500000000 that are allowed"):
        covering_grid(UTM, Bounds(0.0, 0.0, 500_000_001.0, 1.0), 1.0)


def test_a_cell_larger_than_the_area_is_refused_unless_the_rasters_have_such_cells():
    """An area of 400 by 300 metres."""
    area = Bounds(500000.0, 4000000.0, 500400.0, 4000300.0)
    for native in (500.0, 600.0, float("nan")):
        assert covering_grid(UTM, area, 500.0, native=native).width == 1
    assert covering_grid(UTM, area, 400.0, native=30.0).width <= 2
    assert covering_grid(UTM, area, 100.0, native=30.0).width == 4
    with pytest.raises(InvalidParameter, match="the whole area: ⟨RESOLUTION⟩ 401 is in metres, .*about 30:"):
        covering_grid(UTM, area, 401.0, native=30.0)


@pytest.mark.parametrize("wkt, cell, native, words", [
    (UTM, 0.005, 463.0, "0.005 degrees are about 557 map units, so 560"),
    (UTM, 0.005, float("nan"), "0.005 degrees are about 557 map units, so 560"),
    (FEET, 0.005, 463.0, "is in map units, .* 0.005 degrees are about 1.83e[+]03 map units, so 1800 was"),
    (UTM, 0.005, 0.0501, "is in metres, .*looks like degrees"),
    (UTM, 0.005, 0.049, "The rasters have cells of about 0.049: choose"),
    (UTM, 1.0, 463.0, "The rasters have cells of about 463: choose"),
    (UTM, 2.0, float("nan"), "Choose larger cells, or a smaller area"),
    (DEGREES, 0.005, 0.1, "is in degrees, .*The rasters have cells of about 0.1: choose"),
])
def test_what_was_probably_meant(wkt, cell, native, words):
    with pytest.raises(InvalidParameter, match=words):
        covering_grid(wkt, Bounds(0.0, 0.0, 60.0, 30.0), cell, native=native, limit=100)


@pytest.mark.parametrize("bounds", [Bounds(0.0, 0.0, 60.0, 30.0), Bounds(0.0, 0.0, 30.0, 60.0)])
def test_metres_are_told_from_degrees_by_the_longer_side(bounds):
    with pytest.raises(InvalidParameter, match="looks like metres: 61 metres are about 0.000548 degrees"):
        covering_grid(DEGREES, bounds, 61.0, native=0.01)
    assert covering_grid(DEGREES, bounds, 60.0, native=0.01).width == 1


def test_a_degree_is_a_360th_of_the_equator():
    """Of the ellipsoid of WGS84, to ten metres."""
    assert round(2 * np.pi * 6378137.0 / 360, -1) == DEGREE


# Where a cell is measured ---------------------------------------------------------------------------------------------

ARCTIC = wkt_of(3995)


def test_at_a_pole_the_cells_all_over_the_area_say_how_large_they_are():
    """Cells of 1 degree: without width at the pole, 111 km wide at most."""
    globe = Grid(DEGREES, (-180.0, 1.0, 0.0, 90.0, 0.0, -1.0), 360, 90)
    assert cell_size_in(globe, ARCTIC, (0.0, 0.0)) == 0
    size = cell_size_over(globe, ARCTIC, Bounds(-6e6, -6e6, 6e6, 6e6))
    assert 60e3 < size < 115e3
    near = cell_size_over(globe, ARCTIC, Bounds(-5.99e6, -6e6, 6e6, 6e6))
    assert near == pytest.approx(size, rel=0.1)


@pytest.mark.parametrize(("wkt", "area"), [
    (UTM, Bounds(3e5, 35e5, 7e5, 42e5)), (wkt_of(3857), Bounds(-1e7, -6e6, 1e7, 14e6)),
])
def test_elsewhere_it_is_the_cell_in_the_middle(wkt, area):
    grid = Grid(DEGREES, (-180.0, 0.05, 0.0, 90.0, 0.0, -0.05), 7200, 3600)
    assert cell_size_over(grid, wkt, area) == cell_size_in(grid, wkt, area.middle)
    place = (area.left, area.bottom)
    assert cell_size_over(grid, wkt, area, place) == cell_size_in(grid, wkt, place)
