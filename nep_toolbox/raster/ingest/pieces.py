"""The bands that are warped together, read in pieces that all threads share.

Neighbouring blocks of a target draw on the same cells of the source. A piece is decoded once and stays as long as there
is room for it.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future
from threading import Lock

import numpy as np

from ...core.checkpoint import checkpoint
from ..grid import Grid, Window
from .content import Storage

#: Bytes of all pieces that are kept, and about the largest of one.
MEMORY, PIECE = 192 * 2**20, 24 * 2**20

#: Sides of a piece in cells, as far as the tiles of the files fit.
WIDTH, HEIGHT = 512, 256


class Source:
    """Mosaics on one grid as the bands of one raster.

    Parameters
    ----------
    mosaics : sequence of Mosaic
    window : Window
        The part of them that counts.
    storage : Storage
        How values are kept.

    Attributes
    ----------
    grid : Grid
        That of the window.
    bands : int
        How many there are in all mosaics.
    cell_bytes : int
        Memory a cell of all bands takes.
    """

    def __init__(self, mosaics, window: Window, storage: Storage):
        self.mosaics = tuple(mosaics)
        self.storage = storage
        self.grid: Grid = self.mosaics[0].grid.part(window)
        self.bands = sum(mosaic.bands for mosaic in self.mosaics)
        self.cell_bytes = self.bands * np.dtype(storage.dtype).itemsize
        self._window = window
        self._width, self._height = self._sides()
        self._most = max(1, MEMORY // (self._width * self._height * self.cell_bytes))
        self._kept: OrderedDict = OrderedDict()
        self._lock = Lock()

    def _sides(self) -> tuple:
        """Width and height of the pieces: whole tiles of the files where they are small enough."""
        wide, high = (max(mosaic.tile[axis] for mosaic in self.mosaics) for axis in (0, 1))
        width = min(self._window.width, math.ceil(WIDTH / wide) * wide)
        height = max(1, min(HEIGHT, PIECE // (width * self.cell_bytes)))
        whole = math.ceil(height / high) * high
        return width, whole if whole <= 2 * height else height

    # Places -----------------------------------------------------------------------------------------------------------

    def covering(self, window: Window) -> set:
        """The places (row, column) of the pieces that a window of the grid meets."""
        left, top = window.col + self._window.col, window.row + self._window.row
        rows = range(top // self._height, (top + window.height - 1) // self._height + 1)
        cols = range(left // self._width, (left + window.width - 1) // self._width + 1)
        return {(row, col) for row in rows for col in cols}

    def around(self, col: np.ndarray, row: np.ndarray, margin: float) -> set:
        """The places of the pieces no farther than so many cells from points of the grid; NaN is no point."""
        known = np.isfinite(col) & np.isfinite(row)
        points = row[known] + self._window.row, col[known] + self._window.col
        shifts = [np.append(np.arange(-margin, margin, side), margin) for side in (self._height, self._width)]
        found: set = set()
        for down in shifts[0]:
            for right in shifts[1]:
                places = (points[0] + down) // self._height, (points[1] + right) // self._width
                found.update(zip(*(place.astype(np.int64).tolist() for place in places)))
        return found & self.covering(self.grid.whole)

    # Values -----------------------------------------------------------------------------------------------------------

    def pieces(self, places: set) -> Iterator[tuple]:
        """The windows of the grid of some pieces, and their values: (bands, height, width).

        Those that another thread is decoding come last, so that this one has work meanwhile.

        Raises
        ------
        UnreadableRaster, InvalidParameter
            If a file is damaged, or holds what the storage does not.
        """
        waited_for = []
        for row, col in sorted(places):
            checkpoint()
            left, right = self._within(col * self._width, self._width, self._window.col, self._window.width)
            top, bottom = self._within(row * self._height, self._height, self._window.row, self._window.height)
            place = Window(left - self._window.col, top - self._window.row, right - left, bottom - top)
            future = self._piece(Window(left, top, right - left, bottom - top))
            if future.done():
                yield place, future.result()
            else:
                waited_for.append((place, future))
        for place, future in waited_for:
            yield place, future.result()

    @staticmethod
    def _within(first: int, side: int, start: int, count: int) -> tuple:
        return max(first, start), min(first + side, start + count)

    def read(self, window: Window) -> np.ndarray:
        """A window of the grid: (bands, height, width)."""
        values = np.empty((self.bands, window.height, window.width), self.storage.dtype)
        for place, piece in self.pieces(self.covering(window)):
            left, right = self._within(place.col, place.width, window.col, window.width)
            top, bottom = self._within(place.row, place.height, window.row, window.height)
            values[:, top - window.row:bottom - window.row, left - window.col:right - window.col] = (
                piece[:, top - place.row:bottom - place.row, left - place.col:right - place.col]
            )
        return values

    def _piece(self, window: Window) -> Future:
        """A window of the mosaics: decoded, or being decoded by another thread."""
        with self._lock:
            future = self._kept.pop(window, None)
            mine = future is None
            self._kept[window] = future = Future() if mine else future
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if mine:
            try:
                future.set_result(self._decoded(window))
            except BaseException as error:
                # Not kept: another run of the thread shall try anew.
                with self._lock:
                    self._kept.pop(window, None)
                future.set_exception(error)
        return future

    def _decoded(self, window: Window) -> np.ndarray:
        if len(self.mosaics) == 1:
            return self.mosaics[0].read(window, self.storage)
        return np.concatenate([mosaic.read(window, self.storage) for mosaic in self.mosaics])
