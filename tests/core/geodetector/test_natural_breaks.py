"""Natural breaks against an independent dynamic programme in extended precision."""

from __future__ import annotations

import csv
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from nep_toolbox.core.geodetector import natural_breaks as module
from nep_toolbox.core.geodetector.natural_breaks import natural_breaks
from nep_toolbox.core.geodetector.sums_of_squares import plain_sums
from nep_toolbox.errors import Cancelled

EXTENDED = np.finfo(np.longdouble).eps < 1e-18
extended_precision = pytest.mark.skipif(not EXTENDED, reason="long double is no longer than double on this machine")


def plain_programme(values: np.ndarray, largest: int) -> tuple[list, dict]:
    """Fisher's recursion over all starts of the last class, in long double; least costs and breaks for k = 1, 2, ..."""
    distinct, weight = np.unique(values, return_counts=True)
    x = (distinct - distinct[distinct.size // 2]).astype(np.longdouble)
    w, s, q = (
        np.concatenate(([np.longdouble(0)], np.cumsum(weight * x**power, dtype=np.longdouble))) for power in (0, 1, 2)
    )
    size = distinct.size
    cost = np.full((largest + 1, size + 1), np.inf, dtype=np.longdouble)
    start = np.zeros((largest + 1, size + 1), dtype=int)
    cost[0, 0] = 0
    for k in range(1, largest + 1):
        for end in range(k, size + 1):
            i = np.arange(k - 1, end)
            total = cost[k - 1, i] + (q[end] - q[i]) - (s[end] - s[i]) ** 2 / (w[end] - w[i])
            least = total.min()
            # of equal partitions the one whose last class starts first
            start[k, end] = i[np.argmax(total <= least * (1 + np.longdouble(1e-13)))]
            cost[k, end] = least
    breaks = {}
    for k in range(1, largest + 1):
        if k > size:
            continue
        ends = [size]
        for t in range(k, 1, -1):
            ends.append(start[t, ends[-1]])
        breaks[k] = np.concatenate((distinct[:1], distinct[np.array(ends[::-1]) - 1]))
    return cost[:, size], breaks


def real_values(shared) -> np.ndarray:
    with open(shared / "reference" / "data" / "gd_ndvi_40.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = ("Tempchange", "Precipitation", "GDP", "Popdensity")
    return np.array([float(row[column]) for column in columns for row in rows])


@extended_precision
@pytest.mark.parametrize("kind", ["as they are", "many ties", "large mean", "skewed"])
def test_equals_the_plain_programme_on_real_values(shared, kind):
    values = real_values(shared)
    if kind == "many ties":
        values = np.round(values)
    elif kind == "large mean":
        values = 1e6 + values / values.max()
    elif kind == "skewed":
        values = values[values > 0] ** 2.0
    assert values.size > 2000
    _, expected = plain_programme(values, 8)
    found = natural_breaks(np.sort(values), range(3, 9))
    for k in range(3, 9):
        np.testing.assert_array_equal(found[k], expected[k], err_msg=f"k = {k}")


@extended_precision
@pytest.mark.parametrize("cells, wide, pieces", [(16, 1, 2), (64, 1, 8), (64, 50, 3), (4096, 50, 8)])
def test_the_grid_of_the_bounds_does_not_matter(monkeypatch, cells, wide, pieces):
    monkeypatch.setattr(module, "_COARSE_CELLS", cells)
    monkeypatch.setattr(module, "_WIDE", wide)
    monkeypatch.setattr(module, "_PIECES", pieces)
    random = np.random.default_rng(11)
    samples = [
        random.normal(size=700),
        random.lognormal(0, 2, size=700),
        np.where(random.random(700) < 0.6, 0.0, random.gamma(0.3, size=700)),
        np.concatenate([i + 0.01 * random.normal(size=140) for i in range(5)]),
        np.round(random.normal(size=700), 2),
        1e8 + 0.01 * random.integers(0, 600, size=700),
        random.standard_cauchy(size=700),
        -random.pareto(1.0, size=700),
    ]
    for values in samples:
        least, expected = plain_programme(values, 8)
        found = natural_breaks(np.sort(values), range(1, 9))
        for k in range(1, 9):
            np.testing.assert_array_equal(found[k], expected[k], err_msg=f"k = {k}, least cost {least[k]}")


def test_a_trial_partition_moves_its_breaks_half_way_between_the_class_means():
    x = np.array([0.0, 1, 2, 10, 11, 12, 30, 31]) - 97 / 8
    plain = plain_sums(x, np.ones(8))
    # means 0.5, 8.75 and 30.5; then 1, 11 and 30.5, where the breaks stay
    assert module._improve(x, plain, np.array([2, 6, 8])).tolist() == [3, 6, 8]
    assert module._improve(x, plain, np.array([3, 6, 8])).tolist() == [3, 6, 8]
    assert module._improve(x, plain, np.array([8])).tolist() == [8]


def test_a_trial_partition_keeps_its_breaks_where_a_class_would_become_empty():
    x = np.array([3.9, 4, 10, 10.1]) - 7
    # means 3.9, 7 and 10.1: nothing is nearest to the second
    assert module._improve(x, plain_sums(x, np.ones(4)), np.array([1, 3, 4])).tolist() == [1, 3, 4]


@pytest.mark.parametrize("largest", [2, 3, 5])
def test_bounds_on_the_grid_are_never_above_the_best_partition(largest):
    x = np.sort(np.random.default_rng(1).gamma(1.0, size=60))
    x -= x.mean()
    grid = np.arange(0, 61, 5)
    plain = plain_sums(x, np.ones(60))
    at_hand, before, behind = module._coarse_bounds(plain[:, grid], largest)
    assert len(before) == len(behind) == largest
    cost, _ = plain_programme(x, largest)
    for k in range(2, largest + 1):
        edges = np.concatenate(([0], grid[at_hand[k]]))
        assert (np.diff(edges) > 0).all() and edges[-1] == 60
        held = sum(((x[a:b] - x[a:b].mean()) ** 2).sum() for a, b in zip(edges[:-1], edges[1:]))
        assert held >= cost[k] * (1 - 1e-12)
        others = ((*grid[list(cut)], 60) for cut in combinations(range(1, 12), k - 1))
        assert held <= min(module._total_cost(plain, ends) for ends in others) * (1 + 1e-9)
    for t in range(1, largest):
        for cell in range(12):
            # in at most t classes, of which the t-th may hold nothing before the cell
            near, far = x[: grid[cell]], x[grid[cell + 1] :]
            for bound, part in ((before[t][cell], near), (behind[t][11 - cell], far)):
                best = plain_programme(part, t)[0][min(t, part.size)] if part.size else 0.0
                assert bound <= best * (1 + 1e-9) + 1e-12
                assert t > 1 or bound == pytest.approx(float(best), abs=1e-12)


def test_bounds_of_zones_that_hold_every_cell_are_those_of_the_grid():
    x = np.sort(np.random.default_rng(2).gamma(1.0, size=60))
    plain, grid = plain_sums(x, np.ones(60)), np.arange(0, 61, 5)
    _, before, behind = module._coarse_bounds(plain[:, grid], 4)
    zones = {(4, t): np.ones(12, dtype=bool) for t in range(1, 4)}
    fine = module._fine_bounds(plain, grid, zones, module._Progress(None))
    for coarse, bounds in zip((before, behind), fine):
        np.testing.assert_allclose(bounds[1:], coarse[1:], atol=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.03, 0.1, 0.5])
def test_close_positions_are_the_ends_of_all_partitions_that_cost_little_more(share):
    random = np.random.default_rng(8)
    x, weights = np.sort(random.normal(size=10)), random.integers(1, 4, 10).astype(float)
    plain = plain_sums(x, weights)
    slack = share * plain[2, -1]
    expected = [set(), set(), set(), set()]
    for k in (2, 4):
        costs = {(*cut, 10): module._total_cost(plain, (*cut, 10)) for cut in combinations(range(1, 10), k - 1)}
        least = min(costs.values())
        for ends, cost in costs.items():
            if cost <= least * (1 + 1e-9) + slack:
                for t in range(1, k):
                    expected[t].add(ends[t - 1])
    allowed = [np.zeros(1, dtype=int), *[np.arange(1, 10)] * 3]
    found = module._close_positions(plain, allowed, [2, 4], slack, module._Progress(None))
    assert [part.tolist() for part in found[1:]] == [sorted(part) for part in expected[1:]]


@pytest.mark.parametrize("offset", [0.0, 2.0, -50.0])
@pytest.mark.parametrize("kind, most", [("normal", 1.8), ("groups", 0.5), ("skewed", 1.8)])
def test_bounds_leave_few_positions_to_the_programme_whatever_the_mean(monkeypatch, kind, most, offset):
    random = np.random.default_rng(3)
    values = {
        "normal": random.normal(size=20_000),
        "groups": np.concatenate([place + 0.05 * random.normal(size=4000) for place in range(5)]),
        "skewed": random.lognormal(size=20_000),
    }[kind]
    close, left = module._close_positions, []

    def counted(plain, allowed, *rest):
        left.extend(positions.size for positions in allowed[1:])
        return close(plain, allowed, *rest)

    monkeypatch.setattr(module, "_close_positions", counted)
    natural_breaks(np.sort(values) + offset, range(3, 9))
    assert len(left) == 7
    assert sum(left) < most * 20_000  # of seven times as many


@pytest.mark.parametrize("largest, cells", [(2, 256), (40, 320)])
def test_bounds_are_for_samples_of_more_values_than_cells(monkeypatch, largest, cells):
    asked, grid = [], module._coarse_grid
    monkeypatch.setattr(module, "_coarse_grid", lambda *arguments: asked.append(arguments[2]) or grid(*arguments))
    for size in (cells, cells + 1):
        found = natural_breaks(np.arange(size) ** 1.5, [largest])[largest]
        assert found.size == largest + 1 and (np.diff(found) > 0).all()
    assert asked == [cells]


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("outliers", [2, 5])
def test_a_few_extreme_values_are_a_class_of_their_own(side, outliers):
    # they lie within the first, or the last, cell of the grid
    random = np.random.default_rng(0)
    far = side * np.sort(1000 + random.normal(size=outliers))
    values = np.sort(np.concatenate((random.normal(size=3000), far)))
    last = values[outliers - 1] if side < 0 else values[2999]  # of the lower class
    found = natural_breaks(values, [2, 3])
    assert found[2].tolist() == [values[0], last, values[-1]]
    # of three classes, two share what is not extreme, about where its mean is
    assert last in found[3]
    assert abs(found[3][2 if side < 0 else 1]) < 0.1


def test_equals_trying_every_partition_in_exact_arithmetic():
    random = np.random.default_rng(4)
    for size in (4, 7, 10):
        values = np.sort(np.round(random.gamma(1.0, 3.0, size=size), 2))
        distinct = np.unique(values)
        numbers = [Fraction(v) for v in values.tolist()]

        def cost(ends, numbers=numbers):
            total, begin = Fraction(0), 0
            for end in ends:
                part = numbers[begin:end]
                mean = sum(part) / len(part)
                total += sum((v - mean) ** 2 for v in part)
                begin = end
            return total

        for k in range(2, min(5, distinct.size)):
            inner = np.searchsorted(values, distinct[:-1], side="right").tolist()
            best = min(combinations(inner, k - 1), key=lambda cut: cost((*cut, size)))
            expected = [values[0], *(values[i - 1] for i in best), values[-1]]
            assert natural_breaks(values, [k])[k].tolist() == expected


def test_tight_groups_far_apart_in_exact_arithmetic():
    # the spread inside the groups is 1e-9 of their distance: squares of it are lost in double sums, and in long double
    random = np.random.default_rng(9)
    values = np.sort(np.concatenate([1e3 * i + 1e-6 * random.normal(size=12) for i in range(4)]))
    numbers = [Fraction(v) for v in values.tolist()]
    size = len(numbers)
    sums, squares = [Fraction(0)], [Fraction(0)]
    for v in numbers:
        sums.append(sums[-1] + v)
        squares.append(squares[-1] + v * v)
    best = {(0, 0): (Fraction(0), ())}
    for k in range(1, 9):
        for end in range(k, size + 1):
            best[k, end] = min(
                (
                    best[k - 1, i][0] + squares[end] - squares[i] - (sums[end] - sums[i]) ** 2 / (end - i),
                    (*best[k - 1, i][1], end),
                )
                for i in range(k - 1, end)
                if (k - 1, i) in best
            )
    found = natural_breaks(values, range(3, 9))
    for k in range(3, 9):
        expected = [values[0], *(values[end - 1] for end in best[k, size][1])]
        assert found[k].tolist() == expected


def test_clear_groups():
    values = np.array([1, 2, 3, 10, 11, 12, 30, 31, 32], dtype=float)
    assert natural_breaks(values, [3])[3].tolist() == [1, 3, 12, 32]


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e8])
def test_a_large_mean_does_not_cancel(offset):
    # gaps that are exact in binary, so that the shifted values are the same but for the shift
    values = np.array([0, 1, 2, 9, 10, 40, 41, 42, 43], dtype=float) / 64 + offset
    assert (natural_breaks(values, [3])[3] - offset).tolist() == [0, 2 / 64, 10 / 64, 43 / 64]


def test_of_equal_partitions_the_one_whose_last_class_starts_first():
    assert natural_breaks(np.array([0.0, 1, 2]), [2])[2].tolist() == [0, 0, 2]
    assert natural_breaks(np.arange(8.0), [3])[3].tolist() == [0, 1, 4, 7]


def test_more_classes_than_distinct_values_are_none():
    found = natural_breaks(np.array([1.0, 1, 2, 2, 5]), [1, 2, 3, 4])
    assert found[4] is None
    assert found[3].tolist() == [1, 1, 2, 5]
    assert found[1].tolist() == [1, 5]
    assert natural_breaks(np.array([]), [3]) == {3: None}


def test_weights_stand_for_repeated_values():
    random = np.random.default_rng(2)
    values = np.sort(random.integers(0, 400, size=3000).astype(float))
    jittered = np.sort(values + 1e-9 * random.random(3000))
    together, apart = natural_breaks(values, range(3, 8)), natural_breaks(jittered, range(3, 8))
    for k in together:
        np.testing.assert_allclose(together[k], apart[k], atol=1e-8)


@pytest.mark.parametrize("scale", [2.0**-900, 2.0**900])
def test_extreme_scales_neither_overflow_nor_vanish(scale):
    values = np.sort(np.random.default_rng(3).normal(size=500))
    expected = natural_breaks(values, [5])[5]
    assert (natural_breaks(values * scale, [5])[5] == expected * scale).all()


def test_progress_never_falls_and_a_cancel_inside_comes_through():
    values = np.sort(np.random.default_rng(0).normal(size=30000))
    seen = []
    natural_breaks(values, range(3, 9), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(set(seen)) > 3

    calls = []

    def stop(fraction):
        calls.append(fraction)
        if len(calls) == len(seen) // 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        natural_breaks(values, range(3, 9), stop)
    assert len(calls) == len(seen) // 2


def test_the_progress_moves_with_every_layer_of_classes():
    """The layers take most of the time: first those of plain sums, then those of exact ones."""
    values, seen = np.sort(np.random.default_rng(0).normal(size=30000)), []
    natural_breaks(values, range(3, 9), seen.append)
    moved = sorted(set(seen))
    assert sum(module._BOUNDED < share < module._NARROWED for share in moved) >= 7
    assert sum(module._NARROWED < share < 1 for share in moved) >= 7
    assert max(b - a for a, b in zip(moved, moved[1:])) < 0.2
