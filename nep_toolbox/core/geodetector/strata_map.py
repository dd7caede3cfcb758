"""The strata of the geographical detector drawn back on the map they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from .complete_rows import CONTINUOUS
from .discretize import classify
from .tables import Factors, StrataTable

#: Codes that a map can hold; the lowest number of a type stands for a missing value.
_LARGEST = np.iinfo(np.int32).max


class StrataRule(NamedTuple):
    """How a factor is divided into strata, and what is known of them.

    ``breaks`` (L + 1,) of a continuous factor, whose outer classes are open, else None; ``categories`` (L,), ascending,
    of a categorical one, else None. ``numbers`` (L,) is what the map calls each stratum, and ``means`` (L,) the mean of
    the target in it, NaN in a class without a row.
    """

    breaks: np.ndarray | None
    categories: np.ndarray | None
    numbers: np.ndarray
    means: np.ndarray


def strata_rules(factors: Factors, strata: StrataTable) -> dict[str, StrataRule]:
    """The rules that a result of `detect.detect` was made by.

    Parameters
    ----------
    factors, strata
        Of the result, with classes called by their numbers and by their codes.

    Returns
    -------
    dict of str to StrataRule
        By factor, in the order of ``factors``.
    """
    rules, first = {}, 0
    for name, kind, breaks, size in zip(factors.factor, factors.kind, factors.breaks, factors.classes.tolist()):
        labels, means = strata.class_[first : first + size], strata.mean[first : first + size]
        first += size
        if kind == CONTINUOUS:
            numbers = np.arange(1, breaks.size, dtype=np.int64)
            of_all = np.full(numbers.size, np.nan)
            of_all[[int(label) - 1 for label in labels]] = means
            rules[name] = StrataRule(breaks, None, numbers, of_all)
        else:
            categories = np.array([float(label) for label in labels])
            rules[name] = StrataRule(None, categories, category_numbers(categories), means)
    return rules


def category_numbers(categories: Sequence[float]) -> np.ndarray:
    """What a map calls categories: by their codes, or 1, 2, ... in their order where one of these is no whole number or
    beyond 32 bits.

    Parameters
    ----------
    categories : sequence of float
        Ascending.

    Returns
    -------
    int64 array (L,)
    """
    codes = np.asarray(categories, dtype=np.float64)
    if (codes == np.floor(codes)).all() and (np.abs(codes) <= _LARGEST).all():
        return codes.astype(np.int64)
    return np.arange(1, codes.size + 1, dtype=np.int64)


def number_type(rules: Sequence[StrataRule | None]) -> type:
    """int16, or int32 where a stratum has a larger number."""
    largest = max((np.abs(rule.numbers).max() for rule in rules if rule is not None), default=0)
    return np.int16 if largest <= np.iinfo(np.int16).max else np.int32


def strata_block(rules: tuple, target: np.ndarray, factors: tuple = ()) -> dict:
    """Strata of the cells of a block.

    Parameters
    ----------
    rules : tuple of StrataRule or None
        For each factor; None for one that was left out.
    target : array (1, rows, cols)
        NaN or infinite where missing.
    factors : tuple of arrays (1, rows, cols)
        All factors of the detector: a cell has strata where all of them and the target have a value, as a row has.

    Returns
    -------
    dict
        ``strata``, `number_type` (bands, rows, cols): the number of the stratum, the least of its type where there is
        none; ``means``, float32 (bands, rows, cols), unit of the target: the mean of the stratum. A band for each
        factor with a rule. ``complete``: how many cells have all values. ``unknown``, int64 (bands,): in how many of
        these the factor has a category without a rule, hence no stratum.
    """
    kind = number_type(rules)
    missing = np.iinfo(kind).min
    complete = np.isfinite(target[0])
    for values in factors:
        complete &= np.isfinite(values[0])
    bands = sum(rule is not None for rule in rules)
    strata = np.full((bands, *complete.shape), missing, dtype=kind)
    means = np.full(strata.shape, np.nan, dtype=np.float32)
    unknown = np.zeros(bands, dtype=np.int64)
    ruled = ((values[0], rule) for values, rule in zip(factors, rules) if rule is not None)
    for band, (values, rule) in enumerate(ruled):
        checkpoint()
        place, known = _places(values[complete].astype(np.float64), rule)
        strata[band][complete] = np.where(known, rule.numbers[place], missing)
        means[band][complete] = np.where(known, rule.means[place], np.nan)
        unknown[band] = known.size - np.count_nonzero(known)
    return {"strata": strata, "means": means, "complete": int(np.count_nonzero(complete)), "unknown": unknown}


def _places(values: np.ndarray, rule: StrataRule) -> tuple:
    """Which stratum each value belongs to, and whether there is one."""
    if rule.categories is None:
        return classify(values, rule.breaks), np.ones(values.shape, dtype=bool)
    place = np.minimum(np.searchsorted(rule.categories, values), rule.categories.size - 1)
    return place, rule.categories[place] == values
