"""Categories as codes and labels, without an object kept for each row."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from ..checkpoint import watched

#: The code of a row whose category is missing.
MISSING = -1


class Categories:
    """Codes of categories that are handed over a part of the rows at a time.

    Missing are None, blank texts, NaN and infinite numbers. What has the same label is one category: 1, 1.0 and "1".
    """

    def __init__(self, values: Iterable = ()) -> None:
        self._codes = array("i")
        self._known: dict[tuple, int] = {}  # by type and value: True is not 1
        self._of_label: dict[str, int] = {}
        self.add(values)

    def add(self, values: Iterable) -> None:
        """Take the categories of more rows: numbers, texts, or what has a text."""
        self._codes.extend(map(self._code, watched(values)))

    @property
    def codes(self) -> np.ndarray:
        """int32 array (rows,): places in ``labels``, `MISSING` where there is no category."""
        return np.array(self._codes, dtype=np.int32)

    @property
    def labels(self) -> tuple[str, ...]:
        """What the categories are called, in the order in which they came."""
        return tuple(self._of_label)

    def _code(self, value: object) -> int:
        try:
            return self._known[type(value), value]
        except KeyError:
            pass
        except TypeError:  # a list, or an object of JSON, cannot be looked up
            return self._code(label_of(value))
        if _is_blank(value):
            return MISSING
        code = self._of_label.setdefault(label_of(value), len(self._of_label))
        self._known[type(value), value] = code
        return code


def _is_blank(item: object) -> bool:
    """Whether a category is missing."""
    if isinstance(item, str):
        return not item.strip()
    return item is None or (isinstance(item, (float, np.floating)) and not np.isfinite(item))


def label_of(value: object) -> str:
    """A category's name; whole numbers without a decimal point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def in_order(codes: np.ndarray, labels: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes and labels of the categories that occur: by number where all labels are numbers, else by text.

    Parameters
    ----------
    codes : int array (n,)
        Places in ``labels``, none missing.
    labels : tuple of str
        Each of them once.
    """
    there = np.flatnonzero(np.bincount(codes, minlength=len(labels)))
    occurring = [labels[code] for code in watched(there)]
    distinct = sorted(occurring, key=_order(occurring))
    place = {label: code for code, label in enumerate(watched(distinct))}
    lookup = np.zeros(len(labels), dtype=np.int32)
    lookup[there] = [place[label] for label in watched(occurring)]
    return lookup[codes], tuple(distinct)


def _order(labels: list):
    """Sort key of labels; "nan" is a text among them, as it has no place in the order of numbers."""
    try:
        numbers = {label: float(label) for label in watched(labels)}
    except ValueError:
        return str
    if any(number != number for number in watched(numbers.values())):
        return str
    return lambda label: (numbers[label], label)
