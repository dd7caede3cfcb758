"""A lattice of every n-th row and column is one of the whole grid, whatever the blocks."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.raster.blocks import windows
from nep_toolbox.raster.cells import EveryNth
from nep_toolbox.raster.grid import Grid, Window

WIDTH, HEIGHT = 37, 23
GRID = Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), WIDTH, HEIGHT)


@pytest.mark.parametrize("spacing", [1, 2, 3, 7, 16, 40])
@pytest.mark.parametrize("shape", [(WIDTH, HEIGHT), (WIDTH, 1), (1, 1), (5, 4), (16, 16), (WIDTH, 16)])
def test_blocks_together_hold_every_nth_row_and_column_once(spacing, shape):
    lattice = EveryNth(spacing, WIDTH)
    numbers = np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    taken = []
    for window in windows(GRID, shape):
        rows, cols, cells = lattice.read(window)
        block = numbers[window.row : window.row + window.height, window.col : window.col + window.width]
        assert np.array_equal(cells, block[np.ix_(rows, cols)])
        taken.extend(cells.ravel().tolist())
    expected = numbers[::spacing, ::spacing].ravel()
    assert sorted(taken) == expected.tolist()
    assert lattice.count(WIDTH) * lattice.count(HEIGHT) == expected.size


def test_numbers_of_a_grid_of_ten_thousand_million_cells():
    _rows, _cols, cells = EveryNth(1, 100_000).read(Window(99_999, 99_999, 1, 1))
    assert cells.tolist() == [[9_999_999_999]]
