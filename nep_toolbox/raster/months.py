"""Finding year and month of the steps of a monthly series."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..core.productivity.annual_climate import MONTHS as MONTHS_OF_A_YEAR
from ..core.productivity.annual_climate import WHOLE_YEAR, Season, group_months
from ..errors import InvalidParameter, YearNotFound
from .grid import Grid
from .series import Series, steps_of
from .times import (
    GIVEN_HOLD,
    axis_contradiction,
    contradiction,
    labels_of,
    otherwise,
    said_by_names,
    why_lost,
    with_given_years,
    with_times,
)
from .wording import listed
from .years import COMMAS, HYPHENS, parse_years

SETTLE = "Give names that say year and month (T_2001_01, T_200101, T_2001-01), or set ⟨MONTHS⟩, as 2001-01/2020-12."
_MONTH = r"(\d{4})-(\d{1,2})"


@dataclass(frozen=True)
class MonthlySeries:
    """Steps with year and month on one grid.

    ``groups`` holds the indexes of the steps of each year, in order; ``warnings`` are what the user should know of how
    the times were found.
    """

    steps: tuple
    grid: Grid
    groups: dict
    warnings: tuple = ()

    @property
    def name(self) -> str:
        """What to call it in a message: its first layer."""
        return self.steps[0].layer.name

    @property
    def quantity(self) -> str:
        """What the values are: what the names of the layers share before the time."""
        return Series(self.steps, self.grid).quantity


def parse_months(text: str) -> list:
    """Months as a user writes them: "2001-01/2020-12", "2001-01,2001-03", or a mixture.

    Returns
    -------
    list of (int, int)
        Year and month.

    Raises
    ------
    YearNotFound
        If a part is neither a month nor a range.
    """
    months: list = []
    for item in re.split(COMMAS, re.sub(r"\s*/\s*", "/", re.sub(HYPHENS, "-", text)).strip(" ,;")):
        match = re.fullmatch(rf"{_MONTH}(?:/{_MONTH})?", item)
        numbers = [int(number) for number in match.groups() if number] if match else []
        if not match or not all(1 <= month <= MONTHS_OF_A_YEAR for month in numbers[1::2]):
            raise YearNotFound(f"⟨MONTHS⟩ holds '{item}': write months as 2001-01/2020-12 or 2001-01,2001-02.")
        first, last = _month_number(*numbers[:2]), _month_number(*numbers[-2:])
        if last < first:
            raise YearNotFound(f"⟨MONTHS⟩ holds '{item}', which runs backwards: write the first month first.")
        months.extend((index // MONTHS_OF_A_YEAR, index % MONTHS_OF_A_YEAR + 1) for index in range(first, last + 1))
    return months


def _month_number(year: int, month: int) -> int:
    return year * MONTHS_OF_A_YEAR + month - 1


def resolve_months(layers: list, months: str = "", years: str = "", allow_incomplete: bool = False,
                   season: Season = WHOLE_YEAR) -> MonthlySeries:
    """Find out which step is which month, and check that all lie on one grid.

    Parameters
    ----------
    layers : list of Layer
        Rasters of one band or several, in any order.
    months : str
        The months as the user wrote them, in the order of the steps; empty to find them in names.
    years : str
        Years of twelve steps each, in order, where names say no month.
    allow_incomplete : bool
        Whether a year may lack months.
    season : Season
        The months that make up a year.

    Raises
    ------
    YearNotFound, SeriesTooShort, GridMismatch, UnreadableRaster, InvalidParameter
        With the layers at fault and the way out.
    """
    if not layers:
        raise InvalidParameter("No raster was given. Choose one multi-band raster or one raster for each month.")
    steps, grids = steps_of(layers)
    for layer, grid in zip(layers[1:], grids[1:]):
        grids[0].require_same(grid, layers[0].name, layer.name)
    timed = _timed(steps, layers, months.strip(), years.strip())
    _require_single(timed)
    warning = _contradiction(steps, layers, timed, months.strip(), years.strip())
    ordered = sorted(timed, key=lambda step: (step.year, step.month))
    times = [(step.year, step.month) for step in ordered]
    groups = group_months(times, season=season, allow_incomplete=allow_incomplete)
    return MonthlySeries(tuple(ordered), grids[0], groups, (warning,) if warning else ())


def _timed(steps: list, layers: list, months: str, years: str) -> list:
    if months:
        given = parse_months(months)
        if len(given) != len(steps):
            raise YearNotFound(
                f"⟨MONTHS⟩ names {len(given)} months, but the series of '{layers[0].name}' has {len(steps)} steps. "
                f"Name one month for each step, in the order the rasters are given."
            )
        return [replace(step, year=year, month=month) for step, (year, month) in zip(steps, given)]
    if years:
        timed = with_given_years(steps, said_by_names(steps, layers, True), parse_years(years), monthly=True)
    else:
        stamps = said_by_names(steps, layers, monthly=True, strict=True)
        if all(stamp and stamp[1] for stamp in stamps):
            return [replace(step, year=year, month=month) for step, (year, month) in zip(steps, stamps)]
        lost = [step for step, stamp in zip(steps, stamps) if not (stamp and stamp[1])]
        if len(layers) > 1:
            raise YearNotFound(
                f"No single month could be read from the name of {labels_of(lost)}. {SETTLE}"
                f"{why_lost(lost, monthly=True)}"
            )
        timed = with_times(steps, layers, "", monthly=True)
    if not all(step.month for step in timed):
        raise YearNotFound(
            f"The series of '{layers[0].name}' has one step a year, or its names say no month. {SETTLE}"
        )
    return timed


def _contradiction(steps: list, layers: list, timed: list, months: str, years: str) -> str:
    """A warning where MONTHS or YEARS says otherwise than names do, or names say otherwise than time axes; else an
    empty text."""
    if not months:
        return contradiction(steps, layers, timed, years, True) if years else axis_contradiction(timed, layers)
    words = otherwise(timed, said_by_names(steps, layers, monthly=True))
    return GIVEN_HOLD.format("MONTHS", words, "months") if words else ""


def _require_single(steps: list) -> None:
    by_time: dict = {}
    for step in steps:
        by_time.setdefault(step.time, []).append(step.label)
    for time, labels in sorted(by_time.items()):
        if len(labels) > 1:
            raise YearNotFound(f"{listed(labels)} all say {time}. Keep one raster for each month, or set ⟨MONTHS⟩.")
