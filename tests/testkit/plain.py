"""The methods computed plainly, one pixel at a time and in exact fractions where there is no root: witnesses that share
nothing with the toolbox."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import combinations


def valid(series) -> list:
    """Index and value of what is finite."""
    return [(i, float(x)) for i, x in enumerate(series) if math.isfinite(x)]


def sign(number) -> int:
    """-1, 0 or 1."""
    return (number > 0) - (number < 0)


def median(values: list):
    """The middle of numbers, or the mean of both middle ones."""
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def mann_kendall(series, years, least: int):
    """S, its variance (a fraction), Z, p, tau and the Theil-Sen slope (a fraction); None for too few values."""
    there = valid(series)
    n = len(there)
    if n < max(least, 2):
        return None
    pairs = [
        (sign(b - a), (Fraction(b) - Fraction(a)) / (Fraction(float(years[j])) - Fraction(float(years[i]))))
        for (i, a), (j, b) in combinations(there, 2)
    ]
    s = sum(direction for direction, _slope in pairs)
    ties = Counter(x for _i, x in there).values()
    variance = Fraction(n * (n - 1) * (2 * n + 5) - sum(g * (g - 1) * (2 * g + 5) for g in ties), 18)
    z = (s - sign(s)) / math.sqrt(variance) if s else 0.0
    return {
        "s": s, "var_s": variance, "z": z, "p_value": math.erfc(abs(z) / math.sqrt(2)),
        "tau": s / len(pairs), "slope": median([slope for _direction, slope in pairs]),
    }


def changes(series) -> dict:
    """Rises, falls and stands between neighbours that both have a value."""
    steps = [sign(b - a) for a, b in zip(series, series[1:]) if math.isfinite(a) and math.isfinite(b)]
    return {"increases": steps.count(1), "decreases": steps.count(-1), "unchanged": steps.count(0)}


def rescaled_range(piece: list, corrected: bool):
    """R/S of one piece, None where it is constant."""
    if max(piece) == min(piece):
        return None
    exact = [Fraction(x) for x in piece]
    mean = sum(exact) / len(exact)
    total, path = Fraction(0), []
    for x in exact:
        total += x - mean
        path.append(total)
    squares = sum((x - mean) ** 2 for x in exact) / (len(exact) - 1 if corrected else len(exact))
    return math.sqrt((max(path) - min(path)) ** 2 / squares)


def expected_rescaled_range(length: int) -> float:
    """Anis and Lloyd's expectation in the form of Peters."""
    ratio = math.gamma((length - 1) / 2) / (math.sqrt(math.pi) * math.gamma(length / 2))
    return (length - 0.5) / length * ratio * sum(math.sqrt((length - i) / i) for i in range(1, length))


def hurst(series, shortest: int, corrected: bool, least: int):
    """The exponent from windows that follow each other; None where there is none."""
    there = [x for _i, x in valid(series)]
    n = len(there)
    if n < max(least, 1):
        return None
    points = []
    for length in range(shortest, n // 2 + 1):
        found = [rescaled_range(there[k : k + length], corrected) for k in range(0, n - length + 1, length)]
        found = [x for x in found if x is not None]
        if found:
            base = expected_rescaled_range(length) if corrected else 1.0
            points.append((math.log(length), math.log(math.fsum(found) / len(found)) - math.log(base)))
    if len(points) < 3:
        return None
    mean_x = math.fsum(x for x, _y in points) / len(points)
    mean_y = math.fsum(y for _x, y in points) / len(points)
    slope = math.fsum((x - mean_x) * (y - mean_y) for x, y in points) / math.fsum((x - mean_x) ** 2 for x, _y in points)
    return slope + (0.5 if corrected else 0.0)


def pearson(xs, ys, least: int):
    """r of the pairs that both have a value; None for too few or a constant."""
    pairs = [(Fraction(float(x)), Fraction(float(y))) for x, y in zip(xs, ys) if math.isfinite(x) and math.isfinite(y)]
    if len(pairs) < least:
        return None
    mean_x, mean_y = (sum(side) / len(pairs) for side in zip(*pairs))
    xx = sum((x - mean_x) ** 2 for x, _y in pairs)
    yy = sum((y - mean_y) ** 2 for _x, y in pairs)
    xy = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    return sign(xy) * root(xy * xy / (xx * yy)) if xx and yy else None


def root(square: Fraction) -> float:
    """The square root of a fraction, however large or small its parts are."""
    return math.sqrt(float(square))


def zonal(values, areas) -> dict:
    """Area, mean, standard deviation, extremes and total of the finite values, and the share of those above 0."""
    there = [(Fraction(float(x)), Fraction(float(a))) for x, a in zip(values, areas) if math.isfinite(x)]
    area = sum(a for _x, a in there)
    total = sum(x * a for x, a in there)
    if not there:
        return {"pixels": 0, "area": 0.0, "total": 0.0}
    mean = total / area
    spread = sum((x - mean) ** 2 * a for x, a in there) / area
    numbers = [x for x, _a in there]
    return {
        "pixels": len(there), "area": float(area), "mean": float(mean), "std": root(spread),
        "min": float(min(numbers)), "max": float(max(numbers)), "total": float(total),
        "positive_percent": float(100 * sum(a for x, a in there if x > 0) / area),
    }


def transitions(before, after, areas) -> dict:
    """Pixels and area of each pair of classes."""
    found: dict = {}
    for a, b, area in zip(before, after, areas):
        if math.isfinite(a) and math.isfinite(b):
            pixels, total = found.get((int(a), int(b)), (0, Fraction(0)))
            found[int(a), int(b)] = pixels + 1, total + Fraction(float(area))
    return found


def q_statistic(target, strata) -> Fraction:
    """Share of the variance that strata explain."""
    exact = [Fraction(float(y)) for y in target]

    def squares(group):
        mean = sum(group) / len(group)
        return sum((y - mean) ** 2 for y in group)

    groups: dict = {}
    for y, code in zip(exact, strata):
        groups.setdefault(code, []).append(y)
    return 1 - sum(squares(group) for group in groups.values()) / squares(exact)
