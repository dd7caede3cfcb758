"""The adjustment over all cells of a raster, by parts."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from nep_toolbox.core import field_significance
from nep_toolbox.core.hotspots import false_discovery
from nep_toolbox.core.hotspots.false_discovery import Adjusted, Gathered, p_to_adjust
from nep_toolbox.core.significance import benjamini_hochberg


def plain(p) -> list:
    """Benjamini and Hochberg's adjusted p, one by one."""
    tested = sorted(p)
    return [
        min(1.0, *(other * len(tested) / sum(each <= other for each in tested) for other in tested if other >= one))
        for one in p
    ]


@pytest.fixture(scope="module")
def p_values():
    """Some real findings among chance, with ties, 0 and 1."""
    rng = np.random.default_rng(9)
    p = np.concatenate([rng.random(150), rng.random(60) ** 8, np.repeat([0.002, 0.3], 20), [0.0, 0.0, 1.0, 1e-300]])
    return rng.permutation(p).reshape(2, -1)


def gathered(pieces, exact: bool) -> Gathered:
    return Gathered(exact, [p_to_adjust(piece, exact) for piece in pieces])


def adjusted(p, exact: bool, parts: int = 4) :
    return Adjusted(gathered([np.append(piece, np.nan) for piece in np.array_split(p.ravel(), parts)], exact))


@pytest.mark.parametrize("parts", [1, 5])
def test_exactly(p_values, parts):
    found = adjusted(p_values, True, parts).of(p_values)
    np.testing.assert_allclose(found.ravel(), plain(p_values.ravel().tolist()), rtol=1e-15)
    assert found.tobytes() == adjusted(p_values, True, 3).of(p_values).tobytes()


def test_in_bins_it_is_never_too_small_and_hardly_too_large(p_values):
    exact, binned = (adjusted(p_values, each).of(p_values) for each in (True, False))
    assert (binned >= exact).all() and (binned <= exact * (1 + 2.0**-12)).all()
    assert (binned > exact).sum() > 20
    assert binned.tobytes() == adjusted(p_values, False, 7).of(p_values).tobytes()


def test_nan_stays_nan_and_takes_no_part(p_values):
    some = adjusted(p_values, True).of(np.array([[np.nan, 1.0], [p_values[0, 0], np.nan]]))
    assert np.isnan(some).tolist() == [[True, False], [False, True]] and some[0, 1] == 1.0


@pytest.mark.parametrize("exact", [True, False])
def test_without_a_single_p(exact):
    nothing = Adjusted(gathered([np.full(3, np.nan)], exact))
    assert np.isnan(nothing.of(np.full(3, np.nan))).all()


@pytest.mark.parametrize("most", [1, 7, 100, 1000])
def test_some_are_ranked_at_a_time(p_values, monkeypatch, most):
    monkeypatch.setattr(false_discovery, "_AT_ONCE", most)
    assert adjusted(p_values, True).of(p_values).tobytes() == benjamini_hochberg(p_values).tobytes()


def test_no_p_is_held_twice():
    parts = gathered([np.array([0.5, 0.1])], True)
    Adjusted(parts)
    assert parts.sorted().size == 0


def test_counts_take_no_more_memory_with_more_blocks(monkeypatch):
    monkeypatch.setattr(field_significance, "_MOST_PENDING", 2**9)
    p, sizes = np.random.default_rng(2).random((5, 400)), []
    tracemalloc.start()
    try:
        parts = Gathered(False)
        for place in range(200):
            parts.add(p_to_adjust(p[place % 5], False))
            sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert parts.counted()[1].sum() == 200 * 400
    assert max(sizes[20:]) < 16 * 3 * p.size + 2**14  # of 16 * 200 * 400
