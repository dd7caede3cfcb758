"""What part of the change of a total is that of the land cover, and what part that of the values on it."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..carbon import TERAGRAM
from ..exact_sums import as_float
from .pair_sums import NO_PIXEL, PairSums
from .tables import KM2, label_of

PAIR_COLUMNS = (
    "from", "to", "from_label", "to_label", "pixels", "area_km2", "mean_start", "mean_end", "density_from",
    "density_to", "change_tg", "land_use_tg", "density_tg", "fallback",
)
TOTAL_COLUMNS = (
    "pixels", "area_km2", "changed_km2", "start_tg", "end_tg", "change_tg", "land_use_tg", "density_tg", "share",
)
CLASS_COLUMNS = (
    "class", "label", "area_start_km2", "area_end_km2", "density_start", "density_end", "density", "density_pixels",
    "fallback", "start_tg", "end_tg", "change_tg", "land_use_tg", "density_tg",
)

#: A change of the total below this share of the absolute changes of the pixels is none that anything could have a
#: share in.
_NOTHING = 1e-9


class Density(NamedTuple):
    """The value that stands for a class.

    Attributes
    ----------
    start, end : float
        At the first and at the last date, in the unit of the values.
    pixels : int
        Those that it is taken from, at the date at which they are fewer.
    fallback : bool
        Whether other pixels had to stand in: no pixel keeps the class, or there is none at one of the dates.
    """

    start: float
    end: float
    pixels: int
    fallback: bool

    @property
    def middle(self) -> float:
        """The mean of both dates."""
        return (self.start + self.end) / 2


class Pair(NamedTuple):
    """The pixels of a class at the first date and one at the last: their sums, and the parts of their change, in the
    unit of the values times m2."""

    before: int
    after: int
    sums: PairSums
    change: float
    land_use: float
    density: float


class Effect(NamedTuple):
    """The parts of the change of a total, in the unit of the values times m2; land_use + density = change.

    Attributes
    ----------
    pairs : list of Pair
        In order of the classes.
    densities : dict of int to Density
    whole : PairSums
        Of all pixels.
    change, land_use, density : float
    """

    pairs: list
    densities: dict
    whole: PairSums
    change: float
    land_use: float
    density: float

    @property
    def share(self) -> float:
        """The part of land use in percent of the change; NaN where the total does not change."""
        if abs(self.change) <= _NOTHING * as_float(self.whole.moved):
            return math.nan
        return 100.0 * self.land_use / self.change + 0.0  # no land use in a loss is 0, not -0


def class_densities(sums: dict, stable: bool) -> dict:
    """The value that stands for each class at the first and at the last date: sum of value x area over area.

    Parameters
    ----------
    sums : dict of (int, int) to PairSums
        By (class at the first date, at the last).
    stable : bool
        Whether only the pixels of a class on both dates stand for it; where there are none, all its pixels at a date
        do. A class that a date does not have has there the value of the other one.

    Returns
    -------
    dict of int to Density
        Of all classes that occur, ascending.
    """
    found = {}
    for code, (first, last) in members(sums).items():
        kept = sums.get((code, code))
        if stable and kept:
            found[code] = Density(kept.start / kept.area, kept.end / kept.area, kept.pixels, False)
            continue
        start, end = (part / one.area if one.pixels else None for part, one in ((first.start, first), (last.end, last)))
        found[code] = Density(
            end if start is None else start, start if end is None else end,
            min(one.pixels for one in (first, last) if one.pixels), stable or start is None or end is None,
        )
    return found


def members(sums: dict) -> dict:
    """By class, ascending, the sums of its pixels at the first date and of those at the last: int -> (PairSums,
    PairSums)."""
    found = {code: [NO_PIXEL, NO_PIXEL] for code in sorted({code for pair in sums for code in pair})}
    for (before, after), one in sums.items():
        found[before][0] += one
        found[after][1] += one
    return {code: tuple(both) for code, both in found.items()}


def land_cover_effect(sums: dict, stable: bool) -> Effect:
    """Split the change of a total: by land use, and by density.

    Land use has the part that the change of area would have had at the mean values of the classes, A (D_to - D_from);
    the rest of the change is that of the values themselves. Over all pairs this is the identity
    x1 y1 - x0 y0 = dx (y0 + y1) / 2 + dy (x0 + x1) / 2 of area x and value y of each class.

    Parameters
    ----------
    sums, stable
        As for `class_densities`; there is a pixel.

    Returns
    -------
    Effect
    """
    densities, pairs, whole = class_densities(sums, stable), [], NO_PIXEL
    for (before, after), one in sorted(sums.items()):
        change = as_float(one.end - one.start)
        land_use = as_float(one.area) * (densities[after].middle - densities[before].middle)
        pairs.append(Pair(before, after, one, change, land_use, change - land_use))
        whole = whole + one
    change, land_use = as_float(whole.end - whole.start), math.fsum(pair.land_use for pair in pairs)
    return Effect(pairs, densities, whole, change, land_use, change - land_use)


def pair_rows(effect: Effect, names: dict, teragram: float = TERAGRAM) -> list:
    """Rows of the table of pairs, `PAIR_COLUMNS`.

    Parameters
    ----------
    effect : Effect
    names : dict of int to str
        Class names.
    teragram : float
        How much of a total is one Tg of carbon, from `carbon.per_teragram`.

    Returns
    -------
    list of tuple
        One for each pair, unchanged classes among them, in order of the classes, and one of all pixels, which has no
        codes and is called "total". ``fallback`` is 1 where pixels stand in for one of the two classes.
    """
    rows = []
    for pair in effect.pairs:
        both = [effect.densities[code] for code in (pair.before, pair.after)]
        rows.append(
            (pair.before, pair.after, label_of(pair.before, names), label_of(pair.after, names))
            + _means(pair.sums) + (both[0].middle, both[1].middle)
            + _teragrams(pair, teragram) + (int(any(each.fallback for each in both)),)
        )
    some = int(any(density.fallback for density in effect.densities.values()))
    return [
        *rows,
        (None, None, "total", "total", *_means(effect.whole), None, None, *_teragrams(effect, teragram), some),
    ]


def total_row(effect: Effect, teragram: float = TERAGRAM) -> tuple:
    """The row of all pixels, `TOTAL_COLUMNS`; ``share`` is that of land use in the change in percent, None where the
    total does not change."""
    whole, changed = effect.whole, sum(pair.sums.area for pair in effect.pairs if pair.before != pair.after)
    return (
        whole.pixels, as_float(whole.area, KM2), as_float(changed, KM2), as_float(whole.start) / teragram,
        as_float(whole.end) / teragram, *_teragrams(effect, teragram),
        None if math.isnan(effect.share) else effect.share,
    )


def class_rows(effect: Effect, names: dict, teragram: float = TERAGRAM) -> list:
    """Rows of the table of classes, `CLASS_COLUMNS`: how much more or less of a class there is, times the mean of its
    density on both dates, and the rest of the change of its total. Both add up to those of all pairs."""
    rows, of_class = [], members({(pair.before, pair.after): pair.sums for pair in effect.pairs})
    for code, density in effect.densities.items():
        first, last = of_class[code]
        change = as_float(last.end - first.start)
        land_use = as_float(last.area - first.area) * density.middle
        rows.append(
            (code, label_of(code, names), as_float(first.area, KM2), as_float(last.area, KM2))
            + (density.start, density.end, density.middle, density.pixels, int(density.fallback))
            + (as_float(first.start) / teragram, as_float(last.end) / teragram)
            + _parts(change, land_use, teragram)
        )
    return rows


def _means(sums: PairSums) -> tuple:
    return sums.pixels, as_float(sums.area, KM2), sums.start / sums.area, sums.end / sums.area


def _teragrams(one: Pair | Effect, teragram: float) -> tuple:
    return _parts(one.change, one.land_use, teragram)


def _parts(change: float, land_use: float, teragram: float) -> tuple:
    """Change, land use and density in Tg: the last is the difference of the others as they are written."""
    change, land_use = change / teragram, land_use / teragram
    return change, land_use, change - land_use
