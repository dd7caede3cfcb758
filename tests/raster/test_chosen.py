"""Chosen cells, and the windows that hold them."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of

from nep_toolbox.raster.blocks import windows
from nep_toolbox.raster.cells import EveryNth
from nep_toolbox.raster.chosen import ChosenCells, LatticeCells, windows_around
from nep_toolbox.raster.grid import Grid, Window

GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 23, 40)


def test_cells_of_a_window_by_hand():
    # Row 1, columns 0 and 4; row 2, column 4; row 3, column 1, of five columns.
    chosen = ChosenCells(np.array([5, 9, 14, 16]), 5)
    rows, cols, numbers = chosen.read(Window(3, 1, 2, 2))
    assert (rows.tolist(), cols.tolist(), numbers.tolist()) == ([0, 1], [1, 1], [9, 14])
    assert [each.tolist() for each in chosen.read(Window(0, 0, 5, 1))] == [[], [], []]


def test_a_lattice_cell_by_cell_is_that_of_rows_and_columns():
    window = Window(4, 3, 11, 9)
    rows, cols, numbers = LatticeCells(3, 23).read(window)
    expected = EveryNth(3, 23).read(window)
    assert numbers.tolist() == expected[2].ravel().tolist()
    assert ((window.row + rows) * 23 + window.col + cols).tolist() == numbers.tolist()


@pytest.mark.parametrize("piece", [(23, 1), (8, 8), (23, 40), (100, 100), (5, 3)])
@pytest.mark.parametrize("block", [(23, 16), (16, 16), (100_000, 3)])
@pytest.mark.parametrize("count", [0, 1, 2, 15, 400, 920])
def test_windows_hold_every_cell_once_and_are_no_larger_than_a_block(piece, block, count):
    numbers = np.sort(np.random.default_rng(count).choice(GRID.width * GRID.height, count, replace=False))
    chosen, found = ChosenCells(numbers, GRID.width), windows_around(numbers, GRID, piece, block)
    seen = [chosen.read(window)[2] for window in found]
    assert np.sort(np.concatenate([np.empty(0, dtype=int), *seen])).tolist() == numbers.tolist()
    for window, inside in zip(found, seen):
        assert len(inside), "a window without a cell"
        assert window.width <= block[0] and window.height <= block[1]
        assert window.col + window.width <= GRID.width and window.row + window.height <= GRID.height
    assert [window.row // block[1] for window in found] == sorted(window.row // block[1] for window in found)


def test_of_few_cells_only_what_is_around_them_is_read():
    numbers = np.array([2 * 23 + 3, 2 * 23 + 6, 39 * 23 + 22])
    assert windows_around(numbers, GRID, (23, 8), (23, 40)) == [Window(3, 2, 4, 1), Window(22, 39, 1, 1)]


def test_of_many_cells_whole_blocks_are_read():
    every = np.arange(23 * 40)
    assert windows_around(every, GRID, (23, 1), (23, 16)) == windows(GRID, (23, 16))
