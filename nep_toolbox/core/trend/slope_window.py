"""Order statistics of pair slopes from the few that lie near a trial slope.

Where the slopes of a pixel are many, most of the time goes into forming them all in the precision of the data. Here
single precision tells which of them lie below a window around a trial slope, and which lie in it; only the latter are
formed as they are wanted, and sorted. What single precision may be wrong by is bounded: a slope is taken from the
window only if it lies farther than that from its edges, so that those outside are surely on the right side of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from .pairs import SLOPE_ROWS, Steps, Workspace, paired, paired_steps, tile_of, tiles
from .slope_search import Line, least_squares, search_split, searched_slopes

#: How far the window reaches to either side, in what slopes near the middle stand apart on average.
REACH = np.float32(8)
MOST_NEAR = 64  # slopes in the window; a pixel with more of them is left to others
#: From so many slopes of a pixel on this takes less time than `searched_slopes`.
MANY_SLOPES = 1000
#: How many more or fewer slopes may lie below the trial slope than should.
WITHIN = 2


class Scaled(NamedTuple):
    """Pixels less their least-squares lines, in units of `Line.spacing`.

    Attributes
    ----------
    residual : float32 array of the shape of the stack
    slope, spacing : float64 arrays (pixels,)
    error : float64 array (pixels,)
        Bound of what the residuals are wrong by beside their rounding to float32.
    largest : float32 array (pixels,)
        Of the sizes of the residuals.
    """

    residual: np.ndarray
    slope: np.ndarray
    spacing: np.ndarray
    error: np.ndarray
    largest: np.ndarray


def windowed_slopes(x, steps: Steps, count, low, high, settled, work: Workspace):
    """What `searched_slopes` finds, of the same arguments."""
    found = np.empty((2, *low.shape))
    scaled = scaled_residuals(x, steps, count, work)
    line = Line(scaled.residual, *np.array([[0], [1]], np.float32).repeat(x.shape[-1], axis=1))
    for place, ranks in enumerate(zip(low, high)):
        relative, below, _bracket = search_split(line, steps, count, *ranks, work, within=WITHIN)
        found[:, place], proven = slopes_near(x, steps, scaled, relative, below, *ranks, work)
        rest = np.flatnonzero(~(proven | settled[place]))
        if rest.size:
            some = (side[place : place + 1, rest] for side in (low, high, settled))
            found[:, place, rest] = searched_slopes(x[..., rest], steps, count[..., rest], *some, work)[:, 0]
    return found


def scaled_residuals(x, steps: Steps, count, work: Workspace) -> Scaled:
    """The residuals of a stack (n, pixels) or (n, seasons, pixels) from lines in double precision."""
    residual = work.array("scaled", x.shape, np.float32)
    slope, spacing, error = np.empty((3, x.shape[-1]))
    largest = np.empty(x.shape[-1], dtype=np.float32)
    for part in tiles(x):
        checkpoint()
        values = x[..., part].astype(np.float64)
        line = least_squares(values, steps, count[..., part], work)
        slope[part], spacing[part] = line.slope, line.spacing
        np.divide(line.residual, line.spacing, out=residual[..., part], casting="same_kind")
        largest[part] = _largest(residual[..., part])
        most = _largest(values)
        size = most + np.abs(line.slope) * np.abs(steps.years).max()
        error[part] = 16 * np.finfo(np.float64).eps * size / line.spacing
        error[part][most > np.finfo(x.dtype).max / 4] = np.inf  # differences of such values may be infinite
    return Scaled(residual, slope, spacing, error, largest)


def _largest(values) -> np.ndarray:
    """The largest size of the values of each pixel."""
    return np.fmax.reduce(np.abs(values).reshape(-1, values.shape[-1]), axis=0)


def slopes_near(x, steps: Steps, scaled: Scaled, relative, below, low, high, work: Workspace):
    """Slopes of rank ``low`` and ``high``, where they are found near trial slopes.

    Parameters
    ----------
    x : float32 or float64 array (n, pixels) or (n, seasons, pixels)
    steps : Steps
    scaled : Scaled
        From `scaled_residuals` of the same stack.
    relative : float32 array (pixels,)
        Trial slopes less those of the lines, in units of their spacing.
    below : int array (pixels,)
        How many slopes lie below them in single precision; -1 where that is not known.
    low, high : int arrays (pixels,)
    work : Workspace

    Returns
    -------
    found : float64 array (2, pixels)
        Slopes as rounded to the precision of ``x``.
    proven : bool array (pixels,)
        Where these are the ones of that rank.
    """
    found, proven = np.empty((2, x.shape[-1])), np.empty(x.shape[-1], dtype=bool)
    trial = scaled.slope + relative.astype(np.float64) * scaled.spacing
    safe = REACH - 2 * _error(x.dtype, steps, scaled, relative, trial)
    for part in tiles(x):
        checkpoint()
        window = _in_window(x, steps, scaled, relative, safe > 0, part, work)
        if window is None:
            proven[part] = False
            continue
        *near, falling = window
        number, table = _sorted_by_pixel(*near, part.stop - part.start)
        known = (safe[part] > 0) & (number <= MOST_NEAR) & (below[part] >= 0)
        for side, rank in zip(found, (low, high)):
            place = rank[part] - (below[part] - falling)
            known &= (place >= 0) & (place < number)
            side[part] = table[np.arange(len(table)), np.clip(place, 0, table.shape[1] - 1)]
            known &= np.abs(side[part] - trial[part]) <= safe[part] * scaled.spacing[part]
        proven[part] = known
    return found, proven


def _error(dtype, steps: Steps, scaled: Scaled, relative, trial) -> np.ndarray:
    """Bound of the difference of a slope as rounded to ``dtype``, less the trial slope, from that in `_in_window`, in
    units of the spacing."""
    shortest = np.diff(steps.years).min()
    size = scaled.largest + np.abs(relative) * np.abs(steps.centred).max()
    own, single = np.finfo(dtype), np.finfo(np.float32)
    of_pair = 2 * scaled.error + 8 * single.eps * size + 4 * own.eps * size
    of_pair += single.eps * REACH * np.diff(steps.years).max()
    return of_pair / shortest + 2 * (own.eps * np.abs(trial) + own.tiny) / scaled.spacing


def _in_window(x, steps: Steps, scaled: Scaled, relative, known, part: slice, work: Workspace):
    """The slopes near the trial slopes of a tile.

    Returns
    -------
    pixel, values : arrays
        Pixels and slopes of those in it.
    falling : int array (pixels,)
        How many of them lie below the trial slope, as single precision has it.

    None where there are too many of them.
    """
    tile, pixels = tile_of(x, part, work), part.stop - part.start
    detrended = work.array("detrended", (*x.shape[:-1], pixels), np.float32)
    centred = steps.centred.astype(np.float32).reshape(-1, *[1] * (x.ndim - 1))
    np.multiply(centred, np.where(known, relative, np.nan)[part].astype(np.float32), out=detrended)
    detrended = np.subtract(scaled.residual[..., part], detrended, out=detrended).reshape(len(x), -1)
    columns, near, taken, done = detrended.shape[1], [], 0, 0
    for (later, earlier, shape), span in zip(paired(detrended, SLOPE_ROWS), steps.spans):
        rises, flags = work.array("slopes", shape, np.float32), work.array("flags", shape, np.bool_)
        np.abs(np.subtract(later, earlier, out=rises), out=rises)
        near.append(np.flatnonzero(np.less_equal(rises, (span * REACH).astype(np.float32), out=flags)) + done)
        taken, done = taken + len(near[-1]), done + flags.size
        if taken > MOST_NEAR * pixels:
            return None
    row, column = np.divmod(np.concatenate(near), columns)
    steps_of_pair = [step.take(row) for step in paired_steps(len(x))]
    span = np.subtract(*(steps.years.take(step) for step in steps_of_pair))
    later, earlier = (step * columns + column for step in steps_of_pair)
    values = (tile.take(later) - tile.take(earlier)) / span.astype(x.dtype)
    pixel = column % pixels
    falls = pixel[detrended.take(later) < detrended.take(earlier)]
    return pixel, values, np.bincount(falls, minlength=pixels)


def _sorted_by_pixel(pixel, values, pixels: int) -> tuple:
    """How many values each pixel has, and a row of them sorted, with infinities behind them; of pixels with more than
    `MOST_NEAR` not all."""
    number = np.bincount(pixel, minlength=pixels)
    order = np.argsort(pixel.astype(np.min_scalar_type(pixels)), kind="stable")  # numbers of 2 bytes are soon sorted
    pixel, first = pixel[order], np.cumsum(number) - number
    place = np.arange(len(pixel)) - first[pixel]
    table = np.full((pixels, min(MOST_NEAR, max(1, number.max()))), np.inf, dtype=values.dtype)
    some = place < table.shape[1]
    table[pixel[some], place[some]] = values[order[some]]
    table.sort(axis=1)
    return number, table
