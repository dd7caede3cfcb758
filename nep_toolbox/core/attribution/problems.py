"""The least-squares problems of many pixels: quickly by products of the centred series, and by their orthogonal
factors where products lose digits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..sums import sum_over_time
from .columns import centred, columns_of
from .orthogonal import Factors, factorise, factors_of_products

#: How the coefficients are found. In all three the full series, never the detrended ones, are predicted with them.
PLAIN, DETRENDED, DIFFERENCES = range(3)

#: Where a column keeps a smaller share of its squares beyond the columns before it, its products have lost too many
#: digits: with so much left, 1e-12 of a result is the most that rounding takes.
ENOUGH_LEFT = 1e-4

#: Pixels whose products are taken at a time: their series stay in the processor's cache.
_PIXELS = 512


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
    factors: Factors
    levels: Factors

    def arrays(self) -> list:
        """All arrays, those of the factors too."""
        return [*self[:7], *self.factors, *self.levels]


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
    if method == DIFFERENCES:
        pairs = _pairs(together.valid, years)
        used = np.count_nonzero(pairs, axis=0)
        design = [centred(np.diff(each, axis=0), pairs, used)[0] for each in design]
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
        )), np.stack(spread), factors, levels,
    )


def _pairs(valid: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Calendar years that follow each other and both have values, (n - 1, pixels)."""
    return valid[1:] & valid[:-1] & (np.diff(years) == 1)[:, np.newaxis]


def by_products(y: np.ndarray, drivers: list, years: np.ndarray, method: int) -> Problems:
    """The problems by products; the arguments are those of `problems`, of two pixels or more."""
    k, (n, pixels) = len(drivers), y.shape
    rows = k + 2  # drivers, year, target
    room = np.empty((2, rows * n * min(pixels, _PIXELS + 1)))
    count, used = np.empty((2, pixels), dtype=np.int64)
    means, levels = np.empty((rows, pixels)), np.empty((rows, rows, pixels))
    changes = np.empty((k + 1, k + 1, pixels)) if method == DIFFERENCES else None
    parts = -(-pixels // _PIXELS)
    for number in range(parts):
        part = slice(pixels * number // parts, pixels * (number + 1) // parts)
        width = part.stop - part.start
        data, work = (each[: rows * n * width].reshape(rows, n, width) for each in room)
        for row, each in enumerate(drivers):
            data[row] = each[:, part]
        data[k], data[k + 1] = years[:, np.newaxis], y[:, part]
        valid = _valid(data)
        count[part] = n if valid is None else np.count_nonzero(valid, axis=0)
        means[:, part] = _centre(data, valid, count[part])
        _multiply(data, work, levels[..., part])
        if changes is not None:
            pairs = _pairs(np.broadcast_to(True, (n, width)) if valid is None else valid, years)
            used[part] = np.count_nonzero(pairs, axis=0)
            series = np.ascontiguousarray(np.diff(data[[*range(k), k + 1]], axis=1))
            _centre(series, None if pairs.all() else pairs, used[part])
            _multiply(series, np.empty_like(series), changes[..., part])
    target_first = [k + 1, *range(k)]
    squares = levels[target_first, target_first]
    with_year = np.concatenate([levels[k : k + 1, k + 1], levels[:k, k]])
    slopes = with_year / levels[k, k]
    spread = squares
    if method == DETRENDED:
        spread, factors = squares - slopes * with_year, factors_of_products(levels)
        of_levels = factors
    else:
        some = [*range(k), k + 1]
        factors = of_levels = factors_of_products(levels[np.ix_(some, some)])
    if changes is not None:
        factors, spread = factors_of_products(changes), changes[[k, *range(k)], [k, *range(k)]]
    return Problems(
        count, count if changes is None else used, levels[k, k].copy(), means[target_first], slopes, squares, spread,
        factors, of_levels,
    )


def _valid(data: np.ndarray) -> np.ndarray | None:
    """Where all series have a value, (n, pixels); None where they have everywhere."""
    finite = np.isfinite(data)
    return None if finite.all() else np.logical_and.reduce(finite, axis=0)


def _centre(data: np.ndarray, valid: np.ndarray | None, count: np.ndarray) -> np.ndarray:
    """Take the means (rows, pixels) off series (rows, n, pixels), in place, and return them; 0 where not ``valid``.

    As `columns.centred`, of all series at once.
    """
    if valid is not None:
        bits = np.negative(valid, dtype=np.int64, casting="unsafe")
        np.copyto(data, -np.inf, where=~valid)
    top = data.max(axis=1)
    data -= top[:, np.newaxis]
    if valid is not None:
        data.view(np.int64)[...] &= bits
    mean = np.add.reduce(data, axis=1) / count
    data -= mean[:, np.newaxis]
    if valid is not None:
        data.view(np.int64)[...] &= bits
    return top + mean


def _multiply(data: np.ndarray, work: np.ndarray, products: np.ndarray) -> None:
    """Enter the products (rows, rows, pixels), on and above the diagonal, of series (rows, n, pixels)."""
    for row in range(len(data)):
        both = np.multiply(data[row], data[row:], out=work[: len(data) - row])
        products[row, row:] = np.add.reduce(both, axis=1)  # one step after the other, for pixels lie beside each other
