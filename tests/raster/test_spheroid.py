"""Closed forms on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.raster.spheroid import area_from_equator, authalic_radius, authalic_vector

A, F = 6378137.0, 298.257223563


def test_the_radius_of_the_sphere_of_equal_area():
    """Moritz 2000, Geodetic Reference System 1980: R2 = 6371007.1810 m (GRS80)."""
    assert authalic_radius(6378137.0, 298.257222101) == pytest.approx(6371007.1810, abs=2e-4)
    assert authalic_radius(5.0, 0.0) == pytest.approx(5.0, rel=1e-15)


@pytest.mark.parametrize("latitude", [-89.999, -45.0, 0.0, 10.0, 60.0, 89.0, 89.999])
def test_the_height_on_the_sphere_is_the_area_from_the_equator(latitude):
    vector = authalic_vector(np.radians(30.0), np.radians(latitude), F)
    whole = area_from_equator(np.array(np.pi / 2), A, F)
    assert vector[2] == pytest.approx(area_from_equator(np.radians(latitude), A, F) / whole, abs=1e-15)
    assert np.linalg.norm(vector) == pytest.approx(1.0, rel=1e-15)
    assert np.arctan2(vector[1], vector[0]) == pytest.approx(np.radians(30.0))


def test_places_near_the_pole_keep_their_digits():
    """The distance from the axis of a place a metre from the pole: its meridian arc, times what maps true to area.

    Near the pole areas are pi (c t)^2 with c the polar radius of curvature a / sqrt(1 - e2) and t the angle.
    """
    square = 2 / F - 1 / F**2
    angle = 1.5e-7
    distance = np.hypot(*authalic_vector(np.array(0.3), np.array(np.pi / 2 - angle), F)[:2]) * authalic_radius(A, F)
    assert distance == pytest.approx(A / np.sqrt(1 - square) * angle, rel=1e-9)
