"""NEP of pixels under draws of what is uncertain, year by year.

The formulas are those of `core.productivity`, put so that what does not depend on a draw is computed once: one exponent
for each value of temperature, logarithms of months as that of their product, and no look for invalid values, which are
known beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import Callable, NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from ..productivity.models import Model, RespirationModel
from ..productivity.respiration import Forcing
from ..productivity.soil_respiration import (
    LLOYD_TAYLOR_RANGE,
    LLOYD_TAYLOR_ZERO,
    MM_PER_CM,
    MONTHS,
    RAICH_COLDEST,
    RAICH_WARMEST,
    days_of_months,
    heterotrophic,
)
from ..sums import sum_over_time
from .draws import NPP, PRECIPITATION, TEMPERATURE

#: So many months can be multiplied: precipitation of any number of single precision stays below the largest double.
_MULTIPLIED = 6


class _Year:
    """Temperature and precipitation of one year, (steps, n) of valid pixels, and what was last computed of them."""

    def __init__(self, temperature: np.ndarray, precipitation: np.ndarray | None):
        self._temperature, self._precipitation = temperature, precipitation
        self._room = np.empty_like(temperature)
        self._known: dict = {}

    def respired(self, model: RespirationModel, shift: float, rain: float) -> np.ndarray:
        """R_H (n,) in gC m-2 yr-1, with ``shift`` degC added to all temperatures and precipitation times ``rain``."""
        raise NotImplementedError

    def _once(self, function: Callable, *settings) -> np.ndarray:
        """What a function gives, computed again where the settings are not those of the draw before."""
        last = self._known.get(function.__name__)
        if last is None or last[0] != settings:
            last = self._known[function.__name__] = settings, function(*settings)
        return last[1]


class _PeiYear(_Year):
    """By the model of Pei, whose sum over the steps counts ``times``; with annual values there is one step."""

    def __init__(self, temperature: np.ndarray, precipitation: np.ndarray, times: float = 1.0):
        super().__init__(temperature, precipitation)
        self._times = times

    def respired(self, model: RespirationModel, shift: float, rain: float) -> np.ndarray:
        a, b, c, d, e = model.rate
        warmth = exp(b * shift) * self._once(self._warmth, b)
        return (a * d * e * self._times) * (warmth + self._once(self._water, c * rain))

    def _warmth(self, b: float) -> np.ndarray:
        np.multiply(self._temperature, b, out=self._room)
        return sum_over_time(np.exp(self._room, out=self._room))

    def _water(self, c: float) -> np.ndarray:
        np.multiply(self._precipitation, c, out=self._room)
        self._room += 1.0
        return sum(
            np.log(np.multiply.reduce(self._room[first : first + _MULTIPLIED], axis=0))
            for first in range(0, len(self._room), _MULTIPLIED)
        )


class _SoilYear(_Year):
    """By a model of soil respiration: a factor, times the days of the month, times the exponential of a coefficient
    times what temperature is turned to, times what precipitation is turned to."""

    def __init__(self, temperature: np.ndarray, precipitation: np.ndarray | None, days: np.ndarray, r10):
        super().__init__(temperature, precipitation)
        self._days, self._r10 = days[:, np.newaxis], r10

    def respired(self, model: RespirationModel, shift: float, rain: float) -> np.ndarray:
        kind, (factor, coefficient, *rest) = model.model, model.rate
        if kind == Model.Q10:
            coefficient = log(coefficient)
        water = (rest[0], rain) if kind == Model.RAICH else ()
        soil = self._once(self._soil, kind, coefficient, shift, *water)
        return heterotrophic(factor * soil, model.share)

    def _soil(self, kind: Model, coefficient: float, shift: float, *water: float) -> np.ndarray:
        np.multiply(self._once(self._exponent, kind, shift), coefficient, out=self._room)
        np.exp(self._room, out=self._room)
        self._room *= self._once(self._water, *water) if water else self._days
        return sum_over_time(self._room) * self._r10

    def _exponent(self, kind: Model, shift: float) -> np.ndarray:
        warmth = self._temperature + shift
        if kind == Model.RAICH:
            return np.where(warmth < RAICH_COLDEST, -np.inf, np.minimum(warmth, RAICH_WARMEST))
        if kind == Model.Q10:
            return (warmth - 10.0) / 10.0
        above = warmth - LLOYD_TAYLOR_ZERO
        return np.where(above <= 0.0, -np.inf, 1.0 / LLOYD_TAYLOR_RANGE - 1.0 / above)

    def _water(self, k: float, rain: float) -> np.ndarray:
        depth = self._precipitation * (rain / MM_PER_CM)
        return depth / (k + depth) * self._days


class Pixels(NamedTuple):
    """Pixels that have NEP in some year.

    Attributes
    ----------
    npp : float64 array (years, n)
    climate : list
        Of each year, with a method ``respired``.
    valid : bool array (years, n)
        Where there is NEP.
    """

    npp: np.ndarray
    climate: list
    valid: np.ndarray

    @classmethod
    def of(cls, nep, npp, temperature, precipitation, r10, years: Sequence[int], forcing: Forcing,
           model: RespirationModel) -> tuple:
        """The pixels, and which of all they are.

        Parameters
        ----------
        nep, npp : arrays (years, ...)
            Net ecosystem productivity without errors, which tells where there is none, and net primary productivity
            (gC m-2 yr-1).
        temperature, precipitation, r10, years, forcing, model
            As for `productivity_block`.

        Returns
        -------
        (Pixels, int array)
        """
        valid = ~np.isnan(nep).reshape(len(years), -1)
        index = np.flatnonzero(valid.any(axis=0))
        valid = valid[:, index]
        npp, temperature, precipitation, r10 = (
            each if each is None else each.reshape(len(each), -1).take(index, axis=1).astype(np.float64)
            for each in (npp, temperature, precipitation, r10)
        )
        days, climate = days_of_months(years), []
        for place, right in enumerate(valid):
            warmth, rain = (
                each if each is None else _of_year(each, place, len(years), right)
                for each in (temperature, precipitation)
            )
            if model.of_soil:
                climate.append(_SoilYear(warmth, rain, days[place], 1.0 if r10 is None else r10[0]))
            else:
                climate.append(_pei_year(warmth, rain, forcing))
        return cls(npp, climate, valid), index

    def nep(self, model: RespirationModel, draws: list) -> np.ndarray:
        """NEP (years, draws, n) in gC m-2 yr-1 under some draws, dicts of numbers by name; 0 where there is none."""
        found = np.empty((len(self.npp), len(draws), self.npp.shape[1]))
        models = [model.times({name: drawn[name] for name in drawn if name in model.parameters}) for drawn in draws]
        with np.errstate(all="ignore"):
            for year, climate in enumerate(self.climate):
                checkpoint()
                for place, (drawn, each) in enumerate(zip(draws, models)):
                    respired = climate.respired(each, drawn.get(TEMPERATURE, 0.0), drawn.get(PRECIPITATION, 1.0))
                    np.multiply(self.npp[year], drawn.get(NPP, 1.0), out=found[year, place])
                    found[year, place] -= respired
        if not self.valid.all():
            found[~np.broadcast_to(self.valid[:, np.newaxis], found.shape)] = 0.0
        return found


def _of_year(stack: np.ndarray, place: int, years: int, valid: np.ndarray) -> np.ndarray:
    """The steps (steps, n) of a year; 0 where pixels are not valid."""
    steps = len(stack) // years
    values = stack[place * steps : (place + 1) * steps]
    return values if valid.all() else np.where(valid, values, 0.0)


def _pei_year(temperature: np.ndarray, precipitation: np.ndarray, forcing: Forcing) -> _PeiYear:
    if forcing == Forcing.MONTHLY:
        return _PeiYear(temperature, precipitation)
    temperature = (sum_over_time(temperature) / len(temperature))[np.newaxis]
    precipitation = sum_over_time(precipitation)[np.newaxis]
    if forcing == Forcing.ANNUAL_LITERAL:
        return _PeiYear(temperature, precipitation)
    return _PeiYear(temperature, precipitation / MONTHS, float(MONTHS))
