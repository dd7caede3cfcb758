"""Counts of increases and decreases."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.trend.frequency import change_frequency, frequency_block, percent_of_comparisons

NAN = np.nan


def test_by_hand():
    stack = np.array([
        # rises twice, falls once, once equal
        [1, 2, 2, 5, 4],
        # the gap breaks two pairs: 1-2 and 3-2 are left
        [1, 2, NAN, 3, 2],
        # no pair of neighbours
        [1, NAN, 2, NAN, 3],
        [NAN, NAN, NAN, NAN, NAN],
        [7, 7, 7, 7, 7],
        # an infinite value is none
        [1, 2, np.inf, np.inf, -np.inf],
    ]).T
    result = change_frequency(stack)
    assert result["increases"].tolist() == [2, 1, -32768, -32768, 0, 1]
    assert result["decreases"].tolist() == [1, 1, -32768, -32768, 0, 0]
    assert result["unchanged"].tolist() == [1, 0, -32768, -32768, 4, 0]
    assert result["comparisons"].tolist() == [4, 2, -32768, -32768, 4, 1]
    assert {array.dtype for array in result.values()} == {np.dtype(np.int16)}
    percent = percent_of_comparisons(result["increases"], result["comparisons"])
    np.testing.assert_array_equal(percent, [50, 50, NAN, NAN, 0, 100])


def test_equals_plain_loop():
    rng = np.random.default_rng(5)
    stack = rng.integers(0, 4, (15, 6, 7)).astype(np.float32)
    stack[rng.random(stack.shape) < 0.3] = NAN
    result = change_frequency(stack)
    for row, column in np.ndindex(6, 7):
        series = stack[:, row, column].tolist()
        pairs = [(a, b) for a, b in zip(series, series[1:]) if a == a and b == b]
        signs = [(b > a) - (b < a) for a, b in pairs]
        expected = [signs.count(1), signs.count(-1), signs.count(0), len(signs)]
        found = [int(result[n][row, column]) for n in ("increases", "decreases", "unchanged", "comparisons")]
        assert found == (expected if pairs else [-32768] * 4)


def test_one_time_step_has_no_pair():
    assert change_frequency(np.ones((1, 2)))["comparisons"].tolist() == [-32768, -32768]


def test_frequency_block_counts_pairs():
    values = np.array([[1, 1, NAN, 5], [2, 0, 1, 5], [2, NAN, NAN, 4], [3, 1, 1, 6]], dtype=float)[:, np.newaxis]
    block = frequency_block(values)
    assert block["increases"].tolist() == [[2, 0, -32768, 1]]
    assert block["decreases"].tolist() == [[0, 1, -32768, 1]]
    assert block["unchanged"].tolist() == [[1, 0, -32768, 1]]
    np.testing.assert_allclose(block["increase_percent"], [[200 / 3, 0, NAN, 100 / 3]], rtol=1e-15)
