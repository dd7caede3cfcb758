"""How often hot spots are found in rasters whose values lie where chance put them; simulated by the kernels."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from nep_toolbox.core.hotspots.blocks import hotspot_block, p_values_block
from nep_toolbox.core.hotspots.false_discovery import Adjusted, Gathered
from nep_toolbox.core.hotspots.local import Method
from nep_toolbox.core.hotspots.whole import LevelSums, MoranSums, Whole, level_block, moran_block
from nep_toolbox.core.significance import normal_two_sided_p
from nep_toolbox.core.surroundings import Surrounded
from nep_toolbox.core.zonal.reduction import Total

LEVEL = 0.05
RASTERS = 1000
SIDES = (20, 50)
KINDS = ("normal", "skewed")
WAYS = {
    "Gi*, 3 x 3": {"method": Method.GI_STAR, "radius": 1}, "Gi*, 9 x 9": {"method": Method.GI_STAR, "radius": 4},
    "local Moran": {"method": Method.MORAN},
}
_SEED = 20_260_402


class Found(NamedTuple):
    """What was found in some rasters: p of each cell, alone and adjusted, (rasters, rows, cols)."""

    alone: np.ndarray
    adjusted: np.ndarray


def rasters(kind: str, side: int, number: int = RASTERS) -> np.ndarray:
    """Values in a random order, (number, side, side): normal, or exponential with a long tail."""
    random = np.random.RandomState(_SEED + side)
    draw = random.standard_normal if kind == "normal" else random.standard_exponential
    return draw((number, side, side))


def wholes(stack: np.ndarray) -> tuple:
    """What the kernels need to know of each raster."""
    around = Surrounded(stack, slice(None), slice(None))

    def gathered(block: dict, empty) -> NamedTuple:
        total = Total(partial(empty, len(stack)))
        total.add(block["sums"], last=True)
        return total.sums

    levels = gathered(level_block(around), LevelSums.empty)
    means = (levels.total / levels.count)[:, 0].tolist()
    block = moran_block(around, means=means)
    sums = gathered(block, MoranSums.empty)
    return tuple(
        Whole(*each) for each in zip(levels.count[:, 0].tolist(), means, *(part[:, 0].tolist() for part in sums),
                                     *block["weights"].T.tolist())
    )


def spots(stack: np.ndarray, known: tuple, **way) -> Found:
    """The hot spots of some rasters (number, rows, cols), of which the `wholes` are known, by a way."""
    around = Surrounded(stack, slice(None), slice(None))
    options = {"radius": 1, "wholes": known, **way}
    adjustments = tuple(Adjusted(Gathered(True, [part])) for part in p_values_block(around, exact=True, **options))
    found = hotspot_block(around, np.ones((stack.shape[1], 1)), adjustments=adjustments, **options)
    return Found(normal_two_sided_p(found["z"]), found["p_value"])


def false_spots() -> tuple:
    """The table of what is found in rasters in which nothing is: head and rows."""
    head = ("values", "cells", "statistic", "significant", "with FDR", "rasters with any left")
    return head, [row for kind in KINDS for side in SIDES for row in rows(kind, side)]


def rows(kind: str, side: int, number: int = RASTERS) -> list:
    """The rows of that table for one kind of values and size: shares with p below the level."""
    stack, found = rasters(kind, side, number), []
    known = wholes(stack)
    for words, way in WAYS.items():
        each = spots(stack, known, **way)
        false = each.adjusted < LEVEL
        found.append((words, _percent(each.alone < LEVEL), _percent(false, 2), _percent(false.any(axis=(1, 2)))))
    global_p = np.array([whole.moran().p_value for whole in known])
    found.append(("global Moran", _percent(global_p < LEVEL), "-", "-"))
    return [(kind, f"{side} x {side}", *each) for each in found]


def _percent(flags: np.ndarray, digits: int = 1) -> str:
    return f"{100 * np.mean(flags):.{digits}f} %"
