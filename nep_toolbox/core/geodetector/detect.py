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
from .collinearity import correlations, variance_inflation
from .complete_rows import CONTINUOUS, Factor, Rows, complete_rows
from .detectors import (
    QTest,
    ecological_test,
    factor_test,
    interaction_test,
    interaction_type,
    risk_tests,
)
from .discretize import METHODS
from .optimal_cut import Cut
from .stratify import Stratified, stratify, stratify_by

FACTOR_COLUMNS = ("factor", "kind", "method", "classes", "breaks", "q", "p", "p_f", "significant")
INTERACTION_COLUMNS = ("factor_1", "factor_2", "q_1", "q_2", "q_12", "p_12", "interaction")
RISK_COLUMNS = ("factor", "class_1", "class_2", "mean_1", "mean_2", "t", "df", "p", "p_holm", "significant")
STRATA_COLUMNS = ("factor", "class", "lower", "upper", "n", "mean", "std")
ECOLOGICAL_COLUMNS = ("factor_1", "factor_2", "f", "p", "significant")
DISCRETIZATION_COLUMNS = ("factor", "method", "classes", "q", "candidate")
COLLINEARITY_COLUMNS = ("factor", "vif")

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
    collinearity: list[Row]  # of the continuous factors; a VIF is None of a constant factor, and where it is infinite
    left_out: list[tuple[str, str]]  # factors that could not be used, and why
    warnings: list[str]


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
    cuts: dict[str, tuple[str, Sequence[float]]] | None = None,
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
    cuts : dict of str to (str, sequence of float), optional
        Method and breaks by factor, as ``factors`` of an earlier result has them: continuous factors are cut so instead
        of by a search; one that is not named is left out.

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
    used, left_out, discretization = _stratify_all(rows, methods, counts, report, cuts)
    report.between(0.85, 1.0)
    tables = _tables(rows, used, alpha, report)
    collinearity = _collinearity_rows(rows)
    report(1.0)
    return GeodetectorResult(
        target_name, rows.target.size, rows.left_out, rows.missing, *tables, discretization, collinearity, left_out,
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
    rows: Rows, methods: Sequence[str], counts: range, report: _Report,
    settled: dict[str, tuple[str, Sequence[float]]] | None,
) -> tuple[list[Stratified], list[tuple[str, str]], list[Row]]:
    """The factors as strata, those that cannot be used with the reason, and the rows of all cuts tried.

    Raises ToolboxError if no factor can be used.
    """
    used, left_out, discretization = [], [], []
    for position, column in enumerate(rows.columns):
        report.between(0.02 + 0.83 * position / len(rows.columns), 0.02 + 0.83 * (position + 1) / len(rows.columns))
        if settled is None or column.kind != CONTINUOUS:
            stratified, cuts, reason = stratify(rows, column, methods, counts, report)
        else:
            report(0.0)
            stratified, cuts, reason = stratify_by(rows, column, settled.get(column.name))
        discretization.extend(_discretization_row(column.name, cut) for cut in cuts)
        if stratified is None:
            left_out.append((column.name, reason))
        else:
            used.append(stratified)
    if not used:
        reasons = "; ".join(f"'{name}' {reason}" for name, reason in left_out)
        raise ToolboxError(f"no factor can be used: {reasons}")
    return used, left_out, discretization


# Rows of the tables ---------------------------------------------------------------------------------------------------


def _tables(rows: Rows, used: list[Stratified], alpha: float, report: _Report) -> tuple[list[Row], ...]:
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


def _factor_row(item: Stratified, test: QTest, alpha: float) -> Row:
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


def _interaction_row(rows: Rows, first: Stratified, second: Stratified, tests: dict[str, QTest]) -> Row:
    names = first.column.name, second.column.name
    q_1, q_2 = tests[names[0]].q, tests[names[1]].q
    joint = interaction_test(
        rows.target, first.codes, len(first.labels), second.codes, len(second.labels), rows.origin
    )
    kind = interaction_type(q_1, q_2, joint.q)
    return dict(zip(INTERACTION_COLUMNS, (*names, q_1, q_2, joint.q, _number(joint.p), kind)))


def _ecological_row(size: int, first: Stratified, second: Stratified, alpha: float) -> Row:
    f, p = ecological_test(float(first.strata.within.sum()), float(second.strata.within.sum()), size)
    values = (first.column.name, second.column.name, _number(f), _number(p), _below(p, alpha))
    return dict(zip(ECOLOGICAL_COLUMNS, values))


def _risk_rows(item: Stratified, origin: float, alpha: float) -> list[Row]:
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


def _strata_rows(item: Stratified, origin: float) -> list[Row]:
    count, mean, within = item.strata
    std = np.sqrt(within / count)
    rows = []
    for j in range(count.size):
        numbers = (int(count[j]), float(mean[j] + origin), float(std[j]))
        values = (item.column.name, item.labels[j], *item.limits[j], *numbers)
        rows.append(dict(zip(STRATA_COLUMNS, values)))
    return rows


def _discretization_row(name: str, cut: Cut) -> Row:
    return dict(zip(DISCRETIZATION_COLUMNS, (name, cut.method, cut.classes, _number(cut.q), cut.candidate)))


def _collinearity_rows(rows: Rows) -> list[Row]:
    columns = [column for column in rows.columns if column.kind == CONTINUOUS]
    found = variance_inflation(correlations([column.values for column in columns]))
    return [
        dict(zip(COLLINEARITY_COLUMNS, (column.name, float(vif) if np.isfinite(vif) else None)))
        for column, vif in zip(columns, found)
    ]


def _warnings(
    rows: Rows, target_name: str, used: list[Stratified], left_out: list[tuple[str, str]]
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
