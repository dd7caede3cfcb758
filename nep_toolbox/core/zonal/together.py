"""Zonal sums of several series over the cells that all of them have."""

from __future__ import annotations

import numpy as np

from .blocks import zonal_block


def zonal_blocks_together(stacks: tuple, cell_area, regions=None) -> tuple:
    """The `zonal_block` of each of several series, of the cells in which all have a value in that step.

    Parameters
    ----------
    stacks : tuple of arrays (n, rows, cols)
        NaN and infinite values are missing.
    cell_area, regions
        As for `zonal_block`.

    Returns
    -------
    tuple of PatchSums
    """
    valid = [np.isfinite(values) for values in stacks]
    together = np.logical_and.reduce(valid)
    return tuple(
        zonal_block(values if np.array_equal(own, together) else np.where(together, values, np.nan), cell_area, regions)
        for values, own in zip(stacks, valid)
    )
