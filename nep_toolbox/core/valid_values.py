"""Series of pixels without their gaps, those of equal length together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .checkpoint import checkpoint

# Pixels of one chunk: enough that calling numpy costs little beside the arithmetic, few enough that the chunk and its
# work arrays stay in the processor's cache; the second number bounds the values of a chunk of long series.
_CHUNK_PIXELS = 8192
_CHUNK_VALUES = 1 << 19


def alike(missing: np.ndarray, fewest: int) -> Iterator[tuple]:
    """The pixels with equally many valid values, chunk by chunk.

    Parameters
    ----------
    missing : bool array (n, pixels)
    fewest : int
        Pixels with fewer valid values, or with none, are left out.

    Yields
    ------
    count : int
        How many valid values the pixels have.
    chosen : slice or int array
        The pixels; a slice where all pixels have so many.
    """
    counts = len(missing) - np.count_nonzero(missing, axis=0)
    for count in np.unique(counts[counts >= max(fewest, 1)]).tolist():
        members = np.flatnonzero(counts == count)
        chunk = max(64, min(_CHUNK_PIXELS, _CHUNK_VALUES // count))
        for start in range(0, len(members), chunk):
            checkpoint()
            part = slice(start, start + chunk)
            yield count, part if len(members) == len(counts) else members[part]


def without_gaps(values: np.ndarray, missing: np.ndarray, count: int) -> tuple:
    """The valid values of pixels from `alike`, in their order.

    Parameters
    ----------
    values : float array (n, pixels)
    missing : bool array (n, pixels)
    count : int
        How many values of each pixel are valid.

    Returns
    -------
    values : float64 array (count, pixels)
    places : int array (count, pixels), or (n, 1) where no value is missing
        The steps that they are of.
    """
    places = np.arange(len(values))[:, np.newaxis]
    if count < len(values):
        places = np.argsort(missing, axis=0, kind="stable")[:count]
        values = np.take_along_axis(values, places, axis=0)
    return np.ascontiguousarray(values, dtype=np.float64), places


def lost_pixels(stack: np.ndarray, result: np.ndarray, fewest: int) -> np.ndarray:
    """Where a pixel has enough valid values, but no result.

    Parameters
    ----------
    stack : float array (n, ...)
        NaN and infinite values are missing.
    result : float array (...)
        NaN is none.
    fewest : int
        Valid values that are enough.

    Returns
    -------
    bool array (...)
    """
    lost = np.isnan(result)
    lost[lost] = np.isfinite(stack[:, lost]).sum(axis=0) >= fewest
    return lost
