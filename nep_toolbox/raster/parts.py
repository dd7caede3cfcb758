"""Reading a part of a raster as if it were a raster of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from .bounds import Bounds
from .grid import Grid, Window


@dataclass(frozen=True)
class PartReader:
    """Reads the windows of `Grid.part(whole)` from a reader of the whole grid."""

    reader: object
    whole: Window

    @property
    def bytes_per_cell(self) -> int:
        """Memory a cell takes."""
        return self.reader.bytes_per_cell

    @property
    def tile(self) -> tuple:
        """Width and height of the pieces the files are stored in."""
        return self.reader.tile

    def read(self, window: Window):
        """Read a window of the part."""
        return self.reader.read(replace(window, col=window.col + self.whole.col, row=window.row + self.whole.row))


def window_round(grid: Grid, target: Grid, margin: int = 20) -> Window:
    """The cells of a grid on which another grid lies, with a margin of some cells; all of them where this cannot be
    told. The two must have an area in common."""
    if not grid.wkt or not target.wkt:
        return grid.whole
    left, bottom, right, top = Bounds.of_projected(target, grid.wkt)
    if not all(map(math.isfinite, (left, bottom, right, top))):
        return grid.whole
    cols, rows = zip(*(grid.cell_of(x, y) for x in (left, right) for y in (bottom, top)))
    ends = []
    for places, size in ((cols, grid.width), (rows, grid.height)):
        first, last = max(0, math.floor(min(places)) - margin), min(size, math.ceil(max(places)) + margin)
        ends.append((first, last) if first < last else (0, size))
    (col, last_col), (row, last_row) = ends
    return Window(col, row, last_col - col, last_row - row)
