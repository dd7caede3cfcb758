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
