"""Cutting a grid into blocks that fit a memory budget and the tiles of the files."""

from __future__ import annotations

import math

from .grid import Grid, Window

#: Side of the tiles results are written in, in cells.
TILE = 256

#: The sides of a tile of a TIFF are multiples of this.
TILE_MULTIPLE = 16

#: Memory all blocks under way may take together, in bytes.
MEMORY = 512 * 2**20

#: How much a block may grow beyond the cells it should have, so that no tile is decoded more than once.
STRETCH = 4


def block_shape(grid: Grid, bytes_per_cell: float, blocks_in_flight: int, memory: int = MEMORY,
                tile: tuple = (), most_cells: int | None = None) -> tuple:
    """Width and height of the blocks.

    Parameters
    ----------
    grid : Grid
    bytes_per_cell : float
        Memory one cell takes while its block is under way: all inputs and outputs.
    blocks_in_flight : int
        How many blocks are held at a time, at least 1.
    memory : int
        Bytes for all of them together.
    tile : tuple of int
        Width and height of the pieces the inputs are stored in; nothing by default.
    most_cells : int
        Cells of a block, where computing more of them would keep the user waiting after a cancel; up to ``STRETCH``
        times as many where a tile has so many.

    Returns
    -------
    (width, height)
        Inputs in tiles: whole tiles where they fit, since a tile is decoded for every block that touches it. Inputs
        in rows: whole rows where at least ``TILE_MULTIPLE`` of them fit, in whole tiles of the results where a tile's
        height fits; else part of the rows, in whole tiles, of which there is one at least, whatever it takes: in
        narrower blocks sums over regions would have other bits (`core.zonal.reduction`).
    """
    room = int(memory / blocks_in_flight / max(1.0, bytes_per_cell))
    if most_cells:
        piece = tile[0] * tile[1] if tile and tile[0] < grid.width else 0
        room = min(room, max(most_cells, piece if piece <= STRETCH * most_cells else 0))
    # At least a few blocks, so that every thread has work and the progress bar moves.
    cells = min(room, math.ceil(grid.width * grid.height / (2 * blocks_in_flight)))
    rows = cells // grid.width
    tall = math.ceil(tile[1] / TILE) * TILE if tile and tile[0] < grid.width else 0
    if rows < tall and cells // tall >= TILE:
        wide = math.lcm(max(1, tile[0]), TILE)
        whole = cells // tall // wide * wide or (min(wide, grid.width) if wide * tall <= room else 0)
        return whole or cells // tall // TILE * TILE, tall
    height = _whole(rows, tall) or _whole(rows, TILE) or _whole(rows, TILE_MULTIPLE)
    if height:
        return grid.width, height
    if room >= grid.width * TILE_MULTIPLE:
        return grid.width, TILE_MULTIPLE
    width = max(TILE, room // TILE_MULTIPLE // TILE * TILE)
    return min(grid.width, width), TILE_MULTIPLE


def _whole(rows: int, unit: int) -> int:
    """The most rows that are whole units."""
    return rows // unit * unit if unit else 0


def of_whole_squares(shape: tuple, grid: Grid, size: int) -> tuple:
    """Width and height of blocks like ``shape`` that cut no square of ``size`` x ``size`` cells.

    They hold no more cells, but where a single square does.
    """
    height = max(size, shape[1] // size * size)
    width = min(shape[0], shape[0] * shape[1] // height)
    return grid.width if width >= grid.width else max(size, width // size * size), height


def tile_shape(block: tuple, grid: Grid) -> tuple:
    """Tiles that a block fills completely, so that none is compressed twice."""
    width = min(TILE, math.ceil(min(block[0], grid.width) / TILE_MULTIPLE) * TILE_MULTIPLE)
    height = block[1] if block[1] < TILE and block[1] % TILE_MULTIPLE == 0 else TILE
    return width, height


def windows(grid: Grid, shape: tuple) -> list:
    """The blocks of a grid, row by row."""
    width, height = shape
    return [
        Window(col, row, min(width, grid.width - col), min(height, grid.height - row))
        for row in range(0, grid.height, height)
        for col in range(0, grid.width, width)
    ]
