"""Intensity of land-cover change, after Aldwaik and Pontius (2012), doi:10.1016/j.landurbplan.2012.02.010.

Three levels: how fast an interval changes beside all of them together, how strongly each class gains and loses beside
the interval, and which classes a gaining class takes from, and a losing class gives to, beside all it could. Rates are
in percent a year. They are quotients of exact sums of areas, rounded once, and are compared without rounding: equal
rates are never told apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..checkpoint import checkpoint
from ..exact_sums import as_float
from .tables import KM2, label_of

INTERVAL_COLUMNS = ("from_year", "to_year", "s", "u", "fast", "change_km2", "area_km2")
CATEGORY_COLUMNS = (
    "from_year", "to_year", "class", "label", "gain", "loss", "s", "gain_active", "loss_active", "gain_km2", "loss_km2",
)
PAIR_COLUMNS = (
    "from_year", "to_year", "from_class", "to_class", "from_label", "to_label", "r", "w", "targeted_gain", "q", "v",
    "targeted_loss", "area_km2",
)


class Rate(NamedTuple):
    """A part of an area that changes in some years; both areas exact, in the unit of `exact_sums`."""

    part: int
    whole: int
    years: int

    @property
    def percent(self) -> float | None:
        """Percent a year; None of no area."""
        return 100 * self.part / (self.whole * self.years) if self.whole else None

    def exceeds(self, other: Rate) -> int | None:
        """1 where this rate is the larger one, 0 where it is not, None where one of them is of no area."""
        if not self.whole or not other.whole:
            return None
        return int(self.part * other.whole * other.years > other.part * self.whole * self.years)


class Interval(NamedTuple):
    """The change between two dates; areas are exact, in the unit of `exact_sums`.

    Attributes
    ----------
    first, last : int
        Years.
    flows : dict of (int, int) to int
        Area of each transition, unchanged areas included.
    start, end : dict of int to int
        Area of each class at both dates.
    lost, gained : dict of int to int
        Area of each class that another takes, and that was another's.
    whole, changed : int
    """

    first: int
    last: int
    flows: dict
    start: dict
    end: dict
    lost: dict
    gained: dict
    whole: int
    changed: int

    @property
    def years(self) -> int:
        """How many years lie between the dates."""
        return self.last - self.first

    @property
    def rate(self) -> Rate:
        """S: the change of the interval."""
        return Rate(self.changed, self.whole, self.years)

    def gain(self, code: int) -> Rate:
        """G: the gain of a class, of its area at the end."""
        return Rate(self.gained.get(code, 0), self.end.get(code, 0), self.years)

    def loss(self, code: int) -> Rate:
        """L: the loss of a class, of its area at the start."""
        return Rate(self.lost.get(code, 0), self.start.get(code, 0), self.years)

    def taken(self, before: int, after: int) -> Rate:
        """R: what ``after`` takes from ``before``, of the area that ``before`` has at the start."""
        return Rate(self.flows.get((before, after), 0), self.start.get(before, 0), self.years)

    def taken_from_all(self, after: int) -> Rate:
        """W: what ``after`` takes from all others, of the area that they have at the start."""
        return Rate(self.gained.get(after, 0), self.whole - self.start.get(after, 0), self.years)

    def given(self, before: int, after: int) -> Rate:
        """Q: what ``before`` gives to ``after``, of the area that ``after`` has at the end."""
        return Rate(self.flows.get((before, after), 0), self.end.get(after, 0), self.years)

    def given_to_all(self, before: int) -> Rate:
        """V: what ``before`` gives to all others, of the area that they have at the end."""
        return Rate(self.lost.get(before, 0), self.whole - self.end.get(before, 0), self.years)


def intervals_of(transitions: list, years) -> list:
    """The intervals between dates.

    Parameters
    ----------
    transitions : list of n-1 dict
        (from class, to class) -> `transitions.Tally`, over the pixels that have a class on all dates.
    years : sequence of n int
        Ascending.

    Returns
    -------
    list of n-1 Interval
    """
    found = []
    for first, last, counts in zip(years, years[1:], transitions):
        start, end, lost, gained = {}, {}, {}, {}
        for (before, after), tally in counts.items():
            start[before] = start.get(before, 0) + tally.area
            end[after] = end.get(after, 0) + tally.area
            if before != after:
                lost[before] = lost.get(before, 0) + tally.area
                gained[after] = gained.get(after, 0) + tally.area
        flows = {pair: tally.area for pair, tally in counts.items()}
        found.append(
            Interval(first, last, flows, start, end, lost, gained, sum(start.values()), sum(lost.values()))
        )
    return found


def uniform_rate(intervals: list) -> Rate:
    """U: the change of all intervals together, as if it were spread evenly over the years."""
    return Rate(
        sum(each.changed for each in intervals), intervals[0].whole, intervals[-1].last - intervals[0].first
    )


def classes_of(intervals: list) -> list:
    """The classes that occur at a date, ascending."""
    return sorted({code for each in intervals for code in (*each.start, *each.end)})


def interval_rows(intervals: list) -> list:
    """Rows of the first level, `INTERVAL_COLUMNS`: one for each interval.

    ``s`` and ``u`` are in percent of the area a year; ``fast`` is 1 where s is above u. None of no area.
    """
    uniform = uniform_rate(intervals)
    return [
        (each.first, each.last, each.rate.percent, uniform.percent, each.rate.exceeds(uniform),
         as_float(each.changed, KM2), as_float(each.whole, KM2))
        for each in intervals
    ]


def category_rows(intervals: list, names: dict) -> list:
    """Rows of the second level, `CATEGORY_COLUMNS`: one for each interval and class.

    ``gain`` is in percent a year of the area of the class at the end, ``loss`` of that at the start; each is active, 1,
    where it is above ``s``, the rate of the interval. None of a class without area.
    """
    classes = classes_of(intervals)
    return [
        (each.first, each.last, code, label_of(code, names), gain.percent, loss.percent, each.rate.percent,
         gain.exceeds(each.rate), loss.exceeds(each.rate),
         as_float(each.gained.get(code, 0), KM2), as_float(each.lost.get(code, 0), KM2))
        for each in intervals for code in classes for gain, loss in [(each.gain(code), each.loss(code))]
    ]


def pair_rows(intervals: list, names: dict) -> list:
    """Rows of the third level, `PAIR_COLUMNS`: one for each interval and two different classes, also where none changes
    into the other.

    ``r``, what ``to_class`` takes of the area of ``from_class`` at the start, is beside ``w``, what it takes of all
    others'; ``q``, what ``from_class`` gives of the area of ``to_class`` at the end, beside ``v``, what it gives of all
    others'. In percent a year; targeted, 1, where the first is above the second. None of no area.
    """
    return [row for each in intervals for row in _pairs(each, classes_of(intervals), names)]


def always_active(intervals: list) -> tuple:
    """The classes whose gain, and those whose loss, is active in every interval: two lists."""
    classes = classes_of(intervals)
    return tuple(
        [code for code in classes if all(rate(each, code).exceeds(each.rate) for each in intervals)]
        for rate in (Interval.gain, Interval.loss)
    )


def _pairs(interval: Interval, classes: list, names: dict) -> Iterator[tuple]:
    of_all = {code: (interval.taken_from_all(code), interval.given_to_all(code)) for code in classes}
    for before in classes:
        checkpoint()
        for after in classes:
            if before == after:
                continue
            taken, given = interval.taken(before, after), interval.given(before, after)
            from_all, to_all = of_all[after][0], of_all[before][1]
            yield (
                interval.first, interval.last, before, after, label_of(before, names), label_of(after, names),
                taken.percent, from_all.percent, taken.exceeds(from_all),
                given.percent, to_all.percent, given.exceeds(to_all),
                as_float(interval.flows.get((before, after), 0), KM2),
            )
