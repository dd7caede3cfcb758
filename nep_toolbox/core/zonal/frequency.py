"""How often pixels rise and fall, and the sums of regional means, from one reading of a block."""

from __future__ import annotations

from ..trend.frequency import frequency_block
from .blocks import zonal_block


def regional_frequency_block(stack, cell_area, regions=None, *, tolerance: float = 0.0, counted: bool = False) -> dict:
    """Counts of the pixels of a block, and what the means of the whole raster and of regions need of it.

    Parameters
    ----------
    stack, cell_area, regions
        As for `zonal_block`.
    tolerance : float
        As for `frequency_block`.
    counted : bool
        Whether the areas by count are wanted.

    Returns
    -------
    dict
        That of `frequency_block`, and ``means``, as `zonal_block` gives them.
    """
    return {
        **frequency_block(stack, cell_area if counted else None, tolerance),
        "means": zonal_block(stack, cell_area, regions),
    }
