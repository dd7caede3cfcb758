"""The geographical detector with optimal parameters: which factors explain where a target is high and low.

q of a stratification is the share of the target's variance between its strata. Continuous factors are cut into strata
by the method and the number of classes with the largest q; that is a choice after the fact, so q and its p-values are
those of the best of several attempts. Or they are cut by cross-validation, see `honest_choice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Callable, NamedTuple

import numpy as np

from ...errors import Cancelled, ToolboxError
from .collinearity import correlations, variance_inflation
from .complete_rows import CONTINUOUS, Factor, Rows, complete_rows
from .detectors import factor_test
from .optimal_cut import Cut
from .search_significance import p_of_searches, search_of_categories, search_of_cuts
from .settings import DEFAULT, Settings
from .stratify import Stratified, stratify, stratify_by
from .tables import (
    RISK_STRATA,
    Collinearity,
    Discretization,
    Ecological,
    Factors,
    Interactions,
    Risk,
    StrataTable,
    collinearity_table,
    discretization_table,
    ecological_table,
    factor_table,
    interaction_table,
    risk_table,
    single_rows,
    strata_table,
)

_NUMBERED = (
    "the values of the target '{}' are whole numbers in a row, each of them once, as an id has them: then q tells how "
    "the rows were numbered, choose the field that is to be explained"
)

#: The part of the run that is over when the rows are there, when cuts are found where the search is tested too, when
#: their bins are, and when there are strata and this test.
_BEGUN, _SEARCHED, _BINNED, _STRATIFIED = 0.02, 0.45, 0.48, 0.85


class GeodetectorResult(NamedTuple):
    """All tables of a run, see `core.geodetector.tables`, and what became of the inputs."""

    target: str
    rows: int  # complete rows used
    rows_left_out: int
    missing: dict[str, int]  # values missing in the target and in each factor
    factors: Factors
    interactions: Interactions
    risk: Risk
    strata: StrataTable
    ecological: Ecological
    discretization: Discretization
    collinearity: Collinearity
    left_out: list[tuple[str, str]]  # factors that could not be used, and why
    warnings: list[str]
    correlations: np.ndarray = np.empty((0, 0))  # of every two factors of ``collinearity``, in its order


def detect(
    target: np.ndarray | Sequence,
    factors: Sequence[Factor],
    settings: Settings = DEFAULT,
    target_name: str = "target",
    cuts: dict[str, tuple[str, Sequence[float]]] | None = None,
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
    settings : Settings
    cuts : dict of str to (str, sequence of float), optional
        Method and breaks by factor, as ``factors`` of an earlier result has them: continuous factors are cut so instead
        of by a search; one that is not named is left out.
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
    settings.check()
    report = _Report(progress, is_cancelled)
    report(0.0)
    rows = complete_rows(target, factors, target_name)
    end = _SEARCHED if settings.permutations else _STRATIFIED
    report.between(_BEGUN, end)
    used, left_out, tried = _stratify_all(rows, settings, report, cuts)
    p_search = _p_search(rows, used, tried, settings, report)
    report.between(_STRATIFIED, 1.0)
    tables = _tables(rows, used, p_search, settings, report)
    correlated = correlations([column.values for column in rows.columns if column.kind == CONTINUOUS])
    collinearity = collinearity_table(rows, variance_inflation(correlated))
    report(1.0)
    return GeodetectorResult(
        target_name, rows.target.size, rows.left_out, rows.missing, *tables, discretization_table(tried), collinearity,
        left_out, [*_warnings(rows, target_name, used, left_out), *single_rows(tables[0], tables[3])], correlated,
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

    def part(self, place: int, number: int) -> Callable[[float], None]:
        """What takes the fractions of one of ``number`` equal pieces of the part."""
        return lambda fraction: self((place + fraction) / number)

    def __call__(self, fraction: float) -> None:
        if self.is_cancelled is not None and self.is_cancelled():
            raise Cancelled("the geographical detector was cancelled")
        overall = self.first + (self.last - self.first) * fraction
        if self.progress is not None and overall > self.reached:
            self.reached = overall
            self.progress(overall)


def _stratify_all(
    rows: Rows, settings: Settings, report: _Report, settled: dict[str, tuple[str, Sequence[float]]] | None
) -> tuple[list[Stratified], list[tuple[str, str]], list[tuple[str, Cut]]]:
    """The factors as strata, those that cannot be used with the reason, and all cuts tried with their factor.

    Raises ToolboxError if no factor can be used.
    """
    used, left_out, tried = [], [], []
    for position, column in enumerate(rows.columns):
        step = report.part(position, len(rows.columns))
        if settled is None or column.kind != CONTINUOUS:
            stratified, cuts, reason = stratify(rows, column, settings, step)
        else:
            step(0.0)
            stratified, cuts, reason = stratify_by(rows, column, settled.get(column.name))
        tried.extend((column.name, cut) for cut in cuts)
        if stratified is None:
            left_out.append((column.name, reason))
        else:
            used.append(stratified)
    if not used:
        reasons = "; ".join(f"'{name}' {reason}" for name, reason in left_out)
        raise ToolboxError(f"no factor can be used: {reasons}")
    return used, left_out, tried


def _p_search(
    rows: Rows, used: list[Stratified], tried: list[tuple[str, Cut]], settings: Settings, report: _Report
) -> np.ndarray:
    """p of the whole search of each factor (factors,); NaN throughout where no permutations are asked for."""
    if not settings.permutations:
        return np.full(len(used), np.nan)
    searches = []
    report.between(_SEARCHED, _BINNED)
    for place, item in enumerate(used):
        report(place / len(used))
        if item.cut is None:
            searches.append(search_of_categories(item.codes, len(item.labels)))
        else:
            searches.append(search_of_cuts(
                item.column.values, [cut for name, cut in tried if name == item.column.name]
            ))
    report.between(_BINNED, _STRATIFIED)
    return p_of_searches(rows.target, searches, settings.permutations, settings.seed, report)


def _tables(
    rows: Rows, used: list[Stratified], p_search: np.ndarray, settings: Settings, report: _Report
) -> tuple[Factors, Interactions, Risk, StrataTable, Ecological]:
    """The tables of factors, interactions, risk, strata and ecological tests."""
    tests = [factor_test(item.strata, rows.origin) for item in used]
    pairs = list(combinations(range(len(used)), 2))
    return (
        factor_table(used, tests, p_search, settings, report.part(0, 2)),
        interaction_table(rows, pairs, used, tests, report.part(1, 2)),
        risk_table(rows, used, settings.alpha),
        strata_table(rows, used),
        ecological_table(rows.target.size, pairs, used, settings.alpha),
    )


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
    return warnings
