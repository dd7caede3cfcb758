"""Distance and azimuth between points on an ellipsoid of revolution."""

from __future__ import annotations

import numpy as np

from ...errors import InvalidParameter


def geodesic_inverse(lon1, lat1, lon2, lat2, a: float, f: float) -> tuple[np.ndarray, np.ndarray]:
    """Length and initial azimuth of the shortest line between two points.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : arrays that broadcast against each other
        Degrees; NaN and infinite values give NaN.
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

    References
    ----------
    Karney, C. F. F. (2013). doi:10.1007/s00190-012-0578-z
    """
    from pyproj import Geod

    if not (a > 0 and 0 <= f <= 0.05):
        raise InvalidParameter(f"An ellipsoid with semi-major axis {a} and flattening {f} is out of range.")
    points = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (lon1, lat1, lon2, lat2)))
    if np.any(np.abs(points[1]) > 90) or np.any(np.abs(points[3]) > 90):
        raise InvalidParameter("A latitude lies beyond 90 degrees: are the coordinates in degrees, longitude first?")
    distance, azimuth = (np.full(points[0].shape, np.nan) for _ in range(2))
    known = np.isfinite(points).all(axis=0)
    forward, _, length = Geod(a=a, f=f).inv(*(value[known] for value in points))
    forward = np.asarray(forward) % 360.0
    # A tiny negative angle plus 360 rounds to 360.
    forward[forward == 360.0] = 0.0
    forward[np.asarray(length) == 0.0] = np.nan
    distance[known], azimuth[known] = length, forward
    return distance, azimuth
