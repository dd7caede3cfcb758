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

from typing import Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np

from .double_double import cumulative, difference, halves, product
from .row_minima import row_minima

TIE_TOLERANCE = 1e-13  # relative: partitions that differ by less in cost are the same, to rounding
_START = np.zeros(1, dtype=np.intp)
_COARSE_CELLS = 256
_WIDE = 60  # mean number of positions in a cell above which a further round of bounds pays
_PIECES = 8  # a cell that may hold a break is cut into so many by each further round

Cost = Callable[[Sequence[np.ndarray], Sequence[np.ndarray]], np.ndarray]
Positions = List[np.ndarray]  # for each t the positions where class t may end; position 0 for t = 0
Bounds = List[np.ndarray]  # for each number of classes a bound for each cell
Zones = Dict[Tuple[int, int], np.ndarray]  # (classes, t): which cells may hold the end of class t


def natural_breaks(
    sorted_values: np.ndarray,
    classes: Sequence[int],
    step: Optional[Callable[[float], None]] = None,
) -> Dict[int, Optional[np.ndarray]]:
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
    result: Dict[int, Optional[np.ndarray]] = {k: None for k in wanted}
    if sorted_values.size == 0:
        return result
    first = np.concatenate(([0], np.flatnonzero(sorted_values[1:] != sorted_values[:-1]) + 1))
    values = sorted_values[first]
    weights = np.diff(np.append(first, sorted_values.size)).astype(np.float64)
    possible = [k for k in wanted if k <= values.size]
    if not possible:
        return result
    progress = _Progress(step)
    scaled = _exactly_scaled(values)
    sums = _prefix_sums(scaled, weights)
    progress(0.05)
    allowed = _promising_positions(scaled, weights, possible, progress)
    ends_of, _ = _partition(sums, allowed, possible, _sum_of_squares, progress)
    for k, ends in ends_of.items():
        result[k] = values[np.concatenate(([0], np.asarray(ends) - 1))]
    progress(1.0)
    return result


class _Progress:
    """Report a fraction that never falls; called without one it only gives the chance to cancel."""

    def __init__(self, step: Optional[Callable[[float], None]]) -> None:
        self.step = step
        self.fraction = 0.0

    def __call__(self, fraction: float = 0.0) -> None:
        self.fraction = max(self.fraction, fraction)
        if self.step is not None:
            self.step(self.fraction)


# Sums -----------------------------------------------------------------------------------------------------------------


def _exactly_scaled(values: np.ndarray) -> np.ndarray:
    """Shift by one of the values where that is exact, and scale by a power of two to at most 1 in size.

    Where all values lie within a factor of two of each other their differences are exact (Sterbenz' lemma); elsewhere
    the mean is no larger than the spread and needs no shift.
    """
    smaller, larger = sorted(np.abs(values[[0, -1]]))
    if np.sign(values[0]) == np.sign(values[-1]) and larger <= 2 * smaller:
        values = values - values[values.size // 2]
    _, exponent = np.frexp(np.abs(values[[0, -1]]).max())
    return np.ldexp(values, -int(exponent))


def _prefix_sums(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sums of 1, x and x^2 over the first i values: rows (weight, x high, x low, x^2 high, x^2 low), (5, n + 1)."""
    total = np.zeros((5, x.size + 1))
    np.cumsum(weights, out=total[0, 1:])
    total[1:3] = cumulative(*product(x, weights))
    square, square_error = product(x, x)
    second, second_error = product(square, weights)
    total[3:5] = cumulative(second, second_error + square_error * weights)
    return total


def _sum_of_squares(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Within-class sum of squares of the values between two prefix sums (5, e), right to a few last places.

    ``sum (x - m)^2 = Q - m S - m (S - m W)`` for any m close to the mean: what m lacks enters squared.
    """
    weight = np.maximum(end[0] - start[0], 1.0)
    s, s_low = difference(end[1], start[1])
    s_low += end[2] - start[2]
    q, q_low = difference(end[3], start[3])
    q_low += end[4] - start[4]
    mean = (s + s_low) / weight
    mean_high, mean_low = halves(mean)
    s_high, s_rest = halves(s)
    ms = mean * s
    ms_error = ((mean_high * s_high - ms) + mean_high * s_rest + mean_low * s_high) + mean_low * s_rest
    mw = mean * weight  # a count has few digits: its products with half a number are exact
    rest = (s - mw) - ((mean_high * weight - mw) + mean_low * weight) + s_low
    return np.maximum((q - ms) + (q_low - ms_error - mean * rest), 0.0)


def _plain_sums(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Prefix sums of 1, x - mean and (x - mean)^2 in one number each, (3, n + 1)."""
    x = x - np.dot(x, weights) / weights.sum()
    total = np.zeros((3, x.size + 1))
    np.cumsum(weights, out=total[0, 1:])
    total[1] = np.add(*cumulative(x * weights, np.zeros(1)))
    total[2] = np.add(*cumulative(x * x * weights, np.zeros(1)))
    return total


def _quick_sum_of_squares(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The same from plain sums (3, e): for the bounds, which allow for its rounding."""
    return np.maximum(end[2] - start[2] + _minus_mean_part(start, end), 0.0)


def _minus_mean_part(start: Sequence[np.ndarray], end: Sequence[np.ndarray]) -> np.ndarray:
    """``- S^2 / W``, the part of the within-class sum that belongs to a class as a whole."""
    part = end[1] - start[1]
    part *= part
    weight = end[0] - start[0]
    np.maximum(weight, 1.0, out=weight)
    part /= weight
    return np.negative(part, out=part)


def _quick_minima(base: np.ndarray, starts: np.ndarray, ends: np.ndarray, limits: np.ndarray, check) -> np.ndarray:
    """`row_minima` of plain sums: the sums of squares belong to columns and rows alone."""
    return ends[2] + row_minima(base - starts[2], starts[:2], ends[:2], limits, _minus_mean_part, check)


def _exact_minima(base: np.ndarray, starts: np.ndarray, ends: np.ndarray, limits: np.ndarray, check) -> np.ndarray:
    """`row_minima` of double-double sums."""
    return row_minima(base, starts, ends, limits, _sum_of_squares, check)


def _plain_sums(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Prefix sums of 1, x - mean and (x - mean)^2 in one number each, (3, n + 1)."""
    x = x - np.dot(x, weights) / weights.sum()
    total = np.zeros((3, x.size + 1))
    np.cumsum(weights, out=total[0, 1:])
    total[1] = np.add(*cumulative(x * weights, np.zeros(1)))
    total[2] = np.add(*cumulative(x * x * weights, np.zeros(1)))
    return total


def _quick_sum_of_squares(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The same from plain sums (3, e): for the bounds, which allow for its rounding."""
    s = end[1] - start[1]
    return np.maximum((end[2] - start[2]) - s * s / np.maximum(end[0] - start[0], 1.0), 0.0)


# The dynamic programme ------------------------------------------------------------------------------------------------


def _partition(
    sums: np.ndarray, allowed: Positions, classes: List[int], cost: Cost, check: Callable[[], None]
) -> Tuple[Dict[int, List[int]], List[np.ndarray]]:
    """Best partitions whose class t ends at one of ``allowed[t]`` (a position i: behind i values), t = 1, 2, ...

    Returns for each number of classes the positions where its classes end, and for each t the least cost of what lies
    before each allowed position.
    """
    best = [np.zeros(1)]
    for t in range(1, classes[-1]):
        limits = np.searchsorted(allowed[t - 1], allowed[t], side="left")
        minima = _exact_minima if cost is _sum_of_squares else _quick_minima
        best.append(minima(best[-1], sums[:, allowed[t - 1]], sums[:, allowed[t]], limits, check))
    return {k: _trace_back(sums, allowed, best, k, cost) for k in classes}, best


def _trace_back(
    sums: np.ndarray, allowed: Positions, best: List[np.ndarray], classes: int, cost: Cost
) -> List[int]:
    """Follow the best partition from its end; of equal ones the one whose class starts first."""
    end = sums.shape[1] - 1
    ends = [end]
    for t in range(classes - 1, 0, -1):
        count = int(np.searchsorted(allowed[t], end, side="left"))
        total = best[t][:count] + cost(sums[:, allowed[t][:count]], sums[:, end : end + 1])
        least = total.min()
        end = int(allowed[t][np.argmax(total <= least + TIE_TOLERANCE * abs(least))])
        ends.append(end)
    return ends[::-1]


def _close_positions(
    plain: np.ndarray, allowed: Positions, classes: List[int], slack: float, check: Callable[[], None]
) -> Positions:
    """Positions where the classes of a partition may end whose cost is the least one, to the rounding of plain sums."""
    size = plain.shape[1] - 1
    ends, best = _partition(plain, allowed, classes, _quick_sum_of_squares, check)
    close: List[List[np.ndarray]] = [[] for _ in allowed]
    for k in classes:
        affordable = _total_cost(plain, ends[k]) * (1 + 1e-9) + slack
        following, behind = np.array([size]), np.zeros(1)
        for t in range(k - 1, 0, -1):
            position = allowed[t][::-1]
            limits = following.size - np.searchsorted(following, position, side="right")
            # negated sums read backwards: their differences are those of the same classes
            behind = _quick_minima(behind, -plain[:, following[::-1]], -plain[:, position], limits, check)
            keep = (best[t][::-1] + behind <= affordable)[::-1]
            following, behind = allowed[t][keep], behind[::-1][keep][::-1]
            close[t].append(following)
    return [allowed[0]] + [np.unique(np.concatenate(positions)) for positions in close[1:]]


# Bounds ---------------------------------------------------------------------------------------------------------------


def _promising_positions(
    x: np.ndarray, weights: np.ndarray, classes: List[int], progress: _Progress
) -> Positions:
    """Return for every t the positions where class t may end in an optimum of any of the ``classes``."""
    size, largest = x.size, classes[-1]
    plain = _plain_sums(x, weights)
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
        progress(progress.fraction + 0.2 * (0.6 - progress.fraction))
        for k in classes:
            ends[k] = _improve(x, plain, ends[k])
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


def _coarse_bounds(edges: np.ndarray, largest: int) -> Tuple[Dict[int, np.ndarray], Bounds, Bounds]:
    """Partitions with all breaks on the grid, and `_fine_bounds` where any class may end anywhere.

    The few sums of squares between edges of the grid are computed once, as a matrix.
    """
    cost = _quick_sum_of_squares(edges[:, :, None], edges[:, None, :])
    order = np.arange(edges.shape[1])
    cost[order[:, None] > order] = np.inf
    # a class between the far edge of one cell and the near edge of a later one
    between = cost[1:, :-1]
    before, behind = [between[0], cost[0, :-1]], [between[0], cost[1:, -1][::-1]]
    for t in range(2, largest):
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
    """Move the breaks of a partition half-way between the class means, a few times (Lloyd)."""
    for _ in range(6):
        sums = np.diff(plain[:2, ends], axis=1, prepend=0.0)
        means = sums[1] / sums[0]
        moved = np.append(np.searchsorted(x, 0.5 * (means[1:] + means[:-1]), side="right"), ends[-1:])
        if (moved == ends).all() or np.diff(moved, prepend=0).min() < 1:
            break
        ends = moved
    return ends


def _total_cost(plain: np.ndarray, ends: Sequence[int]) -> float:
    """Within-class sum of squares of a whole partition."""
    edges = np.concatenate(([0], ends))
    return float(_quick_sum_of_squares(plain[:, edges[:-1]], plain[:, edges[1:]]).sum())


def _fine_bounds(plain: np.ndarray, grid: np.ndarray, zones: Zones, progress: _Progress) -> Tuple[Bounds, Bounds]:
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
    origin: np.ndarray, near: np.ndarray, far: np.ndarray, held: List[np.ndarray], progress: _Progress
) -> List[np.ndarray]:
    """Least cost of the values from the origin to a cell's near edge, in at most t classes, if class t ends in the cell.

    Earlier classes end in cells of ``held``; the values of such a cell are not counted.
    """
    bounds = [np.full(near.shape[1], np.inf) for _ in held]
    for t in range(1, len(held)):
        rows = np.flatnonzero(held[t])
        if t == 1:
            bounds[1][rows] = _quick_sum_of_squares(origin, near[:, rows])
            continue
        columns = np.flatnonzero(held[t - 1])
        limits = np.searchsorted(columns, rows, side="left")
        least = _quick_minima(bounds[t - 1][columns], far[:, columns], near[:, rows], limits, progress)
        # class t - 1 may end in the same cell, beyond the near edge
        bounds[t][rows] = np.minimum(least, bounds[t - 1][rows])
    return bounds


def _positions_in(grid: np.ndarray, zone: np.ndarray, size: int) -> np.ndarray:
    """All positions inside the cells of a zone: behind the near edge, up to and with the far one."""
    cells = np.flatnonzero(zone)
    width = grid[cells + 1] - grid[cells]
    position = np.arange(1, width.sum() + 1) + np.repeat(grid[cells] - np.cumsum(width) + width, width)
    return position[position < size]


def _subdivide(grid: np.ndarray, zones: Zones) -> Tuple[np.ndarray, Zones]:
    """Cut every cell of a zone into pieces and join the cells between zones."""
    held = np.flatnonzero(np.any(list(zones.values()), axis=0))
    width = grid[held + 1] - grid[held]
    points = grid[held][:, None] + width[:, None] * np.arange(_PIECES + 1) // _PIECES
    finer = np.unique(np.concatenate(([0], points.ravel(), grid[-1:])))
    parent = np.searchsorted(grid, finer[:-1], side="right") - 1
    return finer, {key: zone[parent] for key, zone in zones.items()}
