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

from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from .medians import choice, mask_of
from .pairs import Steps, Workspace, add_columns, add_pairs, pair_count, slopes_by_rows, tile_of, tiles

SEARCH_STEPS = 12
KEEP_SHARE = 0.8  # pixels that are done are put aside when no more than this share is left
FAR = 1e30  # beyond every slope of the search


class Line(NamedTuple):
    """Where the search starts: the least-squares line of each pixel.

    Attributes
    ----------
    residual : array (n, pixels)
    slope, spacing : arrays (pixels,)
        Its slope, and how far apart the middle pair slopes stand about.
    """

    residual: np.ndarray
    slope: np.ndarray
    spacing: np.ndarray


def order_statistics(x, steps: Steps, count, signs, low, high, work: Workspace):
    """Slopes of rank ``low`` and ``high`` among the sorted slopes of each pixel.

    Several such ranks at once start from one least-squares line, and the slopes are formed once for all of them.

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
    low, high : int arrays (pixels,) or (several, pixels)
        Ranks counted from 0; ``high`` is ``low`` or ``low + 1``, and below the number of slopes of that pixel.
    work : Workspace

    Returns
    -------
    float64 array (2, pixels) or (2, several, pixels)
        Zero exactly where the slope is zero; for float32 input within 2 units in the last place of float32.
    """
    pixels = x.shape[1]
    sides = np.zeros((2, *low.shape))
    low, high = low.reshape(-1, pixels), high.reshape(-1, pixels)
    falling, not_rising = signs[0], pair_count(count) - signs[1]
    # zero slopes are common (a series with equal values), and the signs alone tell where they stand
    zero_low, zero_high = ((falling <= rank) & (rank < not_rising) for rank in (low, high))
    index = np.flatnonzero(~(zero_low & zero_high).all(axis=0))
    if index.size == 0:
        return sides
    if index.size < pixels:
        x, count, low, high, zero_low, zero_high = (
            part.take(index, axis=-1) for part in (x, count, low, high, zero_low, zero_high)
        )
    chosen = slice(None) if index.size == pixels else index
    found = _found_slopes(x, steps, count, low, high, zero_low, zero_high, work)
    for found_side, is_zero, side in zip(found, (zero_low, zero_high), sides.reshape(2, -1, pixels)):
        side[:, chosen] = choice(is_zero, np.zeros(is_zero.shape), found_side)
    return sides


def _found_slopes(x, steps: Steps, count, low, high, zero_low, zero_high, work: Workspace):
    """Slopes (2, several, pixels) of those ranks; what is zero after the signs may be anything."""
    both = np.empty((2, *low.shape))
    with np.errstate(all="ignore"):
        line = least_squares(x, steps, count, work)
        searched = [_search_split(line, steps, count, *ranks, work) for ranks in zip(low, high)]
        distances = _distances(x, steps, [trial for trial, _bracket in searched], work)
        settled = zero_low & zero_high
        for place, (trial, bracket) in enumerate(searched):
            ranks, zeros = (low[place], high[place]), (zero_low[place], zero_high[place])
            found, proven = _neighbours_of_split(distances[place], trial, *ranks)
            rest = np.flatnonzero(~(proven & _plausible(found, *zeros, x.dtype) | settled[place]))
            if rest.size:
                part = [side.take(rest) for side in (trial, *bracket, *ranks, *zeros)]
                found[:, rest] = _settle(x[:, rest].astype(np.float64), steps, *part, work)
            both[:, place] = found
    return both


def _plausible(found, zero_low, zero_high, dtype):
    """False where a difference was lost to overflow or underflow, or is zero against the signs."""
    plausible = True
    for side, is_zero in zip(found, (zero_low, zero_high)):
        plausible &= np.isfinite(side) & ((np.abs(side) > 64 * np.finfo(dtype).tiny) | is_zero)
    return plausible


def _search_split(line: Line, steps: Steps, count, low, high, work: Workspace):
    """Trial slopes that have ``low + 1`` or ``high`` slopes below them, where the search finds one.

    Returns
    -------
    trial : array (pixels,)
    bracket : pair of arrays (pixels,)
        Trial slopes with too few and with too many slopes below them, for the pixels that did not get there.
    """
    residual, base, spacing = line
    n, dtype = len(residual), residual.dtype
    centred = steps.centred.astype(dtype)[:, None]
    far = dtype.type(FAR)
    wanted = (0.5 * (low + 1 + high)).astype(dtype)
    relative = (wanted - 0.5 * pair_count(count).astype(dtype)) * spacing
    trial = base + relative
    index = np.arange(base.size)
    # the trial slopes nearest on either side so far, relative to least squares, and how many slopes lie below them
    state = np.empty((8, base.size), dtype=dtype)
    state[:4], state[4:6], state[6:] = (base, spacing, wanted, relative), -far, far
    base, spacing, wanted, relative, under, below_under, over, below_over = state
    for step in range(SEARCH_STEPS):
        checkpoint()
        below = _count_below(residual, centred, relative, work).astype(dtype)
        missing = np.trunc(wanted - below)  # 0 where the trial slope is one that was looked for
        still = np.flatnonzero(missing != 0)
        if still.size == 0:
            break
        if still.size < KEEP_SHARE * index.size:
            index, below, missing = index.take(still), below.take(still), missing.take(still)
            state = state.take(still, axis=1)
            base, spacing, wanted, relative, under, below_under, over, below_over = state
            spare = work.array(f"residuals {step % 2}", (n, still.size), dtype)
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
        relative += missing * np.minimum(secant, spacing * dtype.type(1.5 ** max(0, step - 1)))
        if step > 4 and step % 3 == 2:  # equal slopes make the secant creep
            closed = (under > -far / 2) & (over < far / 2) & (missing != 0)
            relative[...] = choice(closed, 0.5 * (under + over), relative)
        trial[index] = base + relative
    bracket = np.full((2, trial.size), np.nan, dtype=dtype)
    bracket[0, index], bracket[1, index] = base + under, base + over
    return trial, bracket


def _count_below(residual, centred, relative, work: Workspace):
    """How many slopes lie below ``relative``, as the rounded differences of the detrended series have it."""
    counts = np.zeros(relative.size, dtype=np.int32)
    for part in tiles(residual):
        detrended = work.array("tile", (len(residual), part.stop - part.start), residual.dtype)
        np.multiply(centred, relative[part], out=detrended)
        np.subtract(residual[:, part], detrended, out=detrended)
        add_pairs(np.less, detrended, counts[part], work)
    return counts


def least_squares(x, steps: Steps, count, work: Workspace) -> Line:
    """The line that `order_statistics` of the same arguments starts from; its residuals are a buffer."""
    centred = steps.centred.astype(x.dtype)[:, None]
    residual = work.array("residuals", x.shape, x.dtype)
    slope, squares, times_squared = np.empty((3, x.shape[1]), dtype=x.dtype)
    complete = count[0] == x.shape[0]
    times_squared[:] = (steps.centred**2).sum()
    for part in tiles(x):
        tile = work.array("tile", (len(x), part.stop - part.start), x.dtype)
        if complete:
            _line_of_complete(x[:, part], centred, tile, slope[part], squares[part], times_squared[part])
        else:
            _line_with_gaps(x[:, part], centred, tile, slope[part], squares[part], times_squared[part])
        residual[:, part] = tile
    # near the middle, n pair slopes in one standard error of the slope, n about sqrt(Var S) / 2
    number = count.astype(x.dtype)
    per_error = np.sqrt(number * (number - 1) * (2 * number + 5) / 18) / 2
    error = np.sqrt(squares / np.maximum(number - 2, 1) / times_squared)
    spacing = error / per_error
    # a perfect line has no residuals: any step that can be told from its slope will do
    return Line(residual, slope, np.maximum(spacing, np.finfo(x.dtype).eps * np.abs(slope) + np.finfo(x.dtype).tiny))


def _line_of_complete(x, centred, residual, slope, squares, times_squared):
    """Residuals, slope and squares of complete pixels, into those arrays."""
    np.subtract(x, _row_sum(x) / x.dtype.type(len(x)), out=residual)
    np.divide(_row_sum(residual * centred), times_squared, out=slope)
    residual -= centred * slope
    squares[:] = _row_sum(residual * residual)


def _line_with_gaps(x, centred, residual, slope, squares, times_squared):
    """The same of pixels with gaps, whose sum of squared times is their own."""
    bits = f"i{x.dtype.itemsize}"
    mask = mask_of(x == x, bits)

    def valid_or_zero(values):
        return (values.view(bits) & mask).view(x.dtype)

    number = -_row_sum(mask).astype(x.dtype)
    time = valid_or_zero(centred)
    time = valid_or_zero(time - _row_sum(time) / number)
    np.subtract(x, _row_sum(valid_or_zero(np.ascontiguousarray(x))) / number, out=residual)
    times_squared[:] = _row_sum(time * time)
    np.divide(_row_sum(valid_or_zero(residual) * time), times_squared, out=slope)
    residual -= centred * slope
    squares[:] = _row_sum(valid_or_zero(residual * residual))


def _row_sum(rows):
    """Sum of the rows in their order, so that a pixel's sum does not depend on how many pixels are beside it."""
    if rows.shape[1] > 1:
        return np.add.reduce(rows, axis=0)
    # numpy takes the values of a single column in another order
    total = rows[0].copy()
    for row in rows[1:]:
        total += row
    return total


def _distances(x, steps: Steps, trials, work: Workspace) -> list:
    """For each of several trial slopes: count of slopes below it, distances to the nearest below and not below it.

    The bits of a float, read as an integer, order positive numbers rightly and negative ones the other way round
    behind them: the least unsigned one is the smallest that is not negative, the least signed one the negative number
    nearest to zero.
    """
    size = x.dtype.itemsize
    below = np.zeros((len(trials), x.shape[1]), dtype=np.int32)
    negative, positive = np.empty(below.shape, dtype=f"i{size}"), np.empty(below.shape, dtype=f"u{size}")
    negative[:], positive[:] = np.iinfo(negative.dtype).max, np.iinfo(positive.dtype).max
    for part in tiles(x):
        for slopes in slopes_by_rows(tile_of(x, part, work), steps, work):
            distances = work.array("distances", slopes.shape, x.dtype)
            flags = work.array("flags", slopes.shape, np.bool_)
            for place, trial in enumerate(trials):
                np.subtract(slopes, trial[part], out=distances)
                add_columns(np.less(distances, 0, out=flags), below[place, part])
                for nearest in (negative[place, part], positive[place, part]):
                    np.minimum(nearest, np.minimum.reduce(distances.view(nearest.dtype), axis=0), out=nearest)
    return list(zip(below, negative.view(x.dtype), positive.view(x.dtype)))


def _add_distance(trial, distance):
    """The slope at that distance, and whether rounding leaves it as it was."""
    slope = (trial.astype(np.float64) + distance).astype(trial.dtype)
    # in float32 nothing may be lost; in float64 six digits of sixteen may
    tolerated = 1.0 if trial.dtype.itemsize == 4 else 2.0**20
    return slope, np.abs(distance) <= tolerated * np.abs(slope)


def _neighbours_of_split(distances, trial, low, high):
    """The wanted slopes where ``trial`` splits the slopes at their rank, and whether it does, exactly.

    ``distances`` are those of `_distances`.
    """
    below, negative, positive = distances
    under, under_exact = _add_distance(trial, negative)
    over, over_exact = _add_distance(trial, positive)
    found, proven = np.empty((2, trial.size)), True
    for side, rank in zip(found, (low, high)):
        is_under = below == rank + 1
        side[:] = choice(is_under, under, over)
        proven &= (is_under & under_exact) | ((below == rank) & over_exact)
    if trial.dtype.itemsize == 4:  # the mean of the two would cancel
        proven &= ~((found[0] < 0) & (found[1] > 0))
    return found, proven


def _settle(x, steps: Steps, trial, under, over, low, high, zero_low, zero_high, work: Workspace):
    """The wanted slopes of the few pixels that are left, from float64 values (n, pixels)."""
    trial, under, over = (side.astype(np.float64) for side in (trial, under, over))
    found, proven = _neighbours_of_split(*_distances(x, steps, [trial], work), trial, low, high)
    proven &= _plausible(found, zero_low, zero_high, x.dtype)
    # many equal slopes: all that lie in the bracket are one value
    rest = np.flatnonzero(~proven)
    if rest.size:
        some = x[:, rest]
        (few, _, distance), (many, other, _) = _distances(some, steps, [under[rest], over[rest]], work)
        smallest, smallest_exact = _add_distance(under[rest], distance)
        largest, largest_exact = _add_distance(over[rest], other)
        tied = (few <= low[rest]) & (many > high[rest]) & (smallest == largest) & smallest_exact & largest_exact
        both = np.stack([smallest, largest])
        tied &= _plausible(both, zero_low[rest], zero_high[rest], x.dtype)
        found[:, rest[tied]] = both[:, tied]
        rest = rest[~tied]
    if rest.size:
        slopes = [part.copy() for part in slopes_by_rows(x[:, rest], steps, work)]
        ordered = np.sort(np.concatenate(slopes), axis=0)
        columns = np.arange(rest.size)
        found[:, rest] = ordered[low[rest], columns], ordered[high[rest], columns]
    return found
