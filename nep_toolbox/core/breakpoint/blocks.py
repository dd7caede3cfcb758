"""The breaks of a block of a raster, with the areas of their classes and years."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map, class_areas
from ..valid_values import lost_pixels
from .break_point import RESULTS, Method, break_point, fewest_values, turn_labels
from .slope_change import NO_BREAK
from .turns import NO_TURN, PART_P, SLOPES

YEAR_NODATA = -32768


def breakpoint_block(
    stack, cell_area=None, regions=None, *, years, method: Method, min_segment: int, min_observations: int,
    alpha: float = 0.05, approximate: bool = False, wanted=None,
) -> dict:
    """Break of each pixel of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        Values in order of time, NaN is missing.
    cell_area : array (rows, 1), optional
        Area of the cells of each row (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    years : sequence of int (n,)
    method, min_segment, min_observations, alpha, approximate
        As for `break_point`.
    wanted : collection of str, optional
        Names of the results of `break_point` that are asked for, which may take less time; None: all.

    Returns
    -------
    dict
        Those results of `break_point` that are wanted; ``break_year`` (int16, `YEAR_NODATA` where there is no break):
        the last year of the first part, with Pettitt's test the first of the new level; ``turn``, its areas, as
        `areas_of_map`, where the lost pixels are those with enough values but no p; and ``year_areas``, object array
        (n, 2, 2): pixels and area, as `class_areas`, by the place of that year and by whether the break is significant.
    """
    names = RESULTS if wanted is None else wanted
    found = break_point(
        stack, years, method=method, min_segment=min_segment, min_observations=min_observations, alpha=alpha,
        approximate=approximate, sloped=not {*SLOPES, *PART_P}.isdisjoint(names),
    )
    place = _next_valid(stack, found["last"]) if method == Method.PETTITT else found["last"]
    broken = place != NO_BREAK
    lost = lost_pixels(stack, found["p_value"], fewest_values(method, min_segment, min_observations))
    kinds = np.where(broken, 2 * place + (found["p_value"] < alpha), -1)
    return {
        **{name: values for name, values in found.items() if name in names},
        "turn": found["turn"],
        "break_year": np.where(broken, np.asarray(years)[place], YEAR_NODATA).astype(np.int16),
        "year_areas": class_areas(kinds, 0, 2 * len(stack) - 1, cell_area).reshape(len(stack), 2, 2),
        **areas_of_map(found["turn"], NO_TURN, max(turn_labels(method)), lost, cell_area, regions),
    }


def _next_valid(stack: np.ndarray, last: np.ndarray) -> np.ndarray:
    """The place of the next valid step after each break; `NO_BREAK` stays."""
    found = last.copy()
    behind = np.full(last.shape, NO_BREAK, dtype=last.dtype)
    for place in range(len(stack) - 1, -1, -1):
        np.copyto(found, behind, where=last == place)
        np.copyto(behind, place, where=np.isfinite(stack[place]))
    return found
