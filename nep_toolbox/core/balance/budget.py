"""What an area takes up and what it gives off, step by step, gathered block by block."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..labels import Labels
from ..zonal.grouped import add_runs
from ..zonal.reduction import PatchSums, chunks, patch_sums, runs_of

# Rows of BudgetSums.sums.
_AREAS, _TOTALS = slice(0, 3), slice(3, 5)

# Of the totals: fewer than a table in text has, which is 15.
_DIGITS = 14


class BudgetSums(NamedTuple):
    """The sums of each time step and zone after some blocks.

    Attributes
    ----------
    pixels : int64 array (n, zones)
        Valid pixels.
    sums : float64 array (5, n, zones)
        Area of the valid pixels, of those above 0 and of those below 0 (m2); sum of value times area of those above
        0, and of those below 0.
    """

    pixels: np.ndarray
    sums: np.ndarray

    def joined(self, starts: np.ndarray) -> BudgetSums:
        """The sums of disjoint parts together: of the columns from each start to the next."""
        return BudgetSums(add_runs(self.pixels, starts), add_runs(self.sums, starts))

    def budget(self, teragram: float) -> dict[str, np.ndarray]:
        """The budget of each time step and zone.

        Parameters
        ----------
        teragram : float
            How much of the unit of the values times m2 is one Tg.

        Returns
        -------
        dict of arrays (n, zones)
            ``pixels``; ``area_km2``, ``sink_area_km2`` and ``source_area_km2``: values of exactly 0 are in neither of
            the two; ``sink_tg``, ``source_tg`` (negative) and ``net_tg``, their sum, of which the largest has 14 digits
            and the others as many decimals, so that a table closes as it is written. Without a valid pixel the last
            three are NaN.
        """
        area, sink_area, source_area = self.sums[_AREAS] / 1e6
        sink, source = np.where(self.pixels > 0, self.sums[_TOTALS] / teragram, np.nan)
        unit = _one_of_last_digit(np.maximum(sink, -source))
        sink, source = np.rint(sink * unit), np.rint(source * unit) + 0.0
        return {
            "pixels": self.pixels, "area_km2": area, "sink_area_km2": sink_area, "source_area_km2": source_area,
            "sink_tg": sink / unit, "source_tg": source / unit, "net_tg": (sink + source) / unit,
        }


def _one_of_last_digit(numbers: np.ndarray) -> np.ndarray:
    """How many of the last digit of each number are 1: a power of ten; 1 for 0."""
    digits = np.floor(np.log10(np.where(numbers > 0, numbers, 1.0)))
    return np.where(numbers > 0, 10.0 ** (_DIGITS - 1 - digits), 1.0)


def empty_budget(steps: int, zones: int) -> BudgetSums:
    """The sums before the first block."""
    return BudgetSums(np.zeros((steps, zones), dtype=np.int64), np.zeros((5, steps, zones)))


def budget_block(stack, cell_area, regions: Labels | None = None) -> PatchSums:
    """`BudgetSums` of the patches of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        NaN and infinite values are missing.
    cell_area : array (rows, 1) or (rows, cols), m2
    regions : Labels, optional
        As a ZoneReader reads them.
    """
    shape = stack.shape[1:]
    runs = runs_of(shape, regions)
    sums = empty_budget(len(stack), runs.starts.size)
    cell_area = np.broadcast_to(cell_area, shape)
    for steps, rows, here in chunks(len(stack), shape, runs):
        values = stack[steps, rows].astype(np.float64).reshape(steps.stop - steps.start, -1)
        _add(sums, (steps, here), values, cell_area[rows].ravel(), runs.starts[here] - rows.start * shape[1])
    return patch_sums(runs, regions, sums)


def _add(sums: BudgetSums, place: tuple, values: np.ndarray, area: np.ndarray, starts: np.ndarray) -> None:
    """Enter the sums of some runs: ``values`` (n, pixels), ``area`` (pixels,)."""
    valid = np.isfinite(values)
    values = np.where(valid, values, 0.0)
    sums.pixels[place] = add_runs(valid, starts, dtype=np.int64)
    for row, inside in enumerate((valid, values > 0, values < 0)):
        sums.sums[(row, *place)] = add_runs(inside * area, starts)
    values *= area
    sums.sums[(3, *place)] = add_runs(np.maximum(values, 0.0), starts)
    sums.sums[(4, *place)] = add_runs(np.minimum(values, 0.0), starts)
