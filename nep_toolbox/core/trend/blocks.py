"""The trend of a block of a raster: what `trend` computes, with classes, their areas and field significance."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map
from ..surroundings import Surrounded
from .contextual import trend_of
from .field_significance import counted_significance
from .theil_sen import CHANGES, LEAST_SQUARES, LIMITS, RESULTS, trend_class

FIRST_CLASS, LAST_CLASS = -4, 4
LEVEL = 0.05  # of the significance of the pixels that are counted


def trend_block(stack, cell_area=None, regions=None, *, adjustment=None, wanted=None, **options) -> dict:
    """Trend of a block.

    Parameters
    ----------
    stack : array (n, rows, cols), or Surrounded
        Values in order of time, NaN is missing. With the surroundings of the block the test is the contextual one.
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    adjustment : Adjustment, optional
        Field significance: ``p_value`` then holds the adjusted p, and the classes follow it.
    wanted : collection of str, optional
        Names of the results that are asked for, which may take much less time; None: all but `CHANGES` and
        `LEAST_SQUARES`.
    **options
        Of `trend_of`; ``years`` is required.

    Returns
    -------
    dict
        The arrays of `trend`, those that are wanted and those that the rest needs; ``class`` (int16), and their areas,
        as `areas_of_map`, where the lost pixels are those with enough values whose test has no p; what
        `counted_significance` counts; ``no_percent``, the number of pixels with a ``change`` but no
        ``change_percent`` (0 where it is not wanted); ``members``, the sum over the pixels of the contextual test of
        how many pixels each is tested with, and ``opposed``, the number of those whose ``p_value`` is below `LEVEL` and
        whose slope runs against ``s`` (both 0 without that test).
    """
    limits = LIMITS if options.get("confidence") is not None else ()
    asked = RESULTS if wanted is None else {*RESULTS, *CHANGES, *LEAST_SQUARES}.intersection(wanted)
    names = {*asked, "slope", "p_value", "outcome", *limits}
    contextual = isinstance(stack, Surrounded)
    block, own_p = trend_of(stack, wanted={*names, "s"} if contextual else names, **options)
    counted = counted_significance(block, len(options["years"]), own_p)
    counted["members"] = int(np.sum(block.pop("members", 0)))
    outcome = block.pop("outcome")
    if adjustment is not None:
        block["p_value"] = adjustment.apply(block["p_value"], outcome)
    block["class"] = trend_class(block["slope"], block["p_value"])
    against = contextual and (np.sign(block["slope"]) * np.sign(block["s"]) < 0) & (block["p_value"] < LEVEL)
    counted["opposed"] = int(np.count_nonzero(against))
    sloped = ~np.isnan(block["slope"])
    lost = sloped & np.isnan(block["p_value"])
    counted["no_percent"] = 0
    if "change_percent" in block:
        counted["no_percent"] = int(np.count_nonzero(sloped & np.isnan(block["change_percent"])))
    return {**block, **counted, **areas_of_map(block["class"], FIRST_CLASS, LAST_CLASS, lost, cell_area, regions)}
