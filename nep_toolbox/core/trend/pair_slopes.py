"""Order statistics of the slopes between all pairs of time steps, for every pixel at once.

With n steps there are n(n-1)/2 slopes a pixel, and sorting them is what makes Theil-Sen slow. It is not needed: the
number of slopes below a trial slope b is the number of inversions of x - b t, which takes comparisons of whole rows
of pixels only, and a trial slope that has exactly k slopes below it splits them so that the two neighbours of the
split are the wanted values. So

1. a few trial slopes (least squares first, then secants) look for the split; rounding may mislead this search,
2. the slopes themselves are then formed once, and their exact count below the trial slope proves the split,
3. what is not proven goes on in float64, where equal slopes at the wanted rank are settled too, and is sorted if
   all else fails.

The result is therefore the exact order statistic of the slopes as rounded to the working precision, however the
search went and whatever block the pixel sat in.
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from .medians import mask_of

SEARCH_STEPS = 12
KEEP_SHARE = 0.8  # pixels that are done are put aside when no more than this share is left
FAR = 1e30  # beyond every slope of the search
SLOPES_AT_ONCE = 1 << 19  # so many fit into the processor's cache
INT8_ROWS = 127  # so many flags can be added up in an int8


class Steps(NamedTuple):
    """The time steps of a stack, prepared once.

    Attributes
    ----------
    years : float64 array (n,)
    centred : float64 array (n,)
        Years minus their mean.
    spans : list of float or array (n - k, 1)
        For k = 1..n-1 the years between step i and i + k; one number where all are equal.
    """

    years: np.ndarray
    centred: np.ndarray
    spans: list

    @classmethod
    def of(cls, years: np.ndarray) -> Steps:
        years = np.asarray(years, dtype=np.float64)
        spans = []
        for lag in range(1, years.size):
            span = years[lag:] - years[:-lag]
            spans.append(span[0] if (span == span[0]).all() else span[:, None])
        return cls(years, years - years.mean(), spans)

    def exact_in(self, dtype) -> bool:
        """Whether every span is a number of that precision."""
        return all(np.all(np.asarray(span, dtype=dtype) == span) for span in self.spans)


class Workspace:
    """Buffers that one call uses again for each of its chunks; never shared between threads."""

    def __init__(self):
        self._bytes: dict = {}

    def array(self, name: str, shape: tuple, dtype) -> np.ndarray:
        """An uninitialised contiguous array; the next one of that name takes its place."""
        size = prod(shape) * np.dtype(dtype).itemsize
        held = self._bytes.get(name)
        if held is None or held.size < size:
            held = self._bytes[name] = np.empty(size, dtype=np.uint8)
        return held[:size].view(dtype).reshape(shape)


def pair_count(n):
    """Number of pairs of ``n`` steps."""
    return n * (n - 1) // 2


def count_pairs(compare, x: np.ndarray, work: Workspace) -> np.ndarray:
    """Number of pairs i < j for which ``compare(x[j], x[i])`` holds.

    Parameters
    ----------
    compare : ufunc
        ``np.less``, ``np.greater`` or ``np.equal``; a pair with a missing value never counts.
    x : array (n, pixels)
    work : Workspace

    Returns
    -------
    int32 array (pixels,)
    """
    n, pixels = x.shape
    flags = work.array("flags", (pair_count(n), pixels), np.bool_)
    start = 0
    for lag in range(1, n):
        stop = start + n - lag
        compare(x[lag:], x[:-lag], out=flags[start:stop])
        start = stop
    return column_counts(flags)


def column_counts(flags: np.ndarray) -> np.ndarray:
    """Number of true flags along the first axis of a bool array (rows, pixels), as int32."""
    counts = np.zeros(flags.shape[1], dtype=np.int32)
    numbers = flags.view(np.int8)
    for start in range(0, flags.shape[0], INT8_ROWS):
        counts += np.add.reduce(numbers[start : start + INT8_ROWS], axis=0, dtype=np.int8)
    return counts


def slopes_between(x: np.ndarray, steps: Steps, work: Workspace) -> np.ndarray:
    """All slopes (x[j] - x[i]) / (t[j] - t[i]), i < j, as an array (pairs, pixels) of the precision of ``x``."""
    n, pixels = x.shape
    slopes = work.array("slopes", (pair_count(n), pixels), x.dtype)
    start = 0
    for lag, span in enumerate(steps.spans, start=1):
        part = slopes[start : start + n - lag]
        np.subtract(x[lag:], x[:-lag], out=part)
        np.divide(part, np.asarray(span, dtype=x.dtype), out=part)
        start += n - lag
    return slopes


def order_statistics(x, steps: Steps, count, signs, low, high, work: Workspace):
    """Slopes of rank ``low`` and ``high`` among the sorted slopes of each pixel.

    Parameters
    ----------
    x : float32 or float64 array (n, pixels)
        NaN is missing; no infinities, no negative zeros. All pixels are complete, or all have gaps.
    steps : Steps
        ``steps.exact_in(x.dtype)`` must hold.
    count : int array (pixels,)
        Number of valid values.
    signs : pair of int arrays (pixels,)
        Number of falling and of rising pairs, as `count_pairs` gives them.
    low, high : int arrays (pixels,)
        Ranks counted from 0; ``high`` is ``low`` or ``low + 1``, and below the number of slopes of that pixel.
    work : Workspace

    Returns
    -------
    lower, upper : float64 arrays (pixels,)
        Zero exactly where the slope is zero; for float32 input within 2 units in the last place of float32.
    """
    pixels = x.shape[1]
    lower, upper = np.zeros(pixels), np.zeros(pixels)
    falling, not_rising = signs[0], pair_count(count) - signs[1]
    # zero slopes are common (a series with equal values), and the signs alone tell where they stand
    zero_low, zero_high = ((falling <= rank) & (rank < not_rising) for rank in (low, high))
    index = np.flatnonzero(~(zero_low & zero_high))
    if index.size == 0:
        return lower, upper
    if index.size < pixels:
        x, count, low, high, zero_low, zero_high = (
            part.take(index, axis=-1) for part in (x, count, low, high, zero_low, zero_high)
        )
    with np.errstate(all="ignore"):
        trial, bracket = _search_split(x, steps, count, low, high, work)
        found, proven = _neighbours_of_split(x, steps, trial, low, high, work)
        rest = np.flatnonzero(~(proven & _plausible(found, zero_low, zero_high, x.dtype)))
        if rest.size:
            part = [side.take(rest, axis=-1) for side in (trial, *bracket, low, high, zero_low, zero_high)]
            found[:, rest] = _settle(x[:, rest].astype(np.float64), steps, *part, work)
    lower[index] = np.where(zero_low, 0.0, found[0])
    upper[index] = np.where(zero_high, 0.0, found[1])
    return lower, upper


def _plausible(found, zero_low, zero_high, dtype):
    """False where a difference was lost to overflow or underflow, or is zero against the signs."""
    large_enough = np.abs(found) > 64 * np.finfo(dtype).tiny
    return (np.isfinite(found) & (large_enough | np.stack([zero_low, zero_high]))).all(axis=0)


def _search_split(x, steps: Steps, count, low, high, work: Workspace):
    """Trial slopes that have ``low + 1`` or ``high`` slopes below them, where the search finds one.

    Returns
    -------
    trial : array (pixels,)
    bracket : pair of arrays (pixels,)
        Trial slopes with too few and with too many slopes below them, for the pixels that did not get there.
    """
    residual, base, spacing = _least_squares(x, steps, count, work)
    centred = steps.centred.astype(x.dtype)[:, None]
    far = x.dtype.type(FAR)
    wanted = (0.5 * (low + 1 + high)).astype(x.dtype)
    relative = (wanted - 0.5 * pair_count(count).astype(x.dtype)) * spacing
    trial = base + relative
    index = np.arange(x.shape[1])
    # the trial slopes nearest on either side so far, relative to least squares, and how many slopes lie below them
    under, below_under = np.full_like(trial, -far), np.full_like(trial, -far)
    over, below_over = np.full_like(trial, far), np.full_like(trial, far)
    for step in range(SEARCH_STEPS):
        checkpoint()
        detrended = work.array("detrended", residual.shape, x.dtype)
        np.multiply(centred, relative, out=detrended)
        np.subtract(residual, detrended, out=detrended)
        below = count_pairs(np.less, detrended, work).astype(x.dtype)
        missing = np.trunc(wanted - below)  # 0 where the trial slope is one that was looked for
        still = np.flatnonzero(missing != 0)
        if still.size == 0:
            break
        if still.size < KEEP_SHARE * index.size:
            state = (index, base, spacing, wanted, relative, below, missing, under, over, below_under, below_over)
            index, base, spacing, wanted, relative, below, missing, under, over, below_under, below_over = (
                part.take(still) for part in state
            )
            spare = work.array(f"residual {step % 2}", (x.shape[0], still.size), x.dtype)
            residual = residual.take(still, axis=1, out=spare, mode="clip")
        # in place of a choice between two values, which is slow: what does not count is moved far away
        aside = far * (missing <= 0)
        np.maximum(under, relative - aside, out=under)
        np.maximum(below_under, below - aside, out=below_under)
        aside = far * (missing >= 0)
        np.minimum(over, relative + aside, out=over)
        np.minimum(below_over, below + aside, out=below_over)
        # along the secant of the bracket, but not further than the slopes may be apart
        secant = (over - under) / (below_over - below_under)
        relative = relative + missing * np.minimum(secant, spacing * x.dtype.type(1.5 ** max(0, step - 1)))
        if step > 4 and step % 3 == 2:  # equal slopes make the secant creep
            closed = (under > -far / 2) & (over < far / 2) & (missing != 0)
            relative = np.where(closed, 0.5 * (under + over), relative)
        trial[index] = base + relative
    bracket = np.full((2, x.shape[1]), np.nan, dtype=x.dtype)
    bracket[0, index], bracket[1, index] = base + under, base + over
    return trial, bracket


def _least_squares(x, steps: Steps, count, work: Workspace):
    """Residuals and slope of the least-squares line, and how far apart the middle pair slopes stand about.

    Sums run row by row, so that a pixel's result does not depend on how many pixels are summed beside it.
    """
    kind = x.dtype.type
    centred = steps.centred.astype(x.dtype)
    residual = work.array("residual", x.shape, x.dtype)
    if count[0] == x.shape[0]:
        np.subtract(x, _row_sum(x) / kind(count[0]), out=residual)
        times_squared = kind((steps.centred**2).sum())
        slope = _row_sum(row * time for row, time in zip(residual, centred)) / times_squared
        for row, time in zip(residual, centred):
            row -= time * slope
        squares = _row_sum(row * row for row in residual)
    else:
        bits = f"i{x.dtype.itemsize}"
        mask = mask_of(x == x, bits)

        def valid_or_zero(values):
            return (values.view(bits) & mask).view(x.dtype)

        number = count.astype(x.dtype)
        time = valid_or_zero(centred[:, None])
        time = valid_or_zero(time - _row_sum(time) / number)
        np.subtract(x, _row_sum(valid_or_zero(x)) / number, out=residual)
        times_squared = _row_sum(row * row for row in time)
        slope = _row_sum(valid_or_zero(residual) * time) / times_squared
        residual -= centred[:, None] * slope
        squares = _row_sum(valid_or_zero(residual * residual))
    # near the middle, n pair slopes in one standard error of the slope, n about sqrt(Var S) / 2
    number = count.astype(x.dtype)
    per_error = np.sqrt(number * (number - 1) * (2 * number + 5) / 18) / 2
    error = np.sqrt(squares / np.maximum(number - 2, 1) / times_squared)
    spacing = error / per_error
    # a perfect line has no residuals: any step that can be told from its slope will do
    return residual, slope, np.maximum(spacing, np.finfo(x.dtype).eps * np.abs(slope) + np.finfo(x.dtype).tiny)


def _row_sum(rows):
    """Sum of the rows in their order."""
    total = None
    for row in rows:
        if total is None:
            total = row.copy()
        else:
            total += row
    return total


def _distances(x, steps: Steps, trial, work: Workspace):
    """Count of slopes below ``trial``, and the distances to the nearest slope below it and not below it.

    The bits of a float, read as an integer, order positive numbers rightly and negative ones the other way round
    behind them: the least unsigned one is the smallest that is not negative, the least signed one the negative number
    nearest to zero.
    """
    pixels = x.shape[1]
    size = x.dtype.itemsize
    below = np.empty(pixels, dtype=np.int32)
    negative, positive = np.empty(pixels, dtype=f"i{size}"), np.empty(pixels, dtype=f"u{size}")
    width = max(16, SLOPES_AT_ONCE // pair_count(x.shape[0]))
    for start in range(0, pixels, width):
        part = slice(start, start + width)
        slopes = slopes_between(np.ascontiguousarray(x[:, part]), steps, work)
        np.subtract(slopes, trial[part], out=slopes)
        flags = work.array("flags", slopes.shape, np.bool_)
        below[part] = column_counts(np.less(slopes, 0, out=flags))
        np.minimum.reduce(slopes.view(negative.dtype), axis=0, out=negative[part])
        np.minimum.reduce(slopes.view(positive.dtype), axis=0, out=positive[part])
    return below, negative.view(x.dtype), positive.view(x.dtype)


def _add_distance(trial, distance):
    """The slope at that distance, and whether rounding leaves it as it was."""
    slope = (trial.astype(np.float64) + distance).astype(trial.dtype)
    # in float32 nothing may be lost; in float64 six digits of sixteen may
    tolerated = 1.0 if trial.dtype.itemsize == 4 else 2.0**20
    return slope.astype(np.float64), np.abs(distance) <= tolerated * np.abs(slope)


def _neighbours_of_split(x, steps: Steps, trial, low, high, work: Workspace):
    """The wanted slopes where ``trial`` splits the slopes at their rank, and whether it does, exactly."""
    below, negative, positive = _distances(x, steps, trial, work)
    under, under_exact = _add_distance(trial, negative)
    over, over_exact = _add_distance(trial, positive)
    low_is_under, high_is_under = below == low + 1, below == high + 1
    found = np.stack([np.where(low_is_under, under, over), np.where(high_is_under, under, over)])
    proven = (low_is_under | (below == low)) & (high_is_under | (below == high))
    proven &= np.where(low_is_under, under_exact, over_exact) & np.where(high_is_under, under_exact, over_exact)
    if x.dtype.itemsize == 4:  # the mean of the two would cancel
        proven &= ~((found[0] < 0) & (found[1] > 0))
    return found, proven


def _settle(x, steps: Steps, trial, under, over, low, high, zero_low, zero_high, work: Workspace):
    """The wanted slopes of the few pixels that are left, from float64 values (n, pixels)."""
    trial, under, over = (side.astype(np.float64) for side in (trial, under, over))
    found, proven = _neighbours_of_split(x, steps, trial, low, high, work)
    proven &= _plausible(found, zero_low, zero_high, x.dtype)
    # many equal slopes: all that lie in the bracket are one value
    rest = np.flatnonzero(~proven)
    if rest.size:
        some = x[:, rest]
        few, _, distance = _distances(some, steps, under[rest], work)
        smallest, smallest_exact = _add_distance(under[rest], distance)
        many, distance, _ = _distances(some, steps, over[rest], work)
        largest, largest_exact = _add_distance(over[rest], distance)
        tied = (few <= low[rest]) & (many > high[rest]) & (smallest == largest) & smallest_exact & largest_exact
        both = np.stack([smallest, largest])
        tied &= _plausible(both, zero_low[rest], zero_high[rest], x.dtype)
        found[:, rest[tied]] = both[:, tied]
        rest = rest[~tied]
    if rest.size:
        ordered = np.sort(slopes_between(x[:, rest], steps, work), axis=0)
        columns = np.arange(rest.size)
        found[:, rest] = ordered[low[rest], columns], ordered[high[rest], columns]
    return found
