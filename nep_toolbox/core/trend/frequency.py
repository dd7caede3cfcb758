"""How often a series rises and falls from one time step to the next."""

from __future__ import annotations

import numpy as np

from ..checkpoint import checkpoint

COUNT_NODATA = -32768


def change_frequency(stack: np.ndarray) -> dict[str, np.ndarray]:
    """Count increases and decreases between consecutive time steps.

    Parameters
    ----------
    stack : float array (n, ...)
        Time on axis 0, at most 32,768 steps; NaN and infinite values are missing.

    Returns
    -------
    dict of int16 arrays (...)
        ``increases``, ``decreases``, ``unchanged`` and ``comparisons``, their sum: the pairs of consecutive time steps
        that both have a value. All are COUNT_NODATA where there is no such pair. A missing step breaks two pairs; its
        neighbours are not compared with each other.
    """
    stack = np.asarray(stack)
    counts = {name: np.zeros(stack.shape[1:], dtype=np.int16) for name in ("increases", "decreases", "unchanged")}
    valid = np.isfinite(stack)
    with np.errstate(invalid="ignore"):
        for before, after, both in zip(stack[:-1], stack[1:], valid[:-1] & valid[1:]):
            checkpoint()
            counts["increases"] += (after > before) & both
            counts["decreases"] += (after < before) & both
            counts["unchanged"] += (after == before) & both
    counts["comparisons"] = counts["increases"] + counts["decreases"] + counts["unchanged"]
    nothing = counts["comparisons"] == 0
    return {name: np.where(nothing, np.int16(COUNT_NODATA), count) for name, count in counts.items()}


def percent_of_comparisons(count: np.ndarray, comparisons: np.ndarray) -> np.ndarray:
    """A count of `change_frequency` as a percentage of the valid pairs.

    Parameters
    ----------
    count, comparisons : int arrays (...)

    Returns
    -------
    float64 array (...)
        NaN where there is no valid pair.
    """
    comparisons = np.asarray(comparisons)
    percent = np.full(comparisons.shape, np.nan)
    np.divide(100.0 * np.asarray(count), comparisons, out=percent, where=comparisons > 0)
    return percent


def frequency_block(stack) -> dict:
    """The counts of `change_frequency` and ``increase_percent``."""
    block = change_frequency(stack)
    block["increase_percent"] = percent_of_comparisons(block["increases"], block["comparisons"])
    return block
