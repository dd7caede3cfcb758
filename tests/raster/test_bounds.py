"""Rectangles round grids and round other rectangles."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import osr
from testkit.rasters import wkt_of

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.bounds import Bounds
from nep_toolbox.raster.crs import crs_of, crs_wkt
from nep_toolbox.raster.grid import Grid

UTM, DEGREES = wkt_of(32650), wkt_of(4326)


def test_rectangles():
    assert Bounds.union([Bounds(0, 0, 1, 1), Bounds(2, -1, 3, 0.5)]) == (0, -1, 3, 1)
    assert Bounds.intersection([Bounds(0, 0, 2, 2), Bounds(1, 1, 3, 3)]) == (1, 1, 2, 2)
    assert Bounds.intersection([Bounds(0, 0, 1, 1), Bounds(1, 0, 2, 1)]) is None
    assert Bounds(0, 1, 4, 3).middle == (2, 2)
    assert Bounds(0, 1, 4, 3).longer_side == 4 and Bounds(0, 1, 4, 7).longer_side == 6


def test_round_a_grid():
    assert Bounds.of(Grid("", (10.0, 2.0, 0.0, 50.0, 0.0, -3.0), 5, 4)) == (10, 38, 20, 50)
    assert Bounds.of(Grid("", (10.0, 2.0, 0.0, 50.0, 0.0, 3.0), 5, 4)) == (10, 50, 20, 62)
    # Turned by 45 degrees: the corners are (0, 0), (4, 4), (2, -2) and (6, 2).
    assert Bounds.of(Grid("", (0.0, 1.0, 1.0, 0.0, 1.0, -1.0), 4, 2)) == (0, -2, 6, 4)


def test_bounds_hold_what_bends():
    """The top of a zone-spanning rectangle bulges in a conic projection: its corners alone would cut it off."""
    albers = crs_wkt("+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84")
    left, bottom, right, top = Bounds(80.0, 30.0, 130.0, 50.0).projected(DEGREES, albers)
    there = osr.CoordinateTransformation(crs_of(DEGREES), crs_of(albers))
    edge = np.array([there.TransformPoint(lon, lat)[:2] for lon in np.linspace(80, 130, 501) for lat in (30.0, 50.0)])
    assert bottom == pytest.approx(edge[:, 1].min(), abs=300)
    assert top == pytest.approx(edge[:, 1].max(), abs=300)
    assert left == pytest.approx(edge[:, 0].min(), abs=300) and right == pytest.approx(edge[:, 0].max(), abs=300)
    assert bottom < there.TransformPoint(80.0, 30.0)[1] - 100_000


def test_round_a_projected_grid():
    """A grid and the rectangle round it are one area."""
    grid = Grid(DEGREES, (110.0, 0.5, 0.0, 40.0, 0.0, -0.25), 8, 12)
    found = Bounds.of_projected(grid, UTM)
    assert found == pytest.approx(Bounds(110.0, 37.0, 114.0, 40.0).projected(DEGREES, UTM), rel=1e-12)
    # West of the central meridian (117 E) meridians lean towards it: south-west and north-east stick out.
    there = osr.CoordinateTransformation(crs_of(DEGREES), crs_of(UTM))
    assert found.left == pytest.approx(there.TransformPoint(110.0, 37.0)[0], abs=1e-6)
    assert found.right == pytest.approx(there.TransformPoint(114.0, 40.0)[0], abs=1e-6)


def test_an_area_without_a_place_in_the_crs():
    polar = crs_wkt("+proj=gnom +lat_0=90 +lon_0=0")
    with pytest.raises(InvalidParameter, match="cannot be projected from EPSG:4326 to a custom Gnomonic CRS"):
        Bounds(0.0, -80.0, 10.0, -70.0).projected(DEGREES, polar)


def test_middle_in_degrees():
    longitude, latitude = Bounds(500000.0 - 10, 0.0 - 10, 500000.0 + 10, 10.0).geographic_middle(UTM)
    assert (longitude, latitude) == pytest.approx((117.0, 0.0), abs=1e-9)


def test_the_middle_of_a_side_is_looked_at():
    """Parallels bulge away from the equator on both sides of the central meridian, most in the middle between them."""
    found = Bounds(114.0, 30.0, 120.0, 40.0).projected(DEGREES, UTM)
    there = osr.CoordinateTransformation(crs_of(DEGREES), crs_of(UTM))
    assert found.bottom == pytest.approx(there.TransformPoint(117.0, 30.0)[1], abs=1e-6)
    assert found.top == pytest.approx(there.TransformPoint(114.0, 40.0)[1], abs=1e-6)


# Poles ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("epsg", "pole"), [(3995, 90.0), (3413, 90.0), (3031, -90.0), (3408, 90.0)])
@pytest.mark.parametrize("shift", [0.0, 12345.0])
def test_an_area_round_a_pole_reaches_round_the_globe(epsg, pole, shift):
    area = Bounds(-2e6 + shift, -2e6 + shift, 2e6, 2e6)
    found = area.projected(wkt_of(epsg), wkt_of(4326))
    assert (found.left, found.right) == (-180.0, 180.0)
    assert (found.top if pole > 0 else found.bottom) == pole
    assert 55 < abs(found.bottom if pole > 0 else found.top) < 70


def test_a_pole_beside_an_area_or_on_its_edge_adds_nothing():
    beside = Bounds(-2e6, -2e6, -1e5, -1e5).projected(wkt_of(3995), wkt_of(4326))
    assert beside.top < 89 and beside.right - beside.left < 100
    corner = Bounds(0.0, 0.0, 1e6, 1e6).projected(wkt_of(3995), wkt_of(4326))
    assert corner.top == pytest.approx(90) and corner.right - corner.left < 181


def test_degrees_a_turn_farther_on():
    globe, east, america = Bounds(0, -90, 360, 90), Bounds(200, 0, 300, 50), Bounds(-120, 10, -80, 40)
    assert east.turned(america, 360.0) == (-160, 0, -60, 50)
    assert america.turned(east, 360.0) == (240, 10, 280, 40)
    assert east.turned(east, 360.0) == east and america.turned(east, 0.0) == america
    assert globe.turned(america, 360.0) == (-120, -90, -80, 90)
    assert globe.goes_round(360.0) and not globe.goes_round(0.0) and not east.goes_round(360.0)
