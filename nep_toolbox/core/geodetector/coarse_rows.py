"""Cells of rasters brought together in square blocks, the rows of the geographical detector at a coarser scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..checkpoint import checkpoint
from .double_double import product

#: So many cells are taken at a time, in whole blocks.
_CELLS = 1 << 18

#: Bytes that a cell takes beside its values while a block is computed.
BYTES_PER_CELL = 16.0


def coarse_rows_block(coarse, target, factors=(), categorical: Sequence[bool] = ()) -> tuple:
    """Blocks of cells as rows of a table.

    Parameters
    ----------
    coarse : (size, numbers)
        How many cells a block has on each side, counted from the first row and column; and the numbers of the blocks,
        int64 (down, across). Those at the last row and column may be cut off by the edge.
    target : array (1, height, width)
    factors : tuple of arrays (1, height, width)
    categorical : sequence of bool
        Which of the factors hold codes.

    Returns
    -------
    numbers : int64 array (blocks,)
        Of the blocks where at least half of their size x size cells have a value in the target and in every factor; the
        other cells are no part of them.
    table : float64 array (1 + number of factors, blocks)
        Means of the target and of the factors that are measured on a scale; of the others the code that most cells
        have, the smallest of equals.
    """
    size, numbers = coarse
    layers = [target[0], *(stack[0] for stack in factors)]
    codes = (False, *categorical)
    count = np.zeros(numbers.shape, dtype=np.int64)
    table = np.zeros((len(layers), *numbers.shape))
    for blocks, cells in _pieces(numbers.shape, size):
        checkpoint()
        parts = [layer[cells] for layer in layers]
        valid = np.logical_and.reduce([np.isfinite(part) for part in parts])
        count[blocks] = _sums(valid.astype(np.float64), size)[0]
        for row, part, is_code in zip(table, parts, codes):
            row[blocks] = _modes(part, valid, size) if is_code else _means(part, valid, size, count[blocks])
    kept = 2 * count >= size * size
    return numbers[kept], table[:, kept]


def _pieces(shape: tuple, size: int) -> Iterator[tuple]:
    """Some whole blocks at a time, and the cells of them: pairs of pairs of slices."""
    across = max(1, min(shape[1], _CELLS // (size * size)))
    down = max(1, _CELLS // (size * size * across))
    for top in range(0, shape[0], down):
        for left in range(0, shape[1], across):
            yield (
                (slice(top, top + down), slice(left, left + across)),
                (slice(top * size, (top + down) * size), slice(left * size, (left + across) * size)),
            )


def _means(values: np.ndarray, valid: np.ndarray, size: int, count: np.ndarray) -> np.ndarray:
    """The means of valid cells, right to the last digit, so that those of equal cells are what the cells are.

    A class begins at a value: a mean that missed its last digit would put a block into another one.
    """
    high, low = _sums(np.where(valid, values, 0.0), size)
    count = np.maximum(count, 1).astype(np.float64)
    mean = high / count
    covered, missed = product(mean, count)
    return mean + ((high - covered) - missed + low) / count


def _sums(values: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The sum over each block and what it lacks, row by row and then column by column, wherever the block lies."""
    height, width = values.shape
    down, across = -(-height // size), -(-width // size)
    high, low = np.zeros((2, down, width))
    for first in range(min(size, height)):
        checkpoint()
        part = values[first::size]
        _add(high[: len(part)], low[: len(part)], part)
    total, rest = np.zeros((2, down, across))
    for first in range(min(size, width)):
        part, lacking = high[:, first::size], low[:, first::size]
        _add(total[:, : part.shape[1]], rest[:, : part.shape[1]], part)
        rest[:, : part.shape[1]] += lacking
    return total, rest


def _add(high: np.ndarray, low: np.ndarray, terms: np.ndarray) -> None:
    """Add to running sums ``high``, in place; what rounding takes goes to ``low`` (Knuth's sum of two)."""
    after = high + terms
    taken = after - high
    low += (high - (after - taken)) + (terms - taken)
    high[...] = after


def _modes(values: np.ndarray, valid: np.ndarray, size: int) -> np.ndarray:
    """The code that most valid cells of each block have, the smallest of equals; NaN where none is valid."""
    if size * size > _CELLS:  # a single block, see `_pieces`
        return np.full((1, 1), _mode(values[valid]))
    height, width = values.shape
    down, across = -(-height // size), -(-width // size)
    codes = np.full((down * size, across * size), np.nan)
    codes[:height, :width] = np.where(valid, values, np.nan)
    codes = codes.reshape(down, size, across, size).transpose(0, 2, 1, 3).reshape(down * across, size * size)
    codes.sort(axis=1)  # missing ones come last, and are equal to nothing
    place = np.arange(size * size, dtype=np.int32)
    begin = np.zeros(codes.shape, dtype=np.int32)
    begin[:, 1:] = np.where(codes[:, 1:] == codes[:, :-1], 0, place[1:])
    np.maximum.accumulate(begin, axis=1, out=begin)
    longest = np.argmax(place - begin, axis=1)
    return codes[np.arange(len(codes)), longest].reshape(down, across)


def _mode(values: np.ndarray) -> float:
    """`_modes` of the valid cells of one block of many, some at a time: to sort all keeps a cancel waiting."""
    parts = []
    for first in range(0, values.size, _CELLS):
        checkpoint()
        parts.append(np.unique(values[first : first + _CELLS], return_counts=True))
    if not parts:
        return np.nan
    found, counted = (np.concatenate(each) for each in zip(*parts))
    codes, places = np.unique(found, return_inverse=True)
    return float(codes[np.argmax(np.bincount(places, weights=counted))])
