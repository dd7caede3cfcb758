"""How much of a raster each class takes."""

from __future__ import annotations

import numpy as np

from .checkpoint import checkpoint
from .exact_sums import as_float, sums_by_code, weighted_counts
from .labels import Labels

#: What a table and a log call pixels with enough values for which the method gives no class.
NO_RESULT = "no result"

# Counts of each kind by weight may take as much room as the cells themselves, and so many at least.
_FEW = 2**16


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
    return _sums(codes - np.int64(first), inside, cell_area, last - first + 1)


def area_of(inside: np.ndarray, cell_area: np.ndarray | None = None) -> np.ndarray:
    """Pixels and area of the cells where ``inside`` (bool, (rows, cols)) is true, as one row of `class_areas`."""
    return class_areas(inside, 1, 1, cell_area)


def areas_of_map(codes: np.ndarray, first: int, last: int, lost: np.ndarray, cell_area: np.ndarray | None = None,
                 regions: Labels | None = None) -> dict:
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
    count = last - first + 2  # the lost cells are one kind more
    kinds = np.where(lost, count - 1, codes - np.int64(first))
    inside = lost | ((codes >= first) & (codes <= last))
    if regions is None:
        whole, regional = _sums(kinds, inside, cell_area, count), {}
    else:
        whole, regional = _by_region(kinds, inside, cell_area, count, regions)
    return {"class_areas": whole[:-1], "no_result": whole[-1:], "regional_areas": regional}


def _by_region(kinds: np.ndarray, inside: np.ndarray, cell_area, count: int, regions: Labels) -> tuple:
    """`_sums` of the whole block, and a dict of those of the regions: the sums of their labels."""
    checkpoint()
    labels = len(regions.regions)
    sums = _sums(regions.of_cell * np.int64(count) + kinds, inside, cell_area, labels * count)
    sums = sums.reshape(labels, count, 2)
    found: dict = {}
    for areas, numbers in zip(sums, regions.regions):
        for number in numbers:
            found[number] = found[number] + areas if number in found else areas
    return sums.sum(axis=0), found


def _sums(kind: np.ndarray, inside: np.ndarray, cell_area: np.ndarray | None, count: int) -> np.ndarray:
    """Number and area of the cells ``inside`` of each kind, 0 to ``count - 1``: object array (count, 2) of int."""
    areas = np.zeros((count, 2), dtype=object)
    chosen = kind[inside]
    if cell_area is None:
        areas[:, 0] = np.bincount(chosen, minlength=count).tolist()
        return areas
    if cell_area.shape[1] == 1:
        weights, group = np.unique(cell_area, return_inverse=True)
        if len(weights) * count <= max(inside.size, _FEW):
            group = group.reshape(-1, 1) * np.int64(count)
            by_weight = np.bincount((group + kind)[inside], minlength=len(weights) * count).reshape(-1, count)
            areas[:, 0], areas[:, 1] = by_weight.sum(axis=0).tolist(), weighted_counts(by_weight, weights)
            return areas
    areas[:, 0] = np.bincount(chosen, minlength=count).tolist()
    areas[:, 1] = sums_by_code(chosen, np.broadcast_to(cell_area, kind.shape)[inside], count)
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
