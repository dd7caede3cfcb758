"""Reading a window together with the cells around it."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.surroundings import Surrounded
from .blocks import TILE_MULTIPLE
from .grid import Grid, Window
from .reader import StackReader


@dataclass(frozen=True)
class WithSurroundings:
    """Reads windows of a series with the cells around them, for results that depend on neighbours.

    Parameters
    ----------
    reader : StackReader
    grid : Grid
        Of the raster, at whose border the surroundings end.
    reach : int
        How many cells to each side are read: 1 for windows of 3 x 3.
    """

    reader: StackReader
    grid: Grid
    reach: int = 1

    @property
    def bytes_per_cell(self) -> float:
        """Memory a cell takes with its share of the surroundings: the most, as no side of a planned block is below
        `TILE_MULTIPLE`."""
        return self.reader.bytes_per_cell * (1 + 2 * self.reach / TILE_MULTIPLE) ** 2

    @property
    def tile(self) -> tuple:
        """Width and height of the pieces the files are stored in."""
        return self.reader.tile

    def read(self, window: Window) -> Surrounded:
        """Read a window and what is around it."""
        left, top = max(0, window.col - self.reach), max(0, window.row - self.reach)
        right = min(self.grid.width, window.col + window.width + self.reach)
        bottom = min(self.grid.height, window.row + window.height + self.reach)
        rows = slice(window.row - top, window.row - top + window.height)
        cols = slice(window.col - left, window.col - left + window.width)
        return Surrounded(self.reader.read(Window(left, top, right - left, bottom - top)), rows, cols)
