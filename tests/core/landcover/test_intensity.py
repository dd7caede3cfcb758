"""Intensity analysis against the published implementation, by hand, and as sums of fractions."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

from nep_toolbox.core.exact_sums import UNIT_EXPONENT
from nep_toolbox.core.landcover.intensity import (
    CATEGORY_COLUMNS,
    INTERVAL_COLUMNS,
    PAIR_COLUMNS,
    Interval,
    Rate,
    always_active,
    category_rows,
    classes_of,
    interval_rows,
    intervals_of,
    pair_rows,
    uniform_rate,
)
from nep_toolbox.core.landcover.transitions import Tally, count_landcover


def exact(square_metres: float) -> int:
    return int(Fraction(square_metres) * 2**-UNIT_EXPONENT)


def tallies(classes, matrix) -> dict:
    """Transitions of a matrix in km2; zeros are pairs that no pixel has."""
    return {
        (before, after): Tally(1, exact(round(km2 * 1e6)))
        for before, row in zip(classes, matrix) for after, km2 in zip(classes, row) if km2
    }


def as_rows(columns, rows) -> list:
    return [dict(zip(columns, row)) for row in rows]


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference" / "intensity_analysis.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def openland(reference) -> list:
    return intervals_of(
        [tallies(reference["classes"], matrix) for matrix in reference["matrices_km2"]], reference["years"]
    )


def close(found, expected) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_intervals_of_the_reference(reference, openland):
    rows, expected = as_rows(INTERVAL_COLUMNS, interval_rows(openland)), reference["result"]["interval"]
    close([row["s"] for row in rows], [each["S"] for each in expected])
    close([row["u"] for row in rows], [each["U"] for each in expected])
    assert [row["fast"] for row in rows] == [int(each["fast"]) for each in expected] == [0, 0, 1, 1]
    by_period = dict(zip(reference["openland"]["interval"]["Period"], reference["openland"]["interval"]["St"]))
    close([row["s"] for row in rows], [by_period[f"{row['from_year']}-{row['to_year']}"] for row in rows])


def test_categories_of_the_reference(reference, openland):
    rows, result = as_rows(CATEGORY_COLUMNS, category_rows(openland, {})), reference["result"]
    for column, key in (("gain", "G"), ("loss", "L")):
        close([row[column] for row in rows], [value for each in result[column] for value in each[key]])
        uniform = [each["S"] for each in result[column] for _ in each[key]]
        close([row["s"] for row in rows], uniform)
        assert [row[f"{column}_active"] for row in rows] == [
            int(value > each["S"]) for each in result[column] for value in each[key]
        ]
        found = {(f"{row['from_year']}-{row['to_year']}", row["class"]): row for row in rows}
        theirs = reference["openland"][column]
        pairs = list(zip(theirs["period"], theirs["class"]))
        close([found[pair][column] for pair in pairs], theirs[key])
        close([found[pair][f"{column}_km2"] for pair in pairs], theirs["area"])
        # What the other leaves out is there with nothing.
        assert all(row[column] == 0 for pair, row in found.items() if pair not in pairs)


@pytest.mark.parametrize(("level", "one", "all_", "targeted"), [
    ("gain_n", "r", "w", "targeted_gain"), ("loss_m", "q", "v", "targeted_loss"),
])
def test_transitions_of_the_reference(reference, openland, level, one, all_, targeted):
    rows, classes = as_rows(PAIR_COLUMNS, pair_rows(openland, {})), reference["classes"]
    assert len(rows) == 4 * 11 * 10
    place = {code: index for index, code in enumerate(classes)}
    for first, each in zip(reference["years"], reference["result"][level]):
        for row in (row for row in rows if row["from_year"] == first):
            before, after = place[row["from_class"]], place[row["to_class"]]
            expected = each[one.upper()][before][after]
            uniform = each[all_.upper()][after if level == "gain_n" else before]
            close([row[one], row[all_]], [expected, uniform])
            assert row[targeted] == int(expected > uniform)


def test_by_hand():
    """Ten cells of 1 km2: in two years two of six cells of 1 become 2, in the next four years one of 2 becomes 3."""
    dates = [[1] * 6 + [2] * 4, [2, 2] + [1] * 4 + [2] * 4, [2, 3] + [1] * 4 + [2] * 4]
    counts = count_landcover(np.array(dates, dtype=float)[:, np.newaxis], np.full((1, 1), 1e6))
    intervals = intervals_of(counts.transitions, (2000, 2002, 2006))
    assert interval_rows(intervals) == [(2000, 2002, 10.0, 5.0, 1, 2.0, 10.0), (2002, 2006, 2.5, 5.0, 0, 1.0, 10.0)]
    assert category_rows(intervals, {2: "Forest"}) == [
        (2000, 2002, 1, "1", 0.0, 100 / 6, 10.0, 0, 1, 0.0, 2.0),
        (2000, 2002, 2, "Forest", 100 / 6, 0.0, 10.0, 1, 0, 2.0, 0.0),
        (2000, 2002, 3, "3", None, None, 10.0, None, None, 0.0, 0.0),
        (2002, 2006, 1, "1", 0.0, 0.0, 2.5, 0, 0, 0.0, 0.0),
        (2002, 2006, 2, "Forest", 0.0, 100 / 24, 2.5, 0, 1, 0.0, 1.0),
        (2002, 2006, 3, "3", 25.0, None, 2.5, 1, None, 1.0, 0.0),
    ]
    rows = {row[:4]: row[6:] for row in pair_rows(intervals, {})}
    assert len(rows) == 12
    # Of the six cells that were not 2, two became 2 in two years; they all were 1, as were these six.
    assert rows[2000, 2002, 1, 2] == (100 / 6, 100 / 6, 0, 100 / 6, 100 / 6, 0, 2.0)
    # 3 takes one of the six cells of 2, and of the ten that were not 3; one cell of 3 is all that 2 gives to others.
    assert rows[2002, 2006, 2, 3] == (100 / 24, 2.5, 1, 25.0, 5.0, 1, 1.0)
    assert rows[2002, 2006, 1, 3] == (0.0, 2.5, 0, 0.0, 0.0, 0, 0.0)
    # No cell was 3, so nothing can come from it, and none of it is left to say to whom it would have gone.
    assert rows[2000, 2002, 3, 1] == (None, 0.0, None, 0.0, 0.0, 0, 0.0)
    assert rows[2000, 2002, 1, 3] == (0.0, 0.0, 0, None, 100 / 6, None, 0.0)
    assert classes_of(intervals) == [1, 2, 3] and always_active(intervals) == ([], [])
    assert always_active(intervals[:1]) == ([2], [1])


def test_equal_rates_are_not_told_apart():
    """Thirds and sevenths that rounding would tell apart: an interval alone is neither fast nor slow."""
    area = np.array([[0.1], [0.7], [1 / 3]])
    stack = np.array([[[1.0], [2.0], [2.0]], [[2.0], [2.0], [2.0]]])
    intervals = intervals_of(count_landcover(stack, area).transitions, (2000, 2007))
    ((*_years, s, u, fast, _change, _area),) = interval_rows(intervals)
    assert s == u and fast == 0
    third, other = Rate(exact(0.1), exact(0.3), 7), Rate(2 * exact(0.1), 2 * exact(0.3), 7)
    assert third.exceeds(other) == other.exceeds(third) == 0
    assert Rate(2**1000 + 1, 2**1001, 1).exceeds(Rate(2**1000, 2**1001, 1)) == 1
    assert Rate(1, 2, 3).exceeds(Rate(1, 2, 4)) == 1 and Rate(1, 2, 4).exceeds(Rate(1, 2, 3)) == 0


def test_each_level_is_the_mean_of_the_one_below(openland):
    """Gains and losses weighted by the areas of the classes give the rate of the interval; rates of transitions
    weighted by the areas they are of give the uniform one, in exact fractions."""
    total = uniform_rate(openland)
    assert sum(each.changed for each in openland) == total.part
    for each in openland:
        for area, rate in ((each.end, Interval.gain), (each.start, Interval.loss)):
            assert sum(rate(each, code).part for code in area) == each.rate.part
            assert sum(rate(each, code).whole for code in area) == each.rate.whole
        for code in classes_of([each]):
            others = [other for other in classes_of([each]) if other != code]
            for whole, parts in (
                (each.taken_from_all(code), [each.taken(other, code) for other in others]),
                (each.given_to_all(code), [each.given(code, other) for other in others]),
            ):
                assert (whole.part, whole.whole) == (
                    sum(part.part for part in parts), sum(part.whole for part in parts)
                )


def test_nothing_has_no_rates():
    assert interval_rows(intervals_of([{}], (2000, 2001))) == [(2000, 2001, None, None, None, 0.0, 0.0)]
    assert category_rows(intervals_of([{}], (2000, 2001)), {}) == []
