"""Windows with the cells around them, as the raster has them."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_layer

from nep_toolbox.raster.datasets import open_datasets
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Window
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import resolve
from nep_toolbox.raster.surroundings import WithSurroundings


@pytest.fixture(scope="module")
def values():
    values = np.random.default_rng(7).normal(size=(3, 11, 17)).astype(np.float32)
    values[1, 4, 5] = np.nan
    return values


@pytest.fixture(scope="module")
def series(values, tmp_path_factory):
    return resolve([write_layer(tmp_path_factory.mktemp("rasters") / "a_2001-2003.tif", values)])


def given_back(stack):
    return stack


@pytest.mark.parametrize("reach", [0, 1, 2, 40])
@pytest.mark.parametrize("shape", [(17, 3), (5, 4), (1, 1), (17, 11)])
def test_every_block_with_what_is_around_it(series, values, shape, reach):
    readers = {"stack": WithSurroundings(StackReader.of(series), series.grid, reach)}
    blocks = 0
    for window, found in Engine(threads=2).results(given_back, readers, series.grid, shape):
        rows, cols = slice(window.row, window.row + window.height), slice(window.col, window.col + window.width)
        np.testing.assert_array_equal(found.inner(found.values), values[:, rows, cols])
        top, left = max(0, rows.start - reach), max(0, cols.start - reach)
        np.testing.assert_array_equal(found.values, values[:, top : rows.stop + reach, left : cols.stop + reach])
        blocks += 1
    assert blocks == -(-17 // shape[0]) * -(-11 // shape[1])


def test_one_cell_to_each_side_unless_told_otherwise(series):
    with open_datasets():
        found = WithSurroundings(StackReader.of(series), series.grid).read(Window(3, 0, 4, 2))
    assert found.values.shape == (3, 3, 6) and (found.rows, found.cols) == (slice(0, 2), slice(1, 5))


def test_blocks_are_planned_for_what_is_read(series):
    reader = StackReader.of(series)
    assert WithSurroundings(reader, series.grid).tile == reader.tile
    for reach in (1, 10):
        bytes_per_cell = WithSurroundings(reader, series.grid, reach).bytes_per_cell
        for height, width in ((16, 16), (16, 256), (4000, 16)):
            read = (height + 2 * reach) * (width + 2 * reach)
            assert bytes_per_cell * height * width >= read * reader.bytes_per_cell
    assert WithSurroundings(reader, series.grid, 0).bytes_per_cell == reader.bytes_per_cell
