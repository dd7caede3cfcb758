"""How annual means differ from year to year, from their mean, and from region to region."""

from __future__ import annotations

import numpy as np

from ..significance import differs_from_zero

#: Means that differ by less than this share are equal but for rounding.
_ROUNDING = 1e-12


def growth_percent(means: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Change of annual means against the year before.

    Parameters
    ----------
    means : float array (n, regions)
        NaN is missing.
    years : int array (n,)
        Strictly ascending.

    Returns
    -------
    float64 array (n, regions)
        In percent of the absolute value of the year before, so that a rise is positive whatever the sign of the values.
        NaN where the calendar year before is missing or its mean is 0.
    """
    means, years = np.asarray(means, dtype=np.float64), np.asarray(years)
    growth = np.full(means.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth[1:] = 100.0 * (means[1:] - means[:-1]) / np.abs(means[:-1])
    growth[1:][np.diff(years) != 1] = np.nan
    growth[~np.isfinite(growth)] = np.nan
    return growth


def annual_levels(means: np.ndarray, level: np.ndarray, years: np.ndarray) -> dict[str, np.ndarray]:
    """Spread and extremes of annual means.

    Parameters
    ----------
    means : float array (n, regions)
        NaN is missing.
    level : float array (regions,)
        Their mean.
    years : int array (n,)

    Returns
    -------
    dict of float64 arrays (regions,)
        ``std``, sample standard deviation of the annual means (n - 1), and ``cv``, that in percent of ``|level|``:
        both NaN for fewer than two years; ``cv`` also where the mean does not differ from 0 by two standard errors,
        as a ratio to it would then measure nothing. ``min`` and ``max`` with ``min_year`` and ``max_year``, the first
        of several. ``years_above``, the number of years above the mean. NaN where there is no year.
    """
    means, years = np.asarray(means, dtype=np.float64), np.asarray(years)
    present = ~np.isnan(means)
    count = present.sum(axis=0)
    deviation = np.where(present, means - level, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        std = np.sqrt((deviation * deviation).sum(axis=0) / np.where(count > 1, count - 1.0, np.nan))
        cv = np.where(differs_from_zero(level, std, count), 100.0 * std / np.abs(level), np.nan)
    found = {"std": std, "cv": cv}
    some = count > 0
    for name, worst, place in (
        ("min", np.inf, np.where(present, means, np.inf).argmin(axis=0)),
        ("max", -np.inf, np.where(present, means, -np.inf).argmax(axis=0)),
    ):
        value = np.where(present, means, worst)[place, np.arange(means.shape[1])]
        found[name] = np.where(some, value, np.nan)
        found[f"{name}_year"] = np.where(some, years[place], np.nan)
    above = (deviation > _ROUNDING * np.abs(level)).sum(axis=0)
    found["years_above"] = np.where(some, above, np.nan)
    return found


def mean_of_known(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Mean over the steps (axis 0) in which a value is known; NaN where none is.

    Parameters
    ----------
    values : float array (n, regions)
    known : bool array (n, regions)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(known, values, 0.0).sum(axis=0) / known.sum(axis=0)


def descending_ranks(values: np.ndarray, ranked: np.ndarray) -> np.ndarray:
    """Ranks from the highest value, which is 1; equal values share the better one.

    Parameters
    ----------
    values : float array (regions,)
    ranked : bool array (regions,)
        Which take part; NaN never does.

    Returns
    -------
    float64 array (regions,)
        NaN for those that take no part.
    """
    values = np.asarray(values, dtype=np.float64)
    taking_part = np.asarray(ranked, dtype=bool) & ~np.isnan(values)
    ordered = np.sort(values[taking_part])
    ranks = np.full(values.shape, np.nan)
    ranks[taking_part] = 1.0 + ordered.size - np.searchsorted(ordered, values[taking_part], side="right")
    return ranks
