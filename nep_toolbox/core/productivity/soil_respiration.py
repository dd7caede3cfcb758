"""Soil respiration by climate, and how much of it is heterotrophic."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from .models import PUBLISHED_RAICH, BondLamberty, ByQ10, Fraction, LloydTaylor, Model, Raich, RespirationModel

_NO_MONTHS = (
    "The model of soil respiration needs twelve {} rasters a year: {}, and there are {}. Give monthly series."
)

MONTHS = 12
MM_PER_CM = 10.0

#: degC: colder soils respire nothing and warmer ones no more than at the upper limit (Raich et al. 2002).
RAICH_COLDEST, RAICH_WARMEST = -13.3, 33.5
#: degC: where the curve of Lloyd and Taylor (227.13 K) ends, and kelvin from it to 10 degC.
LLOYD_TAYLOR_ZERO, LLOYD_TAYLOR_RANGE = -46.02, 56.02


def days_of_months(years: Sequence[int]) -> np.ndarray:
    """The lengths of months: an array (years, 12) of days, of the Gregorian calendar."""
    return np.array([[monthrange(year, month)[1] for month in range(1, MONTHS + 1)] for year in years], dtype=float)


def raich(temperature, precipitation, parameters: Raich = PUBLISHED_RAICH.rate) -> np.ndarray:
    """Soil respiration by temperature and precipitation.

    Parameters
    ----------
    temperature, precipitation : arrays of one shape
        Mean temperature (degC) and total precipitation (mm) of a month; NaN is missing.
    parameters : Raich

    Returns
    -------
    float64 array
        gC m-2 d-1. Below `RAICH_COLDEST` 0, above `RAICH_WARMEST` as there. NaN where either is missing or infinite,
        where precipitation is negative, and where the result is not a finite number.

    Notes
    -----
    ``R_S = f exp(q T) p / (k + p)`` with p in cm.

    References
    ----------
    Raich, J. W., Potter, C. S. and Bhagawati, D. (2002), doi:10.1046/j.1365-2486.2002.00511.x.
    """
    temperature, precipitation = (np.asarray(each, dtype=np.float64) for each in (temperature, precipitation))
    f, q, k = parameters
    with np.errstate(all="ignore"):
        depth = precipitation / MM_PER_CM
        rate = np.exp(q * np.minimum(temperature, RAICH_WARMEST))
        rate *= f * (depth / (k + depth))
        rate = np.where(temperature < RAICH_COLDEST, 0.0, rate)
        usable = np.isfinite(rate) & np.isfinite(temperature) & np.isfinite(precipitation) & (precipitation >= 0)
    return np.where(usable, rate, np.nan)


def lloyd_taylor(temperature, parameters: LloydTaylor) -> np.ndarray:
    """Soil respiration by temperature, with a sensitivity that falls as it warms.

    Parameters
    ----------
    temperature : array
        Mean temperature (degC) of a month; NaN is missing.
    parameters : LloydTaylor

    Returns
    -------
    float64 array
        gC m-2 d-1; 0 at and below `LLOYD_TAYLOR_ZERO`, NaN where temperature is missing or infinite.

    Notes
    -----
    ``R_S = r10 exp(e0 (1 / 56.02 - 1 / (T + 46.02)))``

    References
    ----------
    Lloyd, J. and Taylor, J. A. (1994), doi:10.2307/2389824.
    """
    r10, e0 = parameters
    return _by_temperature(
        temperature, lambda above: r10 * np.exp(e0 * (1.0 / LLOYD_TAYLOR_RANGE - 1.0 / above)), LLOYD_TAYLOR_ZERO
    )


def by_q10(temperature, parameters: ByQ10) -> np.ndarray:
    """Soil respiration by temperature, with the same sensitivity at all.

    Parameters
    ----------
    temperature : array
        Mean temperature (degC) of a month; NaN is missing.
    parameters : ByQ10

    Returns
    -------
    float64 array
        ``r10 q10 ** ((T - 10) / 10)``, gC m-2 d-1; NaN where temperature is missing or infinite, and where the result
        is not a finite number.
    """
    r10, q10 = parameters
    return _by_temperature(temperature, lambda warmth: r10 * q10 ** ((warmth - 10.0) / 10.0))


def _by_temperature(temperature, formula, zero: float | None = None) -> np.ndarray:
    """A formula of temperature, or of what it is above a zero below which there is none."""
    temperature = np.asarray(temperature, dtype=np.float64)
    with np.errstate(all="ignore"):
        above = temperature if zero is None else temperature - zero
        rate = formula(above)
        if zero is not None:
            rate = np.where(above <= 0.0, 0.0, rate)
        return np.where(np.isfinite(rate) & np.isfinite(temperature), rate, np.nan)


def daily_soil_respiration(temperature, precipitation, model: RespirationModel) -> np.ndarray:
    """Soil respiration in gC m-2 d-1 by any model of it, from the values of a month; see `raich`, `lloyd_taylor` and
    `by_q10`. Precipitation may be None where the model does not take it."""
    if model.model is Model.RAICH:
        return raich(temperature, precipitation, model.rate)
    if model.model is Model.LLOYD_TAYLOR:
        return lloyd_taylor(temperature, model.rate)
    return by_q10(temperature, model.rate)


def soil_respiration(temperature, precipitation, years: Sequence[int], model: RespirationModel, r10=None) -> np.ndarray:
    """Soil respiration of years.

    Parameters
    ----------
    temperature, precipitation : arrays (years * 12, ...)
        Monthly means (degC) and totals (mm), from January to December of each year. Precipitation may be None where
        the model does not take it.
    years : sequence of int
        The calendar years, for the lengths of their months.
    model : RespirationModel
        One that gives soil respiration.
    r10 : array (...), optional
        Respiration at 10 degC (gC m-2 d-1), which the ``r10`` of the model multiplies. Missing where it is NaN,
        infinite or negative.

    Returns
    -------
    float64 array (years, ...)
        gC m-2 yr-1; NaN where a month is missing or invalid, and where the result is not a finite number.

    Raises
    ------
    InvalidParameter
        Where a year has not twelve months.
    """
    for name, values in (("temperature", temperature), ("precipitation", precipitation)):
        if values is not None and len(values) != MONTHS * len(years):
            raise InvalidParameter(_NO_MONTHS.format(name, MONTHS * len(years), len(values)))
    total = np.zeros((len(years),) + temperature.shape[1:])
    for month, days in enumerate(days_of_months(years).T):
        checkpoint()
        rain = None if precipitation is None else precipitation[month::MONTHS]
        daily = daily_soil_respiration(temperature[month::MONTHS], rain, model)
        with np.errstate(over="ignore"):
            daily *= days.reshape((-1,) + (1,) * (daily.ndim - 1))
            total += daily
    if r10 is not None:
        r10 = np.asarray(r10, dtype=np.float64)
        with np.errstate(over="ignore"):
            total *= np.where(np.isfinite(r10) & (r10 >= 0.0), r10, np.nan)
    total[np.isinf(total)] = np.nan
    return total


def heterotrophic(soil, share: BondLamberty | Fraction) -> np.ndarray:
    """Heterotrophic respiration, as a part of the soil respiration of a year.

    Parameters
    ----------
    soil : array
        Soil respiration (gC m-2 yr-1); NaN is missing.
    share : BondLamberty or Fraction

    Returns
    -------
    float64 array
        R_H (gC m-2 yr-1); 0 where nothing respires, NaN where the result is not a finite number.

    Notes
    -----
    ``ln R_H = rh_a + rh_b ln R_S``, or ``R_H = rh_fraction R_S``. With the published coefficients the first gives more
    than R_S where R_S is below exp(1.22 / 0.27) = 92 gC m-2 yr-1.

    References
    ----------
    Bond-Lamberty, B., Wang, C. and Gower, S. T. (2004), doi:10.1111/j.1365-2486.2004.00816.x.
    """
    soil = np.asarray(soil, dtype=np.float64)
    if isinstance(share, Fraction):
        return share.rh_fraction * soil
    with np.errstate(all="ignore"):
        found = np.exp(share.rh_a + share.rh_b * np.log(soil))
    return np.where(soil == 0.0, 0.0, np.where(np.isinf(found), np.nan, found))
