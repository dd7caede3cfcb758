"""Theil-Sen slope and Mann-Kendall test of every pixel, with ties, gaps and corrections for serial correlation.

References
----------
Theil, H. (1950). Indag. Math. 12, 85-91.
Sen, P. K. (1968). doi:10.1080/01621459.1968.10480934
Mann, H. B. (1945). doi:10.2307/1907187
Kendall, M. G. (1975). Rank Correlation Methods. Griffin.
Gilbert, R. O. (1987). Statistical Methods for Environmental Pollution Monitoring. Wiley.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..significance import normal_two_sided_p
from . import least_squares
from . import medians as ordering
from .mann_kendall import MOST_TABLED, is_tied, pair_signs, untied_tests, variance_of_s, z_of_s
from .pair_slopes import order_statistics
from .pairs import Steps, Workspace, column_counts, pair_count
from .serial_correlation import NEED_NO_SLOPE, Correction, corrected_test

CLASS_NODATA = -32768
# code and label of the nine classes, from the strongest decrease to the strongest increase
CLASS_LABELS = (
    (-4, "Extremely significant decrease"),
    (-3, "Significant decrease"),
    (-2, "Slightly significant decrease"),
    (-1, "Non-significant decrease"),
    (0, "No change"),
    (1, "Non-significant increase"),
    (2, "Slightly significant increase"),
    (3, "Significant increase"),
    (4, "Extremely significant increase"),
)
CLASS_LIMITS = (0.01, 0.05, 0.10)  # p below these: classes 4, 3, 2

# So many pixels at a time: numpy's calls are then long enough that threads do not wait for each other between them.
CHUNK_PIXELS = 131072
CHUNK_VALUES = 1 << 22  # and not more values than this


RESULTS = ("slope", "intercept", "s", "var_s", "z", "p_value", "tau")
LIMITS = ("lower", "upper")
#: The slope times the years between the first and the last valid value; that in percent of the absolute value of the
#: mean, NaN where the mean does not differ from 0 by two standard errors.
CHANGES = ("change", "change_percent")
#: Slope of the least-squares line and its value at time 0, the two-sided p of the slope by Student's t with n - 2
#: degrees of freedom (1 for a constant series, NaN for two values), and what share of the variance the line explains
#: (NaN for a constant series).
LEAST_SQUARES = ("ols_slope", "ols_intercept", "ols_p_value", "r_squared")
SLOPED = frozenset(("slope", "intercept", *CHANGES))
FITTED = frozenset(("change_percent", *LEAST_SQUARES))
TEST = frozenset(("s", "var_s", "z", "p_value", "outcome"))
NO_OUTCOME = -1


def trend(stack, years, *, min_observations=8, correction=Correction.NONE, lag=1, confidence=None, wanted=None):
    """Theil-Sen slope and Mann-Kendall test along the first axis.

    Parameters
    ----------
    stack : float32 or float64 array (n, ...)
        Values; NaN and infinities are missing. float32 is the faster one, and its slopes are right within 2 units in
        the last place of float32; S and whether a slope is zero are exact.
    years : array (n,)
        Time of each step, strictly increasing; slopes are per unit of it.
    min_observations : int
        A pixel with fewer valid values is NaN in every result.
    correction : Correction
        How the test allows for serial correlation.
    lag : int
        How many lags Hamed-Rao and Yue-Wang use; 0: all.
    confidence : float, optional
        Level of the confidence limits of the slope in percent; None: no limits.
    wanted : collection of str, optional
        Names of the results to compute, which may take much less time; None: `RESULTS`, and with ``confidence``
        `LIMITS`.

    Returns
    -------
    dict of float64 arrays (...)
        ``slope``, ``intercept`` (value at time 0), ``s``, ``var_s``, ``z``, ``p_value``, ``tau``, and with
        ``confidence`` also ``lower`` and ``upper``. Under a correction ``s``, ``var_s``, ``z`` and ``p_value`` are
        those of the corrected test, all others those of the series as it is. Where the corrected variance is not
        positive ``z`` and ``p_value`` are NaN, unless S is 0. ``outcome`` (int32) is the place of the test among
        `mann_kendall.untied_tests` of n, else `NO_OUTCOME`. `CHANGES` and `LEAST_SQUARES` only where wanted.

    Raises
    ------
    InvalidParameter
        If the years do not fit the stack or do not increase, or a parameter is out of range.

    Notes
    -----
    Slope: median of all (x[j] - x[i]) / (t[j] - t[i]), i < j. Intercept: median(x) - slope median(t). Limits: with
    C = z(1 - alpha/2) sqrt(Var S) the slopes of rank (N - C) / 2 and (N + C) / 2 + 1 of the N sorted pair slopes,
    interpolated linearly between ranks and held within the ends (Sen 1968, Gilbert 1987).
    """
    stack = np.asarray(stack)
    years = np.asarray(years, dtype=np.float64)
    correction = _checked(stack, years, min_observations, correction, lag, confidence)
    steps = Steps.of(years)
    dtype = np.dtype(np.float32 if stack.dtype == np.float32 else np.float64)
    if correction != Correction.NONE or not steps.exact_in(dtype):
        dtype = np.dtype(np.float64)
    n, shape = stack.shape[0], stack.shape[1:]
    flat = stack.reshape(n, -1)
    names = (*RESULTS, *(LIMITS if confidence else ())) if wanted is None else tuple(wanted)
    results = {name: _unknown(name, flat.shape[1]) for name in names}
    work = Workspace()
    for part in _chunks(flat):
        for index, values, count in _alike(flat[:, part], dtype, max(min_observations, 2), work):
            pixels = Pixels(values, count, steps, pair_signs(values, work, count), work)
            for name, result in _results(pixels, names, correction, lag, confidence).items():
                results[name][part][index] = result
    return {name: result.reshape(shape) for name, result in results.items()}


def _unknown(name: str, pixels: int) -> np.ndarray:
    """The result of that name where there is none."""
    return np.full(pixels, NO_OUTCOME, dtype=np.int32) if name == "outcome" else np.full(pixels, np.nan)


def theil_sen_slope(stack, years):
    """The slope of `trend` alone, of a stack (n, pixels): float64 array (pixels,), NaN with fewer than two values."""
    work, steps = Workspace(), Steps.of(np.asarray(years, dtype=np.float64))
    slope = np.full(stack.shape[1], np.nan)
    for part in _chunks(stack):
        for index, values, count in _alike(stack[:, part], np.dtype(np.float64), 2, work):
            slope[part][index] = _slope(Pixels(values, count, steps, pair_signs(values, work, count), work))
    return slope


def trend_class(slope, p_value):
    """Classes of trend from the sign of the slope and the p-value.

    Parameters
    ----------
    slope, p_value : arrays of one shape
        NaN in either gives nodata.

    Returns
    -------
    int16 array
        -4 to 4 as in `CLASS_LABELS`, `CLASS_NODATA` where there is none.
    """
    slope, p_value = np.asarray(slope), np.asarray(p_value)
    strength = np.ones(slope.shape, dtype=np.int16)
    for limit in CLASS_LIMITS:
        strength += p_value < limit
    with np.errstate(invalid="ignore"):
        strength *= np.sign(slope).astype(np.int16)
    return np.where(np.isnan(slope) | np.isnan(p_value), np.int16(CLASS_NODATA), strength)


def require_years(stack, years) -> None:
    """Raise `InvalidParameter` unless each step of a stack (n, ...) has its year, and the years (n,) increase."""
    if stack.ndim == 0 or years.shape != stack.shape[:1]:
        raise InvalidParameter(
            f"{stack.shape[0] if stack.ndim else 0} time steps but {years.size} years: give one year for each step"
        )
    if not np.isfinite(years).all() or not (np.diff(years) > 0).all():
        raise InvalidParameter("the years must be numbers that increase from step to step: sort the series by year")


def _checked(stack, years, min_observations, correction, lag, confidence) -> Correction:
    """Raise `InvalidParameter` on arguments that do not make sense; give the correction as an enum."""
    require_years(stack, years)
    if min_observations < 2:
        raise InvalidParameter(f"⟨MIN_OBSERVATIONS⟩ is {min_observations}: a trend needs 2 values or more")
    if lag < 0:
        raise InvalidParameter(f"⟨LAG⟩ is {lag}: give the number of lags, or 0 for all")
    if confidence is not None and not 0 < confidence < 100:
        raise InvalidParameter(f"⟨CONFIDENCE⟩ is {confidence}: give a percentage between 0 and 100")
    try:
        return Correction(correction)
    except ValueError:
        raise InvalidParameter(f"⟨CORRECTION⟩ is {correction}: give one of {[c.value for c in Correction]}") from None


def _chunks(flat):
    """Pixels of a stack (n, pixels) in equal parts of at most `CHUNK_PIXELS` pixels and `CHUNK_VALUES` values."""
    pixels = flat.shape[1]
    chunk = max(16, min(CHUNK_PIXELS, CHUNK_VALUES // max(1, len(flat))))
    parts = -(-pixels // chunk)
    for part in range(parts):
        checkpoint()
        yield slice(pixels * part // parts, pixels * (part + 1) // parts)


def _alike(values, dtype, least, work):
    """The pixels that are complete, then those with gaps, where they have ``least`` values: index, values and counts.

    Complete pixels need not look for gaps; either kind is worked on apart, so that neighbours do not matter.
    """
    # adding 0 turns a negative zero into a positive one, which the bits of a slope must not show
    x = np.add(values, 0, out=work.array("values", values.shape, dtype), casting="same_kind")
    finite = np.isfinite(x)
    count = column_counts(finite)
    if not finite.all():
        np.copyto(x, np.nan, where=~finite)
    complete = count == len(x)
    enough = count >= least
    for chosen in (complete & enough, ~complete & enough):
        if chosen.all():
            yield slice(None), x, count
        elif chosen.any():
            index = np.flatnonzero(chosen)
            yield index, x.take(index, axis=1), count[index]


class Pixels(NamedTuple):
    """Pixels that are all complete or all have gaps.

    Attributes
    ----------
    x : float32 or float64 array (n, pixels)
    count : int32 array (pixels,)
        Number of valid values.
    steps : Steps
    signs : pair of int32 arrays (pixels,)
        From `pair_signs`.
    work : Workspace
    """

    x: np.ndarray
    count: np.ndarray
    steps: Steps
    signs: tuple
    work: Workspace


def _results(pixels: Pixels, names, correction, lag, confidence) -> dict:
    """Those results of `trend`."""
    result = {}
    s = pixels.signs[1].astype(np.float64) - pixels.signs[0]
    if "tau" in names:
        result["tau"] = s / pair_count(pixels.count)
    tested = not TEST.isdisjoint(names)
    sloped = not SLOPED.isdisjoint(names) or (tested and correction not in NEED_NO_SLOPE)
    limited = not set(LIMITS).isdisjoint(names)
    slope = None
    if limited:
        slope, limits = _slope_and_limits(pixels, confidence)
        result.update(limits)
    elif sloped:
        slope = _slope(pixels)
    if "slope" in names:
        result["slope"] = slope
    if "intercept" in names:
        result["intercept"] = _intercept(pixels, slope)
    if not set(CHANGES).isdisjoint(names):
        result["change"] = slope * _span(pixels)
    if not FITTED.isdisjoint(names):
        result.update(_least_squares(pixels, names, result.get("change")))
    if tested:
        result.update(_test(pixels, names, s, slope, correction, lag))
    return {name: values for name, values in result.items() if name in names}


def _test(pixels: Pixels, names, s, slope, correction, lag) -> dict:
    """``s``, ``var_s``, ``z``, ``p_value`` and ``outcome``, those of the names at least."""
    x, count, steps, signs, work = pixels
    if correction != Correction.NONE:
        # in order of the valid values, each a usual distance after the other
        per_step = None if slope is None else slope * np.median(np.diff(steps.years))
        s, variance = corrected_test(correction, x, count, s, variance_of_s(x, count, signs, work), per_step, lag, work)
        z = z_of_s(s, variance)
        return {"s": s, "var_s": variance, "z": z, "p_value": normal_two_sided_p(z), "outcome": NO_OUTCOME}
    found = {"s": s}
    if "var_s" in names:
        found["var_s"] = variance_of_s(x, count, signs, work)
    if len(x) > MOST_TABLED:
        found["z"] = z_of_s(s, variance_of_s(x, count, signs, work))
        return {**found, "p_value": normal_two_sided_p(found["z"]), "outcome": NO_OUTCOME}
    table = untied_tests(len(x))
    outcome = table.middle[count] + (signs[1] - signs[0])
    found.update(z=table.z[outcome], p_value=table.p[outcome], outcome=outcome)
    tied = np.flatnonzero(is_tied(count, signs))
    if tied.size:
        some = x.take(tied, axis=1), count[tied], [side[tied] for side in signs]
        z = z_of_s(s[tied], variance_of_s(*some, work))
        found["z"][tied], found["p_value"][tied], outcome[tied] = z, normal_two_sided_p(z), NO_OUTCOME
    return found


def _intercept(pixels: Pixels, slope):
    """Value at time 0 of the line through the medians."""
    x, count, steps, _signs, _work = pixels
    if count[0] == len(x):
        return ordering.median(x) - slope * np.median(steps.years)
    valid = ~np.isnan(x)
    return ordering.median(x, valid) - slope * ordering.median(np.broadcast_to(steps.years[:, None], x.shape), valid)


def _span(pixels: Pixels):
    """Years between the first and the last valid value."""
    x, count, (years, *_rest), _signs, _work = pixels
    if count[0] == len(x):
        return years[-1] - years[0]
    valid = ~np.isnan(x)
    return years[::-1][valid[::-1].argmax(axis=0)] - years[valid.argmax(axis=0)]


def _least_squares(pixels: Pixels, names, change) -> dict:
    """``change_percent`` and `LEAST_SQUARES`, those of the names."""
    x, count, steps, signs, work = pixels
    line = least_squares.fitted(x, steps, count[0] == len(x), work)
    constant = signs[0] + signs[1] == 0
    line = line._replace(slope=np.where(constant, 0.0, line.slope))  # else rounding gives them one
    found = {"ols_slope": line.slope}
    if "ols_intercept" in names:
        found["ols_intercept"] = least_squares.intercept(line, x, steps, count)
    if "ols_p_value" in names:
        found["ols_p_value"] = least_squares.p_value(line, count, constant)
    if "r_squared" in names:
        found["r_squared"] = least_squares.r_squared(line, constant)
    if "change_percent" in names:
        found["change_percent"] = least_squares.percent_of_mean(change, line, count, constant)
    return found


def _middle_ranks(pairs):
    """Ranks of the two slopes whose mean is the median, counted from 0."""
    return (pairs - 1) // 2, pairs // 2


def _slope(pixels: Pixels):
    """The median of the pair slopes."""
    x, count, steps, signs, work = pixels
    lower, upper = order_statistics(x, steps, count, signs, *_middle_ranks(pair_count(count)), work)
    return 0.5 * (lower + upper)


def _slope_and_limits(pixels: Pixels, confidence):
    """That median, and its confidence limits ``lower`` and ``upper`` at ``confidence`` percent."""
    from scipy.special import ndtri

    x, count, steps, signs, work = pixels
    pairs = pair_count(count)
    reach = ndtri(0.5 + confidence / 200) * np.sqrt(variance_of_s(x, count, signs, work))
    from_zero = np.clip(np.stack([(pairs - reach) / 2, (pairs + reach) / 2 + 1]), 1, pairs) - 1
    low = np.floor(from_zero).astype(pairs.dtype)
    share = from_zero - low
    middle = _middle_ranks(pairs)
    first, second = order_statistics(
        x, steps, count, signs, np.stack([middle[0], *low]), np.stack([middle[1], *(low + (share > 0))]), work
    )
    limits = first[1:] + share * (second[1:] - first[1:])
    return 0.5 * (first[0] + second[0]), dict(zip(LIMITS, limits))
