"""Correlation of two series in a block of a raster, with the areas of its classes and the sums of regional means."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map
from ..field_significance import Adjustment, counted_p
from ..zonal.together import zonal_blocks_together
from .coefficients import CLASS_LABELS, PEARSON, correlation, correlation_class

FIRST_CORRELATION, LAST_CORRELATION = min(CLASS_LABELS), max(CLASS_LABELS)


def correlation_block(
    series, driver, controls=(), cell_area=None, regions=None, *, means: bool = False, alpha: float = 0.05,
    min_observations: int = 8, method: int = PEARSON, adjustment: Adjustment | None = None,
) -> dict:
    """Correlation of two series in one block, and what the tables need of it.

    Parameters
    ----------
    series, driver : arrays (n, rows, cols)
    controls : tuple of arrays (n, rows, cols)
        The series whose influence is taken out of both.
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    means : bool
        Whether the annual means of the whole raster and of the regions are wanted.
    alpha, method, min_observations
        As for `correlation_class` and `correlation`.
    adjustment : Adjustment, optional
        Field significance: ``p_value`` then holds the adjusted p, and the classes follow it.

    Returns
    -------
    dict
        ``r``, ``p_value`` and ``class`` (int16), each (rows, cols); the areas of the classes, as `areas_of_map`, where
        the lost pixels are those with enough observations but no r; ``tested``, the pixels with enough observations;
        ``collinear``, pixels by code of `Correlation`; ``significance``, of p that is not adjusted, as
        `Significance.add` takes it; ``means``, for the series, the driver and each control the `zonal_block` of the
        values that all of them have, empty where none are wanted.
    """
    found = correlation(series, driver, controls, method=method, min_observations=min_observations)
    codes, counts = np.unique(found.collinear[found.collinear != 0], return_counts=True)
    p_value = found.p_value if adjustment is None else adjustment.of(found.p_value)
    classes = correlation_class(found.r, p_value, alpha)
    tested = found.n >= max(min_observations, len(controls) + 3 if controls else 2)
    return {
        "r": found.r,
        "p_value": p_value,
        "class": classes,
        **areas_of_map(
            classes, FIRST_CORRELATION, LAST_CORRELATION, tested & np.isnan(found.r), cell_area, regions
        ),
        "tested": int(np.count_nonzero(tested)),
        "collinear": dict(zip(codes.tolist(), counts.tolist())),
        "significance": {
            "tested": int(np.count_nonzero(np.isfinite(found.p_value))), "significant": counted_p(found.p_value, alpha),
        },
        "means": zonal_blocks_together((series, driver, *controls), cell_area, regions) if means else (),
    }


def p_values_of_block(series, driver, controls=(), **options) -> tuple:
    """How many pixels of a block have each p, as `counted_p`; the options are those of `correlation`."""
    return counted_p(correlation(series, driver, controls, **options).p_value)
