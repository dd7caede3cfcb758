"""Minima of the rows of a matrix whose best column never moves back, without writing the matrix down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

import numpy as np

_CHUNK = 1 << 14  # evaluations at a time: the temporaries of one chunk stay in the L2 cache
_FIRST = 1 << 13  # evaluations of the first pass

Columns = Sequence[np.ndarray]


def row_minima(
    base: np.ndarray,
    starts: Columns,
    ends: Columns,
    limits: np.ndarray,
    cost: Callable[[Columns, Columns], np.ndarray],
    check: Callable[[], None],
) -> np.ndarray:
    """Return ``min over c < limits[r] of base[c] + cost(start c, end r)`` for every row r.

    The first pass compares evenly spaced rows with all columns; each later one the rows half-way between them, with
    the columns between the choices of their two neighbours. O((rows + columns) log rows) evaluations.

    Parameters
    ----------
    base : array (columns,)
        What a column costs by itself; may be infinite.
    starts, ends : sequences of arrays (columns,) and of arrays (rows,)
        What ``cost`` needs to know of a column and of a row.
    limits : int array (rows,)
        How many of the columns a row may use, never falling; a row with none gets infinity.
    cost : callable
        Takes the two sequences, of arrays that broadcast; obeys the quadrangle inequality.
    check : callable
        Called between chunks of work; may raise.

    Returns
    -------
    array (rows,)
    """
    count, columns = limits.size, base.size
    minima = np.full(count, np.inf)
    skipped = int(np.searchsorted(limits, 1))
    if skipped == count:
        return minima
    choice = np.zeros(count, dtype=np.intp)
    stride = 1
    while (count - skipped) * columns > stride * _FIRST:
        stride *= 2
    rows = np.arange(skipped, count, stride)
    check()
    total = cost([s[None, :] for s in starts], [e[rows, None] for e in ends])
    total += base
    if limits[rows[0]] < columns:
        total[np.arange(columns) >= limits[rows, None]] = np.inf
    found = total.argmin(axis=1)
    minima[rows] = total[np.arange(rows.size), found]
    # rounding may swap two columns of the same cost: keep the choices ascending
    choice[rows] = np.maximum.accumulate(found)
    while stride > 1:
        stride //= 2
        rows = np.arange(skipped + stride, count, 2 * stride)
        low = choice[rows - stride]
        after = np.minimum(rows + stride, count - 1)
        high = np.where(rows + stride < count, choice[after], columns - 1)
        span = np.minimum(high, limits[rows] - 1) - low + 1
        for part in _chunks(span):
            check()
            _scan(base, starts, ends, cost, rows[part], low[part], span[part], minima, choice)
    return minima


def _scan(base, starts, ends, cost, rows, low, span, minima, choice) -> None:
    """Write minimum and choice of some rows, each over ``span`` columns from ``low``."""
    first = np.cumsum(span) - span
    row = np.repeat(np.arange(rows.size), span)
    column = np.arange(row.size) + (low - first)[row]
    total = cost([s[column] for s in starts], [e[rows][row] for e in ends])
    total += base[column]
    least = np.minimum.reduceat(total, first)
    hits = np.flatnonzero(total == least[row])
    minima[rows] = least
    choice[rows] = column[hits[np.searchsorted(hits, first)]]


def _chunks(spans: np.ndarray) -> list[slice]:
    """Cut the rows into runs of about ``_CHUNK`` evaluations."""
    if not spans.size:
        return []
    total = np.cumsum(spans)
    if total[-1] <= 2 * _CHUNK:
        return [slice(0, spans.size)]
    cuts = np.searchsorted(total, np.arange(_CHUNK, total[-1], _CHUNK), side="right")
    edges = np.unique(np.concatenate(([0], cuts, [spans.size])))
    return [slice(int(a), int(b)) for a, b in zip(edges[:-1], edges[1:])]
