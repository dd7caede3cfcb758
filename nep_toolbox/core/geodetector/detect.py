"""The geographical detector with optimal parameters: which factors explain where a target is high and low.

q of a stratification is the share of the target's variance between its strata. Continuous factors are cut into strata
by the method and the number of classes with the largest q; that is a choice after the fact, so q and its p-values are
those of the best of several attempts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Callable, NamedTuple

import numpy as np

from ...errors import Cancelled, InvalidParameter, ToolboxError
from .complete_rows import CONTINUOUS, Column, Factor, Rows, complete_rows
from .detectors import (
    QTest,
    Strata,
    ecological_test,
    factor_test,
    interaction_test,
    interaction_type,
    risk_tests,
    strata_statistics,
)
from .discretize import METHODS, classify
from .optimal_cut import Cut, best_cut, candidate_cuts

FACTOR_COLUMNS = ("factor", "kind", "method", "classes", "breaks", "q", "p", "p_f", "significant")
INTERACTION_COLUMNS = ("factor_1", "factor_2", "q_1", "q_2", "q_12", "p_12", "interaction")
RISK_COLUMNS = ("factor", "class_1", "class_2", "mean_1", "mean_2", "t", "df", "p", "p_holm", "significant")
STRATA_COLUMNS = ("factor", "class", "lower", "upper", "n", "mean", "std")
ECOLOGICAL_COLUMNS = ("factor_1", "factor_2", "f", "p", "significant")
DISCRETIZATION_COLUMNS = ("factor", "method", "classes", "q", "candidate")

_NUMBERED = (
    "the values of the target '{}' are whole numbers in a row, each of them once, as an id has them: then q tells how "
    "the rows were numbered, choose the field that is to be explained"
)

RISK_STRATA = 200  # a factor of more strata gets no pairwise tests: there would be more than 19,900

Row = dict[str, Any]


class GeodetectorResult(NamedTuple):
    """All tables of a run: lists of rows, each a dict with the columns of the table in order; missing numbers are None.

    ``significant`` of a factor follows ``p_f``, of a pair of strata ``p_holm``. ``std`` is the population standard
    deviation; ``breaks`` is a tuple of numbers, empty for a categorical factor. Classes are texts: the label of a
    category, or "1", "2", ... from the lowest class of a continuous factor.
    """

    target: str
    rows: int  # complete rows used
    rows_left_out: int
    missing: dict[str, int]  # values missing in the target and in each factor
    factors: list[Row]
    interactions: list[Row]
    risk: list[Row]
    strata: list[Row]
    ecological: list[Row]
    discretization: list[Row]
    left_out: list[tuple[str, str]]  # factors that could not be used, and why
    warnings: list[str]


class _Stratified(NamedTuple):
    """A factor as strata."""

    column: Column
    cut: Cut | None
    codes: np.ndarray
    labels: tuple[str, ...]
    strata: Strata


def detect(
    target: np.ndarray | Sequence,
    factors: Sequence[Factor],
    methods: Sequence[str] = METHODS,
    min_classes: int = 3,
    max_classes: int = 8,
    alpha: float = 0.05,
    target_name: str = "target",
    progress: Callable[[float], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> GeodetectorResult:
    """Run the factor, interaction, risk and ecological detectors.

    Parameters
    ----------
    target : array (n,)
        The variable to explain; NaN, infinite, None or masked where missing. ``target_name`` is for the messages.
    factors : sequence of Factor
        Continuous and categorical factors on the same rows.
    methods, min_classes, max_classes
        Methods, of `discretize.METHODS`, and numbers of classes tried on continuous factors. Of cuts with equal q the
        first method in that order wins, then the one of fewer classes.
    alpha : float
        Level of significance.
    progress, is_cancelled : callables, optional
        The first is called with the fraction done, 0 to 1; the second is asked often and ends the run by True.

    Returns
    -------
    GeodetectorResult
        A factor that cannot be used (constant, without a cut, one category for each row) is named in ``left_out``.

    Raises
    ------
    InvalidParameter
        Parameters or inputs that make no sense, see the message.
    ToolboxError
        Too few complete rows, a constant target, or no factor left.
    Cancelled
        ``is_cancelled`` answered True.
    """
    _check_parameters(methods, min_classes, max_classes, alpha)
    report = _Report(progress, is_cancelled)
    report(0.0)
    rows = complete_rows(target, factors, target_name)
    counts = range(int(min_classes), int(max_classes) + 1)
    used, left_out, discretization = _stratify_all(rows, methods, counts, report)
    if not used:
        reasons = "; ".join(f"'{name}' {reason}" for name, reason in left_out)
        raise ToolboxError(f"no factor can be used: {reasons}")
    report.between(0.85, 1.0)
    tables = _tables(rows, used, alpha, report)
    report(1.0)
    return GeodetectorResult(
        target_name, rows.target.size, rows.left_out, rows.missing, *tables, discretization, left_out,
        _warnings(rows, target_name, used, left_out),
    )


class _Report:
    """Progress of a part of the run, and the chance to cancel."""

    def __init__(
        self, progress: Callable[[float], None] | None, is_cancelled: Callable[[], bool] | None
    ) -> None:
        self.progress, self.is_cancelled = progress, is_cancelled
        self.first, self.last, self.reached = 0.0, 1.0, -1.0

    def between(self, first: float, last: float) -> None:
        """Set the part of the run that the fractions to come belong to."""
        self.first, self.last = first, last

    def __call__(self, fraction: float) -> None:
        if self.is_cancelled is not None and self.is_cancelled():
            raise Cancelled("the geographical detector was cancelled")
        overall = self.first + (self.last - self.first) * fraction
        if self.progress is not None and overall > self.reached:
            self.reached = overall
            self.progress(overall)


def _check_parameters(methods: Sequence[str], min_classes: int, max_classes: int, alpha: float) -> None:
    unknown = [method for method in methods if method not in METHODS]
    if unknown or not methods:
        what = f"there is no method '{unknown[0]}'" if unknown else "no method of discretisation is chosen"
        raise InvalidParameter(f"{what}: choose from {', '.join(METHODS)}")
    if not 2 <= min_classes <= max_classes:
        raise InvalidParameter(
            f"numbers of classes from {min_classes} to {max_classes} make no sense: "
            "the least is 2, and the maximum is no less than the minimum"
        )
    if not 0 < alpha < 1:
        raise InvalidParameter(f"a level of significance of {alpha:g} makes no sense: give one between 0 and 1")


def _stratify_all(
    rows: Rows, methods: Sequence[str], counts: range, report: _Report
) -> tuple[list[_Stratified], list[tuple[str, str]], list[Row]]:
    """The factors as strata, those that cannot be used with the reason, and the rows of all cuts tried."""
    used, left_out, discretization = [], [], []
    for position, column in enumerate(rows.columns):
        report.between(0.02 + 0.83 * position / len(rows.columns), 0.02 + 0.83 * (position + 1) / len(rows.columns))
        stratified, cuts, reason = _stratify(rows, column, methods, counts, report)
        discretization.extend(_discretization_row(column.name, cut) for cut in cuts)
        if stratified is None:
            left_out.append((column.name, reason))
        else:
            used.append(stratified)
    return used, left_out, discretization


def _stratify(
    rows: Rows, column: Column, methods: Sequence[str], counts: range, report: _Report
) -> tuple[_Stratified | None, list[Cut], str]:
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
        return _Stratified(column, None, column.codes, column.labels, strata), [], ""
    if column.values.min() == column.values.max():
        return None, [], f"is constant ({column.values[0]:g} on all {size} rows): it divides nothing, leave it out"
    cuts = candidate_cuts(rows.target, column.values, methods, counts, report)
    best = best_cut(cuts)
    if best is None:
        return None, cuts, _why_no_cut(column.values, counts)
    codes = classify(column.values, best.breaks).astype(np.int32)
    labels = tuple(str(j + 1) for j in range(best.classes))
    strata = strata_statistics(rows.target, codes, best.classes)
    return _Stratified(column, best, codes, labels, strata), cuts, ""


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


# Rows of the tables ---------------------------------------------------------------------------------------------------


def _tables(rows: Rows, used: list[_Stratified], alpha: float, report: _Report) -> tuple[list[Row], ...]:
    """The rows of factors, interactions, risk, strata and ecological tests."""
    tests = {item.column.name: factor_test(item.strata, rows.origin) for item in used}
    pairs = list(combinations(used, 2))
    interactions, ecological = [], []
    for done, (first, second) in enumerate(pairs):
        report(done / len(pairs))
        interactions.append(_interaction_row(rows, first, second, tests))
        ecological.append(_ecological_row(rows.target.size, first, second, alpha))
    factors = [_factor_row(item, tests[item.column.name], alpha) for item in used]
    risk = [row for item in used for row in _risk_rows(item, rows.origin, alpha)]
    strata = [row for item in used for row in _strata_rows(item, rows.origin)]
    return factors, interactions, risk, strata, ecological


def _number(value: float) -> float | None:
    """A number as Python's float; None where it is missing."""
    return None if np.isnan(value) else float(value)


def _below(p: float, alpha: float) -> bool | None:
    return None if np.isnan(p) else bool(p < alpha)


def _factor_row(item: _Stratified, test: QTest, alpha: float) -> Row:
    cut = item.cut
    breaks = () if cut is None else tuple(cut.breaks.tolist())
    values = (
        item.column.name,
        item.column.kind,
        None if cut is None else cut.method,
        len(item.labels),
        breaks,
        _number(test.q),
        _number(test.p),
        _number(test.p_f),
        _below(test.p_f, alpha),
    )
    return dict(zip(FACTOR_COLUMNS, values))


def _interaction_row(rows: Rows, first: _Stratified, second: _Stratified, tests: dict[str, QTest]) -> Row:
    names = first.column.name, second.column.name
    q_1, q_2 = tests[names[0]].q, tests[names[1]].q
    joint = interaction_test(
        rows.target, first.codes, len(first.labels), second.codes, len(second.labels), rows.origin
    )
    kind = interaction_type(q_1, q_2, joint.q)
    return dict(zip(INTERACTION_COLUMNS, (*names, q_1, q_2, joint.q, _number(joint.p), kind)))


def _ecological_row(size: int, first: _Stratified, second: _Stratified, alpha: float) -> Row:
    f, p = ecological_test(float(first.strata.within.sum()), float(second.strata.within.sum()), size)
    values = (first.column.name, second.column.name, _number(f), _number(p), _below(p, alpha))
    return dict(zip(ECOLOGICAL_COLUMNS, values))


def _risk_rows(item: _Stratified, origin: float, alpha: float) -> list[Row]:
    if len(item.labels) > RISK_STRATA:
        return []
    tests = risk_tests(item.strata)
    mean = item.strata.mean + origin
    rows = []
    for i, j, t, df, p, p_holm in zip(*tests):
        found = (_number(t), _number(df), _number(p), _number(p_holm), _below(p_holm, alpha))
        values = (item.column.name, item.labels[i], item.labels[j], float(mean[i]), float(mean[j]), *found)
        rows.append(dict(zip(RISK_COLUMNS, values)))
    return rows


def _strata_rows(item: _Stratified, origin: float) -> list[Row]:
    count, mean, within = item.strata
    breaks = [None] * (count.size + 1) if item.cut is None else item.cut.breaks.tolist()
    std = np.sqrt(within / count)
    rows = []
    for j in range(count.size):
        numbers = (int(count[j]), float(mean[j] + origin), float(std[j]))
        values = (item.column.name, item.labels[j], breaks[j], breaks[j + 1], *numbers)
        rows.append(dict(zip(STRATA_COLUMNS, values)))
    return rows


def _discretization_row(name: str, cut: Cut) -> Row:
    return dict(zip(DISCRETIZATION_COLUMNS, (name, cut.method, cut.classes, _number(cut.q), cut.candidate)))


def _warnings(
    rows: Rows, target_name: str, used: list[_Stratified], left_out: list[tuple[str, str]]
) -> list[str]:
    warnings = [f"factor '{name}' is left out: it {reason}" for name, reason in left_out]
    if rows.numbered:
        warnings.append(_NUMBERED.format(target_name))
    for item in used:
        number = len(item.labels)
        if number > RISK_STRATA:
            warnings.append(
                f"factor '{item.column.name}' has {number} strata: no tests between pairs of them were made, "
                f"which takes {RISK_STRATA} or fewer"
            )
        single = int((item.strata.count == 1).sum())
        if 2 * single > number:
            warnings.append(
                f"{single} of the {number} strata of factor '{item.column.name}' hold a single row: its q is close to "
                "1 whatever it has to do with the target, merge categories or give it as continuous"
            )
    return warnings
