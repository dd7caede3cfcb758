"""Persistence and future trend of a block of a raster, with the areas of their classes."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map
from ..valid_values import lost_pixels
from .future_trend import FUTURE_LABELS, future_trend
from .hurst import ANTI_PERSISTENT, CLASS_NODATA, PERSISTENT, RANDOM, hurst, persistence_class

FIRST_PERSISTENCE, LAST_PERSISTENCE = min(RANDOM, ANTI_PERSISTENT), PERSISTENT
FIRST_FUTURE, LAST_FUTURE = min(FUTURE_LABELS), max(FUTURE_LABELS)

#: What exponents are added up in: whole numbers of it, so that no sum depends on the blocks.
EXPONENT_UNIT = 2.0**-32

NOTHING = np.empty(0)

#: With fewer distinct values H rests on where a few of them stand. Twenty values that are 0 but for three at random
#: places have an H above 0.5 in a third of the series instead of in half of them; but for one, in none.
FEW_VALUES = 5

#: No Hurst exponent is expected beyond. White noise of twelve values, the fewest, is in 5 % of the pixels.
PLAUSIBLE_EXPONENTS = 0.0, 1.5

POSSIBLE_P_VALUES = 0.0, 1.0

#: An H as near to 0.5 as this has no p as small as that, in no form of the estimator. The least, 0.03, is that of the
#: raw one with windows from 2 steps on.
NEAR_HALF, RARE = 0.02, 0.02


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
        values, ``significant``, how many have a p below 0.05 (0 without ``significance``), ``contains_half``, how many
        have an interval that 0.5 lies in (0 without ``confidence``), and ``exponent_sum`` and ``width_sum``, the sums
        of H and of the widths of the intervals in whole `EXPONENT_UNIT`.
    """
    block = hurst(stack, min_observations=min_observations, **options)
    block["class"] = persistence_class(block["hurst"])
    lost = lost_pixels(stack, block["hurst"], max(min_observations, 1))
    block.update(areas_of_map(block["class"], FIRST_PERSISTENCE, LAST_PERSISTENCE, lost, cell_area, regions))
    block["few_values"] = int(np.count_nonzero(few_distinct(stack, FEW_VALUES) & ~np.isnan(block["hurst"])))
    block["significant"] = int(np.count_nonzero(block["p_value"] < 0.05)) if "p_value" in block else 0
    block["exponent_sum"] = _exact_sum(block["hurst"])
    lower, upper = block.get("lower", NOTHING), block.get("upper", NOTHING)
    block["contains_half"] = int(np.count_nonzero((lower <= 0.5) & (upper >= 0.5)))
    block["width_sum"] = _exact_sum(upper - lower)
    return block


def _exact_sum(values: np.ndarray) -> int:
    """The sum of what is not missing, in whole `EXPONENT_UNIT`."""
    return int(np.rint(values[~np.isnan(values)] / EXPONENT_UNIT).astype(np.int64).sum())


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


def future_block(trend_classes, exponent, cell_area=None, regions=None, *, p_value=None, alpha: float = 0.1) -> dict:
    """Future trend of a block from stacks of one step each.

    Parameters
    ----------
    trend_classes, exponent : arrays (1, rows, cols)
    cell_area, regions
        As for `hurst_block`.
    p_value : array (1, rows, cols), optional
        Of the exponents against white noise: the code is then that of the evidence.
    alpha : float
        Evidence is a p below it.

    Returns
    -------
    dict
        ``code`` (int16) of `future_trend`, its areas, as `areas_of_map`, where the lost pixels are those in which some
        of the inputs are missing, but not all; ``exponents`` and ``p_values``: how many pixels have one, in how many of
        them it is beyond `PLAUSIBLE_EXPONENTS` or `POSSIBLE_P_VALUES`, and the lowest and the highest (infinite where
        there is none); ``on_sides``, how many pixels with both class and H have an H above 0.5, and how many one below,
        and in how many of each the class is that of `persistence_class`; and ``near_half``, how many pixels with a p
        have an H `NEAR_HALF`, and in how many of them p is below `RARE`, which that of such an H is not.
    """
    classes, exponent = np.asarray(trend_classes[0]), np.asarray(exponent[0])
    p_value = None if p_value is None else np.asarray(p_value[0])
    code = future_trend(classes, exponent, p_value, alpha)
    there = [~(np.isnan(classes) | (classes == CLASS_NODATA)), ~np.isnan(exponent)]
    there += [] if p_value is None else [~np.isnan(p_value)]
    lost = np.any(there, axis=0) & ~np.all(there, axis=0)
    return {
        "code": code,
        **areas_of_map(code, FIRST_FUTURE, LAST_FUTURE, lost, cell_area, regions),
        "exponents": _range(exponent, PLAUSIBLE_EXPONENTS),
        "p_values": _range(NOTHING if p_value is None else p_value, POSSIBLE_P_VALUES),
        "on_sides": _on_sides(classes, exponent, np.all(there[:2], axis=0)),
        "near_half": _near_half(exponent, p_value),
    }


def _on_sides(classes: np.ndarray, exponent: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Pixels with an H above 0.5 and below it, and those of each whose class is what `persistence_class` gives."""
    found = persistence_class(exponent)
    return np.array([
        [np.count_nonzero(known & (found == side)), np.count_nonzero(known & (found == side) & (classes == side))]
        for side in (PERSISTENT, ANTI_PERSISTENT)
    ])


def _near_half(exponent: np.ndarray, p_value: np.ndarray | None) -> tuple:
    """In how many pixels H is near 0.5, and in how many of these p is small all the same."""
    if p_value is None:
        return 0, 0
    with np.errstate(invalid="ignore"):
        near = (np.abs(exponent - 0.5) <= NEAR_HALF) & ~np.isnan(p_value)
        return int(np.count_nonzero(near)), int(np.count_nonzero(near & (p_value < RARE)))


def _range(values: np.ndarray, limits: tuple) -> tuple:
    """How many numbers there are, how many of them lie beyond the limits, the lowest and the highest."""
    found = values[~np.isnan(values)]
    beyond = int(np.count_nonzero((found < limits[0]) | (found > limits[1])))
    return found.size, beyond, float(found.min(initial=np.inf)), float(found.max(initial=-np.inf))
