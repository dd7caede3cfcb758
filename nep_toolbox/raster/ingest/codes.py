"""Values that GDAL's warper would round, as codes: the places of the values in a list of those that occur.

The mode is taken of numbers in Float32, in which the missing value is looked for too, and whole numbers of 64 bits pass
the warper as Float64. A code is small, so it passes all of these unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
from osgeo import gdal

from ...errors import InvalidParameter
from ..datasets import open_datasets
from ..grid import Grid, Window
from .content import Storage
from .resampling import Resampling

#: How codes are kept.
CODES = Storage(gdal.GDT_Int32, "int32", -1)

#: Most codes that the mode can be taken of: Float32 holds no more whole numbers exactly.
MOST = 2**24

_TOO_MANY = (
    "'{}' has more than {} different values, too many to take the mode of. Choose another method, such as nearest "
    "neighbour."
)

#: Rows looked through at a time.
ROWS = 512


def need_codes(storage: Storage, method: Resampling) -> bool:
    """Whether values of a storage would not pass the warper unchanged."""
    if storage.dtype in ("int32", "uint32", "int64", "uint64"):
        return True
    return method is Resampling.MODE and storage.dtype == "float64"


def distinct(reader, grid: Grid, storage: Storage, method: Resampling, name: str, stop: Callable) -> np.ndarray:
    """The valid values of a raster, ascending, each once.

    Parameters
    ----------
    reader : object
        ``read(window) -> (1, height, width)``, of the type of ``storage`` and with its missing value.
    grid : Grid
        That of the raster.
    storage : Storage
    method : Resampling
    name : str
        What the user calls the raster, for the error.
    stop : callable
        Called between readings; raises to stop.

    Raises
    ------
    InvalidParameter
        If there are too many for the method.
    """
    found = np.empty(0, storage.dtype)
    with open_datasets():
        for row in range(0, grid.height, ROWS):
            stop()
            values = reader.read(Window(0, row, grid.width, min(ROWS, grid.height - row)))
            found = np.union1d(found, values[~_missing(values, storage)])
            if found.size > MOST and method is Resampling.MODE:
                raise InvalidParameter(_TOO_MANY.format(name, MOST))
    return found


@dataclass(frozen=True)
class Coded:
    """Reads the codes of what another reader gives: ``read(window) -> (1, height, width)`` of `CODES`."""

    reader: object
    storage: Storage
    values: np.ndarray

    @property
    def tile(self) -> tuple:
        """Width and height of the pieces the file is stored in."""
        return self.reader.tile

    def read(self, window: Window) -> np.ndarray:
        """A window."""
        values = self.reader.read(window)
        codes = np.searchsorted(self.values, values).astype(CODES.dtype)
        codes[_missing(values, self.storage)] = CODES.nodata
        return codes

    def decoded(self, codes: np.ndarray) -> np.ndarray:
        """The values of codes."""
        known = codes != CODES.nodata
        values = np.full(codes.shape, self.storage.nodata, self.storage.dtype)
        values[known] = self.values[codes[known]]
        return values


def _missing(values: np.ndarray, storage: Storage) -> np.ndarray:
    return np.isnan(values) if storage.fractions else values == storage.nodata
