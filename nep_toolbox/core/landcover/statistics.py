"""Statistics of a value series by land-cover class."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from ..carbon import TERAGRAM
from ..zonal.grouped import beside, columns
from ..zonal.reduction import Total
from ..zonal.statistics import ZonalSums, empty_sums
from .patches import ClassPatches, dates_of
from .tables import KM2, label_of

COLUMNS = ("year", "class", "label", "pixels", "area_km2", "mean", "std", "total", "total_tg")


class LandCoverSums(NamedTuple):
    """Sums of each year and class.

    Attributes
    ----------
    classes : tuple of int
        Sorted class codes that occur.
    sums : ZonalSums
        Arrays (years, classes).
    """

    classes: tuple
    sums: ZonalSums


class LandCoverTotal:
    """The sums of all blocks, which must come row of blocks after row of blocks, each from left to right.

    Parameters
    ----------
    which : sequence of n int
        For each year the index of its land cover, as `landcover_patches` takes it.
    """

    def __init__(self, which):
        self._which = np.asarray(which)
        self._dates = dates_of(which)
        self._totals = [Total(partial(empty_sums, int(np.sum(self._which == date)), 0)) for date in self._dates]
        self._places: dict = {}  # of the classes in the totals, in the order they are found

    def add(self, block: ClassPatches, last: bool) -> None:
        """Join the patches of the next block; ``last`` tells that it is the last one of its row of blocks."""
        known = len(self._places)
        places = np.array([self._places.setdefault(code, len(self._places)) for code in block.classes], dtype=np.int64)
        for total, patches in zip(self._totals, block.dates):
            if len(self._places) > known:
                more = empty_sums(len(total.sums.count), len(self._places) - known)
                total.sums = beside([total.sums, more])
            total.add(patches._replace(zones=places[patches.zones]), last)

    @property
    def sums(self) -> LandCoverSums:
        """Those of all rows of blocks that are complete."""
        classes = sorted(self._places)
        order = np.array([self._places[code] for code in classes], dtype=np.int64)
        result = empty_sums(len(self._which), len(classes))
        for date, total in zip(self._dates, self._totals):
            for whole, part in zip(result, columns(total.sums, order)):
                whole[..., self._which == date, :] = part
        return LandCoverSums(tuple(classes), result)


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
