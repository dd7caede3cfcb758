"""Heterotrophic respiration and net ecosystem productivity."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from .models import PUBLISHED, Pei, RespirationModel
from .soil_respiration import MONTHS, heterotrophic, soil_respiration


class Forcing(IntEnum):
    """How temperature and precipitation enter the respiration model."""

    AUTOMATIC = 0
    MONTHLY = 1
    ANNUAL_LITERAL = 2
    ANNUAL_MONTHLY_EQUIVALENT = 3


FORCING_NOTES = {
    Forcing.MONTHLY: (
        "monthly: the model is evaluated for each of the twelve months and summed. This is the form it was fitted in."
    ),
    Forcing.ANNUAL_LITERAL: (
        "annual, literal: the mean annual temperature and the annual precipitation enter the model once. The result "
        "is about a tenth of the monthly form, and NEP is higher by the difference."
    ),
    Forcing.ANNUAL_MONTHLY_EQUIVALENT: (
        "annual, monthly-equivalent: twelve times the model at the mean annual temperature and a twelfth of the "
        "annual precipitation. It comes close to the monthly form, and is about ten times the literal annual form."
    ),
}


def monthly_respiration(temperature, precipitation, coefficients: Pei = PUBLISHED.rate) -> np.ndarray:
    """Heterotrophic respiration of one period: the formula itself.

    Parameters
    ----------
    temperature, precipitation : arrays of one shape
        Mean temperature (degC) and total precipitation (mm) of the period; NaN is missing.
    coefficients : Pei
        ``a`` to ``e`` of the formula; ``d`` is the length of the period in days.

    Returns
    -------
    float64 array
        Respiration (gC m-2 per period). NaN where either input is missing or infinite, where precipitation is
        negative, and where the result is not a finite number.

    Notes
    -----
    ``R_H = a (exp(b T) + ln(c P + 1)) d e``

    References
    ----------
    Pei et al. (2010), the empirical model of heterotrophic respiration as applied in regional NEP studies.
    """
    temperature = np.asarray(temperature, dtype=np.float64)
    precipitation = np.asarray(precipitation, dtype=np.float64)
    a, b, c, d, e = coefficients
    with np.errstate(all="ignore"):
        result = np.exp(b * temperature)
        result += np.log(c * precipitation + 1.0)
        result *= a * d * e
    # Of all inputs that are no numbers only this temperature gives a number.
    usable = np.isfinite(result) & (precipitation >= 0) & (temperature != -np.inf)
    result = np.asarray(result)
    result[~usable] = np.nan
    return result


def respiration(temperature, precipitation, forcing: Forcing, coefficients: Pei = PUBLISHED.rate) -> np.ndarray:
    """Heterotrophic respiration of one year, by the model of Pei.

    Parameters
    ----------
    temperature, precipitation : arrays
        Mean temperature (degC) and precipitation (mm). Monthly forcing takes ``(12, ...)``, the annual forms take
        the mean temperature and the total precipitation of the year, ``(...)``.
    forcing : Forcing
        One of the three forms; see `resolve_forcing` for the automatic choice.
    coefficients : Pei
        ``a`` to ``e`` of the formula.

    Returns
    -------
    float64 array (...)
        Respiration (gC m-2 yr-1); a pixel with a missing or invalid value in any month is NaN.

    Raises
    ------
    InvalidParameter
        Where monthly forcing does not get twelve months, or the form is still undecided.
    """
    forcing = Forcing(forcing)
    if forcing is Forcing.AUTOMATIC:
        raise InvalidParameter("The forcing is undecided: resolve it from the number of steps per year first.")
    if forcing is Forcing.ANNUAL_LITERAL:
        return monthly_respiration(temperature, precipitation, coefficients)
    if forcing is Forcing.ANNUAL_MONTHLY_EQUIVALENT:
        twelfth = np.asarray(precipitation, dtype=np.float64) / MONTHS
        return MONTHS * monthly_respiration(temperature, twelfth, coefficients)
    for name, values in (("temperature", temperature), ("precipitation", precipitation)):
        if len(values) != MONTHS:
            raise InvalidParameter(
                f"Monthly forcing needs twelve {name} rasters a year, and there are {len(values)}. Add the missing "
                "months, or choose an annual form."
            )
    total = monthly_respiration(temperature[0], precipitation[0], coefficients)
    for month in range(1, MONTHS):
        checkpoint()
        total += monthly_respiration(temperature[month], precipitation[month], coefficients)
    return total


def respiration_series(
    temperature, precipitation, years: Sequence[int], forcing: Forcing, model: RespirationModel = PUBLISHED, r10=None
) -> np.ndarray:
    """Heterotrophic respiration of several years.

    Parameters
    ----------
    temperature, precipitation : arrays (years * steps, ...)
        Values in order of time, with one or twelve steps a year. An annual form makes the annual mean temperature
        and the annual precipitation itself from twelve steps.
    years : sequence of int
        The calendar years.
    forcing : Forcing
        As returned by `resolve_forcing`; models of soil respiration take months only.
    model : RespirationModel
    r10 : array (...), optional
        As of `soil_respiration`.

    Returns
    -------
    float64 array (years, ...)
        Respiration (gC m-2 yr-1).
    """
    if model.of_soil:
        return heterotrophic(soil_respiration(temperature, precipitation, years, model, r10), model.share)
    shape = (len(years), -1) + temperature.shape[1:]
    # Steps first: one step of all years, then the next.
    temperature, precipitation = (np.moveaxis(each.reshape(shape), 1, 0) for each in (temperature, precipitation))
    if len(temperature) == len(precipitation) == 1:
        temperature, precipitation = temperature[0], precipitation[0]
    elif Forcing(forcing) is not Forcing.MONTHLY:
        # A negative month is an invalid value, which the sum of the year would hide.
        precipitation = np.where(precipitation >= 0, precipitation, np.nan)
        temperature = temperature.mean(axis=0, dtype=np.float64)
        precipitation = precipitation.sum(axis=0, dtype=np.float64)
    return respiration(temperature, precipitation, forcing, model.rate)


def nep(npp, respired) -> np.ndarray:
    """Net ecosystem productivity: what plants fix less what the soil respires.

    Parameters
    ----------
    npp, respired : arrays of one shape
        Net primary productivity and heterotrophic respiration (gC m-2 yr-1); NaN is missing.

    Returns
    -------
    float64 array
        ``NPP - R_H`` (gC m-2 yr-1); NaN where either is missing or infinite.
    """
    with np.errstate(invalid="ignore"):
        difference = np.asarray(np.asarray(npp, dtype=np.float64) - np.asarray(respired, dtype=np.float64))
    difference[np.isinf(difference)] = np.nan
    return difference


def resolve_forcing(requested: Forcing, temperature_steps: int, precipitation_steps: int) -> Forcing:
    """The form of the model that the data allow.

    Parameters
    ----------
    requested : Forcing
        What the user asked for; automatic takes the monthly form for twelve steps a year and the literal annual form
        for one.
    temperature_steps, precipitation_steps : int
        Time steps a year in either series.

    Returns
    -------
    Forcing
        Never automatic.

    Raises
    ------
    InvalidParameter
        Where a series has neither one nor twelve steps a year, or where the form asked for needs twelve.
    """
    requested = Forcing(requested)
    steps = {"temperature": temperature_steps, "precipitation": precipitation_steps}
    for name, count in steps.items():
        if count not in (1, MONTHS):
            raise InvalidParameter(
                f"The {name} series has {count} steps a year; the respiration model takes 12 (monthly) or 1 (annual). "
                "Add or leave out rasters, or settle the years with ⟨YEARS⟩."
            )
    monthly = all(count == MONTHS for count in steps.values())
    if requested is Forcing.AUTOMATIC:
        if temperature_steps != precipitation_steps:
            raise InvalidParameter(
                f"The temperature series has {temperature_steps} steps a year and the precipitation series "
                f"{precipitation_steps}. Give both monthly or both annual (the tool ⟨nep:annualclimate⟩ makes annual "
                "ones), or choose an annual ⟨FORCING⟩."
            )
        return Forcing.MONTHLY if monthly else Forcing.ANNUAL_LITERAL
    if requested is Forcing.MONTHLY and not monthly:
        raise InvalidParameter(
            "Monthly forcing needs twelve temperature and twelve precipitation rasters a year; the series have "
            f"{temperature_steps} and {precipitation_steps}. Give monthly series, or choose an annual ⟨FORCING⟩."
        )
    return requested
