"""How probable the largest q of a whole search is where a factor has nothing to do with the target.

A search that tries many cuts finds a larger q by chance than a single cut does. Here it is repeated on permuted
targets: all cuts of a factor are unions of the bins between neighbouring breaks of any of them, so one pass over the
permuted rows gives the sum of each bin, and the q of every cut follows from these.

References
----------
Westfall, P. H. and Young, S. S. (1993). Resampling-Based Multiple Testing. Wiley. (The largest statistic of many.)
Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero. Stat. Appl. Genet. Mol. Biol. 9, 39.
doi:10.2202/1544-6115.1585
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from .detectors import SAME
from .optimal_cut import Cut

#: Rows that are summed at a time, so that a bin's sum is the same however the run is divided.
_CHUNK = 1 << 16


class Search(NamedTuple):
    """The cuts of a factor as unions of bins.

    Attributes
    ----------
    bins : uint8, uint16 or int32 array (n,)
        Bin of each row, from the lowest.
    number : int
        How many bins there are.
    first, last : int arrays (classes of all cuts,)
        The bins of each class: from ``first`` to before ``last``.
    count : int array (classes of all cuts,)
        Rows in each class, none of them 0.
    start : int array (cuts,)
        Place of the first class of each cut.
    """

    bins: np.ndarray
    number: int
    first: np.ndarray
    last: np.ndarray
    count: np.ndarray
    start: np.ndarray


def search_of_cuts(values: np.ndarray, cuts: Sequence[Cut]) -> Search:
    """The search of a continuous factor.

    Parameters
    ----------
    values : float array (n,)
        The factor, finite.
    cuts : sequence of Cut
        All that were tried, at least one of them a candidate; others are left out.
    """
    tried = [cut.breaks[1:-1] for cut in cuts if cut.candidate]
    breaks = np.unique(np.concatenate(tried))
    bins = np.empty(values.size, dtype=_smallest(breaks.size + 1))
    for rows in _chunks(values.size):
        checkpoint()
        bins[rows] = np.searchsorted(breaks, values[rows], side="left")
    edges = [np.concatenate(([0], np.searchsorted(breaks, inner) + 1, [breaks.size + 1])) for inner in tried]
    return _search(bins, breaks.size + 1, edges)


def search_of_categories(codes: np.ndarray, number: int) -> Search:
    """The search of a categorical factor, whose one cut are its categories, ``codes`` (n,) from 0 to ``number`` - 1."""
    return _search(codes.astype(_smallest(number)), number, [np.arange(number + 1)])


def _search(bins: np.ndarray, number: int, edges: list) -> Search:
    """Bins and the cuts that have classes between ``edges``, without classes that hold no row."""
    below = np.concatenate(([0], np.cumsum(_summed(bins, number, None))))
    cuts = []
    for edge in edges:
        held = np.flatnonzero(np.diff(below[edge]))
        cuts.append((edge[held], edge[held + 1]))
    first, last = (np.concatenate(ends) for ends in zip(*cuts))
    start = np.cumsum([0] + [begin.size for begin, _end in cuts[:-1]])
    return Search(bins, number, first, last, below[last] - below[first], start)


def p_of_searches(
    target: np.ndarray,
    searches: Sequence[Search],
    permutations: int,
    seed: int,
    step: Callable[[float], None] | None = None,
) -> np.ndarray:
    """p of the largest q of each search, from permutations of the target over the rows.

    All searches see the same permutations. Rows must be exchangeable where nothing explains the target: spatial
    correlation makes p too small.

    Parameters
    ----------
    target : float array (n,)
        Centred on its mean, not constant.
    searches : sequence of Search
        On the same rows.
    permutations : int
        B, at least 1.
    seed : int
        Of ``numpy.random.RandomState``.
    step : callable, optional
        Called with the fraction done; may raise to cancel.

    Returns
    -------
    float array (searches,)
        ``(1 + #{largest q of a permutation >= largest q}) / (B + 1)``.
    """
    report = step or (lambda _: None)
    random = np.random.RandomState(seed)
    total = float(np.dot(target, target))
    found = [_largest_between(target, search) - SAME * total for search in searches]
    reached = np.zeros(len(searches), dtype=np.int64)
    for done in range(permutations):
        permuted = target[random.permutation(target.size)]
        for place, search in enumerate(searches):
            report((done + place / len(searches)) / permutations)
            reached[place] += _largest_between(permuted, search) >= found[place]
    report(1.0)
    return (1.0 + reached) / (permutations + 1.0)


def _largest_between(target: np.ndarray, search: Search) -> float:
    """The largest sum of squares between classes of all cuts: the largest q times the total sum of squares."""
    below = np.concatenate(([0.0], np.cumsum(_summed(search.bins, search.number, target))))
    part = below[search.last] - below[search.first]
    return float(np.add.reduceat(part * part / search.count, search.start).max())


def _summed(bins: np.ndarray, number: int, weights: np.ndarray | None) -> np.ndarray:
    """Sum of ``weights`` of the rows of each bin, (number,); how many rows there are without weights."""
    total = np.zeros(number, dtype=np.int64 if weights is None else np.float64)
    for rows in _chunks(bins.size):
        checkpoint()
        total += np.bincount(bins[rows], None if weights is None else weights[rows], number)
    return total


def _chunks(size: int) -> list:
    return [slice(start, start + _CHUNK) for start in range(0, size, _CHUNK)]


def _smallest(number: int) -> type:
    """The smallest type of whole numbers for so many bins."""
    return np.uint8 if number <= 1 << 8 else np.uint16 if number <= 1 << 16 else np.int32
