"""Areas of the cells of a projected grid on the ellipsoid.

The grid is cut into tiles of some hundred kilometres. In each tile 8 x 8 points are put on the authalic sphere, on
which every area is that on the ellipsoid. The polynomial through them gives the area per cell at these points, which is
integrated over each cell. On tiles of this size the error is below 1e-9 of the area in every projection that is smooth
there; the last coefficients show whether it is. Elsewhere, which is at the edge of the map or where a projection is put
together of pieces, cells are taken by their corners, with an error of the square of their size in radii of the Earth.

Tiles are those of the grid, and a cell is computed by itself, so that its area does not depend on blocks.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev, legendre

from .bounds import lattice
from .crs import crs_of, to_geographic, transformed
from .gdal_io import collected_errors
from .grid import Grid, Window
from .spheroid import authalic_radius, authalic_vector

#: Side of a tile in metres, and points along it.
TILE, POINTS = 250_000.0, 8

#: The last coefficients of the polynomial in a tile are below this share of the area, or it is no good.
SMOOTH = 1e-9

#: Map units count as areas where they depart by less than this share everywhere on the grid.
LIMIT = 1e-3

#: Metres from a point to those the scale there is taken from.
_REACH = 500.0

#: Beyond this latitude the scale is not asked for.
_POLE = 89.0

_NODES = np.cos(np.pi * (np.arange(POINTS) + 0.5) / POINTS)
#: From values at the nodes to coefficients, and to derivatives at the nodes.
_TO_COEFFICIENTS = np.linalg.inv(chebyshev.chebvander(_NODES, POINTS - 1))
_DERIVATIVE = chebyshev.chebval(_NODES, chebyshev.chebder(_TO_COEFFICIENTS)).T


@lru_cache(maxsize=64)
def departure(grid: Grid) -> float:
    """By how much areas in map units are off at most: the largest share, positive where they are too large.

    0 where the reference system is not projected, or no part of the grid has a place on the Earth.
    """
    if not crs_of(grid.wkt).IsProjected():
        return 0.0
    col, row = (each.ravel() for each in grid.cell_of(*lattice(grid)))
    known = _on_map(grid, col, row)
    du, dv = (_REACH / side for side in _metres(grid))
    places = [(col + du, row), (col - du, row), (col, row + dv), (col, row - dv)]
    right, left, lower, upper = (_on_sphere(grid, *place) for place in places)
    area = np.linalg.norm(np.cross((right - left) / (2 * du), (lower - upper) / (2 * dv)), axis=-1)
    for place in places:
        known &= _on_map(grid, *place)
    unit = grid.crs.GetLinearUnits()
    shares = abs(grid.signed_cell_area) * unit * unit / area[known] - 1.0
    return float(shares[np.argmax(np.abs(shares))]) if shares.size else 0.0


def _on_map(grid: Grid, col: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Where places in columns and rows are those of a place on the Earth: neither beyond the edge of the map, where
    projections go on by a second turn round the Earth, nor at a pole, where those of equal areas have cusps."""
    x, y = grid.point_at(col, row)
    with collected_errors():
        longitude, latitude = to_geographic(grid.wkt, x, y)
        geographic = grid.crs.CloneGeogCS()
        degrees = np.degrees(geographic.GetAngularUnits())
        again = transformed(longitude / degrees, latitude / degrees, geographic.ExportToWkt(), grid.wkt)
    with np.errstate(invalid="ignore"):
        return (np.hypot(again[0] - x, again[1] - y) < 1e-3 * min(grid.cell_size)) & (np.abs(latitude) < _POLE)


def cell_areas(grid: Grid, window: Window) -> np.ndarray:
    """Area of the cells of a window on the ellipsoid of a projected reference system.

    Returns
    -------
    array (height, width), m2
        0 where a cell has no place on the Earth.
    """
    areas = np.empty((window.height, window.width))
    tall, wide = _tile_shape(grid)
    for tile_row in range(window.row // tall, (window.row + window.height - 1) // tall + 1):
        tiles = _tiles(grid, tile_row)
        down, rows = _shared(tile_row * tall, tall, window.row, window.height)
        rough = None
        for tile_col in range(window.col // wide, (window.col + window.width - 1) // wide + 1):
            across, cols = _shared(tile_col * wide, wide, window.col, window.width)
            if not np.isnan(tiles[tile_col]).any():
                _integrate(tiles[tile_col], _weights(tall)[rows], _weights(wide)[cols], areas[down, across])
                continue
            if rough is None:
                strip = Window(window.col, window.row + down.start, window.width, down.stop - down.start)
                rough = _by_corners(grid, strip)
            areas[down, across] = rough[:, across]
    return areas


def _shared(start: int, size: int, first: int, count: int) -> tuple:
    """What a tile and a window share, counted in the window and in the tile."""
    low, high = max(start, first), min(start + size, first + count)
    return slice(low - first, high - first), slice(low - start, high - start)


def _integrate(density: np.ndarray, rows: np.ndarray, cols: np.ndarray, out: np.ndarray) -> None:
    """Sums in a fixed order, so that a cell has the same last digit in every window."""
    out[...] = 0.0
    for values, weight in zip(density, rows.T):
        line = np.zeros(len(cols))
        for value, share in zip(values, cols.T):
            line += value * share
        out += weight[:, np.newaxis] * line


@lru_cache(maxsize=256)
def _tiles(grid: Grid, tile_row: int) -> np.ndarray:
    """Area per cell at the nodes of each tile of a row of tiles, (tiles, rows, cols); NaN where it is not smooth."""
    tall, wide = _tile_shape(grid)
    count = -(-grid.width // wide)
    place = (1.0 + _NODES) / 2
    col = (np.arange(count)[:, np.newaxis, np.newaxis] + place) * wide
    row = (tile_row + place[:, np.newaxis]) * tall
    points = _on_sphere(grid, *np.broadcast_arrays(col, row))
    by_col = np.einsum("ij,tajc->taic", _DERIVATIVE, points) * (2.0 / wide)
    by_row = np.einsum("ij,tjbc->tibc", _DERIVATIVE, points) * (2.0 / tall)
    density = np.linalg.norm(np.cross(by_col, by_row), axis=-1)
    size = np.abs(np.einsum("ia,tab,jb->tij", _TO_COEFFICIENTS, density, _TO_COEFFICIENTS))
    last = np.maximum(size[:, -1].max(axis=1), size[:, :, -1].max(axis=1))
    with np.errstate(invalid="ignore"):
        density[~(last < SMOOTH * size[:, 0, 0])] = np.nan
    return density


@lru_cache(maxsize=16)
def _weights(count: int) -> np.ndarray:
    """For each of ``count`` cells along a tile what the values at the nodes count in its mean, (count, POINTS)."""
    places, shares = legendre.leggauss(POINTS // 2)
    cells = 2.0 * (np.arange(count)[:, np.newaxis] + (1.0 + places) / 2) / count - 1.0
    return np.einsum("cgk,g,kn->cn", chebyshev.chebvander(cells, POINTS - 1), shares / 2, _TO_COEFFICIENTS)


def _by_corners(grid: Grid, window: Window) -> np.ndarray:
    """Areas of the quadrilaterals between the corners of cells; 0 where a corner has no place."""
    col = window.col + np.arange(window.width + 1.0)
    row = window.row + np.arange(window.height + 1.0)[:, np.newaxis]
    points = _on_sphere(grid, *np.broadcast_arrays(col, row))
    first, second = points[1:, 1:] - points[:-1, :-1], points[1:, :-1] - points[:-1, 1:]
    areas = np.linalg.norm(np.cross(first, second), axis=-1) / 2
    return np.where(np.isfinite(areas), areas, 0.0)


def _on_sphere(grid: Grid, col: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Places in columns and rows on the authalic sphere, (..., 3) in metres; NaN where there is none."""
    with collected_errors():
        longitude, latitude = to_geographic(grid.wkt, *grid.point_at(col, row))
    crs = crs_of(grid.wkt)
    longitude, latitude = (np.where(np.isfinite(each), each, np.nan) for each in (longitude, latitude))
    vector = authalic_vector(np.radians(longitude), np.radians(latitude), crs.GetInvFlattening())
    return vector * authalic_radius(crs.GetSemiMajor(), crs.GetInvFlattening())


def _metres(grid: Grid) -> tuple:
    """Width and height of a cell in metres of the map."""
    unit = grid.crs.GetLinearUnits()
    return tuple(side * unit for side in grid.cell_size)


def _tile_shape(grid: Grid) -> tuple:
    """Rows and columns of a tile."""
    width, height = _metres(grid)
    return max(1, int(TILE / height)), max(1, int(TILE / width))
