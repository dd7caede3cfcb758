"""Distance and azimuth between points on an ellipsoid of revolution."""

from __future__ import annotations

import numpy as np

from ...errors import InvalidParameter

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
# Halvings of the interval of the azimuth: close to the equator the answer lies 1e-16 of a radian from due east, and its
# own digits are wanted too.
_HALVINGS = 115
# Sine of the reduced latitude below which a point counts as lying on the equator (about 6 nanometres).
_ON_EQUATOR = 1e-15


def geodesic_inverse(lon1, lat1, lon2, lat2, a: float, f: float) -> tuple[np.ndarray, np.ndarray]:
    """Length and initial azimuth of the shortest line between two points.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : arrays that broadcast against each other
        Degrees; NaN gives NaN.
    a : float
        Semi-major axis; its unit is the unit of the distance.
    f : float
        Flattening, 0 (a sphere) to 0.05.

    Returns
    -------
    distance : float64 array
        To better than 1e-6 m on the Earth.
    azimuth : float64 array
        At the first point, degrees clockwise from north, 0 <= azimuth < 360. NaN for two equal points. Of two or more
        shortest lines (antipodes) one is taken.

    Raises
    ------
    InvalidParameter
        A latitude beyond 90 degrees, or an ellipsoid out of range.

    Notes
    -----
    The azimuth is the root of the longitude difference of the geodesic that leaves the point farther from the equator
    and meets the other point's parallel. The root is bracketed and found by halving, so that it converges for every
    pair of points, antipodes included; the two elliptic integrals are evaluated by Gauss quadrature.

    References
    ----------
    Bessel, F. W. (1825), in English: doi:10.1002/asna.201011352
    Karney, C. F. F. (2013). doi:10.1007/s00190-012-0578-z
    """
    if not (a > 0 and 0 <= f <= 0.05):
        raise InvalidParameter(f"An ellipsoid with semi-major axis {a} and flattening {f} is out of range.")
    points = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (lon1, lat1, lon2, lat2)))
    shape = points[0].shape
    lon1, lat1, lon2, lat2 = (value.ravel() for value in points)
    if np.any(np.abs(lat1) > 90) or np.any(np.abs(lat2) > 90):
        raise InvalidParameter("A latitude lies beyond 90 degrees: are the coordinates in degrees, longitude first?")
    distance = np.full(lon1.shape, np.nan)
    azimuth = np.full(lon1.shape, np.nan)
    known = ~np.isnan(lon1 + lat1 + lon2 + lat2)
    if known.any():
        distance[known], azimuth[known] = _inverse(lon1[known], lat1[known], lon2[known], lat2[known], a, f)
    return distance.reshape(shape), azimuth.reshape(shape)


def _inverse(lon1, lat1, lon2, lat2, a: float, f: float) -> tuple[np.ndarray, np.ndarray]:
    turn = lon2 - lon1
    turn = turn - 360.0 * np.round(turn / 360.0)
    same = (lat1 == lat2) & ((turn == 0) | (np.abs(lat1) == 90))
    # Mirror and swap until the first point is the one farther from the equator, in the south, and the second lies east.
    east = np.where(turn < 0, -1.0, 1.0)
    swapped = np.abs(lat1) < np.abs(lat2)
    first, second = np.where(swapped, lat2, lat1), np.where(swapped, lat1, lat2)
    north = np.where(first <= 0, 1.0, -1.0)
    sin1, cos1 = _reduced(first * north, f)
    sin2, cos2 = _reduced(second * north, f)
    longitude = np.radians(np.abs(turn))
    flat = np.abs(sin1) < _ON_EQUATOR
    sin1, sin2 = np.where(flat, -_ON_EQUATOR, sin1), np.where(flat, -_ON_EQUATOR, sin2)

    # The azimuth is a right angle minus tilt, so that directions close to east keep their digits.
    low, high = np.full(sin1.shape, -np.pi / 2), np.full(sin1.shape, np.pi / 2)
    for _ in range(_HALVINGS):
        tilt = 0.5 * (low + high)
        beyond = _line(tilt, sin1, cos1, sin2, f)[0] > longitude
        low, high = np.where(beyond, tilt, low), np.where(beyond, high, tilt)
    tilt = 0.5 * (low + high)
    _, integral, along2 = _line(tilt, sin1, cos1, sin2, f)
    distance = a * (1 - f) * integral

    # Clairaut: cos(beta) sin(azimuth) is the same at both ends.
    clairaut = np.cos(tilt) * cos1
    sine = np.where(swapped, clairaut, np.cos(tilt)) * east
    cosine = np.where(swapped, -along2, np.sin(tilt)) * north
    equatorial = flat & (longitude <= (1 - f) * np.pi)
    distance = np.where(equatorial, a * longitude, distance)
    sine, cosine = np.where(equatorial, east, sine), np.where(equatorial, 0.0, cosine)
    azimuth = np.degrees(np.arctan2(sine, cosine)) % 360.0
    # A tiny negative angle plus 360 rounds to 360.
    azimuth = np.where(azimuth >= 360.0, 0.0, azimuth)
    return np.where(same, 0.0, distance), np.where(same, np.nan, azimuth)


def _reduced(latitude: np.ndarray, f: float) -> tuple[np.ndarray, np.ndarray]:
    """Sine and cosine of the reduced latitude."""
    sine, cosine = (1 - f) * np.sin(np.radians(latitude)), np.cos(np.radians(latitude))
    norm = np.hypot(sine, cosine)
    return sine / norm, cosine / norm


def _line(tilt, sin1, cos1, sin2, f: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Geodesic from the first point to where it meets the second's parallel going north.

    Returns its longitude difference, its length in units of the semi-minor axis, and ``cos(azimuth) cos(beta)`` at its
    end.
    """
    clairaut = np.cos(tilt) * cos1
    along1 = np.sin(tilt) * cos1
    along2 = np.sqrt(along1 * along1 + (sin1 - sin2) * (sin1 + sin2))
    start, end = np.arctan2(sin1, along1), np.arctan2(sin2, along2)
    sphere = np.arctan2(clairaut * sin2, along2) - np.arctan2(clairaut * sin1, along1)
    squared = (1 / (1 - f) ** 2 - 1) * (1 - clairaut * clairaut)
    half = 0.5 * (end - start)
    middle = 0.5 * (end + start)
    length = np.zeros_like(half)
    shift = np.zeros_like(half)
    for node, weight in zip(_NODES.tolist(), _WEIGHTS.tolist()):
        stretch = np.sqrt(1 + squared * np.sin(middle + node * half) ** 2)
        length += weight * stretch
        shift += weight * ((2 - f) / (1 + (1 - f) * stretch))
    return sphere - f * clairaut * (shift * half), length * half, along2
