"""How often the limits of q, of a confidence of 95 %, hold the q of the population.

Worlds whose q is known, many times over: strata of fixed sizes whose means take a share of the variance, and errors.
The interval supposes independent normal errors of one variance; beside it stands what harms it.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Callable, NamedTuple

import numpy as np

from evidence_sizes import alike
from nep_toolbox.core.geodetector.discretize import classify
from nep_toolbox.core.geodetector.optimal_cut import candidate_cuts
from nep_toolbox.core.geodetector.q_interval import q_limits

WORLDS = 20_000
TRUE_Q = (0.0, 0.05, 0.3, 0.6)
#: Methods and numbers of classes of a search.
METHODS, COUNTS = ("equal", "natural", "quantile"), range(3, 9)
_SEED, _AT_ONCE = 20_261_201, 1000


class Design(NamedTuple):
    """How many rows there are, in how many strata: their sizes are as 1 to 2 to 3, and so on."""

    rows: int
    strata: int

    def sizes(self) -> np.ndarray:
        """The rows of each stratum."""
        ends = np.arange(1, self.strata + 1)
        return np.diff(
            np.round(self.rows * ends * (ends + 1) / (self.strata * (self.strata + 1))), prepend=0
        ).astype(int)

    def means(self, true: float) -> np.ndarray:
        """Means of the strata beside errors of variance 1, rising, that take a share of the variance."""
        sizes, means = self.sizes(), np.arange(self.strata, dtype=float)
        means -= np.average(means, weights=sizes)
        return means * np.sqrt(true / (1.0 - true) / np.average(means**2, weights=sizes))


DESIGNS = (Design(60, 3), Design(300, 5), Design(1000, 8))


# Errors of variance 1: (worlds, rows) ---------------------------------------------------------------------------------


def normal(random: np.random.RandomState, shape: tuple) -> np.ndarray:
    """Normal errors."""
    return random.standard_normal(shape)


def gamma(random: np.random.RandomState, shape: tuple, form: float) -> np.ndarray:
    """Errors with a long upper tail, of a skewness of 2 / sqrt(form)."""
    return (random.standard_gamma(form, shape) - form) / np.sqrt(form)


def correlated(random: np.random.RandomState, shape: tuple, share: float) -> np.ndarray:
    """Errors each of which holds a share of the one before it; strata are rows that follow each other."""
    return np.ascontiguousarray(alike(np.ascontiguousarray(normal(random, shape).T), share).T)


class Case(NamedTuple):
    """Errors in words, and what makes them of a random generator and a shape."""

    words: str
    make: Callable


CASES = (
    Case("normal", normal),
    Case("skewness 1", partial(gamma, form=4.0)),
    Case("skewness 2", partial(gamma, form=1.0)),
    Case("normal, rows follow AR(1) 0.5", partial(correlated, share=0.5)),
)
SEARCHED = "normal, q of the best of {} to {} cuts"


# What the interval holds ----------------------------------------------------------------------------------------------


@cache
def holding(true: float, rows: int, strata: int) -> tuple:
    """The least and the largest q whose interval holds a true q."""
    def too_small(q: float) -> bool:
        return q_limits(q, rows, strata)[1] < true

    def not_too_large(q: float) -> bool:
        return q_limits(q, rows, strata)[0] <= true

    return 0.0 if true == 0.0 else _last(too_small), _last(not_too_large)


def _last(holds: Callable[[float], bool]) -> float:
    """The last number between 0 and 1 of which something holds that holds of 0."""
    low, high = 0.0, 1.0
    while high - low > 1e-10:
        middle = (low + high) / 2.0
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def q_of(target: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """q of each world (worlds, rows), whose strata of these sizes follow each other."""
    centred = target - target.mean(axis=1, keepdims=True)
    sums = np.add.reduceat(centred, np.append(0, np.cumsum(sizes)[:-1]), axis=1)
    return (sums**2 / sizes).sum(axis=1) / (centred**2).sum(axis=1)


def held(case: Case, true: float, design: Design, worlds: int = WORLDS) -> float:
    """The share of some worlds whose true q lies within the limits, in percent."""
    random, sizes = np.random.RandomState([_SEED, design.rows]), design.sizes()
    level = np.repeat(design.means(true), sizes)
    least, largest = holding(true, *design)
    inside = 0
    for start in range(0, worlds, _AT_ONCE):
        errors = case.make(random, (min(_AT_ONCE, worlds - start), design.rows))
        q = q_of(level + errors, sizes)
        inside += int(((q >= least) & (q <= largest)).sum())
    return 100.0 * inside / worlds


# After a search -------------------------------------------------------------------------------------------------------


def cuts(rows: int) -> list:
    """The strata of all candidate cuts of a factor with a long tail: codes (rows,)."""
    factor = np.random.RandomState(_SEED).gamma(2.0, 100.0, rows)
    found = candidate_cuts(np.arange(rows) - (rows - 1) / 2.0, factor, METHODS, COUNTS)
    return [classify(factor, cut.breaks) for cut in found if cut.candidate]


def held_after_search(rows: int, worlds: int = WORLDS) -> float:
    """The same of the cut with the largest q, where the factor has nothing to do with the target."""
    random, codes = np.random.RandomState([_SEED, rows]), cuts(rows)
    strata = np.array([each.max() + 1 for each in codes])
    largest = np.array([holding(0.0, rows, int(number))[1] for number in strata])
    orders = [np.argsort(each, kind="stable") for each in codes]
    sizes = [np.bincount(each) for each in codes]
    inside = 0
    for start in range(0, worlds, _AT_ONCE):
        target = normal(random, (min(_AT_ONCE, worlds - start), rows))
        q = np.stack([q_of(target[:, order], size) for order, size in zip(orders, sizes)])
        best = q.argmax(axis=0)
        inside += int((q.max(axis=0) <= largest[best]).sum())
    return 100.0 * inside / worlds


def coverages() -> tuple:
    """The table: head and rows."""
    head = ("errors", "true q", *(f"{design.rows:,} rows, {design.strata} strata" for design in DESIGNS))
    rows = [
        (case.words, f"{true:g}", *(f"{held(case, true, design):.1f} %" for design in DESIGNS))
        for case in CASES for true in TRUE_Q
    ]
    numbers = [len(cuts(design.rows)) for design in DESIGNS]
    searched = SEARCHED.format(min(numbers), max(numbers))
    return head, [*rows, (searched, "0", *(f"{held_after_search(design.rows):.1f} %" for design in DESIGNS))]
