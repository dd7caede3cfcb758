"""What is uncertain by how much, and random draws of it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ..productivity.models import RespirationModel

#: What may be uncertain beside the parameters of the model.
NPP, TEMPERATURE, PRECIPITATION = "npp", "temperature", "precipitation"

#: A relative error above this share is taken for a percentage.
LARGEST = 1.0
#: degC
LARGEST_SHIFT = 20.0

_HOW = (
    "Write names with standard deviations, such as b=0.05;npp=0.1;temperature=0.5: relative, 0.1 being 10 %, and of "
    "temperature in degC, with a point. Names: {}."
)
_UNKNOWN = "'{}' in ⟨ERRORS⟩ names nothing that enters this run. {}"
_TWICE = "⟨ERRORS⟩ names '{}' twice. Give one standard deviation for each name."
_NOTHING = (
    "⟨ERRORS⟩ says nothing that is uncertain. No errors are assumed: state those of your data and of the model. {}"
)
_PERCENT = (
    "'{}' in ⟨ERRORS⟩ is an error of more than 100 %. Errors are shares of the value: write {}={:g} for {:g} %."
)
_NO_NUMBER = "'{}' in ⟨ERRORS⟩ has no standard deviation from 0 to {:g} after its name. {}"


def uncertain_names(model: RespirationModel) -> tuple:
    """What may be uncertain where NEP comes from a model: its parameters, and what it is computed from."""
    return (*model.parameters, NPP, TEMPERATURE, *([PRECIPITATION] if model.needs_precipitation else []))


def parse_errors(text: str, names: Iterable[str]) -> dict:
    """Standard deviations as a user writes them, such as "b=0.05;npp=0.1".

    Parameters
    ----------
    text : str
    names : iterable of str
        What may be uncertain.

    Returns
    -------
    dict of str to float
        Standard deviations above 0 by name, in the order of ``names``: relative, of temperature in degC.

    Raises
    ------
    InvalidParameter
        For a name that is none of them or is there twice, for what is no such number, and where nothing is uncertain.
    """
    names, found = tuple(names), {}
    how = _HOW.format(", ".join(names))
    for part in filter(None, (each.strip() for each in re.split(r"[;,；，、\n]", text.replace("＝", "=")))):
        name, _, number = (each.strip() for each in part.lower().partition("="))
        if name not in names:
            raise InvalidParameter(_UNKNOWN.format(part, how))
        if name in found:
            raise InvalidParameter(_TWICE.format(name))
        found[name] = _deviation(name, number, part, how)
    if not any(found.values()):
        raise InvalidParameter(_NOTHING.format(how))
    return {name: found[name] for name in names if found.get(name)}


def _deviation(name: str, number: str, part: str, how: str) -> float:
    try:
        deviation = float(number)
    except ValueError:
        deviation = math.nan
    most = LARGEST_SHIFT if name == TEMPERATURE else LARGEST
    if 0.0 <= deviation <= most:
        return deviation
    if most < deviation <= 100.0 and name != TEMPERATURE:
        raise InvalidParameter(_PERCENT.format(part, name, deviation / 100, deviation))
    raise InvalidParameter(_NO_NUMBER.format(part, most, how))


class Draws(NamedTuple):
    """Random values of what is uncertain.

    Attributes
    ----------
    names : tuple of str
    values : float64 array (draws, names)
        What each draw multiplies the value by; of temperature what it adds, in degC.
    """

    names: tuple
    values: np.ndarray

    def each(self) -> list:
        """The draws one by one: dicts of numbers by name."""
        return [dict(zip(self.names, row)) for row in self.values.tolist()]


def mean_of_factors(deviation: float) -> float:
    """The mean of normal numbers of mean 1 that are drawn again until they are above 0; 1 where hardly any would be."""
    least = 1.0 / deviation
    density = math.exp(-0.5 * least * least) / math.sqrt(2.0 * math.pi)
    return 1.0 + deviation * density / (0.5 * (1.0 + math.erf(least / math.sqrt(2.0))))


def draw(errors: dict, count: int, seed: int) -> Draws:
    """Draws of all that is uncertain, independent of each other.

    Parameters
    ----------
    errors : dict of str to float
        As from `parse_errors`.
    count : int
        How many draws.
    seed : int
        0 to 2**32 - 1.

    Returns
    -------
    Draws
        Normal with mean 1 and the standard deviation given, drawn again until above 0; of temperature normal with mean
        0. What one name has depends on the seed and its own error, not on what else is uncertain, and the first draws
        of many are those of few.
    """
    columns = [_column(name, deviation, count, seed) for name, deviation in errors.items()]
    return Draws(tuple(errors), np.stack(columns, axis=1))


def _column(name: str, deviation: float, count: int, seed: int) -> np.ndarray:
    # numpy's legacy generator, whose stream is frozen; a stream for each name
    generator, kept = np.random.RandomState([seed, *name.encode()]), np.empty(0)
    while kept.size < count:
        normal = deviation * generator.standard_normal(count)
        kept = np.append(kept, normal if name == TEMPERATURE else 1.0 + normal[normal > -1.0])
    return kept[:count]
