"""Weighted moments of zones over a series, from which centres of gravity come."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from .grouped import add_runs, counter
from .reduction import PATCH, merged


class Moment(IntEnum):
    """Rows of `GravitySums.moments`: sums of w, wu, wv, wuu, wuv, wvv, and of |w| over the negative and all values."""

    W = 0
    U = 1
    V = 2
    UU = 3
    UV = 4
    VV = 5
    NEGATIVE = 6
    ABSOLUTE = 7


class Negative(IntEnum):
    """What becomes of negative values."""

    KEEP = 0
    LEAVE_OUT = 1


class GravitySums(NamedTuple):
    """Weighted moments of each time step and zone over a part of a raster; parts are joined with `joined` or `merge`.

    Attributes
    ----------
    origin : tuple of float
        Point from which the coordinates u and v are measured, the same for all parts of a run.
    pixels, negative_pixels : int64 arrays (n, zones)
        Pixels that take part, and those of them with a negative value. Where negative values are left out the second
        still counts them, and the first does not.
    moments : float64 array (8, n, zones)
        Row by row as `Moment` says.
    valid_area : float64 array (3, zones)
        Sums of area, area u and area v over the valid area: the pixels valid in every step with a common mask, in any
        step without.
    area : float64 array (n, zones)
        Area of the pixels that take part, the negative ones among them whether they are left out or not.
    ends : float64 array (4, zones)
        Least u, -u, v and -v of the valid area; infinite where there is none.
    """

    origin: tuple
    pixels: np.ndarray
    negative_pixels: np.ndarray
    moments: np.ndarray
    valid_area: np.ndarray
    area: np.ndarray
    ends: np.ndarray

    def joined(self, starts: np.ndarray) -> GravitySums:
        """The sums of disjoint parts together: of the columns from each start to the next."""
        sums = (add_runs(part, starts) for part in self[1:-1])
        return GravitySums(self.origin, *sums, np.minimum.reduceat(self.ends, starts, axis=-1))

    def merge(self, other: GravitySums) -> GravitySums:
        """The sums of two disjoint parts together, zone by zone.

        Raises
        ------
        InvalidParameter
            Parts measured from different origins.
        """
        if self.origin != other.origin:
            raise InvalidParameter(f"Parts with the origins {self.origin} and {other.origin} cannot be joined.")
        return merged(self, other)


class Place(NamedTuple):
    """Where the cells of a block lie.

    Attributes
    ----------
    transform : tuple of float
        (x0, a, b, y0, d, e) of the whole raster: x = x0 + a col + b row, y = y0 + d col + e row, where cell centres
        have halves.
    col, row : int
        First column and row of the block.
    """

    transform: tuple
    col: int
    row: int

    def point(self, col: np.ndarray, row: np.ndarray) -> tuple:
        """Map coordinates of columns and rows counted within the block."""
        x0, a, b, y0, d, e = self.transform
        col, row = self.col + col, self.row + row
        return x0 + a * col + b * row, y0 + d * col + e * row


def empty_sums(steps: int, zones: int, origin: tuple) -> GravitySums:
    """The sums before the first block."""
    return GravitySums(
        (float(origin[0]), float(origin[1])),
        np.zeros((steps, zones), dtype=np.int64),
        np.zeros((steps, zones), dtype=np.int64),
        np.zeros((len(Moment), steps, zones)),
        np.zeros((3, zones)),
        np.zeros((steps, zones)),
        np.full((4, zones), np.inf),
    )


def from_middle(col: np.ndarray) -> np.ndarray:
    """Columns of a block measured from the middle of their patch."""
    return col % PATCH[1] - 0.5 * (PATCH[1] - 1)


def gravity_sums(
    values, starts, area, along, middle: tuple, step: tuple, *, origin: tuple, common_mask: bool = True,
    negative: Negative = Negative.KEEP,
) -> GravitySums:
    """Sums over runs of neighbouring pixels of a row.

    Parameters
    ----------
    values : float array (n, p)
        Time on axis 0; NaN and infinite values are missing.
    starts : int array (runs,)
        Where each run begins; the first begins at 0.
    area : float array (runs,) or (p,)
        Area of a pixel of each run, or of each pixel.
    along : float array (p,)
        Where the pixels lie in their rows.
    middle : two float arrays (runs,)
        u and v where ``along`` is 0 in the row of each run.
    step : two floats
        How u and v change with ``along``.
    origin : tuple of float
        What u and v are measured from.
    common_mask : bool
        Only pixels with a value in every step take part.
    negative : Negative
        Keep negative values, or leave them out of the step they occur in.

    Returns
    -------
    GravitySums
        Arrays (..., runs). A run has the same bits whatever others there are.
    """
    sums = empty_sums(len(values), starts.size, origin)
    finite = np.isfinite(values)
    valid = covered = None
    if not finite.all():
        covered = finite.all(axis=0) if common_mask else finite.any(axis=0)
        valid = np.broadcast_to(covered, values.shape) if common_mask else finite
    sums.pixels[...], sums.negative_pixels[...], moments, sums.area[...] = gravity_runs(
        values, starts, area, along, valid, negative
    )
    sums.moments[...] = moments_on_the_map(moments, middle, step)
    sums.valid_area[...], sums.ends[...] = valid_on_the_map(*valid_runs(starts, area, along, covered), middle, step)
    return sums


def gravity_runs(values, starts, area, along, valid, negative: Negative) -> tuple:
    """Moments along each run of neighbouring pixels of a row.

    Parameters
    ----------
    values : float array (n, p)
    starts : int array (runs,)
        Where each run begins; the first begins at 0.
    area : float array (runs,) or (p,)
        Area of a pixel of each run, or of each pixel.
    along : float array (p,)
        Coordinate k of the pixels in their rows.
    valid : bool array (n, p), optional
        The values that take part; else all.
    negative : Negative

    Returns
    -------
    pixels, negative_pixels : int arrays (n, runs)
    moments : float64 array (5, n, runs)
        Sums of w, wk, wkk, and of |w| over the negative and over all values.
    area : float64 array (n, runs)
        Of the pixels that take part, those of negative values among them.
    """
    pixels, by_pixel = np.diff(starts, append=values.shape[1]), area.size != starts.size
    shape, count = (len(values), starts.size), counter(pixels)
    weight = values.astype(np.float64)
    if valid is not None:
        np.copyto(weight, 0.0, where=~valid)
        pixels = add_runs(valid.view(np.uint8), starts, dtype=count)
    taken = add_runs(area if valid is None else valid * area, starts) if by_pixel else pixels * area
    if by_pixel:
        weight *= area
    moments = np.zeros((5, *shape))
    negative_pixels = np.zeros(shape, dtype=np.int64)
    below = weight < 0
    some = below.any()
    if some:
        negative_pixels[...] = add_runs(below.view(np.uint8), starts, dtype=count)
        moments[3] = -add_runs(np.minimum(weight, 0.0), starts)
        if negative == Negative.LEAVE_OUT:
            np.maximum(weight, 0.0, out=weight)
            pixels = pixels - negative_pixels
    for power in range(3):
        moments[power] = add_runs(weight, starts)
        if power < 2:
            weight *= along
    moments[4] = moments[0] + (1 if negative == Negative.LEAVE_OUT else 2) * moments[3]
    if not by_pixel:
        moments *= area
    return pixels, negative_pixels, moments, taken


def valid_runs(starts, area, along, covered) -> tuple:
    """Area of the valid pixels of each run, its sum times k, and the least and the largest k: float64 arrays (runs,).

    ``covered`` (p,) are the valid pixels, None: all; the rest is as for `gravity_runs`.
    """
    by_pixel = area.size != starts.size
    if covered is None:
        covered = np.ones(along.size, dtype=bool)
    ones = covered * area if by_pixel else covered.astype(np.float64)
    sums = np.stack([add_runs(ones, starts), add_runs(ones * along, starts)])
    least = np.minimum.reduceat(np.where(covered, along, np.inf), starts)
    largest = np.maximum.reduceat(np.where(covered, along, -np.inf), starts)
    return (*(sums if by_pixel else sums * area), least, largest)


def moments_on_the_map(moments: np.ndarray, middle: tuple, step: tuple) -> np.ndarray:
    """`GravitySums.moments` (8, n, runs) from those along runs (5, n, runs)."""
    (u, v), (a, d) = middle, step
    w, k, kk, below, every = moments
    return np.stack([
        w, u * w + a * k, v * w + d * k,
        u * u * w + 2 * a * u * k + a * a * kk, u * v * w + (d * u + a * v) * k + a * d * kk,
        v * v * w + 2 * d * v * k + d * d * kk, below, every,
    ])


def valid_on_the_map(area, along, least, largest, middle: tuple, step: tuple) -> tuple:
    """`GravitySums.valid_area` (3, runs) and ``ends`` (4, runs) from `valid_runs`."""
    (u, v), (a, d) = middle, step
    some = least <= largest
    first, last = np.where(some, least, 0.0), np.where(some, largest, 0.0)
    corners = [(u + a * k, v + d * k) for k in (first, last)]
    ends = [np.minimum(*(sign * corner[axis] for corner in corners)) for axis in (0, 1) for sign in (1, -1)]
    return np.stack([area, u * area + a * along, v * area + d * along]), np.where(some, np.stack(ends), np.inf)
