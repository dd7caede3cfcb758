"""Signs that a series is not in the units that NEP and its respiration model take."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .units import DAYS_OF_A_YEAR, KELVIN, SECONDS_OF_A_DAY, precipitation_conversion, temperature_conversion

# Means over a whole raster, so that a hot pixel or a rainy summit raises no alarm.
TEMPERATURE_LIMIT = 60.0
"""degC; no region has a mean temperature beyond it on either side of zero."""
ANNUAL_PRECIPITATION_LIMIT = 6000.0
"""mm; the wettest regions of the Earth stay below it."""
MONTHLY_PRECIPITATION_LIMIT = 1500.0
"""mm in one month."""
ANNUAL_PRECIPITATION_FLOOR = 5.0
"""mm; below it even a desert is more likely given in metres or as a rate."""
DESERT = 60.0
"""mm a year; what only deserts have, and what mm a day come to where they are added up for months."""
LIKELY_FLOOR = 100.0
"""mm a year; what a unit must make of the values where nothing but the values speaks for it."""
WETTEST_DAY = 16.0
"""mm a day; no region has more in the mean of a year."""
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


class Given(NamedTuple):
    """What is known of a series beside its values: the unit in its files, and the user's scale and offset with the
    names of their parameters (an offset without one is none)."""

    unit: str = ""
    scale: float = 1.0
    offset: float = 0.0
    scale_key: str = ""
    offset_key: str = ""

    @property
    def untouched(self) -> bool:
        """Whether the values are those of the files."""
        return (self.scale, self.offset) == (1.0, 0.0)

    def settings(self, scale: float, offset: float = 0.0) -> str:
        """What to type for a further scale, and an offset, after the user's scale."""
        found = [f"⟨{self.scale_key}⟩ to {scale * self.scale:.10g}"] if scale != 1.0 else []
        if offset != self.offset or not found:
            found.append(f"⟨{self.offset_key}⟩ to {offset:.10g}")
        return " and ".join(found)


def unit_warnings(temperature_means, precipitation_means, precipitation_steps: int,
                  temperature: Given | None = None, precipitation: Given | None = None) -> list[str]:
    """Plain-language warnings where the units of the climate series look wrong.

    Parameters
    ----------
    temperature_means, precipitation_means : sequences of float
        Mean over the valid pixels of each raster, after the user's scale and offset were applied; NaN (nothing valid)
        is skipped.
    precipitation_steps : int
        Steps a year of the precipitation series: 12 or 1.
    temperature, precipitation : Given, optional

    Returns
    -------
    list of str
        One sentence or two for each doubt, naming the numbers that settle it; empty where all is well.
    """
    temperature = temperature or Given(scale_key="TEMPERATURE_SCALE", offset_key="TEMPERATURE_OFFSET")
    precipitation = precipitation or Given(scale_key="PRECIPITATION_SCALE")
    found = (
        temperature_warning(temperature_means, temperature),
        precipitation_warning(precipitation_means, precipitation_steps, precipitation),
    )
    return [warning for warning in found if warning]


def _finite(means) -> np.ndarray:
    means = np.asarray(means, dtype=np.float64).ravel()
    return means[np.isfinite(means)]


# Temperature ----------------------------------------------------------------------------------------------------------

_UNIT_SAYS = "The unit of the {}, as its files say, is '{}': set {}{}."
_NO_DEGREES = "A temperature raster has a mean of {:.6g}, which cannot be degC. "
_LOOKS_LIKE = "It looks like {}."
_THEN_SET = "{}: then set {}"
_OR_LIKE = "; or like "
_WITHOUT_OFFSET = "Without the offset it can: then set ⟨{}⟩ to 0."
_FACTOR = "Set ⟨{}⟩ to the factor that makes it degC, and check that fill values are masked."

KELVINS = (200.0, 330.0)
"""What means of regions in kelvin lie between."""

#: What values may be that are no degC: their range, the scale and offset that make them degC, and their name.
_GUESSES = (
    (*KELVINS, 1.0, KELVIN, "kelvin"), (2000.0, 3300.0, 0.1, KELVIN, "tenths of a kelvin"),
    (-600.0, 600.0, 0.1, 0.0, "tenths of a degree"),
)


def temperature_warning(means, given: Given) -> str:
    """A warning where temperature is not in degC, or an empty text.

    Parameters
    ----------
    means : sequence of float
        Of each raster, after the user's scale and offset.
    given : Given
    """
    means = _finite(means)
    if means.size == 0:
        return ""
    stated = temperature_conversion(given.unit)
    if stated and given.untouched and stated[:2] != (1.0, 0.0):
        scale, offset, _words = stated
        if np.abs(means * scale + offset).max() <= TEMPERATURE_LIMIT:
            return _UNIT_SAYS.format("temperature", given.unit, given.settings(scale, offset), "")
    worst = means[np.argmax(np.abs(means))]
    if abs(worst) <= TEMPERATURE_LIMIT:
        return ""
    return _NO_DEGREES.format(worst) + _looks_like(means - given.offset, given)


def _looks_like(scaled: np.ndarray, given: Given) -> str:
    """What temperatures look like before the user's offset, and what then to set."""
    if given.offset and np.abs(scaled).max() <= TEMPERATURE_LIMIT:
        return _WITHOUT_OFFSET.format(given.offset_key)
    ways = [
        _THEN_SET.format(words, given.settings(scale, offset)) for low, high, scale, offset, words in _GUESSES
        if low <= scaled.min() and scaled.max() <= high
    ]
    return _LOOKS_LIKE.format(_OR_LIKE.join(ways)) if ways else _FACTOR.format(given.scale_key)


# Precipitation --------------------------------------------------------------------------------------------------------

_NEGATIVE = (
    "A precipitation raster has a mean of {:.6g}, which cannot be mm: fill values are not masked. Set the nodata value "
    "of the raster."
)
_TENTHS = (
    "The precipitation comes to {:.6g} in a {}, which is hardly mm. It looks like tenths of a millimetre: then set {}."
)
_DRY = "The precipitation comes to {:.6g} in a year, which as mm only deserts have. If it is in mm a day, set {}."
_HARDLY = "The precipitation comes to {:.6g} in a year, which is hardly mm"
_IF_IT_IS = "if it is {}, set {}"
_CHECK = "{}. Check ⟨{}⟩, and the unit of the files."
_OF_A_STEP = ", the {} of a {}"
_METRES = (
    "The unit of the precipitation, as its files say, is '{}': set {} if it is metres a {} ({:.4g} mm a year), or {} "
    "if it is metres a day ({:.4g} mm a year), as the means of ERA5 are."
)
_METRES_A_DAY = ": metres a day come to so many mm in a {}"


def precipitation_warning(means, steps: int, given: Given) -> str:
    """A warning where precipitation is not in mm, or an empty text.

    Parameters
    ----------
    means : sequence of float
        Of each raster, after the user's scale.
    steps : int
        Steps a year: 12 or 1.
    given : Given
    """
    means = _finite(means)
    if means.size == 0:
        return ""
    negative = means.min()
    if negative < 0:
        return _NEGATIVE.format(negative)
    annual = means.max() if steps == 1 else means.mean() * steps
    return (
        _of_stated_unit(annual, steps, given) or _too_much(means.max(), annual, steps, given)
        or _too_little(means.mean(), annual, steps, given)
    )


def _of_stated_unit(annual: float, steps: int, given: Given) -> str:
    stated = precipitation_conversion(given.unit, steps)
    if not stated or not given.untouched or stated.scale == 1.0:
        return ""
    scale, days = stated.scale, DAYS_OF_A_YEAR / steps
    more = _OF_A_STEP.format(stated.words, _period(steps)) if stated.words else ""
    if scale == 1000.0 and not stated.words:
        # Of ERA5 the monthly means are metres a day, and their unit is m all the same.
        likely = [_is_likely(annual * each) for each in (scale, scale * days)]
        if all(likely):
            return _METRES.format(
                given.unit, given.settings(scale), _period(steps), annual * scale, given.settings(scale * days),
                annual * scale * days,
            )
        if likely[1]:
            scale, more = scale * days, _METRES_A_DAY.format(_period(steps))
    if not _is_likely(annual * scale):
        return ""
    return _UNIT_SAYS.format("precipitation", given.unit, given.settings(scale), more)


def _is_likely(annual: float) -> bool:
    """Whether a region may have so much in a year, in mm."""
    return ANNUAL_PRECIPITATION_FLOOR <= annual <= ANNUAL_PRECIPITATION_LIMIT


def _too_much(most: float, annual: float, steps: int, given: Given) -> str:
    if steps != 1 and most > MONTHLY_PRECIPITATION_LIMIT:
        amount, period = most, "month"
    elif annual > ANNUAL_PRECIPITATION_LIMIT:
        amount, period = annual, "year"
    else:
        return ""
    return _TENTHS.format(amount, period, given.settings(0.1))


def _too_little(mean: float, annual: float, steps: int, given: Given) -> str:
    """What little precipitation may be that is no mm."""
    days = DAYS_OF_A_YEAR / steps
    if annual >= ANNUAL_PRECIPITATION_FLOOR:
        stated = precipitation_conversion(given.unit, steps)
        if annual >= DESERT or mean > WETTEST_DAY or stated and stated.scale == 1.0:
            return ""
        return _DRY.format(annual, given.settings(days))
    guesses = (
        (1000.0, f"metres a {_period(steps)}"), (days, "mm a day"), (1000.0 * days, "metres a day"),
        (SECONDS_OF_A_DAY * days, "a rate in kg m-2 s-1"),
    )
    ways = [
        _IF_IT_IS.format(words, given.settings(scale)) for scale, words in guesses
        if LIKELY_FLOOR <= annual * scale <= ANNUAL_PRECIPITATION_LIMIT
    ]
    found = _HARDLY.format(annual)
    return f"{found}: {'; '.join(ways)}." if ways else _CHECK.format(found, given.scale_key)


def _period(steps: int) -> str:
    return "year" if steps == 1 else "month"
