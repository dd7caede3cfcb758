"""What the fits of nep:attribution find of a trend that is planted beside the drivers; simulated by the kernel.

The series are noise of standard deviation 1, two drivers of standard deviation 1 that have an effect of 1 each, and the
rest, which is a line. The first driver has a trend too. Slopes are in standard deviations of the noise a year.
"""

from __future__ import annotations

import numpy as np

from evidence_noise import LENGTHS, percent
from nep_toolbox.core.attribution.regression import DETRENDED, DIFFERENCES, PLAIN, climate_and_residual, fit
from nep_toolbox.core.simulation import white_noise
from nep_toolbox.core.trend.theil_sen import trend

SERIES = 20_000
LEVEL = 0.05
YEARS = 20
FITS = {"plain": PLAIN, "detrended": DETRENDED, "first differences": DIFFERENCES}
#: The rest that is planted where the fits are compared, and the trends that the first driver has there.
REST = 0.15
DRIVER_TRENDS = (0.0, 0.05, 0.1, 0.15, 0.3)
#: What is planted where the years are compared.
RESTS = (0.0, 0.05, 0.1, 0.15, 0.3)
_SEED = 20_260_401


def noises(n: int, number: int, series: int = SERIES) -> list:
    """So many stacks of white noise of standard deviation 1, (n, pixels)."""
    return [
        np.concatenate(list(white_noise(n, _SEED + n + 1000 * place, series)), axis=1) for place in range(number)
    ]


def planted(n: int, rest: float, of_driver: float, series: int = SERIES) -> tuple:
    """Series with a planted rest, (n, pixels), and two drivers, (2, n, pixels)."""
    time = np.arange(n)[:, np.newaxis]
    noise, first, second = noises(n, 3, series)
    first += of_driver * time
    return noise + rest * time + first + second, np.stack([first, second])


def rest_p(y: np.ndarray, drivers: np.ndarray, method: int, years: np.ndarray | None = None) -> np.ndarray:
    """p of the slope of the rest: of the t test in the detrended fit, else of the Mann-Kendall test of the series."""
    years = np.arange(len(y)) if years is None else years
    made = fit(y, drivers, years, method=method)
    if method == DETRENDED:
        return made.residual_p
    _climate, residual = climate_and_residual(made, y, drivers)
    return trend(residual, years, wanted=("p_value",))["p_value"]


def found(method: int, n: int, rest: float, of_driver: float, series: int = SERIES) -> tuple:
    """The mean slope of the rest that a fit finds, and in how many series it is significant, in percent."""
    y, drivers = planted(n, rest, of_driver, series)
    slope = fit(y, drivers, np.arange(n), method=method).slope_residual
    return float(slope.mean()), percent([rest_p(y, drivers, method) < LEVEL])


def rest() -> tuple:
    """The table of what each fit finds of the rest: head and rows."""
    rows = []
    for of_driver in DRIVER_TRENDS:
        row = [f"{of_driver:g}"]
        for name, method in FITS.items():
            slope, share = found(method, YEARS, REST, of_driver)
            row += [f"{slope:.3f}"] if name == "first differences" else [f"{slope:.3f}", f"{share:.0f} %"]
        rows.append(tuple(row))
    return ("trend of the driver", "plain: rest found", "significant", "detrended: rest found", "significant",
            "first differences: rest found"), rows


def rest_power() -> tuple:
    """The table of how often the detrended fit finds a rest: head and rows."""
    rows = [
        (n, *(f"{found(DETRENDED, n, each, REST)[1]:.0f} %" for each in RESTS)) for n in LENGTHS
    ]
    return ("years", *(f"rest {each:g}" for each in RESTS)), rows
