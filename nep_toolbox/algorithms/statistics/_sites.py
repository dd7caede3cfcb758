"""Values observed at sites, such as those of flux towers, and what a series of rasters has there."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsFeatureRequest, QgsWkbTypes

from ...core.checkpoint import watched
from ...errors import InvalidParameter
from ...framework.cell_values import values_of_cells
from ...framework.features import field_number, field_value, read_features, text_of
from ...framework.reference_systems import sound
from ...framework.texts import tr
from ...raster.crs import crs_wkt, transformed
from ...raster.grid import Grid
from ...raster.reader import StackReader
from ...raster.wording import counted, listed

#: What tables of sites call longitude and latitude, and coordinates of the rasters, in lower case.
_LONGITUDE = ("longitude", "location_long", "long", "lon", "lng")
_LATITUDE = ("latitude", "location_lat", "lat")
_X, _Y = ("x", "easting"), ("y", "northing")

_FIELDS = ("SITE_FIELD", "YEAR_FIELD", "VALUE_FIELD")

#: What data of flux towers have where a value is missing.
_GAP = -9999.0

_PREFERRED = QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED
_POINTS = QgsWkbTypes.GeometryType.PointGeometry
_NO_GEOMETRY = QgsWkbTypes.GeometryType.NullGeometry


class Sites(NamedTuple):
    """Rows of a table of sites, in an order of their own; each array is (rows,).

    Attributes
    ----------
    name : str
        Of the layer.
    site : list of str
    year : int array
    value : float array
    x, y : float arrays
        In the CRS of the rasters; NaN where a row has no place in it.
    """

    name: str
    site: list
    year: np.ndarray
    value: np.ndarray
    x: np.ndarray
    y: np.ndarray


def site_source(parameters):
    """The source of POINTS; for the main thread only.

    Raises
    ------
    InvalidParameter
        If it cannot be loaded, or holds lines or polygons.
    """
    source = parameters.source("POINTS")
    if source is None:
        raise InvalidParameter(
            tr("'{}' is no layer of points and no table that QGIS can load. Choose another for ⟨POINTS⟩.").format(
                parameters.raw("POINTS")
            )
        )
    if QgsWkbTypes.geometryType(source.wkbType()) not in (_POINTS, _NO_GEOMETRY):
        raise InvalidParameter(
            tr("'{}' holds lines or polygons. Choose points or a table for ⟨POINTS⟩.").format(source.sourceName())
        )
    return source


def read_sites(run, source, grid: Grid) -> Sites:
    """The rows of a table of sites that have a year and a value.

    Raises
    ------
    InvalidParameter
        If there is none, or the table does not say where its sites are.
    """
    name, places = source.sourceName(), _Places(source)
    wkt = _wkt(run, source, places, grid)
    fields = [source.fields().lookupField(run.parameters.text(key)) for key in _FIELDS]
    rows, gaps, odd = [], 0, []
    for feature in watched(read_features(source, QgsFeatureRequest())):
        values = feature.attributes()
        site, year, value = (field_value(values[field]) if field >= 0 else None for field in fields)
        number, when = field_number(value), _year(year)
        if number is None or when is None and year is not None:
            odd.append(value if number is None else year)
        elif when is None or number == _GAP or not np.isfinite(number):
            gaps += 1
        else:
            rows.append((text_of(site), when, number, *places.of(feature, values)))
    if odd:
        run.log.warn(
            tr("{} of '{}' left out: '{}' is no number, or no year with four digits.").format(
                counted(len(odd), "row"), name, odd[0]
            )
        )
    if gaps:
        run.log.info(tr("{} of '{}' without a value (empty or -9999).").format(counted(gaps, "row"), name))
    if not rows:
        raise InvalidParameter(
            tr("'{}' has no row with a year and a value. Look at ⟨YEAR_FIELD⟩ and ⟨VALUE_FIELD⟩.").format(name)
        )
    if run.parameters.text("SITE_FIELD") == "":
        rows = _numbered(rows)
    rows.sort()  # so that no sum depends on the order of the rows
    site, year, value, x, y = zip(*rows)
    x, y = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    if wkt and grid.wkt:
        x, y = transformed(x, y, wkt, grid.wkt)
    return Sites(name, list(site), np.array(year), np.array(value, dtype=np.float64), x, y)


def require_fields(parameters, source) -> None:
    """Refuse a table that lacks a field, before anything is computed."""
    names = source.fields().names()
    for key in _FIELDS:
        field = parameters.text(key)
        if field and source.fields().lookupField(field) < 0:
            raise InvalidParameter(
                tr("'{}' has no field '{}'. Choose one of: {}.").format(source.sourceName(), field, ", ".join(names))
            )


class _Places:
    """Where the rows of a source are: its geometry, else fields with coordinates."""

    def __init__(self, source):
        self.by_field, self.in_degrees = None, False
        if QgsWkbTypes.geometryType(source.wkbType()) == _POINTS:
            return
        names = [each.lower() for each in source.fields().names()]
        for across, up in ((_LONGITUDE, _LATITUDE), (_X, _Y)):
            found = [next((names.index(each) for each in some if each in names), None) for some in (across, up)]
            if None not in found:
                self.by_field, self.in_degrees = found, across == _LONGITUDE
                return
        raise InvalidParameter(
            tr("The table '{}' does not say where its sites are. Make points of it (Create points layer from table), "
               "or give it fields that are called longitude and latitude (WGS 84), or x and y (in the CRS of the "
               "rasters). It has: {}.").format(source.sourceName(), ", ".join(source.fields().names()))
        )

    def of(self, feature, values: list) -> tuple:
        """Coordinates of a row; NaN where it has none."""
        if self.by_field:
            numbers = (field_number(field_value(values[field])) for field in self.by_field)
            return tuple(np.nan if number is None else number for number in numbers)
        geometry = feature.geometry()
        if geometry.isNull() or geometry.isEmpty():
            return np.nan, np.nan
        point = geometry.centroid().asPoint()
        return point.x(), point.y()


def _wkt(run, source, places: _Places, grid: Grid) -> str:
    """The CRS of the coordinates of a source; empty where it is that of the rasters."""
    if places.by_field:
        run.log.info(tr("'{}' is a table: its sites lie at the coordinates of its fields '{}' and '{}'.").format(
            source.sourceName(), *(source.fields().names()[field] for field in places.by_field)))
        return crs_wkt("EPSG:4326") if places.in_degrees else ""
    if not source.sourceCrs().isValid() or not grid.wkt:
        run.log.warn(
            tr("'{}' or the rasters have no CRS: its coordinates are taken for those of the rasters.").format(
                source.sourceName()
            )
        )
        return ""
    return sound(source.sourceCrs(), source.sourceName()).toWkt(_PREFERRED)


def _year(value) -> int | None:
    """The year of a field's value: a number, or a text or date that begins with it; None where there is none."""
    found = re.match(r"\s*(\d{4})(?:\.0*)?(?!\d)", str(value))
    return int(found[1]) if found else None


def _numbered(rows: list) -> list:
    """Rows without names of sites: rows at one place are a site, numbered in the order of the coordinates."""
    numbers = {place: str(number) for number, place in enumerate(sorted({row[3:] for row in rows}), 1)}
    return [(numbers[row[3:]], *row[1:]) for row in rows]


def cells_of(run, sites: Sites, grid: Grid) -> tuple:
    """Column and row of the pixel of each row of a table of sites; -1 for what lies beyond the raster.

    Sites beyond the raster are named in the log.

    Raises
    ------
    InvalidParameter
        If all of them lie beyond it.
    """
    cells = grid.cells_at(sites.x, sites.y)
    inside = cells[0] >= 0
    beyond = sorted({site for site, lies in zip(sites.site, inside) if not lies})
    if not inside.any():
        raise InvalidParameter(
            tr("All sites of '{}' lie beyond the raster. Look at the CRS of the points, or at their coordinates.")
            .format(sites.name)
        )
    if beyond:
        run.log.warn(tr("Sites beyond the raster: {}.").format(listed(beyond)))
    return cells


def _within(place: np.ndarray, size: int) -> np.ndarray:
    return (place >= 0) & (place < size)


def values_at(run, series, cells: tuple, part: tuple, reach: int = 0) -> np.ndarray:
    """What a series has at pixels.

    Parameters
    ----------
    run : Run
    series : Series
    cells : (int array (p,), int array (p,))
        Columns and rows; -1 beyond the raster.
    part : (start, end)
        The part of the run, for the progress bar.
    reach : int
        The mean is taken of the valid pixels so far around, as far as they are in the raster.

    Returns
    -------
    float array (steps, p)
        NaN where no pixel has a value.
    """
    grid, steps = series.grid, np.arange(-reach, reach + 1)
    col, row = (np.add.outer(shift.ravel(), place) for shift, place in zip(np.meshgrid(steps, steps), cells))
    inside = _within(col, grid.width) & _within(row, grid.height) & (cells[0] >= 0)
    numbers = np.where(inside, row * grid.width + col, -1)
    found = values_of_cells(run, StackReader.of(series), grid, numbers.ravel(), part)
    return _means(found.reshape(len(found), *numbers.shape))


def _means(stack: np.ndarray) -> np.ndarray:
    """Mean of the valid values over the second axis of (steps, pixels, p)."""
    valid = np.isfinite(stack)
    number = np.count_nonzero(valid, axis=1)
    return np.where(valid, stack, 0.0).sum(axis=1, dtype=np.float64) / np.where(number > 0, number, np.nan)
