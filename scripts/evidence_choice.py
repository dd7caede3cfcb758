"""How many classes a factor is cut into that says nothing, or little, by the largest q and by cross-validation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nep_toolbox.core.geodetector.discretize import METHODS, classify
from nep_toolbox.core.geodetector.honest_choice import cross_validated, folds_of, one_standard_error
from nep_toolbox.core.geodetector.optimal_cut import Cut, best_cut, candidate_cuts

SAMPLES = 100
ROWS = (200, 1000)
CLASSES = range(3, 9)
NEW_ROWS = 5000
_SEED = 20_261_201
#: What the target is of a factor between 0 and 1, beside normal errors of standard deviation 1.
TARGETS = {
    "nothing": np.zeros_like,
    "three levels": lambda x: np.floor(3 * x),
    "a straight line": lambda x: 3 * x,
}


class Choice(NamedTuple):
    """A cut, and what it is worth."""

    classes: int
    q: float
    new: float  # the share of the variance of new rows that it predicts


def choices(target: str, rows: int, samples: int = SAMPLES) -> list:
    """For each sample the `Choice` by the largest q, that of the rule, and the q_cv of the latter."""
    found = []
    for sample in range(samples):
        random = np.random.RandomState(_SEED + sample)
        x, y = _drawn(random, target, rows)
        unknown = _drawn(random, target, NEW_ROWS)
        centred = y - y.mean()
        cuts = cross_validated(centred, x, candidate_cuts(centred, x, METHODS, CLASSES), folds_of(rows, sample))
        honest = one_standard_error(cuts)
        found.append((_judged(best_cut(cuts), x, y, *unknown), _judged(honest, x, y, *unknown), honest.q_cv))
    return found


def _drawn(random: np.random.RandomState, target: str, rows: int) -> tuple:
    x = random.random_sample(rows)
    return x, TARGETS[target](x) + random.standard_normal(rows)


def _judged(cut: Cut, x: np.ndarray, y: np.ndarray, new_x: np.ndarray, new_y: np.ndarray) -> Choice:
    """What a cut and the means of its classes are worth on new rows."""
    codes = classify(x, cut.breaks)
    means = np.bincount(codes, weights=y) / np.bincount(codes)
    errors = new_y - means[classify(new_x, cut.breaks)]
    return Choice(cut.classes, cut.q, 1 - np.sum(errors**2) / np.sum((new_y - y.mean()) ** 2))


def choice_rows(target: str, rows: int, samples: int = SAMPLES) -> list:
    """The two rows of the table for one target and number of rows."""
    largest, honest, q_cv = zip(*choices(target, rows, samples))
    return [
        (target, f"{rows:,}", words, *_means(chosen), expected)
        for words, chosen, expected in (
            ("largest q", largest, "-"), ("one standard error", honest, f"{np.mean(q_cv):.3f}"),
        )
    ]


def _means(chosen: tuple) -> tuple:
    classes, q, new = np.mean(chosen, axis=0)
    return f"{classes:.1f}", f"{q:.3f}", f"{new:.3f}"


def classes_chosen() -> tuple:
    """The table of the classes that are chosen: head and rows."""
    head = ("target", "rows", "choice", "classes", "q", "of new rows", "q_cv")
    return head, [row for target in TARGETS for rows in ROWS for row in choice_rows(target, rows)]
