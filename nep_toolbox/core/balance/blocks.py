"""Sources and sinks, and the variability, of a block of a raster, with the areas of their classes."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map, class_areas
from ..valid_values import lost_pixels
from .budget import budget_block
from .source_sink import FEWEST, LABELS, NODATA, SWITCH_LABELS, source_sink
from .variability import FEWEST as FEWEST_AROUND_LINE
from .variability import variability

#: What coefficients of variation are added up in: whole numbers of it, so that no sum depends on the blocks.
CV_UNIT = 2.0**-32


def source_sink_block(
    stack, cell_area=None, regions=None, *, alpha: float, min_observations: int, budgeted: bool = False
) -> dict:
    """Classes of sources and sinks of a block.

    Parameters
    ----------
    stack : array (n, rows, cols)
        Values in order of time, NaN is missing.
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2); needed for a budget.
    regions : Labels, optional
        As a ZoneReader reads them.
    alpha, min_observations
        As for `source_sink`.
    budgeted : bool
        Whether the sums of the budget are wanted.

    Returns
    -------
    dict
        Those of `source_sink` and of `areas_of_map`; ``switch_areas``, pixels and area of `SWITCH_LABELS` as
        `class_areas` gives them; ``above`` and ``values``, how many of the values of pixels with a class are above 0,
        and how many there are; with ``budgeted`` also ``budget``, as `budget_block` gives it.
    """
    found = source_sink(stack, alpha=alpha, min_observations=min_observations)
    known = found["class"] != NODATA
    lost = lost_pixels(stack, found["mean"], max(min_observations, FEWEST))
    block = {
        **found,
        **areas_of_map(found["class"], min(LABELS), max(LABELS), lost, cell_area, regions),
        "switch_areas": class_areas(found["switch"], min(SWITCH_LABELS), max(SWITCH_LABELS), cell_area),
        "above": int(found["sink_years"][known].sum(dtype=np.int64)),
        "values": int(np.count_nonzero(np.isfinite(stack) & known)),
    }
    return {**block, "budget": budget_block(stack, cell_area, regions)} if budgeted else block


def variability_block(
    stack, cell_area=None, regions=None, *, years, limits: tuple, min_observations: int, detrended: bool = True
) -> dict:
    """Coefficients of variation of a block.

    Parameters
    ----------
    stack, cell_area, regions
        As for `source_sink_block`.
    years, limits, min_observations, detrended
        As for `variability`.

    Returns
    -------
    dict
        Those of `variability` and of `areas_of_map`, where the lost pixels are those with enough values whose mean
        does not differ from 0; and ``cv_sum``, the sum of CV in whole `CV_UNIT`.
    """
    found = variability(stack, years, limits=limits, min_observations=min_observations, detrended=detrended)
    lost = lost_pixels(stack, found["cv"], max(min_observations, FEWEST_AROUND_LINE))
    known = found["cv"][~np.isnan(found["cv"])]
    return {
        **found, **areas_of_map(found["class"], 1, len(limits) + 1, lost, cell_area, regions),
        "cv_sum": int(np.rint(known / CV_UNIT).astype(np.int64).sum()),
    }
