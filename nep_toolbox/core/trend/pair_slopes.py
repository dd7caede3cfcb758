"""Order statistics of the slopes between all pairs of time steps, for every pixel at once.

With n steps there are n(n-1)/2 slopes a pixel, or as many in each season where only steps of one season are paired.
Three ways lead to the one of a given rank: `slope_sort` sorts them all; `slope_search` counts how many lie below trial
slopes, which is sooner done where numpy does not sort by SIMD, or where the slopes are many; and `slope_window` sorts
those near a trial slope, which is sooner done where they are more still. All find the exact order statistic of the
slopes as rounded to the working precision, so that the result does not depend on the way, the machine or the block in
which the pixel sat.
"""

from __future__ import annotations

import numpy as np

from .pairs import Steps, Workspace, most_pairs, pairs_within
from .slope_search import searched_slopes
from .slope_sort import sorted_slopes, sorting_pays
from .slope_window import MANY_SLOPES, windowed_slopes


def order_statistics(x, steps: Steps, count, signs, low, high, work: Workspace):
    """Slopes of rank ``low`` and ``high`` among the sorted slopes of each pixel.

    Several such ranks at once take far less time than one after the other.

    Parameters
    ----------
    x : float32 or float64 array (n, pixels) or (n, seasons, pixels)
        NaN is missing; no infinities, no negative zeros. All pixels are complete, or all have gaps. With seasons, the
        slopes of a pixel are those between two steps of one season, of all its seasons together.
    steps : Steps
        ``steps.exact_in(x.dtype)`` must hold.
    count : int array (pixels,) or (seasons, pixels)
        Number of valid values.
    signs : pair of int arrays (pixels,)
        Number of falling and of rising pairs, as `count_pairs` gives them; of all seasons together.
    low, high : int arrays (pixels,) or (several, pixels)
        Ranks counted from 0; ``high`` is ``low`` or ``low + 1``, and below the number of slopes of that pixel.
    work : Workspace

    Returns
    -------
    float64 array (2, pixels) or (2, several, pixels)
        Zero exactly where the slope is zero; for float32 input within 2 units in the last place of float32.
    """
    shape, pixels = (2, *low.shape), x.shape[-1]
    low, high = low.reshape(-1, pixels), high.reshape(-1, pixels)
    falling, not_rising = signs[0], pairs_within(count) - signs[1]
    # zero slopes are common (a series with equal values), and the signs alone tell where they stand
    is_zero = np.stack([(falling <= rank) & (rank < not_rising) for rank in (low, high)])
    index = np.flatnonzero(~is_zero.all(axis=(0, 1)))
    if index.size == pixels:
        return _found_slopes(x, steps, count, low, high, is_zero, work).reshape(shape)
    slopes = np.zeros((2, *low.shape))
    if index.size:
        some = (part.take(index, axis=-1) for part in (count, low, high, is_zero))
        slopes[..., index] = _found_slopes(x.take(index, axis=-1), steps, *some, work)
    return slopes.reshape(shape)


def _found_slopes(x, steps: Steps, count, low, high, is_zero, work: Workspace):
    """Slopes (2, several, pixels) of those ranks, where ``is_zero`` (of the same shape) tells the zeros."""
    settled = is_zero.all(axis=0)
    with np.errstate(all="ignore"):
        if sorting_pays(x, len(low)):
            found = sorted_slopes(x, steps, low, high, work)
        else:
            search = windowed_slopes if most_pairs(x) >= MANY_SLOPES else searched_slopes
            found = search(x, steps, count, low, high, settled, work)
    if is_zero.any():
        found[is_zero] = 0
    if x.dtype == np.float64:
        return found
    for place in range(len(low)):
        rest = _need_double(found[:, place], is_zero[:, place], x.dtype)
        if rest.size:
            sides = (side[..., place : place + 1, rest] for side in (low, high, is_zero))
            some = x[..., rest].astype(np.float64), steps, count[..., rest]
            found[:, place, rest] = _found_slopes(*some, *sides, work)[:, 0]
    return found


def _need_double(found, is_zero, dtype):
    """The pixels (index) for whose two slopes a precision does not suffice: a difference was lost to overflow or
    underflow, or is zero against the signs, or their signs are opposite, so that their mean would cancel."""
    (low, high), least = found, 64 * np.finfo(dtype).tiny
    rest = np.flatnonzero(~(((low > least) & (high < np.inf)) | ((high < -least) & (low > -np.inf))))
    (low, high), is_zero = found[:, rest], is_zero[:, rest]
    lost = ~np.isfinite(found[:, rest]) | ((np.abs(found[:, rest]) <= least) & ~is_zero)
    return rest[lost.any(axis=0) | ((low < 0) & (high > 0))]
