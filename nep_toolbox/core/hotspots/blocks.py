"""Hot spots in a block of a raster: what is tested, the p-values, and the maps."""

from __future__ import annotations

import numpy as np

from ..checkpoint import checkpoint
from ..class_areas import areas_of_map
from ..significance import normal_two_sided_p
from ..surroundings import Surrounded
from .false_discovery import p_to_adjust
from .local import HOT_COLD_LABELS, MORAN_LABELS, Method, local_scores, spot_class


def p_values_block(stack: Surrounded, *, wholes: tuple, method: Method, radius: int, exact: bool) -> list:
    """`p_to_adjust` of each step of a block; the arguments are those of `hotspot_block`."""
    found = []
    for values, whole in zip(stack.values, wholes):
        checkpoint()
        z, _high, _high_around = local_scores(Surrounded(values, stack.rows, stack.cols), whole, method, radius)
        found.append(p_to_adjust(normal_two_sided_p(z), exact))
    return found


def hotspot_block(stack: Surrounded, cell_area, regions=None, *, wholes: tuple, method: Method, radius: int = 1,
                  alpha: float = 0.05, adjustments: tuple | None = None) -> dict:
    """Hot and cold spots of each step of a block.

    Parameters
    ----------
    stack : Surrounded
        Values (steps, rows, cols) with `local.reach_of` cells around the block; NaN is missing.
    cell_area : array (rows, 1) or (rows, cols)
        Area of the cells (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    wholes : tuple of Whole
        Of the raster, for each step.
    method, radius, alpha
        As for `local_scores` and `spot_class`.
    adjustments : tuple of Adjusted, optional
        For each step: ``p_value`` then holds the adjusted p, and the classes follow it.

    Returns
    -------
    dict
        ``class`` (int16), ``z`` and ``p_value`` (float64), arrays (steps, rows, cols); ``areas``, for each step what
        `areas_of_map` gives, where the lost cells are those with a value that are not tested.
    """
    labels = MORAN_LABELS if method == Method.MORAN else HOT_COLD_LABELS
    shape = stack.inner(stack.values).shape
    found = {"class": np.empty(shape, np.int16), "z": np.empty(shape), "p_value": np.empty(shape), "areas": []}
    for step, (values, whole) in enumerate(zip(stack.values, wholes)):
        checkpoint()
        around = Surrounded(values, stack.rows, stack.cols)
        z, *high = local_scores(around, whole, method, radius)
        checkpoint()
        p_value = normal_two_sided_p(z)
        if adjustments is not None:
            p_value = adjustments[step].of(p_value)
        classes = spot_class(z, p_value, *high, method, alpha)
        lost = np.isnan(z) & np.isfinite(around.inner(values))
        found["areas"].append(areas_of_map(classes, min(labels), max(labels), lost, cell_area, regions))
        found["class"][step], found["z"][step], found["p_value"][step] = classes, z, p_value
    return found
