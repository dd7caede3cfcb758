"""The geographical detector at several scales: which size of blocks the factors explain most at.

The optimum is that of the R package GD (``sesu``): the 90 % quantile of q over the factors that are significant. q
rises as rows become fewer, since the classes of a cut then follow chance; what is left of it after that is beside it.

References
----------
Song, Y., Wang, J., Ge, Y. and Xu, C. (2020). doi:10.1080/15481603.2020.1760434
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from .detectors import SAME

#: More sizes than these are no curve a person looks at, and each reads the rasters once.
MOST_SCALES = 30

_NO_SIZE = "⟨SCALES⟩ holds '{}', which is no whole number from 1 on. Write the sizes of the blocks in cells: 1,2,5,10."
_NONE = "⟨SCALES⟩ holds no size. Write the sizes of the blocks in cells: 1,2,5,10."
_MANY = "⟨SCALES⟩ holds {} sizes, and {} are the most. Leave some out."


class Scale(NamedTuple):
    """The factors at one scale; arrays (factors,), NaN where a number is not defined."""

    block: int  # cells on each side of a block
    cells: int  # blocks in the grid
    rows: int  # blocks that count
    factors: tuple[str, ...]
    q: np.ndarray
    q_adjusted: np.ndarray
    p: np.ndarray
    p_f: np.ndarray
    q90: float
    q90_adjusted: float


class ScaleRow(NamedTuple):
    """A factor at one scale, as the table of scales has it."""

    block: int
    cells: int
    rows: int
    factor: str
    q: float
    q_adjusted: float
    p: float
    p_f: float
    q90: float
    q90_adjusted: float
    best: bool


def parse_scales(text: str) -> tuple[int, ...]:
    """Read sizes of blocks as a person types them in SCALES: "1,2,5,10".

    Returns
    -------
    tuple of int
        Ascending, each once.

    Raises
    ------
    InvalidParameter
        Where a part is no whole number from 1 on, there is none, or there are more than `MOST_SCALES`.
    """
    sizes = set()
    for part in filter(None, re.split(r"[,;，；、\s]+", text)):
        if not re.fullmatch(r"0*[1-9][0-9]{0,8}", part, re.ASCII):
            raise InvalidParameter(_NO_SIZE.format(part))
        sizes.add(int(part))
    if not sizes:
        raise InvalidParameter(_NONE)
    if len(sizes) > MOST_SCALES:
        raise InvalidParameter(_MANY.format(len(sizes), MOST_SCALES))
    return tuple(sorted(sizes))


def blocks_of(width: int, height: int, size: int) -> int:
    """How many blocks of ``size`` x ``size`` cells a grid has; those that its edge cuts off are some of them."""
    return -(-width // size) * -(-height // size)


def adjusted(q: np.ndarray, rows: int, classes: np.ndarray) -> np.ndarray:
    """``1 - (1 - q) (N - 1) / (N - L)``: q without what L classes explain of N rows by chance; NaN where N = L."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1.0 - (1.0 - q) * ((rows - 1.0) / (rows - classes))
    return np.where(np.asarray(classes) < rows, found, np.nan)


def scale_of(size: int, cells: int, rows: int, factors: Sequence[str], q: np.ndarray, classes: np.ndarray,
             p: np.ndarray, p_f: np.ndarray, alpha: float) -> Scale:
    """What the factors of one scale come to.

    Parameters
    ----------
    size, cells, rows : int
        Cells on each side of a block, blocks of the grid, blocks that count.
    factors : sequence of str
    q, classes, p, p_f : arrays (factors,)
        Of each factor, as `detect` gives them.
    alpha : float
        The quantile is taken over the factors with ``p_f`` below.

    Returns
    -------
    Scale
        ``q90`` and ``q90_adjusted`` are NaN where no factor is significant.
    """
    q = np.asarray(q, dtype=np.float64)
    q_adjusted = adjusted(q, rows, np.asarray(classes))
    significant = np.asarray(p_f) < alpha
    return Scale(
        size, cells, rows, tuple(factors), q, q_adjusted, np.asarray(p, dtype=np.float64),
        np.asarray(p_f, dtype=np.float64), _quantile(q[significant]), _quantile(q_adjusted[significant]),
    )


def _quantile(values: np.ndarray) -> float:
    """The 90 % quantile of type 7 (Hyndman and Fan 1996), linear between two values; NaN of none."""
    if not values.size:
        return float("nan")
    ascending = np.sort(values)
    low, tenths = divmod(9 * (values.size - 1), 10)
    lower, upper = ascending[low], ascending[min(low + 1, values.size - 1)]
    return float(lower + (upper - lower) * (tenths / 10))


def best_of(numbers: Sequence[float]) -> int | None:
    """The place of the largest number, the first of equals; None where there is none but NaN."""
    largest = max((number for number in numbers if number == number), default=None)
    if largest is None:
        return None
    return next(place for place, number in enumerate(numbers) if number >= largest - SAME)


def scale_rows(scales: Sequence[Scale]) -> list[ScaleRow]:
    """The rows of the table of scales, the finest first; ``best`` is true at the scale of the largest q90."""
    best = best_of([scale.q90 for scale in scales])
    return [
        ScaleRow(
            scale.block, scale.cells, scale.rows, factor, float(scale.q[j]), float(scale.q_adjusted[j]),
            float(scale.p[j]), float(scale.p_f[j]), scale.q90, scale.q90_adjusted, place == best,
        )
        for place, scale in enumerate(scales) for j, factor in enumerate(scale.factors)
    ]
