"""Polygons on a grid: which cell centres lie in which region."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from osgeo import gdal, ogr, osr

from ..core.checkpoint import checkpoint
from ..core.labels import Labels
from .grid import Grid, Window

#: The name of the region that is the whole raster.
ALL = "all"

#: Corners of polygons are moved to this fraction of a cell. Cutting the grid into blocks shifts them by whole cells,
#: which is then exact, so that a cell belongs to the same region whatever the blocks are.
LATTICE = 2.0**-20


@dataclass(frozen=True)
class Region:
    """A named area.

    Parameters
    ----------
    name : str
    wkb : bytes
        Polygons in column and row coordinates of the grid, from `to_cells`.
    envelope : tuple of float
        Least and greatest column, least and greatest row.
    area : float
        Of the whole polygon, also where it reaches beyond the grid, on the ellipsoid (m2); 0 where it is not known.
    """

    name: str
    wkb: bytes
    envelope: tuple
    area: float = 0.0


def to_cells(name: str, geometry: ogr.Geometry, grid: Grid) -> Region:
    """A region from a polygon in the CRS of the grid."""
    cells = ogr.Geometry(ogr.wkbMultiPolygon)
    for polygon in polygons_of(geometry):
        moved = ogr.Geometry(ogr.wkbPolygon)
        for ring in (polygon.GetGeometryRef(index) for index in range(polygon.GetGeometryCount())):
            points = np.array(ring.GetPoints(), dtype=np.float64)[:, :2]
            col, row = (np.rint(place / LATTICE) * LATTICE for place in grid.cell_of(points[:, 0], points[:, 1]))
            line = ogr.Geometry(ogr.wkbLinearRing)
            for u, v in zip(col.tolist(), row.tolist()):
                line.AddPoint_2D(u, v)
            moved.AddGeometry(line)
        cells.AddGeometry(moved)
    return Region(name, bytes(cells.ExportToWkb()), cells.GetEnvelope())


@dataclass(frozen=True)
class ZoneReader:
    """Reads the regions of a window like a raster.

    A cell belongs to a region if its centre lies in it. Regions may overlap; they are named by their index in
    ``regions``.
    """

    regions: tuple
    bytes_per_cell: int = 16

    def read(self, window: Window) -> Labels:
        """Which regions the cells of a window lie in."""
        cells, zones = [], []
        for index, region in enumerate(self.regions):
            checkpoint()
            inside = self._cells(region, window)
            if inside.size:
                cells.append(inside)
                zones.append(np.full(inside.size, index, dtype=np.int64))
        nothing = np.empty(0, dtype=np.int64)
        return Labels.of_pairs(
            (window.height, window.width), np.concatenate([nothing, *cells]), np.concatenate([nothing, *zones])
        )

    @staticmethod
    def _cells(region: Region, window: Window) -> np.ndarray:
        left, right, top, bottom = region.envelope
        first_col, last_col = max(window.col, math.floor(left)), min(window.col + window.width, math.ceil(right))
        first_row, last_row = max(window.row, math.floor(top)), min(window.row + window.height, math.ceil(bottom))
        if first_col >= last_col or first_row >= last_row:
            return np.empty(0, dtype=np.int64)
        inside = _burn(region.wkb, first_col, first_row, last_col - first_col, last_row - first_row)
        row, col = np.nonzero(inside)
        return (row + first_row - window.row) * window.width + (col + first_col - window.col)


def _burn(wkb: bytes, col: int, row: int, width: int, height: int) -> np.ndarray:
    """Cells of a window whose centre lies in the polygons."""
    vector_driver = ogr.GetDriverByName("Memory") or ogr.GetDriverByName("MEM")
    source = vector_driver.CreateDataSource("region")
    cells = osr.SpatialReference()
    cells.SetLocalCS("cells of a grid")
    layer = source.CreateLayer("region", cells, ogr.wkbMultiPolygon)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(wkb))
    layer.CreateFeature(feature)
    target = gdal.GetDriverByName("MEM").Create("", width, height, 1, gdal.GDT_Byte)
    target.SetProjection(cells.ExportToWkt())
    target.SetGeoTransform((col, 1.0, 0.0, row, 0.0, 1.0))
    gdal.RasterizeLayer(target, [1], layer, burn_values=[1])
    return target.ReadAsArray() == 1


def polygons_of(geometry: ogr.Geometry) -> list:
    """The polygons of a geometry; lines and points a repair may have left are no area and are passed over."""
    if geometry.IsEmpty():
        return []
    kind = ogr.GT_Flatten(geometry.GetGeometryType())
    if kind == ogr.wkbPolygon:
        return [geometry]
    if kind in (ogr.wkbMultiPolygon, ogr.wkbGeometryCollection):
        return [
            polygon
            for index in range(geometry.GetGeometryCount())
            for polygon in polygons_of(geometry.GetGeometryRef(index))
        ]
    return []
