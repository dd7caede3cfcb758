"""Geodesics against published values and exact cases."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nep_toolbox.core.zonal.geodesic import geodesic_inverse
from nep_toolbox.errors import InvalidParameter

WGS84 = (6378137.0, 1 / 298.257223563)
GRS80 = (6378137.0, 1 / 298.257222101)
BESSEL = (6377397.155, 1 / 299.1528128)


def dms(degrees, minutes, seconds):
    sign = math.copysign(1.0, degrees)
    return degrees + sign * (minutes / 60 + seconds / 3600)


@pytest.mark.parametrize(
    "ellipsoid, lon1, lat1, lon2, lat2, distance, azimuth",
    [
        # Karney (2013), tables 3 and 5: a short line, and one near the antipode where Vincenty's iteration fails.
        (WGS84, 0, -30.12345, 0.00005, -30.12344, 4.944208, 77.04353354),
        (WGS84, 0, -30, 179.8, 29.9, 19989832.827610, 161.890524736),
        # Vincenty (1975), line (a).
        (BESSEL, 0, 55.75, dms(108, 13, 0), dms(-33, 26, 0), 14110526.170, dms(96, 36, 8.7996)),
        # Flinders Peak to Buninyong, the test line of the Geocentric Datum of Australia technical manual.
        (
            GRS80, dms(144, 25, 29.52440), dms(-37, 57, 3.72030), dms(143, 55, 35.38390), dms(-37, 39, 10.15610),
            54972.271, dms(306, 52, 5.37),
        ),
        # The equator, and the quarter of a meridian.
        (WGS84, 10, 0, 11, 0, 6378137.0 * math.pi / 180, 90),
        (WGS84, 10, 0, 9, 0, 6378137.0 * math.pi / 180, 270),
        (WGS84, 33, 0, 33, 90, 10001965.729313, 0),
        (WGS84, 33, 0, 33, -90, 10001965.729313, 180),
        # Over the pole, and across the date line.
        (WGS84, 0, 60, 180, 60, 2 * (10001965.729313 - 6654072.819367), 0),
        (WGS84, 179.5, 0, -179.5, 0, 6378137.0 * math.pi / 180, 90),
    ],
)
def test_published_and_exact_lines(ellipsoid, lon1, lat1, lon2, lat2, distance, azimuth):
    found, direction = geodesic_inverse(lon1, lat1, lon2, lat2, *ellipsoid)
    assert found == pytest.approx(distance, rel=1e-9, abs=6e-4)
    assert direction == pytest.approx(azimuth, abs=3e-6)


def test_vincenty_lines_to_the_published_digits():
    """Line (b) of Vincenty (1975) on the International ellipsoid, where his table gives millimetres."""
    found, direction = geodesic_inverse(
        0, dms(37, 19, 54.95367), dms(41, 28, 35.50729), dms(26, 7, 42.83946), 6378388.0, 1 / 297
    )
    assert found == pytest.approx(4085966.703, abs=6e-4)
    assert direction == pytest.approx(dms(95, 27, 59.63089), abs=1e-8)


def test_sphere_is_the_great_circle():
    rng = np.random.default_rng(3)
    lon1, lon2 = rng.uniform(-180, 180, (2, 500))
    lat1, lat2 = rng.uniform(-90, 90, (2, 500))
    found, direction = geodesic_inverse(lon1, lat1, lon2, lat2, 6371000.0, 0.0)
    p1, p2, turn = np.radians(lat1), np.radians(lat2), np.radians(lon2 - lon1)
    east = np.cos(p2) * np.sin(turn)
    north = np.cos(p1) * np.sin(p2) - np.sin(p1) * np.cos(p2) * np.cos(turn)
    along = np.sin(p1) * np.sin(p2) + np.cos(p1) * np.cos(p2) * np.cos(turn)
    np.testing.assert_allclose(found, 6371000.0 * np.arctan2(np.hypot(east, north), along), atol=1e-6)
    np.testing.assert_allclose(direction, np.degrees(np.arctan2(east, north)) % 360, atol=1e-7)


def test_short_lines_close_to_the_equator_are_the_local_tangent():
    # For a hundred metres the metric at the point is exact to 1e-9: meridian radius M, parallel radius N cos(lat).
    a, f = WGS84
    e2 = f * (2 - f)
    for lat in (0.0, 1e-13, -1e-9, 1e-5, 12.0, -60.0):
        sine = math.sin(math.radians(lat))
        east = math.radians(1e-3) * a / math.sqrt(1 - e2 * sine**2) * math.cos(math.radians(lat))
        north = math.radians(1e-3) * a * (1 - e2) / (1 - e2 * sine**2) ** 1.5
        assert geodesic_inverse(7, lat, 7.001, lat, *WGS84)[0] == pytest.approx(east, rel=1e-8)
        assert geodesic_inverse(7, lat - 5e-4, 7, lat + 5e-4, *WGS84)[0] == pytest.approx(north, rel=1e-8)


def test_equal_points_missing_points_and_shapes():
    distance, azimuth = geodesic_inverse([5, 5, np.nan, -180, 10], [5, 90, 0, 3, -90], [5, 80, 0, 180, 99],
                                         [5, 90, 0, 3, -90], *WGS84)
    np.testing.assert_array_equal(distance, [0, 0, np.nan, 0, 0])
    assert np.isnan(azimuth).all()
    distance, azimuth = geodesic_inverse(np.zeros((2, 1)), 0, np.array([1.0, 2.0, 3.0]), 0, *WGS84)
    assert distance.shape == azimuth.shape == (2, 3)
    # Antipodes: half a meridian, over either pole.
    assert geodesic_inverse(0, 0, 180, 0, *WGS84)[0] == pytest.approx(2 * 10001965.729313, abs=1e-5)


def test_azimuth_lies_below_360_degrees():
    # A hair west of north: a remainder of 360 would be rounded to 360 itself.
    _, azimuth = geodesic_inverse(0, 3, [-1e-17, -1e-3, 1e-17], 5, *WGS84)
    assert azimuth[0] == 0.0
    assert 359.9 < azimuth[1] < 360.0
    assert 0.0 < azimuth[2] < 1e-15


def test_infinite_coordinates_are_missing():
    distance, azimuth = geodesic_inverse([np.inf, 0.0], 0, 1, 0, *WGS84)
    assert np.isnan(distance).tolist() == np.isnan(azimuth).tolist() == [True, False]


def test_bad_input():
    with pytest.raises(InvalidParameter, match="beyond 90"):
        geodesic_inverse(10, 100, 0, 0, *WGS84)
    with pytest.raises(InvalidParameter, match="out of range"):
        geodesic_inverse(0, 0, 1, 1, 6378137.0, 298.257)


@pytest.mark.parametrize("a, f", [(0.0, 0.0), (-6378137.0, 0.0), (6378137.0, -1e-9), (6378137.0, 0.0501),
                                  (np.nan, 0.0), (1.0, np.nan)])
def test_ellipsoids_out_of_range(a, f):
    with pytest.raises(InvalidParameter, match="out of range"):
        geodesic_inverse(0, 0, 1, 1, a, f)


def test_the_unit_of_the_axis_is_that_of_the_distance_and_the_flattest_ellipsoid_is_served():
    # a quarter of the equator
    assert geodesic_inverse(0, 0, 90, 0, 0.5, 0.05)[0] == pytest.approx(math.pi / 4, rel=1e-12)


@pytest.mark.parametrize("lat1, lat2", [(90.5, 0), (-90.5, 0), (0, 90.5), (0, -90.5)])
def test_latitudes_beyond_the_poles(lat1, lat2):
    with pytest.raises(InvalidParameter, match="beyond 90"):
        geodesic_inverse(0, [lat1, 0], 0, [lat2, 0], *WGS84)
