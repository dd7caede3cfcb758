"""Reading a window of a series as numbers, with missing values as NaN."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Callable

import numpy as np
from osgeo import gdal

from ..core.checkpoint import checkpoint
from .datasets import dataset_of
from .gdal_io import read_band
from .grid import Window
from .series import Series, Step

#: A declared nodata value beyond this stands for the lowest or highest number of its type, which programs round and
#: write in many ways (-3.4e38, -3.402823e+38, -1.797e308).
EXTREME = 1e38


@dataclass(frozen=True)
class StackReader:
    """Reads the steps of a series.

    Parameters
    ----------
    steps : tuple of Step
    scale : float
        Factor for the values, on top of the band's own scale and offset.
    valid_min, valid_max : float or None
        Stored values outside are missing.
    check : callable, optional
        Takes each step with its values as stored, those that are not missing in one dimension, and the band's own
        scale. It may raise. A function at the top of its module, as kernels are.

    Notes
    -----
    A value is missing when it equals the band's nodata value, when the band's mask or alpha says so, when the user
    declared it as missing, or when it is NaN or infinite. It becomes NaN. The band's scale and offset are applied, as
    QGIS shows the values. The stack is float32 where this holds every stored value exactly, else float64.
    """

    steps: tuple
    scale: float = 1.0
    valid_min: float | None = None
    valid_max: float | None = None
    check: Callable | None = None

    @classmethod
    def of(cls, series: Series, **options) -> StackReader:
        """A reader of all steps of a series."""
        return cls(series.steps, **options)

    @property
    def dtype(self) -> type:
        """Type of the numbers read."""
        return np.float32 if self.scale == 1.0 and all(step.exact_in_float32 for step in self.steps) else np.float64

    @property
    def bytes_per_cell(self) -> int:
        """Memory a cell takes: the numbers, and as much again for what GDAL decodes and the allocator keeps."""
        return 2 * len(self.steps) * np.dtype(self.dtype).itemsize

    @property
    def tile(self) -> tuple:
        """Width and height of the pieces the files are stored in: of the highest, where they differ."""
        return max((step.tile for step in self.steps), key=lambda tile: tile[1])

    def read(self, window: Window) -> np.ndarray:
        """Read a window.

        Returns
        -------
        array (steps, window.height, window.width)

        Raises
        ------
        UnreadableRaster
            If a file is damaged.
        """
        stack = np.empty((len(self.steps), window.height, window.width), self.dtype)
        for layer, group in groupby(zip(self.steps, stack), key=lambda pair: pair[0].layer):
            dataset, pairs = dataset_of(layer), list(group)
            hidden = _transparent(dataset, pairs[0][0], window)
            for step, values in pairs:
                checkpoint()
                self._read_step(dataset, step, window, values)
                if hidden is not None:
                    values[hidden] = np.nan
            # A block is read once; kept in GDAL's cache it would only make memory grow with the raster.
            dataset.FlushCache()
        return stack

    def _read_step(self, dataset: gdal.Dataset, step: Step, window: Window, out: np.ndarray) -> None:
        band = dataset.GetRasterBand(step.band)
        stored = read_band(band, window, step.label)
        missing = _missing(band, stored)
        if step.masked:
            missing = _either(missing, read_band(band.GetMaskBand(), window, step.label) == 0)
        if self.valid_min is not None:
            missing = _either(missing, stored < self.valid_min)
        if self.valid_max is not None:
            missing = _either(missing, stored > self.valid_max)
        out[...] = stored
        scale, offset = band.GetScale() or 1.0, band.GetOffset() or 0.0
        with np.errstate(over="ignore"):
            if scale != 1.0:
                out *= scale
            if offset:
                out += offset
        for number, low, high in step.layer.missing_ranges:
            # QGIS compares them with the values it shows: scale and offset applied.
            if number == step.band:
                missing = _either(missing, (out >= low) & (out <= high))
        if self.check is not None:
            self.check(step, stored.ravel() if missing is None else stored[~missing], scale)
        if self.scale != 1.0:
            with np.errstate(over="ignore"):
                out *= self.scale
        if stored.dtype == np.float64 and scale * self.scale != 1.0:
            # What was a number as stored can become infinite.
            missing = _either(missing, ~np.isfinite(out))
        if missing is not None:
            out[missing] = np.nan


def _transparent(dataset: gdal.Dataset, step: Step, window: Window):
    """Where the alpha band of a step's layer is 0, or None where it has no such band."""
    if not step.alpha:
        return None
    return read_band(dataset.GetRasterBand(step.alpha), window, step.label) == 0


def _missing(band: gdal.Band, stored: np.ndarray):
    """Where the values as stored are nodata or no number, or None where all are there."""
    missing = None
    if stored.dtype.kind == "f":
        finite = np.isfinite(stored)
        if not finite.all():
            missing = ~finite
    # Asked whatever the mask's flags say: GDAL before 3.7 takes the nodata -128 of signed bytes for out of range.
    nodata = band.GetNoDataValue()
    if nodata is not None and not np.isnan(nodata):
        missing = _either(missing, _equals(stored, nodata))
    return missing


def _equals(stored: np.ndarray, nodata: float) -> np.ndarray:
    """Compare with a nodata value in the band's own precision: -9999.9 has another float32 than float64."""
    if stored.dtype.kind != "f":
        return stored == nodata
    if abs(nodata) > EXTREME:
        return stored < -EXTREME if nodata < 0 else stored > EXTREME
    return stored == stored.dtype.type(nodata)


def _either(one, other: np.ndarray) -> np.ndarray:
    return other if one is None else one | other


@dataclass(frozen=True)
class Together:
    """Several readers as one: ``read(window)`` gives the tuple of what each reads."""

    readers: tuple

    @property
    def bytes_per_cell(self) -> int:
        """Memory a cell of all of them takes."""
        return sum(reader.bytes_per_cell for reader in self.readers)

    @property
    def tile(self) -> tuple:
        """Width and height of the pieces the files are stored in: of the highest, where they differ."""
        return max((reader.tile for reader in self.readers), key=lambda tile: tile[1], default=(0, 0))

    def read(self, window: Window) -> tuple:
        """Read a window."""
        return tuple(reader.read(window) for reader in self.readers)


@dataclass(frozen=True)
class Repeated:
    """The steps of a reader again and again: what is the same in each of so many years.

    Parameters
    ----------
    reader : StackReader
    times : int
    """

    reader: StackReader
    times: int

    @property
    def bytes_per_cell(self) -> int:
        """Memory a cell takes: the numbers as often as they are given."""
        return self.times * self.reader.bytes_per_cell

    @property
    def tile(self) -> tuple:
        """Width and height of the pieces the files are stored in."""
        return self.reader.tile

    def read(self, window: Window) -> np.ndarray:
        """Read a window: an array (times * steps, window.height, window.width)."""
        return np.tile(self.reader.read(window), (self.times, 1, 1))
