"""What is computed for a block of a raster: each a composition of the functions of the science."""

from __future__ import annotations

import numpy as np

from .frequency import change_frequency, percent_of_comparisons
from .future import FUTURE_LABELS, future_trend
from .gravity import gravity_sums
from .persistence import ANTI_PERSISTENT, PERSISTENT, RANDOM, hurst, persistence_class
from .reduction import sum_units
from .shares import class_sums
from .zonal import zonal_sums

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


def rows_block(lattice, target, *factors) -> tuple:
    """Cells of a block as rows of a table.

    Parameters
    ----------
    lattice : (rows, cols, numbers)
        Integer arrays: the rows and columns of the cells to take, and the numbers (rows, cols) of these cells.
    target, factors : arrays (1, height, width)

    Returns
    -------
    numbers : int64 array (cells,)
        Of the cells of the lattice where the target has a value.
    table : float64 array (1 + number of factors, cells)
        Their values.
    """
    rows, cols, numbers = lattice
    place = np.ix_(rows, cols)
    values = target[0][place]
    present = np.isfinite(values)
    table = np.empty((1 + len(factors), np.count_nonzero(present)))
    table[0] = values[present]
    for row, stack in zip(table[1:], factors):
        row[:] = stack[0][place][present]
    return numbers[present], table


def zonal_block(stack, cell_area, pairs=None) -> list:
    """`zonal_sums` of the units of a block, as `sum_units` gives them.

    Parameters
    ----------
    stack : array (n, rows, cols)
    cell_area : array (rows, 1), m2
    pairs : (cells, regions), optional
        As a ZoneReader reads them.
    """
    values, area = _flat(stack, cell_area)
    return sum_units(
        stack.shape[1:], pairs, lambda cells, zone, zones: zonal_sums(values[:, cells], area[cells], zone, zones)
    )


def gravity_block(stack, cell_area, centres, pairs=None, **options) -> list:
    """`gravity_sums` of the units of a block, as `sum_units` gives them.

    ``centres`` are two arrays (rows, cols) of map coordinates; the other arguments are those of `zonal_block`, the
    options those of `gravity_sums`.
    """
    values, area = _flat(stack, cell_area)
    x, y = (np.broadcast_to(part, stack.shape[1:]).ravel() for part in centres)
    return sum_units(
        stack.shape[1:], pairs,
        lambda cells, zone, zones: gravity_sums(
            values[:, cells], area[cells], x[cells], y[cells], zone, zones, **options
        ),
    )


def _flat(stack, cell_area) -> tuple:
    """Values (n, cells) and areas (cells,) of a block."""
    return stack.reshape(len(stack), -1), np.broadcast_to(cell_area, stack.shape[1:]).ravel()
