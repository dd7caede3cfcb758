"""What is computed for a block of a raster: each a composition of the functions of the science."""

from __future__ import annotations

import numpy as np

from .frequency import change_frequency, percent_of_comparisons
from .future import FUTURE_LABELS, future_trend
from .gravity import gravity_sums
from .persistence import ANTI_PERSISTENT, PERSISTENT, RANDOM, hurst, persistence_class
from .shares import class_sums
from .zonal import ZonalSums, zonal_sums

FIRST_PERSISTENCE, LAST_PERSISTENCE = min(RANDOM, ANTI_PERSISTENT), PERSISTENT
FIRST_FUTURE, LAST_FUTURE = min(FUTURE_LABELS), max(FUTURE_LABELS)


def hurst_block(stack, cell_area=None, **options) -> dict:
    """The arrays of `hurst`, ``class`` (int16) and ``sums``, as `class_sums`."""
    block = hurst(stack, **options)
    block["class"] = persistence_class(block["hurst"])
    block["sums"] = class_sums(block["class"], FIRST_PERSISTENCE, LAST_PERSISTENCE, cell_area)
    return block


def future_block(trend_classes, exponent, cell_area=None) -> dict:
    """``code`` (int16) of `future_trend` from two stacks of one step each, and ``sums``, as `class_sums`."""
    code = future_trend(trend_classes[0], exponent[0])
    return {"code": code, "sums": class_sums(code, FIRST_FUTURE, LAST_FUTURE, cell_area)}


def frequency_block(stack) -> dict:
    """The counts of `change_frequency` and ``increase_percent``."""
    block = change_frequency(stack)
    block["increase_percent"] = percent_of_comparisons(block["increases"], block["comparisons"])
    return block


def zonal_block(stack, cell_area, pairs=None, *, regions: int = 0) -> ZonalSums:
    """Sums of the whole raster (zone 0) and of the regions (zones 1 ...).

    Parameters
    ----------
    stack : array (n, rows, cols)
    cell_area : array (rows, 1), m2
    pairs : (cells, regions), optional
        As a ZoneReader reads them.
    regions : int
        Number of regions.
    """
    index, zone = _everywhere(stack.shape[1:], pairs)
    values = stack.reshape(len(stack), -1)
    area = np.broadcast_to(cell_area, stack.shape[1:]).ravel()
    if pairs is not None:
        values, area = values[:, index], area[index]
    return zonal_sums(values, area, zone, regions + 1)


def gravity_block(stack, cell_area, centres, pairs=None, *, regions: int = 0, **options):
    """`gravity_sums` of the whole raster (zone 0) and of the regions (zones 1 ...).

    ``centres`` are two arrays (rows, cols) of map coordinates; the other arguments are those of `zonal_block`, the
    options those of `gravity_sums`.
    """
    index, zone = _everywhere(stack.shape[1:], pairs)
    values = stack.reshape(len(stack), -1)[:, index]
    area = np.broadcast_to(cell_area, stack.shape[1:]).ravel()[index]
    x, y = (np.broadcast_to(part, stack.shape[1:]).ravel()[index] for part in centres)
    return gravity_sums(values, area, x, y, zone, regions + 1, **options)


def _everywhere(shape: tuple, pairs) -> tuple:
    """Pairs (cell, zone) with every cell in zone 0 and the regions in the zones after it."""
    cells = np.arange(shape[0] * shape[1])
    whole = np.zeros(cells.size, dtype=np.int64)
    if pairs is None:
        return cells, whole
    return np.concatenate((cells, pairs[0])), np.concatenate((whole, pairs[1] + 1))
