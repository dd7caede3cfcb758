"""The cut of a continuous factor that explains most of the target (optimal parameters of the geographical detector).

References
----------
Song, Y., Wang, J., Ge, Y. and Xu, C. (2020). doi:10.1080/15481603.2020.1760434
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, NamedTuple

import numpy as np

from .detectors import SAME
from .discretize import METHODS, find_breaks

# Share of the time that a method takes; sorting comes first.
_SORTING, _NATURAL = 0.1, 0.8


class Cut(NamedTuple):
    """One way to cut a factor."""

    method: str
    requested: int  # the number of classes asked for
    classes: int  # the number there is, where the method has such a cut
    breaks: np.ndarray | None  # (classes + 1,), None where there is no such cut
    q: float  # NaN where it is no candidate
    candidate: bool
    cv_mse: float = np.nan  # of the target's values in cross-validation, NaN where there was none
    cv_se: float = np.nan  # standard error of the folds' mean squared errors
    q_cv: float = np.nan


def candidate_cuts(
    target: np.ndarray,
    values: np.ndarray,
    methods: Sequence[str],
    classes: Sequence[int],
    step: Callable[[float], None] | None = None,
) -> list[Cut]:
    """q of a factor cut by every method into every number of classes.

    The factor is sorted once; the q of a cut then follows from the sums of the target up to its breaks.

    Parameters
    ----------
    target : float array (n,)
        Centred on its mean, not constant.
    values : float array (n,)
        The factor, finite.
    methods : sequence of str
        Some of `discretize.METHODS`, in any order.
    classes : sequence of int
        Numbers of classes.
    step : callable, optional
        Called with the fraction done; may raise to cancel.

    Returns
    -------
    list of Cut
        In the order of `discretize.METHODS`, fewer classes first. No candidate is a cut whose breaks coincide or that
        has a class of fewer than two values.
    """
    report = step or (lambda _: None)
    order = np.argsort(values, kind="stable")
    report(0.5 * _SORTING)
    ordered = values[order]
    sums = np.concatenate(([0.0], np.cumsum(target[order])))
    del order
    total = float(np.dot(target, target))
    report(_SORTING)

    def natural_step(fraction: float) -> None:
        report(_SORTING + _NATURAL * fraction)

    cuts = []
    for method in METHODS:
        if method not in methods:
            continue
        found = find_breaks(ordered, method, sorted(set(classes)), natural_step)
        cuts.extend(_evaluated(method, k, breaks, ordered, sums, total) for k, breaks in sorted(found.items()))
    report(1.0)
    return cuts


def _evaluated(
    method: str, requested: int, breaks: np.ndarray | None, ordered: np.ndarray, sums: np.ndarray, total: float
) -> Cut:
    """q of one cut from the sums of the target up to each break."""
    if breaks is None:
        return Cut(method, requested, requested, None, np.nan, False)
    count, edges = classes_of(ordered, breaks)
    if count.min() < 2:
        return Cut(method, requested, breaks.size - 1, breaks, np.nan, False)
    part = np.diff(sums[edges])
    q = float(np.sum(part * part / count)) / total
    return Cut(method, requested, breaks.size - 1, breaks, min(q, 1.0), True)


def classes_of(ordered: np.ndarray, breaks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many of the ordered values (n,) fall in each of the k classes between breaks (k + 1,), the outer ones being
    open, and the places (k + 1,) where these begin and end."""
    inner = np.searchsorted(ordered, breaks[1:-1], side="right")
    edges = np.concatenate(([0], inner, [ordered.size]))
    return np.diff(edges), edges


def best_cut(cuts: Sequence[Cut]) -> Cut | None:
    """Return the candidate with the largest q, the first of equals; None without a candidate.

    Equal are values that rounding may have set apart: else the order of the rows, or the unit of the target, chose.
    """
    candidates = [cut for cut in cuts if cut.candidate]
    largest = max((cut.q for cut in candidates), default=np.nan)
    return next((cut for cut in candidates if cut.q >= largest - SAME), None)
