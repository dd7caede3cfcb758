"""Putting pieces of a raster side by side in one temporary file in which a single value marks what is missing.

GDAL's warper knows one nodata value for a band. Fill codes, valid ranges, masks, NaN without a tag and whatever else
says that a value is missing must be gone before it starts, or codes are averaged into results.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Callable

import numpy as np
from osgeo import gdal

from ...errors import GridMismatch, InvalidParameter, UnreadableRaster
from ..datasets import dataset_of, open_datasets
from ..gdal_io import collected_errors, read_band
from ..grid import Grid, Window
from ..reader import StackReader
from ..series import Step

#: Rows copied at a time, and the side of the tiles of the file.
ROWS = 512

#: Pieces whose cells lie closer to a common grid than this share of a cell lie on it.
REACH = 0.05

_NOTHING_LEFT = (
    "'{}' declares no missing value, and {}, which would stand for one in the result, is among its values. Declare a "
    "nodata value that does not occur (Raster, Conversion, Translate), the same for all bands."
)
_TOO_LARGE = (
    "'{}' has values beyond {:.4g}, the largest number of Float32, in which averages and interpolations are kept. "
    "Choose a method that keeps values as they are, or mask what is no measurement."
)


@dataclass(frozen=True)
class Stored:
    """Reads the values of a step as stored, with one value for all that is missing.

    Parameters
    ----------
    step : Step
    nodata : int
    dtype : str
        The type to give the values, which holds all of them and ``nodata``.

    Raises
    ------
    InvalidParameter
        When read, if a valid value is ``nodata``.
    """

    step: Step
    nodata: int
    dtype: str

    def read(self, window: Window) -> np.ndarray:
        """A window: (1, height, width)."""
        missing = np.isnan(StackReader((self.step,)).read(window))
        dataset = dataset_of(self.step.layer)
        stored = read_band(dataset.GetRasterBand(self.step.band), window, self.step.label)
        dataset.FlushCache()  # else GDAL keeps what is read once only
        values = stored[np.newaxis].astype(self.dtype)
        if (values[~missing] == self.nodata).any():
            raise InvalidParameter(_NOTHING_LEFT.format(self.step.label, self.nodata))
        values[missing] = self.nodata
        return values


@dataclass(frozen=True)
class Piece:
    """A raster with its grid; ``reader`` has ``read(window) -> (1, height, width)``."""

    reader: object
    grid: Grid
    name: str


@dataclass(frozen=True)
class Mosaic:
    """Pieces on one grid: ``places`` are the window of each in it."""

    grid: Grid
    pieces: tuple
    places: tuple

    @classmethod
    def of(cls, pieces: list) -> Mosaic:
        """Find the place of each piece.

        Raises
        ------
        GridMismatch
            If the cells of a piece do not fit those of the first.
        InvalidParameter
            If one piece covers another.
        """
        first = pieces[0]
        x0, _, _, y0, _, _ = first.grid.transform
        places = []
        for piece in pieces:
            x, a, b, y, d, e = piece.grid.transform
            # At one corner and of one size: only the reference system and the cells are compared.
            here = replace(first.grid, width=piece.grid.width, height=piece.grid.height)
            words = here.differences(replace(piece.grid, transform=(x0, a, b, y0, d, e)))
            col, row = first.grid.cell_of(x, y)
            if not words and max(abs(col - round(col)), abs(row - round(row))) > REACH:
                words = [f"it is shifted by {col % 1:.3g} columns and {row % 1:.3g} rows"]
            if words:
                raise GridMismatch(
                    f"'{piece.name}' cannot be put beside '{first.name}': {'; '.join(words)}. Only tiles of one "
                    f"product can be joined."
                )
            places.append(Window(round(col), round(row), piece.grid.width, piece.grid.height))
        left, top = min(place.col for place in places), min(place.row for place in places)
        right = max(place.col + place.width for place in places)
        bottom = max(place.row + place.height for place in places)
        _require_apart(pieces, places)
        return cls(
            first.grid.part(Window(left, top, right - left, bottom - top)), tuple(pieces),
            tuple(Window(place.col - left, place.row - top, place.width, place.height) for place in places),
        )

    def write(self, path: str, window: Window, data_type: int, nodata: float, stop: Callable) -> Grid:
        """Write a window of the mosaic to a temporary GeoTIFF.

        Parameters
        ----------
        path : str
        window : Window
        data_type : int
            GDAL's type, of the values the readers give.
        nodata : float
            What the file has where nothing is. Readers of floating-point numbers give NaN there.
        stop : callable
            Called between blocks; raises to stop.

        Returns
        -------
        Grid
            That of the file.

        Raises
        ------
        UnreadableRaster, InvalidParameter
            If a piece is damaged, or the file cannot be written.
        """
        grid = self.grid.part(window)
        file = _TemporaryRaster(path, grid, data_type, nodata)
        with open_datasets():
            self._copy(file, window, nodata, stop)
        file.close()
        return grid

    def _copy(self, file: _TemporaryRaster, window: Window, nodata: float, stop: Callable) -> None:
        done: list = []
        for piece, place in zip(self.pieces, self.places):
            shared = _shared(place, window)
            for rows in _strips(shared, window.row) if shared else ():
                stop()
                values = piece.reader.read(_moved(rows, place))[0]
                there = _moved(rows, window)
                if any(_shared(rows, other) for other in done):
                    # Where pieces overlap the first valid value stays.
                    before = file.read(there)
                    kept = ~np.isnan(before) if np.isnan(nodata) else before != nodata
                    values = np.where(kept, before, values)
                file.write(there, _fitting(values, file.data_type, piece.name))
            done.append(place)


class _TemporaryRaster:
    """A GeoTIFF that is written and, where need be, read again."""

    def __init__(self, path: str, grid: Grid, data_type: int, nodata: float):
        self.path, self.data_type = path, data_type
        with self._errors_as("written to"):
            self.dataset = gdal.GetDriverByName("GTiff").Create(path, grid.width, grid.height, 1, data_type, [
                "TILED=YES", f"BLOCKXSIZE={ROWS}", f"BLOCKYSIZE={ROWS}", "BIGTIFF=IF_SAFER", "SPARSE_OK=TRUE",
                "COMPRESS=DEFLATE", "ZLEVEL=1", "NUM_THREADS=ALL_CPUS",
            ])
        self.dataset.SetProjection(grid.wkt)
        self.dataset.SetGeoTransform(grid.transform)
        self.band = self.dataset.GetRasterBand(1)
        self.band.SetNoDataValue(nodata)

    def read(self, window: Window) -> np.ndarray:
        with self._errors_as("read back from"):
            values = self.band.ReadAsArray(window.col, window.row, window.width, window.height)
            if values is None:  # what fails on a thread of GDAL's own is said to nobody
                raise RuntimeError("its blocks cannot be decoded")
            return values

    def write(self, window: Window, values: np.ndarray) -> None:
        with self._errors_as("written to"):
            self.band.WriteArray(np.ascontiguousarray(values), window.col, window.row)
            self.band.FlushCache()  # else GDAL's cache grows with the raster

    def close(self) -> None:
        try:
            with self._errors_as("written to"):
                self.dataset.FlushCache()
        finally:
            self.band = self.dataset = None

    @contextmanager
    def _errors_as(self, deed: str) -> Iterator[None]:
        """Turn errors of GDAL into UnreadableRaster."""
        with collected_errors() as messages:
            try:
                yield
            except RuntimeError as error:
                messages.append(str(error))
        if messages:
            raise UnreadableRaster(
                f"A temporary raster cannot be {deed} {os.path.dirname(self.path)}: {messages[0]}. Is the disk full? "
                f"The folder for temporary files is set in QGIS under Settings, Options, Processing, General."
            )


def _fitting(values: np.ndarray, data_type: int, name: str) -> np.ndarray:
    """Values as their type in the file holds them."""
    if data_type != gdal.GDT_Float32 or values.dtype != np.float64:
        return values
    limit = np.finfo(np.float32).max
    if (np.abs(values) > limit).any():
        raise InvalidParameter(_TOO_LARGE.format(name, limit))
    return values.astype(np.float32)


def _shared(one: Window, other: Window) -> Window | None:
    """The cells two windows have in common."""
    left, top = max(one.col, other.col), max(one.row, other.row)
    right = min(one.col + one.width, other.col + other.width)
    bottom = min(one.row + one.height, other.row + other.height)
    return Window(left, top, right - left, bottom - top) if left < right and top < bottom else None


def _strips(window: Window, origin: int) -> list:
    """A window in strips that end where the tiles of a file do whose first row is ``origin``."""
    row, end = window.row, window.row + window.height
    strips = []
    while row < end:
        after = min(end, row + ROWS - (row - origin) % ROWS)
        strips.append(Window(window.col, row, window.width, after - row))
        row = after
    return strips


def _moved(window: Window, origin: Window) -> Window:
    """A window counted from the corner of another."""
    return Window(window.col - origin.col, window.row - origin.row, window.width, window.height)


def _require_apart(pieces: list, places: list) -> None:
    """Tiles may overlap at their edges; two that cover each other are the same place at two times."""
    for index, (piece, place) in enumerate(zip(pieces, places)):
        for other, place_of_other in zip(pieces[:index], places[:index]):
            shared = _shared(place, place_of_other)
            smaller = min(place.width * place.height, place_of_other.width * place_of_other.height)
            if shared and shared.width * shared.height > smaller / 2:
                raise InvalidParameter(
                    f"'{other.name}' and '{piece.name}' are of one year and cover the same area. Keep one of them for "
                    f"each year; a product of several dates a year is no annual product."
                )
