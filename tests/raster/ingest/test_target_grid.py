"""Laying grids, and refusing those asked for by mistake."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import osr
from testkit.layers import NORTH_UP, wkt_of

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest.target_grid import (
    bounds_in,
    bounds_of_rectangle,
    cell_in,
    centre_of,
    crs_wkt,
    intersection,
    lay,
    part,
    union,
    utm_wkt,
)

UTM, DEGREES = wkt_of(32650), wkt_of(4326)
AREA = (500123.0, 3990010.0, 560987.0, 4020000.0)


@pytest.mark.parametrize("longitude, latitude, code", [
    (113.5, 34, 32649), (114.0, 34, 32650), (-180, 10, 32601), (180, 10, 32660), (-70.1, -33, 32719), (0, 0, 32631),
])
def test_utm_zones(longitude, latitude, code):
    crs = osr.SpatialReference()
    crs.ImportFromWkt(utm_wkt(longitude, latitude))
    assert crs.GetAuthorityCode(None) == str(code)


def test_edges_lie_on_multiples_of_the_cell_and_cover_the_area():
    grid = lay(UTM, AREA, 500.0)
    assert grid.transform == (500000.0, 500.0, 0.0, 4020000.0, 0.0, -500.0)
    assert (grid.width, grid.height) == (122, 60)
    again = lay(UTM, (AREA[0] + 7, AREA[1], AREA[2], AREA[3] - 3), 500.0)
    assert again == grid


def test_in_line_with_a_grid():
    like = Grid(UTM, (500100.0, 30.0, 0.0, 4000010.0, 0.0, -30.0), 10, 10)
    grid = lay(UTM, (500131.0, 3999900.0, 500190.0, 3999979.0), 30.0, like)
    assert grid == Grid(UTM, (500130.0, 30.0, 0.0, 4000010.0 - 30.0, 0.0, -30.0), 2, 3)
    # The grid itself, its edges rounded: no cell more.
    left, bottom, right, top = bounds_in(like, UTM)
    assert lay(UTM, (left - 1e-6, bottom - 1e-6, right + 1e-6, top + 1e-6), 30.0, like) == like


def test_degrees_taken_for_metres_are_refused():
    with pytest.raises(InvalidParameter) as refusal:
        lay(UTM, AREA, 0.005, native=463.0)
    message = str(refusal.value)
    width, height = 60864.0 / 0.005, 29990.0 / 0.005
    assert f"{width * height:.0f} pixels ({width:.0f} x {height:.0f})" in message
    assert "in metres, the units of EPSG:32650" in message
    assert "looks like degrees" in message and "RESOLUTION=560 was probably meant" in message


def test_metres_taken_for_degrees_are_refused():
    with pytest.raises(InvalidParameter, match=r"looks like metres: 500 metres.*RESOLUTION=0.0045 was probably meant"):
        lay(DEGREES, (110.0, 33.0, 112.0, 35.0), 500.0, native=0.005)


def test_far_too_many_cells_without_a_mistake_of_units():
    words = r"has 60000000000 pixels \(300000 x 200000\).*cells of about 463.*MAX_PIXELS"
    with pytest.raises(InvalidParameter, match=words):
        lay(UTM, (0.0, 0.0, 3e6, 2e6), 10.0, native=463.0)
    assert lay(UTM, (0.0, 0.0, 3e6, 2e6), 10.0, limit=1e11).width == 300000


def test_no_size():
    with pytest.raises(InvalidParameter, match="greater than zero"):
        lay(UTM, AREA, 0.0)


def test_bounds_hold_what_bends():
    """The top of a zone-spanning rectangle bulges in a conic projection: its corners alone would cut it off."""
    albers = crs_wkt("+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84")
    left, bottom, right, top = bounds_of_rectangle((80.0, 30.0, 130.0, 50.0), DEGREES, albers)
    source, target = Grid(DEGREES, (), 0, 0).crs, Grid(albers, (), 0, 0).crs
    there = osr.CoordinateTransformation(source, target)
    edge = np.array([there.TransformPoint(lon, lat)[:2] for lon in np.linspace(80, 130, 501) for lat in (30.0, 50.0)])
    assert bottom == pytest.approx(edge[:, 1].min(), abs=300)
    assert top == pytest.approx(edge[:, 1].max(), abs=300)
    assert left == pytest.approx(edge[:, 0].min(), abs=300) and right == pytest.approx(edge[:, 0].max(), abs=300)
    assert bottom < there.TransformPoint(80.0, 30.0)[1] - 100_000


def test_rectangles():
    assert union([(0, 0, 1, 1), (2, -1, 3, 0.5)]) == (0, -1, 3, 1)
    assert intersection([(0, 0, 2, 2), (1, 1, 3, 3)]) == (1, 1, 2, 2)
    assert intersection([(0, 0, 1, 1), (1, 0, 2, 1)]) is None


def test_part_of_a_grid():
    grid = Grid(UTM, NORTH_UP, 10, 8)
    assert part(grid, Window(2, 3, 4, 5)) == Grid(UTM, (501000.0, 500.0, 0.0, 3998500.0, 0.0, -500.0), 4, 5)


def test_cells_measured_in_another_crs():
    grid = Grid(DEGREES, (117.0, 0.01, 0.0, 36.0, 0.0, -0.01), 10, 10)
    # On the central meridian of zone 50 at 35.95 N: 0.01 degrees are 902 m by 1110 m (times 0.9996).
    assert cell_in(grid, UTM) == pytest.approx(0.9996 * np.sqrt(902.3 * 1109.7), rel=2e-3)
    assert cell_in(grid, DEGREES) == pytest.approx(0.01)
    assert cell_in(grid, UTM, (500000.0, 3970000.0, 510000.0, 3980000.0)) == pytest.approx(cell_in(grid, UTM), rel=2e-3)


def test_centre():
    longitude, latitude = centre_of((500000.0 - 10, 0.0 - 10, 500000.0 + 10, 10.0), UTM)
    assert (longitude, latitude) == pytest.approx((117.0, 0.0), abs=1e-9)


def test_no_crs():
    with pytest.raises(InvalidParameter, match="'nonsense' is no coordinate reference system"):
        crs_wkt("nonsense")
