"""What is known of the cells of a grid without a file, read like a raster: areas, coordinates, a regular sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .grid import Grid, Window


@dataclass(frozen=True)
class CellAreas:
    """Reads the area of the cells of a window like a raster: ``read(window) -> (height, 1)`` in m2."""

    grid: Grid
    bytes_per_cell: int = 8

    def read(self, window: Window) -> np.ndarray:
        """Area of the cells of a window, (height, 1), m2."""
        return self.grid.area_of_rows(window.row, window.height)


@dataclass(frozen=True)
class CellCentres:
    """Reads the map coordinates of the cell centres of a window like a raster: two arrays (height, width)."""

    grid: Grid
    bytes_per_cell: int = 16

    def read(self, window: Window) -> tuple:
        """x and y of the cell centres of a window."""
        return self.grid.centres(window)


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
