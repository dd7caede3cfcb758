"""How much of a raster each class takes."""

from __future__ import annotations

import numpy as np

from .exact_sums import as_float, sums_by_code, weighted_counts

#: What a table and a log call pixels with enough values for which the method gives no class.
NO_RESULT = "no result"


def class_areas(codes: np.ndarray, first: int, last: int, cell_area: np.ndarray | None = None) -> np.ndarray:
    """Pixels and area of each class.

    Parameters
    ----------
    codes : integer array (rows, cols)
        Class codes; those below ``first`` or above ``last`` (nodata) are left out.
    first, last : int
        The smallest and the largest code.
    cell_area : array (rows, 1) or (rows, cols) or (rows, cols), optional
        Area of the cells (m2).

    Returns
    -------
    object array (last - first + 1, 2) of int
        Number of pixels, and area in the unit of `exact_sums` (0 without ``cell_area``), for each code from ``first``
        to ``last``. Sums of blocks add up exactly, whatever the blocks; start with the integer 0.
    """
    count = last - first + 1
    rows = np.arange(len(codes))[:, np.newaxis]
    inside = (codes >= first) & (codes <= last)
    places = (rows * count + (codes.astype(np.int64) - first))[inside]
    by_row = np.bincount(places, minlength=len(codes) * count).reshape(len(codes), count)
    areas = np.zeros((count, 2), dtype=object)
    areas[:, 0] = by_row.sum(axis=0).tolist()
    if cell_area is not None and cell_area.shape == codes.shape and cell_area.shape[1] > 1:
        areas[:, 1] = sums_by_code((codes.astype(np.int64) - first)[inside], cell_area[inside], count)
    elif cell_area is not None:
        areas[:, 1] = weighted_counts(by_row, cell_area[:, 0])
    return areas


def area_of(inside: np.ndarray, cell_area: np.ndarray | None = None) -> np.ndarray:
    """Pixels and area of the cells where ``inside`` (bool, (rows, cols)) is true, as one row of `class_areas`."""
    return class_areas(inside, 1, 1, cell_area)


def class_table(areas: np.ndarray, first: int, labels: dict, no_result: np.ndarray | None = None) -> list:
    """The rows of a table of classes.

    Parameters
    ----------
    areas : array (classes, 2)
        From `class_areas`.
    first : int
        Code of the first row of ``areas``.
    labels : dict of int to str
        The classes to list, in this order.
    no_result : array (1, 2), optional
        From `area_of`: the pixels with enough values that have no class.

    Returns
    -------
    list of (code, label, pixels, area_km2, percent)
        ``percent`` is the share of the area of all pixels with enough values; 0 where there is no area at all. The last
        row, where there are such pixels, is that of `NO_RESULT`, whose code is None.
    """
    found = [(code, label, *areas[code - first]) for code, label in labels.items()]
    total = areas[:, 1].sum()
    if no_result is not None and no_result[0, 0]:
        found.append((None, NO_RESULT, *no_result[0]))
        total += no_result[0, 1]
    return [
        (code, label, int(pixels), as_float(area, 1_000_000), 100 * area / total if total else 0.0)
        for code, label, pixels, area in found
    ]
