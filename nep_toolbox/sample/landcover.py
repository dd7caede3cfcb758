"""Land cover of the synthetic sample province: classes, the first map and the changes after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

LANDCOVER_NODATA = 0
"""Code outside of the province."""


class LandCoverClass(NamedTuple):
    """A land-cover class: stored code, name and colour (red, green, blue, 0 to 255)."""

    code: int
    name: str
    colour: tuple[int, int, int]


class Conversion(NamedTuple):
    """Pixels that change from one class to another: ``per_year`` of them a year, until ``total`` is reached."""

    source: int
    target: int
    per_year: int
    total: int


CROPLAND, FOREST, SHRUB, GRASSLAND, WATER, UNUSED, CONSTRUCTION = range(1, 8)

LANDCOVER_CLASSES = (
    LandCoverClass(CROPLAND, "Cropland", (246, 225, 150)),
    LandCoverClass(FOREST, "Forest", (39, 119, 60)),
    LandCoverClass(SHRUB, "Shrub", (126, 168, 74)),
    LandCoverClass(GRASSLAND, "Grassland", (186, 216, 122)),
    LandCoverClass(WATER, "Water", (66, 133, 196)),
    LandCoverClass(UNUSED, "Unused land", (196, 180, 160)),
    LandCoverClass(CONSTRUCTION, "Construction land", (206, 76, 68)),
)

NEVER = 32767
"""In the map of changes: a pixel that keeps its class."""

# source, target, share of the province that changes a year
_CONVERSIONS = ((CROPLAND, CONSTRUCTION, 1.1e-3), (GRASSLAND, FOREST, 6e-4), (CROPLAND, FOREST, 4e-4),
                (SHRUB, FOREST, 4e-4), (GRASSLAND, CROPLAND, 3e-4), (CROPLAND, WATER, 1e-4), (UNUSED, CROPLAND, 1e-4),
                (CONSTRUCTION, CROPLAND, 1e-4))
_LARGEST_SHARE = 0.7


def open_country(river: np.ndarray, relief: np.ndarray, mottle: np.ndarray, valleys: np.ndarray,
                 villages: np.ndarray) -> np.ndarray:
    """Land cover apart from cities and lakes: hills above, fields below, rivers with their banks.

    Parameters
    ----------
    river : array (rows, cols)
        Distance from the bank of the nearest river in widths of the grid; below 0 in it.
    relief : array (rows, cols)
        Elevation in m.
    mottle, valleys, villages : arrays (rows, cols)
        Noise of mean 0 and variance 1 that breaks up the classes.

    Returns
    -------
    array (rows, cols), uint8
    """
    cover = np.full(relief.shape, CROPLAND, dtype=np.uint8)
    hills = relief + 140.0 * mottle + 130.0 * valleys
    cover[hills > 300.0] = GRASSLAND
    cover[hills > 440.0] = SHRUB
    cover[(hills > 520.0) | ((relief > 250.0) & (mottle > 1.0))] = FOREST
    cover[(hills > 700.0) & (mottle < -1.35)] = GRASSLAND
    cover[(relief > 250.0) & (relief < 1300.0) & (valleys < -1.15)] = CROPLAND
    cover[(river < 0.022) & (relief < 200.0) & (mottle > 0.9)] = UNUSED
    cover[(cover == CROPLAND) & (villages > 2.1)] = CONSTRUCTION
    cover[river < 0.0] = WATER
    return cover


def plan_conversions(first: np.ndarray, free: np.ndarray, scores: Mapping[int, np.ndarray],
                     span: int) -> tuple[tuple[Conversion, ...], np.ndarray, np.ndarray]:
    """Decide which pixels change, when, and to what; each at most once.

    Parameters
    ----------
    first : array (rows, cols), uint8
        Land cover of the first year.
    free : array (rows, cols) of bool
        Pixels that may change.
    scores : mapping of class to array (rows, cols)
        For each class that grows, the order in which it takes pixels, the lowest score first.
    span : int
        Years from the first to the last one.

    Returns
    -------
    conversions : tuple of Conversion
    changed_after : array (rows, cols), int16
        Years after the first at which the pixel has changed; ``NEVER`` where it does not.
    target : array (rows, cols), uint8
        Its class from then on.
    """
    changed_after = np.full(first.shape, NEVER, dtype=np.int16)
    target = first.copy()
    area, planned = int(np.count_nonzero(first != LANDCOVER_NODATA)), []
    for source, goal, share in _CONVERSIONS:
        candidates = np.flatnonzero((first == source) & (changed_after == NEVER) & free)
        per_year = max(1, round(share * area))
        total = min(int(_LARGEST_SHARE * candidates.size), per_year * span)
        order = np.argsort(scores[goal].ravel()[candidates], kind="stable")[:total]
        pixels = candidates[order]
        changed_after.ravel()[pixels] = 1 + np.arange(pixels.size) // per_year
        target.ravel()[pixels] = goal
        planned.append(Conversion(source, goal, per_year, total))
    return tuple(planned), changed_after, target
