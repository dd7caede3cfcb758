"""Which dates are compared, and the values of which years stand for them."""

from __future__ import annotations

from typing import NamedTuple

from ...core.nearest_years import nearest_years
from ...errors import InvalidParameter
from ...framework.texts import tr
from ...raster.wording import joined


class Dates(NamedTuple):
    """The two dates of the land cover, and for each the years whose mean value stands for it."""

    first: int
    last: int
    before: tuple
    after: tuple


def effect_dates(series: list, landcover: list, first: int | None, last: int | None, window: int) -> Dates:
    """Find the dates to compare.

    Parameters
    ----------
    series, landcover : lists of int
        The years of the values, and the dates of the land cover, ascending.
    first, last : int, optional
        FROM_YEAR and TO_YEAR; by default the first and the last year that both have.
    window : int
        How many years stand for a date: those nearest to it, of two that are as near the earlier one.

    Raises
    ------
    InvalidParameter
        Where a date is lacking, or the years of both dates meet.
    """
    common = [year for year in landcover if year in series]
    for key, year in (("FROM_YEAR", first), ("TO_YEAR", last)):
        if year is not None and year not in common:
            raise InvalidParameter(_lacking(key, year, series, landcover, common))
    if len(common) < 2:
        raise InvalidParameter(
            tr("Two dates are compared that have land cover and values, and there {} {}. The land cover is of {}, the "
               "values are of {}. Give both for two years; where a map stands for another year than its name says, "
               "⟨LANDCOVER_YEARS⟩ sets it.").format(
                *(("is", tr("one, {}").format(common[0])) if common else ("are", tr("none"))),
                joined([*map(str, landcover)], 12), joined([*map(str, series)], 12),
            )
        )
    first, last = common[0] if first is None else first, common[-1] if last is None else last
    if first >= last:
        raise InvalidParameter(
            tr("The first date, {}, must lie before the last, {}. Mend ⟨FROM_YEAR⟩ or ⟨TO_YEAR⟩; both have {}.").format(
                first, last, joined([*map(str, common)], 12)
            )
        )
    before, after = (nearest_years(series, year, window) for year in (first, last))
    if before[-1] >= after[0]:
        raise InvalidParameter(
            tr("The {} years nearest to {} and those nearest to {} meet. Lower ⟨WINDOW⟩, or take dates that lie "
               "further apart.").format(window, first, last)
        )
    return Dates(first, last, before, after)


def years_text(years: tuple) -> str:
    """Years as a sentence has them: 2001-2005, or one by one where some between are lacking."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}-{years[-1]}"
    return joined([*map(str, years)], 12)


def _lacking(key: str, year: int, series: list, landcover: list, common: list) -> str:
    lacking = tr("neither the land cover nor the series has")
    if year in series:
        lacking = tr("the land cover does not have")
    elif year in landcover:
        lacking = tr("the series does not have")
    dates = tr("Years that both have: {}.").format(joined([*map(str, common)], 12) if common else tr("none"))
    return tr("⟨{}⟩ is {}, which {}. {} Take one of them; where a map stands for another year than its name says, "
              "⟨LANDCOVER_YEARS⟩ sets it.").format(key, year, lacking, dates)
