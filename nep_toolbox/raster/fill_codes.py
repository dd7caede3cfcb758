"""Codes of a product that stand among its values because nobody declared them as missing."""

from __future__ import annotations

from ..core.productivity.mod17 import fill_codes
from ..errors import InvalidParameter
from .datasets import open_datasets
from .grid import Grid, Window
from .reader import StackReader
from .series import Series, Step

CODED = (
    "'{name}' holds the stored numbers {codes}. In MOD17A3HGF they say why a pixel has no NPP (water, urban, barren), "
    "and here they would be taken for values of NPP. Set ⟨NPP_VALID_MAX⟩ to {valid_max}{scale}. If they are true "
    "values, set ⟨NPP_VALID_MAX⟩ to the largest one."
)
UNSCALED = " and ⟨NPP_SCALE⟩ to {:g}"

#: Windows of a glance: so many across and down, and their width and height in cells.
GLANCES, GLANCE_SIZE = 4, 64


def refuse_codes(step: Step, values, band_scale: float, *, scale: float) -> None:
    """What a StackReader of NPP checks: raise InvalidParameter where the values are fill codes too.

    Parameters
    ----------
    step, values, band_scale
        As a StackReader gives them.
    scale : float
        The factor NPP_SCALE.
    """
    coding, codes = fill_codes(values)
    if not codes:
        return
    right = coding.scale / band_scale
    raise InvalidParameter(CODED.format(
        name=step.label, codes=", ".join(map(str, codes)), valid_max=coding.valid_max,
        scale="" if abs(scale / right - 1) < 1e-6 else UNSCALED.format(right),
    ))


def glance(series: Series) -> list:
    """The fill codes that the first step of a series holds in a few windows spread over the grid."""
    found: set = set()

    def collect(_step, values, _band_scale):
        found.update(fill_codes(values)[1])

    with open_datasets():
        for window in glance_windows(series.grid):
            StackReader(series.steps[:1], check=collect).read(window)
    return sorted(found)


def glance_windows(grid: Grid) -> list:
    """Some windows spread evenly over a grid; those of a small grid cover it."""
    cols, rows = (_starts(size) for size in (grid.width, grid.height))
    return [
        Window(col, row, min(GLANCE_SIZE, grid.width - col), min(GLANCE_SIZE, grid.height - row))
        for row in rows for col in cols
    ]


def _starts(size: int) -> list:
    if size <= GLANCES * GLANCE_SIZE:
        return list(range(0, size, GLANCE_SIZE))
    return [place * (size - GLANCE_SIZE) // (GLANCES - 1) for place in range(GLANCES)]
