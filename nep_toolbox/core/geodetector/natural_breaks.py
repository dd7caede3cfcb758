"""Natural breaks: the exact optimal partition of a sorted variable (Fisher-Jenks), for millions of values.

The dynamic programme ``D_t(j) = min over i of D_(t-1)(i) + SS(i, j)`` is solved exactly. Three things make it fast:

- Equal values are one value with a weight.
- The within-class sum of squares ``SS`` obeys the quadrangle inequality, so the best ``i`` never moves back when ``j``
  grows, and a layer takes O(n log n) evaluations (`row_minima`).
- Where breaks can lie is first bounded on a grid of cells. With a break inside a cell, the values before the cell cost
  at least what their best partition costs, and so do those behind it; a cell where the two together exceed the cost of
  a partition already at hand holds no break of the optimum. What is left is cut finer and bounded again. No value is
  ever left out of a sum, so the result is the optimum whatever the grid; data that defeat the bounds cost time only.

References
----------
Fisher, W. D. (1958). On grouping for maximum homogeneity. J. Am. Stat. Assoc. 53, 789-798.
doi:10.1080/01621459.1958.10501479
Wu, X. (1991). Optimal quantization by matrix searching. J. Algorithms 12, 663-673. doi:10.1016/0196-6774(91)90039-2
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

import numpy as np

from .sums_of_squares import (
    exact_minima,
    exactly_scaled,
    plain_sums,
    prefix_sums,
    quick_minima,
    quick_sum_of_squares,
    sum_of_squares,
)

TIE_TOLERANCE = 1e-13  # relative: partitions that differ by less in cost are the same, to rounding
_START = np.zeros(1, dtype=np.intp)
_COARSE_CELLS = 256
_WIDE = 60  # mean number of positions in a cell above which a further round of bounds pays
_PIECES = 8  # a cell that may hold a break is cut into so many by each further round

#: The part of a search that is over when breaks are bounded, and when the positions left are those of plain sums.
_BOUNDED, _NARROWED = 0.5, 0.8

Positions = list[np.ndarray]  # for each t the positions where class t may end; position 0 for t = 0
Bounds = list[np.ndarray]  # for each number of classes a bound for each cell
Zones = dict[tuple[int, int], np.ndarray]  # (classes, t): which cells may hold the end of class t


def natural_breaks(
    sorted_values: np.ndarray,
    classes: Sequence[int],
    step: Callable[[float], None] | None = None,
) -> dict[int, np.ndarray | None]:
    """Find the classes with the least within-class sum of squares, for several numbers of classes at once.

    Parameters
    ----------
    sorted_values : float array (n,)
        Finite, ascending; ties are welcome.
    classes : sequence of int
        The numbers of classes, each at least 1.
    step : callable, optional
        Called often with the fraction done (0 to 1, never falling); what it raises (a cancel) ends the search.

    Returns
    -------
    dict of int to float array (k + 1,) or None
        The breaks: the minimum and the largest value of each class. None where there are fewer distinct values than
        classes.

    Notes
    -----
    Among partitions of equal cost (within ``TIE_TOLERANCE``) the one whose last class starts first wins, then the one
    whose last but one class does, and so on. Sums are carried in double-double arithmetic, so a mean that is large
    against the spread does not cancel.
    """
    sorted_values = np.asarray(sorted_values, dtype=np.float64)
    wanted = sorted({int(k) for k in classes})
    result: dict[int, np.ndarray | None] = dict.fromkeys(wanted)
    if sorted_values.size == 0:
        return result
    first = np.concatenate(([0], np.flatnonzero(sorted_values[1:] != sorted_values[:-1]) + 1))
    values = sorted_values[first]
    weights = np.diff(np.append(first, sorted_values.size)).astype(np.float64)
    possible = [k for k in wanted if k <= values.size]
    if not possible:
        return result
    progress = _Progress(step)
    scaled = exactly_scaled(values)
    sums = prefix_sums(scaled, weights)
    progress(0.05)
    allowed = _promising_positions(scaled, weights, possible, progress)
    for k, ends in _best_partitions(sums, allowed, possible, progress).items():
        result[k] = values[np.concatenate(([0], np.asarray(ends) - 1))]
    progress(1.0)
    return result


class _Progress:
    """Report a fraction that never falls; called without one it only gives the chance to cancel.

    How long a part takes is not known before: `nearer` goes a fifth of the way that is left to its end.
    """

    def __init__(self, step: Callable[[float], None] | None) -> None:
        self.step = step
        self.fraction = 0.0

    def __call__(self, fraction: float = 0.0) -> None:
        self.fraction = max(self.fraction, fraction)
        if self.step is not None:
            self.step(self.fraction)

    def nearer(self, end: float) -> None:
        self(self.fraction + 0.2 * (end - self.fraction))


# The dynamic programme ------------------------------------------------------------------------------------------------


def _layers(
    sums: Sequence[np.ndarray], allowed: Positions, minima: Callable, progress: _Progress, end: float
) -> list[np.ndarray]:
    """Least cost of what lies before each of the positions ``allowed[t]`` where class t may end, for every t.

    ``sums[t]`` are the prefix sums at ``allowed[t]``. The progress comes nearer to ``end``.
    """
    best = [np.zeros(1)]
    for t in range(1, len(allowed)):
        limits = np.searchsorted(allowed[t - 1], allowed[t], side="left")
        best.append(minima(best[-1], sums[t - 1], sums[t], limits, progress))
        progress.nearer(end)
    return best


def _best_partitions(
    sums: np.ndarray, allowed: Positions, classes: list[int], progress: _Progress
) -> dict[int, list[int]]:
    """Positions where the classes of the best partitions end; of equal ones that whose last class starts first."""
    parts = [sums[:, positions] for positions in allowed]
    best = _layers(parts, allowed, exact_minima, progress, 1.0)
    result = {}
    for k in classes:
        end = sums.shape[1] - 1
        ends = [end]
        for t in range(k - 1, 0, -1):
            count = int(np.searchsorted(allowed[t], end, side="left"))
            total = best[t][:count] + sum_of_squares(parts[t][:, :count], sums[:, end : end + 1])
            least = total.min()
            end = int(allowed[t][np.argmax(total <= least + TIE_TOLERANCE * abs(least))])
            ends.append(end)
        result[k] = ends[::-1]
    return result


def _close_positions(
    plain: np.ndarray, allowed: Positions, classes: list[int], slack: float, progress: _Progress
) -> Positions:
    """Positions where the classes of a partition may end whose cost is the least one, to the rounding of plain sums."""
    parts = [plain[:, positions] for positions in allowed]
    best = _layers(parts, allowed, quick_minima, progress, _NARROWED)
    close: list[list[np.ndarray]] = [[] for _ in allowed]
    for k in classes:
        following, behind, sums = np.array([plain.shape[1] - 1]), np.zeros(1), plain[:, -1:]
        affordable = np.inf
        for t in range(k - 1, 0, -1):
            if following.size == 1:
                count = int(np.searchsorted(allowed[t], following[0], side="left"))
                behind = behind + quick_sum_of_squares(parts[t][:, :count], sums)
            else:
                # negated sums read backwards: their differences are those of the same classes
                count = allowed[t].size
                limits = following.size - np.searchsorted(following, allowed[t], side="right")
                behind = quick_minima(behind[::-1], -sums[:, ::-1], -parts[t][:, ::-1], limits[::-1], progress)[::-1]
            total = best[t][:count] + behind
            if t == k - 1:
                affordable = total.min() * (1 + 1e-9) + slack
            keep = np.flatnonzero(total <= affordable)
            following, behind, sums = allowed[t][keep], behind[keep], parts[t][:, keep]
            close[t].append(following)
            progress.nearer(_NARROWED)
    return [allowed[0]] + [np.unique(np.concatenate(positions)) for positions in close[1:]]


# Bounds ---------------------------------------------------------------------------------------------------------------


def _promising_positions(
    x: np.ndarray, weights: np.ndarray, classes: list[int], progress: _Progress
) -> Positions:
    """Return for every t the positions where class t may end in an optimum of any of the ``classes``."""
    size, largest = x.size, classes[-1]
    plain = plain_sums(x, weights)
    centred = x - np.dot(x, weights) / weights.sum()
    slack = 1e-12 * plain[2, -1]
    cells = max(_COARSE_CELLS, 8 * largest)
    if size <= cells:
        allowed = [np.arange(1, size)] * (largest - 1)
        return _close_positions(plain, [_START, *allowed], classes, slack, progress)
    grid = _coarse_grid(x, weights, cells)
    at_hand, before, behind = _coarse_bounds(plain[:, grid], largest)
    ends = {k: grid[at_hand[k]] for k in classes}
    zones: Zones = {(k, t): np.ones(grid.size - 1, dtype=bool) for k in classes for t in range(1, k)}
    while True:
        progress.nearer(_BOUNDED)
        for k in classes:
            ends[k] = _improve(centred, plain, ends[k])
            affordable = _total_cost(plain, ends[k]) * (1 + 1e-9) + slack
            for t in range(1, k):
                zones[k, t] &= before[t] + behind[k - t][::-1] <= affordable
        width = np.diff(grid)
        held = [np.any([zones[k, t] for k in classes if k > t], axis=0) for t in range(1, largest)]
        if sum(int(width[zone].sum()) for zone in held) <= _WIDE * sum(int(zone.sum()) for zone in held):
            break
        grid, zones = _subdivide(grid, zones)
        before, behind = _fine_bounds(plain, grid, zones, progress)
    allowed = [_positions_in(grid, zone, size) for zone in held]
    return _close_positions(plain, [_START, *allowed], classes, slack, progress)


def _coarse_grid(x: np.ndarray, weights: np.ndarray, cells: int) -> np.ndarray:
    """Positions 0 .. n that cut the values into cells, finer where the best classes of many are finer.

    Classes of the least within sum are as dense as the cube root of the density of the values; a quarter of the cells
    is spread evenly over the values, against extreme distributions.
    """
    gap = np.diff(x)
    gap = np.append(gap[0], gap)
    share = np.cumsum(np.cbrt((gap / gap.max()) ** 2 * weights))
    share = 0.75 * share / share[-1] + 0.25 * np.arange(1, x.size + 1) / x.size
    inner = np.searchsorted(share, np.arange(1, cells) / cells) + 1
    return np.unique(np.concatenate(([0], np.minimum(inner, x.size), [x.size])))


def _coarse_bounds(edges: np.ndarray, largest: int) -> tuple[dict[int, np.ndarray], Bounds, Bounds]:
    """Partitions with all breaks on the grid, and `_fine_bounds` where any class may end anywhere.

    The few sums of squares between edges of the grid are computed once, as a matrix.
    """
    cost = quick_sum_of_squares(edges[:, :, None], edges[:, None, :])
    order = np.arange(edges.shape[1])
    cost[order[:, None] > order] = np.inf
    # a class between the far edge of one cell and the near edge of a later one
    between = cost[1:, :-1]
    before, behind = [between[0], cost[0, :-1].copy()], [between[0], cost[1:, -1][::-1].copy()]
    for _ in range(2, largest):
        before.append(np.minimum(before[-1], (before[-1][:, None] + between).min(axis=0)))
        behind.append(np.minimum(behind[-1], (behind[-1][::-1] + between).min(axis=1)[::-1]))
    np.fill_diagonal(cost, np.inf)
    best, at_hand = [cost[0]], {1: order[-1:]}
    for k in range(2, largest + 1):
        best.append((best[-1][:, None] + cost).min(axis=0))
        ends = [order[-1]]
        for t in range(k - 2, -1, -1):
            ends.append(np.argmin(best[t] + cost[:, ends[-1]]))
        at_hand[k] = np.array(ends[::-1])
    return at_hand, before, behind


def _improve(x: np.ndarray, plain: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Move the breaks of a partition half-way between the class means, a few times (Lloyd).

    The values ``x`` are centred on their mean as those of the plain sums are.
    """
    for _ in range(6):
        sums = plain[:2, ends]
        sums[:, 1:] -= plain[:2, ends[:-1]]
        means = sums[1] / sums[0]
        moved = ends.copy()
        moved[:-1] = np.searchsorted(x, 0.5 * (means[1:] + means[:-1]), side="right")
        if (moved == ends).all() or moved[0] < 1 or (moved[1:] <= moved[:-1]).any():
            break
        ends = moved
    return ends


def _total_cost(plain: np.ndarray, ends: Sequence[int]) -> float:
    """Within-class sum of squares of a whole partition."""
    edges = np.concatenate(([0], ends))
    return float(quick_sum_of_squares(plain[:, edges[:-1]], plain[:, edges[1:]]).sum())


def _fine_bounds(plain: np.ndarray, grid: np.ndarray, zones: Zones, progress: _Progress) -> tuple[Bounds, Bounds]:
    """Least cost of what lies before a cell in at most t classes, and (cells in reverse) behind it in at most s."""
    left, right = plain[:, grid[:-1]], plain[:, grid[1:]]
    largest = max(k for k, _ in zones)
    from_start = [np.zeros(grid.size - 1, dtype=bool) for _ in range(largest)]
    from_end = [np.zeros(grid.size - 1, dtype=bool) for _ in range(largest)]
    for (k, t), zone in zones.items():
        from_start[t] |= zone
        from_end[k - t] |= zone[::-1]
    before = _bounds(plain[:, :1], left, right, from_start, progress)
    # negated sums read backwards: their differences are those of the same classes
    return before, _bounds(-plain[:, -1:], -right[:, ::-1], -left[:, ::-1], from_end, progress)


def _bounds(
    origin: np.ndarray, near: np.ndarray, far: np.ndarray, held: list[np.ndarray], progress: _Progress
) -> list[np.ndarray]:
    """Least cost of the values from the origin to the near edge of a cell that class t ends in, in t classes at most.

    Earlier classes end in cells of ``held``; the values of such a cell are not counted.
    """
    bounds = [np.full(near.shape[1], np.inf) for _ in held]
    for t in range(1, len(held)):
        rows = np.flatnonzero(held[t])
        if t == 1:
            bounds[1][rows] = quick_sum_of_squares(origin, near[:, rows])
            continue
        columns = np.flatnonzero(held[t - 1])
        limits = np.searchsorted(columns, rows, side="left")
        least = quick_minima(bounds[t - 1][columns], far[:, columns], near[:, rows], limits, progress)
        # class t - 1 may end in the same cell, beyond the near edge
        bounds[t][rows] = np.minimum(least, bounds[t - 1][rows])
    return bounds


def _positions_in(grid: np.ndarray, zone: np.ndarray, size: int) -> np.ndarray:
    """All positions inside the cells of a zone: behind the near edge, up to and with the far one."""
    cells = np.flatnonzero(zone)
    width = grid[cells + 1] - grid[cells]
    position = np.arange(1, width.sum() + 1) + np.repeat(grid[cells] - np.cumsum(width) + width, width)
    return position[position < size]


def _subdivide(grid: np.ndarray, zones: Zones) -> tuple[np.ndarray, Zones]:
    """Cut every cell of a zone into pieces and join the cells between zones."""
    held = np.flatnonzero(np.any(list(zones.values()), axis=0))
    width = grid[held + 1] - grid[held]
    points = grid[held][:, None] + width[:, None] * np.arange(_PIECES + 1) // _PIECES
    finer = np.unique(np.concatenate(([0], points.ravel(), grid[-1:])))
    parent = np.searchsorted(grid, finer[:-1], side="right") - 1
    return finer, {key: zone[parent] for key, zone in zones.items()}
