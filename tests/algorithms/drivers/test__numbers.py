"""A field as numbers: what is read as a number, what is missing, and what is told."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from nep_toolbox.algorithms.drivers._numbers import Numbers
from nep_toolbox.errors import InvalidParameter


class Log:
    """Keeps the warnings."""

    def __init__(self) -> None:
        self.warnings: list = []

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def read(*parts, remedy="Choose another.") -> tuple:
    """The numbers of values in parts, and the warnings."""
    column, log = Numbers("rain"), Log()
    for part in parts:
        column.add(part)
    return column.checked(log, remedy), log.warnings


def test_numbers_of_every_kind():
    found, warnings = read([1.5, -0.0], [2, True, " 3e2 ", "inf"], [None, float("nan")])
    np.testing.assert_array_equal(found, [1.5, -0.0, 2.0, 1.0, 300.0, np.inf, np.nan, np.nan])
    assert found.dtype == np.float64 and not warnings


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_parts_do_not_matter(size):
    values = [0.1, None, "x", 0.2, 3, "y", "0.3"]
    found, warnings = read(*(values[start : start + size] for start in range(0, 7, size)))
    np.testing.assert_array_equal(found, [0.1, np.nan, np.nan, 0.2, 3, np.nan, 0.3])
    assert warnings == [
        "The field 'rain' holds 2 values that are no numbers, the first is 'x': they count as missing."
    ]


def test_nothing_but_words_is_refused():
    message = "The field 'rain' holds no number; its first value is 'clay'. Choose another."
    with pytest.raises(InvalidParameter) as caught:
        read([None, "clay"], ["sand", None])
    assert str(caught.value) == message
    # A number anywhere, missing or not, makes it a field of numbers.
    for number in (0.0, 5, float("nan")):
        assert read([None, "clay"], [number])[1]


def test_a_field_without_a_value_is_missing_throughout():
    found, warnings = read([None, None], [None])
    assert np.isnan(found).all() and found.size == 3 and not warnings
    assert read()[0].shape == (0,)


def test_no_object_is_kept_for_a_row():
    tracemalloc.start()
    try:
        column = Numbers("rain")
        before = tracemalloc.get_traced_memory()[0]
        for part in range(10):
            column.add([part + row / 7 for row in range(10_000)])
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert kept < 9 * 100_000
