"""Blocks of the synthetic sample province whose trend is known exactly."""

from __future__ import annotations

from typing import NamedTuple

_PLACES = (("rising", 0.70, 0.44), ("falling", 0.27, 0.37), ("constant", 0.57, 0.22), ("alternating", 0.33, 0.60),
           ("short", 0.85, 0.52))
_SHORT_YEARS = 7
_NO_RETRIEVAL = 32767


class Patch(NamedTuple):
    """Pixels whose NPP follows a rule without noise, under a climate that is the same every year."""

    name: str
    rows: slice
    cols: slice


def lay_patches(rows: int, cols: int) -> tuple[Patch, ...]:
    """Where the patches are on a grid of this size."""
    size = max(1, round(0.034 * cols))
    found = []
    for name, u, v in _PLACES:
        row, col = round((1.0 - v) * rows - size / 2.0), round(u * cols - size / 2.0)
        found.append(Patch(name, slice(row, row + size), slice(col, col + size)))
    return tuple(found)


def patch_value(name: str, elapsed: int, index: int) -> int:
    """Stored NPP of a patch, ``elapsed`` years after the first one, in the year at position ``index``."""
    if name == "rising":
        return 3000 + 25 * elapsed
    if name == "falling":
        return 4200 - 15 * elapsed
    if name == "alternating":
        return 3400 if index % 2 else 3300
    if name == "short":
        return 3200 + 20 * elapsed if index < _SHORT_YEARS else _NO_RETRIEVAL
    return 3600
