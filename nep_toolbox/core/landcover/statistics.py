"""Statistics of a value series by land-cover class."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..carbon import TERAGRAM
from ..checkpoint import checkpoint
from ..zonal.reduction import PATCH
from ..zonal.statistics import ZonalSums, empty_sums, zonal_sums
from .tables import KM2, label_of
from .transitions import UNTITLED, whole_classes

COLUMNS = ("year", "class", "label", "pixels", "area_km2", "mean", "std", "total", "total_tg")


class LandCoverSums(NamedTuple):
    """Sums of each year and class over a part of the rasters; parts are joined with `merge`.

    Attributes
    ----------
    classes : tuple of int
        Sorted class codes that occur in the part.
    sums : ZonalSums
        Arrays (years, classes).
    """

    classes: tuple
    sums: ZonalSums

    def merge(self, other: LandCoverSums) -> LandCoverSums:
        """The sums of two disjoint parts together."""
        classes = tuple(sorted({*self.classes, *other.classes}))
        return LandCoverSums(classes, self._spread(classes).merge(other._spread(classes)))

    def _spread(self, classes: tuple) -> ZonalSums:
        """The sums with a place for every one of ``classes``."""
        if classes == self.classes:
            return self.sums
        result = empty_sums(len(self.sums.count), len(classes))
        places = [classes.index(code) for code in self.classes]
        for whole, part in zip(result, self.sums):
            whole[..., places] = part
        return result


def landcover_sums(values, landcover, which, area, titles=()) -> LandCoverSums:
    """Sums of one block.

    Parameters
    ----------
    values : float array (n, rows, cols)
        The value of n years; NaN is missing.
    landcover : array (m, rows, cols)
        Land-cover classes of m dates; NaN is missing.
    which : sequence of n int
        For each year the index of its land cover; see `landcover.landcover_year`.
    area : array (rows, 1) or (rows, cols)
        Area of the pixels (m2).
    titles : sequence of m str, optional
        What to call each date of the land cover in an error.

    Returns
    -------
    LandCoverSums
        Over the pixels valid in both.

    Raises
    ------
    InvalidParameter
        Where a class is not a whole number within 32 bits.
    """
    values = np.asarray(values)
    titles = titles or [UNTITLED] * len(landcover)
    dates = {date: whole_classes(landcover[date], titles[date]) for date in sorted(set(which))}
    classes = np.unique(np.concatenate([np.unique(codes[valid]) for codes, valid in dates.values()]))
    zones = {
        date: np.where(valid, np.searchsorted(classes, codes), -1).ravel() for date, (codes, valid) in dates.items()
    }
    area = np.broadcast_to(area, values.shape[1:]).ravel()
    result = empty_sums(len(values), len(classes))
    for date, zone in zones.items():
        years = np.flatnonzero(np.asarray(which) == date)
        part = zonal_sums(values[years].reshape(len(years), -1), area, zone, len(classes))
        for whole, of_date in zip(result, part):
            whole[..., years, :] = of_date
    return LandCoverSums(tuple(classes.tolist()), result)


def landcover_patches(values, landcover, which, area, titles=()) -> list:
    """`landcover_sums` of the patches of a block (see `zonal.reduction`), a list for each strip of them.

    The arguments are those of `landcover_sums`.
    """
    (rows, cols), (tall, wide) = values.shape[1:], PATCH
    area = np.broadcast_to(area, (rows, cols))

    def sums(down: slice, across: slice) -> LandCoverSums:
        checkpoint()
        return landcover_sums(values[:, down, across], landcover[:, down, across], which, area[down, across], titles)

    return [
        [
            sums(down, across)
            for across in (slice(left, left + wide) for left in range(0, cols, wide))
        ]
        for down in (slice(top, top + tall) for top in range(0, rows, tall))
    ]


class LandCoverTotal:
    """The sums of all blocks, which must come row of blocks after row of blocks, each from left to right."""

    def __init__(self, years: int):
        self.sums = LandCoverSums((), empty_sums(years, 0))
        self._nothing = self.sums
        self._strips: list = []

    def add(self, strips: list, last: bool) -> None:
        """Join the patches of the next block; ``last`` tells that it is the last one of its row of blocks."""
        self._strips += [self._nothing] * (len(strips) - len(self._strips))
        for place, line in enumerate(strips):
            checkpoint()
            for patch in line:
                self._strips[place] = self._strips[place].merge(patch)
        if last:
            for strip in self._strips:
                self.sums = self.sums.merge(strip)
            self._strips = []


def statistics_rows(gathered: LandCoverSums, years, names: dict, teragram: float = TERAGRAM) -> list:
    """Rows of the table of statistics, `COLUMNS`.

    Parameters
    ----------
    gathered : LandCoverSums
    years : sequence of n int
    names : dict of int to str
        Class names.
    teragram : float
        How much of the total is one Tg of carbon, from `carbon.per_teragram`; NaN leaves ``total_tg`` empty.

    Returns
    -------
    list of tuple
        In order of year and class; a class without a valid pixel in a year has no row. ``total`` is the sum of value
        times area (gC for a value in gC m-2), ``total_tg`` the same in Tg C.
    """
    numbers = gathered.sums.statistics()
    rows = []
    for step, year in enumerate(years):
        for place, code in enumerate(gathered.classes):
            one = {name: plane[step, place] for name, plane in numbers.items()}
            if one["pixels"]:
                total = float(one["total"])
                rows.append(
                    (year, code, label_of(code, names), int(one["pixels"]), float(one["area"]) / KM2)
                    + (float(one["mean"]), float(one["std"]), total, total / teragram)
                )
    return rows
