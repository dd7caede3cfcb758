"""Giving the cells at the rim of a resampled raster the nearest value of the source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from osgeo import gdal

from ...core.checkpoint import checkpoint
from ..crs import transformed
from ..grid import Window
from .resampling import Resampling, source_window
from .warping import WarpedReader

#: Source cells round a valid one in which the centre of a target cell can lie that is no farther away than one: the
#: next, and one more for the rounding of coordinates.
REACH = 2

#: Decimals of squared distances, in cells: what differs less is equally far, whatever the rounding of coordinates.
DECIMALS = 6


@dataclass(frozen=True)
class RimReader:
    """Reads what another reader gives, and fills its rim.

    A cell without value takes that of the nearest valid cell of the source, if the centres of the two lie no farther
    apart than one source cell, measured in columns and rows of the source. Of cells equally near the northern one is
    taken, of these the western one. The source alone decides, so that a value depends neither on the blocks nor on the
    extent of the result.
    """

    warped: WarpedReader

    @property
    def bytes_per_cell(self) -> int:
        """Memory a cell takes."""
        return self.warped.bytes_per_cell + 24

    def read(self, window: Window) -> tuple:
        """The values of a window and which cells were filled: two arrays (bands, height, width)."""
        values = self.warped.read(window)
        missing = is_missing(values, self.warped.storage.nodata)
        filled = np.zeros_like(missing)
        there = source_window(self.warped.source.grid, self.warped.target.part(window)) if missing.any() else None
        if there is None:
            return values, filled
        source = self.warped.source.read(there)
        missing &= self._near(source, there, window)
        for band, gaps, of_source, done in zip(values, missing, source, filled):
            checkpoint()
            rows, cols = np.nonzero(gaps)
            if rows.size:
                nearest, known = self._nearest(of_source, there, window.row + rows + 0.5, window.col + cols + 0.5)
                rows, cols = rows[known], cols[known]
                band[rows, cols] = nearest[known]
                done[rows, cols] = True
        return values, filled

    def _near(self, source: np.ndarray, there: Window, window: Window) -> np.ndarray:
        """Cells of a window whose centres lie in a cell of the source no more than `REACH` from a valid one."""
        sides = (0, 0), (REACH, REACH), (REACH, REACH)
        near = np.pad(~is_missing(source, self.warped.storage.nodata), sides)
        for _step in range(REACH):
            near = _grown(near)
        if not near.any():
            return np.zeros((len(source), window.height, window.width), dtype=bool)
        grid = self.warped.source.grid.part(
            Window(there.col - REACH, there.row - REACH, there.width + 2 * REACH, there.height + 2 * REACH)
        )
        dataset = gdal.GetDriverByName("MEM").Create("", grid.width, grid.height, len(near), gdal.GDT_Byte)
        dataset.SetGeoTransform(grid.transform)
        dataset.SetProjection(grid.wkt)
        for number, band in enumerate(near, start=1):
            dataset.GetRasterBand(number).WriteArray(band.astype(np.uint8))
        return self.warped.warped(dataset, window, Resampling.NEAREST, gdal.GDT_Byte, 0) == 1

    def _nearest(self, source: np.ndarray, there: Window, row: np.ndarray, col: np.ndarray) -> tuple:
        """The nearest valid value of the source to points of the target grid, and whether one is near enough."""
        x, y = self.warped.target.point_at(col, row)
        grid = self.warped.source.grid
        col, row = grid.cell_of(*transformed(x, y, self.warped.target.wkt, grid.wkt))
        col, row = col - there.col, row - there.row
        found, least = np.zeros(row.shape, source.dtype), np.full(row.shape, np.inf)
        valid = ~is_missing(source, self.warped.storage.nodata)
        inside = np.isfinite(col) & np.isfinite(row)
        base_row, base_col = (np.floor(np.where(inside, each, -9)).astype(np.int64) for each in (row, col))
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                i, j = base_row + down, base_col + right
                here = inside & (i >= 0) & (i < there.height) & (j >= 0) & (j < there.width)
                here[here] = valid[i[here], j[here]]
                distance = np.round((i + 0.5 - row) ** 2 + (j + 0.5 - col) ** 2, DECIMALS)
                nearer = here & (distance < least)
                found[nearer], least[nearer] = source[i[nearer], j[nearer]], distance[nearer]
        return found, least <= 1.0


def is_missing(values: np.ndarray, nodata: float) -> np.ndarray:
    """Which values are those of missing cells."""
    return np.isnan(values) if np.isnan(nodata) else values == nodata


def _grown(mask: np.ndarray) -> np.ndarray:
    """Masks (n, rows, cols) that reach one cell farther to all sides, also across corners."""
    tall = mask.copy()
    tall[:, 1:] |= mask[:, :-1]
    tall[:, :-1] |= mask[:, 1:]
    grown = tall.copy()
    grown[:, :, 1:] |= tall[:, :, :-1]
    grown[:, :, :-1] |= tall[:, :, 1:]
    return grown
