"""Small pictures of large maps: the same pixels whatever the blocks, and a PNG that holds its colours."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal

from nep_toolbox.raster.blocks import windows
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.picture import Thinned, png


@pytest.mark.parametrize("block", [(31, 47), (7, 5), (100, 1), (1, 100)])
@pytest.mark.parametrize(("most", "rows", "cols"), [(50, range(47), range(31)), (16, range(1, 47, 3), range(1, 31, 3)),
                                                    (1, [23], [23]), (2, [12, 36], [12])])
def test_the_pixels_do_not_depend_on_the_blocks(block, most, rows, cols):
    values = np.random.default_rng(1).normal(size=(47, 31)).astype(np.float32)
    grid = Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 31, 47)
    thinned = Thinned(grid, most)
    for window in windows(grid, block):
        thinned.add(window, values[window.row : window.row + window.height, window.col : window.col + window.width])
    assert np.array_equal(thinned.values, values[np.ix_(rows, cols)])


def test_what_no_block_gave_is_missing():
    assert np.isnan(Thinned(Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 3, 1)).values).tolist() == [[True] * 3]


def test_a_narrow_raster_has_a_row():
    thinned = Thinned(Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 1000, 1), 10)
    assert thinned.values.shape == (1, 10)


def test_a_png_holds_its_colours():
    colours = np.random.default_rng(2).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    before = gdal.ReadDir("/vsimem/") or []
    data = png(colours[::-1])
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and (gdal.ReadDir("/vsimem/") or []) == before
    gdal.FileFromMemBuffer("/vsimem/again.png", data)
    try:
        again = gdal.Open("/vsimem/again.png")
        assert np.array_equal(np.moveaxis(again.ReadAsArray(), 0, 2), colours[::-1])
        del again
    finally:
        gdal.Unlink("/vsimem/again.png")
