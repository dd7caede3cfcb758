"""Small pictures of large maps, for pages."""

from __future__ import annotations

import uuid

import numpy as np
from osgeo import gdal

from .grid import Grid, Window

#: Rows and columns of a picture, at most.
MOST = 480


class Thinned:
    """Every n-th pixel of a map in rows and columns, gathered while its blocks come.

    Which pixels these are depends on the grid alone, so that no picture depends on the blocks.

    Attributes
    ----------
    values : float32 array (rows, cols)
        NaN where no block came, or the map has no value.
    """

    def __init__(self, grid: Grid, most: int = MOST):
        self._every = -(-max(grid.width, grid.height) // most)
        self._rows, self._cols = (_lattice(size, self._every) for size in (grid.height, grid.width))
        self.values = np.full((len(self._rows), len(self._cols)), np.nan, dtype=np.float32)

    def add(self, window: Window, values: np.ndarray) -> None:
        """Take the values (rows, cols) of a block."""
        rows, cols = (
            slice(*np.searchsorted(lattice, (start, start + size)))
            for lattice, start, size in (
                (self._rows, window.row, window.height), (self._cols, window.col, window.width),
            )
        )
        self.values[rows, cols] = values[np.ix_(self._rows[rows] - window.row, self._cols[cols] - window.col)]


def _lattice(size: int, every: int) -> np.ndarray:
    """Every n-th of ``size`` places, from the middle of the first n on."""
    return np.arange(min(every // 2, size - 1), size, every)


def png(colours: np.ndarray) -> bytes:
    """A PNG of red, green, blue and alpha, a uint8 array (rows, cols, 4)."""
    rows, cols, bands = colours.shape
    picture = gdal.GetDriverByName("MEM").Create("", cols, rows, bands, gdal.GDT_Byte)
    for number in range(bands):
        picture.GetRasterBand(number + 1).WriteArray(np.ascontiguousarray(colours[..., number]))
    place = f"/vsimem/{uuid.uuid4().hex}.png"
    gdal.GetDriverByName("PNG").CreateCopy(place, picture).FlushCache()
    try:
        file = gdal.VSIFOpenL(place, "rb")
        gdal.VSIFSeekL(file, 0, 2)
        size = gdal.VSIFTellL(file)
        gdal.VSIFSeekL(file, 0, 0)
        data = bytes(gdal.VSIFReadL(1, size, file))
        gdal.VSIFCloseL(file)
        return data
    finally:
        gdal.Unlink(place)
