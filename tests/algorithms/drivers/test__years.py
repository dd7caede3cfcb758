"""Ranks and cuts of the geodetector by year, from results made by hand."""

from __future__ import annotations

import numpy as np

from nep_toolbox.algorithms.drivers._years import BY_YEAR, cuts_of, rows_by_year
from nep_toolbox.core.geodetector.detect import GeodetectorResult
from nep_toolbox.core.geodetector.tables import Factors, Interactions


def result(*q, pairs=True) -> GeodetectorResult:
    """A result of factors a, b, c ..., the last one categorical."""
    names = "abcdef"[: len(q)]
    size, empty = len(q), np.full(len(q), np.nan)
    factors = Factors(
        tuple(names), ("continuous",) * size, ("equal",) * (size - 1) + (None,), np.full(size, 2),
        (np.array([0.0, 1.0, 2.0]),) * size, np.array(q), empty, np.full(size, 0.01), np.ones(size),
        np.array(q) - 0.05, np.array(q) + 0.05, empty, empty, empty,
    )
    pair = (("a",), ("b",), np.ones(1), np.ones(1), np.array([0.9]), np.ones(1), ("enhance, bi-variable",))
    none = ((), (), *[np.empty(0)] * 4, ())
    interactions = Interactions(*(pair if pairs else none))
    return GeodetectorResult("nep", 9, 0, {}, factors, interactions, None, None, None, None, None, [], [])


def test_rank_one_is_the_largest_q_and_equals_share_the_better_rank():
    rows = [dict(zip(BY_YEAR, row)) for row in rows_by_year({2013: result(0.2, 0.5, 0.5, 0.1), 2015: result(0.3, 0.1)})]
    assert [(row["year"], row["factor"], row["rank"]) for row in rows] == [
        (2013, "a", 3), (2013, "b", 1), (2013, "c", 1), (2013, "d", 4), (2015, "a", 1), (2015, "b", 2)
    ]
    assert list(rows[0].values()) == [2013, "a", 0.2, 0.01, 0.2 - 0.05, 0.2 + 0.05, 3]


def test_cuts_are_those_of_the_continuous_factors():
    ((factor, (method, breaks)),) = cuts_of(result(0.2, 0.5)).items()
    assert (factor, method, breaks.tolist()) == ("a", "equal", [0.0, 1.0, 2.0])
