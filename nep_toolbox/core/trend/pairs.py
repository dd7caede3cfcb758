"""Pairs of time steps of every pixel at once: buffers, tiles, counts of pairs, and their slopes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np

TILE_BYTES = 1 << 19  # a tile of values, its flags and one more such tile fit into the processor's second cache
# numpy copies the operands of a broadcast operation whose rows are shorter than 8192, which those of equal parts must
# not be, and two threads wait for each other between short calls
TILE_PIXELS = 16384
BLOCK_STEPS = 4  # so many steps are compared with as many others by one call of numpy
SLOPE_ROWS = 32  # slopes of a pixel that are formed before they are compared
INT8_ROWS = 127  # so many flags can be added up in an int8


class Workspace:
    """Buffers that one call uses again for each of its chunks; never shared between threads."""

    def __init__(self):
        self._bytes: dict = {}

    def array(self, name: str, shape: tuple, dtype) -> np.ndarray:
        """An uninitialised contiguous array; the next one of that name takes its place."""
        size = prod(shape) * np.dtype(dtype).itemsize
        held = self._bytes.get(name)
        if held is None or held.size < size:
            held = self._bytes[name] = np.empty(size, dtype=np.uint8)
        return held[:size].view(dtype).reshape(shape)


def pair_count(n):
    """Number of pairs of ``n`` steps."""
    return n * (n - 1) // 2


def pairs_within(count: np.ndarray) -> np.ndarray:
    """Number of pairs of each pixel, given the number of its steps (pixels,) or of those of its seasons (seasons,
    pixels)."""
    return pair_count(count) if count.ndim == 1 else pair_count(count).sum(axis=0)


def season_count(x: np.ndarray) -> int:
    """Number of seasons of a stack (n, seasons, pixels); 1 of a stack (n, pixels)."""
    return prod(x.shape[1:-1])


def most_pairs(x: np.ndarray) -> int:
    """Number of pairs of a pixel of a stack, (n, pixels) or (n, seasons, pixels), without gaps."""
    return pair_count(len(x)) * season_count(x)


def tiles(x: np.ndarray) -> Iterator[slice]:
    """Pixels of a stack (n, pixels), in equal parts of up to `TILE_BYTES` or, where that is more, `TILE_PIXELS`; of a
    stack (n, seasons, pixels) as many in all seasons together."""
    pixels = x.shape[-1]
    parts = -(-pixels // max(1, max(TILE_PIXELS, TILE_BYTES // (x.shape[0] * x.itemsize)) // season_count(x)))
    for part in range(parts):
        yield slice(pixels * part // parts, pixels * (part + 1) // parts)


def tile_of(x: np.ndarray, part: slice, work: Workspace) -> np.ndarray:
    """The pixels of a tile without gaps in memory, so that numpy takes many rows for one; until the next call.

    It is (n, columns): the pixels of the first season, those of the second, and so on.
    """
    values = x[..., part]
    if not values.flags.c_contiguous:
        tile = work.array("tile", values.shape, x.dtype)
        np.copyto(tile, values)
        values = tile
    return values.reshape(len(x), -1)


def count_pairs(compare, x: np.ndarray, work: Workspace) -> np.ndarray:
    """Number of pairs i < j for which ``compare(x[j], x[i])`` holds.

    Parameters
    ----------
    compare : ufunc
        ``np.less``, ``np.greater`` or ``np.equal``; a pair with a missing value never counts.
    x : array (n, pixels)
    work : Workspace

    Returns
    -------
    int32 array (pixels,)
    """
    counts = np.zeros(x.shape[1], dtype=np.int32)
    for part in tiles(x):
        add_pairs(compare, tile_of(x, part, work), counts[part], work)
    return counts


def add_pairs(compare, x: np.ndarray, counts: np.ndarray, work: Workspace) -> None:
    """Add to ``counts`` what `count_pairs` counts in one tile."""
    room = max(INT8_ROWS, len(x), BLOCK_STEPS**2)
    flags = work.array("flags", (room, x.shape[1]), np.bool_)
    filled = 0
    for later, earlier, shape in paired(x, INT8_ROWS):
        rows = prod(shape[:-1])
        if filled + rows > room:
            add_columns(flags[:filled], counts)
            filled = 0
        compare(later, earlier, out=flags[filled : filled + rows].reshape(shape))
        filled += rows
    add_columns(flags[:filled], counts)


def paired(x: np.ndarray, rows: int) -> Iterator[tuple]:
    """Views of a stack (n, pixels) that hold each pair of steps once.

    Steps are taken `BLOCK_STEPS` at a time, since threads wait for each other between calls of numpy: few long calls.

    Parameters
    ----------
    x : array (n, pixels)
    rows : int
        How many pairs of steps a view may hold; it may always hold ``n``, or those of two blocks.

    Yields
    ------
    (later, earlier, shape)
        Two arrays that broadcast against each other, and to what shape (..., pixels).
    """
    n, pixels = x.shape
    whole, most = n // BLOCK_STEPS, max(1, rows // BLOCK_STEPS**2)
    blocks = x[: whole * BLOCK_STEPS].reshape(whole, BLOCK_STEPS, pixels)
    for lag in range(whole):
        for start in range(0, whole - lag, most):
            earlier = blocks[start : min(start + most, whole - lag)]
            later = blocks[start + lag : start + lag + len(earlier)]
            if lag:
                yield later[:, np.newaxis], earlier[:, :, np.newaxis], (len(later), BLOCK_STEPS, BLOCK_STEPS, pixels)
                continue
            for step in range(1, BLOCK_STEPS):
                yield later[:, step:], earlier[:, :-step], (len(later), BLOCK_STEPS - step, pixels)
    for step in range(max(1, whole * BLOCK_STEPS), n):
        yield x[step], x[:step], (step, pixels)


@lru_cache(maxsize=8)
def paired_steps(n: int) -> tuple:
    """The later and the earlier step (int arrays) of each pair of ``n`` steps, in the order of `slopes_by_rows`."""
    steps = np.arange(n)[:, np.newaxis]
    views = [np.broadcast_arrays(later, earlier) for later, earlier, _shape in paired(steps, SLOPE_ROWS)]
    return tuple(np.concatenate([view[side].reshape(-1) for view in views]) for side in (0, 1))


def column_counts(flags: np.ndarray) -> np.ndarray:
    """Number of true flags along the first axis of a bool array (rows, pixels), as int32."""
    counts = np.zeros(flags.shape[1], dtype=np.int32)
    add_columns(flags, counts)
    return counts


def add_columns(flags: np.ndarray, counts: np.ndarray) -> None:
    """Add to ``counts`` what `column_counts` counts."""
    numbers = flags.view(np.int8)
    for start in range(0, flags.shape[0], INT8_ROWS):
        counts += np.add.reduce(numbers[start : start + INT8_ROWS], axis=0, dtype=np.int8)


class Steps(NamedTuple):
    """The time steps of a stack, prepared once.

    Attributes
    ----------
    years : float64 array (n,)
    centred : float64 array (n,)
        Years minus their mean.
    spans : list of float or array (..., 1)
        The years between the steps that `paired` takes with `SLOPE_ROWS`; one number where all are equal.
    """

    years: np.ndarray
    centred: np.ndarray
    spans: list

    @classmethod
    def of(cls, years: np.ndarray) -> Steps:
        years = np.asarray(years, dtype=np.float64)
        spans = [later - earlier for later, earlier, _shape in paired(years[:, np.newaxis], SLOPE_ROWS)]
        spans = [span.flat[0] if (span == span.flat[0]).all() else span for span in spans]
        return cls(years, years - years.mean(), spans)

    def exact_in(self, dtype) -> bool:
        """Whether every span is a number of that precision."""
        return all(np.all(np.asarray(span, dtype=dtype) == span) for span in self.spans)


def slopes_by_rows(x: np.ndarray, steps: Steps, work: Workspace) -> Iterator[np.ndarray]:
    """All slopes (x[j] - x[i]) / (t[j] - t[i]), i < j, some rows of pixels at a time.

    Parameters
    ----------
    x : float array (n, pixels)
    steps : Steps
    work : Workspace

    Yields
    ------
    array (rows, pixels) of the precision of ``x``
        Valid until the next one is asked for.
    """
    room = max(SLOPE_ROWS, len(x), BLOCK_STEPS**2)
    slopes = work.array("slopes", (room, x.shape[1]), x.dtype)
    filled = 0
    for (later, earlier, shape), span in zip(paired(x, SLOPE_ROWS), steps.spans):
        rows = prod(shape[:-1])
        if filled + rows > room:
            yield slopes[:filled]
            filled = 0
        part = slopes[filled : filled + rows].reshape(shape)
        np.subtract(later, earlier, out=part)
        _divide(part, span)
        filled += rows
    yield slopes[:filled]


def _divide(values: np.ndarray, span) -> None:
    """Divide in place; by a power of two as the product, which is the same number sooner."""
    if isinstance(span, np.ndarray) or np.frexp(span)[0] != 0.5:
        np.divide(values, np.asarray(span, dtype=values.dtype), out=values)
    elif span != 1:
        np.multiply(values, values.dtype.type(1 / span), out=values)
