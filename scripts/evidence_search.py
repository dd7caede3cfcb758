"""How often a search of cuts calls a factor significant that says nothing, by p_f and by permutation of the search."""

from __future__ import annotations

from typing import Callable

import numpy as np

from nep_toolbox.core.geodetector.detectors import factor_test, strata_statistics
from nep_toolbox.core.geodetector.discretize import METHODS, classify
from nep_toolbox.core.geodetector.optimal_cut import best_cut, candidate_cuts
from nep_toolbox.core.geodetector.search_significance import p_of_searches, search_of_cuts

SAMPLES, PERMUTATIONS, ALPHA = 2000, 99, 0.05
CLASSES = range(3, 9)
_SEED = 20_261_202

#: Errors of the target, and methods of the search.
ERRORS: dict[str, Callable] = {
    "normal": np.random.RandomState.standard_normal, "skewed": np.random.RandomState.standard_exponential,
}
SEARCHES = {"five methods": METHODS, "quantiles and equal intervals": ("equal", "quantile")}


def p_values(errors: str, search: str, rows: int, samples: int) -> np.ndarray:
    """(samples, 2): p_f of the cut with the largest q and p of the whole search, of a target drawn apart from it."""
    found = np.empty((samples, 2))
    for sample in range(samples):
        random = np.random.RandomState(_SEED + sample)
        x, y = random.standard_normal(rows), ERRORS[errors](random, rows)
        y -= y.mean()
        cuts = candidate_cuts(y, x, SEARCHES[search], CLASSES)
        best = best_cut(cuts)
        strata = strata_statistics(y, classify(x, best.breaks), best.classes)
        found[sample] = factor_test(strata).p_f, p_of_searches(y, [search_of_cuts(x, cuts)], PERMUTATIONS, sample)[0]
    return found


def search_row(errors: str, search: str, rows: int, samples: int = SAMPLES) -> tuple:
    """The row of the table for one kind of errors, one search and number of rows."""
    below = 100.0 * np.mean(p_values(errors, search, rows, samples) <= ALPHA, axis=0)
    return (errors, search, f"{rows:,}", *(f"{share:.1f}" for share in below))


def search_sizes() -> tuple:
    """The table of false factors: head and rows."""
    head = ("errors", "cuts tried by", "rows", "p_f <= 0.05 (%)", "p_search <= 0.05 (%)")
    asked = [
        ("normal", "five methods", 100), ("normal", "five methods", 400), ("skewed", "five methods", 100),
        ("skewed", "five methods", 400), ("normal", "quantiles and equal intervals", 400),
    ]
    return head, [search_row(*each) for each in asked]
