"""Sums over moving windows, cell by cell, and however the raster is cut."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.surroundings import Surrounded, window_sums


def cut(shape: tuple, rows: slice, cols: slice, reach: int) -> tuple:
    """The part of a raster of that shape which a block and its surroundings cover, and where in it the block lies."""
    around, inner = [], []
    for size, part in zip(shape, (rows, cols)):
        first = max(0, part.start - reach)
        around.append(slice(first, min(size, part.stop + reach)))
        inner.append(slice(part.start - first, part.stop - first))
    return tuple(around), inner


@pytest.mark.parametrize("reach", [0, 1, 2, 5, 30])
@pytest.mark.parametrize("shape", [(9, 13), (1, 6), (6, 1), (1, 1)])
def test_each_sum_is_that_of_its_window(shape, reach):
    values = np.random.default_rng(4).integers(-99, 99, shape).astype(float)
    found = window_sums(values, reach)
    for row, col in np.ndindex(shape):
        window = values[max(0, row - reach) : row + reach + 1, max(0, col - reach) : col + reach + 1]
        assert found[row, col] == window.sum()
    assert found.shape == shape


@pytest.mark.parametrize("reach", [1, 3])
@pytest.mark.parametrize("block", [(1, 1), (2, 5), (4, 13), (9, 3)])
def test_no_bit_depends_on_how_the_raster_is_cut(reach, block):
    values = np.random.default_rng(5).normal(size=(9, 13)) * 10.0 ** np.arange(-6, 7)
    whole = window_sums(values, reach)
    for row in range(0, 9, block[0]):
        for col in range(0, 13, block[1]):
            rows, cols = slice(row, min(9, row + block[0])), slice(col, min(13, col + block[1]))
            around, inner = cut(values.shape, rows, cols, reach)
            part = Surrounded(values[around], *inner)
            assert part.inner(part.values).tobytes() == values[rows, cols].tobytes()
            assert part.inner(window_sums(part.values, reach)).tobytes() == whole[rows, cols].tobytes()


def test_what_is_missing_spreads_over_its_window_alone():
    values = np.ones((5, 6))
    values[1, 2] = np.nan
    assert np.argwhere(np.isnan(window_sums(values, 1))).tolist() == [[r, c] for r in (0, 1, 2) for c in (1, 2, 3)]


def test_the_block_of_a_stack():
    stack = np.arange(60).reshape(3, 4, 5)
    assert Surrounded(stack, slice(1, 3), slice(0, 2)).inner(stack).tolist() == stack[:, 1:3, :2].tolist()
