"""Laying a new grid over rasters, and refusing one that was asked for by mistake."""

from __future__ import annotations

import math

import numpy as np
from osgeo import osr

from ...errors import InvalidParameter
from ..grid import Grid, Window

#: Cells of the largest grid that is made without asking: a country of 12 million km2 in cells of 150 m.
MAX_CELLS = 500_000_000

#: Metres in a degree of latitude, for telling degrees from metres.
DEGREE = 111_320.0

#: Points along each side of the lattice that stands for a grid when it is projected.
POINTS = 65

#: Beyond this far from the central meridian, in degrees, distances in a UTM zone are off by more than half a percent.
UTM_REACH = 6.0


def part(grid: Grid, window: Window) -> Grid:
    """The grid of a window."""
    x0, a, b, y0, d, e = grid.transform
    origin = x0 + a * window.col + b * window.row, y0 + d * window.col + e * window.row
    return Grid(grid.wkt, (origin[0], a, b, origin[1], d, e), window.width, window.height)


def crs_wkt(definition: str) -> str:
    """A reference system as WKT from a code (EPSG:32649), WKT or PROJ text."""
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


def transformed(x: np.ndarray, y: np.ndarray, source_wkt: str, target_wkt: str) -> tuple:
    """Points in another reference system, x before y; NaN where they have no place in it."""
    source, target = Grid(source_wkt, (), 0, 0).crs, Grid(target_wkt, (), 0, 0).crs
    points = np.column_stack((np.ravel(x), np.ravel(y))).astype(np.float64)
    moved = np.array(osr.CoordinateTransformation(source, target).TransformPoints(points.tolist()))[:, :2]
    moved[~np.isfinite(moved).all(axis=1)] = np.nan
    return moved[:, 0].reshape(np.shape(x)), moved[:, 1].reshape(np.shape(x))


def lattice(grid: Grid) -> tuple:
    """Map coordinates of points all over a grid, from edge to edge: two arrays."""
    x0, a, b, y0, d, e = grid.transform
    col = np.linspace(0, grid.width, POINTS)[np.newaxis, :]
    row = np.linspace(0, grid.height, POINTS)[:, np.newaxis]
    return x0 + a * col + b * row, y0 + d * col + e * row


def bounds_in(grid: Grid, wkt: str) -> tuple:
    """Left, bottom, right and top of a grid in a reference system.

    Raises
    ------
    InvalidParameter
        If no part of the grid has a place in it.
    """
    x, y = transformed(*lattice(grid), grid.wkt, wkt)
    if not np.isfinite(x).any():
        raise InvalidParameter(
            f"The rasters cannot be projected from {grid.crs_name} to {Grid(wkt, (), 0, 0).crs_name}. Check their CRS, "
            f"or choose another TARGET_CRS."
        )
    return float(np.nanmin(x)), float(np.nanmin(y)), float(np.nanmax(x)), float(np.nanmax(y))


def bounds_of_rectangle(bounds: tuple, source_wkt: str, target_wkt: str) -> tuple:
    """`bounds_in` of a rectangle given by left, bottom, right and top."""
    left, bottom, right, top = bounds
    return bounds_in(Grid(source_wkt, (left, right - left, 0.0, top, 0.0, bottom - top), 1, 1), target_wkt)


def union(many: list) -> tuple:
    """The rectangle round all rectangles."""
    lefts, bottoms, rights, tops = zip(*many)
    return min(lefts), min(bottoms), max(rights), max(tops)


def intersection(many: list) -> tuple | None:
    """The rectangle all rectangles share, or None."""
    lefts, bottoms, rights, tops = zip(*many)
    shared = max(lefts), max(bottoms), min(rights), min(tops)
    return shared if shared[0] < shared[2] and shared[1] < shared[3] else None


def cell_in(grid: Grid, wkt: str, bounds: tuple | None = None) -> float:
    """The side of a square as large as a cell of the grid, in units of a reference system.

    Measured in the middle of ``bounds`` (left, bottom, right, top in that system) or of the grid.
    """
    if grid.wkt == wkt:
        (width, height) = grid.cell_size
        return math.sqrt(width * height)
    x0, a, b, y0, d, e = grid.transform
    if bounds:
        middle = [[(bounds[0] + bounds[2]) / 2]], [[(bounds[1] + bounds[3]) / 2]]
        x, y = transformed(*map(np.array, middle), wkt, grid.wkt)
    else:
        x = np.array([[x0 + a * grid.width / 2 + b * grid.height / 2]])
        y = np.array([[y0 + d * grid.width / 2 + e * grid.height / 2]])
    u, v = transformed(
        np.concatenate((x, x + a, x + b), axis=None), np.concatenate((y, y + d, y + e), axis=None), grid.wkt, wkt
    )
    return math.sqrt(abs((u[1] - u[0]) * (v[2] - v[0]) - (u[2] - u[0]) * (v[1] - v[0])))


def centre_of(bounds: tuple, wkt: str) -> tuple:
    """Longitude and latitude of the middle of a rectangle."""
    left, bottom, right, top = bounds
    middle = Grid(wkt, (), 0, 0).to_geographic(np.array([(left + right) / 2]), np.array([(bottom + top) / 2]))
    return float(middle[0][0]), float(middle[1][0])


def lay(wkt: str, bounds: tuple, cell: float, like: Grid | None = None, limit: float = MAX_CELLS,
        native: float = math.nan) -> Grid:
    """A grid of square cells that covers a rectangle.

    Parameters
    ----------
    wkt : str
    bounds : tuple of float
        Left, bottom, right and top, in units of the reference system.
    cell : float
        Side of a cell.
    like : Grid, optional
        A grid of the same reference system and cells to be in line with. Without it edges lie on multiples of the cell,
        so that grids laid at different times fit each other.
    limit : float
        Most cells.
    native : float
        Side of the cells of the rasters, for the message.

    Raises
    ------
    InvalidParameter
        If it would have too many cells, or one.
    """
    if not cell > 0:
        raise InvalidParameter("RESOLUTION must be greater than zero.")
    left, bottom, right, top = bounds
    x0, y0 = (like.transform[0], like.transform[3]) if like else (0.0, 0.0)
    width_step, height_step = (like.transform[1], -like.transform[5]) if like else (cell, cell)
    # What lies within a thousandth of a cell of an edge is rounding.
    first_col, last_col = math.floor((left - x0) / width_step + 1e-3), math.ceil((right - x0) / width_step - 1e-3)
    first_row, last_row = math.floor((y0 - top) / height_step + 1e-3), math.ceil((y0 - bottom) / height_step - 1e-3)
    width, height = max(1, last_col - first_col), max(1, last_row - first_row)
    grid = Grid(
        wkt, (x0 + first_col * width_step, width_step, 0.0, y0 - first_row * height_step, 0.0, -height_step),
        width, height,
    )
    _require_sense(grid, cell, bounds, limit, native)
    return grid


def _require_sense(grid: Grid, cell: float, bounds: tuple, limit: float, native: float) -> None:
    cells = grid.width * grid.height
    unit = "degrees" if grid.crs.IsGeographic() else "metres" if grid.crs.GetLinearUnits() == 1.0 else "map units"
    if cells > limit:
        raise InvalidParameter(
            f"The grid asked for has {cells} pixels ({grid.width} x {grid.height}), more than the {limit:.10g} that "
            f"are allowed: RESOLUTION {cell:.10g} is in {unit}, the units of {grid.crs_name}. "
            f"{_meant(grid, cell, bounds, native)} If such a grid is really wanted, raise MAX_PIXELS."
        )
    if cell > max(bounds[2] - bounds[0], bounds[3] - bounds[1]) and native < cell:
        raise InvalidParameter(
            f"A cell of the grid asked for is larger than the whole area: RESOLUTION {cell:.10g} is in {unit}, the "
            f"units of {grid.crs_name}. {_meant(grid, cell, bounds, native)}"
        )


def _meant(grid: Grid, cell: float, bounds: tuple, native: float) -> str:
    """What a user who asked for a strange cell size probably meant."""
    geographic = grid.crs.IsGeographic()
    looks = "It looks like {0}: {1:.10g} {0} are about {2:.3g} {3}, so RESOLUTION={4:.10g} was probably meant."
    if not geographic and cell < 1.0 and not native < 10.0 * cell:
        metres = cell * DEGREE / grid.crs.GetLinearUnits()
        return looks.format("degrees", cell, metres, "map units", float(f"{metres:.2g}"))
    if geographic and cell > max(bounds[2] - bounds[0], bounds[3] - bounds[1]):
        degrees = cell / DEGREE
        return looks.format("metres", cell, degrees, "degrees", float(f"{degrees:.2g}"))
    if native == native:
        return (
            f"The rasters have cells of about {native:.4g}: choose a cell of that order, or a smaller area (EXTENT or "
            f"MASK)."
        )
    return "Choose larger cells, or a smaller area (EXTENT or MASK)."
