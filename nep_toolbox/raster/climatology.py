"""Rasters of a variable that have no year: one for all years, or one for each month of any year."""

from __future__ import annotations

import re
from dataclasses import replace

from ..errors import YearNotFound
from .series import Series, steps_of
from .times import MONTHS, months_of, require_no_months, said_by_names

_YEARS_OR_MONTHS = (
    "The twelve bands of '{}' may be the months of a climatology or the twelve years of '{}'. Describe them as T_01 to "
    "T_12 if they are months, or else by their years (T_2001)."
)
_DESCRIBE = "Describe each band by its month (T_01 to T_12), or none of them: then the first is January."
#: A description that only counts bands.
_COUNTED = re.compile(r"(?:(?:band|layer)\s*)?\d*", re.IGNORECASE)


def climatology(layers: list) -> Series | None:
    """One step without a year, or twelve.

    Parameters
    ----------
    layers : list of Layer
        One raster, or twelve of one band each.

    Returns
    -------
    Series or None
        Steps of year 0. The month is the number, or the name of a month, in which the names of twelve rasters or the
        descriptions of twelve bands differ; of bands that do not say it the first is January. None for another number
        of steps, where a step has a year, and for twelve rasters whose names do not say the twelve months.

    Raises
    ------
    GridMismatch, UnreadableRaster, InvalidParameter
        As `series.resolve`.
    """
    steps, grids = steps_of(layers)
    if len(steps) not in (1, MONTHS) or any(said_by_names(steps, layers, True)):
        return None
    for layer, grid in zip(layers[1:], grids[1:]):
        grids[0].require_same(grid, layers[0].name, layer.name)
    if len(steps) == 1:
        return Series((replace(steps[0], year=0, month=0),), grids[0])
    months = _months(steps)
    if months is None and len(layers) == 1:
        require_no_months(steps, _DESCRIBE)
        months = list(range(1, MONTHS + 1))
    if months is None:
        return None
    timed = [replace(step, year=0, month=month) for step, month in zip(steps, months)]
    return Series(tuple(sorted(timed, key=lambda step: step.month)), grids[0], MONTHS)


def require_months(found: Series, series: Series) -> None:
    """Raise YearNotFound where the twelve steps of a climatology may be the twelve years of a series as well."""
    if len(found.steps) == len(series.years) == MONTHS and not says_months(found):
        raise YearNotFound(_YEARS_OR_MONTHS.format(found.name, series.name))


def says_months(series: Series) -> bool:
    """Whether the names of a climatology say its months."""
    return _months(series.steps) is not None


def _months(steps) -> list | None:
    """The months of twelve steps by the names of rasters, or the descriptions of bands."""
    if steps[0].band_count == 1:
        return months_of([step.layer.name for step in steps])
    names = [step.description for step in steps]
    return None if all(_COUNTED.fullmatch(name) for name in names) else months_of(names)
