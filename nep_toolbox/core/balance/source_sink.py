"""Whether a pixel takes up or gives off carbon, for how many years, and whether that changed."""

from __future__ import annotations

import numpy as np

from ..significance import student_two_sided_p
from ..sums import sum_over_time
from ..valid_values import alike, without_gaps
from .moments import moments

#: Of the classes, counts and switches, which are int16.
NODATA = -32768

#: The classes, in the order of a legend.
LABELS = {
    2: "Significant carbon sink", 1: "Carbon sink, not significant", 0: "Neutral: mean exactly 0",
    -1: "Carbon source, not significant", -2: "Significant carbon source",
}

#: What the first and the second half of a series are.
SWITCH_LABELS = {
    1: "Sink in both halves", 2: "Source to sink", 3: "Sink to source", 4: "Source in both halves",
}

#: A test needs as many values.
FEWEST = 2

_WHOLE, _NUMBERS = ("class", "sink_years", "switch"), ("mean", "t", "p_value")


def source_sink(stack: np.ndarray, *, alpha: float = 0.05, min_observations: int = 8) -> dict[str, np.ndarray]:
    """Classes of sources and sinks.

    Parameters
    ----------
    stack : float array (n, ...)
        Net ecosystem productivity in order of time, in any unit; NaN and infinite values are missing.
    alpha : float
        A mean differs from 0 where p is smaller.
    min_observations : int
        Valid values that a pixel needs, at least `FEWEST`.

    Returns
    -------
    dict of arrays (...)
        Int16, `NODATA` where a pixel has too few values: ``class`` (`LABELS`); ``sink_years``, the number of values
        above 0; ``switch`` (`SWITCH_LABELS`), by the means of the first and of the last floor(n / 2) valid values, of
        which one of 0 counts as a source. Float64, NaN there: ``mean``; ``t``, the mean over its standard error, NaN
        also where all values are equal; ``p_value``, two-sided by Student's t with n - 1 degrees of freedom, of equal
        values 0, or 1 where they are 0.

    Notes
    -----
    The test takes the values of different years as independent.
    """
    flat = np.asarray(stack).reshape(len(stack), -1)
    missing = ~np.isfinite(flat)
    found = {name: np.full(flat.shape[1], NODATA, dtype=np.int16) for name in _WHOLE}
    found.update((name, np.full(flat.shape[1], np.nan)) for name in _NUMBERS)
    for count, chosen in alike(missing, max(min_observations, FEWEST)):
        values, _places = without_gaps(flat[:, chosen], missing[:, chosen], count)
        for name, of_pixels in _of_pixels(values, alpha).items():
            found[name][chosen] = of_pixels
    return {name: result.reshape(stack.shape[1:]) for name, result in found.items()}


def _of_pixels(values: np.ndarray, alpha: float) -> dict:
    """The results of pixels without gaps, (n, pixels)."""
    count, (mean, std) = len(values), moments(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(std > 0, mean * np.sqrt(count) / std, np.nan)
    certain = np.where(mean == 0, 1.0, np.where(np.isnan(mean), np.nan, 0.0))
    p = np.where(std > 0, student_two_sided_p(t, count - 1.0), certain)
    half = count // 2
    before, after = sum_over_time(values[:half]) > 0, sum_over_time(values[count - half:]) > 0
    return {
        "class": np.where(np.isnan(mean), NODATA, np.sign(mean) * np.where(p < alpha, 2, 1)),
        "sink_years": np.count_nonzero(values > 0, axis=0),
        "switch": np.where(before, np.where(after, 1, 3), np.where(after, 2, 4)),
        "mean": mean, "t": t, "p_value": p,
    }
