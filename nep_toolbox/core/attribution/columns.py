"""Series of many pixels as columns of a least-squares problem: what is left of them without their mean."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..sums import sum_over_time


class Column(NamedTuple):
    """A series as it is fitted.

    Attributes
    ----------
    values : array (n, pixels)
        Deviations from the mean, 0 where missing.
    mean, slope, squares : arrays (pixels,)
        Mean of the values, their slope a year, and the sum of the squared deviations.
    """

    values: np.ndarray
    mean: np.ndarray
    slope: np.ndarray
    squares: np.ndarray


class Columns(NamedTuple):
    """Several series over the years in which all of them have a value.

    Attributes
    ----------
    columns : list of Column
        Of the target and of each driver.
    valid : bool array (n, pixels)
    count : int array (pixels,)
        Number of these years.
    time : array (n, pixels)
        The years from their mean, 0 where missing.
    times_squared : array (pixels,)
        Sum of the squares of ``time``.
    """

    columns: list
    valid: np.ndarray
    count: np.ndarray
    time: np.ndarray
    times_squared: np.ndarray

    def beyond_years(self) -> list:
        """What the line of each series over the years leaves of it: arrays (n, pixels), 0 where missing."""
        return [column.values - column.slope * self.time for column in self.columns]


def columns_of(y: np.ndarray, drivers: list, years: np.ndarray) -> Columns:
    """The columns of a target and its drivers.

    Parameters
    ----------
    y : array (n, pixels)
        NaN and infinite values are missing.
    drivers : list of arrays (n, pixels)
    years : array (n,)
    """
    valid = np.isfinite(y)
    for each in drivers:
        valid &= np.isfinite(each)
    count = np.count_nonzero(valid, axis=0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # from the middle: the mean of a pixel with gaps is another
        time, _ = centred(np.broadcast_to((years - years.mean())[:, np.newaxis], valid.shape), valid, count)
        times_squared = sum_over_time(time * time)
        columns = [_column(each, valid, count, time, times_squared) for each in (y, *drivers)]
    return Columns(columns, valid, count, time, times_squared)


def centred(values: np.ndarray, valid: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Deviations (n, pixels) from the mean, 0 where not ``valid``, and the mean (pixels,).

    The largest value is taken off first: then a large mean cannot cancel, and a constant series becomes exactly 0.
    """
    left = np.full(valid.shape, -np.inf)  # in double precision, whatever the values are stored in
    np.copyto(left, values, where=valid)
    top = left.max(axis=0)
    left -= top
    left[~valid] = 0.0
    mean = sum_over_time(left) / count
    left -= mean
    left[~valid] = 0.0
    return left, top + mean


def _column(values, valid, count, time, times_squared) -> Column:
    left, mean = centred(values, valid, count)
    return Column(left, mean, sum_over_time(time * left) / times_squared, sum_over_time(left * left))
