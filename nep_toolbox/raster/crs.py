"""Coordinate reference systems as WKT: what they are called, whether two are one, and points in them."""

from __future__ import annotations

import numpy as np
from osgeo import osr

from ..errors import InvalidParameter

#: Beyond this far from the central meridian, in degrees, distances in a UTM zone are off by more than half a percent.
UTM_REACH = 6.0

_NO_CRS = (
    "'{}' has no CRS, so the area of a cell and distances are unknown. Assign one (Raster, Projections, Assign "
    "Projection) and run the tool again."
)


def crs_of(wkt: str) -> osr.SpatialReference:
    """The reference system of a WKT, with longitude before latitude; an empty one of an empty text."""
    crs = osr.SpatialReference()
    if wkt:
        crs.ImportFromWkt(wkt)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return crs


def crs_name(wkt: str) -> str:
    """What a reader would call a reference system: its code, else its name."""
    if not wkt:
        return "no CRS"
    crs = crs_of(wkt)
    code = crs.GetAuthorityCode(None)
    if code:
        return f"{crs.GetAuthorityName(None)}:{code}"
    name = crs.GetName() or "unnamed"
    if name.lower() in ("unnamed", "unknown"):
        return f"a custom {(crs.GetAttrValue('PROJECTION') or 'geographic').replace('_', ' ')} CRS"
    return name


def same_crs(one: str, other: str) -> bool:
    """Whether two WKT are one reference system, whatever its name and the spelling of its text."""
    if one == other:
        return True
    if not one or not other:
        return False
    first, second = crs_of(one), crs_of(other)
    if first.IsSame(second):
        return True
    if first.GetAuthorityCode(None) and second.GetAuthorityCode(None):
        return False
    return first.ExportToProj4() == second.ExportToProj4() != ""


def turn_of(wkt: str) -> float:
    """A whole turn of longitude in units of a reference system in degrees; 0 of any other, and of none."""
    crs = crs_of(wkt)
    return round(2 * np.pi / crs.GetAngularUnits(), 6) if wkt and crs.IsGeographic() else 0.0


def require_crs(wkt: str, name: str = "") -> None:
    """Raise InvalidParameter, which names the raster, if there is no reference system."""
    if not wkt:
        raise InvalidParameter(_NO_CRS.format(name or "raster"))


def crs_wkt(definition: str) -> str:
    """A reference system as WKT from a code (EPSG:32649), WKT or PROJ text.

    Raises
    ------
    InvalidParameter
        If it is none.
    """
    crs = osr.SpatialReference()
    try:
        failed = crs.SetFromUserInput(definition)
    except RuntimeError:
        failed = True
    if failed:
        raise InvalidParameter(f"'{definition}' is no coordinate reference system. Give a code such as EPSG:32649.")
    return crs.ExportToWkt()


def utm_wkt(longitude: float, latitude: float) -> str:
    """The UTM zone (WGS84) of a place."""
    zone = min(60, int((longitude + 180.0) // 6.0) + 1)
    return crs_wkt(f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}")


def ellipsoid_of(wkt: str) -> tuple:
    """Semi-major axis (m) and flattening of the ellipsoid of a reference system."""
    crs = crs_of(wkt)
    inverse = crs.GetInvFlattening()
    return crs.GetSemiMajor(), 1.0 / inverse if inverse else 0.0


def geographic_wkt(wkt: str) -> str:
    """The geographic system, in degrees, that a reference system is based on."""
    geographic = crs_of(wkt).CloneGeogCS()
    geographic.SetAngularUnits("degree", np.radians(1.0))
    return geographic.ExportToWkt()


def to_geographic(wkt: str, x: np.ndarray, y: np.ndarray) -> tuple:
    """Longitude and latitude (degrees, on the system's own datum) of map coordinates; NaN stays NaN.

    Raises
    ------
    InvalidParameter
        If there is no reference system.
    """
    require_crs(wkt)
    source = crs_of(wkt)
    target = source.CloneGeogCS()
    target.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    lon, lat = np.full(np.shape(x), np.nan), np.full(np.shape(x), np.nan)
    known = np.isfinite(x) & np.isfinite(y)
    if known.any():
        points = np.column_stack((np.asarray(x)[known], np.asarray(y)[known]))
        moved = _moved(osr.CoordinateTransformation(source, target), points)
        degrees = np.degrees(target.GetAngularUnits())
        lon[known], lat[known] = degrees * moved.T
    return lon, lat


def transformed(x: np.ndarray, y: np.ndarray, source_wkt: str, target_wkt: str) -> tuple:
    """Points in another reference system, x before y; NaN where they have no place in it."""
    transformation = osr.CoordinateTransformation(crs_of(source_wkt), crs_of(target_wkt))
    points = np.column_stack((np.ravel(x), np.ravel(y))).astype(np.float64)
    moved = _moved(transformation, points)
    moved[~np.isfinite(moved).all(axis=1)] = np.nan
    return moved[:, 0].reshape(np.shape(x)), moved[:, 1].reshape(np.shape(x))


def _moved(transformation: osr.CoordinateTransformation, points: np.ndarray) -> np.ndarray:
    """Points (n, 2) transformed; infinite or NaN where they have no place."""
    try:
        return np.array(transformation.TransformPoints(points.tolist()))[:, :2]
    except RuntimeError:  # where GDAL's exceptions are on, one point without a place ends all
        return np.array([_moved_alone(transformation, *point) for point in points.tolist()])


def _moved_alone(transformation: osr.CoordinateTransformation, x: float, y: float) -> tuple:
    try:
        return transformation.TransformPoint(x, y)[:2]
    except RuntimeError:
        return np.nan, np.nan
