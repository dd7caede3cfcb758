"""What docs/validation.md tells of the classes that are chosen: made by the script, and what it says of them."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.evidence_tables import assert_alike, rows

import evidence_choice

#: A unit of the last digit of q; the classes are in tenths.
UNIT, UNIT_OF_CLASSES = 0.00101, 0.101
LARGEST, HONEST = "largest q", "one standard error"


@pytest.fixture(scope="module")
def table() -> dict:
    """(classes, q, share of new rows, q_cv) by target, rows and choice."""
    return {row[:3]: row[3:] for row in rows("classes_chosen")[1:]}


def test_the_rows_are_those_of_the_kernels():
    made = evidence_choice.choice_rows("nothing", 200)
    shown = [row for row in rows("classes_chosen")[1:] if row[:2] == ("nothing", 200)]
    assert_alike([row[:3] + row[4:] for row in made], [row[:3] + row[4:] for row in shown], UNIT)
    assert [float(row[3]) for row in made] == pytest.approx([row[3] for row in shown], abs=UNIT_OF_CLASSES)


def test_of_a_factor_that_says_nothing_the_largest_q_takes_nearly_the_most_classes_and_the_rule_the_fewest(table):
    for size in (200, 1000):
        assert table["nothing", size, LARGEST][0] > 7
        assert table["nothing", size, HONEST][0] == pytest.approx(3, abs=0.1)
        for choice in (LARGEST, HONEST):
            _classes, q, new, _q_cv = table["nothing", size, choice]
            assert new == pytest.approx(-q, abs=0.003)


def test_of_levels_few_classes_predict_more_and_of_a_line_less(table):
    for size in (200, 1000):
        for target, better, worse in (("three levels", HONEST, LARGEST), ("a straight line", LARGEST, HONEST)):
            assert table[target, size, better][2] > table[target, size, worse][2]


def test_q_cv_is_closer_to_what_new_rows_show_than_q_and_a_little_too_large(table):
    for (target, size, choice), (_classes, q, new, q_cv) in table.items():
        if choice == HONEST:
            assert abs(q_cv - new) <= abs(q - new) + UNIT * 2, (target, size)
            assert q_cv > new - 3 * UNIT


def test_what_new_rows_show_is_counted_row_by_row():
    x = np.array([1.0, 2.0, 3.0, 4.0])
    cut = evidence_choice.Cut("equal", 2, 2, np.array([1.0, 2.5, 4.0]), 0.8, True)
    chosen = evidence_choice._judged(cut, x, np.array([0.0, 2.0, 5.0, 7.0]), np.array([0.0, 9.0]), np.array([1.0, 4.5]))
    # Means 1 and 6 of the classes, 3.5 of all.
    assert chosen == (2, 0.8, 1 - 1.5**2 / (2.5**2 + 1.0**2))
