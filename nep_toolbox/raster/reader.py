"""Reading a window of a series as numbers, with missing values as NaN."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, reduce
from itertools import groupby
from typing import Callable

import numpy as np
from osgeo import gdal

from ..core.checkpoint import checkpoint
from .datasets import dataset_of
from .gdal_io import read_band, read_into
from .grid import Window
from .memory import empty, parts_of
from .series import Series, Step

#: A declared nodata value beyond this stands for the lowest or highest number of its type, which programs round and
#: write in many ways (-3.4e38, -3.402823e+38, -1.797e308).
EXTREME = 1e38

#: The largest numbers of the floating types. Values as far from 0, to a thousandth, stand for them whether or not
#: anybody has declared so: programs fill what lies outside of their data with them.
LARGEST = tuple(float(np.finfo(kind).max) for kind in (np.float32, np.float64))

#: Bytes of all bands of a file that are surely held by GDAL's cache.
AT_ONCE = 2**25

_TYPES = {"Float32": np.float32, "Float64": np.float64}


@dataclass(frozen=True)
class StackReader:
    """Reads the steps of a series.

    Parameters
    ----------
    steps : tuple of Step
    scale, offset : float
        Factor for the values, on top of the band's own scale and offset, and what is added to them then.
    valid_min, valid_max : float or None
        Stored values outside are missing.
    check : callable, optional
        Takes each step with its values as stored, in one dimension and NaN where they are missing, and the band's own
        scale. It may raise. A function at the top of its module, as kernels are.

    Notes
    -----
    A value is missing when it equals the band's nodata value, when the band's mask or alpha says so, when the user
    declared it as missing, when it is NaN or infinite, or the lowest or highest number of a floating type. It becomes
    NaN. The band's scale and offset are applied, as QGIS shows the values. The stack is float32 where this holds every
    stored value exactly, else float64.
    """

    steps: tuple
    scale: float = 1.0
    valid_min: float | None = None
    valid_max: float | None = None
    check: Callable | None = None
    offset: float = 0.0

    @classmethod
    def of(cls, series: Series, **options) -> StackReader:
        """A reader of all steps of a series."""
        return cls(series.steps, **options)

    @property
    def dtype(self) -> type:
        """Type of the numbers read."""
        as_stored = (self.scale, self.offset) == (1.0, 0.0)
        return np.float32 if as_stored and all(step.exact_in_float32 for step in self.steps) else np.float64

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
        stack = empty((len(self.steps), window.height, window.width), self.dtype)
        first = 0
        for layer, group in groupby(self.steps, key=lambda step: step.layer):
            steps = tuple(group)
            self._read_layer(dataset_of(layer), steps, window, stack[first : first + len(steps)])
            first += len(steps)
        return stack

    def _read_layer(self, dataset: gdal.Dataset, steps: tuple, window: Window, out: np.ndarray) -> None:
        hidden = _transparent(dataset, steps[0], window)
        if _lie_cell_by_cell(dataset, steps):
            _read_rows(dataset, steps, window, out)
        else:
            for step, values in zip(steps, out):
                checkpoint()
                read_into(values, dataset.GetRasterBand(step.band), window, step.label)
        first = 0
        # Together, since threads that compute beside this one wait for it at each call.
        for _same, group in groupby(steps, key=_coding):
            alike = tuple(group)
            self._clean(dataset, alike, window, hidden, out[first : first + len(alike)])
            first += len(alike)
        # A block is read once; kept in GDAL's cache it would only make memory grow with the raster.
        dataset.FlushCache()

    def _clean(self, dataset: gdal.Dataset, steps: tuple, window: Window, hidden, stack: np.ndarray) -> None:
        """Turn values of steps that are coded alike, as they are stored, into what they mean."""
        step, values = steps[0], stack.reshape(-1)
        if step.masked:
            mask = dataset.GetRasterBand(step.band).GetMaskBand()
            hidden = _either(hidden, read_band(mask, window, step.label) == 0)
        if _is_wide(step) and step.nodata is not None:
            # In floating point its neighbours would equal it.
            hidden = _either(hidden, read_band(dataset.GetRasterBand(step.band), window, step.label) == step.nodata)
        hidden = None if hidden is None else hidden.reshape(-1)
        rules = self._rules(step)
        for part in parts_of(values):
            missing = [rule(values[part]) for rule in rules]
            missing = reduce(_either, missing, None if hidden is None else hidden[part])
            if missing is not None and missing.any():
                values[part][missing] = np.nan
        if self.check is not None:
            for each, plane in zip(steps, stack):
                self.check(each, plane.reshape(-1), each.scale)
        if (step.scale, step.offset, self.scale, self.offset) != (1.0, 0.0, 1.0, 0.0):
            for part in parts_of(values):
                _apply(values[part], (step.scale, step.offset), (self.scale, self.offset))

    def _rules(self, step: Step) -> list:
        """What tells, of values as they are stored, which are missing: functions from values to booleans."""
        kind = _TYPES.get(step.type_name)
        rules = [] if kind is None else [_ends_type]
        # Asked whatever the mask's flags say: GDAL before 3.7 takes the nodata -128 of signed bytes for out of range.
        if step.nodata is not None and not np.isnan(step.nodata) and not _is_wide(step):
            rules.append(partial(_equals, nodata=step.nodata, kind=kind))
        if self.valid_min is not None:
            rules.append(partial(_lies_below, limit=self.valid_min, kind=kind))
        if self.valid_max is not None:
            rules.append(partial(_lies_above, limit=self.valid_max, kind=kind))
        # QGIS compares them with the values it shows: scale and offset applied.
        rules.extend(
            partial(_lies_within, low=low, high=high, scale=step.scale, offset=step.offset)
            for low, high in _missing_ranges(step)
        )
        return rules


def _coding(step: Step) -> tuple:
    """What is the same in steps of a layer that are cleaned together; whose missing values lie elsewhere is alone."""
    if step.masked or step.alpha or _is_wide(step):
        return (step.band,)
    return step.type_name, repr(step.nodata), step.scale, step.offset, _missing_ranges(step)  # NaN equals no NaN


def _missing_ranges(step: Step) -> tuple:
    """The ranges of values that its layer says are missing."""
    return tuple((low, high) for number, low, high in step.layer.missing_ranges if number == step.band)


def _is_wide(step: Step) -> bool:
    """Whether the values are whole numbers of 64 bits, which floating point does not hold."""
    return step.type_name in ("Int64", "UInt64")


def _lie_cell_by_cell(dataset: gdal.Dataset, steps: tuple) -> bool:
    """Whether a file stores the bands of a cell side by side, and the steps are all of them."""
    numbers = list(range(1, dataset.RasterCount + 1))
    return (len(steps) > 1 and [step.band for step in steps] == numbers
            and dataset.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE") == "PIXEL")


def _read_rows(dataset: gdal.Dataset, steps: tuple, window: Window, out: np.ndarray) -> None:
    """Read all bands, some rows at a time: of more rows GDAL may decode each piece of the file once for each band."""
    tall = steps[0].tile[1]
    height = max(1, AT_ONCE // (out.nbytes // window.height) // tall) * tall
    for row in range(0, window.height, height):
        part = Window(window.col, window.row + row, window.width, min(height, window.height - row))
        for step, values in zip(steps, out[:, row : row + part.height]):
            checkpoint()
            read_into(values, dataset.GetRasterBand(step.band), part, step.label)
        dataset.FlushCache()


def _apply(values: np.ndarray, *steps) -> None:
    """Apply scales and offsets, one pair after the other; what becomes infinite is missing."""
    with np.errstate(over="ignore"):
        for scale, offset in steps:
            if scale != 1.0:
                values *= scale
            if offset:
                values += offset
    values[np.isinf(values)] = np.nan


def _transparent(dataset: gdal.Dataset, step: Step, window: Window):
    """Where the alpha band of a step's layer is 0, or None where it has no such band."""
    if not step.alpha:
        return None
    return read_band(dataset.GetRasterBand(step.alpha), window, step.label) == 0


def _ends_type(values: np.ndarray) -> np.ndarray:
    """Where values are infinite, or the lowest or highest number of a floating type."""
    sizes = np.abs(values)
    found = sizes > EXTREME
    if found.any():
        large = sizes[found].astype(np.float64)
        found[found] = reduce(np.logical_or, (np.abs(large / end - 1.0) < 1e-3 for end in LARGEST), np.isinf(large))
    return found


def _equals(values: np.ndarray, nodata: float, kind) -> np.ndarray:
    """Compare with a nodata value as the band can hold it, in the many ways of writing the end of a type."""
    if kind is not None and abs(nodata) > EXTREME:
        return values < -EXTREME if nodata < 0 else values > EXTREME
    return values == _as_stored(nodata, kind)


def _lies_below(values: np.ndarray, limit: float, kind) -> np.ndarray:
    return values < _as_stored(limit, kind)


def _lies_above(values: np.ndarray, limit: float, kind) -> np.ndarray:
    return values > _as_stored(limit, kind)


def _as_stored(number: float, kind) -> float:
    """A number in the band's own precision: -9999.9 has another float32 than float64."""
    return number if kind is None else float(kind(number))


def _lies_within(values: np.ndarray, low: float, high: float, scale: float, offset: float) -> np.ndarray:
    if (scale, offset) != (1.0, 0.0):
        values = values * scale + offset
    return (values >= low) & (values <= high)


def _either(one, other):
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
