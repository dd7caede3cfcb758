"""Making a new grid that covers rasters, and refusing one that was asked for by mistake."""

from __future__ import annotations

import math

import numpy as np

from ...errors import InvalidParameter
from ..bounds import Bounds
from ..crs import transformed
from ..grid import Grid

#: Cells of the largest grid that is made without asking: a country of 12 million km2 in cells of 150 m.
MAX_CELLS = 500_000_000

#: Where in an area cells are measured, as shares of its sides.
PLACES = np.array((0.1, 0.3, 0.5, 0.7, 0.9))

#: Metres in a degree of latitude, for telling degrees from metres.
DEGREE = 111_320.0


def cell_size_in(grid: Grid, wkt: str, place: tuple | None = None) -> float:
    """The side of a square as large as a cell of the grid, in units of a reference system.

    Measured at ``place`` (x, y in that system), or in the middle of the grid.
    """
    if grid.wkt == wkt:
        (width, height) = grid.cell_size
        return math.sqrt(width * height)
    if place:
        x, y = transformed(np.array(place[0]), np.array(place[1]), wkt, grid.wkt)
    else:
        x, y = grid.point_at(grid.width / 2, grid.height / 2)
    return float(_cell_sizes(grid, wkt, np.array(x), np.array(y)))


def cell_size_over(grid: Grid, wkt: str, area: Bounds, middle: tuple | None = None) -> float:
    """The side of a square as large as a cell of the grid, as it is typical of an area; NaN where that is unknown.

    That in the middle, unless the cell is less than half as wide there as most are: at a pole, where the cells of a
    grid in degrees have no width, the median of places all over the area is taken.

    Parameters
    ----------
    grid : Grid
    wkt : str
        The reference system of the result and of ``area``.
    area : Bounds
    middle : (x, y), optional
        Instead of that of ``area``.
    """
    here = cell_size_in(grid, wkt, middle or area.middle)
    if grid.wkt == wkt:
        return here
    if not math.isfinite(here):
        here = cell_size_in(grid, wkt)
    left, bottom, right, top = area
    u, v = np.meshgrid(*(low + (high - low) * PLACES for low, high in ((left, right), (bottom, top))))
    sizes = _cell_sizes(grid, wkt, *transformed(u.ravel(), v.ravel(), wkt, grid.wkt))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    typical = float(np.median(sizes)) if sizes.size else math.nan
    return typical if not here > 0 or here < typical / 2 else here


def _cell_sizes(grid: Grid, wkt: str, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The side of a square as large as the cell at each point of the grid's own system, in units of another."""
    _, a, b, _, d, e = grid.transform
    u, v = transformed(np.array((x, x + a, x + b)), np.array((y, y + d, y + e)), grid.wkt, wkt)
    return np.sqrt(np.abs((u[1] - u[0]) * (v[2] - v[0]) - (u[2] - u[0]) * (v[1] - v[0])))


def covering_grid(wkt: str, bounds: Bounds, cell: float, like: Grid | None = None, limit: float = MAX_CELLS,
                  native: float = math.nan) -> Grid:
    """A grid of square cells that covers a rectangle.

    Parameters
    ----------
    wkt : str
    bounds : Bounds
        In units of the reference system.
    cell : float
        Side of a cell.
    like : Grid, optional
        A grid of the same reference system and cells to be in line with. Without it edges lie on multiples of the cell,
        so that grids made at different times fit each other.
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
        raise InvalidParameter("⟨RESOLUTION⟩ must be greater than zero.")
    left, bottom, right, top = bounds
    x0, y0 = (like.transform[0], like.transform[3]) if like else (0.0, 0.0)
    cell_width, cell_height = (like.transform[1], -like.transform[5]) if like else (cell, cell)
    # What lies within a thousandth of a cell of an edge is rounding.
    first_col, last_col = math.floor((left - x0) / cell_width + 1e-3), math.ceil((right - x0) / cell_width - 1e-3)
    first_row, last_row = math.floor((y0 - top) / cell_height + 1e-3), math.ceil((y0 - bottom) / cell_height - 1e-3)
    width, height = max(1, last_col - first_col), max(1, last_row - first_row)
    grid = Grid(
        wkt, (x0 + first_col * cell_width, cell_width, 0.0, y0 - first_row * cell_height, 0.0, -cell_height),
        width, height,
    )
    _require_sense(grid, cell, bounds, limit, native)
    return grid


def _require_sense(grid: Grid, cell: float, bounds: Bounds, limit: float, native: float) -> None:
    cells = grid.width * grid.height
    unit = "degrees" if grid.crs.IsGeographic() else "metres" if grid.crs.GetLinearUnits() == 1.0 else "map units"
    if cells > limit:
        raise InvalidParameter(
            f"The grid asked for has {cells} pixels ({grid.width} x {grid.height}), more than the {limit:.10g} that "
            f"are allowed: ⟨RESOLUTION⟩ {cell:.10g} is in {unit}, the units of {grid.crs_name}. "
            f"{_meant(grid, cell, bounds, native)} If such a grid is really wanted, raise ⟨MAX_PIXELS⟩."
        )
    if cell > bounds.longer_side and native < cell:
        raise InvalidParameter(
            f"A cell of the grid asked for is larger than the whole area: ⟨RESOLUTION⟩ {cell:.10g} is in {unit}, the "
            f"units of {grid.crs_name}. {_meant(grid, cell, bounds, native)}"
        )


def _meant(grid: Grid, cell: float, bounds: Bounds, native: float) -> str:
    """What a user who asked for a strange cell size probably meant."""
    geographic = grid.crs.IsGeographic()
    looks = "It looks like {0}: {1:.10g} {0} are about {2:.3g} {3}, so {4:.10g} was probably meant."
    if not geographic and cell < 1.0 and not native < 10.0 * cell:
        metres = cell * DEGREE / grid.crs.GetLinearUnits()
        return looks.format("degrees", cell, metres, "map units", float(f"{metres:.2g}"))
    if geographic and cell > bounds.longer_side:
        degrees = cell / DEGREE
        return looks.format("metres", cell, degrees, "degrees", float(f"{degrees:.2g}"))
    if native == native:
        return (
            f"The rasters have cells of about {native:.4g}: choose a cell of that order, or a smaller area "
            f"(⟨EXTENT⟩ or ⟨MASK⟩)."
        )
    return "Choose larger cells, or a smaller area (⟨EXTENT⟩ or ⟨MASK⟩)."
