"""Sums over zones of a block of a raster, patch by patch."""

from __future__ import annotations

import numpy as np

from .gravity_centre import gravity_sums
from .reduction import sum_patches
from .statistics import zonal_sums


def zonal_block(stack, cell_area, regions=None) -> list:
    """`zonal_sums` of the patches of a block, as `sum_patches` gives them.

    Parameters
    ----------
    stack : array (n, rows, cols)
    cell_area : array (rows, 1) or (rows, cols), m2
    regions : (cells, regions), optional
        As a ZoneReader reads them.
    """
    values, area = _flat(stack, cell_area)
    return sum_patches(
        stack.shape[1:], regions, lambda cells, zone, zones: zonal_sums(values[:, cells], area[cells], zone, zones)
    )


def gravity_block(stack, cell_area, centres, regions=None, **options) -> list:
    """`gravity_sums` of the patches of a block, as `sum_patches` gives them.

    ``centres`` are two arrays (rows, cols) of map coordinates; the other arguments are those of `zonal_block`, the
    options those of `gravity_sums`.
    """
    values, area = _flat(stack, cell_area)
    x, y = (np.broadcast_to(part, stack.shape[1:]).ravel() for part in centres)
    return sum_patches(
        stack.shape[1:], regions,
        lambda cells, zone, zones: gravity_sums(
            values[:, cells], area[cells], x[cells], y[cells], zone, zones, **options
        ),
    )


def _flat(stack, cell_area) -> tuple:
    """Values (n, cells) and areas (cells,) of a block."""
    return stack.reshape(len(stack), -1), np.broadcast_to(cell_area, stack.shape[1:]).ravel()
