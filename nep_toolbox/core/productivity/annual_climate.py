"""From months to years."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from ...errors import SeriesTooShort, YearNotFound
from ..checkpoint import checkpoint
from .blocks import sums_of_steps

MONTHS = 12


class Statistic(IntEnum):
    """What the months of a year become."""

    MEAN = 0
    SUM = 1
    MINIMUM = 2
    MAXIMUM = 3


class Season(NamedTuple):
    """The months from ``first`` to ``last``, both included. Where they cross the end of a year, the season is one of
    the year in which it ends."""

    first: int = 1
    last: int = MONTHS

    @property
    def crosses(self) -> bool:
        """Whether it begins in one year and ends in the next."""
        return self.first > self.last

    @property
    def months(self) -> tuple:
        """Its months in the order of time."""
        count = (self.last - self.first) % MONTHS + 1
        return tuple((self.first - 1 + place) % MONTHS + 1 for place in range(count))

    def year_of(self, year: int, month: int) -> int:
        """The year of the season that a month belongs to."""
        return year + 1 if self.crosses and month >= self.first else year

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


WHOLE_YEAR = Season()

#: How months are put together, and what stands for one that is missing.
_COMBINE = {
    Statistic.MEAN: (np.add, 0.0), Statistic.SUM: (np.add, 0.0), Statistic.MINIMUM: (np.minimum, np.inf),
    Statistic.MAXIMUM: (np.maximum, -np.inf),
}


_LACKING = (
    "These months are missing: {}. Add them, leave their years out, or set ⟨ALLOW_INCOMPLETE⟩ to use the months there "
    "are."
)
_NO_YEAR = "No year has the months of the season {} ({}). Add the months it lacks, or choose another ⟨SEASON⟩."


def annual_value(months, statistic: Statistic, *, allow_incomplete: bool = False) -> np.ndarray:
    """Mean, sum, minimum or maximum of the months of one year.

    Parameters
    ----------
    months : array (m, ...)
        One raster for each month there is; NaN and infinite values are missing.
    statistic : Statistic
        The mean is the plain mean of the months, whatever their number of days.
    allow_incomplete : bool
        Whether a pixel takes the months it has. Otherwise one missing month makes its year missing. An incomplete sum
        is the sum of the months there are: it is not scaled up.

    Returns
    -------
    float64 array (...)
        In the unit of the months; NaN where there is no value.
    """
    combine, neutral = _COMBINE[Statistic(statistic)]
    value = np.full(np.shape(months)[1:], neutral)
    count = np.zeros(value.shape, dtype=np.int16)
    for month in months:
        checkpoint()
        present = np.isfinite(month)
        combine(value, np.where(present, month, neutral), out=value)
        count += present
    if Statistic(statistic) is Statistic.MEAN:
        value /= np.maximum(count, 1)
    least = 1 if allow_incomplete else len(months)
    return np.where(count >= least, value, np.nan)


def group_months(steps, *, season: Season = WHOLE_YEAR, allow_incomplete: bool = False) -> dict:
    """Which steps make up each year, or the season of each year.

    Parameters
    ----------
    steps : sequence of (int, int)
        Year and month (1 to 12) of each step, in any order.
    season : Season
    allow_incomplete : bool
        Whether a year may lack months.

    Returns
    -------
    dict of int to list of int
        Years in order, each with the indexes of its steps in the order of time. A year without any month of the season
        is none of them; nor is, unless a year may lack months, one whose season begins or ends in a calendar year of
        which there is no month at all: the first and the last, where the series begins in January and ends in December.

    Raises
    ------
    YearNotFound
        Where a month is given twice or is none of 1 to 12.
    SeriesTooShort
        Where a year lacks months; it names them all.
    """
    positions: dict = {}
    for index, (year, month) in enumerate(steps):
        if not 1 <= month <= MONTHS:
            raise YearNotFound(
                f"{year}-{month:02d} is no month: months go from 1 to 12. Correct the names or ⟨MONTHS⟩."
            )
        if (year, month) in positions:
            raise YearNotFound(
                f"The month {year}-{month:02d} is given twice, by rasters {positions[year, month] + 1} and {index + 1} "
                "of the list. Leave one out, or settle the months with ⟨MONTHS⟩."
            )
        positions[year, month] = index
    wanted = {
        year: [(year - (month > season.last), month) for month in season.months]
        for year in sorted({season.year_of(*time) for time in positions if time[1] in season.months})
    }
    if not allow_incomplete:
        wanted = _of_both_years(wanted, positions)
        lacking = [time for times in wanted.values() for time in times if time not in positions]
        if lacking:
            raise SeriesTooShort(_LACKING.format(", ".join(f"{year}-{month:02d}" for year, month in lacking)))
    if not wanted:
        raise SeriesTooShort(_NO_YEAR.format(season, ", ".join(map(str, season.months))))
    return {year: [positions[time] for time in times if time in positions] for year, times in wanted.items()}


def _of_both_years(wanted: dict, positions: dict) -> dict:
    """The seasons of calendar years that are in the series, both where they cross the end of one."""
    there = {year for year, _month in positions}
    return {year: times for year, times in wanted.items() if there.issuperset(year for year, _month in times)}


def annual_block(stack, *, groups, statistic: Statistic, allow_incomplete: bool = False) -> dict:
    """The years of a block of months.

    Parameters
    ----------
    stack : array (months, ...)
    groups : sequence of sequences of int
        For each year the indexes of its months in the stack, as the values of `group_months`.
    statistic, allow_incomplete
        As for `annual_value`.

    Returns
    -------
    dict
        ``annual``, an array (years, ...) of `annual_value`, and ``sums``, its `sums_of_steps`.
    """
    annual = np.stack([
        annual_value(stack[list(group)], statistic, allow_incomplete=allow_incomplete) for group in groups
    ])
    return {"annual": annual, "sums": sums_of_steps(annual)}
