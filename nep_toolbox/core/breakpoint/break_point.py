"""Where a series breaks, how likely that is by chance, and what it does before and after."""

from __future__ import annotations

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from .pettitt import approximate_p
from .slope_change import NO_BREAK, SINGLE_PRECISION
from .turns import (
    NO_TURN,
    PART_P,
    SLOPES,
    STEP_LABELS,
    TURN_LABELS,
    TURN_NODATA,
    slopes_of_parts,
    step,
    turn,
)
from .white_noise import Method, p_value, statistic_of

__all__ = ["LEAST_SEGMENT", "RESULTS", "Method", "break_point", "fewest_values", "possible_places", "turn_labels"]

RESULTS = ("statistic", "last", "p_value", *SLOPES, *PART_P, "turn")

#: A line through fewer steps says nothing.
LEAST_SEGMENT = 3

_NO_LINE = "⟨MIN_SEGMENT⟩ is {}: the line of a part needs {} values or more."

# Series of one chunk: the arrays that a sum passes through stay in the processor's cache.
_CHUNK_PIXELS = 8192
_CHUNK_VALUES = 1 << 19


def break_point(
    stack, years, *, method: Method = Method.TURNING_POINT, min_segment: int = 5, min_observations: int = 12,
    alpha: float = 0.05, approximate: bool = False, sloped: bool = True,
) -> dict[str, np.ndarray]:
    """The break of every pixel.

    Parameters
    ----------
    stack : float array (n, ...)
        Time on axis 0; NaN and infinite values are missing. In float32 a series is a line where only the rounding of
        its values departs from one.
    years : array (n,)
        Time of each step, strictly increasing; real years count wherever slopes do.
    method : Method
    min_segment : int
        Fewest valid values of either part; not for Pettitt's test.
    min_observations : int
        Fewest valid values of a pixel; twice ``min_segment`` at least.
    alpha : float
        A break is significant where p is smaller.
    approximate : bool
        Pettitt's own approximation of p instead of simulated white noise.
    sloped : bool
        Whether all slopes are wanted. Otherwise those alone from which a turn is told.

    Returns
    -------
    dict of arrays (...)
        ``statistic`` (float64; K, with the sign of U, or F), ``last`` (int32), the place in the stack of the last step
        of the first part, `NO_BREAK` where there is none; ``p_value``; `SLOPES` and `PART_P` of `slopes_of_parts`;
        ``turn`` (int16), one of the codes of `turns`, `TURN_NODATA` where there is no p. A constant series has no p,
        but with Pettitt's test p 1 and no break; a series that is a line has no break either, and p 1.

    Raises
    ------
    InvalidParameter
        For years that do not fit, and for settings that make no sense.
    """
    stack, years = np.asarray(stack), np.asarray(years, dtype=np.float64)
    method = _checked(stack, years, method, min_segment, approximate)
    series = stack.reshape(len(stack), -1)
    found = _nothing(series.shape[1])
    missing = ~np.isfinite(series)
    rounding = SINGLE_PRECISION if series.dtype == np.float32 else 0.0
    counts = len(series) - np.count_nonzero(missing, axis=0)
    for count in np.unique(counts[counts >= fewest_values(method, min_segment, min_observations)]).tolist():
        for chosen in _chunks(counts, count):
            checkpoint()
            values, times, places = _valid(series[:, chosen], missing[:, chosen], years, count)
            statistic, last = statistic_of(values, times, method, min_segment, rounding)
            p = approximate_p(statistic, count) if approximate else p_value(statistic, count, method, min_segment)
            found["statistic"][chosen], found["p_value"][chosen] = statistic, p
            found["last"][chosen] = _of_stack(last, statistic, places)
    _tell_turns(found, series, years, method, alpha, sloped)
    return {name: values.reshape(stack.shape[1:]) for name, values in found.items()}


def fewest_values(method: Method, min_segment: int, min_observations: int) -> int:
    """How many valid values a pixel needs."""
    return max(min_observations, 2 if method == Method.PETTITT else 2 * min_segment)


def possible_places(n: int, method: Method, min_segment: int) -> range:
    """The places in a stack of ``n`` steps at which the year of a break may stand: the last step of the first part, or
    with Pettitt's test the next one that has a value. Gaps make them no more."""
    return range(1, n) if method == Method.PETTITT else range(min_segment - 1, n - min_segment)


def turn_labels(method: Method) -> dict:
    """The classes of a turn, which `NO_TURN` is the smallest of: label by code, in the order of a legend."""
    return STEP_LABELS if method == Method.PETTITT else TURN_LABELS


def _checked(stack: np.ndarray, years: np.ndarray, method: Method, min_segment: int, approximate: bool) -> Method:
    if stack.ndim == 0 or years.shape != stack.shape[:1]:
        raise InvalidParameter("The years do not fit the time steps: give one year for each step.")
    if not np.isfinite(years).all() or not (np.diff(years) > 0).all():
        raise InvalidParameter("The years must be numbers that increase from step to step: sort the series by year.")
    if method not in list(Method):
        raise InvalidParameter("⟨METHOD⟩ is unknown: give 0 (Pettitt), 1 (turning point) or 2 (two lines).")
    if method != Method.PETTITT and min_segment < LEAST_SEGMENT:
        raise InvalidParameter(_NO_LINE.format(min_segment, LEAST_SEGMENT))
    if approximate and method != Method.PETTITT:
        raise InvalidParameter("The approximation of p is that of Pettitt's test alone: set ⟨P_METHOD⟩ to 0.")
    return Method(method)


def _nothing(pixels: int) -> dict:
    """The results of pixels without one."""
    found = {name: np.full(pixels, np.nan) for name in RESULTS}
    found["last"], found["turn"] = np.full(pixels, NO_BREAK, np.int32), np.full(pixels, TURN_NODATA, np.int16)
    return found


def _chunks(counts: np.ndarray, count: int):
    """The pixels with ``count`` valid values, so many at a time: a slice where they are all of them, else indexes."""
    members = np.flatnonzero(counts == count)
    chunk = max(64, min(_CHUNK_PIXELS, _CHUNK_VALUES // count))
    for start in range(0, len(members), chunk):
        part = slice(start, start + chunk)
        yield part if len(members) == len(counts) else members[part]


def _valid(values: np.ndarray, missing: np.ndarray, years: np.ndarray, count: int) -> tuple:
    """The ``count`` valid values of each pixel and their years, in order, and their places in the stack."""
    places = np.arange(len(values))[:, np.newaxis]
    if count < len(values):
        places = np.argsort(missing, axis=0, kind="stable")[:count]
        values = np.take_along_axis(values, places, axis=0)
    return np.ascontiguousarray(values, dtype=np.float64), years[places], places


def _of_stack(last: np.ndarray, statistic: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The place in the stack of the last step of the first part."""
    places = np.broadcast_to(places, (len(places), len(last)))
    found = np.take_along_axis(places, np.maximum(last, 0)[np.newaxis], axis=0)[0]
    return np.where((last == NO_BREAK) | (statistic == 0), NO_BREAK, found)


def _tell_turns(found: dict, series: np.ndarray, years: np.ndarray, method: Method, alpha: float, sloped: bool) -> None:
    """Fill in the slopes and the turns."""
    broken = found["last"] != NO_BREAK
    significant = broken & (found["p_value"] < alpha)
    if sloped or (method != Method.PETTITT and significant.any()):
        found.update(slopes_of_parts(series, years, found["last"], broken if sloped else significant))
    if method == Method.PETTITT:
        turns = step(series, found["last"], found["statistic"] < 0, significant)
    else:
        turns = turn(*(found[name] for name in SLOPES))
    tested = ~np.isnan(found["p_value"])
    found["turn"][tested] = np.where(significant, turns, NO_TURN)[tested]
