"""Counts of pairs against counting them one by one, in tiles of any size."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from nep_toolbox.core.trend import pairs
from nep_toolbox.core.trend.pairs import Workspace, column_counts, count_pairs, pair_count, tile_of, tiles


@pytest.mark.parametrize("compare", [np.less, np.greater, np.equal])
@pytest.mark.parametrize("n, rows", [(2, 32), (5, 5), (9, 10), (20, 32), (33, 32), (40, 127)])
def test_every_pair_is_counted_once(monkeypatch, compare, n, rows):
    monkeypatch.setattr(pairs, "INT8_ROWS", rows)
    rng = np.random.default_rng(n)
    x = np.round(rng.normal(0, 2, (n, 30))).astype(np.float32)
    x[rng.random(x.shape) < 0.1] = np.nan
    expected = [sum(bool(compare(later, earlier)) for earlier, later in combinations(one, 2)) for one in x.T]
    whole = count_pairs(compare, x, Workspace())
    assert whole.tolist() == expected
    assert max(expected) <= pair_count(n)
    monkeypatch.setattr(pairs, "TILE_PIXELS", 7)
    monkeypatch.setattr(pairs, "TILE_BYTES", 0)
    assert [part.stop - part.start for part in tiles(x)] == [6, 6, 6, 6, 6]
    assert count_pairs(compare, x, Workspace()).tolist() == expected


def test_tiles_are_as_wide_as_the_cache_and_the_buffers_of_numpy_ask():
    def widths(n, pixels):
        return [part.stop - part.start for part in tiles(np.empty((n, pixels), dtype=np.float32))]

    assert widths(20, 70000) == [14000] * 5
    assert widths(4, 40000) == [20000, 20000]
    assert widths(4, 0) == []


def test_a_tile_has_no_gaps_in_memory():
    x, work = np.arange(12.0).reshape(3, 4), Workspace()
    tile = tile_of(x, slice(1, 3), work)
    assert tile.tolist() == [[1, 2], [5, 6], [9, 10]]
    assert tile.flags.c_contiguous and not np.shares_memory(tile, x)
    assert np.shares_memory(tile_of(x, slice(0, 4), work), x)


def test_counts_beyond_what_an_int8_holds():
    flags = np.ones((1000, 3), dtype=bool)
    flags[::2, 1] = False
    flags[:, 2] = False
    assert column_counts(flags).tolist() == [1000, 500, 0]


def test_a_workspace_keeps_the_largest_buffer_of_a_name():
    work = Workspace()
    large = work.array("a", (4, 5), np.float64)
    assert np.shares_memory(work.array("a", (2, 3), np.float32), large)
    assert not np.shares_memory(work.array("b", (2, 3), np.float32), large)
    assert not np.shares_memory(work.array("a", (40, 5), np.float64), large)
