"""Persistence and future trend of a block of a raster, with the areas of their classes."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map
from .future_trend import FUTURE_LABELS, future_trend
from .hurst import ANTI_PERSISTENT, CLASS_NODATA, PERSISTENT, RANDOM, hurst, persistence_class

FIRST_PERSISTENCE, LAST_PERSISTENCE = min(RANDOM, ANTI_PERSISTENT), PERSISTENT
FIRST_FUTURE, LAST_FUTURE = min(FUTURE_LABELS), max(FUTURE_LABELS)

#: What exponents are added up in: whole numbers of it, so that no sum depends on the blocks.
EXPONENT_UNIT = 2.0**-32

#: With fewer distinct values H rests on where a few of them stand. Twenty values that are 0 but for three at random
#: places have an H above 0.5 in a third of the series instead of in half of them; but for one, in none.
FEW_VALUES = 5

#: No Hurst exponent is expected beyond. White noise of twelve values, the fewest, is in 5 % of the pixels.
PLAUSIBLE_EXPONENTS = 0.0, 1.5


def hurst_block(stack, cell_area=None, regions=None, *, min_observations: int = 12, **options) -> dict:
    """Hurst exponent of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
    cell_area : array (rows, 1), optional
        Area of the cells of each row (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    min_observations, **options
        As for `hurst`.

    Returns
    -------
    dict
        The arrays of `hurst`, ``class`` (int16), their areas, as `areas_of_map`, where the lost pixels are those with
        enough values but no H, ``few_values``, the number of pixels with an H from fewer than `FEW_VALUES` distinct
        values, ``significant``, how many have a p below 0.05 (0 without ``significance``), and ``exponent_sum``, the
        sum of H in whole `EXPONENT_UNIT`.
    """
    block = hurst(stack, min_observations=min_observations, **options)
    block["class"] = persistence_class(block["hurst"])
    lost = np.isnan(block["hurst"])
    lost[lost] = np.isfinite(stack[:, lost]).sum(axis=0) >= max(min_observations, 1)
    block.update(areas_of_map(block["class"], FIRST_PERSISTENCE, LAST_PERSISTENCE, lost, cell_area, regions))
    block["few_values"] = int(np.count_nonzero(few_distinct(stack, FEW_VALUES) & ~np.isnan(block["hurst"])))
    block["significant"] = int(np.count_nonzero(block["p_value"] < 0.05)) if "p_value" in block else 0
    found = block["hurst"][~np.isnan(block["hurst"])]
    block["exponent_sum"] = int(np.rint(found / EXPONENT_UNIT).astype(np.int64).sum())
    return block


def few_distinct(stack, limit: int) -> np.ndarray:
    """Where a stack (n, ...) has fewer than ``limit`` distinct values; those that are not finite do not count."""
    # Fewer than limit distinct values make a tie among the first limit of them; most pixels of numbers have none there.
    head = stack[:limit]
    suspicious = ~np.isfinite(head).all(axis=0)
    for place in range(1, len(head)):
        suspicious |= (head[:place] == head[place]).any(axis=0)
    rest = np.where(np.isfinite(stack[:, suspicious]), stack[:, suspicious], -np.inf)
    for _ in range(limit - 1):
        rest[rest == rest.max(axis=0)] = -np.inf
    few = np.zeros(stack.shape[1:], dtype=bool)
    few[suspicious] = np.isneginf(rest).all(axis=0)
    return few | (len(stack) < limit)


def future_block(trend_classes, exponent, cell_area=None, regions=None) -> dict:
    """Future trend of a block from two stacks of one step each.

    ``cell_area`` and ``regions`` are those of `hurst_block`.

    Returns
    -------
    dict
        ``code`` (int16) of `future_trend`, its areas, as `areas_of_map`, where the lost pixels are those in which one
        of the two is missing, and ``exponents``: how many pixels have an exponent, in how many of them it is beyond
        `PLAUSIBLE_EXPONENTS`, and the lowest and the highest (infinite where there is none).
    """
    classes, exponent = np.asarray(trend_classes[0]), np.asarray(exponent[0])
    code = future_trend(classes, exponent)
    has_class, found = ~(np.isnan(classes) | (classes == CLASS_NODATA)), exponent[~np.isnan(exponent)]
    beyond = (found < PLAUSIBLE_EXPONENTS[0]) | (found > PLAUSIBLE_EXPONENTS[1])
    return {
        "code": code,
        **areas_of_map(code, FIRST_FUTURE, LAST_FUTURE, has_class != ~np.isnan(exponent), cell_area, regions),
        "exponents": (
            found.size, int(np.count_nonzero(beyond)), float(found.min(initial=np.inf)),
            float(found.max(initial=-np.inf)),
        ),
    }
