"""Blocks of cells as rows: means and modes against exact fractions and counting, block by block."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from osgeo import gdal

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.geodetector import coarse_rows
from nep_toolbox.core.geodetector.coarse_rows import coarse_rows_block
from nep_toolbox.errors import Cancelled

NAN = np.nan
RNG = np.random.default_rng(1717)


def coarse(size, height, width):
    down, across = -(-height // size), -(-width // size)
    return size, np.arange(down * across, dtype=np.int64).reshape(down, across)


def plain(size, layers, categorical):
    """The blocks that count, and their rows: exact means, rounded once; modes counted."""
    height, width = layers[0].shape
    across = -(-width // size)
    numbers, rows = [], []
    for top in range(0, height, size):
        for left in range(0, width, size):
            block = [layer[top : top + size, left : left + size].ravel().tolist() for layer in layers]
            cells = [cell for cell in zip(*block) if all(np.isfinite(value) for value in cell)]
            if len(cells) < Fraction(size * size, 2):
                continue
            row = []
            for values, codes in zip(zip(*cells), (False, *categorical)):
                if codes:
                    counted = Counter(values)
                    row.append(min(code for code in counted if counted[code] == max(counted.values())))
                else:
                    row.append(float(sum(map(Fraction, values)) / len(values)))
            numbers.append(top // size * across + left // size)
            rows.append(row)
    return numbers, np.array(rows).T


def with_gaps(values, share=0.15):
    return np.where(RNG.random(values.shape) < share, NAN, values)


@pytest.fixture(scope="module")
def layers():
    """A target, two factors measured on a scale and one of codes, 23 x 37 cells; some have no value."""
    shape = 23, 37
    target = with_gaps(RNG.normal(400.0, 90.0, shape))
    target[:9, :9] = NAN
    wide = RNG.normal(size=shape) * 10.0 ** RNG.integers(-9, 9, shape)
    return target, with_gaps(wide), with_gaps(RNG.uniform(-3, 3, shape)), with_gaps(RNG.integers(1, 5, shape) * 1.0)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 23, 30, 40])
@pytest.mark.parametrize("pieces", [1, 60, 1 << 18])
def test_every_block_against_exact_means_and_counted_codes(layers, size, pieces, monkeypatch):
    monkeypatch.setattr(coarse_rows, "_CELLS", pieces)
    target, *factors = (layer[np.newaxis] for layer in layers)
    numbers, table = coarse_rows_block(coarse(size, 23, 37), target, tuple(factors), (False, False, True))
    expected, rows = plain(size, layers, (False, False, True))
    assert numbers.tolist() == expected
    assert table.dtype == np.float64
    if not expected:
        assert table.shape == (4, 0)
        return
    np.testing.assert_array_equal(table, rows)


def test_half_of_the_cells_are_enough_and_fewer_are_not():
    """Of blocks of 3 x 3, 5 cells are the least; of 2 x 2 cut off by the edge, a whole column of two is enough."""
    target = np.full((1, 3, 6), 7.0)
    target[0, 0, :3] = target[0, 1, 0] = NAN  # 5 cells are left on the left
    target[0, 0, 3:] = target[0, 1, 3:5] = NAN  # 4 on the right
    numbers, table = coarse_rows_block(coarse(3, 3, 6), target)
    assert numbers.tolist() == [0]
    assert table.tolist() == [[7.0]]
    numbers, table = coarse_rows_block(coarse(2, 2, 3), np.array([[[NAN, NAN, 4.0], [NAN, 1.0, 5.0]]]))
    assert numbers.tolist() == [1]
    assert table.tolist() == [[4.5]]


def test_a_cell_counts_where_all_layers_have_a_value():
    target = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    factor = np.array([[[10.0, NAN], [np.inf, 40.0]]])
    numbers, table = coarse_rows_block(coarse(2, 2, 2), target, (factor,), (False,))
    assert numbers.tolist() == [0]
    assert table.tolist() == [[2.5], [25.0]]


@pytest.mark.parametrize(("codes", "mode"), [
    ([3, 3, 1, 1, 2, NAN, 2, 1, 3], 1), ([9, 9, 9, 4, 4, 4, 4, NAN, 9], 4), ([5] * 9, 5),
    ([-2, 7, 7, -2, 0, 1, 3, 4, 8], -2), ([NAN, NAN, NAN, NAN, 6, 5, 5, 6, 8], 5),
    ([1, 2, 3, 4, 5, 6, 7, 8, 9], 1), ([8, 8, 8, 8, 1, 1, 1, 2, 2], 8),
])
def test_the_most_frequent_code_and_the_smallest_of_equals(codes, mode):
    values = np.array(codes, dtype=np.float32).reshape(1, 3, 3)
    _numbers, table = coarse_rows_block(coarse(3, 3, 3), np.ones((1, 3, 3)), (values,), (True,))
    assert table.tolist() == [[1.0], [mode]]


@pytest.mark.parametrize("value", [0.1, 1 / 3, -273.15, 1e50, 1.7e-30, 12345.678])
def test_a_block_of_equal_cells_has_their_value_to_the_last_digit(value):
    """Means of different numbers of cells would fall on both sides of a break otherwise."""
    values = np.full((1, 14, 14), value)
    values[0, RNG.random((14, 14)) < 0.2] = NAN
    _numbers, table = coarse_rows_block(coarse(7, 14, 14), values)
    assert table.tolist() == [[value] * 4]


def test_no_digit_depends_on_the_window_a_block_is_read_in(layers):
    whole = coarse_rows_block(coarse(4, 23, 37), layers[0][np.newaxis], (layers[1][np.newaxis],), (False,))
    numbers, tables = [], []
    places = coarse(4, 23, 37)[1]
    for top in range(0, 23, 8):
        for left in range(0, 37, 12):
            window = np.s_[np.newaxis, top : top + 8, left : left + 12]
            inside = places[top // 4 : top // 4 + 2, left // 4 : left // 4 + 3]
            found, rows = coarse_rows_block((4, inside), layers[0][window], (layers[1][window],), (False,))
            numbers.append(found)
            tables.append(rows)
    order = np.argsort(np.concatenate(numbers))
    assert np.concatenate(numbers)[order].tolist() == whole[0].tolist()
    np.testing.assert_array_equal(np.concatenate(tables, axis=1)[:, order], whole[1])


def test_the_steps_of_a_mean_are_those_of_float32_cells_too():
    values = RNG.normal(300, 40, (1, 12, 12)).astype(np.float32)
    _numbers, table = coarse_rows_block(coarse(6, 12, 12), values)
    np.testing.assert_array_equal(table, plain(6, [values[0].astype(np.float64)], ())[1])


def test_a_cancel_is_heard():
    with pytest.raises(Cancelled), heeding(lambda: True):
        coarse_rows_block(coarse(2, 4, 4), np.ones((1, 4, 4)))


@pytest.mark.parametrize("categorical", [False, True])
def test_a_cancel_is_asked_for_in_the_middle_of_a_single_block(categorical, monkeypatch):
    """A block of 2,600 x 2,600 cells takes seconds."""
    monkeypatch.setattr(coarse_rows, "_CELLS", 64)
    asked = []
    with heeding(lambda: asked.append(1)):  # never says yes
        coarse_rows_block(coarse(40, 40, 40), np.ones((1, 40, 40)), (np.ones((1, 40, 40)),), (categorical,))
    assert len(asked) > 40 + 40 + 24  # the rows that are counted and added; those of the factor, or its parts


def test_means_of_china(shared):
    """Against numpy's means of blocks of 4, 8, 16 and 32 cells of NPP with four factors."""
    reference = json.loads((shared / "reference/geodetector_extra.json").read_text(encoding="utf-8"))["raster_scales"]
    bands = gdal.Open(str(shared / "data/china_npp_factors/npp.tif")).ReadAsArray()[:, np.newaxis]
    for scale in reference["scales"]:
        _numbers, table = coarse_rows_block(
            coarse(scale["block"], *bands.shape[2:]), bands[0], tuple(bands[1:]), (False,) * 4
        )
        assert table.shape == (5, scale["rows"])
        means = [scale["target_mean"], *(scale["factors"][str(j)]["mean"] for j in range(1, 5))]
        np.testing.assert_allclose(table.mean(axis=1), means, rtol=1e-12)
