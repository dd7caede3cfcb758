"""Putting pieces of a raster side by side, with a single value that marks what is missing.

GDAL's warper knows one nodata value for a band. Fill codes, valid ranges, masks, NaN without a tag and whatever else
says that a value is missing must be gone before it starts, or codes are averaged into results.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...core.checkpoint import checkpoint
from ...errors import GridMismatch, InvalidParameter
from ..datasets import dataset_of
from ..gdal_io import read_band
from ..grid import Grid, Window
from ..reader import StackReader
from ..series import Step
from .content import Storage
from .places import moved, shared, slices

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

    @property
    def tile(self) -> tuple:
        """Width and height of the pieces the file is stored in."""
        return self.step.tile

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
    """A raster with its grid; ``reader`` has ``read(window) -> (bands, height, width)``."""

    reader: object
    grid: Grid
    name: str
    bands: int = 1


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

    @property
    def bands(self) -> int:
        """How many bands each piece has."""
        return self.pieces[0].bands

    @property
    def tile(self) -> tuple:
        """Width and height of the tiles the pieces are stored in: the largest."""
        tiles = [getattr(piece.reader, "tile", (1, 1)) for piece in self.pieces]
        return max(width for width, _height in tiles), max(height for _width, height in tiles)

    def read(self, window: Window, storage: Storage) -> np.ndarray:
        """A window of the mosaic: (bands, height, width) as a storage says.

        Where pieces overlap the first valid value stays. Where nothing is, and where the readers of floating-point
        numbers give NaN, it is missing.

        Raises
        ------
        UnreadableRaster, InvalidParameter
            If a piece is damaged, or holds what the storage does not.
        """
        values = np.empty((self.bands, window.height, window.width), storage.dtype)
        if shared(self.places[0], window) != window:
            values.fill(storage.nodata)
        done: list = []
        for piece, place in zip(self.pieces, self.places):
            there = shared(place, window)
            if there is None:
                continue
            checkpoint()
            found = _fitting(piece.reader.read(moved(there, place)), storage, piece.name)
            before = values[slices(there, window)]
            if any(shared(there, other) for other in done):
                missing = np.isnan(before) if storage.fractions else before == storage.nodata
                found = np.where(missing, found, before)
            before[...] = found
            done.append(place)
        return values


def _fitting(values: np.ndarray, storage: Storage, name: str) -> np.ndarray:
    """Values as a storage holds them."""
    if storage.dtype != "float32" or values.dtype != np.float64:
        return values
    limit = np.finfo(np.float32).max
    if (np.abs(values) > limit).any():
        raise InvalidParameter(_TOO_LARGE.format(name, limit))
    return values.astype(np.float32)


def _require_apart(pieces: list, places: list) -> None:
    """Tiles may overlap at their edges; two that cover each other are the same place at two times."""
    for index, (piece, place) in enumerate(zip(pieces, places)):
        for other, place_of_other in zip(pieces[:index], places[:index]):
            common = shared(place, place_of_other)
            smaller = min(place.width * place.height, place_of_other.width * place_of_other.height)
            if common and common.width * common.height > smaller / 2:
                raise InvalidParameter(
                    f"'{other.name}' and '{piece.name}' are of one year and cover the same area. Keep one of them for "
                    f"each year; a product of several dates a year is no annual product."
                )
