"""Points a user gives to have the values of a raster there."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsPointXY,
    QgsProcessing,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterPoint,
    QgsWkbTypes,
)

from ..core.checkpoint import watched
from ..errors import InvalidParameter
from ..raster.grid import Grid
from ..raster.wording import counted, listed
from .features import read_features, text_of
from .reference_systems import sound
from .texts import tr


class Points(NamedTuple):
    """Points on the grid of a raster.

    Attributes
    ----------
    names : list of str
        Each once.
    x, y : float64 arrays (points,)
        In the CRS of the grid; NaN where a point has no place in it.
    cells : int64 array (points,)
        The number of the cell that each lies in, row by row from 0; -1 beyond the grid.
    """

    names: list
    x: np.ndarray
    y: np.ndarray
    cells: np.ndarray


def add_points(tool) -> None:
    """Declare POINTS, POINT_FIELD and POINT."""
    tool.add(
        QgsProcessingParameterFeatureSource(
            "POINTS", tr("Points"), [QgsProcessing.SourceType.TypeVectorPoint], optional=True
        ),
        "Points, in any CRS; each takes the pixel that it lies in. Every part of a multipoint is a point.",
    )
    tool.add(
        QgsProcessingParameterField(
            "POINT_FIELD", tr("Field with the names of the points"), parentLayerParameterName="POINTS", optional=True
        ),
        "Empty: a point is called by the number of its feature. Points of one name get a number behind it.",
    )
    tool.add(
        QgsProcessingParameterPoint("POINT", tr("A point on the map"), optional=True),
        "A point to click on the map, instead of a layer of points or beside it: the button at the right of the box.",
    )


class GivenPoints(NamedTuple):
    """What was given for POINTS, POINT_FIELD and POINT.

    Attributes
    ----------
    source : QgsProcessingFeatureSource or None
        The layer, whose features are read when they are wanted: of many that takes a while.
    field : str
        With the names.
    clicked : (QgsCoordinateReferenceSystem, QgsPointXY) or None
    transform_context : QgsCoordinateTransformContext
    """

    source: object
    field: str
    clicked: tuple | None
    transform_context: object

    @classmethod
    def read(cls, parameters) -> GivenPoints:
        """What was given; for the main thread only.

        Raises
        ------
        InvalidParameter
            If no point was given, or the layer cannot be loaded.
        """
        source = parameters.source("POINTS")
        if source is None and parameters.raw("POINTS") not in (None, ""):
            raise InvalidParameter(
                tr("'{}' is no layer of points that QGIS can load. Choose another layer for ⟨POINTS⟩.").format(
                    parameters.raw("POINTS")
                )
            )
        clicked = parameters.point("POINT")[::-1] if parameters.given("POINT") else None
        if source is None and clicked is None:
            raise _none_given()
        return cls(source, parameters.text("POINT_FIELD"), clicked, parameters.context.transformContext())

    def on_grid(self, grid: Grid, log) -> Points:
        """The points on a grid, in the order given; what the user should know of them goes to the log.

        Raises
        ------
        InvalidParameter
            If the layer lacks the field, or holds no point.
        """
        names, places = [], array("d")
        if self.source is not None:
            move = _Move(sound(self.source.sourceCrs(), self.source.sourceName()), grid, self.transform_context)
            for name, point in _points_of(self.source, self.field, log):
                names.append(name)
                places.extend(move(point.x(), point.y()))
        if self.clicked:
            crs, point = self.clicked
            names.append(tr("clicked"))
            places.extend(_Move(crs, grid, self.transform_context)(point.x(), point.y()))
        if not names:
            raise InvalidParameter(
                tr("The layer '{}' holds no point. Choose another one for ⟨POINTS⟩.").format(self.source.sourceName())
            )
        x, y = np.array(places).reshape(-1, 2).T
        col, row = grid.cells_at(x, y)
        return Points(_distinct(names, log), x, y, np.where(col < 0, -1, row * grid.width + col))


def require_points(parameters) -> None:
    """Raise InvalidParameter where neither POINTS nor POINT was given; in a model their values may come later."""
    if all(parameters.raw(name) in (None, "") for name in ("POINTS", "POINT")):
        raise _none_given()


def _none_given() -> InvalidParameter:
    return InvalidParameter(tr(
        "No point was given. Choose a layer of points for ⟨POINTS⟩, or click a point on the map for ⟨POINT⟩."
    ))


def _points_of(source, field: str, log) -> Iterator[tuple]:
    """Name and place of each point of a layer; features without a place are left out, and counted in a warning."""
    if field and source.fields().lookupField(field) < 0:
        raise InvalidParameter(
            tr("The points have no field '{}'. Choose one of: {}.").format(field, ", ".join(source.fields().names()))
        )
    if not source.sourceCrs().isValid():
        log.warn(tr("The layer of points has no CRS: its coordinates are taken for those of the raster."))
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([field] if field else [], source.fields())
    empty = 0
    for feature in watched(read_features(source, request)):
        name = (text_of(feature[field]) if field else "") or str(feature.id())
        found = _points(feature.geometry())
        empty += not found
        for point in found:
            yield name, point
    if empty:
        log.warn(tr("The layer of points has {} without a place, left out.").format(counted(empty, "feature")))


class _Move:
    """Brings points into the CRS of a grid; NaN where they have no place in it."""

    def __init__(self, crs: QgsCoordinateReferenceSystem, grid: Grid, transform_context):
        target = QgsCoordinateReferenceSystem.fromWkt(grid.wkt)
        alike = not crs.isValid() or not target.isValid() or crs == target
        self._transform = None if alike else QgsCoordinateTransform(crs, target, transform_context)

    def __call__(self, x: float, y: float) -> tuple:
        if self._transform is None:
            return x, y
        try:
            moved = self._transform.transform(QgsPointXY(x, y))
        except QgsCsException:
            return np.nan, np.nan
        return moved.x(), moved.y()


def _points(geometry) -> list:
    """The points of a geometry."""
    if geometry.isNull() or geometry.isEmpty() or geometry.type() != QgsWkbTypes.GeometryType.PointGeometry:
        return []
    return geometry.asMultiPoint() if geometry.isMultipart() else [geometry.asPoint()]


def _distinct(names: list, log) -> list:
    """The names, each once: what was there before gets a number behind it."""
    given, counts, found, doubled = set(names), {}, [], {}
    if len(given) == len(names):
        return names
    for name in names:
        free = name
        while counts.get(name) and (free == name or free in given):
            counts[name] += 1
            free = f"{name} ({counts[name]})"
        counts.setdefault(name, 1)
        if free != name:
            doubled[name] = None
        given.add(free)
        found.append(free)
    log.warn(
        tr("Several points are called {}: all but the first have a number behind the name.").format(
            listed(list(doubled))
        )
    )
    return found
