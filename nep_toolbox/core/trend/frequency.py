"""How often a series rises and falls from one time step to the next."""

from __future__ import annotations

import numpy as np

from ..checkpoint import checkpoint
from ..class_areas import area_of, class_areas
from ..exact_sums import as_float

COUNT_NODATA = -32768

# Values of one chunk: so many that threads seldom wait for one another between two calls of numpy.
CHUNK_VALUES = 2**19


def change_frequency(
    stack: np.ndarray, tolerance: float = 0.0, rounding: float | None = None
) -> dict[str, np.ndarray]:
    """Count increases and decreases between consecutive time steps.

    Parameters
    ----------
    stack : float array (n, ...)
        Time on axis 0, at most 32,768 steps; NaN and infinite values are missing.
    tolerance : float
        A difference of so much or less is no change, up to the rounding of the two values; not negative.
    rounding : float, optional
        How far a value may be off, as a share of it. Default: half of its last bit. Means of stored values are off by
        as much as these, whatever their own precision.

    Returns
    -------
    dict of int16 arrays (...)
        ``increases``, ``decreases``, ``unchanged`` and ``comparisons``, their sum: the pairs of consecutive time steps
        that both have a value. All are COUNT_NODATA where there is no such pair. A missing step breaks two pairs; its
        neighbours are not compared with each other.
    """
    stack = np.asarray(stack)
    if rounding is None and tolerance:
        rounding = np.finfo(stack.dtype).eps / 2
    flat = stack.reshape(len(stack), -1)
    increases, decreases, comparisons = (np.empty(flat.shape[1], dtype=np.int16) for _ in range(3))
    width = max(1, CHUNK_VALUES // len(flat))
    for start in range(0, flat.shape[1], width):
        checkpoint()
        part = slice(start, start + width)
        increases[part], decreases[part], comparisons[part] = _counts(
            np.ascontiguousarray(flat[:, part]), tolerance, rounding
        )
    unchanged = comparisons - increases - decreases
    nothing = comparisons == 0
    found = {"increases": increases, "decreases": decreases, "unchanged": unchanged, "comparisons": comparisons}
    for count in found.values():
        count[nothing] = COUNT_NODATA
    return {name: count.reshape(stack.shape[1:]) for name, count in found.items()}


def _counts(stack: np.ndarray, tolerance: float, rounding: float | None) -> tuple:
    """Increases, decreases and comparisons of a few pixels; ``stack`` (n, pixels)."""
    before, after = stack[:-1], stack[1:]
    with np.errstate(invalid="ignore"):
        if tolerance:
            rise = np.subtract(after, before, dtype=np.float64)
            # 0.3 - 0.2 is more than 0.1 as they are stored.
            most = tolerance + rounding * np.add(np.abs(after), np.abs(before), dtype=np.float64)
            rises, falls = rise > most, rise < -most
        else:
            rises, falls = after > before, after < before
    valid = np.isfinite(stack)
    if valid.all():
        return _times(rises), _times(falls), len(before)
    both = valid[:-1] & valid[1:]
    return _times(rises & both), _times(falls & both), _times(both)


def _times(chosen: np.ndarray) -> np.ndarray:
    """How often each column of a bool array (n, pixels) is true, int16."""
    # Bytes are added many at a time, and one holds 255.
    times = np.zeros(chosen.shape[1], dtype=np.int16)
    for start in range(0, len(chosen), 255):
        times += np.add.reduce(chosen[start : start + 255].view(np.uint8), axis=0, dtype=np.uint8)
    return times


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


def frequency_block(stack, cell_area=None, tolerance: float = 0.0) -> dict:
    """The counts of `change_frequency` and ``increase_percent``; with areas of the cells also how much has which count.

    Returns
    -------
    dict
        With ``cell_area``, an array (rows, 1) or (rows, cols), also ``count_areas``: object array (2, n, 2) of pixels
        and area by number of increases and of decreases, of the pixels with all n - 1 comparisons, and ``incomplete``
        (1, 2) of those with some, both as `core.class_areas.class_areas` gives them.
    """
    block = change_frequency(stack, tolerance)
    block["increase_percent"] = percent_of_comparisons(block["increases"], block["comparisons"])
    if cell_area is not None:
        most = len(stack) - 1
        complete = block["comparisons"] == most
        block["count_areas"] = np.array([
            class_areas(np.where(complete, block[name], -1), 0, most, cell_area) for name in ("increases", "decreases")
        ])
        block["incomplete"] = area_of((block["comparisons"] > 0) & ~complete, cell_area)
    return block


def count_table(areas: np.ndarray) -> list:
    """How much of the area rose and fell how often.

    Parameters
    ----------
    areas : object array (2, n, 2)
        The sum of ``count_areas`` of all blocks.

    Returns
    -------
    list of (count, increase_pixels, increase_km2, increase_percent, decrease_pixels, decrease_km2, decrease_percent)
        For each count from 0 to n - 1; percentages are of the area of all pixels counted, 0 where there is none.
    """
    total = int(areas[0, :, 1].sum())
    return [
        (count, *(
            number for pixels, area in areas[:, count]
            for number in (int(pixels), as_float(area, 1_000_000), 100 * area / total if total else 0.0)
        ))
        for count in range(areas.shape[1])
    ]
