"""The values of a series at single cells."""

from __future__ import annotations

import numpy as np

from ..core.sampling.cells import points_block
from ..raster.chosen import ChosenCells, windows_around
from ..raster.grid import Grid
from ..raster.reader import StackReader


def values_of_cells(run, reader: StackReader, grid: Grid, cells: np.ndarray, part: tuple) -> np.ndarray:
    """The values of cells, of which only the surroundings are read.

    Parameters
    ----------
    run : Run
    reader : StackReader
    grid : Grid
    cells : int64 array (k,)
        Numbers of cells, row by row from 0; -1 beyond the grid. One may come several times.
    part : (start, end)
        The part of the run, for the progress bar.

    Returns
    -------
    array (steps, k) of the type of the reader
        NaN where a cell has no value or lies beyond the grid.
    """
    numbers, which = np.unique(cells, return_inverse=True)
    values = np.full((len(reader.steps), len(numbers)), np.nan, dtype=reader.dtype)
    engine, chosen = run.engine(*part), ChosenCells(numbers[numbers >= 0], grid.width)
    readers = {"cells": chosen, "stack": reader}
    shape = run.plan(engine, grid, readers, 8.0)
    windows = windows_around(chosen.numbers, grid, reader.tile, shape)
    for _window, (found, some) in engine.results(points_block, readers, grid, shape, windows):
        values[:, np.searchsorted(numbers, found)] = some
    return values[:, which.ravel()]
