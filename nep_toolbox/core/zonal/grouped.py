"""Sums of neighbouring columns of arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


def starts_of(*keys: np.ndarray) -> np.ndarray:
    """Where in sorted arrays (k,) a new combination of keys begins: an int array, empty of empty ones."""
    new = np.ones(keys[0].size, dtype=bool)
    if new.size:
        new[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return np.flatnonzero(new)


def columns(sums: NamedTuple, index: np.ndarray) -> NamedTuple:
    """Some columns (the last axis) of all arrays of a tuple of sums."""
    return type(sums)(*(part.take(index, axis=-1) if isinstance(part, np.ndarray) else part for part in sums))


def put_columns(sums: NamedTuple, index, part: NamedTuple) -> None:
    """Write columns that `columns` took back to their place."""
    for whole, some in zip(sums, part):
        if isinstance(whole, np.ndarray):
            whole[..., index] = some


def beside(parts: list) -> NamedTuple:
    """The columns of several tuples of sums, one after the other."""
    first = parts[0]
    if len(parts) == 1:
        return first
    return type(first)(
        *(np.concatenate(arrays, axis=-1) if isinstance(arrays[0], np.ndarray) else arrays[0] for arrays in zip(*parts))
    )


def add_runs(values: np.ndarray, starts: np.ndarray, dtype: type | None = None) -> np.ndarray:
    """Sum of each run of columns (the last axis), added in pairs, so that its error grows with the logarithm only."""
    return np.add.reduceat(values, starts, axis=-1, dtype=dtype)


def counter(number: np.ndarray) -> type:
    """A small type of integers that hold the number of columns of every run."""
    return np.uint16 if number.max(initial=0) < 2**16 else np.int64


def spread(per_run: np.ndarray, starts: np.ndarray, size: int) -> np.ndarray:
    """Columns repeated for each column of their run; ``size`` is the number of all columns of the runs."""
    return per_run.take(np.repeat(np.arange(starts.size), np.diff(starts, append=size)), axis=-1)
