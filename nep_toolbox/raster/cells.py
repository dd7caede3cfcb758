"""What is known of the cells of a grid without a file, read like a raster: areas, coordinates, a regular sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.zonal.gravity_sums import Place
from ..errors import InvalidParameter
from .crs import require_crs
from .ellipsoid_areas import LIMIT, cell_areas, departure
from .grid import Grid, Window
from .spheroid import area_from_equator


@dataclass(frozen=True)
class CellAreas:
    """Reads the area of the cells of a window like a raster, in m2: (height, 1) where the cells of a row are alike.

    Areas are those on the ellipsoid of the reference system. In a projected one these are map units squared where they
    agree with the ellipsoid within 0.1 % all over the grid, else the area of each cell, (height, width).
    """

    grid: Grid
    bytes_per_cell: int = 8

    @property
    def by_cell(self) -> bool:
        """Whether each cell is computed, as map units are no areas."""
        return abs(departure(self.grid)) > LIMIT

    def read(self, window: Window) -> np.ndarray:
        """Area of the cells of a window, (height, 1) or (height, width), m2."""
        require_crs(self.grid.wkt, self.grid.name)
        return cell_areas(self.grid, window) if self.by_cell else areas_of_rows(self.grid, window.row, window.height)

    def __str__(self) -> str:
        require_crs(self.grid.wkt, self.grid.name)
        if self.grid.crs.IsGeographic():
            return "on the ellipsoid, between meridians and parallels"
        share = f"{100 * departure(self.grid):+.2g} %"
        if self.by_cell:
            return f"on the ellipsoid, cell by cell, as map units squared are off by up to {share}"
        return f"map units squared, which depart from the ellipsoid by {share} at most"


@dataclass(frozen=True)
class CellCentres:
    """Reads the map coordinates of the cell centres of a window like a raster: two arrays (height, width)."""

    grid: Grid
    bytes_per_cell: int = 16

    def read(self, window: Window) -> tuple:
        """x and y of the cell centres of a window."""
        return self.grid.centres(window)


@dataclass(frozen=True)
class CellPlace:
    """Reads where the cells of a window lie: the transform of the grid, and the first column and row of the window."""

    grid: Grid
    bytes_per_cell: int = 0

    def read(self, window: Window) -> Place:
        """Place of the cells of a window."""
        return Place(self.grid.transform, window.col, window.row)


@dataclass(frozen=True)
class EveryNth:
    """Reads which cells of a window belong to a lattice of every n-th row and column of a grid of some width."""

    spacing: int
    width: int
    bytes_per_cell: int = 8

    def read(self, window: Window) -> tuple:
        """Rows and columns of the lattice, counted within the window, and the numbers of their cells in the grid.

        Cells are numbered row by row from 0.
        """
        rows = np.arange(-window.row % self.spacing, window.height, self.spacing, dtype=np.int64)
        cols = np.arange(-window.col % self.spacing, window.width, self.spacing, dtype=np.int64)
        return rows, cols, np.add.outer((window.row + rows) * self.width, window.col + cols)

    def count(self, size: int) -> int:
        """How many of ``size`` rows or columns belong to the lattice."""
        return -(-size // self.spacing)


@dataclass(frozen=True)
class CoarseCells:
    """Reads which squares of ``size`` x ``size`` cells of a grid of some width a window is made of.

    The squares are counted from the first row and column of the grid; the last ones may be cut off by its edge. Windows
    have to begin where a square does, as those of `blocks.of_whole_squares`.
    """

    size: int
    width: int
    bytes_per_cell: int = 8

    def read(self, window: Window) -> tuple:
        """The size, and the numbers of the squares, row by row from 0, int64 (down, across)."""
        if window.row % self.size or window.col % self.size:
            raise ValueError("a window that begins in the middle of a square of cells")
        rows = window.row // self.size + np.arange(-(-window.height // self.size), dtype=np.int64)
        cols = window.col // self.size + np.arange(-(-window.width // self.size), dtype=np.int64)
        return self.size, np.add.outer(rows * -(-self.width // self.size), cols)


def areas_of_rows(grid: Grid, row: int, height: int) -> np.ndarray:
    """Area of the cells of some rows, in map units where the reference system is projected.

    Parameters
    ----------
    grid : Grid
    row, height : int
        First row and number of rows.

    Returns
    -------
    array (height, 1), m2
        For a projected CRS the cell in map units, turned into metres. For a geographic CRS the area on the ellipsoid
        between the cell's meridians and parallels, from the closed form of the authalic latitude (Snyder 1987, Map
        Projections: A Working Manual, eq. 3-12, doi:10.3133/pp1395).

    Raises
    ------
    InvalidParameter
        If there is no CRS, or a geographic grid is rotated.
    """
    require_crs(grid.wkt, grid.name)
    crs = grid.crs
    if not crs.IsGeographic():
        metres = crs.GetLinearUnits()
        return np.full((height, 1), abs(grid.signed_cell_area) * metres * metres)
    _, a, b, y0, d, e = grid.transform
    if b or d:
        raise InvalidParameter(
            "The rasters lie on a rotated grid in degrees, whose cell areas differ along each row. Bring them onto "
            "a north-up grid with the tool ⟨nep:harmonize⟩."
        )
    radians = crs.GetAngularUnits()
    edges = np.clip((y0 + e * np.arange(row, row + height + 1)) * radians, -np.pi / 2, np.pi / 2)
    zone = area_from_equator(edges, crs.GetSemiMajor(), crs.GetInvFlattening())
    return (abs(a) * radians * np.abs(np.diff(zone)))[:, np.newaxis]
