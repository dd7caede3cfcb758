"""Neighbouring columns against plain slices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nep_toolbox.core.zonal.grouped import add_runs, beside, columns, counter, put_columns, spread, starts_of


class Pair(NamedTuple):
    """Sums with something that is the same for all columns."""

    name: str
    numbers: np.ndarray


def test_a_new_combination_of_keys_begins_a_run():
    assert starts_of(np.array([3, 3, 3, 1, 1]), np.array([0, 0, 2, 2, 2])).tolist() == [0, 2, 3]
    assert starts_of(np.array([7])).tolist() == [0]
    assert starts_of(np.empty(0), np.empty(0)).tolist() == []


def test_columns_are_taken_put_back_and_set_beside_each_other():
    sums = Pair("a", np.arange(6.0).reshape(2, 3))
    taken = columns(sums, np.array([2, 0]))
    assert taken.name == "a" and taken.numbers.tolist() == [[2, 0], [5, 3]]
    put_columns(sums, np.array([0, 1]), taken)
    assert sums.numbers.tolist() == [[2, 0, 2], [5, 3, 5]]
    both = beside([taken, taken, sums])
    assert both.name == "a" and both.numbers[0].tolist() == [2, 0, 2, 0, 2, 0, 2]


def test_runs_are_added_and_spread():
    starts, values = np.array([0, 1, 4]), np.arange(12.0).reshape(2, 6)
    assert add_runs(values, starts).tolist() == [[0, 1 + 2 + 3, 4 + 5], [6, 7 + 8 + 9, 10 + 11]]
    assert spread(np.array([[10, 20, 30]]), starts, 6).tolist() == [[10, 20, 20, 20, 30, 30]]


def test_a_counter_holds_every_number():
    for most in (1, 255, 256, 2**16 - 1, 2**16, 2**20):
        chosen = np.ones((1, most), dtype=bool)
        assert add_runs(chosen.view(np.uint8), np.array([0]), dtype=counter(np.array([most]))).tolist() == [[most]]
