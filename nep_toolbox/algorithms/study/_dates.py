"""Years, dates and stages of a study, as a user writes them or as they are chosen."""

from __future__ import annotations

import re

import numpy as np

from ...errors import YearNotFound
from ...raster.wording import joined
from ...raster.years import COMMAS, parse_years

#: How many are taken where the user says nothing.
MAP_YEARS, LANDCOVER_DATES, DETECTOR_YEARS, STAGES = 5, 5, 4, 3

_LACKING = "⟨{}⟩ holds {}, which {} not have: there are {}. Choose among these, or leave it empty."
_BEYOND = "⟨STAGES⟩ holds {}, and the series has no {} in it. Its years are {} to {}."
_ORDER = "⟨STAGES⟩ holds {} after {}: write stages one after the other, without overlap."


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


def stages_of(text: str, years: list) -> list:
    """The stages a user wrote, or thirds of the series: pairs of their first and last years.

    Raises
    ------
    YearNotFound
        If a stage has a year in which the series does not begin or end, or they are out of order.
    """
    if not text.strip():
        parts = np.array_split(np.array(years), min(STAGES, max(1, len(years) // 2)))
        return [(int(part[0]), int(part[-1])) for part in parts]
    stages: list = []
    for item in re.split(COMMAS, text.strip(" ,;")):
        span = parse_years(item, "STAGES")
        first, last = span[0], span[-1]
        for year in (first, last):
            if year not in years:
                raise YearNotFound(_BEYOND.format(item, year, years[0], years[-1]))
        if stages and first <= stages[-1][1]:
            raise YearNotFound(_ORDER.format(item, "{}-{}".format(*stages[-1])))
        stages.append((first, last))
    return stages
