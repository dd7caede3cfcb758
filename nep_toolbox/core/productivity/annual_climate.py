"""From months to years."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from ...errors import SeriesTooShort, YearNotFound
from ..checkpoint import checkpoint

MONTHS = 12


class Statistic(IntEnum):
    """What the twelve months become."""

    MEAN = 0
    SUM = 1


def annual_value(months, statistic: Statistic, *, allow_incomplete: bool = False) -> np.ndarray:
    """Mean or sum of the months of one year.

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
    total = np.zeros(np.shape(months)[1:])
    count = np.zeros(total.shape, dtype=np.int16)
    for month in months:
        checkpoint()
        present = np.isfinite(month)
        total += np.where(present, month, 0.0)
        count += present
    if Statistic(statistic) is Statistic.MEAN:
        total /= np.maximum(count, 1)
    least = 1 if allow_incomplete else len(months)
    return np.where(count >= least, total, np.nan)


def group_months(steps, *, allow_incomplete: bool = False) -> dict:
    """Which steps make up each year.

    Parameters
    ----------
    steps : sequence of (int, int)
        Year and month (1 to 12) of each step, in any order.
    allow_incomplete : bool
        Whether a year may lack months.

    Returns
    -------
    dict of int to list of int
        Years in order, each with the indexes of its steps from January to December.

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
    years = sorted({year for year, _ in positions})
    lacking = [
        f"{year}-{month:02d}" for year in years for month in range(1, MONTHS + 1) if (year, month) not in positions
    ]
    if lacking and not allow_incomplete:
        raise SeriesTooShort(
            f"These months are missing: {', '.join(lacking)}. Add them, leave their years out, or set "
            "⟨ALLOW_INCOMPLETE⟩ to use the months there are."
        )
    return {
        year: [positions[year, month] for month in range(1, MONTHS + 1) if (year, month) in positions] for year in years
    }


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
        ``annual``, an array (years, ...) of `annual_value`.
    """
    return {"annual": np.stack([
        annual_value(stack[list(group)], statistic, allow_incomplete=allow_incomplete) for group in groups
    ])}
