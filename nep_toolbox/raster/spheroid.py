"""Areas on an ellipsoid of revolution in closed form.

Snyder 1987, Map Projections: A Working Manual, eq. 3-11 to 3-13, doi:10.3133/pp1395.
"""

from __future__ import annotations

import math

import numpy as np


def area_from_equator(latitude: np.ndarray, semi_major: float, inverse_flattening: float) -> np.ndarray:
    """Area of the ellipsoid from the equator to a latitude (radians), per radian of longitude."""
    sine = np.sin(latitude)
    square = _square(inverse_flattening)
    if square < 1e-12:
        return semi_major**2 * sine
    eccentricity = math.sqrt(square)
    q = sine / (1.0 - square * sine**2) + np.arctanh(eccentricity * sine) / eccentricity
    return semi_major**2 * (1.0 - square) / 2.0 * q


def authalic_radius(semi_major: float, inverse_flattening: float) -> float:
    """Radius of the sphere with the area of the ellipsoid."""
    return math.sqrt(float(area_from_equator(np.array(np.pi / 2), semi_major, inverse_flattening)))


def authalic_vector(longitude: np.ndarray, latitude: np.ndarray, inverse_flattening: float) -> np.ndarray:
    """Unit vectors (..., 3) to the places on a sphere to which the ellipsoid is mapped true to area; angles in radians.

    The part of the hemisphere beyond a latitude is computed without a difference of large numbers, so that places near
    a pole keep their digits.
    """
    square = _square(inverse_flattening)
    # 1 - |sin(latitude)|
    lack = 2.0 * np.sin((np.pi / 2 - np.abs(latitude)) / 2) ** 2
    sine = 1.0 - lack
    if square < 1e-12:
        beyond = lack
    else:
        eccentricity = math.sqrt(square)
        rest = lack * (1 + square * sine) / ((1 - square) * (1 - square * sine**2))
        rest = rest + np.arctanh(eccentricity * lack / (1 - square * sine)) / eccentricity
        beyond = rest / (1 / (1 - square) + math.atanh(eccentricity) / eccentricity)
    cosine = np.sqrt(beyond * (2.0 - beyond))
    height = np.sign(latitude) * (1.0 - beyond)
    return np.stack([cosine * np.cos(longitude), cosine * np.sin(longitude), height], axis=-1)


def _square(inverse_flattening: float) -> float:
    """The square of the eccentricity."""
    flattening = 1.0 / inverse_flattening if inverse_flattening else 0.0
    return flattening * (2.0 - flattening)
