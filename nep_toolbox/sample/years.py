"""NPP, respiration and NEP of the synthetic sample province, year by year, by formulas written out here."""

from __future__ import annotations

import numpy as np

from .attribution import Moments
from .ledger import Ledger
from .province import NPP_SCALE, NPP_VALID_RANGE, Province

COEFFICIENTS = {"a": 0.22, "b": 0.0913, "c": 0.3145, "d": 30.0, "e": 0.465}
"""Of the respiration model of Pei et al. (2010)."""


class Walk:
    """What one walk through the years gathers, so that the layers of one year at a time are in memory.

    Attributes
    ----------
    common : array (rows, cols) of bool
        Pixels that have NPP in every year.
    annual : list of dict
        A row for each year.
    forms : dict of str to Form
        NEP by the two forms of the respiration that take annual climate.
    climate : dict of str to array (rows, cols)
        Temperature and precipitation averaged over the years.
    moments : Moments
        Of climate and NPP.
    """

    def __init__(self, province: Province, pixel_km2: float) -> None:
        self.province, self.pixel_km2 = province, pixel_km2
        count = np.zeros((province.rows, province.cols), dtype=int)
        for year in province.years:
            count += npp_of(province, year)[1]
        self.common = count == len(province.years)
        self.annual: list = []
        self.forms = {name: Form(province, count) for name in ("annual_literal", "annual_monthly_equivalent")}
        self.moments = Moments(province)
        shape = (province.rows, province.cols)
        self._climate = {name: np.zeros(shape) for name in ("temperature", "precipitation")}
        for year in province.years:
            self._add(year)
        self.climate = {name: total / len(province.years) for name, total in self._climate.items()}

    def _add(self, year: int) -> None:
        province = self.province
        npp, found = npp_of(province, year)
        climate = {name: getattr(province, name)(year).astype(np.float64) for name in self._climate}
        respiration = _forcings(province, year, **climate)
        self.annual.append(_annual_row(year, npp, found, climate, respiration, self.pixel_km2))
        self.moments.add(year, npp, found, climate)
        for name, form in self.forms.items():
            form.add(year, npp - respiration[name], found, self.common, self.pixel_km2)
        for name, layer in climate.items():
            self._climate[name] += layer


class Form:
    """NEP by one form of the respiration, as it is gathered year by year.

    Attributes
    ----------
    annual, by_class : lists of dict
        A row for each year; a row for each date and class of land cover.
    of_date : dict of int to array (rows, cols)
        NEP of the years of the first and the last land cover, NaN where it is missing.
    around : dict of int to array (rows, cols)
        For the same two the mean of the `years_around` them, NaN where it is missing in one.
    regional : dict of str to list of dict
        For each region, a row for each year.
    centres : list of (x, y)
        Centre of gravity of NEP in each year.
    ledger : Ledger
        Its sources and sinks.
    """

    def __init__(self, province: Province, years_with_nep: np.ndarray) -> None:
        self._province = province
        self.ledger = Ledger(province, years_with_nep)
        self.annual, self.by_class, self.centres, self.of_date = [], [], [], {}
        self._averaged = years_around(province)
        self.around = {date: np.zeros((province.rows, province.cols)) for date in self._averaged}
        self.regional = {name: [] for name, _ in province.regions()}
        self._nep, self._count = np.zeros((2, province.rows, province.cols))

    @property
    def nep_mean(self) -> np.ndarray:
        """NEP averaged over the years in which the pixel has it, (rows, cols); NaN where it never has."""
        return np.where(self._count > 0, self._nep / np.maximum(self._count, 1), np.nan)

    def add(self, year: int, nep: np.ndarray, found: np.ndarray, common: np.ndarray, pixel_km2: float) -> None:
        """Take the NEP of a year, its pixels, and those that have NEP in every year."""
        province = self._province
        self.annual.append({"year": year, **_summary(nep[found], pixel_km2)})
        for position, rows in enumerate(self.regional.values()):
            inside = found & (province.region_index == position)
            rows.append({"year": year, "pixels": int(inside.sum()), "nep_mean": float(nep[inside].mean())})
        self.centres.append(_centre(province, np.where(common, nep, 0.0)))
        self.ledger.add(year, nep, found, pixel_km2)
        self._nep[found] += nep[found]
        self._count += found
        if year in province.landcover_years:
            self.by_class += _class_means(province, year, nep, found, pixel_km2)
        if year in (province.landcover_years[0], province.landcover_years[-1]):
            self.of_date[year] = nep
        for date, years in self._averaged.items():
            if year in years:
                self.around[date] += nep / len(years)


def years_around(province: Province) -> dict:
    """For the first and the last date of the land cover the five years nearest to it, or three or one, for the years of
    one date to lie before those of the other."""
    dates = (province.landcover_years[0], province.landcover_years[-1])
    for size in (5, 3, 1):
        early, late = (
            sorted(sorted(province.years, key=lambda year, date=date: abs(year - date))[:size]) for date in dates
        )
        if early[-1] < late[0]:
            break
    return dict(zip(dates, (early, late)))


def _forcings(province: Province, year: int, temperature: np.ndarray, precipitation: np.ndarray) -> dict:
    """Respiration of a year by the three ways to apply the formula."""
    return {
        "annual_literal": respiration(temperature, precipitation),
        "monthly": _monthly_respiration(province, year),
        "annual_monthly_equivalent": 12.0 * respiration(temperature, precipitation / 12.0),
    }


def _summary(values: np.ndarray, pixel_km2: float) -> dict:
    return {
        "mean": float(values.mean()), "std": float(values.std()), "min": float(values.min()),
        "max": float(values.max()), "total_tg": float(values.sum() * pixel_km2 * 1e6 / 1e12),
    }


def _annual_row(year: int, npp: np.ndarray, found: np.ndarray, climate: dict, forcings: dict, pixel_km2: float) -> dict:
    values = (npp - forcings["annual_literal"])[found]
    return {
        "year": year, "pixels": int(values.size), "area_km2": values.size * pixel_km2,
        "npp_mean": float(npp[found].mean()),
        **{f"nep_{key}": value for key, value in _summary(values, pixel_km2).items() if key != "mean"},
        "temperature_mean": float(climate["temperature"][found].mean()),
        "precipitation_mean": float(climate["precipitation"][found].mean()),
        "respiration_mean": {name: float(field[found].mean()) for name, field in forcings.items()},
        "nep_mean": {name: float((npp - field)[found].mean()) for name, field in forcings.items()},
    }


def npp_of(province: Province, year: int) -> tuple[np.ndarray, np.ndarray]:
    """NPP in gC m-2 yr-1 and the mask of the pixels that have it."""
    stored = province.npp(year)
    found = (stored >= NPP_VALID_RANGE[0]) & (stored <= NPP_VALID_RANGE[1])
    return np.where(found, stored * NPP_SCALE, np.nan), found


def respiration(temperature: np.ndarray, precipitation: np.ndarray) -> np.ndarray:
    """R_H of Pei et al. (2010) in gC m-2 for a temperature in degC and a precipitation in mm."""
    a, b, c, days, e = COEFFICIENTS.values()
    return a * (np.exp(b * temperature) + np.log(c * precipitation + 1.0)) * days * e


def _monthly_respiration(province: Province, year: int) -> np.ndarray:
    total = np.zeros((province.rows, province.cols))
    for month in range(1, 13):
        total += respiration(province.temperature_month(year, month).astype(np.float64),
                             province.precipitation_month(year, month).astype(np.float64))
    return total


def _centre(province: Province, weight: np.ndarray) -> tuple[float, float]:
    west, cell, _, north, _, _ = province.geotransform
    x = west + (np.arange(province.cols) + 0.5) * cell
    y = north - (np.arange(province.rows) + 0.5) * cell
    total = weight.sum()
    return float((weight.sum(axis=0) * x).sum() / total), float((weight.sum(axis=1) * y).sum() / total)


def _class_means(province: Province, year: int, nep: np.ndarray, found: np.ndarray, pixel_km2: float) -> list[dict]:
    cover = province.landcover(year)
    rows = []
    for code in np.unique(cover[found]):
        values = nep[found & (cover == code)]
        rows.append({"year": year, "class": int(code), "pixels": int(values.size), "mean": float(values.mean()),
                     "area_km2": float(values.size * pixel_km2),
                     "total_tg": float(values.sum() * pixel_km2 * 1e6 / 1e12)})
    return rows
