"""Cells of a grid that were chosen by their numbers, read like a raster; cells are numbered row by row from 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .cells import EveryNth
from .grid import Grid, Window


@dataclass(frozen=True, eq=False)
class ChosenCells:
    """Reads which of the chosen cells lie in a window.

    Parameters
    ----------
    numbers : int64 array (cells,)
        Ascending, each once.
    width : int
        Of the grid.
    """

    numbers: np.ndarray
    width: int
    bytes_per_cell: int = 24

    def read(self, window: Window) -> tuple:
        """Rows and columns of the cells, counted within the window, and their numbers: three arrays (k,)."""
        ends = np.array([window.row, window.row + window.height], dtype=np.int64) * self.width
        numbers = self.numbers[slice(*np.searchsorted(self.numbers, ends))]
        rows, cols = np.divmod(numbers, self.width)
        inside = (cols >= window.col) & (cols < window.col + window.width)
        return rows[inside] - window.row, cols[inside] - window.col, numbers[inside]


@dataclass(frozen=True)
class LatticeCells:
    """Reads every n-th row and column of a grid of some width, cell by cell, as `ChosenCells` does."""

    spacing: int
    width: int
    bytes_per_cell: int = 24

    def read(self, window: Window) -> tuple:
        """Rows and columns of the cells, counted within the window, and their numbers: three arrays (k,)."""
        rows, cols, numbers = EveryNth(self.spacing, self.width).read(window)
        return np.repeat(rows, len(cols)), np.tile(cols, len(rows)), numbers.ravel()


def windows_around(numbers: np.ndarray, grid: Grid, piece: tuple, block: tuple) -> list:
    """What to read of a grid for the sake of some cells.

    Parameters
    ----------
    numbers : int64 array (cells,)
        Ascending.
    grid : Grid
    piece : (width, height)
        What the files store as one piece.
    block : (width, height)
        The largest window that may be read.

    Returns
    -------
    list of Window
        In the order of the grid; together they hold all the cells, each once. Few cells: of each piece the part around
        them. Many: whole blocks.
    """
    piece = tuple(max(1, min(size, most)) for size, most in zip(piece, block))
    pieces = -(-grid.width // piece[0]) * -(-grid.height // piece[1])
    width, height = block if len(numbers) > pieces else piece
    rows, cols = np.divmod(numbers, grid.width)
    across = -(-grid.width // width)
    order = np.argsort(rows // height * across + cols // width, kind="stable")
    rows, cols = rows[order], cols[order]
    places = rows // height * across + cols // width
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    if not len(starts):
        return []
    top, left = np.minimum.reduceat(rows, starts), np.minimum.reduceat(cols, starts)
    bottom, right = np.maximum.reduceat(rows, starts), np.maximum.reduceat(cols, starts)
    if len(numbers) > pieces:
        left, top = left // width * width, top // height * height
        right, bottom = np.minimum(left + width, grid.width) - 1, np.minimum(top + height, grid.height) - 1
    edges = zip(left.tolist(), top.tolist(), (right - left + 1).tolist(), (bottom - top + 1).tolist())
    return [Window(*edge) for edge in edges]
