"""How much of the trend of NPP in the synthetic sample province is rain and warmth, by formulas written out here."""

from __future__ import annotations

import math

import numpy as np

from .province import Province

LEAST_YEARS = 10
"""Years with NPP below which a pixel is left out."""

ALPHA = 0.05
"""Level at which a driver counts."""

DRIVERS = ("precipitation", "temperature")
_NAMES = ("time", *DRIVERS, "npp")
_LEVEL = 400.0  # near to the mean of NPP, so that its squares do not cancel


class Moments:
    """Sums, squares and products of time, climate and NPP over the years in which a pixel has NPP.

    They do not grow with the number of years.

    Attributes
    ----------
    count : array (pixels,)
        Years with NPP, for the pixels of the province in the order of rows.
    """

    def __init__(self, province: Province) -> None:
        self._province = province
        pixels = int(province.valid.sum())
        self.count = np.zeros(pixels)
        self._sums = np.zeros((len(_NAMES), pixels))
        self._products = np.zeros((len(_NAMES), len(_NAMES), pixels))
        self._first: dict = {}
        self._time = np.array(province.years, dtype=np.float64) - np.mean(province.years)
        self._rain = np.zeros(pixels)

    def add(self, year: int, npp: np.ndarray, found: np.ndarray, climate: dict) -> None:
        """Take a year: NPP, where it is there, and the climate by name, each (rows, cols)."""
        valid, elapsed = self._province.valid, year - self._province.years[0]
        for name in DRIVERS:
            self._first.setdefault(name, climate[name][valid])
        used = found[valid]
        values = [np.full(used.shape, float(elapsed)), *(climate[name][valid] - self._first[name] for name in DRIVERS),
                  npp[valid] - _LEVEL]
        values = np.where(used, values, 0.0)
        self.count += used
        self._sums += values
        self._products += values[:, np.newaxis] * values
        self._rain += self._time[self._province.years.index(year)] * self._province.rain_anomaly(year)[valid]

    def centred(self) -> dict:
        """Sums of products of deviations from the means, (pixels,) by pairs of names."""
        mean = self._sums / np.maximum(self.count, 1)
        return {
            (one, other): self._products[i, j] - mean[i] * self._sums[j]
            for i, one in enumerate(_NAMES) for j, other in enumerate(_NAMES)
        }

    def rain_slope(self) -> np.ndarray:
        """Least-squares slope of the rain anomaly of all years, a year: (pixels,)."""
        return self._rain / (self._time**2).sum()


def attribution(province: Province, moments: Moments, annual: list) -> dict:
    """What the climate explains of the trend of NPP, pixel by pixel, and of the annual means.

    Parameters
    ----------
    province : Province
    moments : Moments
        Of all years.
    annual : list of dict
        Means of each year: ``year``, ``npp_mean``, ``precipitation_mean``, ``temperature_mean``.

    Returns
    -------
    dict
        ``pixels`` that have at least `LEAST_YEARS` years with NPP and a climate that varies, ``planted``, and for the
        fits ``plain`` and ``detrended`` means and counts over these pixels, and the fit of the annual means. Slopes are
        in gC m-2 yr-1 a year.
    """
    products = moments.centred()
    used = moments.count >= LEAST_YEARS
    for name in DRIVERS:
        used &= products[name, name] > 0
    answers = {
        "rule": "NPP fitted to precipitation and temperature in the years in which the pixel has NPP, at least "
                f"{LEAST_YEARS}; detrended: with the year as one more regressor. Climate part: sum of coefficient "
                "times least-squares slope of the driver; rest: slope of NPP less that. A driver counts if p < "
                f"{ALPHA}",
        "target": "npp", "drivers": list(DRIVERS), "pixels": int(used.sum()),
    }
    if not used.any():
        return answers
    products = {pair: sums[used] for pair, sums in products.items()}
    answers["planted"] = _planted(province, moments, used)
    for name in ("plain", "detrended"):
        answers[name] = {**_of_pixels(fit(products, moments.count[used], name == "detrended")),
                         "annual_means": _of_annual_means(annual, name == "detrended")}
    return answers


def _planted(province: Province, moments: Moments, used: np.ndarray) -> dict:
    """Of the pixels used: the change by rain that was built in, and what was built in beside it."""
    climate = (province.rain_response[province.valid] * moments.rain_slope())[used]
    rest = province.growth[province.valid][used]
    return {
        "slope_climate": float(climate.mean()), "slope_rest": float(rest.mean()),
        "rest_rising_percent": float(100.0 * (rest > 0).mean()),
        "note": "rain times its response, and growth, before noise; temperature has no part in NPP. The detrended fit "
                "finds these but for noise; the plain one loses of the rest what looks like a trend of the drivers",
    }


def fit(products: dict, count: np.ndarray, detrended: bool) -> dict:
    """Fit NPP to the drivers.

    Parameters
    ----------
    products : dict
        Of `Moments.centred`.
    count : array (pixels,)
        Years of each pixel.
    detrended : bool
        Whether the year is one more regressor.

    Returns
    -------
    dict of arrays (pixels,)
        ``slope``, ``slope_climate``, ``slope_rest``, ``r_squared`` and ``p_value`` of the drivers together (beyond the
        year where detrended), and by driver ``coefficient``, ``contribution``, ``partial_r``, ``driver_p``.
    """
    one, other = DRIVERS
    time = products["time", "time"]
    left = {
        (a, b): products[a, b] - (products["time", a] * products["time", b] / time if detrended else 0.0)
        for a in _NAMES[1:] for b in _NAMES[1:]
    }
    df = count - len(DRIVERS) - 1 - detrended
    determinant = left[one, one] * left[other, other] - left[one, other] ** 2
    coefficient = {
        a: (left[a, "npp"] * left[b, b] - left[b, "npp"] * left[a, b]) / determinant
        for a, b in ((one, other), (other, one))
    }
    explained = sum(coefficient[name] * left[name, "npp"] for name in DRIVERS)
    variance = (left["npp", "npp"] - explained) / df
    t = {a: coefficient[a] / np.sqrt(variance * left[b, b] / determinant) for a, b in ((one, other), (other, one))}
    contribution = {name: coefficient[name] * products["time", name] / time for name in DRIVERS}
    slope, climate = products["time", "npp"] / time, sum(contribution.values())
    r_squared = explained / left["npp", "npp"]
    return {
        "slope": slope, "slope_climate": climate, "slope_rest": slope - climate, "r_squared": r_squared,
        "p_value": (1.0 - r_squared) ** (df / 2.0),  # P(F(2, df) > F) in closed form
        "coefficient": coefficient, "contribution": contribution,
        "partial_r": {name: t[name] / np.sqrt(t[name] ** 2 + df) for name in DRIVERS},
        "driver_p": {name: two_sided_p(t[name], df) for name in DRIVERS},
    }


def two_sided_p(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    """P(abs(T) > abs(t)) of Student's t with whole degrees of freedom, by its finite series, (pixels,).

    Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.
    """
    within = np.empty(np.shape(t))
    for freedom in np.unique(df).astype(int):
        some = df == freedom
        angle = np.arctan(np.abs(t[some]) / math.sqrt(freedom))
        sine, squared = np.sin(angle), np.cos(angle) ** 2
        odd = freedom % 2
        term = np.cos(angle) if odd else np.ones_like(angle)
        total = np.zeros_like(angle)
        for step in range(1 + odd, freedom, 2):  # the exponent of the next cosine is one more
            total += term
            term = term * squared * (step / (step + 1.0))
        within[some] = 2.0 / math.pi * (angle + sine * total) if odd else sine * total
    return 1.0 - within


def classes(found: dict) -> np.ndarray:
    """Which part has the sign of the slope, (pixels,): 1 both, 2 climate, 3 rest, less than 0 where NPP falls."""
    sign = np.sign(found["slope"])
    climate, rest = (np.sign(found[name]) == sign for name in ("slope_climate", "slope_rest"))
    return (sign * np.where(climate & rest, 1, np.where(climate, 2, 3))).astype(int)


def dominant(found: dict) -> np.ndarray:
    """The driver with the largest partial r among those that count, (pixels,): 1 or 2 with its sign, 0 none."""
    r = np.array([np.where(found["driver_p"][name] < ALPHA, found["partial_r"][name], 0.0) for name in DRIVERS])
    strongest = np.abs(r).argmax(axis=0)
    return (np.sign(np.take_along_axis(r, strongest[np.newaxis], 0)[0]) * (strongest + 1)).astype(int)


def _of_pixels(found: dict) -> dict:
    """Means and counts over the pixels."""
    codes, leading = classes(found), dominant(found)
    return {
        **{name: float(found[name].mean()) for name in ("slope", "slope_climate", "slope_rest", "r_squared")},
        "explained_pixels": int((found["p_value"] < ALPHA).sum()),
        "class_pixels": {str(code): int((codes == code).sum()) for code in (1, 2, 3, -1, -2, -3)},
        "by_driver": {
            name: {
                "mean_partial_r": float(found["partial_r"][name].mean()),
                "mean_contribution": float(found["contribution"][name].mean()),
                "significant_pixels": int((found["driver_p"][name] < ALPHA).sum()),
                "dominant_positive_pixels": int((leading == number).sum()),
                "dominant_negative_pixels": int((leading == -number).sum()),
            }
            for number, name in enumerate(DRIVERS, start=1)
        },
    }


def _of_annual_means(annual: list, detrended: bool) -> dict:
    """The fit of the annual means."""
    columns = np.array([[row["year"], *(row[f"{name}_mean"] for name in (*DRIVERS, "npp"))] for row in annual])
    columns -= columns.mean(axis=0)
    products = {(a, b): np.array([columns[:, i] @ columns[:, j]])
                for i, a in enumerate(_NAMES) for j, b in enumerate(_NAMES)}
    found = fit(products, np.array([len(annual)]), detrended)
    return {
        **{name: float(found[name][0]) for name in ("slope", "slope_climate", "slope_rest", "r_squared", "p_value")},
        "contribution": {name: float(found["contribution"][name][0]) for name in DRIVERS},
    }
