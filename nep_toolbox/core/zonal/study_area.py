"""The inputs of a study cut to its area, and how complete they are."""

from __future__ import annotations

import numpy as np

from ..class_areas import area_of


def study_block(npp, cell_area, regions=None, landcover=None, climate=(), factors=(), *, bounded: bool = False,
                excluded: tuple = ()) -> dict:
    """Mask a block of all inputs, and count what is missing.

    Parameters
    ----------
    npp : array (years, rows, cols)
    cell_area : array (rows, 1) or (rows, cols), m2
    regions : Labels, optional
        The study area as a ZoneReader reads it, where it is ``bounded``.
    landcover : array (dates, rows, cols), optional
        The last date is the one whose classes are left out.
    climate : sequence of arrays (years, rows, cols)
    factors : sequence of arrays (bands, rows, cols)
    bounded : bool
        Whether the study area has polygons.
    excluded : tuple of int
        Classes of the land cover that take no part.

    Returns
    -------
    dict
        ``npp``, ``landcover``, ``climate`` (list) as the inputs, NaN beyond the area; climate also where the year has
        no NPP, so that all means of a year are of the same cells. Of the classes left out the land cover keeps its
        values. ``counts``: int arrays (missing, all) of the values in the area, by "npp", "landcover", and lists of
        them for "climate" and "factors"; those beside NPP are of the cells that have NPP. ``pixels``: with NPP, of
        these without climate in a year that has NPP, and without a factor. ``areas``: `class_areas.area_of` the area
        and the cells with NPP. ``sums``: sum and number (years, 2) of NPP. ``box``: first and last row and column of
        the cells with NPP, None without any.
    """
    shape = npp.shape[1:]
    inside = regions.of_cell > 0 if bounded else np.ones(shape, dtype=bool)
    taken = inside.copy()
    if excluded:
        taken &= ~np.isin(landcover[-1], excluded)
    npp = _cut(npp, taken)
    present = np.isfinite(npp)
    has = present.any(axis=0)
    counts = {
        "npp": np.array([np.count_nonzero(~present[:, taken]), len(npp) * np.count_nonzero(taken)]),
        "climate": [_missing(each, has) for each in climate],
        "factors": [_missing(each, has) for each in factors],
    }
    found = {"npp": npp, "climate": [np.where(present, each, np.nan) for each in climate], "counts": counts}
    if landcover is not None:
        found["landcover"] = _cut(landcover, inside)
        counts["landcover"] = _missing(landcover, has)
    lacking = np.any([(present & np.isnan(each)).any(axis=0) for each in climate], axis=0)
    without = np.any([has & np.isnan(each).any(axis=0) for each in factors], axis=0)
    rows, cols = np.nonzero(has)
    return {
        **found,
        "pixels": np.array([np.count_nonzero(each) for each in (has, lacking, without)]),
        "areas": np.concatenate([area_of(taken, cell_area), area_of(has, cell_area)]),
        "sums": np.array([(each[there].sum(dtype=np.float64), there.sum()) for each, there in zip(npp, present)]),
        "box": (rows.min(), rows.max(), cols.min(), cols.max()) if rows.size else None,
    }


def _cut(stack, inside):
    if inside.all():
        return stack
    cut = np.array(stack)
    cut[:, ~inside] = np.nan
    return cut


def _missing(stack, has) -> np.ndarray:
    """How many values are missing, and of how many."""
    return np.array([np.count_nonzero(np.isnan(stack[:, has])), len(stack) * np.count_nonzero(has)])
