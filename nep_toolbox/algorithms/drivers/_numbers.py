"""A field of a table as numbers."""

from __future__ import annotations

import numpy as np

from ...core.checkpoint import watched
from ...errors import InvalidParameter
from ...framework.features import field_number
from ...framework.texts import tr


class Numbers:
    """The numbers of a field, handed over a part of the rows at a time; text that holds numbers is read as numbers."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._parts: list[np.ndarray] = []
        self._there = 0  # values that are not missing
        self._words, self._first_word = 0, None  # those that are no numbers

    def add(self, values: list) -> None:
        """Take the values of more rows, as `framework.features.field_value` has them."""
        if set(map(type, values)) != {float}:
            values = [self._number(value) for value in watched(values)]
        else:
            self._there += len(values)
        self._parts.append(np.array(values, dtype=np.float64))

    def _number(self, value) -> float:
        self._there += value is not None
        number = field_number(value)
        if number is not None:
            return number
        self._words += 1
        if self._words == 1:
            self._first_word = value
        return np.nan

    def checked(self, log, remedy: str) -> np.ndarray:
        """All numbers, float64 (rows,), NaN where missing; what is no number is told to the log.

        Raises
        ------
        InvalidParameter
            If there are values and none of them is a number: do as ``remedy`` says.
        """
        if self._words and self._words == self._there:
            raise InvalidParameter(
                tr("The field '{}' holds no number; its first value is '{}'. {}")
                .format(self.name, self._first_word, remedy)
            )
        if self._words:
            log.warn(
                tr("The field '{}' holds {} values that are no numbers, the first is '{}': they count as missing.")
                .format(self.name, self._words, self._first_word)
            )
        return np.concatenate([np.empty(0), *self._parts])
