"""Blocks cover the grid once, keep to the memory and fit the tiles."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nep_toolbox.core.zonal.reduction import PATCH
from nep_toolbox.raster.blocks import TILE, TILE_MULTIPLE, block_shape, of_whole_squares, tile_shape, windows
from nep_toolbox.raster.grid import Grid

SIZES = [(1, 1), (17, 5), (255, 177), (565, 769), (3000, 3000), (6000, 6000), (43200, 21600), (200000, 300)]
SETTINGS = list(itertools.product(
    (8, 176, 4000), (2, 3, 17), (2**20, 64 * 2**20, 512 * 2**20), ((0, 0), (256, 256), (512, 512), (128, 128))
))


def grid_of(width: int, height: int) -> Grid:
    return Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), width, height)


@pytest.mark.parametrize("size", [(1, 1), (17, 5), (255, 177), (565, 769)])
@pytest.mark.parametrize("shape", [(255, 1), (17, 7), (16, 16), (256, 256), (1000, 1000)])
def test_every_cell_lies_in_one_block(size, shape):
    grid = grid_of(*size)
    seen = np.zeros((grid.height, grid.width), int)
    blocks = windows(grid, shape)
    for window in blocks:
        assert window.width > 0
        assert window.height > 0
        seen[window.row: window.row + window.height, window.col: window.col + window.width] += 1
    assert (seen == 1).all()
    assert blocks == sorted(blocks, key=lambda window: (window.row, window.col))


@pytest.mark.parametrize("size", SIZES)
def test_blocks_keep_to_the_memory_and_fit_the_tiles(size):
    grid = grid_of(*size)
    for per_cell, in_flight, memory, tile in SETTINGS:
        width, height = block_shape(grid, per_cell, in_flight, memory, tile)
        case = (width, height), per_cell, in_flight, memory, tile
        assert 0 < width <= grid.width, case
        assert height % TILE_MULTIPLE == 0, case
        assert height < TILE or height % TILE == 0, case
        assert width == grid.width or width % TILE == 0, case
        assert height % PATCH[0] == 0 and (width == grid.width or width % PATCH[1] == 0), case  # sums keep their bits
        cells = min(width, grid.width) * min(height, grid.height)
        assert cells <= max(TILE * TILE_MULTIPLE, memory / in_flight / per_cell), case
        across, down = tile_shape((width, height), grid)
        assert across % TILE_MULTIPLE == down % TILE_MULTIPLE == 0, case
        assert height % down == 0, case
        assert width == grid.width or width % across == 0, case


def test_rows_as_wide_as_the_raster_where_they_fit():
    assert block_shape(grid_of(3000, 3000), 100, 3, 2**30) == (3000, 256)
    assert block_shape(grid_of(6000, 6000), 1000, 3, 512 * 2**20) == (6000, 16)
    assert block_shape(grid_of(255, 177), 100, 3) == (255, 16)


def test_wide_rasters_are_split_in_columns():
    width, height = block_shape(grid_of(200000, 300), 4000, 3, 64 * 2**20)
    assert (width, height) == (256, 16)
    assert block_shape(grid_of(43200, 21600), 1000, 3, 512 * 2**20) == (11008, 16)


def test_tiled_inputs_are_read_in_whole_tiles():
    assert block_shape(grid_of(6000, 6000), 256, 3, 512 * 2**20, (256, 256)) == (2560, 256)
    assert block_shape(grid_of(6000, 6000), 256, 3, 512 * 2**20, (512, 512)) == (1024, 512)
    # Several rows of tiles where whole rows fit; and columns of 256 where no whole tile does.
    assert block_shape(grid_of(6000, 6000), 40, 2, 2**40, (512, 512)) == (6000, 1024)
    assert block_shape(grid_of(6000, 6000), 256, 3, 128 * 2**20, (512, 512)) == (256, 512)
    # Files stored in rows or in one piece are not.
    assert block_shape(grid_of(6000, 6000), 256, 3, 512 * 2**20, (6000, 1)) == (6000, 112)


def test_a_raster_has_several_blocks_where_it_can():
    for size in [(255, 177), (565, 769), (3000, 3000)]:
        grid = grid_of(*size)
        assert len(windows(grid, block_shape(grid, 8, 3, 2**40))) >= 6


def test_the_memory_is_512_mebibytes_by_default_and_used_to_the_last_byte():
    """4096 x 256 cells of 256 bytes are 2**28 bytes: two such blocks fill it."""
    grid = grid_of(4096, 100_000)
    assert block_shape(grid, 256, 2) == (4096, 256)
    assert block_shape(grid, 256.001, 2) == (4096, 240)
    assert block_shape(grid, 256, 1, 2**28) == (4096, 256)
    assert block_shape(grid, 256, 1, 2**28 - 1) == (4096, 240)


@pytest.mark.parametrize("per_cell", [0, 1])
def test_a_cell_takes_at_least_a_byte(per_cell):
    assert block_shape(grid_of(4096, 100_000), per_cell, 2, 2 * 4096 * 256) == (4096, 256)
    assert block_shape(grid_of(4096, 100_000), per_cell, 2, 2 * 4096 * 256 - 1) == (4096, 240)


@pytest.mark.parametrize(("size", "shape"), [
    ((256, 1024), (256, 256)), ((256, 1020), (256, 240)),
    ((3, 127), (3, 32)), ((3, 126), (3, 16)),  # a quarter of them: 95.25 cells, rounded up to 96, and 94.5 to 95
])
def test_two_blocks_for_each_one_under_way(size, shape):
    assert block_shape(grid_of(*size), 8, 2) == shape


def test_rows_of_too_few_for_several_blocks_are_not_split():
    """Rows of 300 cells, of which 16 need 2 x 16 x 300 x 100 bytes."""
    grid = grid_of(300, 20)
    assert block_shape(grid, 100, 2) == (300, 16)
    for memory in (960_000, 963_200, 1_000_000):
        assert block_shape(grid, 100, 2, memory) == (300, 16)
    assert block_shape(grid, 100, 2, 959_999) == (256, 16)
    assert block_shape(grid, 100, 2, 100) == (256, 16)
    assert block_shape(grid_of(10, 20), 100, 2, 100) == (10, 16)


def test_tiles_as_high_as_the_blocks_and_as_wide_as_fit():
    assert block_shape(grid_of(300, 100_000), 256, 2, 2 * 300 * 256 * 256, (256, 256)) == (300, 256)
    assert block_shape(grid_of(6000, 6000), 1, 2, 2 * 256 * 256, (256, 256)) == (256, 256)
    assert block_shape(grid_of(6000, 6000), 1, 2, 2 * 256 * 256 - 1, (256, 256)) == (3840, 16)
    assert block_shape(grid_of(6000, 6000), 256, 3, 512 * 2**20, (5999, 257)) == (1280, 512)


def test_inputs_in_no_tiles_by_default():
    assert block_shape(grid_of(6000, 6000), 1000, 3, 512 * 2**20) == (6000, 16)
    assert block_shape(grid_of(6000, 6000), 1000, 3, 512 * 2**20, (0, 1)) == (512, 256)


@pytest.mark.parametrize(("block", "width", "tile"), [
    ((300, 16), 300, (256, 16)), ((17, 16), 17, (32, 16)), ((1000, 16), 20, (32, 16)), ((20, 7), 20, (32, 256)),
    ((1000, 512), 1000, (256, 256)), ((240, 240), 1000, (240, 240)), ((16, 1000), 1000, (16, 256)),
])
def test_tiles_of_results(block, width, tile):
    assert tile_shape(block, grid_of(width, 5000)) == tile


@pytest.mark.parametrize(("tile", "expected"), [
    ((), (2500, 32)), ((256, 256), (256, 256)), ((512, 512), (512, 512)), ((1024, 1024), (2500, 32)),
])
def test_blocks_of_slow_kernels_are_smaller(tile, expected):
    """100,000 cells: 40 rows of 2,500 cells, of which 32 are whole steps of 16; or one tile of up to 400,000."""
    grid = Grid("", (0, 1, 0, 0, 0, -1), 2500, 2500)
    assert block_shape(grid, 8.0, 3, 2**40, tile, 100_000) == expected
    assert block_shape(grid, 8.0, 3, 2**40, tile) == block_shape(grid, 8.0, 3, 2**40, tile, 10**9)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("side", [1, 2, 7, 10, 300, 5000])
def test_blocks_of_whole_squares_hold_no_more_cells(size, side):
    grid = grid_of(*size)
    for shape in ((grid.width, 16), (256, 256), (grid.width, grid.height), (1000, 128), (1, 1)):
        shape = min(shape[0], grid.width), min(shape[1], grid.height)
        width, height = of_whole_squares(shape, grid, side)
        assert height % side == 0
        assert width % side == 0 or width == grid.width
        assert min(width, grid.width) * min(height, grid.height) <= max(shape[0] * shape[1], side * side)
