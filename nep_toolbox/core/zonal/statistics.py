"""Statistics of zones over a series, gathered block by block."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from .grouped import add_runs, counter, put_columns, spread, starts_of
from .reduction import merged

# Rows of ZonalSums.sums, and of the moments of runs.
_AREA, _ABOVE, _SQUARES, _POSITIVE = 0, 1, 2, 3
_MOMENTS, _AREA_OF_PIXELS, _ABOUT_MIDDLE = 7, 3, slice(4, 6)


class ZonalSums(NamedTuple):
    """What is known of each time step and zone after some blocks; parts are joined with `joined` or `merge`.

    Attributes
    ----------
    count : int64 or float64 array (n, zones)
        Valid pixels, or the sum of their shares.
    minimum, maximum : float64 arrays (n, zones)
        Infinite where there is no valid pixel.
    sums : float64 array (4, n, zones)
        Area, sum of area times (value - minimum), sum of area times squared distance from the mean, and the area of
        the values above 0. Measured from the minimum, a large level common to all values costs no digits.
    """

    count: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray
    sums: np.ndarray

    def joined(self, starts: np.ndarray) -> ZonalSums:
        """The sums of disjoint parts together: of the columns from each start to the next.

        Notes
        -----
        Means and squares join as in Chan, T. F., Golub, G. H. and LeVeque, R. J. (1983),
        doi:10.1080/00031305.1983.10483115, here any number of parts at once.
        """
        some = self.count > 0
        minimum = np.minimum.reduceat(self.minimum, starts, axis=-1)
        rise = np.zeros(some.shape)
        np.subtract(self.minimum, spread(minimum, starts, some.shape[-1]), out=rise, where=some)
        area, above, squares, positive = self.sums
        above = above + rise * area
        total_area, total_above = add_runs(area, starts), add_runs(above, starts)
        mean = _ratio(total_above, total_area)
        apart = _ratio(above, area) - spread(mean, starts, some.shape[-1])
        squares = add_runs(squares + area * apart * apart, starts)
        return ZonalSums(
            add_runs(self.count, starts), minimum, np.maximum.reduceat(self.maximum, starts, axis=-1),
            np.stack([total_area, total_above, squares, add_runs(positive, starts)]),
        )

    def merge(self, other: ZonalSums) -> ZonalSums:
        """The sums of two disjoint parts together, zone by zone."""
        return merged(self, other)

    def statistics(self) -> dict[str, np.ndarray]:
        """The statistics of METHODS section 6 for each time step and zone.

        Returns
        -------
        dict of arrays (n, zones)
            ``pixels`` (int64, or float64 of shares), ``area`` in the unit of the areas given, area-weighted ``mean``,
            population ``std`` with the same weights, ``min``, ``max``, ``total``, the sum of value times area, and
            ``positive_percent``, the share of the area whose values are above 0. Without a valid pixel ``pixels``,
            ``area`` and ``total`` are 0 and the others NaN.
        """
        area, above, squares, positive = self.sums
        some = self.count > 0
        # Which of two zeros of unlike sign is kept depends on the order; adding 0 makes both positive.
        minimum, maximum = (np.where(some, extreme + 0.0, np.nan) for extreme in (self.minimum, self.maximum))
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = minimum + above / area
            std = np.sqrt(squares / area)
            positive_percent = 100.0 * positive / area
        return {
            "pixels": self.count,
            "area": area,
            "mean": mean,
            "std": std,
            "min": minimum,
            "max": maximum,
            "total": np.where(some, minimum * area + above, 0.0),
            "positive_percent": positive_percent,
        }


def zonal_sums(values: np.ndarray, area: np.ndarray, zone: np.ndarray, zones: int) -> ZonalSums:
    """Sums of one block.

    Parameters
    ----------
    values : float array (n, p)
        Time on axis 0; NaN and infinite values are missing.
    area : float array (p,)
        Area of each pixel, positive.
    zone : int array (p,)
        Zone of each pixel, 0 to ``zones - 1``, negative outside. Zones that overlap are given by naming a pixel twice:
        pass ``values[:, index]``, ``area[index]`` and the zone of each index.
    zones : int
        Number of zones.

    Returns
    -------
    ZonalSums
        The same for the same block whatever other blocks there are.

    Raises
    ------
    InvalidParameter
        A zone number out of range, or shapes that do not fit.
    """
    values = np.asarray(values)
    zone = np.asarray(zone)
    if values.ndim != 2 or not values.shape[1:] == np.shape(area) == zone.shape:
        raise InvalidParameter(
            f"Values {values.shape}, areas {np.shape(area)} and zones {zone.shape} do not fit: they must be (steps, "
            "pixels), (pixels,) and (pixels,)."
        )
    result = empty_sums(len(values), zones)
    order = np.argsort(zone, kind="stable")
    order = order[np.searchsorted(zone[order], 0) :]
    if order.size == 0:
        return result
    zone = zone[order]
    if zone[-1] >= zones:
        raise InvalidParameter(f"Zone {zone[-1]} is out of range: with {zones} zones they are numbered from 0.")
    starts = starts_of(zone)
    put_columns(result, zone[starts], run_sums(values[:, order], starts, np.asarray(area)[order]))
    return result


def run_sums(values: np.ndarray, starts: np.ndarray, area: np.ndarray) -> ZonalSums:
    """Sums over runs of neighbouring pixels.

    Parameters
    ----------
    values : float array (n, p)
        Time on axis 0; NaN and infinite values are missing.
    starts : int array (runs,)
        Where each run begins; the first begins at 0.
    area : float array (runs,) or (p,)
        Area of a pixel of each run, or of each pixel, positive.

    Returns
    -------
    ZonalSums
        Arrays (n, runs). A run has the same bits whatever others there are.

    Notes
    -----
    Squares are summed about the middle between the smallest and the largest value of the run. In a run of p pixels of
    one area they exceed those about the mean by a factor of p / 2 at most (one value apart from all others), so that
    the difference between the two costs log2(p) - 1 binary digits in the worst case.
    """
    moments = empty_moments(len(values), starts.size)
    by_run = np.size(area) == starts.size
    with np.errstate(invalid="ignore", over="ignore"):
        add_moments(moments, values, starts, np.diff(starts, append=values.shape[1]), None if by_run else area)
        return sums_of_moments(moments, area if by_run else None)


def empty_moments(steps: int, runs: int) -> np.ndarray:
    """Room for the moments of runs, (7, steps, runs)."""
    return np.empty((_MOMENTS, steps, runs))


def add_moments(
    moments: np.ndarray, values: np.ndarray, starts: np.ndarray, lengths: np.ndarray, area: np.ndarray | None = None,
    room: np.ndarray | None = None,
) -> None:
    """Enter the moments of the values of runs: the first half of `run_sums`.

    Parameters
    ----------
    moments : float64 array (7, n, runs)
        Takes number, minimum and maximum, area (number without ``area``), sum and squares about the middle between the
        two, and the area (number) of the values above 0.
    values, starts
        As for `run_sums`.
    lengths : int array (runs,)
        Numbers of pixels.
    area : float array (p,), optional
        Area of each pixel.
    room : float64 array (2, at least n * p), optional
        Memory to work in.
    """
    above, work = (np.empty((2, values.size)) if room is None else room[:, : values.size]).reshape(2, *values.shape)
    count = counter(lengths)
    np.copyto(above, values)
    minimum, maximum = (extreme.reduceat(above, starts, axis=1) for extreme in (np.minimum, np.maximum))
    valid = None
    if np.isfinite(minimum + maximum).all():
        number = lengths
    else:
        valid = np.isfinite(values)
        number = add_runs(valid.view(np.uint8), starts, dtype=count)
        np.putmask(above, ~valid, np.nan)
        minimum, maximum = (extreme.reduceat(above, starts, axis=1) for extreme in (np.fmin, np.fmax))
    moments[0], moments[1], moments[2] = number, minimum, maximum
    if not minimum.min() > 0:
        moments[6] = _of_positive(above, starts, count, area)
    above -= _middle(minimum, maximum).take(np.repeat(np.arange(starts.size), lengths), axis=1, out=work, mode="clip")
    if valid is not None:
        np.putmask(above, ~valid, 0.0)
    if area is None:
        moments[3], moments[4] = number, add_runs(above, starts)
        np.multiply(above, above, out=above)
    else:
        np.multiply(above, area, out=work)
        moments[3], moments[4] = add_runs(area if valid is None else valid * area, starts), add_runs(work, starts)
        np.multiply(above, work, out=above)
    moments[5] = add_runs(above, starts)


def sums_of_moments(moments: np.ndarray, area: np.ndarray | None = None) -> ZonalSums:
    """The sums of runs from their moments, which are used up: the second half of `run_sums`.

    ``area`` (runs,) is that of a pixel of each run, where `add_moments` had no areas.
    """
    number, minimum, maximum, total_area, total_above, squares, positive = moments
    some, several = number > 0, minimum < maximum
    np.copyto(positive, total_area, where=minimum > 0)
    if area is not None:
        moments[_AREA_OF_PIXELS:] *= area
    squares -= total_above * _ratio(total_above, total_area)
    total_above += (_middle(minimum, maximum) - minimum) * total_area
    np.copyto(moments[_ABOUT_MIDDLE], 0.0, where=~several)
    np.copyto(minimum, np.inf, where=~some)
    np.copyto(maximum, -np.inf, where=~some)
    return ZonalSums(number.astype(np.int64), minimum, maximum, moments[_AREA_OF_PIXELS:])


def _of_positive(values: np.ndarray, starts: np.ndarray, count: type, area: np.ndarray | None) -> np.ndarray:
    """Number, or area, of the values above 0 of each run."""
    high = values > 0
    return add_runs(high.view(np.uint8), starts, dtype=count) if area is None else add_runs(high * area, starts)


def _middle(minimum: np.ndarray, maximum: np.ndarray) -> np.ndarray:
    """The same bits wherever it is needed: what is left out of a sum is what is put back."""
    return 0.5 * minimum + 0.5 * maximum


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Quotient, 0 where the denominator is."""
    return np.divide(numerator, denominator, out=np.zeros(denominator.shape), where=denominator != 0)


def empty_sums(steps: int, zones: int, *, pixels: type = np.int64) -> ZonalSums:
    """The sums before the first block; ``pixels`` is the type of their count."""
    shape = (steps, zones)
    return ZonalSums(
        np.zeros(shape, dtype=pixels),
        np.full(shape, np.inf),
        np.full(shape, -np.inf),
        np.zeros((4, *shape)),
    )
