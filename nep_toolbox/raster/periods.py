"""Finding year and season of the steps of a series that has several steps a year."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Callable

from ..errors import SeriesTooShort, YearNotFound
from .series import Series, steps_of
from .times import (
    GIVEN_HOLD,
    MONTHS,
    SETTLE,
    axis_contradiction,
    contradiction,
    labels_of,
    otherwise,
    require_different_times,
    said_by_names,
    why_lost,
    with_given_years,
)
from .wording import counted, joined, listed
from .years import parse_years, range_in, stamps_that_differ, without_times

_NO_YEARS = "No single year could be read from the name of {}. {}{}"
_ONE_A_YEAR = (
    "The series of '{}' has one time step a year, and so no seasons. The tool ⟨nep:trend⟩ tests such a series."
)
_OTHER_COUNT = (
    "⟨PERIOD⟩ asks for {0} in every year, but the series of '{1}' has {2}. {3} the missing rasters, leave out years "
    "that are not whole, or set ⟨YEARS⟩ if names do not say the years."
)
_MORE_A_YEAR = (
    "{} all say {}, and the series has {} a year. Set ⟨PERIOD⟩ to {}; or if it is monthly, keep one raster for each "
    "month."
)
_NO_MONTH = (
    "The names of {} say no month, while others of the series do. Leave these rasters out if they are of whole years, "
    "or give them names with year and month (2001_01)."
)
_GIVEN_COUNT = (
    "⟨YEARS⟩ names {}, of {} each by ⟨PERIOD⟩, but the series of '{}' has {}. Name the years that the series has, each "
    "once."
)
_OTHER_MONTHS = (
    "'{}' and '{}' are taken for one season, as each is number {} of its year, but they are of different months. If "
    "the seasons are months, set ⟨PERIOD⟩ to 12: years may then lack some."
)
_OTHER_NAMES = (
    "'{}' and '{}' are taken for one season, as each is number {} of its year in the order of names, but their names "
    "are not alike. If they are of different seasons, give the rasters in the order of time and set ⟨YEARS⟩."
)
_SHORT = (
    "The series of '{}' has {}, but ⟨MIN_OBSERVATIONS⟩ asks for {} values of a season. Add the missing years or lower "
    "⟨MIN_OBSERVATIONS⟩."
)


@dataclass(frozen=True)
class SeasonalSeries:
    """A series and where its steps lie in their years.

    Attributes
    ----------
    series : Series
        Its steps in the order of time.
    places : tuple of (int, int)
        For each step its year, as the index among ``series.years``, and its season, counted from 0.
    """

    series: Series
    places: tuple

    @property
    def seasons(self) -> list:
        """The seasons that occur, counted from 1."""
        return sorted({season + 1 for _year, season in self.places})

    @property
    def incomplete(self) -> list:
        """Those of them that lack a step in one of the years."""
        counts = Counter(season + 1 for _year, season in self.places)
        return [season for season in self.seasons if counts[season] < len(self.series.years)]

    def require_years(self, count: int) -> None:
        """Raise SeriesTooShort if no season has ``count`` steps, which ⟨MIN_OBSERVATIONS⟩ asks for."""
        if max(Counter(season for _year, season in self.places).values()) < count:
            years = counted(len(self.series.years), "year")
            raise SeriesTooShort(_SHORT.format(self.series.name, years, count))


def resolve_periods(layers: list, period: int, years: str = "") -> SeasonalSeries:
    """Find out year and season of each step, and check that all lie on one grid.

    Where there are twelve seasons and every step says its month, the season is the month, and months may lack. Else
    every year has ``period`` steps, whose order in the year is that of their months, names and bands; with ``years`` it
    is the order in which they are given.

    Parameters
    ----------
    layers : list of Layer
        Rasters of one band or several.
    period : int
        Number of seasons, 2 or more.
    years : str
        Years of ``period`` steps each, as the user wrote them; empty to find them in names and time axes.

    Raises
    ------
    YearNotFound, GridMismatch, UnreadableRaster, InvalidParameter
        With the layers at fault and the way out.
    """
    steps, grids = steps_of(layers)
    for layer, grid in zip(layers[1:], grids[1:]):
        grids[0].require_same(grid, layers[0].name, layer.name)
    if years.strip():
        timed, warning = _with_given_years(steps, layers, period, years)
    else:
        timed = _with_said_years(steps, layers, period)
        warning = axis_contradiction(timed, layers)
    warnings = [warning]
    if len({step.year for step in timed}) == len(timed):
        raise YearNotFound(_ONE_A_YEAR.format(timed[0].layer.name))
    if period == MONTHS and all(step.month for step in timed):
        _require_one_a_month(timed)
        timed.sort(key=lambda step: (step.year, step.month))
        seasons = [step.month - 1 for step in timed]
    else:
        if not years.strip():
            timed.sort(key=_order_of(timed))
        _require_count(timed, period)
        timed.sort(key=lambda step: step.year)
        if not years.strip():
            timed = _as_described(timed, period)
            warnings.append(_unlike(timed, period))
        seasons = list(range(period)) * (len(timed) // period)
        timed = [replace(step, month=0) for step in timed]
    series = Series(tuple(timed), grids[0], period, tuple(filter(None, warnings)))
    index = {year: place for place, year in enumerate(series.years)}
    return SeasonalSeries(series, tuple((index[step.year], season) for step, season in zip(timed, seasons)))


def _with_given_years(steps: list, layers: list, period: int, years: str) -> tuple:
    """The steps with the years, and months where the names of a monthly series say them, as given; and a warning where
    names say otherwise."""
    given, stamps = parse_years(years), said_by_names(steps, layers, monthly=period == MONTHS)
    if len(steps) != period * len(given) or len(set(given)) < len(given):
        raise YearNotFound(_GIVEN_COUNT.format(
            counted(len(given), "year"), counted(period, "step"), layers[0].name, counted(len(steps), "time step")
        ))
    if period == MONTHS:
        timed = with_given_years(steps, stamps, given, monthly=True)
        return timed, contradiction(steps, layers, timed, years, monthly=True)
    timed = [replace(step, year=given[place // period], month=0) for place, step in enumerate(steps)]
    words = otherwise(timed, stamps)
    return timed, GIVEN_HOLD.format("YEARS", words, "years") if words else ""


def _with_said_years(steps: list, layers: list, period: int) -> list:
    """The steps with the years and months that names and time axes say; 0 where they say no month."""
    said = said_by_names(steps, layers, monthly=period == MONTHS, strict=True)
    titles, files = (stamps_that_differ(names) for names in zip(*((each.name, each.base_name) for each in layers)))
    whole = {layer: title or file for layer, title, file in zip(layers, titles, files)}
    found: list = []
    for layer, group in groupby(zip(steps, said), key=lambda pair: pair[0].layer):
        own = [stamp for _step, stamp in group]
        found += own if all(own) else _years_of_bands(layer, len(own), period, whole[layer]) or own
    lost = [step for step, stamp in zip(steps, found) if stamp is None]
    if lost:
        raise YearNotFound(_NO_YEARS.format(labels_of(lost), SETTLE, why_lost(lost, monthly=True)))
    return [replace(step, year=year, month=month or 0) for step, (year, month) in zip(steps, found)]


def _years_of_bands(layer, count: int, period: int, stamp: tuple | None) -> list | None:
    """The times of ``count`` bands by the years, or the year, in the name of their layer; None where it says none."""
    for name in (layer.name, layer.base_name):
        span = None if count % period else range_in(name, count // period)
        if span:
            return [(year, None) for year in span for _ in range(period)]
    return [(stamp[0], None)] * count if stamp else None


def _order_of(steps: list) -> Callable:
    """What to sort steps by: the year, the month if each says one, and the name with numbers by their size; the bands
    of a layer stay in order."""
    months = all(step.month for step in steps)  # else of 1 to 23 the first twelve would be months

    def order(step) -> tuple:
        parts = re.split(r"(\d+)", step.layer.name)
        parts[1::2] = map(int, parts[1::2])
        return step.year, step.month if months else 0, parts

    return order


def _as_described(steps: list, period: int) -> list:
    """The steps, those of each year in the order of the first year by their descriptions: where they say no months, and
    have the same descriptions in all years, each once a year."""
    said = [tuple(_words(step.description)) for step in steps]
    usual = dict.fromkeys(said[:period])
    if all(step.month for step in steps) or len(usual) < period:
        return steps
    found: list = []
    for start in range(0, len(steps), period):
        year = dict(zip(said[start : start + period], steps[start : start + period]))
        if year.keys() != usual.keys():
            return steps
        found += [year[each] for each in usual]
    return found


def _unlike(steps: list, period: int) -> str:
    """A warning where steps of two years that have one place in their years are of different months, or rasters whose
    names differ by more than the time; empty where none are.

    Composites of days, more than twelve a year, change their months in leap years; they are told by their dates.
    """
    months = all(step.month for step in steps)
    if months and period > MONTHS:
        return ""
    for place, step in enumerate(steps):
        first = steps[place % period]
        if step.month != first.month or not months and _rest(step) != _rest(first):
            said = _OTHER_MONTHS if months else _OTHER_NAMES
            return said.format(first.label, step.label, place % period + 1)
    return ""


def _rest(step) -> list:
    """What the name of a raster of one band says beside its time: which season it is."""
    return _words(step.layer.name) if step.band_count == 1 else []


def _words(name: str) -> list:
    """The words of a name, without its times."""
    return re.findall(r"\w+", without_times(name).casefold())


def _require_one_a_month(steps: list) -> None:
    """Raise YearNotFound if two steps are of one month: of a series with more than twelve steps a year, say so."""
    usual = _usual(Counter(step.year for step in steps))
    doubled = [time for time, count in Counter(step.time for step in steps).items() if count > 1]
    if usual > MONTHS and doubled:
        first = min(doubled)
        labels = listed([step.label for step in steps if step.time == first])
        raise YearNotFound(_MORE_A_YEAR.format(labels, first, counted(usual, "time step"), usual))
    require_different_times(steps, monthly=True)


def _usual(counts: Counter) -> int:
    """The number of steps that most years have; the smallest of those that are as frequent."""
    return Counter(sorted(counts.values())).most_common(1)[0][0]


def _require_count(steps: list, period: int) -> None:
    """Raise YearNotFound unless every year has ``period`` steps."""
    counts = Counter(step.year for step in steps)
    wrong = {year: count for year, count in sorted(counts.items()) if count != period}
    if not wrong:
        return
    nameless = [step for step in steps if not step.month]
    if period == MONTHS and len(nameless) < len(steps):
        raise YearNotFound(_NO_MONTH.format(labels_of(nameless)))
    name, usual = steps[0].layer.name, _usual(counts)
    found = joined([f"{count} in {year}" for year, count in wrong.items()])
    way_out = f"Set ⟨PERIOD⟩ to {usual}, add" if usual != period else "Add"
    raise YearNotFound(_OTHER_COUNT.format(counted(period, "time step"), name, found, way_out))
