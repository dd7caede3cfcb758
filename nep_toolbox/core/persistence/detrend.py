"""Taking the line out of pixel series before their persistence is looked at: H of a series with a trend measures the
trend."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..sums import sum_over_time
from ..trend.theil_sen import theil_sen_slope

#: A series whose values leave its line by no more than this share of the largest of them is a line, and has no H.
LINE_SHARE = 1e-6

#: Residuals that differ by no more than this share of the largest of them are equal but for rounding. Where the largest
#: is but `LINE_SHARE` of the values, rounding is about 1e-10 of it.
ROUNDING_SHARE = 1e-9


class Detrend(IntEnum):
    """What is taken out of a series."""

    NONE = 0
    """Nothing."""
    OLS = 1
    """The least-squares line."""
    THEIL_SEN = 2
    """The line with the Theil-Sen slope."""


#: What a dialog calls them, by their number.
DETRENDS = ["None", "Least-squares line", "Theil-Sen line"]


def residuals(stack: np.ndarray, years, detrend: Detrend) -> tuple:
    """The series without their lines.

    Parameters
    ----------
    stack : array (n, pixels)
        Time on axis 0; NaN and infinite values are missing.
    years : array (n,)
        The time of each step.
    detrend : Detrend

    Returns
    -------
    residuals : float64 array (n, pixels)
        Of mean 0, NaN where a value is missing. They do not change when any straight line is added to a series. With
        `Detrend.NONE` the stack as it is.
    is_line : bool array (pixels,)
        Where a series is nothing but its line, up to `LINE_SHARE`: its residuals are rounding.

    Raises
    ------
    InvalidParameter
        If ``detrend`` is unknown.
    """
    if detrend not in list(Detrend):
        raise InvalidParameter("⟨DETREND⟩ is no kind of line: give 0 (none), 1 (least squares) or 2 (Theil-Sen).")
    if detrend == Detrend.NONE:
        return stack, np.zeros(stack.shape[1], dtype=bool)
    checkpoint()
    values = np.array(stack, dtype=np.float64)
    missing = ~np.isfinite(values)
    values[missing] = np.nan
    time = np.broadcast_to(np.asarray(years, dtype=np.float64)[:, np.newaxis] - years[0], values.shape)
    largest = np.nanmax(np.abs(values), axis=0, initial=0.0)
    slope = theil_sen_slope(values, years) if detrend == Detrend.THEIL_SEN else None
    values[missing] = 0.0
    count = np.maximum(len(values) - np.count_nonzero(missing, axis=0), 1)
    time = np.where(missing, 0.0, time - sum_over_time(np.where(missing, 0.0, time)) / count)
    values -= sum_over_time(values) / count
    values[missing] = 0.0
    if slope is None:
        with np.errstate(invalid="ignore", divide="ignore"):
            slope = sum_over_time(time * values) / sum_over_time(time * time)
    values -= np.nan_to_num(slope) * time  # none where there are fewer than two values
    is_line = np.abs(values).max(axis=0) <= LINE_SHARE * largest
    values[missing] = np.nan
    return values, is_line
