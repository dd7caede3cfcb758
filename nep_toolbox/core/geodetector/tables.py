"""The tables of the geographical detector, a column each field, and how they are made of strata and tests.

Texts are tuples of str, with None where there is none; numbers are float64 arrays, NaN where missing; counts are int64
arrays; what is true or not is a float64 array of 1, 0 and NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .complete_rows import CONTINUOUS, Rows
from .detectors import QTest, ecological_test, interaction_test, interaction_type, risk_tests
from .optimal_cut import Cut
from .q_interval import q_adjusted, q_limits
from .settings import Settings
from .stratify import Stratified

RISK_STRATA = 200  # a factor of more strata gets no pairwise tests: there would be more than 19,900


class Factors(NamedTuple):
    """The factor detector: q of each factor, with its tests."""

    factor: tuple[str, ...]
    kind: tuple[str, ...]
    method: tuple[str | None, ...]  # None for a categorical factor
    classes: np.ndarray
    breaks: tuple[np.ndarray, ...]  # (classes + 1,) each, (0,) for a categorical factor
    q: np.ndarray
    p: np.ndarray
    p_f: np.ndarray
    significant: np.ndarray  # by p_search where it is there, else by p_f
    q_lower: np.ndarray  # limits of q, of the confidence asked for
    q_upper: np.ndarray
    q_adjusted: np.ndarray
    p_search: np.ndarray
    q_cv: np.ndarray


class Interactions(NamedTuple):
    """The interaction detector: q of every two factors together."""

    factor_1: tuple[str, ...]
    factor_2: tuple[str, ...]
    q_1: np.ndarray
    q_2: np.ndarray
    q_12: np.ndarray
    p_12: np.ndarray
    interaction: tuple[str, ...]


class Risk(NamedTuple):
    """The risk detector: every two strata of a factor."""

    factor: tuple[str, ...]
    class_1: tuple[str, ...]
    class_2: tuple[str, ...]
    mean_1: np.ndarray
    mean_2: np.ndarray
    t: np.ndarray
    df: np.ndarray
    p: np.ndarray
    p_holm: np.ndarray
    significant: np.ndarray  # by p_holm


class StrataTable(NamedTuple):
    """The strata of each factor; limits are NaN for categories."""

    factor: tuple[str, ...]
    class_: tuple[str, ...]  # the label of a category, or "1", "2", ... from the lowest class
    lower: np.ndarray
    upper: np.ndarray
    n: np.ndarray
    mean: np.ndarray
    std: np.ndarray  # population standard deviation


class Ecological(NamedTuple):
    """The ecological detector: every two factors."""

    factor_1: tuple[str, ...]
    factor_2: tuple[str, ...]
    f: np.ndarray
    p: np.ndarray
    significant: np.ndarray


class Discretization(NamedTuple):
    """Every cut tried of the continuous factors; the last three are NaN unless cuts were validated."""

    factor: tuple[str, ...]
    method: tuple[str, ...]
    classes: np.ndarray
    q: np.ndarray
    candidate: np.ndarray
    cv_mse: np.ndarray
    cv_se: np.ndarray
    q_cv: np.ndarray


class Collinearity(NamedTuple):
    """The continuous factors; NaN for a constant one, and where it is infinite."""

    factor: tuple[str, ...]
    vif: np.ndarray


def factor_table(
    used: Sequence[Stratified], tests: Sequence[QTest], p_search: np.ndarray, settings: Settings, report
) -> Factors:
    """The table of factors; ``p_search`` (factors,) is NaN throughout where no test of the search was asked for,
    ``report`` is called with the fraction done."""
    p_f = _numbers(test.p_f for test in tests)
    sizes = [(test.q, int(item.strata.count.sum()), item.strata.count.size) for item, test in zip(used, tests)]
    limits = []
    for done, of_q in enumerate(sizes):
        report(done / len(sizes))
        limits.append(q_limits(*of_q, settings.confidence))
    lower, upper = zip(*limits)
    return Factors(
        tuple(item.column.name for item in used),
        tuple(item.column.kind for item in used),
        tuple(item.cut.method if item.cut else None for item in used),
        _counts(len(item.labels) for item in used),
        tuple(item.cut.breaks if item.cut else np.empty(0) for item in used),
        _numbers(test.q for test in tests),
        _numbers(test.p for test in tests),
        p_f,
        _below(p_search if settings.permutations else p_f, settings.alpha),
        _numbers(lower),
        _numbers(upper),
        _numbers(q_adjusted(*of_q) for of_q in sizes),
        p_search,
        _numbers(item.q_cv for item in used),
    )


def interaction_table(rows: Rows, pairs: Sequence[tuple[int, int]], used, tests, report) -> Interactions:
    """The table of interactions of ``pairs`` of places in ``used``; ``report`` is called with the fraction done."""
    joint = []
    for done, (first, second) in enumerate(pairs):
        report(done / len(pairs))
        one, other = used[first], used[second]
        joint.append(interaction_test(
            rows.target, one.codes, len(one.labels), other.codes, len(other.labels), rows.origin
        ))
    q_1, q_2 = ([tests[pair[end]].q for pair in pairs] for end in (0, 1))
    return Interactions(
        *_names(pairs, used), _numbers(q_1), _numbers(q_2), _numbers(test.q for test in joint),
        _numbers(test.p for test in joint),
        tuple(interaction_type(*q) for q in zip(q_1, q_2, (test.q for test in joint))),
    )


def ecological_table(
    size: int, pairs: Sequence[tuple[int, int]], used: Sequence[Stratified], alpha: float
) -> Ecological:
    """The table of ecological tests of ``pairs`` of places in ``used``, on ``size`` rows."""
    within = [float(item.strata.within.sum()) for item in used]
    found = [ecological_test(within[first], within[second], size) for first, second in pairs]
    p = _numbers(p for _f, p in found)
    return Ecological(*_names(pairs, used), _numbers(f for f, _p in found), p, _below(p, alpha))


def risk_table(rows: Rows, used: Sequence[Stratified], alpha: float) -> Risk:
    """The table of tests between strata, of factors of `RISK_STRATA` or fewer."""
    parts = [_risk_of(item, rows.origin) for item in used if len(item.labels) <= RISK_STRATA]
    factor, class_1, class_2 = (sum((part[place] for part in parts), ()) for place in range(3))
    numbers = [_joined(part[place] for part in parts) for place in range(3, 9)]
    return Risk(factor, class_1, class_2, *numbers, significant=_below(numbers[-1], alpha))


def _risk_of(item: Stratified, origin: float) -> tuple:
    """The columns of `Risk` of one factor, without the last."""
    first, second, *tests = risk_tests(item.strata)
    mean = item.strata.mean + origin
    classes = [tuple(item.labels[place] for place in places) for places in (first, second)]
    return (item.column.name,) * first.size, *classes, mean[first], mean[second], *tests


def strata_table(rows: Rows, used: Sequence[Stratified]) -> StrataTable:
    """The table of the strata of all factors."""
    limits = np.array([limit for item in used for limit in item.limits], dtype=np.float64).reshape(-1, 2)
    return StrataTable(
        tuple(item.column.name for item in used for _label in item.labels),
        tuple(label for item in used for label in item.labels),
        limits[:, 0],
        limits[:, 1],
        np.concatenate([item.strata.count for item in used]).astype(np.int64),
        np.concatenate([item.strata.mean + rows.origin for item in used]),
        np.concatenate([np.sqrt(item.strata.within / item.strata.count) for item in used]),
    )


def single_rows(factors: Factors, strata: StrataTable) -> list[str]:
    """Warnings of factors most of whose strata hold a single row: these follow any target."""
    warnings, first = [], 0
    for name, number in zip(factors.factor, factors.classes.tolist()):
        single = int((strata.n[first : first + number] == 1).sum())
        first += number
        if 2 * single > number:
            warnings.append(
                f"{single} of the {number} strata of factor '{name}' hold a single row: its q is close to 1 whatever "
                "it has to do with the target, merge categories or give it as continuous"
            )
    return warnings


def discretization_table(cuts: Sequence[tuple[str, Cut]]) -> Discretization:
    """The table of cuts tried, of (factor, cut)."""
    return Discretization(
        tuple(name for name, _cut in cuts),
        tuple(cut.method for _name, cut in cuts),
        _counts(cut.classes for _name, cut in cuts),
        *(_numbers(getattr(cut, field) for _name, cut in cuts)
          for field in ("q", "candidate", "cv_mse", "cv_se", "q_cv")),
    )


def collinearity_table(rows: Rows, vif: np.ndarray) -> Collinearity:
    """The table of the variance inflation factors of the continuous factors, ``vif`` in their order."""
    names = tuple(column.name for column in rows.columns if column.kind == CONTINUOUS)
    return Collinearity(names, np.where(np.isfinite(vif), vif, np.nan))


def _names(pairs: Sequence[tuple[int, int]], used: Sequence[Stratified]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(used[pair[end]].column.name for pair in pairs) for end in (0, 1))


def _numbers(values) -> np.ndarray:
    return np.array(list(values), dtype=np.float64)


def _counts(values) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def _joined(parts) -> np.ndarray:
    return np.concatenate([np.empty(0), *parts])


def _below(p: np.ndarray, alpha: float) -> np.ndarray:
    return np.where(np.isnan(p), np.nan, p < alpha)
