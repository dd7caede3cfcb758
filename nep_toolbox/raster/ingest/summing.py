"""Counts on another grid: every cell of the source is shared among the cells of the target by area.

Each cell of the source is cut by the cells of the target, and its parts add up to the whole: the total is kept. That of
GDAL's own sum depends on where it cuts its work; 0.7 % of a raster of 800 x 700 cells were lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.checkpoint import checkpoint
from ...core.overlap import Box, Shares, shares_of_cells
from ..crs import same_crs, transformed
from ..grid import Grid, Window
from .content import Storage
from .pieces import Source
from .places import cut, shared, slices
from .resampling import coarsening
from .turns import source_windows

#: Side of the squares of the source that are shared out at a time, where its cells are not larger than the target's.
TILE = 128

#: Cells of the source round those that a window covers in which a corner of one that meets it can lie, and one more.
MARGIN = 2.0


@dataclass(frozen=True)
class SummedReader:
    """Reads windows of a target grid from counts on another.

    Parameters
    ----------
    source : Source
        With floating-point numbers.
    name : str
        What the user calls it.
    target : Grid
    ratio : float
        `coarsening` of the two grids.

    Notes
    -----
    Edges of cells are taken as straight in the target. A missing cell counts nothing; a cell of the target that only
    missing ones reach is missing. A cell of the source that has no corners in the target, or that the edge of the map
    tears, goes whole to where its centre lies. What lies beyond the target is left out.
    """

    source: Source
    name: str
    target: Grid
    ratio: float

    @classmethod
    def of(cls, source: Source, name: str, target: Grid) -> SummedReader:
        """A reader of a source."""
        return cls(source, name, target, coarsening(source.grid, target))

    @property
    def storage(self) -> Storage:
        """How values are kept."""
        return self.source.storage

    @property
    def bytes_per_cell(self) -> int:
        """Memory a cell takes: sums, whether there are any, and what is handed over."""
        return 3 * self.source.cell_bytes

    def read(self, window: Window) -> np.ndarray:
        """A window of the target: (bands, height, width), NaN where nothing is counted.

        Raises
        ------
        UnreadableRaster, InvalidParameter
            If a file is damaged or holds what the storage cannot.
        """
        sums = np.zeros((self.source.bands, window.height, window.width))
        known = np.zeros(sums.shape, dtype=bool)
        for tile in self._tiles(source_windows(self.source.grid, self.target.part(window), MARGIN)):
            checkpoint()
            self._share_out(tile, window, sums, known)
        sums[~known] = np.nan
        return sums.astype(self.storage.dtype, copy=False)

    def _tiles(self, places: list) -> list:
        """Squares of the source that meet parts of it, the same for every window: the order of sums stays one."""
        side = int(min(TILE, max(1, 8 * TILE * self.ratio)))
        tiles = {tile for place in places for tile in cut(self.source.grid.whole, side, side, place)}
        return sorted(tiles, key=lambda tile: (tile.row, tile.col))

    def _share_out(self, tile: Window, window: Window, sums: np.ndarray, known: np.ndarray) -> None:
        """Add what a square of the source gives to the cells of a window."""
        from scipy.sparse import csr_matrix

        shares = self._shares(tile, window)
        box = shared(_box(shares), window) if shares.cell.size else None
        if box is None:
            return
        col, row = shares.col - box.col, shares.row - box.row
        inside = (col >= 0) & (col < box.width) & (row >= 0) & (row < box.height)
        if not inside.any():
            return
        matrix = csr_matrix(
            (shares.share[inside], (row[inside] * box.width + col[inside], shares.cell[inside])),
            shape=(box.width * box.height, tile.width * tile.height),
        )
        values = self.source.read(tile).reshape(self.source.bands, -1).T.astype(np.float64)
        valid = ~np.isnan(values)
        there, shape = slices(box, window), (box.height, box.width, self.source.bands)
        sums[there] += np.moveaxis((matrix @ np.where(valid, values, 0.0)).reshape(shape), -1, 0)
        # Of all bands at once where none has a gap.
        valid = valid.astype(np.float64) if not valid.all() else np.ones((len(values), 1))
        known[there] |= np.moveaxis((matrix @ valid).reshape(*shape[:2], -1) > 0, -1, 0)

    def _shares(self, tile: Window, window: Window) -> Shares:
        """The parts of the cells of a square, in rows and columns of the target: those in a window, and more."""
        grid = self.source.grid
        col, row = np.arange(tile.width + 1)[np.newaxis, :], np.arange(tile.height + 1)[:, np.newaxis]
        wanted = Box(window.col, window.row, window.width, window.height)
        found = shares_of_cells(*self._placed(*grid.point_at(tile.col + col, tile.row + row)), wanted)
        alone = np.setdiff1d(np.arange(tile.width * tile.height), found.cell)
        if not alone.size:
            return found
        row, col = np.divmod(alone, tile.width)
        row, col = self._placed(*grid.point_at(tile.col + col + 0.5, tile.row + row + 0.5))
        there = np.isfinite(row) & np.isfinite(col)
        centres = Shares(
            alone[there], *(np.floor(each[there]).astype(np.int64) for each in (row, col)), np.ones(there.sum()),
        )
        return Shares(*(np.concatenate(pair) for pair in zip(found, centres)))

    def _placed(self, x: np.ndarray, y: np.ndarray) -> tuple:
        """Rows and columns of the target of points of the source."""
        if not same_crs(self.source.grid.wkt, self.target.wkt):
            x, y = transformed(x, y, self.source.grid.wkt, self.target.wkt)
        col, row = self.target.cell_of(x, y)
        return row, col


def _box(shares: Shares) -> Window:
    """The cells that parts lie in."""
    left, top = int(shares.col.min()), int(shares.row.min())
    return Window(left, top, int(shares.col.max()) - left + 1, int(shares.row.max()) - top + 1)
