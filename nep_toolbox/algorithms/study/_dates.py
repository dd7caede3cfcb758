"""Years and dates of a study, as a user writes them or as they are chosen."""

from __future__ import annotations

import numpy as np

from ...errors import YearNotFound
from ...raster.wording import joined
from ...raster.years import parse_years

#: How many are taken where the user says nothing.
MAP_YEARS, LANDCOVER_DATES, DETECTOR_YEARS = 5, 5, 4

_LACKING = "⟨{}⟩ holds {}, which {} not have: there are {}. Choose among these, or leave it empty."


def spread(values, count: int) -> list:
    """At most so many of some values, evenly spread, the first and the last among them."""
    values = list(values)
    if len(values) <= count:
        return values
    return [values[place] for place in np.rint(np.linspace(0, len(values) - 1, count)).astype(int)]


def chosen_years(text: str, key: str, there: list, whose: str, count: int) -> list:
    """The years a user wrote in the parameter ``key``, ascending, or some of those that are there.

    Raises
    ------
    YearNotFound
        If one of them is not there.
    """
    if not text.strip():
        return spread(there, count)
    years = sorted(set(parse_years(text, key)))
    lacking = [str(year) for year in years if year not in there]
    if lacking:
        raise YearNotFound(_LACKING.format(key, joined(lacking), whose, joined([str(year) for year in there], 30)))
    return years
