"""Least-squares lines of every pixel at once, and what they say of a trend."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..significance import differs_from_zero, student_two_sided_p
from ..sums import sum_over_time
from .medians import mask_of
from .pairs import Steps, Workspace, tiles


class Fit(NamedTuple):
    """Lines through the valid values of pixels.

    Attributes
    ----------
    mean, slope : arrays (pixels,)
        Mean of the values, and slope per unit of time.
    squares : array (pixels,)
        Sum of the squared distances of the values from their line.
    times_squared : array (pixels,)
        Sum of the squared distances of the times from their mean.
    """

    mean: np.ndarray
    slope: np.ndarray
    squares: np.ndarray
    times_squared: np.ndarray

    @property
    def explained(self) -> np.ndarray:
        """What the line takes from `total`."""
        with np.errstate(over="ignore"):
            return self.slope * self.slope * self.times_squared

    @property
    def total(self) -> np.ndarray:
        """Sum of the squared distances of the values from their mean; NaN where they are beyond all numbers, and where
        they are 0, as those of equal values are or of differences that are next to nothing."""
        with np.errstate(over="ignore"):
            total = self.explained + self.squares
        return np.where((total > 0) & np.isfinite(total), total, np.nan)


def fit(x, steps: Steps, complete: bool, residual) -> Fit:
    """Lines of a few pixels, in the precision of ``x``.

    Parameters
    ----------
    x : float array (n, pixels)
        NaN is missing.
    steps : Steps
    complete : bool
        Whether no value is missing.
    residual : array (n, pixels)
        Becomes the distances of the values from their lines; it may be ``x``.
    """
    centred = steps.centred.astype(x.dtype)[:, None]
    if complete:
        times_squared = np.full(x.shape[1], (steps.centred**2).sum(), dtype=x.dtype)
        return _fit_complete(x, centred, times_squared, residual)
    return _fit_with_gaps(x, centred, residual)


def _fit_complete(x, centred, times_squared, residual) -> Fit:
    mean = sum_over_time(x) / x.dtype.type(len(x))
    np.subtract(x, mean, out=residual)
    slope = sum_over_time(residual * centred) / times_squared
    residual -= centred * slope
    return Fit(mean, slope, sum_over_time(residual * residual), times_squared)


def _fit_with_gaps(x, centred, residual) -> Fit:
    bits = f"i{x.dtype.itemsize}"
    mask = mask_of(x == x, bits)

    def valid_or_zero(values):
        return (values.view(bits) & mask).view(x.dtype)

    number = -sum_over_time(mask).astype(x.dtype)
    time = valid_or_zero(centred)
    time = valid_or_zero(time - sum_over_time(time) / number)
    mean = sum_over_time(valid_or_zero(np.ascontiguousarray(x))) / number
    np.subtract(x, mean, out=residual)
    times_squared = sum_over_time(time * time)
    slope = sum_over_time(valid_or_zero(residual) * time) / times_squared
    residual -= time * slope
    return Fit(mean, slope, sum_over_time(valid_or_zero(residual * residual)), times_squared)


def fitted(x, steps: Steps, complete: bool, work: Workspace) -> Fit:
    """Lines of pixels (n, pixels) in double precision."""
    found = Fit(*np.empty((4, x.shape[1])))
    for part in tiles(x):
        values = work.array("tile", (len(x), part.stop - part.start), np.float64)
        np.copyto(values, x[:, part])
        with np.errstate(over="ignore", invalid="ignore"):  # of values near the largest number there are no sums
            lines = fit(values, steps, complete, values)
        for whole, of_part in zip(found, lines):
            whole[part] = of_part
    return found


def intercept(line: Fit, x, steps: Steps, count) -> np.ndarray:
    """Values of the lines through ``x`` (n, pixels), of which ``count`` are valid, at time 0."""
    if count[0] == len(x):
        return line.mean - line.slope * steps.years.mean()
    return line.mean - line.slope * (sum_over_time(np.where(np.isnan(x), 0.0, steps.years[:, np.newaxis])) / count)


def p_value(line: Fit, count, constant) -> np.ndarray:
    """Two-sided p of the slope.

    Parameters
    ----------
    line : Fit
    count : int array (pixels,)
        Number of valid values, at least 2.
    constant : bool array (pixels,)
        Whether all values of a pixel are equal.

    Returns
    -------
    float64 array (pixels,)
        By Student's t with n - 2 degrees of freedom: 1 where the values are constant, NaN where there are only two.
    """
    free = np.where((count > 2) & np.isfinite(line.total), count - 2.0, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = line.slope / np.sqrt(line.squares / free / line.times_squared)
    return np.where(constant & (count > 2), 1.0, student_two_sided_p(t, free))


def r_squared(line: Fit, constant) -> np.ndarray:
    """The share of the squared distances from the mean that the line explains; NaN where the values are constant."""
    return np.where(constant, np.nan, line.explained / line.total)


def percent_of_mean(change, line: Fit, count, constant) -> np.ndarray:
    """A change in percent of the absolute value of the mean.

    Parameters
    ----------
    change : float64 array (pixels,)
    line, count, constant
        As for `p_value`.

    Returns
    -------
    float64 array (pixels,)
        NaN where the mean does not differ from 0 by two standard errors: a ratio to it would measure nothing.
    """
    std = np.sqrt(np.where(constant, 0.0, line.total) / (count - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(differs_from_zero(line.mean, std, count), 100.0 * change / np.abs(line.mean), np.nan)
