"""The least-squares problems of many pixels: quickly by products of the series, and by their orthogonal factors where
products lose digits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..sums import sum_over_time
from .columns import centred, columns_of
from .orthogonal import Factors, factorise, factors_of_products

#: How the coefficients are found. In all three the full series, never the detrended ones, are predicted with them.
PLAIN, DETRENDED, DIFFERENCES = range(3)

#: Where a column keeps a smaller share of its squares beyond the columns before it, its products have lost too many
#: digits: with so much left, 1e-11 of a result is the most that rounding takes.
ENOUGH_LEFT = 1e-3

#: Values of each series whose products are taken at a time: they stay in the processor's cache.
_VALUES = 10_240


class Problems(NamedTuple):
    """Targets on k drivers.

    Attributes
    ----------
    count, used : int arrays (pixels,)
        Years with a value in all series, and what the fit uses: these, or pairs of them.
    times_squared : array (pixels,)
        Sum of the squared distances of the years from their mean.
    means, slopes, squares : arrays (k + 1, pixels)
        Of the target and each driver: mean, slope a year, and sum of the squared deviations.
    spread : array (k + 1, pixels)
        The squares of what the fit is about: beyond the year, or of the differences.
    steps : array (k, pixels)
        With `DIFFERENCES` the mean difference of each driver, else 0.
    factors : Factors
        Of the drivers and, with `DETRENDED`, the year after them; with `DIFFERENCES` of the differences.
    levels : Factors
        Of the series as they are; with the others those of ``factors``, whose first k columns they are.
    """

    count: np.ndarray
    used: np.ndarray
    times_squared: np.ndarray
    means: np.ndarray
    slopes: np.ndarray
    squares: np.ndarray
    spread: np.ndarray
    steps: np.ndarray
    factors: Factors
    levels: Factors

    def arrays(self) -> list:
        """All arrays, those of the factors too."""
        return [*self[:8], *self.factors, *self.levels]


def problems(y: np.ndarray, drivers: list, years: np.ndarray, method: int, least: int) -> Problems:
    """The problems of a few pixels.

    Parameters
    ----------
    y : array (n, pixels)
        NaN and infinite values are missing.
    drivers : list of k arrays (n, pixels)
    years : float64 array (n,)
    method : int
        `PLAIN`, `DETRENDED` or `DIFFERENCES`.
    least : int
        With fewer years in use a pixel needs no digits.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = by_products(y, drivers, years, method)
    weak = (found.used >= least) & ~_enough_left(found)
    if weak.any():
        exact = orthogonally(y[:, weak], [each[:, weak] for each in drivers], years, method)
        for whole, part in zip(found.arrays(), exact.arrays()):
            whole[..., weak] = part
    return found


def _enough_left(found: Problems) -> np.ndarray:
    """Where every column keeps `ENOUGH_LEFT` of its squares."""
    enough = (found.spread >= ENOUGH_LEFT * found.squares).all(axis=0)
    for factors in (found.factors, found.levels)[: 1 if found.levels is found.factors else 2]:
        squares = factors.triangle * factors.triangle
        for place in range(len(squares)):
            whole = squares[: place + 1, place].sum(axis=0)
            enough &= squares[place, place] >= ENOUGH_LEFT * whole
        explained = (factors.projections * factors.projections).sum(axis=0)
        enough &= factors.squares_left >= ENOUGH_LEFT * (explained + factors.squares_left)
    return enough


def orthogonally(y: np.ndarray, drivers: list, years: np.ndarray, method: int) -> Problems:
    """The problems by orthogonal factors; the arguments are those of `problems`."""
    together = columns_of(y, drivers, years)
    series, count = together.columns, together.count
    design, used, spread = [each.values for each in series], count, [each.squares for each in series]
    steps = np.zeros((len(drivers), y.shape[1]))
    if method == DIFFERENCES:
        pairs = _pairs(together.valid, years)
        used = np.count_nonzero(pairs, axis=0)
        design, (_, *steps) = zip(*(centred(np.diff(each, axis=0), pairs, used) for each in design))
        spread = [sum_over_time(each * each) for each in design]
    elif method == DETRENDED:
        spread = [sum_over_time(beyond * beyond) for beyond in together.beyond_years()]
    factors = factorise([*design[1:], *([together.time] if method == DETRENDED else [])], design[0])
    levels = factors
    if method == DIFFERENCES:
        levels = factorise([each.values for each in series[1:]], series[0].values)
    return Problems(
        count, used, together.times_squared, *(np.stack([getattr(each, name) for each in series]) for name in (
            "mean", "slope", "squares"
        )), np.stack(spread), np.stack(steps), factors, levels,
    )


def _pairs(valid: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Calendar years that follow each other and both have values, (n - 1, pixels)."""
    return valid[1:] & valid[:-1] & (np.diff(years) == 1)[:, np.newaxis]


def by_products(y: np.ndarray, drivers: list, years: np.ndarray, method: int) -> Problems:
    """The problems by products; the arguments are those of `problems`, of two pixels or more."""
    k, (n, pixels) = len(drivers), y.shape
    rows = k + 2  # drivers, year, target
    series = [*drivers, np.broadcast_to(years[:, np.newaxis], y.shape), y]
    width = min(pixels, max(2, _VALUES // n))
    room = np.empty((2 if method != DIFFERENCES else 3, rows * n * width))
    count, used = np.empty((2, pixels), dtype=np.int64)
    means, levels, mean_steps = np.empty((rows, pixels)), np.empty((rows, rows, pixels)), np.zeros((k, pixels))
    changes = np.empty((k + 1, k + 1, pixels)) if method == DIFFERENCES else None
    parts = -(-pixels // width)
    for number in range(parts):
        part = slice(pixels * number // parts, pixels * (number + 1) // parts)
        data, work, *more = (each[: rows * n * (part.stop - part.start)].reshape(rows, n, -1) for each in room)
        first, total, valid = _from_first(data, [each[:, part] for each in series])
        count[part] = n if valid is None else np.count_nonzero(valid, axis=0)
        means[:, part] = first + total / count[part]
        levels[..., part] = _products(data, total, count[part], work)
        if changes is not None:
            pairs = _pairs(np.broadcast_to(True, data.shape[1:]) if valid is None else valid, years)
            used[part] = np.count_nonzero(pairs, axis=0)
            steps = more[0][: k + 1, 1:]
            for row, values in enumerate((*data[:k], data[k + 1])):
                np.subtract(values[1:], values[:-1], out=steps[row])
            if not pairs.all():
                steps[:, ~pairs] = 0.0
            total = np.add.reduce(steps, axis=1)
            mean_steps[:, part] = total[:k] / used[part]
            changes[..., part] = _products(steps, total, used[part], work[:, 1:])
    return _of_products(levels, changes, count, used, means, mean_steps, method)


def _from_first(data: np.ndarray, series: list) -> tuple:
    """Enter series (n, pixels) into ``data`` (rows, n, pixels), from the first value of each, 0 where one is missing.

    From there on a large level common to all values costs no digits, and a constant series is exactly 0.

    Returns
    -------
    first, total : arrays (rows, pixels)
        The first value, and the sum of what was entered.
    valid : bool array (n, pixels), or None where no value is missing
    """
    for row, each in enumerate(series):
        np.subtract(each, each[0], out=data[row], dtype=np.float64)
    total = np.add.reduce(data, axis=1)  # one step after the other, for pixels lie beside each other
    if np.isfinite(total).all():
        return np.stack([each[0] for each in series]).astype(np.float64), total, None
    for row, each in enumerate(series):
        data[row] = each
    valid = np.logical_and.reduce(np.isfinite(data), axis=0)
    place = valid.argmax(axis=0)
    first = np.take_along_axis(data, place[np.newaxis, np.newaxis], axis=1)
    data -= first
    data.view(np.int64)[...] &= np.where(valid, np.int64(-1), np.int64(0))
    return first[:, 0], np.add.reduce(data, axis=1), valid


def _products(data: np.ndarray, total: np.ndarray, count: np.ndarray, work: np.ndarray) -> np.ndarray:
    """The products (rows, rows, pixels), on and above the diagonal, of the deviations of series (rows, n, pixels) from
    their means."""
    rows, mean = len(data), total / count
    products = np.empty((rows, *total.shape))
    for row in range(rows):
        both = np.multiply(data[row], data[row:], out=work[: rows - row])
        products[row, row:] = np.add.reduce(both, axis=1)
        products[row, row:] -= mean[row] * total[row:]
    return products


def _of_products(levels, changes, count, used, means, steps, method) -> Problems:
    """The problems from the products of drivers, year and target, and from those of the differences."""
    k = len(levels) - 2
    target_first, without_year = [k + 1, *range(k)], [*range(k), k + 1]
    squares = levels[target_first, target_first]
    with_year = np.concatenate([levels[k : k + 1, k + 1], levels[:k, k]])
    slopes = with_year / levels[k, k]
    spread = squares
    if method == DETRENDED:
        spread, factors = squares - slopes * with_year, factors_of_products(levels)
    else:
        factors = factors_of_products(levels[np.ix_(without_year, without_year)])
    of_levels = factors
    if changes is not None:
        factors, spread = factors_of_products(changes), changes[[k, *range(k)], [k, *range(k)]]
    return Problems(
        count, count if changes is None else used, levels[k, k].copy(), means[target_first], slopes, squares, spread,
        steps, factors, of_levels,
    )
