"""Regions: polygons a user gives to have numbers for each of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

from osgeo import ogr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsGeometry,
    QgsRectangle,
    QgsWkbTypes,
)

from ..errors import InvalidParameter
from ..raster.bounds import Bounds
from ..raster.crs import geographic_wkt
from ..raster.grid import Grid
from ..raster.polygon_area import polygon_area
from ..raster.zones import ALL, Region, to_cells
from .features import read_features, text_of
from .reference_systems import sound

#: An edge is cut into at least so many pieces over the width of a region before it is projected.
PIECES = 200

_PREFERRED = QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED


@dataclass(frozen=True)
class RawRegion:
    """A region as read from a layer: name, geometry and CRS, taken in the main thread."""

    name: str
    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem


class RegionShapes(NamedTuple):
    """The regions as they were given, one geometry a name.

    Attributes
    ----------
    geometries : list of QgsGeometry
        Multipolygons without heights, in the order of `regions_on_grid`.
    wkt : str
        Their CRS.
    """

    geometries: list
    wkt: str


def read_regions(parameters, name: str, field_name: str, feedback) -> list:
    """The regions a user gave, as RawRegion; empty where none were given. For the main thread only.

    ``name`` and ``field_name`` are the parameters of the layer and of its field; an empty one: no field.

    Raises
    ------
    InvalidParameter
        If the layer cannot be loaded, lacks the field or holds no polygon.
    """
    source = parameters.source(name)
    if source is None:
        if parameters.raw(name) not in (None, ""):
            raise InvalidParameter(
                f"'{parameters.raw(name)}' is no layer of polygons that QGIS can load. Choose another layer for "
                f"⟨{name}⟩."
            )
        return []
    field = parameters.text(field_name) if field_name else ""
    if field and source.fields().lookupField(field) < 0:
        names = ", ".join(source.fields().names())
        raise InvalidParameter(f"The regions have no field '{field}'. Choose one of: {names}.")
    crs = sound(source.sourceCrs(), source.sourceName())
    if not crs.isValid():
        feedback.pushWarning("The layer of regions has no CRS: its coordinates are taken for those of the rasters.")
    features = list(read_features(source, QgsFeatureRequest()))
    regions = []
    for feature, name in zip(features, _names(features, field)):
        geometry = feature.geometry()
        if geometry.isNull() or geometry.isEmpty():
            feedback.pushWarning(f"The region '{name}' has no geometry and is left out.")
            continue
        regions.append(RawRegion(name, _valid(geometry, name, feedback), crs))
    if not regions:
        raise InvalidParameter("The layer of regions holds no polygon. Choose another layer, or leave regions empty.")
    return regions


def _names(features: list, field: str) -> list:
    """The name of the region of each feature: the value of the field, else the number of the feature.

    Features of one value form one region. No other region bears the name of the whole raster, nor one that a feature
    gets for want of a value.
    """
    given = [text_of(feature[field]) if field else "" for feature in features]
    taken = {ALL, *given}
    whole = _free(f"{ALL} (region)", taken)
    names = []
    for feature, text in zip(features, given):
        names.append(whole if text == ALL else text or _free(f"feature {feature.id()}", taken))
    return names


def _free(name: str, taken: set) -> str:
    """The name, with a number behind it if it is taken; then it is."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    taken.add(free)
    return free


def _valid(geometry: QgsGeometry, name: str, feedback) -> QgsGeometry:
    geometry.convertToStraightSegment()
    if geometry.isGeosValid():
        return geometry
    mended = geometry.makeValid()
    if mended.isNull() or mended.area() == 0:
        raise InvalidParameter(
            f"The polygon of the region '{name}' is invalid and could not be mended. Repair it (Fix geometries)."
        )
    feedback.pushWarning(
        f"The polygon of the region '{name}' is invalid (it crosses itself) and was mended: look at its area."
    )
    return mended


def regions_on_grid(raw: list, grid: Grid, transform_context, turns: bool = True) -> tuple:
    """Regions on the grid of a raster, joined by name in the order of their first feature.

    Parameters
    ----------
    raw : list of RawRegion
    grid : Grid
    transform_context : QgsCoordinateTransformContext
    turns : bool
        Whether polygons in degrees also lie whole turns of longitude farther on, where the grid counts so.

    Returns
    -------
    tuple of Region

    Raises
    ------
    InvalidParameter
        If a region cannot be brought into the CRS of the raster.
    """
    target = QgsCoordinateReferenceSystem.fromWkt(grid.wkt)
    return tuple(
        replace(
            _region(name, [_on_grid(part, grid, target, transform_context) for part in parts], grid, turns),
            area=_area(parts, grid, target, transform_context),
        )
        for name, parts in _by_name(raw).items()
    )


def region_shapes(raw: list, grid: Grid) -> RegionShapes:
    """Regions joined by name, neither cut nor projected; those of a layer without CRS are in that of the grid."""
    crs = raw[0].crs if raw else QgsCoordinateReferenceSystem()
    geometries = []
    for parts in _by_name(raw).values():
        geometry = QgsGeometry.collectGeometry(_polygons(_joined([part.geometry for part in parts])))
        if not geometry.isNull():
            geometry.get().dropZValue()
            geometry.get().dropMValue()
        geometries.append(geometry)
    return RegionShapes(geometries, crs.toWkt(_PREFERRED) if crs.isValid() else grid.wkt)


def _by_name(raw: list) -> dict:
    """The parts of each region, in the order of the first."""
    joined: dict = {}
    for region in raw:
        joined.setdefault(region.name, []).append(region)
    return joined


def _on_grid(region: RawRegion, grid: Grid, target: QgsCoordinateReferenceSystem, transform_context) -> QgsGeometry:
    if region.crs.isValid() and target.isValid() and region.crs != target:
        return _projected(region, grid, target, transform_context)
    return QgsGeometry(region.geometry)


def _area(parts: list, grid: Grid, target: QgsCoordinateReferenceSystem, transform_context) -> float:
    """Area of a whole region (m2) on the ellipsoid of the grid; 0 where the grid has no CRS or the region no place.

    Its edges are straight in its own CRS. That of the grid may fold over what lies far from the grid.
    """
    if not target.isValid():
        return 0.0
    own = parts[0].crs if parts[0].crs.isValid() else target
    degrees = QgsCoordinateReferenceSystem.fromWkt(geographic_wkt(grid.wkt))
    geometry = _densified(_joined([part.geometry for part in parts]))
    try:
        geometry.transform(QgsCoordinateTransform(own, degrees, transform_context))
    except QgsCsException:
        return 0.0
    return polygon_area(ogr.CreateGeometryFromWkb(bytes(geometry.asWkb())), grid.wkt)


def _densified(geometry: QgsGeometry) -> QgsGeometry:
    """Polygons with corners so close that their edges stay where they are in another CRS.

    Of a collection, which a repair or a cut may leave, only the polygons: QGIS 3.22 crashes at what else is in it.
    """
    if QgsWkbTypes.flatType(geometry.wkbType()) == QgsWkbTypes.Type.GeometryCollection:
        geometry = QgsGeometry.collectGeometry(_polygons(geometry))
    box = geometry.boundingBox()
    return geometry.densifyByDistance(max(box.width(), box.height()) / PIECES)


def _polygons(geometry: QgsGeometry) -> list:
    if geometry.isMultipart():
        return [polygon for part in geometry.asGeometryCollection() for polygon in _polygons(part)]
    return [geometry] if geometry.type() == QgsWkbTypes.GeometryType.PolygonGeometry else []


def _joined(parts: list) -> QgsGeometry:
    return parts[0] if len(parts) == 1 else QgsGeometry.unaryUnion(parts)


def _projected(region: RawRegion, grid: Grid, target: QgsCoordinateReferenceSystem, transform_context) -> QgsGeometry:
    """The polygon in the CRS of the grid; its edges stay straight in its own CRS."""
    geometry = _near(region, grid, target, transform_context)
    if geometry.isEmpty():
        return geometry
    geometry = _densified(geometry)
    try:
        geometry.transform(QgsCoordinateTransform(region.crs, target, transform_context))
    except QgsCsException as error:
        raise InvalidParameter(
            f"The region '{region.name}' cannot be projected from {region.crs.authid()} to {grid.crs_name}: "
            f"{error}. Check the CRS of the layer of regions."
        ) from error
    return geometry


def _near(region: RawRegion, grid: Grid, target: QgsCoordinateReferenceSystem, transform_context) -> QgsGeometry:
    """The polygon cut to the surroundings of the grid: far from where its CRS is meant for, a projection folds over."""
    if grid.turn and region.crs.isGeographic():
        return region.geometry  # degrees are degrees everywhere, and a turn farther on
    box = QgsRectangle(*Bounds.of(grid))
    try:
        box = QgsCoordinateTransform(target, region.crs, transform_context).transformBoundingBox(box)
    except QgsCsException:
        return region.geometry
    box.grow(0.25 * max(box.width(), box.height()))
    if box.contains(region.geometry.boundingBox()):
        return region.geometry
    return region.geometry.intersection(QgsGeometry.fromRect(box))


def _region(name: str, parts: list, grid: Grid, turns: bool) -> Region:
    geometry = _joined(parts)
    if turns and grid.turn and not geometry.isEmpty():
        geometry = _turned(geometry, grid)
    if geometry.isNull() or not (geometry.isEmpty() or all(math.isfinite(end) for end in _ends(geometry))):
        raise InvalidParameter(
            f"The region '{name}' has no place in the CRS of the rasters, {grid.crs_name}. Cut it to the area where "
            f"that CRS holds, or repair it (Fix geometries)."
        )
    return to_cells(name, ogr.CreateGeometryFromWkb(bytes(geometry.asWkb())), grid)


def _turned(geometry: QgsGeometry, grid: Grid) -> QgsGeometry:
    """A polygon in degrees, and what of it lies in a grid whose longitudes count otherwise."""
    around, found = Bounds.of(grid), [geometry]
    for shift in (-grid.turn, grid.turn):
        box = geometry.boundingBox()
        if box.xMinimum() + shift < around.right and box.xMaximum() + shift > around.left:
            moved = QgsGeometry(geometry)
            moved.translate(shift, 0.0)
            found.append(moved)
    return _joined(found)


def _ends(geometry: QgsGeometry) -> tuple:
    box = geometry.boundingBox()
    return box.xMinimum(), box.xMaximum(), box.yMinimum(), box.yMaximum()
