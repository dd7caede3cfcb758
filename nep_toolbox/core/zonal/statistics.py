"""Statistics of zones over a series, gathered block by block."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from .grouped import Segments

_AREA, _ABOVE, _SQUARES, _POSITIVE = 0, 1, 2, 3


class ZonalSums(NamedTuple):
    """What is known of each time step and zone after some blocks; blocks are joined with `merge`.

    Attributes
    ----------
    count : int64 array (n, zones)
        Valid pixels.
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

    def merge(self, other: ZonalSums) -> ZonalSums:
        """The sums of two disjoint parts together.

        Notes
        -----
        Means and squares join as in Chan, T. F., Golub, G. H. and LeVeque, R. J. (1983),
        doi:10.1080/00031305.1983.10483115.
        """
        minimum = np.minimum(self.minimum, other.minimum)
        sums, more = self._measured_from(minimum), other._measured_from(minimum)
        area, other_area = sums[_AREA], more[_AREA]
        both = (area > 0) & (other_area > 0)
        together = np.zeros_like(area)
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = more[_ABOVE] / other_area - sums[_ABOVE] / area
            np.copyto(together, apart * apart * (area * (other_area / (area + other_area))), where=both)
        sums += more
        sums[_SQUARES] += together
        return ZonalSums(self.count + other.count, minimum, np.maximum(self.maximum, other.maximum), sums)

    def _measured_from(self, minimum: np.ndarray) -> np.ndarray:
        """The sums with the values measured from a common minimum."""
        rise = np.subtract(self.minimum, minimum, out=np.zeros_like(minimum), where=self.count > 0)
        sums = self.sums.copy()
        sums[_ABOVE] += rise * sums[_AREA]
        return sums

    def statistics(self) -> dict[str, np.ndarray]:
        """The statistics of METHODS section 6 for each time step and zone.

        Returns
        -------
        dict of arrays (n, zones)
            ``pixels`` (int64), ``area`` in the unit of the areas given, area-weighted ``mean``, population ``std`` with
            the same weights, ``min``, ``max``, ``total``, the sum of value times area, and ``positive_percent``, the
            share of the area whose values are above 0. Without a valid pixel ``pixels``, ``area`` and ``total`` are 0
            and the others NaN.
        """
        area, above, squares, positive = self.sums
        some = self.count > 0
        minimum = np.where(some, self.minimum, np.nan)
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
            "max": np.where(some, self.maximum, np.nan),
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
    segments = Segments(zone)
    here = segments.zones
    if here.size == 0:
        return result
    if here[-1] >= zones:
        raise InvalidParameter(f"Zone {here[-1]} is out of range: with {zones} zones they are numbered from 0.")
    pixel_area = segments.sort(area)
    for step, layer in enumerate(values):
        value = segments.sort(layer)
        valid = np.isfinite(value)
        result.count[step, here] = count = segments.count(valid)
        result.minimum[step, here] = minimum = segments.minimum(np.where(valid, value, np.inf))
        result.maximum[step, here] = segments.maximum(np.where(valid, value, -np.inf))
        weight = np.where(valid, pixel_area, 0.0)
        result.sums[_AREA, step, here] = total_area = segments.sum(weight)
        all_above = np.all(minimum > 0)
        result.sums[_POSITIVE, step, here] = total_area if all_above else segments.sum(np.where(value > 0, weight, 0.0))
        above = value - segments.spread(np.where(count > 0, minimum, 0.0))
        above[~valid] = 0.0
        result.sums[_ABOVE, step, here] = total_above = segments.sum(weight * above)
        mean = np.divide(total_above, total_area, out=np.zeros_like(total_area), where=count > 0)
        above -= segments.spread(mean)
        result.sums[_SQUARES, step, here] = segments.sum(weight * above * above)
    return result


def empty_sums(steps: int, zones: int) -> ZonalSums:
    """The sums before the first block."""
    shape = (steps, zones)
    return ZonalSums(
        np.zeros(shape, dtype=np.int64),
        np.full(shape, np.inf),
        np.full(shape, -np.inf),
        np.zeros((4, *shape)),
    )
