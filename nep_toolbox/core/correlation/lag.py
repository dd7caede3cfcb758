"""After how many years a driver shows: correlations with the driver of the same year and of the years before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ..sums import sum_over_time
from ..valid_values import alike, without_gaps
from .coefficients import COLLINEAR_SHARE
from .permutations import TIE, exceeding

#: Fewer years say nothing of a lag.
LEAST_YEARS = 8

LAG_NODATA = -32768

_TOO_FEW = "⟨MIN_OBSERVATIONS⟩ is {}: a lag needs {} years or more."

#: What is constant where there is no r.
SERIES_CONSTANT, DRIVER_CONSTANT = 1, 2


class LaggedYears(NamedTuple):
    """Result of `lagged_years`.

    ``years`` are the years of the series that can be used; ``driver_years`` those of the driver that they need;
    ``places``, an int array (max_lag + 1, years): where in ``driver_years`` the driver of each year stands, by lag.
    """

    years: list
    driver_years: list
    places: np.ndarray


class LagCorrelation(NamedTuple):
    """Result of `lag_correlation`, each of the shape of one time step, ``r_by_lag`` (max_lag + 1, ...).

    ``lag`` (int16) is the first of the lags with the largest absolute r, `LAG_NODATA` where there is none; ``r`` that
    correlation, with its sign; ``p_value`` that of the largest among all lags; ``n`` the years used; ``constant``
    (int8) is `SERIES_CONSTANT` or `DRIVER_CONSTANT` where there are enough years but no r, else 0.
    """

    lag: np.ndarray
    r: np.ndarray
    p_value: np.ndarray
    r_by_lag: np.ndarray
    n: np.ndarray
    constant: np.ndarray


def lagged_years(years, driver_years, max_lag: int) -> LaggedYears:
    """The years of a series whose driver is known in the year itself and in each of the years before.

    Parameters
    ----------
    years, driver_years : sequence of int
    max_lag : int
        The most years that the driver may be ahead, 0 or more.

    Returns
    -------
    LaggedYears
        Without a year where none can be used. Years are those of the calendar: a gap in a series is no neighbour.
    """
    known = set(driver_years)
    used = [year for year in sorted(years) if all(year - lag in known for lag in range(max_lag + 1))]
    needed = sorted({year - lag for year in used for lag in range(max_lag + 1)})
    place = {year: number for number, year in enumerate(needed)}
    places = [[place[year - lag] for year in used] for lag in range(max_lag + 1)]
    return LaggedYears(used, needed, np.array(places, dtype=np.intp))


def lag_correlation(
    series, driver, places, years, *, permutations: int = 999, seed: int = 1, min_observations: int = LEAST_YEARS,
    detrend: bool = False,
) -> LagCorrelation:
    """The lag with the strongest correlation, and how often chance makes one as strong.

    Parameters
    ----------
    series : array (n, ...)
        Time on the first axis; NaN and infinite values are missing.
    driver : array (m, ...)
        The driver in the years that `lagged_years` names.
    places : int array (max_lag + 1, n)
        From `lagged_years`.
    years : sequence of int (n,)
        Of ``series``.
    permutations : int
        Random orders of the values of ``series``. A pixel with gaps has the orders of so many values as it has.
    seed : int
        Of the orders, which are the same for all pixels.
    min_observations : int
        Fewest years in which a pixel has the series, and the driver at every lag.
    detrend : bool
        Take the least-squares line over the years out of the series and of the driver at each lag: r is then the
        partial correlation, with the year held constant.

    Returns
    -------
    LagCorrelation
        All r of a pixel are of the same years. NaN where there are too few of them, and where the series or, at some
        lag, the driver is constant over them, or is nothing but its line.

    Raises
    ------
    InvalidParameter
        If fewer than `LEAST_YEARS` observations are asked for, or no order.

    Notes
    -----
    p is that of the largest of several correlations, so that the choice of the lag is allowed for. It is right where
    the values of the series can change places: where they do not depend on each other.
    """
    series, driver = np.asarray(series), np.asarray(driver)
    places, years = np.asarray(places), np.asarray(years, dtype=np.float64)
    _require_sense(permutations, min_observations)
    flat, lagged = series.reshape(len(series), -1), driver.reshape(len(driver), -1)
    missing = _missing(flat, lagged, places)
    r = np.full((len(places), flat.shape[1]), np.nan)
    p, constant = np.full(flat.shape[1], np.nan), np.zeros(flat.shape[1], np.int8)
    for chosen, y, x, held in _standardised(flat, lagged, places, years, missing, min_observations, detrend):
        constant[chosen] = np.where(
            np.isnan(y[0]), SERIES_CONSTANT, np.where(np.isnan(x[:, 0]).any(axis=0), DRIVER_CONSTANT, 0)
        )
        r[:, chosen] = _correlations(x, y)
        p[chosen] = _p_value(x, y, r[:, chosen], permutations, seed, held)
    n = len(missing) - np.count_nonzero(missing, axis=0)
    found = LagCorrelation(*_strongest(r), p, r, n, constant)
    return LagCorrelation(*(each.reshape(each.shape[:-1] + series.shape[1:]) for each in found))


def first_largest(r: np.ndarray) -> np.ndarray:
    """The first of the lags whose absolute correlation is the largest within `TIE`; r is (lags, pixels)."""
    strength = np.abs(r)
    return (strength >= strength.max(axis=0) - TIE).argmax(axis=0)


def _require_sense(permutations: int, min_observations: int) -> None:
    if min_observations < LEAST_YEARS:
        raise InvalidParameter(_TOO_FEW.format(min_observations, LEAST_YEARS))
    if permutations < 1:
        raise InvalidParameter("⟨PERMUTATIONS⟩ is 0: without a random order there is no p. Give 999.")


def _strongest(r: np.ndarray) -> tuple:
    """The lag of each pixel and its r, from the r of all lags (lags, pixels)."""
    lag, tested = np.full(r.shape[1], LAG_NODATA, dtype=np.int16), ~np.isnan(r[0])
    lag[tested] = first_largest(r[:, tested])
    best = np.full(r.shape[1], np.nan)
    best[tested] = r[lag[tested], np.flatnonzero(tested)]
    return lag, best


def _missing(series: np.ndarray, driver: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Where a year of a pixel cannot be used: bool (n, pixels)."""
    missing, unknown = ~np.isfinite(series), ~np.isfinite(driver)
    for steps in places:
        missing |= unknown[steps]
    return missing


def _standardised(series: np.ndarray, driver: np.ndarray, places: np.ndarray, years: np.ndarray, missing: np.ndarray,
                  least: int, detrend: bool) -> Iterator[tuple]:
    """Chunk by chunk the pixels with equally many years: which they are, the series (n, pixels) and the driver at each
    lag (lags, n, pixels) with mean 0 and length 1, and, where it is taken out of both, the line."""
    for count, chosen in alike(missing, least):
        gaps = missing[:, chosen]
        values, steps = without_gaps(series[:, chosen], gaps, count)
        held = _unit(years[steps]) if detrend else None
        y = _unit(values, held)
        x = np.stack([_unit(without_gaps(driver[lag][:, chosen], gaps, count)[0], held) for lag in places])
        yield chosen, y, x, held


def _unit(values: np.ndarray, held: np.ndarray | None = None) -> np.ndarray:
    """Series (n, pixels) with mean 0 and length 1, those that are constant as NaN; with ``held`` the rest of them that
    does not follow this series.

    The largest value is taken off first: then a large mean cannot cancel, and a constant series becomes exactly 0.
    """
    values = values - values.max(axis=0)
    values -= sum_over_time(values) / len(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        values /= np.abs(values).max(axis=0)
        length = np.sqrt(sum_over_time(values * values))
        if held is not None:
            values -= held * sum_over_time(held * values)
            rest = np.sqrt(sum_over_time(values * values))
            length = np.where(rest > COLLINEAR_SHARE * length, rest, np.nan)
        return values / length


def _correlations(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    r = np.stack([sum_over_time(each * y) for each in x])
    r[:, np.isnan(r).any(axis=0)] = np.nan
    return np.minimum(np.maximum(r, -1.0), 1.0)


def _p_value(x: np.ndarray, y: np.ndarray, r: np.ndarray, permutations: int, seed: int, held) -> np.ndarray:
    p = np.full(r.shape[1], np.nan)
    tested = np.flatnonzero(~np.isnan(r[0]))
    if held is not None and held.shape[1] > 1:
        held = held[:, tested]
    strongest = np.abs(r[:, tested]).max(axis=0)
    larger = exceeding(x[..., tested], y[:, tested], strongest, permutations, seed, held)
    p[tested] = (larger + 1) / (permutations + 1)
    return p
