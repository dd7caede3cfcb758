"""Each land-cover class over the years: level, trend, and its share of the total and of the area."""

from __future__ import annotations

import numpy as np

from ..carbon import TERAGRAM
from ..zonal.annual_trend import annual_summary
from .statistics import LandCoverSums
from .tables import KM2, label_of

SUMMARY_COLUMNS = (
    "class", "label", "mean", "slope", "sen_slope", "p", "p_ols", "total", "total_tg", "share", "area_km2",
    "area_percent",
)

#: Fewest years with a value for a trend.
FEWEST_YEARS = 4


def without_classes(gathered: LandCoverSums, left_out) -> LandCoverSums:
    """The sums without some classes, as if their pixels were missing."""
    kept = [place for place, code in enumerate(gathered.classes) if code not in left_out]
    return LandCoverSums(
        tuple(gathered.classes[place] for place in kept),
        type(gathered.sums)(*(part[..., kept] for part in gathered.sums)),
    )


def area_percent(gathered: LandCoverSums) -> dict:
    """Area of each class that has a pixel, in the mean of the years, in percent of that of all: class -> percent."""
    area = _mean_of_years(gathered, gathered.sums.statistics()["area"])
    percent = (100.0 * area / area.sum()).tolist()
    return {code: share for code, share in zip(gathered.classes, percent) if share > 0.0}


def summary_rows(gathered: LandCoverSums, years, names: dict, teragram: float = TERAGRAM) -> list:
    """Rows of the summary, `SUMMARY_COLUMNS`: one for each class, in the order of the codes.

    Parameters
    ----------
    gathered : LandCoverSums
        At least one pixel is valid.
    years : sequence of n int
    names : dict of int to str
        Class names.
    teragram : float
        As in `statistics.statistics_rows`.

    Returns
    -------
    list of tuple
        ``mean`` of the annual means; ``slope`` of the least-squares line with ``p_ols``, ``sen_slope`` with the
        Mann-Kendall ``p``, NaN with fewer than `FEWEST_YEARS` years; ``total`` and ``area_km2`` in the mean of the
        years, a year without a pixel of the class counting as 0, so that they add up over the classes; ``share`` is
        that of the total of all classes in percent (NaN where this is 0), ``area_percent`` that of their area. Years
        without a pixel of any class do not count.
    """
    numbers = gathered.sums.statistics()
    trend = annual_summary(numbers["mean"], np.asarray(years), min_observations=FEWEST_YEARS)
    total, area = (_mean_of_years(gathered, numbers[name]) for name in ("total", "area"))
    whole = total.sum()
    with np.errstate(over="ignore", invalid="ignore"):
        share = 100.0 * total / whole if whole else np.full(total.shape, np.nan)
    columns = (
        *(trend[name] for name in ("mean", "slope", "sen_slope", "p", "slope_p")),
        total, total / teragram, share, area / KM2, 100.0 * area / area.sum(),
    )
    return [
        (code, label_of(code, names), *(float(column[place]) for column in columns))
        for place, code in enumerate(gathered.classes) if gathered.sums.count[:, place].any()
    ]


def _mean_of_years(gathered: LandCoverSums, plane: np.ndarray) -> np.ndarray:
    """Mean of a plane (years, classes) over the years that have a pixel."""
    return plane[gathered.sums.count.any(axis=1)].mean(axis=0)
