"""The members of an ensemble in a block of a raster."""

from __future__ import annotations

import numpy as np

from ..checkpoint import checkpoint
from ..trend.theil_sen import trend
from ..zonal.together import zonal_blocks_together
from .spread import SPREAD, share_above_zero, spread

#: Nodata of ``count``, where no member has a value.
COUNT_NODATA = np.int16(-32768)

#: Pixels that are worked on at a time.
_PIXELS = 2**14


def ensemble_block(
    members, cell_area=None, regions=None, *, years, trended: bool = False, min_observations: int = 8,
) -> dict:
    """What the members say of each pixel of a block.

    Parameters
    ----------
    members : tuple of arrays (n, rows, cols)
        A series each; NaN is missing.
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2), with which sums over regions are given.
    regions : Labels, optional
        As a ZoneReader reads them.
    years : sequence of n numbers
        Of the steps, ascending.
    trended : bool
        Whether the trends are wanted.
    min_observations : int
        The valid values that a member's trend needs in a pixel.

    Returns
    -------
    dict
        (n, rows, cols): ``count`` (int16, `COUNT_NODATA` where there is none) and those of `SPREAD` as `spread` has
        them. ``trend_agreement`` (rows, cols): the `share_above_zero` of the members' Theil-Sen slopes, only where
        wanted. ``values`` (members,): the number of the values of each member; ``in_all``: how many pixels and years
        have one in all members, ``in_several`` those that have a mean, ``agreed`` those of them in which the members
        have one sign; ``trends`` (3,): how many pixels have a trend in `FEWEST` members or more, those of them in which
        all rise, and in which none does. ``sums``: of each member the `zonal_block` of the pixels that all members have
        in that year; empty without areas.
    """
    result = _spread(members)
    if trended:
        options = {"min_observations": min_observations, "wanted": ("slope",)}
        slopes = np.stack([trend(each, years, **options)["slope"] for each in members])
        result["trend_agreement"] = share_above_zero(slopes)
    counted = _counted(members, result)
    result["count"] = np.where(result["count"] > 0, result["count"], COUNT_NODATA)
    sums = () if cell_area is None else zonal_blocks_together(members, cell_area, regions)
    return {**result, **counted, "sums": sums}


def _spread(members) -> dict:
    """The `spread` of every year, in single precision where the members are."""
    n, *shape = members[0].shape
    flat = [each.reshape(n, -1) for each in members]
    found = {key: np.empty(flat[0].shape, np.result_type(*members)) for key in SPREAD}
    found["count"] = np.empty(flat[0].shape, np.int16)
    for year in range(n):
        for start in range(0, flat[0].shape[1], _PIXELS):
            checkpoint()
            part = slice(start, start + _PIXELS)
            for key, values in spread(np.stack([each[year, part] for each in flat])).items():
                found[key][year, part] = values
    return {key: values.reshape(n, *shape) for key, values in found.items()}


def _counted(members, found: dict) -> dict:
    """How many values there are, and in how many pixels the members agree."""
    rising = found.get("trend_agreement", np.full(1, np.nan))
    return {
        "values": np.array([np.count_nonzero(np.isfinite(each)) for each in members]),
        "in_all": np.count_nonzero(found["count"] == len(members)),
        "in_several": np.count_nonzero(~np.isnan(found["mean"])),
        "agreed": np.count_nonzero(found["agreement"] == 100.0),
        "trends": np.array([np.count_nonzero(~np.isnan(rising)), *(np.count_nonzero(rising == p) for p in (100, 0))]),
    }
