"""Categories as codes: what is one category, what is none, and their order."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.geodetector.categories import MISSING, Categories, in_order
from nep_toolbox.errors import Cancelled


def labels_of_rows(found: Categories) -> list:
    """The label of each row, None where it is missing."""
    return [None if code == MISSING else found.labels[code] for code in found.codes.tolist()]


def test_what_is_missing_is_no_category():
    missing = [None, "", " \t", float("nan"), float("inf"), -np.inf, np.float32("nan")]
    found = Categories([*missing, "a", 0, False])
    assert labels_of_rows(found) == [None] * 7 + ["a", "0", "False"]
    assert found.codes.dtype == np.int32


@pytest.mark.parametrize(("values", "labels"), [
    ([1, 1.0, "1", np.float64(1)], ["1"] * 4),
    ([True, 1, 1.0, False, 0], ["True", "1", "1", "False", "0"]),
    ([0.0, -0.0], ["0", "0"]),
    ([0.5, 1e15, 2.0**53, -3.0], ["0.5", "1000000000000000.0", "9007199254740992.0", "-3"]),
    ([" a", "a", "A"], [" a", "a", "A"]),
    ([[1, 2], [3], [1, 2]], ["[1, 2]", "[3]", "[1, 2]"]),
    ([{"a": 1}, {"a": [2]}, {"a": 1}], ["{'a': 1}", "{'a': [2]}", "{'a': 1}"]),
    (["草地", "林地", "草地"], ["草地", "林地", "草地"]),
])
def test_values_of_one_label_are_one_category(values, labels):
    for order in (1, -1):
        found = Categories(values[::order])
        assert labels_of_rows(found) == labels[::order]
        assert len(set(found.labels)) == len(found.labels) == len(set(labels))


def test_rows_may_come_in_parts():
    values = [None, "b", "a", 2, "b", "c", "", "a", 2.0]
    whole = Categories(values)
    for size in (1, 2, 5):
        parts = Categories()
        for start in range(0, len(values), size):
            parts.add(values[start : start + size])
        assert parts.codes.tolist() == whole.codes.tolist() and parts.labels == whole.labels
    assert Categories().codes.shape == (0,) and Categories().labels == ()


@pytest.mark.parametrize(("labels", "ordered"), [
    (("10", "9", "2"), ("2", "9", "10")), (("10", "9", "x"), ("10", "9", "x")), (("b", "B", "a"), ("B", "a", "b")),
    (("-1", "1e3", "0.5"), ("-1", "0.5", "1e3")), (("1.0", "1", "0"), ("0", "1", "1.0")),
    (("2", "nan", "10"), ("10", "2", "nan")), (("nan", "2", "10"), ("10", "2", "nan")),
])
def test_numbers_stand_by_size_and_texts_by_letter(labels, ordered):
    codes = np.array([2, 0, 1, 0], dtype=np.int32)
    found, names = in_order(codes, labels)
    assert names == ordered
    assert [names[code] for code in found] == [labels[code] for code in codes]


def test_labels_that_do_not_occur_are_left_out_and_do_not_order():
    found, names = in_order(np.array([3, 1, 3], dtype=np.int32), ("x", "9", "y", "10"))
    assert names == ("9", "10") and found.tolist() == [1, 0, 1] and found.dtype == np.int32


def test_no_object_is_kept_for_a_row():
    tracemalloc.start()
    try:
        found = Categories()
        before = tracemalloc.get_traced_memory()[0]
        for _part in range(10):
            found.add([f"soil {number % 7}" for number in range(5000)])
            found.add([float("nan") for _row in range(5000)])
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert found.codes.size == 100_000 and len(found.labels) == 7
    assert kept < 6 * found.codes.size  # a code has four bytes, a text fifty


def test_a_cancel_is_heard():
    with pytest.raises(Cancelled), heeding(lambda: True):
        Categories(["a"])
    with pytest.raises(Cancelled), heeding(lambda: True):
        in_order(np.zeros(1, dtype=np.int32), ("a",))
