"""Seasonal Mann-Kendall test and slope of every pixel: each season is compared with itself over the years.

References
----------
Hirsch, R. M., Slack, J. R. and Smith, R. A. (1982). doi:10.1029/WR018i001p00107
Hirsch, R. M. and Slack, J. R. (1984). doi:10.1029/WR020i006p00727
Dietz, E. J. and Killeen, T. J. (1981). doi:10.1080/01621459.1981.10477624
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..class_areas import areas_of_map
from ..significance import normal_two_sided_p
from .blocks import FIRST_CLASS, LAST_CLASS
from .mann_kendall import eighteenfold_variance, pair_signs, z_of_s
from .pair_slopes import order_statistics
from .pairs import Steps, Workspace, pairs_within, tiles
from .theil_sen import trend_class

RESULTS = ("slope", "s", "var_s", "z", "p_value", "tau")
TEST = frozenset(("s", "var_s", "z", "p_value"))

CHUNK_VALUES = 1 << 21  # values of all pixels that are worked on together
LEVEL = 0.05  # of the significance that `seasonal_block` counts

_FEW = "⟨MIN_OBSERVATIONS⟩ is {}: a trend needs 2 values or more"


def seasonal_trend(stack, years, places, *, min_observations=8, correlated=False, wanted=RESULTS) -> dict:
    """Seasonal Mann-Kendall test and seasonal Theil-Sen slope along the first axis.

    Parameters
    ----------
    stack : float32 or float64 array (steps, ...)
        Values; NaN and infinities are missing. float32 is the faster one, and its slopes are right within 2 units in
        the last place of float32.
    years : array (n,)
        The years, strictly increasing; slopes are per unit of it.
    places : int array (steps, 2)
        For each step its year, as the index in ``years``, and its season, counted from 0. A season that has no step in
        a year is missing in it.
    min_observations : int
        A pixel without a season of so many valid values is NaN in every result.
    correlated : bool
        Whether the test allows for seasons that depend on each other (Hirsch and Slack 1984). It then takes the seasons
        alone that have a value in every year, and a pixel with fewer than two of them has no test.
    wanted : collection of str
        Those of `RESULTS` to compute.

    Returns
    -------
    dict of float64 arrays (...)
        ``slope`` is the median of the slopes between two values of one season, all seasons together; ``s`` the rising
        less the falling pairs; ``var_s`` its variance where there is no trend; ``z`` S over the root of it, with a
        continuity correction unless ``correlated``; ``p_value`` its two-sided p by the normal distribution; ``tau`` S
        over the number of pairs. If ``correlated``, ``slope`` and ``tau`` stay those of all seasons.

    Raises
    ------
    InvalidParameter
        If the places do not fit the stack, a place is taken twice, or a parameter is out of range.
    """
    stack, places = np.asarray(stack), np.asarray(places)
    years = np.asarray(years, dtype=np.float64)
    _require_places(stack, years, places, min_observations)
    steps, work = Steps.of(years), Workspace()
    dtype = np.dtype(np.float32 if stack.dtype == np.float32 and steps.exact_in(np.float32) else np.float64)
    flat = stack.reshape(len(stack), -1)
    results = {name: np.full(flat.shape[1], np.nan) for name in wanted}
    seasons, season = np.unique(places[:, 1], return_inverse=True)  # one that never occurs takes no room
    shape = len(years), len(seasons)
    for part in _chunks(shape[0] * shape[1], flat.shape[1]):
        table = _by_season(flat[:, part], list(zip(places[:, 0], season)), shape, dtype)
        for index, x, count in _alike(table, max(min_observations, 2)):
            for name, values in _results(x, count, steps, correlated, wanted, work).items():
                results[name][part][index] = values
    return {name: values.reshape(stack.shape[1:]) for name, values in results.items()}


def seasonal_block(stack, cell_area=None, regions=None, *, wanted=(), **options) -> dict:
    """Seasonal trend of a block.

    Parameters
    ----------
    stack : array (steps, rows, cols)
        Values in order of time, NaN is missing.
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    wanted : collection of str
        Those of `RESULTS` to compute beside slope and p.
    **options
        Of `seasonal_trend`.

    Returns
    -------
    dict
        The arrays of `seasonal_trend`; ``class`` (int16), as `trend_class`, and its areas, as `areas_of_map`, where the
        lost pixels are those with enough values whose test has no p; ``significant``, int array (2,), the number of
        pixels with p below `LEVEL` and of those with a p.
    """
    names = {"slope", "p_value"}.union(wanted).intersection(RESULTS)
    block = seasonal_trend(stack, wanted=names, **options)
    block["class"] = trend_class(block["slope"], block["p_value"])
    tested = ~np.isnan(block["p_value"])
    lost = ~np.isnan(block["slope"]) & ~tested
    block["significant"] = np.array([np.count_nonzero(block["p_value"] < LEVEL), np.count_nonzero(tested)])
    return {**block, **areas_of_map(block["class"], FIRST_CLASS, LAST_CLASS, lost, cell_area, regions)}


def _require_places(stack, years, places, min_observations) -> None:
    """Raise `InvalidParameter` on arguments that do not make sense."""
    if stack.ndim == 0 or places.shape != (len(stack), 2):
        raise InvalidParameter("give the year and the season of each time step")
    if not np.isfinite(years).all() or not (np.diff(years) > 0).all():
        raise InvalidParameter("the years must be numbers that increase: sort the series by year")
    if len(places) and (places.min() < 0 or places[:, 0].max() >= len(years)):
        raise InvalidParameter("a time step is of a year that is not among the years")
    if len({tuple(place) for place in places.tolist()}) < len(places):
        raise InvalidParameter("two time steps are of one season of one year: keep one of them")
    if min_observations < 2:
        raise InvalidParameter(_FEW.format(min_observations))


def _chunks(values: int, pixels: int) -> Iterator[slice]:
    """Pixels of so many values in equal parts of at most `CHUNK_VALUES`."""
    parts = -(-pixels // max(16, CHUNK_VALUES // values))
    for part in range(parts):
        checkpoint()
        yield slice(pixels * part // parts, pixels * (part + 1) // parts)


def _by_season(stack, places, shape, dtype) -> np.ndarray:
    """Steps (steps, pixels) by year and season: (years, seasons, pixels), NaN where a step or a value is missing."""
    table = np.full((*shape, stack.shape[1]), np.nan, dtype=dtype)
    for values, place in zip(stack, places):
        # adding 0 turns a negative zero into a positive one, which the bits of a slope must not show
        row = np.add(values, 0, out=table[place], casting="same_kind")
        infinite = np.isinf(row)
        if infinite.any():
            row[infinite] = np.nan
    return table


def _alike(table, least: int) -> Iterator[tuple]:
    """The pixels that are complete, then those with gaps, that have a season of ``least`` values: index, values and
    counts (seasons, pixels)."""
    count = np.zeros(table.shape[1:], dtype=np.int32)
    for values in table:
        count += ~np.isnan(values)
    complete, enough = (count == len(table)).all(axis=0), (count >= least).any(axis=0)
    for chosen in (complete & enough, ~complete & enough):
        if chosen.all():
            yield slice(None), table, count
        elif chosen.any():
            index = np.flatnonzero(chosen)
            yield index, table.take(index, axis=-1), count[:, index]


def _results(x, count, steps: Steps, correlated: bool, wanted, work: Workspace) -> dict:
    """Those results of `seasonal_trend`, of pixels that are all complete or all have gaps."""
    columns = x.reshape(len(x), -1)  # each season of each pixel
    signs = pair_signs(columns, work, count.reshape(-1))
    falling, rising = (side.reshape(count.shape).sum(axis=0, dtype=np.int32) for side in signs)
    found, pairs, s = {}, pairs_within(count), (rising - falling).astype(np.float64)
    if "tau" in wanted:
        found["tau"] = s / pairs
    if "slope" in wanted:
        lower, upper = order_statistics(x, steps, count, (falling, rising), (pairs - 1) // 2, pairs // 2, work)
        found["slope"] = 0.5 * (lower + upper)
    if TEST.isdisjoint(wanted):
        return found
    if correlated:
        s, variance = _of_complete_seasons(x, count, work)
        with np.errstate(invalid="ignore"):
            z = np.where(s == 0, 0.0, s / np.sqrt(variance))
    else:
        eighteenfold = eighteenfold_variance(columns, count.reshape(-1), signs, work)
        variance = eighteenfold.reshape(count.shape).sum(axis=0) / 18
        z = z_of_s(s, variance)
    found.update(s=s, var_s=variance, z=z, p_value=normal_two_sided_p(z))
    return {name: values for name, values in found.items() if name in wanted}


def _of_complete_seasons(x, count, work: Workspace) -> tuple:
    """S and its variance with the covariances of the seasons, NaN for pixels without two complete seasons.

    The sum of the covariances over all pairs of seasons (g, h), ``[K_gh + 4 sum_j R_jg R_jh - n(n+1)^2] / 3``, is that
    of d_ij squared over the pairs of years i < j and of its sums over i squared over the years j, over 3, where d_ij is
    the number of seasons that rise from i to j less that of those that fall: R_jg is (n + 1 + sum over i of the sign of
    x_jg - x_ig) / 2, and these signs add up to 0. So everything is made of whole numbers.
    """
    whole = count == len(x)
    s, squares = np.zeros((2, x.shape[-1]))
    for part in tiles(x):
        values = work.array("tile", (*x.shape[:-1], part.stop - part.start), x.dtype)
        np.copyto(values, x[..., part])
        if not whole[:, part].all():
            np.copyto(values, np.nan, where=~whole[:, part])  # what is compared with NaN neither rises nor falls
        _add_rises(values, s[part], squares[part])
    s, squares = (np.where(whole.sum(axis=0) > 1, each, np.nan) for each in (s, squares))
    return s, squares / 3


def _add_rises(values, s, squares) -> None:
    """Add the sum of the d_ij of `_of_complete_seasons` to ``s``, and its sums of squares to ``squares``."""
    n = len(values)
    of_year = np.zeros((n, values.shape[-1]), dtype=np.int64)
    for later in range(1, n):
        checkpoint()
        rises = (values[later] > values[:later]).sum(axis=1, dtype=np.int32)
        rises -= (values[later] < values[:later]).sum(axis=1, dtype=np.int32)
        of_year[later] += rises.sum(axis=0)
        of_year[:later] -= rises
        s += rises.sum(axis=0)
        squares += (rises.astype(np.int64) ** 2).sum(axis=0)
    squares += (of_year**2).sum(axis=0)
