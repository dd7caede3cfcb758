"""The area of polygons on an ellipsoid."""

from __future__ import annotations

import numpy as np
from osgeo import ogr

from .crs import crs_of
from .spheroid import area_from_equator
from .zones import polygons_of


def polygon_area(geometry: ogr.Geometry, wkt: str) -> float:
    """Area of polygons on the ellipsoid of a reference system.

    Parameters
    ----------
    geometry : ogr.Geometry
        Longitude and latitude in degrees. Between corners the edges are straight on a map that keeps areas (equal-area
        cylindrical), so that corners must lie close.
    wkt : str
        The reference system.

    Returns
    -------
    float
        m2; 0 where the polygons have no place, or none is left.
    """
    crs = crs_of(wkt)
    ellipsoid = crs.GetSemiMajor(), crs.GetInvFlattening()
    area = 0.0
    for polygon in polygons_of(geometry):
        rings = [_ring_area(polygon.GetGeometryRef(place), ellipsoid) for place in range(polygon.GetGeometryCount())]
        area += rings[0] - sum(rings[1:]) if rings else 0.0
    return area if np.isfinite(area) else 0.0


def _ring_area(ring: ogr.Geometry, ellipsoid: tuple) -> float:
    points = np.radians(np.array(ring.GetPoints(), dtype=np.float64)[:, :2])
    if not np.isfinite(points).all():
        return np.nan
    longitude, height = np.unwrap(points[:, 0]), area_from_equator(points[:, 1], *ellipsoid)
    around = abs(longitude[-1] - longitude[0]) > np.pi  # the pole lies inside
    swept = abs(float((np.diff(longitude) * (height[1:] + height[:-1])).sum())) / 2
    return 2 * np.pi * float(area_from_equator(np.pi / 2, *ellipsoid)) - swept if around else swept
