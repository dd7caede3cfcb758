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
_VALUES = 20_480


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
    weak = (found.used >= least) & ~_enough_left(found, method)
    if weak.any():
        exact = orthogonally(y[:, weak], [each[:, weak] for each in drivers], years, method)
        for whole, part in zip(found.arrays(), exact.arrays()):
            whole[..., weak] = part
    return found


def _enough_left(found: Problems, method: int) -> np.ndarray:
    """Where every column keeps `ENOUGH_LEFT` of its squares."""
    enough = np.ones(found.count.shape, bool)
    year = [found.times_squared] if method == DETRENDED else []
    if method != PLAIN:
        enough = (found.spread >= ENOUGH_LEFT * found.squares).all(axis=0)
    for factors, squares in ((found.factors, found.spread if method == DIFFERENCES else found.squares),
                             (found.levels, found.squares)):
        for place, whole in enumerate((*squares[1:], *year)):
            own = factors.triangle[place, place]
            enough &= own * own >= ENOUGH_LEFT * whole
        enough &= factors.squares_left >= ENOUGH_LEFT * squares[0]
        if factors is found.levels:
            return enough
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


class Sums(NamedTuple):
    """Sums over time of the series from their first values: drivers, and the target last.

    Attributes
    ----------
    count, used : int arrays (pixels,)
    first, total : arrays (k + 1, pixels)
    products : array (k + 1, k + 1, pixels)
        On and above the diagonal.
    time : array (2, pixels)
        Of the years, and of their squares.
    with_year : array (k + 1, pixels)
    change : array (k + 1, pixels)
        ``total`` of the differences.
    changes : array (k + 1, k + 1, pixels)
        ``products`` of the differences.
    """

    count: np.ndarray
    used: np.ndarray
    first: np.ndarray
    total: np.ndarray
    products: np.ndarray
    time: np.ndarray
    with_year: np.ndarray
    change: np.ndarray
    changes: np.ndarray

    @classmethod
    def of(cls, series: list, years: np.ndarray, differences: bool) -> Sums:
        """The sums of series (n, pixels), with those of the differences if they are wanted."""
        rows, (n, pixels) = len(series), series[0].shape
        lines, square = (rows, pixels), (rows, rows, pixels)
        found = cls(
            *np.empty((2, pixels), dtype=np.int64), *np.empty((2, *lines)), np.empty(square), np.empty((2, pixels)),
            np.empty(lines), *((np.empty(lines), np.empty(square)) if differences else (np.empty(0), np.empty(0))),
        )
        width = min(pixels, max(2, _VALUES // n))
        room = np.empty((1 + differences, rows * n * width))
        parts, gaps = -(-pixels // width), False
        for number in range(parts):
            part = slice(pixels * number // parts, pixels * (number + 1) // parts)
            data, *more = (each[: rows * n * (part.stop - part.start)].reshape(rows, n, -1) for each in room)
            here = cls(*(each[..., part] for each in found))
            valid = here.enter(data, [each[:, part] for each in series], years, gaps)
            gaps = valid is not None
            if differences:
                here.enter_differences(np.subtract(data[:, 1:], data[:, :-1], out=more[0][:, 1:]), valid, years)
        return found

    def enter(self, data: np.ndarray, series: list, years: np.ndarray, gaps: bool):
        """Enter what is of the series, which come to ``data`` by `_from_first`, and tell which years are valid."""
        valid = _from_first(data, series, self.first, self.total, gaps)
        there = np.ones(data.shape[1:]) if valid is None else valid.astype(np.float64)
        self.count[:] = len(years) if valid is None else np.add.reduce(there, axis=0)
        time = years - years.mean()
        np.einsum("tn,np->tp", np.stack([time, time * time]), there, out=self.time)
        np.einsum("n,rnp->rp", time, data, out=self.with_year)
        _enter_products(self.products, data)
        return valid

    def enter_differences(self, steps: np.ndarray, valid: np.ndarray | None, years: np.ndarray) -> None:
        """Enter what is of the differences (k + 1, n - 1, pixels); those that are none of `_pairs` become 0."""
        if valid is None and (np.diff(years) == 1).all():
            self.used[:] = len(years) - 1
        else:
            shape = (len(years), steps.shape[2])
            pairs = _pairs(np.broadcast_to(True, shape) if valid is None else valid, years)
            steps.view(np.int64)[...] &= -pairs.astype(np.int64)
            self.used[:] = np.count_nonzero(pairs, axis=0)
        np.add.reduce(steps, axis=1, out=self.change)
        _enter_products(self.changes, steps)


def _enter_products(products: np.ndarray, data: np.ndarray) -> None:
    """Enter the products of series (rows, n, pixels), one step after the other: pixels lie beside each other."""
    for row, values in enumerate(data):
        np.einsum("np,rnp->rp", values, data[row:], out=products[row, row:])


def _from_first(data: np.ndarray, series: list, first: np.ndarray, total: np.ndarray, gaps: bool):
    """Enter series (n, pixels) into ``data`` (rows, n, pixels), from the ``first`` value of each (rows, pixels) on, 0
    where one is missing, and their ``total``.

    From there on a large level common to all values costs no digits, and a constant series is exactly 0. ``gaps`` is
    whether values are likely to be missing, which has no effect on the results.

    Returns
    -------
    bool array (n, pixels), or None
        Where all have a value; None where no value is missing.
    """
    for row, each in enumerate(series):
        first[row] = each[0]
    if not gaps:
        for row, each in enumerate(series):
            np.subtract(each, each[0], out=data[row], dtype=np.float64)
        np.add.reduce(data, axis=1, out=total)
        if np.isfinite(total).all():
            return None
    valid = np.isfinite(series[0])
    for each in series[1:]:
        valid &= np.isfinite(each)
    late = np.flatnonzero(~valid[0])
    place = valid[:, late].argmax(axis=0)
    for row, each in enumerate(series):
        first[row, late] = each[place, late]
        np.subtract(each, first[row], out=data[row], dtype=np.float64)
    data.view(np.int64)[...] &= -valid.astype(np.int64)
    np.add.reduce(data, axis=1, out=total)
    return valid


def by_products(y: np.ndarray, drivers: list, years: np.ndarray, method: int) -> Problems:
    """The problems by products; the arguments are those of `problems`, of two pixels or more."""
    k, sums = len(drivers), Sums.of([*drivers, y], years, method == DIFFERENCES)
    target_first = [k, *range(k)]
    products, mean = sums.products, sums.total / sums.count
    _about_means(products, sums.total, mean)
    times, times_squared = sums.time
    times_squared -= times / sums.count * times
    with_year = sums.with_year
    with_year -= mean * times
    squares, slopes = products[target_first, target_first], with_year[target_first]
    slopes *= 1.0 / times_squared
    spread, used, steps = squares, sums.count, np.zeros((k, len(times)))
    rows = [list(row) for row in products]
    if method == DETRENDED:
        spread = squares - slopes * with_year[target_first]
        for row, year in zip(rows, with_year):
            row.insert(k, year)
        rows.insert(k, [None] * k + [times_squared, with_year[k]])
    levels = factors = factors_of_products(rows)
    if method == DIFFERENCES:
        used, changes = sums.used, sums.changes
        mean_change = sums.change / used
        _about_means(changes, sums.change, mean_change)
        steps = mean_change[:k]
        factors, spread = factors_of_products(changes), changes[target_first, target_first]
    return Problems(
        sums.count, used, times_squared, (sums.first + mean)[target_first], slopes, squares, spread, steps, factors,
        levels,
    )


def _about_means(products: np.ndarray, total: np.ndarray, mean: np.ndarray) -> None:
    """Take from the products of series what is of their means."""
    for row in range(len(total)):
        products[row, row:] -= mean[row] * total[row:]
