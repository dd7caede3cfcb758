"""Ranks, cuts and page of the geodetector by year, from results made by hand."""

from __future__ import annotations

import re

import numpy as np
from testkit.pages import figures

from nep_toolbox.algorithms.drivers._years import BY_YEAR, cuts_of, rows_by_year, years_page
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


def written(results, folder):
    path = folder / "page.html"
    years_page(results, "NEP", 0.05).write(path)
    text = path.read_text(encoding="utf-8")
    return re.findall("<h2>(.*?)</h2>", text), text, figures(path)


def test_page_of_several_years(tmp_path):
    headings, text, found = written({2013: result(0.2, 0.5), 2015: result(0.6, 0.5)}, tmp_path)
    assert headings == ["Factors", "Ranks", "Interactions in 2013", "Interactions in 2015"]
    assert "<h1>Geodetector of NEP 2013-2015</h1>" in text
    panels, ranks, *matrices = found
    assert [sorted(trace["x"]) for trace in panels["data"]] == [[0.2, 0.5], [0.5, 0.6]]
    assert {trace["name"]: trace["y"] for trace in ranks["data"]} == {"a": [2, 1], "b": [1, 2]}
    assert len(matrices) == 2


def test_page_of_one_year_without_pairs(tmp_path):
    headings, text, found = written({2013: result(0.2, pairs=False)}, tmp_path)
    assert headings == ["Factors"] and len(found) == 1 and "<h1>Geodetector of NEP 2013</h1>" in text
