"""Signs that a series is not in the units that NEP and its respiration model take."""

from __future__ import annotations

import numpy as np

# Means over a whole raster, so that a hot pixel or a rainy summit raises no alarm.
TEMPERATURE_LIMIT = 60.0
"""degC; no region has a mean temperature beyond it on either side of zero."""
ANNUAL_PRECIPITATION_LIMIT = 6000.0
"""mm; the wettest regions of the Earth stay below it."""
MONTHLY_PRECIPITATION_LIMIT = 1500.0
"""mm in one month."""
ANNUAL_PRECIPITATION_FLOOR = 5.0
"""mm; below it even a desert is more likely given in metres or as a rate."""
NPP_LIMIT = 2000.0
"""gC m-2 yr-1; the most productive forests of the Earth reach about 1,500 in the mean of a region."""
NPP_FLOOR = 5.0
"""gC m-2 yr-1; products leave deserts out, and kgC come to less than 2."""

_TOO_MUCH = (
    "An NPP raster has a mean of {:.6g}, which cannot be gC m-2 yr-1: no region reaches more than about 1,500. "
)
_TOO_LITTLE = "An NPP raster has a mean of {:.6g}, which is hardly gC m-2 yr-1. "
_STORED = (
    "It looks like the whole numbers that MOD17A3HGF stores: then set ⟨NPP_SCALE⟩ to {:g} and ⟨NPP_VALID_MAX⟩ to 32700."
)
_OTHER_SCALE = "Check ⟨NPP_SCALE⟩, which is {:g}, and that fill values are masked."
_KILOGRAMS = "It looks like kgC m-2 yr-1: then set ⟨NPP_SCALE⟩ to {:g}."


def npp_warnings(means, scale: float) -> list[str]:
    """Warnings where NPP cannot be in gC m-2 yr-1.

    Parameters
    ----------
    means : sequence of float
        Mean over the valid pixels of each raster, after the user's scale was applied; NaN (nothing valid) is skipped.
    scale : float
        The user's scale.

    Returns
    -------
    list of str
        Up to two, naming the mean that is most in doubt.
    """
    means, warnings = _finite(means), []
    if means.size and means.max() > NPP_LIMIT:
        cure = _STORED.format(0.1) if scale == 1.0 else _OTHER_SCALE.format(scale)
        warnings.append(_TOO_MUCH.format(means.max()) + cure)
    if means.size and means.min() < NPP_FLOOR:
        cure = _KILOGRAMS.format(1000.0 * scale) if means.min() > 0 else _OTHER_SCALE.format(scale)
        warnings.append(_TOO_LITTLE.format(means.min()) + cure)
    return warnings


def unit_warnings(temperature_means, precipitation_means, precipitation_steps: int) -> list[str]:
    """Plain-language warnings where the units of the climate series look wrong.

    Parameters
    ----------
    temperature_means, precipitation_means : sequences of float
        Mean over the valid pixels of each raster, after the user's scale was applied; NaN (nothing valid) is skipped.
    precipitation_steps : int
        Steps a year of the precipitation series: 12 or 1.

    Returns
    -------
    list of str
        One sentence or two for each doubt, naming the scale that settles it; empty where all is well.
    """
    return [
        warning
        for warning in (
            _temperature_warning(_finite(temperature_means)),
            _precipitation_warning(_finite(precipitation_means), precipitation_steps),
        )
        if warning
    ]


def _finite(means) -> np.ndarray:
    means = np.asarray(means, dtype=np.float64).ravel()
    return means[np.isfinite(means)]


def _temperature_warning(means: np.ndarray) -> str:
    if means.size == 0:
        return ""
    worst = means[np.argmax(np.abs(means))]
    if abs(worst) <= TEMPERATURE_LIMIT:
        return ""
    found = f"A temperature raster has a mean of {worst:.6g}, which cannot be degC. "
    if means.min() > 200 and means.max() < 330:
        return found + (
            "It looks like kelvin: subtract 273.15 first, no scale can do that. If it is tenths of a degree, set "
            "⟨TEMPERATURE_SCALE⟩ to 0.1."
        )
    if abs(worst) <= 10 * TEMPERATURE_LIMIT:
        return found + "It looks like tenths of a degree: then set ⟨TEMPERATURE_SCALE⟩ to 0.1."
    return found + "Set ⟨TEMPERATURE_SCALE⟩ to the factor that makes it degC, and check that fill values are masked."


def _precipitation_warning(means: np.ndarray, steps: int) -> str:
    if means.size == 0:
        return ""
    annual = means if steps == 1 else np.array([means.mean() * steps])
    negative = means.min()
    if negative < 0:
        return (
            f"A precipitation raster has a mean of {negative:.6g}, which cannot be mm: fill values are not masked. Set "
            "the nodata value of the raster."
        )
    if steps != 1 and means.max() > MONTHLY_PRECIPITATION_LIMIT:
        return _tenths(means.max(), "month")
    if annual.max() > ANNUAL_PRECIPITATION_LIMIT:
        return _tenths(annual.max(), "year")
    if annual.max() < ANNUAL_PRECIPITATION_FLOOR:
        return (
            f"The precipitation comes to {annual.max():.6g} in the wettest year, which is hardly mm. If it is in "
            "metres, set ⟨PRECIPITATION_SCALE⟩ to 1000; if it is a rate (kg m-2 s-1), to the seconds of a step."
        )
    return ""


def _tenths(amount: float, period: str) -> str:
    return (
        f"The precipitation comes to {amount:.6g} in a {period}, which is hardly mm. It looks like tenths of a "
        "millimetre: then set ⟨PRECIPITATION_SCALE⟩ to 0.1."
    )
