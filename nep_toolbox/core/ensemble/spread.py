"""What several estimates of one quantity say together: their mean and spread, and how far they agree in sign."""

from __future__ import annotations

import numpy as np

#: The members that a result needs.
FEWEST = 2

#: What `spread` tells of the members.
SPREAD = ("mean", "sd", "min", "max", "agreement")


def spread(values: np.ndarray) -> dict:
    """Mean, spread and agreement of members, which have one weight each.

    Parameters
    ----------
    values : float array (members, ...)
        In any order, of which no bit depends; NaN and infinite values are missing.

    Returns
    -------
    dict of arrays (...)
        ``count`` (int16), the members that have a value. Where these are `FEWEST` or more, else NaN: ``mean``; ``sd``,
        the standard deviation with n - 1; ``min`` and ``max``; and ``agreement``, the percentage of them that have the
        sign which more of them have, 0 being neither (float64).
    """
    values = np.asarray(values, dtype=np.float64)
    # Of the zeros one sign, so that their order does not matter; the missing ones come last.
    ordered = np.sort(np.where(np.isfinite(values), values + 0.0, np.nan), axis=0)
    valid = ~np.isnan(ordered)
    count = valid.sum(axis=0)
    several = count >= FEWEST
    # Above the smallest, a level common to all members costs no digits.
    least = np.where(several, ordered[0], 0.0)
    above = np.where(valid & several, ordered - least, 0.0)
    mean = _sum(above) / np.maximum(count, 1)
    squares = _sum(np.where(valid, above - mean, 0.0) ** 2)
    # Comparisons with what is missing are false.
    signed = np.maximum((ordered > 0).sum(axis=0), (ordered < 0).sum(axis=0))
    found = {
        "mean": least + mean, "sd": np.sqrt(squares / np.maximum(count - 1, 1)), "min": least,
        "max": np.fmax.reduce(ordered, axis=0),
        "agreement": 100.0 * signed / np.maximum(count, 1),
    }
    return {"count": count.astype(np.int16), **{key: np.where(several, each, np.nan) for key, each in found.items()}}


def share_above_zero(values: np.ndarray) -> np.ndarray:
    """The percentage of the members whose value is above 0.

    Parameters
    ----------
    values : float array (members, ...)
        NaN is missing.

    Returns
    -------
    float64 array (...)
        0 to 100; NaN where fewer than `FEWEST` members have a value.
    """
    values = np.asarray(values)
    count = (~np.isnan(values)).sum(axis=0)
    return np.where(count >= FEWEST, 100.0 * (values > 0).sum(axis=0) / np.maximum(count, 1), np.nan)


def _sum(values: np.ndarray) -> np.ndarray:
    """The sum of one member after the other, whatever lies beside it."""
    total = np.zeros(values.shape[1:])
    for each in values:
        total += each
    return total
