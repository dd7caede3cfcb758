"""What the blocks of nep:landcovertransition come to: sums by hand."""

from __future__ import annotations

import numpy as np

from nep_toolbox.algorithms.landcover._tallies import Tallies, numbers_of_changes, table_by_region
from nep_toolbox.core.landcover.transitions import LandCoverCounts, Tally


def counts(pixels: int) -> LandCoverCounts:
    return LandCoverCounts([{1: Tally(pixels, 7)}] * 2, [{(1, 1): Tally(pixels, 7)}])


def test_blocks_add_up():
    tallies = Tallies()
    tallies.add({"counts": counts(1), "regional": {0: counts(1)}, "met": {1, 2}, "changed": np.array([[1, 5]])})
    regional = {0: counts(2), 4: counts(3)}
    tallies.add({
        "counts": counts(2), "regional": regional, "met": {3}, "changed": np.array([[2, 6]]), "span": counts(9),
    })
    assert tallies.counts == counts(1).merge(counts(2))
    assert tallies.regional == {0: counts(1).merge(counts(2)), 4: counts(3)}
    assert tallies.met == {1, 2, 3} and tallies.changed.tolist() == [[3, 11]] and tallies.span == counts(9)


def test_the_legend_ends_with_the_largest_number():
    areas = np.array([[5, 0], [0, 0], [2, 0], [0, 0]])
    scheme = numbers_of_changes(areas)
    assert scheme.labels == {0: "no change", 1: "1 change", 2: "2 changes"}
    assert len(set(scheme.colours.values())) == 3
    assert numbers_of_changes(np.zeros((3, 2))).labels == {0: "no change"}
    assert set(numbers_of_changes(np.array([[0, 0], [4, 0]])).colours) == {0, 1}


def test_the_region_comes_first():
    assert table_by_region({"year": "integer"}, [(2001,)], {}) == ({"year": "integer"}, [(2001,)])
    columns, rows = table_by_region({"year": "integer"}, [(2001,)], {"east": [], "west": [(2001,), (2002,)]})
    assert list(columns) == ["region", "year"]
    assert rows == [("all", 2001), ("west", 2001), ("west", 2002)]
