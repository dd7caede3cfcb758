"""How much a series varies around its mean, and around its line."""

from __future__ import annotations

import math
import re

import numpy as np

from ...errors import InvalidParameter
from ..significance import differs_from_zero
from ..sums import sum_over_time
from ..valid_values import alike, without_gaps
from .moments import moments

#: Of the classes, which are int16.
NODATA = -32768

#: A spread around a line needs as many values.
FEWEST = 3

#: A legend of more classes is read by no one.
MOST_LIMITS = 19

#: What five classes are called; the limits stand behind.
_NAMES = ("Very stable", "Stable", "Moderate", "Unstable", "Very unstable")

_NUMBERS = ("cv", "cv_detrended", "mean", "std")

_NO_LIMIT = "⟨LIMITS⟩ holds '{}', which is no number from 0 on. Write the limits as shares: 0.05,0.10,0.15,0.20."
_NO_RISE = "⟨LIMITS⟩ holds {:.15g} after {:.15g}. Write the limits from the lowest to the highest, each once."
_NONE = "⟨LIMITS⟩ holds no limit. Write the limits as shares: 0.05,0.10,0.15,0.20."
_MANY = "⟨LIMITS⟩ holds {} limits; a legend has room for {}. Leave some out."


def parse_limits(text: str) -> tuple:
    """Read limits as a person types them in LIMITS: "0.05,0.10,0.15,0.20".

    Returns
    -------
    tuple of float
        Ascending, not negative.

    Raises
    ------
    InvalidParameter
        Where a part is no such number, a limit is not above the one before, there is none, or too many.
    """
    limits: list = []
    for part in filter(None, re.split(r"[,;，；、\s]+", text)):
        try:
            number = float(part)
        except ValueError:
            number = math.nan
        if not 0.0 <= number < math.inf:
            raise InvalidParameter(_NO_LIMIT.format(part))
        if limits and number <= limits[-1]:
            raise InvalidParameter(_NO_RISE.format(number, limits[-1]))
        limits.append(number)
    if not limits:
        raise InvalidParameter(_NONE)
    if len(limits) > MOST_LIMITS:
        raise InvalidParameter(_MANY.format(len(limits), MOST_LIMITS))
    return tuple(limits)


def class_labels(limits: tuple) -> dict:
    """What the classes of CV are called: class -> label, the stablest first.

    Parameters
    ----------
    limits : tuple of float
        As `parse_limits` gives them; the classes of four limits have names too.
    """
    shown = [f"{limit:.15g}" for limit in limits]
    ranges = [
        f"CV ≤ {shown[0]}", *(f"{low} < CV ≤ {high}" for low, high in zip(shown, shown[1:])), f"CV > {shown[-1]}",
    ]
    named = len(ranges) == len(_NAMES)
    return {
        number: f"{_NAMES[number - 1]} ({words})" if named else words for number, words in enumerate(ranges, start=1)
    }


def variability(
    stack: np.ndarray, years, *, limits: tuple, min_observations: int = 8, detrended: bool = True
) -> dict[str, np.ndarray]:
    """Coefficients of variation.

    Parameters
    ----------
    stack : float array (n, ...)
        Values in order of time, of any unit; NaN and infinite values are missing.
    years : sequence of int (n,)
    limits : tuple of float
        Between the classes, ascending.
    min_observations : int
        Valid values that a pixel needs, at least `FEWEST`.
    detrended : bool
        Whether ``cv_detrended`` is wanted.

    Returns
    -------
    dict of arrays (...)
        Float64, NaN where a pixel has too few values: ``mean`` and ``std`` (divisor n - 1) in the unit of the values;
        ``cv``, ``std`` over the absolute mean, a share; ``cv_detrended``, the spread around the least-squares line over
        the real years (divisor n - 2) over the absolute mean. Both coefficients are NaN where the mean does not differ
        from 0 by two standard errors: a ratio to it would measure nothing. Int16: ``class``, 1 and the number of
        limits that ``cv`` exceeds, `NODATA` where there is none.
    """
    flat, years = np.asarray(stack).reshape(len(stack), -1), np.asarray(years, dtype=np.float64)
    missing = ~np.isfinite(flat)
    found = {name: np.full(flat.shape[1], np.nan) for name in _NUMBERS if detrended or name != "cv_detrended"}
    for count, chosen in alike(missing, max(min_observations, FEWEST)):
        values, places = without_gaps(flat[:, chosen], missing[:, chosen], count)
        mean, std = moments(values)
        size = np.where(differs_from_zero(mean, std, count), np.abs(mean), np.nan)
        of_pixels = {"mean": mean, "std": std, "cv": std / size}
        if detrended:
            of_pixels["cv_detrended"] = _spread_around_line(values, years[places], mean) / size
        for name, numbers in of_pixels.items():
            found[name][chosen] = numbers
    found["class"] = _classes(found["cv"], limits)
    return {name: result.reshape(stack.shape[1:]) for name, result in found.items()}


def _spread_around_line(values: np.ndarray, times: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Residual standard deviation of least-squares lines, divisor n - 2.

    Parameters
    ----------
    values : float64 array (n, pixels)
    times : float64 array (n, pixels) or (n, 1)
    mean : float64 array (pixels,)
        Of the values.
    """
    times = times - sum_over_time(times) / len(times)
    apart = values - mean
    slope = sum_over_time(apart * times) / sum_over_time(times * times)
    apart -= slope * times
    return np.sqrt(sum_over_time(apart * apart) / (len(values) - 2))


def _classes(cv: np.ndarray, limits: tuple) -> np.ndarray:
    """The class of each coefficient."""
    classes = np.ones(cv.shape, dtype=np.int16)
    with np.errstate(invalid="ignore"):
        for limit in limits:
            classes += cv > limit
    classes[np.isnan(cv)] = NODATA
    return classes
