"""Counts of increases and decreases."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.class_areas import class_areas
from nep_toolbox.core.trend import frequency
from nep_toolbox.core.trend.frequency import change_frequency, count_table, frequency_block, percent_of_comparisons

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


def test_many_steps_and_chunks(monkeypatch):
    monkeypatch.setattr(frequency, "CHUNK_VALUES", 1000)
    rng = np.random.default_rng(6)
    stack = np.arange(700.0)[:, np.newaxis] * np.where(np.arange(11) % 2, 1, -1)
    result = change_frequency(stack)
    assert result["increases"].tolist() == [0, 699] * 5 + [0]
    assert result["decreases"].tolist() == [699, 0] * 5 + [699]
    stack = rng.integers(0, 3, (300, 41)).astype(np.float32)
    stack[rng.random(stack.shape) < 0.2] = NAN
    stack[:, :20] = np.nan_to_num(stack[:, :20])
    result, step = change_frequency(stack), np.diff(stack, axis=0)
    assert result["comparisons"].tolist() == np.isfinite(step).sum(axis=0).tolist()
    for name, chosen in (("increases", step > 0), ("decreases", step < 0), ("unchanged", step == 0)):
        assert result[name].tolist() == chosen.sum(axis=0).tolist(), name


def test_one_time_step_has_no_pair():
    assert change_frequency(np.ones((1, 2)))["comparisons"].tolist() == [-32768, -32768]


def test_frequency_block_counts_pairs():
    values = np.array([[1, 1, NAN, 5], [2, 0, 1, 5], [2, NAN, NAN, 4], [3, 1, 1, 6]], dtype=float)[:, np.newaxis]
    block = frequency_block(values)
    assert block["increases"].tolist() == [[2, 0, -32768, 1]]
    assert block["decreases"].tolist() == [[0, 1, -32768, 1]]
    assert block["unchanged"].tolist() == [[1, 0, -32768, 1]]
    np.testing.assert_allclose(block["increase_percent"], [[200 / 3, 0, NAN, 100 / 3]], rtol=1e-15)


def test_differences_within_the_tolerance_are_no_change():
    stack = np.array([[1.0, 1.5, 1.0, 1.75, 0.75, NAN, 3.0]]).T
    counts = change_frequency(stack, 0.5)
    assert [int(counts[name][0]) for name in ("increases", "decreases", "unchanged", "comparisons")] == [1, 1, 2, 4]
    plain = change_frequency(stack)
    assert [int(plain[name][0]) for name in ("increases", "decreases", "unchanged")] == [2, 2, 0]
    single = np.array([[1000.0], [1002.0]], dtype=np.float32)
    assert change_frequency(single, 1.99)["increases"][0] == 1 and change_frequency(single, 2.0)["increases"][0] == 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_difference_of_exactly_the_tolerance_is_none_however_the_values_are_rounded(dtype):
    whole = np.random.default_rng(3).integers(-3000, 9000, (2, 4000))
    whole[1, :3000] = whole[0, :3000] + np.repeat([-4, -3, 3, 4], 750)
    counts = change_frequency((whole * 0.1).astype(dtype), 0.3)  # tenths, as MOD17 holds them
    step = whole[1] - whole[0]
    assert counts["increases"].tolist() == (step > 3).tolist() and counts["decreases"].tolist() == (step < -3).tolist()
    assert counts["unchanged"].sum() >= 1500


def test_areas_by_count_equal_a_plain_loop_and_are_a_partition():
    rng = np.random.default_rng(8)
    stack = rng.integers(0, 3, (6, 9, 11)).astype(np.float32)
    stack[rng.random(stack.shape) < 0.03] = NAN
    cell_area = rng.uniform(1e5, 2e6, (9, 1))
    block = frequency_block(stack, cell_area)
    rows = count_table(block["count_areas"])
    complete = np.isfinite(stack).all(axis=0)
    some = (np.isfinite(stack[1:]) & np.isfinite(stack[:-1])).any(axis=0)
    assert 0 < complete.sum() < some.sum()
    area = np.broadcast_to(cell_area, complete.shape) / 1e6
    steps = np.sign(np.diff(stack, axis=0))
    for count, up_pixels, up_area, up_percent, down_pixels, down_area, down_percent in rows:
        for sign, found in ((1, (up_pixels, up_area, up_percent)), (-1, (down_pixels, down_area, down_percent))):
            chosen = complete & ((steps == sign).sum(axis=0) == count)
            expected = (chosen.sum(), area[chosen].sum(), 100 * area[chosen].sum() / area[complete].sum())
            np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert [row[0] for row in rows] == list(range(6))
    assert sum(row[1] for row in rows) == sum(row[4] for row in rows) == complete.sum()
    assert block["incomplete"][0, 0] == (some & ~complete).sum()
    assert block["incomplete"][0, 1] == class_areas(some & ~complete, 1, 1, cell_area)[0, 1]
    halves = [frequency_block(stack[:, part], cell_area[part])["count_areas"] for part in (np.s_[:4], np.s_[4:])]
    assert count_table(halves[0] + halves[1]) == rows, "blocks do not matter"


def test_no_area_with_all_comparisons_has_no_share():
    stack = np.array([[[1.0]], [[2.0]], [[NAN]]])
    assert count_table(frequency_block(stack, np.ones((1, 1)))["count_areas"]) == [
        (count, 0, 0.0, 0.0, 0, 0.0, 0.0) for count in range(3)
    ]
