"""Order statistics of pair slopes by counting how many lie below trial slopes.

The number of slopes below a trial slope b is the number of inversions of x - b t, which takes comparisons of whole
rows of pixels only, and a trial slope that has exactly k slopes below it splits them so that the two neighbours of
the split are the wanted values. So

1. a few trial slopes (least squares first, then secants) look for the split; rounding may mislead this search,
2. the slopes themselves are then formed once, and their exact count below the trial slope proves the split; their
   distances from it give the neighbours, where these differences are exact,
3. what is not proven is settled one way or the other from the slopes themselves, and is sorted if all else fails.

References
----------
Sterbenz, P. H. (1974). Floating-Point Computation. Prentice-Hall. (Differences that are exact.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from .least_squares import Fit, fit
from .medians import choice
from .pairs import (
    Steps,
    Workspace,
    add_columns,
    add_pairs,
    pairs_within,
    season_count,
    slopes_by_rows,
    tile_of,
    tiles,
)
from .slope_sort import sorted_slopes

SEARCH_STEPS = 12
KEEP_SHARE = 0.8  # pixels that are done are put aside when no more than this share is left
FAR = 1e30  # beyond every slope of the search
# numbers whose difference is at most half of one of them are subtracted exactly; less, since that one is rounded too
EXACT_SHARE = 0.49


class Line(NamedTuple):
    """Where the search starts: the least-squares line of each pixel, whose slope is one for all its seasons.

    Attributes
    ----------
    residual : array of the shape of the stack
    slope, spacing : arrays (pixels,)
        Its slope, and how far apart the middle pair slopes stand about.
    """

    residual: np.ndarray
    slope: np.ndarray
    spacing: np.ndarray


def searched_slopes(x, steps: Steps, count, low, high, settled, work: Workspace):
    """Slopes of rank ``low`` and ``high``, as `sorted_slopes` finds them too, where they are not ``settled``.

    Several such ranks at once start from one least-squares line, and the slopes are formed once for all of them. The
    other arguments are those of `pair_slopes.order_statistics`.

    Parameters
    ----------
    low, high : int arrays (several, pixels)
        ``high`` is ``low`` or ``low + 1``.
    settled : bool array (several, pixels)
        Pixels whose result does not matter.
    work : Workspace

    Returns
    -------
    float64 array (2, several, pixels)
        Slopes as rounded to the precision of ``x``; a zero may have either sign.
    """
    found = np.empty((2, *low.shape))
    line = least_squares(x, steps, count, work)
    searched = [search_split(line, steps, count, *ranks, work) for ranks in zip(low, high)]
    distances = _distances(x, steps, [trial for trial, *_rest in searched], work)
    for place, (trial, _found, bracket) in enumerate(searched):
        below, under, over = distances[place]
        neighbours = [_at_distance(trial, distance) for distance in (under, over)]
        found[:, place], proven = _neighbours_of_split(below, *neighbours, low[place], high[place])
        rest = np.flatnonzero(~(proven | settled[place]))
        if rest.size:
            part = [side.take(rest) for side in (trial, *bracket, low[place], high[place])]
            found[:, place, rest] = _settle(x[..., rest], steps, *part, work)
    return found


def search_split(line: Line, steps: Steps, count, low, high, work: Workspace, within: int = 0):
    """Trial slopes that have ``low + 1`` or ``high`` slopes below them, where the search finds one.

    With ``within``, up to so many more or fewer will do.

    Returns
    -------
    trial : array (pixels,)
    found : int array (pixels,)
        How many slopes lie below it, -1 where the search did not get there.
    bracket : pair of arrays (pixels,)
        Trial slopes with too few and with too many slopes below them, for these pixels.
    """
    residual, base, spacing = line
    dtype = residual.dtype
    centred = steps.centred.astype(dtype).reshape(-1, *[1] * (residual.ndim - 1))
    far = dtype.type(FAR)
    wanted = (0.5 * (low + 1 + high)).astype(dtype)
    relative = (wanted - 0.5 * pairs_within(count).astype(dtype)) * spacing
    trial = base + relative
    index, found = np.arange(base.size), np.full(base.size, -1)
    # the trial slopes nearest on either side so far, relative to least squares, and how many slopes lie below them
    state = np.empty((8, base.size), dtype=dtype)
    state[:4], state[4:6], state[6:] = (base, spacing, wanted, relative), -far, far
    base, spacing, wanted, relative, under, below_under, over, below_over = state
    for step in range(SEARCH_STEPS):
        checkpoint()
        below = _count_below(residual, centred, relative, work).astype(dtype)
        missing = np.trunc(wanted - below)  # 0 where the trial slope is one that was looked for
        done = np.abs(missing) <= within
        missing[done], found[index[done]] = 0, below[done]
        still = np.flatnonzero(missing != 0)
        if still.size == 0:
            break
        if still.size < KEEP_SHARE * index.size:
            index, below, missing = index.take(still), below.take(still), missing.take(still)
            state = state.take(still, axis=1)
            base, spacing, wanted, relative, under, below_under, over, below_over = state
            spare = work.array(f"residuals {step % 2}", (*residual.shape[:-1], still.size), dtype)
            residual = residual.take(still, axis=-1, out=spare, mode="clip")
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
    return trial, found, bracket


def _count_below(residual, centred, relative, work: Workspace):
    """How many slopes lie below ``relative``, as the rounded differences of the detrended series have it."""
    seasons, counts = season_count(residual), np.empty(relative.size, dtype=np.int32)
    for part in tiles(residual):
        detrended = work.array("tile", (*residual.shape[:-1], part.stop - part.start), residual.dtype)
        np.multiply(centred, relative[part], out=detrended)
        np.subtract(residual[..., part], detrended, out=detrended)
        columns = np.zeros(detrended[0].size, dtype=np.int32)
        add_pairs(np.less, detrended.reshape(len(residual), -1), columns, work)
        counts[part] = columns.reshape(seasons, -1).sum(axis=0)
    return counts


def least_squares(x, steps: Steps, count, work: Workspace) -> Line:
    """The line that `searched_slopes` of the same arguments starts from; its residuals are a buffer."""
    residual = work.array("residuals", x.shape, x.dtype)
    slope, squares, times_squared = np.empty((3, x.shape[-1]), dtype=x.dtype)
    complete = bool(np.all(count[..., 0] == len(x)))  # as all pixels are
    for part in tiles(x):
        shape = (*x.shape[:-1], part.stop - part.start)
        values = x[..., part].reshape(len(x), -1)
        tile = work.array("tile", values.shape, x.dtype)
        line = fit(values, steps, complete, tile)
        if len(shape) > 2:
            line = _common(line, tile, steps, count[:, part])
        _mean, slope[part], squares[part], times_squared[part] = line
        residual[..., part] = tile.reshape(shape)
    # near the middle, n pair slopes in one standard error of the slope, n about sqrt(Var S) / 2
    number = count.reshape(-1, x.shape[-1]).astype(x.dtype)
    per_error = np.sqrt((number * (number - 1) * (2 * number + 5)).sum(axis=0) / 18) / 2
    free = np.maximum(number - 1, 0).sum(axis=0) - 1
    error = np.sqrt(squares / np.maximum(free, 1) / times_squared)
    spacing = error / per_error
    # a perfect line has no residuals: any step that can be told from its slope will do
    return Line(residual, slope, np.maximum(spacing, np.finfo(x.dtype).eps * np.abs(slope) + np.finfo(x.dtype).tiny))


def _common(line: Fit, residual, steps: Steps, count) -> Fit:
    """Of lines of each season, those of one slope for all seasons of a pixel.

    ``residual`` (n, columns) is theirs and becomes that of the new ones; ``count`` (seasons, pixels) counts the values.
    """
    shape, dtype = count.shape, residual.dtype
    weight = line.times_squared.reshape(shape)
    own = np.where(count > 1, line.slope.reshape(shape), 0)  # a single value has no slope
    weights = weight.sum(axis=0)
    slope = (own * weight).sum(axis=0) / weights
    away = own - slope
    residual += steps.centred.astype(dtype)[:, None] * away.reshape(-1)
    squares = np.where(count > 1, line.squares.reshape(shape), 0) + away * away * weight
    return Fit(line.mean, slope, squares.sum(axis=0), weights)


def _distances(x, steps: Steps, trials, work: Workspace) -> list:
    """For each of several trial slopes: count of slopes below it, distances to the nearest below and not below it.

    The bits of a float, read as an integer, order positive numbers rightly and negative ones the other way round
    behind them: the least unsigned one is the smallest that is not negative, the least signed one the negative number
    nearest to zero.
    """
    signed, unsigned = f"i{x.dtype.itemsize}", f"u{x.dtype.itemsize}"
    found = [np.empty((len(trials), x.shape[-1]), dtype=kind) for kind in (np.int32, signed, unsigned)]
    for part in tiles(x):
        tile, trial = tile_of(x, part, work), _of_columns(x, trials, part)
        below = np.zeros(trial.shape, dtype=np.int32)
        sides = [np.full(trial.shape, np.iinfo(kind).max, dtype=kind) for kind in (signed, unsigned)]
        for slopes in slopes_by_rows(tile, steps, work):
            flags = work.array("flags", slopes.shape, np.bool_)
            for place in range(len(trials)):
                # the last ones take the place of the slopes, which leaves more room in the cache
                last = place == len(trials) - 1
                distances = slopes if last else work.array("distances", slopes.shape, x.dtype)
                np.subtract(slopes, trial[place], out=distances)
                add_columns(np.less(distances, 0, out=flags), below[place])
                for nearest in (side[place] for side in sides):
                    np.minimum(nearest, np.minimum.reduce(distances.view(nearest.dtype), axis=0), out=nearest)
        for whole, columns, join in zip(found, (below, *sides), (np.add, np.minimum, np.minimum)):
            whole[:, part] = _of_pixels(x, columns, join)
    return list(zip(found[0], *(side.view(x.dtype) for side in found[1:])))


def _of_columns(x, trials, part: slice) -> np.ndarray:
    """Trial slopes for each column of `tile_of`: (trials, columns)."""
    return np.stack([np.tile(trial[part], season_count(x)) for trial in trials])


def _of_pixels(x, columns, join) -> np.ndarray:
    """What was found for each column of `tile_of` (trials, columns), joined over the seasons: (trials, pixels)."""
    return join.reduce(columns.reshape(len(columns), season_count(x), -1), axis=1)


def _at_distance(trial, distance):
    """The slope at that distance of the trial slope, and whether rounding leaves it as it was."""
    slope = (trial.astype(np.float64) + distance).astype(trial.dtype)
    return slope, np.abs(distance) <= EXACT_SHARE * np.abs(slope)


def _neighbours_of_split(below, under, over, low, high):
    """The wanted slopes where a trial slope splits the slopes at their rank, and whether it does.

    ``below`` slopes lie below it; ``under`` and ``over`` are its neighbours, each with flags of where it is exact.
    """
    found, proven = np.empty((2, below.size)), True
    for side, rank in zip(found, (low, high)):
        is_under = below == rank + 1
        side[:] = choice(is_under, under[0], over[0])
        proven &= (is_under & under[1]) | ((below == rank) & over[1])
    return found, proven


def _settle(x, steps: Steps, trial, under, over, low, high, work: Workspace):
    """The wanted slopes of the few pixels (n, pixels) that are left."""
    (below, *neighbours), = _neighbours(x, steps, [trial], work)
    found, proven = _neighbours_of_split(below, *((slope, True) for slope in neighbours), low, high)
    # many equal slopes: all that lie in the bracket are one value
    rest = np.flatnonzero(~proven)
    if rest.size:
        (few, _, smallest), (many, largest, _) = _neighbours(x[..., rest], steps, [under[rest], over[rest]], work)
        tied = (few <= low[rest]) & (many > high[rest]) & (smallest == largest)
        found[:, rest[tied]] = smallest[tied]
        rest = rest[~tied]
    if rest.size:
        found[:, rest] = sorted_slopes(x[..., rest], steps, low[np.newaxis, rest], high[np.newaxis, rest], work)[:, 0]
    return found


def _neighbours(x, steps: Steps, trials, work: Workspace) -> list:
    """For each of several trial slopes: count of slopes below it, the largest below and the smallest not below it."""
    found = [np.empty((len(trials), x.shape[-1]), dtype=kind) for kind in (np.int32, x.dtype, x.dtype)]
    for part in tiles(x):
        tile, trial = tile_of(x, part, work), _of_columns(x, trials, part)
        below = np.zeros(trial.shape, dtype=np.int32)
        largest, smallest = np.full(trial.shape, -np.inf, x.dtype), np.full(trial.shape, np.inf, x.dtype)
        for slopes in slopes_by_rows(tile, steps, work):
            for place in range(len(trials)):
                is_below = slopes < trial[place]
                add_columns(is_below, below[place])
                nearest, other = largest[place], smallest[place]
                np.maximum(nearest, np.where(is_below, slopes, -np.inf).max(axis=0), out=nearest)
                np.fmin(other, np.fmin.reduce(np.where(is_below, np.inf, slopes), axis=0), out=other)
        for whole, columns, join in zip(found, (below, largest, smallest), (np.add, np.maximum, np.minimum)):
            whole[:, part] = _of_pixels(x, columns, join)
    return list(zip(*found))
