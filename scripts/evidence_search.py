"""How often a search of cuts calls a factor significant that says nothing, by p_f and by permutation of the search."""

from __future__ import annotations

from typing import Callable

import numpy as np
from scipy.ndimage import gaussian_filter

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

#: Samples of pairs of smooth fields, and those asked for: pixels on a side, the standard deviation of the bell that
#: smooths them, in pixels, and one row and column in so many that is taken.
FIELDS = 500
SMOOTH = ((40, 0, 1), (40, 1, 1), (40, 3, 1), (80, 3, 1), (80, 3, 5), (160, 3, 10))


def p_values(errors: str, search: str, rows: int, samples: int) -> np.ndarray:
    """(samples, 2): p_f of the cut with the largest q and p of the whole search, of a target drawn apart from it."""
    found = np.empty((samples, 2))
    for sample in range(samples):
        random = np.random.RandomState(_SEED + sample)
        x, y = random.standard_normal(rows), ERRORS[errors](random, rows)
        found[sample] = both_p(x, y, SEARCHES[search], sample)
    return found


def both_p(x: np.ndarray, y: np.ndarray, methods: tuple, seed: int) -> tuple:
    """p_f of the cut of x with the largest q for y, and p of the whole search."""
    y = y - y.mean()
    cuts = candidate_cuts(y, x, methods, CLASSES)
    best = best_cut(cuts)
    strata = strata_statistics(y, classify(x, best.breaks), best.classes)
    return factor_test(strata).p_f, p_of_searches(y, [search_of_cuts(x, cuts)], PERMUTATIONS, seed)[0]


def smooth_field(random: np.random.RandomState, side: int, width: int, step: int) -> np.ndarray:
    """Every ``step``-th pixel of a square of noise that a bell has smoothed, row by row; its rim is cut off."""
    rim = 4 * width
    noise = random.standard_normal((side + 2 * rim, side + 2 * rim))
    field = gaussian_filter(noise, width) if width else noise
    return field[rim : rim + side : step, rim : rim + side : step].ravel()


def search_row(errors: str, search: str, rows: int, samples: int = SAMPLES) -> tuple:
    """The row of the table for one kind of errors, one search and number of rows."""
    below = 100.0 * np.mean(p_values(errors, search, rows, samples) <= ALPHA, axis=0)
    return (errors, search, f"{rows:,}", *(f"{share:.1f}" for share in below))


def smooth_row(side: int, width: int, step: int, samples: int = FIELDS) -> tuple:
    """The row of the table for one size of fields, one smoothness and one sampling step."""
    found = np.empty((samples, 2))
    for sample in range(samples):
        random = np.random.RandomState(_SEED + sample)
        x, y = (smooth_field(random, side, width, step) for _ in range(2))
        found[sample] = both_p(x, y, METHODS, sample)
    below = 100.0 * np.mean(found <= ALPHA, axis=0)
    smoothed = f"{width} pixel{'s' if width > 1 else ''}" if width else "not at all"
    return (f"{side} x {side}", smoothed, str(step), f"{len(x):,}", *(f"{share:.1f}" for share in below))


def search_smooth() -> tuple:
    """The table of false factors among smooth fields: head and rows."""
    head = ("pixels", "smoothed over", "SPACING", "rows", "p_f <= 0.05 (%)", "p_search <= 0.05 (%)")
    return head, [smooth_row(*each) for each in SMOOTH]


def search_sizes() -> tuple:
    """The table of false factors: head and rows."""
    head = ("errors", "cuts tried by", "rows", "p_f <= 0.05 (%)", "p_search <= 0.05 (%)")
    asked = [
        ("normal", "five methods", 100), ("normal", "five methods", 400), ("skewed", "five methods", 100),
        ("skewed", "five methods", 400), ("normal", "quantiles and equal intervals", 400),
    ]
    return head, [search_row(*each) for each in asked]
