"""How much of a raster each class takes."""

from __future__ import annotations

import numpy as np

from .checkpoint import checkpoint
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
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2).

    Returns
    -------
    object array (last - first + 1, 2) of int
        Number of pixels, and area in the unit of `exact_sums` (0 without ``cell_area``), for each code from ``first``
        to ``last``. Sums of blocks add up exactly, whatever the blocks; start with the integer 0.
    """
    inside = (codes >= first) & (codes <= last)
    row = np.broadcast_to(np.arange(len(codes))[:, np.newaxis], codes.shape)[inside]
    area = cell_area if _by_row(cell_area) else cell_area[inside]
    return _sums(codes[inside].astype(np.int64) - first, row, area, last - first + 1)


def area_of(inside: np.ndarray, cell_area: np.ndarray | None = None) -> np.ndarray:
    """Pixels and area of the cells where ``inside`` (bool, (rows, cols)) is true, as one row of `class_areas`."""
    return class_areas(inside, 1, 1, cell_area)


def areas_of_map(codes: np.ndarray, first: int, last: int, lost: np.ndarray, cell_area: np.ndarray | None = None,
                 regions: tuple | None = None) -> dict:
    """What `framework.class_maps.map_classes` asks of the kernel of a map of classes.

    Parameters
    ----------
    codes, first, last, cell_area
        As for `class_areas`.
    lost : bool array (rows, cols)
        Cells with enough values for which the method gives no class.
    regions : Labels, optional
        As a ZoneReader reads them.

    Returns
    -------
    dict
        ``class_areas``; ``no_result``, the `area_of` the lost cells; and ``regional_areas``, a dict of both, one below
        the other, by the index of each region with a cell in the block (empty without ``regions``).
    """
    return {
        "class_areas": class_areas(codes, first, last, cell_area),
        "no_result": area_of(lost, cell_area),
        "regional_areas": _by_region(codes, first, last, lost, cell_area, regions) if regions is not None else {},
    }


def _by_region(codes, first: int, last: int, lost, cell_area, regions: tuple) -> dict:
    """`class_areas` and `area_of` the lost cells, stacked, for each region in the block."""
    count = last - first + 2  # the lost cells are one kind more
    cells, numbers = regions.pairs()
    kinds = np.where(lost, count - 1, np.where((codes >= first) & (codes <= last), codes - np.int64(first), -1)).ravel()
    ends = [*(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(cells)] if len(cells) else []
    areas: dict = {}
    for start, end in zip([0, *ends], ends):
        checkpoint()
        here = cells[start:end]
        kind = kinds[here]
        here, kind = here[kind >= 0], kind[kind >= 0]
        row = here // codes.shape[1]
        area = cell_area if _by_row(cell_area) else cell_area.ravel()[here]
        found, number = _sums(kind, row, area, count), int(numbers[start])
        areas[number] = areas[number] + found if number in areas else found
    return areas


def _by_row(cell_area: np.ndarray | None) -> bool:
    return cell_area is None or cell_area.shape[1] == 1


def _sums(kind: np.ndarray, row: np.ndarray, area: np.ndarray | None, count: int) -> np.ndarray:
    """Number and area of cells of each kind, 0 to ``count - 1``, (count, 2).

    ``kind`` and ``row`` (cells,) are those of each cell; ``area`` is that of each cell (cells,) or each row (rows, 1).
    """
    areas = np.zeros((count, 2), dtype=object)
    if kind.size == 0:
        return areas
    if area is None or area.ndim == 1:
        areas[:, 0] = np.bincount(kind, minlength=count).tolist()
        if area is not None:
            areas[:, 1] = sums_by_code(kind, area, count)
        return areas
    top, height = int(row.min()), int(row.max() - row.min()) + 1
    by_row = np.bincount((row - top) * count + kind, minlength=height * count).reshape(height, count)
    areas[:, 0] = by_row.sum(axis=0).tolist()
    areas[:, 1] = weighted_counts(by_row, area[top : top + height, 0])
    return areas


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
