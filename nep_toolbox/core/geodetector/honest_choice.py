"""The choice of a cut that expects no more of new rows than it can: cross-validation and the one-standard-error rule.

More classes always explain more of the rows they were made from, so the largest q takes too many of them. Here a cut is
judged by rows that had no part in it, and of the cuts that are as good as the best, within one standard error, the one
of the fewest classes is taken.

References
----------
Breiman, L., Friedman, J. H., Olshen, R. A. and Stone, C. J. (1984). Classification and Regression Trees. Wadsworth,
Belmont, section 3.4.3. doi:10.1201/9781315139470
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, NamedTuple

import numpy as np

from ...errors import ToolboxError
from ..checkpoint import checkpoint
from .detectors import SAME
from .discretize import METHODS, find_breaks
from .optimal_cut import Cut, classes_of

#: Parts of the rows, each of which is judged by what the others say.
FOLDS = 10

_TOO_FEW = (
    "cross-validation in {} parts takes {} complete rows or more, and there are {}: choose the cut of the largest q, "
    "or give more rows"
)


class Score(NamedTuple):
    """How well a stratification predicts rows that it does not know."""

    cv_mse: float  # mean squared error, the mean of the folds', in the squared unit of the target
    cv_se: float  # its standard error
    q_cv: float  # the share of the variance that is predicted, at most 1; below 0 it is worse than the mean alone


def folds_of(size: int, seed: int) -> np.ndarray:
    """Fold of each row, 0 .. `FOLDS` - 1, drawn at random and as equal in size as can be: uint8 array (size,).

    The generator is numpy's legacy one, whose stream is frozen. Raises ToolboxError if there are fewer rows than folds.
    """
    if size < FOLDS:
        raise ToolboxError(_TOO_FEW.format(FOLDS, FOLDS, size))
    return (np.random.RandomState(seed).permutation(size) % FOLDS).astype(np.uint8)


def cross_validated(
    target: np.ndarray,
    values: np.ndarray,
    cuts: Sequence[Cut],
    folds: np.ndarray,
    step: Callable[[float], None] | None = None,
) -> list[Cut]:
    """Judge every candidate cut by the rows that it was not made from.

    For each fold the breaks are found again on the other rows. A row of the fold is put where they say, the outer
    classes being open, and predicted by the mean of the others in its class.

    Parameters
    ----------
    target : float array (n,)
        Centred on its mean, not constant.
    values : float array (n,)
        The factor, finite.
    cuts : sequence of Cut
        From `candidate_cuts` on the same rows.
    folds : int array (n,)
        From `folds_of`; every fold has a row.
    step : callable, optional
        Called with the fraction done; may raise to cancel.

    Returns
    -------
    list of Cut
        The same, with their `Score`; without one where a cut is no candidate, on all rows or without any of the folds.
    """
    report = step or (lambda _: None)
    order = np.argsort(values, kind="stable")
    values, target, folds = values[order], target[order], folds[order]
    del order
    report(0.0)
    errors = {(cut.method, cut.requested): np.empty(FOLDS) for cut in cuts if cut.candidate}
    for fold in range(FOLDS):
        known = folds != fold
        training, test = (values[known], target[known]), (values[~known], target[~known])

        def fold_step(share: float, fold: int = fold) -> None:
            report((fold + share) / FOLDS)

        for key, error in _errors_of_fold(training, test, list(errors), fold_step).items():
            if error is None:
                del errors[key]
            else:
                errors[key][fold] = error
    found = {}
    if errors:
        size, spread = np.bincount(folds, minlength=FOLDS), _errors_of_the_mean(target, folds)
        found = {key: _score(error, spread, size)._asdict() for key, error in errors.items()}
    report(1.0)
    return [cut._replace(**found.get((cut.method, cut.requested), {})) for cut in cuts]


def cross_validated_categories(target: np.ndarray, codes: np.ndarray, number: int, folds: np.ndarray) -> Score:
    """Judge the strata of a categorical factor by rows that have no part in their means.

    A row is predicted by the mean of its category on the rows of the other folds, by the mean of all of these where
    none of them is of the category.

    Parameters
    ----------
    target : float array (n,)
        Centred on its mean, not constant.
    codes : int array (n,)
        Category of each row, 0 .. ``number`` - 1.
    number : int
    folds : int array (n,)
        From `folds_of`; every fold has a row.

    Returns
    -------
    Score
    """
    errors = np.empty(FOLDS)
    for fold in range(FOLDS):
        checkpoint()
        known = folds != fold
        count = np.bincount(codes[known], minlength=number)
        total = np.bincount(codes[known], weights=target[known], minlength=number)
        mean = np.where(count > 0, total / np.maximum(count, 1), np.mean(target[known]))
        errors[fold] = _sum_of_squares(target[~known] - mean[codes[~known]])
    return _score(errors, _errors_of_the_mean(target, folds), np.bincount(folds, minlength=FOLDS))


def one_standard_error(cuts: Sequence[Cut]) -> Cut | None:
    """Return the cut of the fewest classes whose error is within one standard error of the least.

    Of several with so few classes that of the least error is taken, of equals the first; equal are errors that rounding
    may have set apart. None without a score.
    """
    judged = [cut for cut in cuts if not np.isnan(cut.cv_mse)]
    if not judged:
        return None
    best = _of_least_error(judged)
    good = [cut for cut in judged if cut.cv_mse <= (best.cv_mse + best.cv_se) * (1.0 + SAME)]
    fewest = min(cut.classes for cut in good)
    return _of_least_error([cut for cut in good if cut.classes == fewest])


def _of_least_error(cuts: Sequence[Cut]) -> Cut:
    """The first of the least error in cross-validation."""
    least = min(cut.cv_mse for cut in cuts)
    return next(cut for cut in cuts if cut.cv_mse <= least * (1.0 + SAME))


def _errors_of_fold(
    training: tuple[np.ndarray, np.ndarray], test: tuple[np.ndarray, np.ndarray], wanted: list[tuple[str, int]],
    step: Callable[[float], None],
) -> dict[tuple[str, int], float | None]:
    """Sum of squared errors of each wanted method and number of classes; None where there is no such cut."""
    values, target = training
    sums = np.concatenate(([0.0], np.cumsum(target)))
    errors: dict[tuple[str, int], float | None] = {}
    for method in METHODS:
        classes = sorted(k for name, k in wanted if name == method)
        if not classes:
            continue
        done, share = len(errors) / len(wanted), len(classes) / len(wanted)
        step(done)
        found = find_breaks(
            values, method, classes, lambda part, done=done, share=share: step(done + share * part)
        )
        for k, breaks in found.items():
            errors[method, k] = None if breaks is None else _error(values, sums, breaks, *test)
    return errors


def _error(
    values: np.ndarray, sums: np.ndarray, breaks: np.ndarray, test_values: np.ndarray, test_target: np.ndarray
) -> float | None:
    """Sum of squared errors of the test rows, from the sums of the target up to each training row."""
    count, edges = classes_of(values, breaks)
    if count.min() < 2:
        return None
    mean = np.diff(sums[edges]) / count
    return _sum_of_squares(test_target - np.repeat(mean, classes_of(test_values, breaks)[0]))


def _errors_of_the_mean(target: np.ndarray, folds: np.ndarray) -> float:
    """Sum of squared errors of all rows, each predicted by the mean of the other folds."""
    total = 0.0
    for fold in range(FOLDS):
        known = folds != fold
        total += _sum_of_squares(target[~known] - np.mean(target[known]))
    return total


def _sum_of_squares(residual: np.ndarray) -> float:
    return float(np.sum(residual * residual))


def _score(errors: np.ndarray, spread: float, size: np.ndarray) -> Score:
    """From the sums of squared errors of the folds and of the mean, and the rows of each fold."""
    mse = errors / size
    return Score(float(mse.mean()), float(mse.std(ddof=1) / np.sqrt(FOLDS)), 1.0 - float(errors.sum()) / spread)
