"""The geographical detector computed row by row and cell by cell: witnesses that share nothing with the toolbox.

Sums are exact fractions where a number is compared to the last digits. Breaks are lists of floats, strata lists of
numbers, rasters lists of rows whose missing cells are None.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import accumulate

import numpy as np

METHODS = ("equal", "natural", "quantile", "geometric", "sd")
FOLDS = 10


# Breaks ---------------------------------------------------------------------------------------------------------------


def breaks_of(values, method: str, k: int):
    """The breaks of a cut into k classes, None where two of them coincide."""
    ordered = sorted(float(x) for x in values)
    makers = {
        "equal": _equal, "natural": _natural, "quantile": _quantile, "geometric": _geometric, "sd": _deviations,
    }
    if ordered[0] == ordered[-1]:
        return None
    found = makers[method](ordered, k)
    if found is None:
        return None
    found = [ordered[0], *found[1:-1], ordered[-1]]
    return found if all(a < b for a, b in zip(found, found[1:])) else None


def _equal(ordered, k):
    width = (ordered[-1] - ordered[0]) / k
    return [ordered[0] + j * width for j in range(k + 1)]


def _quantile(ordered, k):
    """Quantiles of type 7; more probabilities where some coincide."""
    for points in range(k + 1, len(ordered) + 1):
        found = sorted({quantile(ordered, Fraction(j, points - 1)) for j in range(points)})
        if len(found) > k:
            return found
    return None


def quantile(values, share: Fraction) -> float:
    """The quantile of type 7."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    if place == low:
        return ordered[low]
    step = Fraction(ordered[low + 1]) - Fraction(ordered[low])
    return float(Fraction(ordered[low]) + step * (place - low))


def _natural(ordered, k):
    """The partition of the least sum of squares, by all ends in turn; of equal ones that whose last class is long."""
    there = sorted(Counter(ordered).items())
    if len(there) < k:
        return None
    middle = math.fsum(ordered) / len(ordered)
    n = [0.0, *accumulate(float(weight) for _x, weight in there)]
    s = [0.0, *accumulate((x - middle) * weight for x, weight in there)]
    squares = [0.0, *accumulate((x - middle) ** 2 * weight for x, weight in there)]

    def cost(i, j):  # of the values i .. j - 1
        return squares[j] - squares[i] - (s[j] - s[i]) ** 2 / (n[j] - n[i])

    size = len(there)
    best = [[0.0] + [math.inf] * size]
    for _t in range(k):
        before = best[-1]
        best.append([math.inf] + [min(before[i] + cost(i, j) for i in range(j)) for j in range(1, size + 1)])
    ends = [size]
    for t in range(k - 1, 0, -1):
        options = [(best[t][i] + cost(i, ends[-1]), i) for i in range(t, ends[-1])]
        least = min(options)[0]
        ends.append(next(i for total, i in options if total <= least + 1e-11 * squares[-1]))
    return [there[0][0], *(there[end - 1][0] for end in reversed(ends))]


def _geometric(ordered, k):
    low, high = ordered[0], ordered[-1]
    if low >= 0:
        ratio = (1 + high) / (1 + low)
        return [(1 + low) * ratio ** (j / k) - 1 for j in range(k + 1)]
    if high <= 0:
        return [-x for x in reversed(_geometric([-high, -low], k))]
    shorter, longer = min(-low, high), max(-low, high)
    many = math.floor((k + 1) / (1 + shorter / longer))
    below, above = (many, k + 1 - many) if -low >= high else (k + 1 - many, many)
    left = [-((1 - low) ** (j / below) - 1) for j in range(below, 0, -1)]
    return left + [(1 + high) ** (j / above) - 1 for j in range(1, above + 1)]


def _deviations(ordered, k):
    mean = math.fsum(ordered) / len(ordered)
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in ordered) / (len(ordered) - 1))
    for m in range(k + 1, 200):
        step = deviation / (2 if m <= 7 else 4)
        offsets = {sign * s * step for s in range(m - 3, -1, -2) for sign in (-1, 1)}
        inner = sorted(mean + offset for offset in offsets if ordered[0] < mean + offset < ordered[-1])
        if len(inner) >= k - 1:
            return [ordered[0], *inner, ordered[-1]]
    return None


def class_of(x: float, breaks) -> int:
    """The smallest j with x <= b_j, from 1; what lies beyond the ends belongs to the outer classes."""
    return next((j for j, b in enumerate(breaks[1:-1], start=1) if x <= b), len(breaks) - 1)


# q --------------------------------------------------------------------------------------------------------------------


def squares(values) -> Fraction:
    """Sum of squares about the mean."""
    exact = [Fraction(float(x)) for x in values]
    return sum(x * x for x in exact) - sum(exact) ** 2 / Fraction(len(exact))


def groups_of(target, strata) -> dict:
    """The values of each stratum."""
    groups: dict = {}
    for y, code in zip(target, strata):
        groups.setdefault(code, []).append(float(y))
    return groups


def q_of(target, strata) -> Fraction:
    """1 - what lies within the strata, as a share of all."""
    return 1 - sum(squares(group) for group in groups_of(target, strata).values()) / squares(target)


def adjusted(q, n: int, strata: int) -> float:
    """q without its rise with strata and with fewer rows."""
    return float(1 - (1 - Fraction(q)) * (n - 1) / (n - strata))


def f_of(q, n: int, strata: int) -> float:
    """The F of a one-way analysis of variance."""
    return float(Fraction(n - strata, strata - 1) * Fraction(q) / (1 - Fraction(q)))


def noncentral_f_below(f: float, df_1: int, df_2: int, noncentrality: float) -> float:
    """P(F' <= f) as a Poisson mixture of beta distributions, from the last term backwards."""
    x, half = df_1 * f / (df_1 * f + df_2), noncentrality / 2
    if not half:
        return _beta_below(x, df_1 / 2, df_2 / 2)
    reach = 9 * math.sqrt(half) + 40
    first, last = max(0, math.floor(half - reach)), math.ceil(half + reach)
    below, terms = _beta_below(x, df_1 / 2 + last, df_2 / 2), []
    for j in range(last, first - 1, -1):
        if j < last:
            below += _beta_step(x, df_1 / 2 + j, df_2 / 2)
        terms.append(math.exp(j * math.log(half) - half - math.lgamma(j + 1)) * below)
    return math.fsum(terms)


def _beta_below(x: float, a: float, b: float) -> float:
    """The incomplete beta function, regularised, by its series."""
    term = total = _beta_step(x, a, b)
    while term > 1e-17 * total:
        a += 1
        term *= (a + b - 1) / a * x
        total += term
    return total


def _beta_step(x: float, a: float, b: float) -> float:
    """By how much the incomplete beta function falls from a to a + 1."""
    return math.exp(
        math.lgamma(a + b) - math.lgamma(a + 1) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )


def below_at(limit: float, q: float, n: int, strata: int) -> float:
    """How probable an F no larger than that of q is where the limit is the true q."""
    return noncentral_f_below(f_of(q, n, strata), strata - 1, n - strata, n * limit / (1 - limit))


# The search ----------------------------------------------------------------------------------------------------------


def candidates(values, methods, counts) -> dict:
    """(method, k) -> breaks of all cuts without a class of fewer than two rows."""
    kept = {}
    for method in (each for each in METHODS if each in methods):
        for k in counts:
            breaks = breaks_of(values, method, k)
            if breaks and _two_in_each(values, breaks):
                kept[method, k] = breaks
    return kept


def _two_in_each(values, breaks) -> bool:
    counts = Counter(class_of(x, breaks) for x in values)
    return all(counts[j] >= 2 for j in range(1, len(breaks)))


def exceeding(target, stratifications: list, permutations: int, seed: int) -> int:
    """In how many orders of the target the largest q of the stratifications reaches that of the rows as they are."""
    y = [float(x) for x in target]
    mean = math.fsum(y) / len(y)
    y = [x - mean for x in y]
    total = math.fsum(x * x for x in y)
    strata = [(list(codes), Counter(codes)) for codes in stratifications]

    def largest(order) -> float:
        best = 0.0
        for codes, counts in strata:
            sums = dict.fromkeys(counts, 0.0)
            for code, x in zip(codes, order):
                sums[code] += x
            best = max(best, math.fsum(sums[code] ** 2 / counts[code] for code in sums) / total)
        return best

    found, random = largest(y), np.random.RandomState(seed)
    orders = (random.permutation(len(y)).tolist() for _ in range(permutations))
    return sum(largest([y[i] for i in order]) >= found - 1e-12 for order in orders)


# The choice -----------------------------------------------------------------------------------------------------------


def folds_of(n: int, seed: int) -> list:
    """The fold of each row."""
    return (np.random.RandomState(seed).permutation(n) % FOLDS).tolist()


def cross_validated(values, target, folds, cut):
    """(mean squared error, its standard error, q_cv) of predictions by means of classes; None where a fold has no cut.

    ``cut`` makes the breaks from the values of training rows.
    """
    errors, missed, spread = [], Fraction(0), Fraction(0)
    for fold in range(FOLDS):
        train = [i for i, own in enumerate(folds) if own != fold]
        test = [i for i, own in enumerate(folds) if own == fold]
        known = [values[i] for i in train]
        breaks = cut(known)
        if not breaks or not _two_in_each(known, breaks):
            return None
        groups = groups_of([target[i] for i in train], [class_of(x, breaks) for x in known])
        means = {code: sum(map(Fraction, group)) / len(group) for code, group in groups.items()}
        mean = sum(Fraction(float(target[i])) for i in train) / len(train)
        off = sum((Fraction(float(target[i])) - means[class_of(values[i], breaks)]) ** 2 for i in test)
        errors.append(off / len(test))
        missed += off
        spread += sum((Fraction(float(target[i])) - mean) ** 2 for i in test)
    middle = sum(errors) / FOLDS
    deviation = math.sqrt(sum((error - middle) ** 2 for error in errors) / (FOLDS - 1))
    return float(middle), deviation / math.sqrt(FOLDS), float(1 - missed / spread)


def one_standard_error(scores: dict):
    """The key of the cut with the fewest classes within one standard error of the least error.

    ``scores`` holds (classes, error, standard error) by (method, k), in the order of the methods.
    """
    _classes, least, error = min(scores.values(), key=lambda score: score[1])
    near = [key for key, score in scores.items() if score[1] <= least + error]
    return min(near, key=lambda key: (scores[key][0], scores[key][1], METHODS.index(key[0]), key[1]))


# Scales ---------------------------------------------------------------------------------------------------------------


def blocks_of(rasters: dict, categories, block: int) -> list:
    """Rows of block values, a dict a block of at least half its cells, from the top left.

    A cell counts where all rasters have a value. Continuous rasters give exact means as floats, ``categories`` the
    smallest of their most frequent codes.
    """
    height, width = len(next(iter(rasters.values()))), len(next(iter(rasters.values()))[0])
    rows = []
    for top in range(0, height, block):
        for left in range(0, width, block):
            cells = [
                (r, c) for r in range(top, min(top + block, height)) for c in range(left, min(left + block, width))
                if all(raster[r][c] is not None for raster in rasters.values())
            ]
            if 2 * len(cells) >= block * block:
                taken = {name: [raster[r][c] for r, c in cells] for name, raster in rasters.items()}
                rows.append({
                    name: _mode(own) if name in categories else float(sum(map(Fraction, own)) / len(own))
                    for name, own in taken.items()
                })
    return rows


def _mode(codes):
    counts = Counter(codes)
    return min(code for code, count in counts.items() if count == max(counts.values()))
