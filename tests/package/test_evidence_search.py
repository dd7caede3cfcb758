"""What docs/validation.md tells of false factors: counted as the script does, and what it says of them."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.evidence_tables import rows

import evidence_search

FIVE = "five methods"


@pytest.fixture(scope="module")
def table() -> list:
    """(errors, search, rows, p_f, p_search) of each row."""
    return rows("search_sizes")[1:]


def test_p_search_keeps_its_level_and_p_f_does_not(table):
    assert len(table) == 5
    for errors, search, size, p_f, p_search in table:
        assert 4 <= p_search <= 6, (errors, search, size)
        assert p_f > (12 if search == FIVE else 8), (errors, search, size)


def test_smooth_fields_are_found_by_either_p_and_few_pixels_of_them_are_not():
    by = {tuple(row[:3]): row[-2:] for row in rows("search_smooth")[1:]}
    assert {each for each, *_shares in by} == {"40 x 40", "80 x 80", "160 x 160"} and len(by) == 6
    assert 4 <= by["40 x 40", "not at all", 1][1] <= 7
    assert 50 <= by["40 x 40", "1 pixel", 1][1] <= 60
    assert min(*by["40 x 40", "3 pixels", 1], *by["80 x 80", "3 pixels", 1]) > 99
    assert by["80 x 80", "3 pixels", 1][1] > by["80 x 80", "3 pixels", 5][1] > by["160 x 160", "3 pixels", 10][1]
    assert by["160 x 160", "3 pixels", 10][1] < 8
    for p_f, p_search in by.values():
        assert p_f >= p_search


def test_a_field_is_as_smooth_as_it_says_up_to_its_rim():
    whole = evidence_search.smooth_field(np.random.RandomState(1), 60, 3, 1).reshape(60, 60)
    taken = evidence_search.smooth_field(np.random.RandomState(1), 60, 3, 10)
    assert taken.tolist() == whole[::10, ::10].ravel().tolist()
    # Noise under a bell of width s correlates as exp(-d^2 / (4 s^2)) at a distance d.
    fields = [
        evidence_search.smooth_field(np.random.RandomState(seed), 60, 3, 1).reshape(60, 60) for seed in range(40)
    ]
    for one in (slice(0, 6), slice(27, 33)):
        near = np.mean([np.mean(field[one, :-3] * field[one, 3:]) for field in fields])
        power = np.mean([np.mean(field[one] ** 2) for field in fields])
        assert near / power == pytest.approx(np.exp(-0.25), abs=0.04)
        assert power == pytest.approx(1 / (4 * np.pi * 9), rel=0.15)  # the sum of the squared weights
    bare = evidence_search.smooth_field(np.random.RandomState(1), 5, 0, 1)
    assert bare.tolist() == np.random.RandomState(1).standard_normal(25).tolist()


def test_the_rows_of_smooth_fields_count_what_they_say(monkeypatch):
    given = iter([(0.001, 0.2), (0.05, 0.05), (0.06, 0.01), (0.3, 0.8)])
    monkeypatch.setattr(evidence_search, "both_p", lambda *_: next(given))
    found = evidence_search.smooth_row(12, 1, 5, 4)
    assert found == ("12 x 12", "1 pixel", "5", "9", "50.0", "50.0")


def test_the_script_counts_what_it_says(monkeypatch):
    monkeypatch.setattr(
        evidence_search, "p_values", lambda *_: np.array([[0.001, 0.2], [0.05, 0.05], [0.06, 0.01], [0.3, 0.8]])
    )
    assert evidence_search.search_row("normal", FIVE, 100) == ("normal", FIVE, "100", "50.0", "50.0")


def test_samples_are_drawn_apart_and_the_same_again():
    found = evidence_search.p_values("skewed", FIVE, 60, 4)
    assert found.tolist() == evidence_search.p_values("skewed", FIVE, 60, 4).tolist()
    assert len(np.unique(found[:, 0])) == 4
    assert (found[:, 0] < found[:, 1]).all()
    assert ((found > 0) & (found <= 1)).all()
