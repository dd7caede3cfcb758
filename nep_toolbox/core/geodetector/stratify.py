"""Turning a factor into strata: its categories, the classes of its best cut, or those of a cut settled before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, NamedTuple

import numpy as np

from .complete_rows import CONTINUOUS, Column, Rows
from .detectors import Strata, factor_test, strata_statistics
from .discretize import classify
from .optimal_cut import Cut, best_cut, candidate_cuts
from .settings import Settings

_NOT_SETTLED = "was not cut where the classes were settled: look at the warnings there"
_ONE_CLASS = "lies in a single one of the classes settled before: it divides nothing, let it be cut anew"


class Stratified(NamedTuple):
    """A factor as strata; ``limits`` holds (lower, upper) of each, None for categories."""

    column: Column
    cut: Cut | None
    codes: np.ndarray
    labels: tuple[str, ...]
    limits: tuple[tuple[float | None, float | None], ...]
    strata: Strata
    q_cv: float = np.nan  # in cross-validation, NaN where there was none


def stratify(
    rows: Rows, column: Column, settings: Settings, report: Callable[[float], None]
) -> tuple[Stratified | None, list[Cut], str]:
    """Turn a factor into strata; without any, say why."""
    size = rows.target.size
    if column.kind != CONTINUOUS:
        report(0.0)
        number = len(column.labels)
        if number == 1:
            return None, [], f"is constant ('{column.labels[0]}' on all {size} rows): it divides nothing, leave it out"
        if number == size:
            reason = f"has a category of its own for each of the {size} rows: give it as continuous or leave it out"
            return None, [], reason
        strata = strata_statistics(rows.target, column.codes, number)
        return Stratified(column, None, column.codes, column.labels, ((None, None),) * number, strata), [], ""
    if column.values.min() == column.values.max():
        return None, [], f"is constant ({column.values[0]:g} on all {size} rows): it divides nothing, leave it out"
    cuts = candidate_cuts(rows.target, column.values, settings.methods, settings.counts, report)
    best = best_cut(cuts)
    if best is None:
        return None, cuts, _why_no_cut(column.values, settings.counts)
    return _cut_into_strata(rows, column, best), cuts, ""


def stratify_by(
    rows: Rows, column: Column, settled: tuple[str, Sequence[float]] | None
) -> tuple[Stratified | None, list[Cut], str]:
    """Cut a continuous factor as ``settled``: a method and its breaks, whose outer classes take what lies beyond.

    A class without a value is none. Returns what `stratify` does.
    """
    if settled is None:
        return None, [], _NOT_SETTLED
    method, given = settled
    inner = np.array(given[1:-1], dtype=np.float64)
    ends = min(given[0], column.values.min()), max(given[-1], column.values.max())
    breaks = np.concatenate(([ends[0]], inner, [ends[1]]))
    if np.unique(classify(column.values, breaks)).size == 1:
        return None, [], _ONE_CLASS
    strata = _cut_into_strata(rows, column, Cut(method, breaks.size - 1, breaks.size - 1, breaks, np.nan, True))
    cut = strata.cut._replace(classes=len(strata.labels), q=factor_test(strata.strata).q)
    return strata._replace(cut=cut), [cut], ""


def _cut_into_strata(rows: Rows, column: Column, cut: Cut) -> Stratified:
    """The classes of a cut that hold a value, called by their number."""
    codes = classify(column.values, cut.breaks).astype(np.int32)
    there = np.flatnonzero(np.bincount(codes, minlength=cut.classes)).tolist()
    if len(there) < cut.classes:
        codes = np.searchsorted(there, codes).astype(np.int32)
    labels = tuple(str(j + 1) for j in there)
    breaks = cut.breaks.tolist()
    limits = tuple((breaks[j], breaks[j + 1]) for j in there)
    return Stratified(column, cut, codes, labels, limits, strata_statistics(rows.target, codes, len(there)))


def _why_no_cut(values: np.ndarray, counts: range) -> str:
    least = counts[0]
    distinct = np.unique(values).size
    if values.size < 2 * least:
        return f"has {values.size} complete rows, too few for {least} classes of two values: ask for fewer classes"
    if distinct < least:
        return f"has {distinct} distinct values for {least} classes: give it as categorical, or ask for fewer classes"
    return (
        f"cannot be cut into {least} to {counts[-1]} classes of two values or more by the methods chosen: "
        "give it as categorical, ask for fewer classes, or add methods"
    )
