"""What tests and maps of persistence say of noise, in which there is nothing to find; simulated by the kernels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nep_toolbox.core.persistence.detrend import Detrend
from nep_toolbox.core.persistence.hurst import hurst
from nep_toolbox.core.persistence.interval import fractional_noise, interval
from nep_toolbox.core.simulation import SIMULATED_SERIES, white_noise

LENGTHS = (15, 20, 30, 40)
#: Of the trend that is added to white noise, in standard deviations a year.
SLOPES = (0.0, 0.1, 0.2, 0.3)
#: How H is taken: in words, and in parameters of `hurst`.
WAYS = {
    "raw": {"corrected": False},
    "corrected": {},
    "corrected, least-squares line taken out": {"detrend": Detrend.OLS},
    "corrected, Theil-Sen line taken out": {"detrend": Detrend.THEIL_SEN},
}
_SEED = 20_240_229  # another than those of the distributions that p-values are taken from


def noise(n: int, series: int = SIMULATED_SERIES, seed: int = _SEED) -> Iterator[np.ndarray]:
    """White noise of standard deviation 1 in pieces (n, up to 5,000)."""
    return white_noise(n, seed + n, series)


def percent(found: list) -> float:
    """The share of what is true in a list of arrays, in percent."""
    return 100 * float(np.concatenate([each.ravel() for each in found]).mean())


def persistent(n: int, slope: float, series: int = SIMULATED_SERIES, **way) -> float:
    """The share of series of white noise with a trend that have an H above 0.5, in percent."""
    trend = slope * np.arange(n)[:, np.newaxis]
    return percent([hurst(each + trend, **way)["hurst"] > 0.5 for each in noise(n, series)])


def shares() -> tuple:
    """The table of the shares with an H above 0.5: head and rows."""
    rows = [
        (n, words, *(f"{persistent(n, slope, **way):.1f}" for slope in SLOPES))
        for n in LENGTHS for words, way in WAYS.items()
    ]
    return ("years", "H", *(f"slope {slope:g}" for slope in SLOPES)), rows


# Power ----------------------------------------------------------------------------------------------------------------

#: Of fractional Gaussian noise, whose memory is what H measures.
EXPONENTS = (0.3, 0.5, 0.7, 0.9)
LEVEL = 90.0


def seen(n: int, exponent: float, series: int = SIMULATED_SERIES, alpha: float = 0.1) -> tuple:
    """Of series of fractional Gaussian noise, in percent: in how many memory is seen (p below ``alpha``), how many
    intervals of H hold the true one, and how many hold 0.5."""
    estimates = [
        hurst(fractional_noise(each, exponent), detrend=Detrend.OLS, significance=True) for each in noise(n, series)
    ]
    limits = [interval(each["hurst"], n, LEVEL, detrend=Detrend.OLS) for each in estimates]
    return (
        percent([each["p_value"] < alpha for each in estimates]),
        *(percent([(low <= value) & (value <= high) for low, high in limits]) for value in (exponent, 0.5)),
    )


def power() -> tuple:
    """The table of how often memory that is there is seen: head and rows."""
    rows = [
        (n, exponent, *(f"{share:.1f} %" for share in seen(n, exponent)))
        for n in (*LENGTHS, 100) for exponent in EXPONENTS
    ]
    return ("years", "true H", "p below 0.1", "interval holds the true H", "interval holds 0.5"), rows
