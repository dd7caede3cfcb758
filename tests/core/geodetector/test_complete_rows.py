"""Missing values and labels of the complete rows, and cells of a block as rows of a table."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, Factor, complete_rows, rows_block
from nep_toolbox.errors import InvalidParameter


def everything(height, width):
    return np.arange(height), np.arange(width), np.arange(height * width).reshape(height, width)


def test_cells_without_a_target_are_no_rows():
    target = np.array([[[1.0, np.nan, 3.0], [np.inf, 5.0, 6.0]]], dtype=np.float32)
    factor = np.array([[[10.0, 20.0, np.nan], [40.0, 50.0, 60.0]]])
    numbers, table = rows_block(everything(2, 3), target, (factor,))
    assert numbers.tolist() == [0, 2, 4, 5]
    assert table.dtype == np.float64
    np.testing.assert_array_equal(table, [[1.0, 3.0, 5.0, 6.0], [10.0, np.nan, 50.0, 60.0]])


def test_rows_follow_the_lattice():
    target = np.arange(20.0).reshape(1, 4, 5)
    rows, cols = np.array([1, 3]), np.array([0, 2, 4])
    numbers, table = rows_block((rows, cols, np.add.outer(100 * rows, cols)), target, (-target, 2 * target))
    assert numbers.tolist() == [100, 102, 104, 300, 302, 304]
    assert table.tolist() == [
        [5.0, 7.0, 9.0, 15.0, 17.0, 19.0], [-5.0, -7.0, -9.0, -15.0, -17.0, -19.0],
        [10.0, 14.0, 18.0, 30.0, 34.0, 38.0],
    ]


def test_a_block_without_a_cell():
    target = np.full((1, 2, 2), np.nan)
    numbers, table = rows_block(everything(2, 2), target, (target,))
    assert numbers.shape == (0,) and table.shape == (2, 0)
    nothing = np.empty(0, dtype=np.int64)
    numbers, table = rows_block((nothing, np.arange(2), np.empty((0, 2), dtype=np.int64)), np.ones((1, 2, 2)))
    assert numbers.shape == (0,) and table.shape == (1, 0)


def test_none_among_numbers_is_missing():
    rows = complete_rows([1, None, 3, 5, 9], [Factor("rain", [2.5, 2, None, 4, 7])], "npp")
    assert rows.missing == {"npp": 1, "rain": 1}
    assert rows.left_out == 2
    np.testing.assert_allclose(rows.target + rows.origin, [1, 5, 9])
    assert rows.columns[0].values.tolist() == [2.5, 4, 7]


@pytest.mark.parametrize("alien", [{}, [1, 2]])
def test_what_is_no_number_is_named(alien):
    values = np.empty(4, dtype=object)
    values[:] = [1.0, None, 2, alien]
    with pytest.raises(InvalidParameter, match=r"the target 'npp' holds .*, which is no number"):
        complete_rows(values, [Factor("rain", np.arange(4.0))], "npp")


def test_whole_numbers_are_labels_without_a_decimal_point_as_long_as_their_digits_are_known():
    values = np.array([-3.0, 0.5, 2.0, 999_999_999_999_999.0, 1e15, 1e16])
    (column,) = complete_rows(np.arange(6.0), [Factor("code", values, CATEGORICAL)], "npp").columns
    assert column.labels == ("-3", "0.5", "2", "999999999999999", "1000000000000000.0", "1e+16")
    assert column.codes.tolist() == [0, 1, 2, 3, 4, 5]


def test_numbers_and_texts_of_one_list_keep_their_kinds():
    factor = Factor("zone", [1.0, "x", np.nan, 2.5, " ", "x"], CATEGORICAL)
    rows = complete_rows(np.arange(6.0), [factor], "npp")
    assert rows.missing == {"npp": 0, "zone": 2}
    assert rows.columns[0].labels == ("1", "2.5", "x")
    assert rows.columns[0].codes.tolist() == [0, 2, 1, 2]


def test_codes_with_labels_are_as_good_as_the_values():
    texts = ["10", "x", None, "9", "x", "9", "10"]
    target = [1.0, np.nan, 3.0, 4.0, np.nan, 7.0, 8.0]  # no x is left
    labels, codes = ("x", "9", "unused", "10"), np.array([3, 0, -1, 1, 0, 1, 3])
    one = complete_rows(target, [Factor("zone", texts, CATEGORICAL)], "npp")
    other = complete_rows(target, [Factor("zone", codes, CATEGORICAL, labels)], "npp")
    for rows in (one, other):
        assert rows.missing == {"npp": 2, "zone": 1} and rows.left_out == 3
        assert rows.columns[0].labels == ("9", "10")
        assert rows.columns[0].codes.tolist() == [1, 0, 0, 1] and rows.columns[0].codes.dtype == np.int32


def test_what_is_given_stays_as_it_was():
    target, rain = np.array([1.0, np.nan, 4.0, 2.0]), np.array([3.0, 2.0, 5.0, 7.0])
    before = target.copy(), rain.copy()
    rows = complete_rows(target, [Factor("rain", rain)], "npp")
    rows.target[:] = rows.columns[0].values[:] = -9
    np.testing.assert_array_equal((target, rain), before)
