"""Sums by land cover of a raster that is one block."""

from __future__ import annotations

from nep_toolbox.core.landcover.patches import landcover_patches
from nep_toolbox.core.landcover.statistics import LandCoverSums, LandCoverTotal


def landcover_sums(values, landcover, which, area, titles=()) -> LandCoverSums:
    """Sums of the only block; the arguments are those of `landcover_patches`."""
    total = LandCoverTotal(which)
    total.add(landcover_patches(values, landcover, which, area, titles), last=True)
    return total.sums
