"""How values get from one grid to another: the methods, which of them fits, and what of a source a target takes."""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np

from ..bounds import Bounds, lattice
from ..crs import same_crs, transformed
from ..grid import TOLERANCE, Grid, Window
from .target_grid import cell_size_over

#: Side of the largest blocks a target grid is computed in, and about the largest of the source one of them draws on.
BLOCK, SOURCE_BLOCK = 1024, 4096

#: Target cells count as larger than those of the source from this ratio of their sides on. Below, an average would
#: rather blur than combine, and let the valid area grow: GDAL takes it over the box round a target cell, which a skewed
#: grid (sinusoidal) makes wide.
COARSER = 1.25

#: How far lines between the points of a lattice may bend beyond them, as a share of all it spans.
SPARE = 0.02


class Resampling(IntEnum):
    """How values get from one grid to another."""

    AUTOMATIC = 0
    NEAREST = 1
    BILINEAR = 2
    CUBIC = 3
    AVERAGE = 4
    MODE = 5
    SUM = 6
    MEDIAN = 7
    MINIMUM = 8
    MAXIMUM = 9

    @property
    def words(self) -> str:
        """What a message calls the method."""
        return "nearest neighbour" if self is Resampling.NEAREST else self.name.lower()


KEEPS_VALUES = (
    Resampling.NEAREST, Resampling.MODE, Resampling.MEDIAN, Resampling.MINIMUM, Resampling.MAXIMUM,
)
"""Methods that only ever give values the source has."""


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


def block_height(ratio: float) -> int:
    """Height of the blocks for a coarsening, less than the side of large ones, so that all threads have work."""
    side = block_side(ratio)
    return side // 4 if side == BLOCK else side


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


def margin_of(ratio: float) -> float:
    """How many cells of the source beyond the edge of a target cell the methods look at most, for a coarsening."""
    return 16 + 4 * ratio


def source_window(source: Grid, target: Grid, margin: float | None = None) -> Window | None:
    """The cells of a source that a target may draw on, with a margin, that of all methods by default; None if they do
    not meet."""
    ends = reached(source, target, margin)
    if ends is None:
        return source.whole
    left, right, top, bottom = max(0, ends[0]), min(source.width, ends[1]), max(0, ends[2]), min(source.height, ends[3])
    if left >= right or top >= bottom:
        return None
    return Window(left, top, right - left, bottom - top)


def reached(source: Grid, target: Grid, margin: float | None = None) -> tuple | None:
    """The columns and rows, of a source without ends, between which `source_window` lies: left, right, top, bottom.

    None where a point of the target has no place in the source's reference system.
    """
    u, v = transformed(*lattice(target), target.wkt, source.wkt)
    if not np.isfinite(u).all():
        return None
    col, row = source.cell_of(u, v)
    # Lines between the points of the lattice bend, and the methods look beyond the edge of a cell.
    margin = margin_of(coarsening(source, target)) if margin is None else margin
    spare_cols, spare_rows = (margin + SPARE * (each.max() - each.min()) for each in (col, row))
    return (
        math.floor(col.min() - spare_cols), math.ceil(col.max() + spare_cols),
        math.floor(row.min() - spare_rows), math.ceil(row.max() + spare_rows),
    )
