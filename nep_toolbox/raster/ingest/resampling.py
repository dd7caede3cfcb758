"""Resampling a raster onto another grid, window by window, with GDAL's warper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Callable

import numpy as np
from osgeo import gdal

from ...errors import Cancelled, UnreadableRaster
from ..bounds import Bounds, lattice
from ..crs import same_crs, transformed
from ..datasets import dataset_of
from ..gdal_io import collected_errors
from ..grid import TOLERANCE, Grid, Window
from ..series import Layer
from .content import Storage
from .target_grid import cell_size_over

#: Side of the largest blocks a target grid is computed in, and about the largest of the source one of them draws on.
BLOCK, SOURCE_BLOCK = 1024, 4096

#: Memory GDAL may take for one block, in megabytes; larger source areas are cut up.
MEMORY = 128

#: Target cells count as larger than those of the source from this ratio of their sides on. Below, an average would
#: rather blur than combine, and let the valid area grow: GDAL takes it over the box round a target cell, which a skewed
#: grid (sinusoidal) makes wide.
COARSER = 1.25


def _never() -> bool:
    return False


class Resampling(IntEnum):
    """How values get from one grid to another."""

    AUTOMATIC = 0
    NEAREST = 1
    BILINEAR = 2
    CUBIC = 3
    AVERAGE = 4
    MODE = 5

    @property
    def words(self) -> str:
        """What a message calls the method."""
        return "nearest neighbour" if self is Resampling.NEAREST else self.name.lower()


KEEPS_VALUES = (Resampling.NEAREST, Resampling.MODE)
"""Methods that only ever give values the source has."""

_ALGORITHMS = {
    Resampling.NEAREST: gdal.GRA_NearestNeighbour,
    Resampling.BILINEAR: gdal.GRA_Bilinear,
    Resampling.CUBIC: gdal.GRA_Cubic,
    Resampling.AVERAGE: gdal.GRA_Average,
    Resampling.MODE: gdal.GRA_Mode,
}


def coincide(source: Grid, target: Grid) -> bool:
    """Whether the cells of two grids lie on top of each other, whatever their extent."""
    if not same_crs(target.wkt, source.wkt):
        return False
    _, a, b, _, d, e = source.transform
    u0, p, q, v0, r, s = target.transform
    reach = TOLERANCE * min(source.cell_size) / max(target.width, target.height)
    if max(abs(a - p), abs(b - q), abs(d - r), abs(e - s)) > reach:
        return False
    col, row = source.cell_of(u0, v0)
    return max(abs(col - round(col)), abs(row - round(row))) < TOLERANCE


def coarsening(source: Grid, target: Grid) -> float:
    """Side of the target cells in sides of source cells, in the middle of the target, or as `cell_size_over` says."""
    x0, a, b, y0, d, e = target.transform
    # Not `Grid.point_at`, whose sums come in another order: on a rotated grid the last digit would differ.
    middle = x0 + (a * target.width + b * target.height) / 2, y0 + (d * target.width + e * target.height) / 2
    side = math.sqrt(abs(target.signed_cell_area))
    native = cell_size_over(source, target.wkt, Bounds.of(target), middle)
    return side / native if math.isfinite(native) else 1.0


def block_side(ratio: float) -> int:
    """Side of the blocks for a coarsening, a multiple of 16."""
    return max(32, min(BLOCK, int(SOURCE_BLOCK / ratio) // 16 * 16))


def choose_method(categories: bool, source: Grid, target: Grid) -> tuple:
    """The method for a raster whose user leaves the choice to the toolbox, and why."""
    if coincide(source, target):
        return Resampling.NEAREST, "values are copied, as the cells coincide with those of the target"
    ratio = coarsening(source, target)
    if categories:
        # GDAL gives every cell a target cell touches one vote, and a tie to the north-western one: where few vote the
        # map would be shifted. The class at the centre is the one with the largest share there.
        method = Resampling.MODE if ratio >= COARSER else Resampling.NEAREST
    else:
        method = Resampling.AVERAGE if ratio >= COARSER else Resampling.BILINEAR
    wide = "about as wide" if f"{ratio:.3g}" == "1" else f"{ratio:.3g} times as wide"
    return method, f"resampled ({method.words}), as the target cells are {wide}"


def source_window(source: Grid, target: Grid) -> Window | None:
    """The cells of a source that a target may draw on, with a margin; None if they do not meet."""
    u, v = transformed(*lattice(target), target.wkt, source.wkt)
    if not np.isfinite(u).all():
        return source.whole
    col, row = source.cell_of(u, v)
    # Lines between the points of the lattice bend, and the methods look beyond the edge of a cell.
    margin = 16 + 4 * coarsening(source, target)
    spare_cols, spare_rows = (margin + 0.02 * (each.max() - each.min()) for each in (col, row))
    left, right = max(0, math.floor(col.min() - spare_cols)), min(source.width, math.ceil(col.max() + spare_cols))
    top, bottom = max(0, math.floor(row.min() - spare_rows)), min(source.height, math.ceil(row.max() + spare_rows))
    if left >= right or top >= bottom:
        return None
    return Window(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class WarpedReader:
    """Reads windows of a target grid from a raster on another.

    Parameters
    ----------
    path : str
        A raster of one band whose nodata value marks all that is missing.
    name : str
        What the user calls it.
    source, target : Grid
    method : Resampling
        Any but AUTOMATIC.
    nodata : float
        Its nodata value, NaN for floating-point numbers.
    data_type : int
        GDAL's type of its values.
    ratio : float
        `coarsening` of the two grids.
    is_cancelled : callable
        Asked while GDAL works; the reading then stops with Cancelled.

    Notes
    -----
    Missing cells take no part: an average is that of the valid cells, a mode that of the valid classes, and the
    weights of a bilinear or cubic interpolation are shared among the valid cells.
    """

    path: str
    name: str
    source: Grid
    target: Grid
    method: Resampling
    nodata: float
    data_type: int
    ratio: float
    is_cancelled: Callable = _never
    bytes_per_cell: int = 16

    @classmethod
    def of(cls, path: str, name: str, source: Grid, target: Grid, method: Resampling, storage: Storage,
           is_cancelled: Callable = _never) -> WarpedReader:
        """A reader of a temporary raster written by `mosaic.Mosaic`."""
        ratio = coarsening(source, target)
        return cls(path, name, source, target, method, storage.nodata, storage.data_type, ratio, is_cancelled)

    def read(self, window: Window) -> np.ndarray:
        """A window of the target grid: (1, height, width) of the raster's type.

        Raises
        ------
        UnreadableRaster
            If GDAL cannot warp it.
        """
        dataset = dataset_of(Layer(self.name, self.path))
        values = self.warped(dataset, window, self.method, self.data_type, self.nodata)
        dataset.FlushCache()  # else GDAL's cache grows with the raster
        return values[np.newaxis]

    def warped(self, source: gdal.Dataset, window: Window, method: Resampling, data_type: int, nodata) -> np.ndarray:
        """What a dataset on the source's cells is in a window of the target grid: (height, width); raises as `read`."""
        place = self.target.part(window)
        result = gdal.GetDriverByName("MEM").Create("", window.width, window.height, 1, data_type)
        result.SetGeoTransform(place.transform)
        result.SetProjection(place.wkt)
        result.GetRasterBand(1).SetNoDataValue(nodata)
        result.GetRasterBand(1).Fill(nodata)
        # GDAL would else guess the ratio of the cells, wrongly where the source covers only part of the window.
        scale = min(1.0, 1.0 / self.ratio)
        options = gdal.WarpOptions(
            resampleAlg=_ALGORITHMS[method], srcNodata=repr(nodata), dstNodata=repr(nodata),
            # Every cell is projected by itself: an approximation along the rows would make a value depend on the extent
            # of the result. It costs 0.3 microseconds a cell.
            errorThreshold=0.0, warpMemoryLimit=MEMORY,
            warpOptions=["SAMPLE_GRID=YES", f"XSCALE={scale!r}", f"YSCALE={scale!r}"],
            callback=lambda *_progress: 0 if self.is_cancelled() else 1,
        )
        with collected_errors() as messages:
            try:
                done = gdal.Warp(result, source, options=options)
            except RuntimeError as error:
                done = None
                messages.append(str(error))
        if self.is_cancelled():
            raise Cancelled
        if not done:
            raise UnreadableRaster(
                f"'{self.name}' cannot be resampled: {messages[-1] if messages else 'no reason given'}. Check its CRS."
            )
        return result.ReadAsArray()
