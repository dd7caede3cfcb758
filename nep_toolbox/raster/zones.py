"""Polygons on a grid: which cell centres lie in which region, and how much of each cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from osgeo import gdal, ogr, osr

from ..core.checkpoint import checkpoint
from ..core.labels import Labels
from ..core.zonal.fractions import DIGITS, Fractions, border_shares
from .grid import Grid, Window

#: The name of the region that is the whole raster.
ALL = "all"

#: Corners of polygons are moved to this fraction of a cell. Cutting the grid into blocks shifts them by whole cells,
#: which is then exact, so that a cell belongs to the same region whatever the blocks are.
LATTICE = 2.0**-DIGITS


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
    bytes_per_cell: int = 24

    def read(self, window: Window) -> Labels:
        """Which regions the cells of a window lie in."""
        near = [index for index, region in enumerate(self.regions) if _meets(region.envelope, window)]
        shapes = [self.regions[index].wkb for index in near]
        burnt = _burn([(_ONCE + label, wkb) for label, wkb in enumerate(shapes, start=1)], window)
        if burnt.max() < 2 * _ONCE:
            return Labels(burnt.astype(np.int32) & (_ONCE - 1), ((), *((index,) for index in near)))
        return self._overlapping(burnt, near, window)

    def _overlapping(self, burnt: np.ndarray, near: list, window: Window) -> Labels:
        """The labels where the numbers of several regions are added up: there they are burnt one by one."""
        several = burnt >= 2 * _ONCE
        alone = np.where(several, 0, burnt).astype(np.int32) & (_ONCE - 1)
        part = _part_of(several, window)
        here = several[part.row - window.row :, part.col - window.col :][: part.height, : part.width]
        place = np.cumsum(here) - 1
        cells, regions = [], []
        for index in near:
            checkpoint()
            if _meets(self.regions[index].envelope, part):
                inside = np.flatnonzero((_burn([(1, self.regions[index].wkb)], part) > 0) & here)
                cells.append(place[inside])
                regions.append(np.full(inside.size, index, dtype=np.int64))
        found = Labels.of_pairs((1, np.count_nonzero(here)), np.concatenate(cells), np.concatenate(regions))
        alone[several] = found.of_cell[0] + len(near)
        return Labels(alone, ((), *((index,) for index in near), *found.regions[1:])).tidy()


@dataclass(frozen=True)
class FractionReader:
    """Reads how much of the cells of a window the regions cover, like a raster.

    Regions may overlap; they are named by their index in ``regions``.
    """

    regions: tuple
    bytes_per_cell: int = 48

    def read(self, window: Window) -> Fractions:
        """The shares of the regions in the cells of a window."""
        cells, regions, shares = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)], [np.empty(0)]
        for index, region in enumerate(self.regions):
            if _meets(region.envelope, window):
                checkpoint()
                here, share = border_shares(_edges(region.wkb), (window.col, window.row, window.width, window.height))
                cells.append(here)
                regions.append(np.full(here.size, index, dtype=np.int64))
                shares.append(share)
        centres = ZoneReader(self.regions).read(window)
        return Fractions.of(centres, *(np.concatenate(parts) for parts in (cells, regions, shares)))


def _edges(wkb: bytes) -> np.ndarray:
    """The edges of a multipolygon as `border_shares` takes them: outer rings turned one way, holes the other."""
    rings, place = [], 9  # after byte order, kind and number of polygons
    end = len(wkb)
    while place < end:
        integer, number = ("<u4", "<f8") if wkb[place] else (">u4", ">f8")
        (count,) = np.frombuffer(wkb, integer, 1, place + 5)
        place += 9
        for ring in range(int(count)):
            (corners,) = np.frombuffer(wkb, integer, 1, place)
            places = np.frombuffer(wkb, number, 2 * int(corners), place + 4).reshape(-1, 2)
            place += 4 + places.nbytes
            points = np.rint(places.T / LATTICE).astype(np.int64)
            x, y = (points - points[:, :1]).astype(np.float64)
            area = (x[:-1] * y[1:] - x[1:] * y[:-1]).sum()
            if (area > 0) == (ring == 0):
                points = points[:, ::-1]
            rings.append(np.concatenate([points[:, :-1], points[:, 1:]]))
    return np.concatenate(rings, axis=1) if rings else np.empty((4, 0), dtype=np.int64)


#: Each region a cell lies in adds this and the region's number: the sum tells how many they are and, of one, which. The
#: sums of float64 are exact.
_ONCE = 2**24


def _meets(envelope: tuple, window: Window) -> bool:
    """Whether cells of a window may have their centre within an envelope."""
    left, right, top, bottom = envelope
    return (left < window.col + window.width and right > window.col
            and top < window.row + window.height and bottom > window.row)


def _part_of(chosen: np.ndarray, window: Window) -> Window:
    """The smallest window that holds the cells chosen in a window."""
    row, col = (np.flatnonzero(chosen.any(axis=axis)) for axis in (1, 0))
    return Window(
        window.col + int(col[0]), window.row + int(row[0]), int(col[-1] - col[0]) + 1, int(row[-1] - row[0]) + 1
    )


def _burn(shapes: list, window: Window) -> np.ndarray:
    """Sum of the numbers of the polygons, pairs (number, WKB), that the centre of each cell of a window lies in."""
    vector_driver = ogr.GetDriverByName("Memory") or ogr.GetDriverByName("MEM")
    source = vector_driver.CreateDataSource("regions")
    cells = osr.SpatialReference()
    cells.SetLocalCS("cells of a grid")
    layer = source.CreateLayer("regions", cells, ogr.wkbMultiPolygon)
    layer.CreateField(ogr.FieldDefn("number", ogr.OFTReal))
    for number, wkb in shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("number", float(number))
        feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(wkb))
        layer.CreateFeature(feature)
    target = gdal.GetDriverByName("MEM").Create("", window.width, window.height, 1, gdal.GDT_Float64)
    target.SetProjection(cells.ExportToWkt())
    target.SetGeoTransform((window.col, 1.0, 0.0, window.row, 0.0, 1.0))
    gdal.RasterizeLayer(target, [1], layer, options=["ATTRIBUTE=number", "MERGE_ALG=ADD"])
    return target.ReadAsArray()


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
