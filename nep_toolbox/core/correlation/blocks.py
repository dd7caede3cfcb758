"""Correlation of two series in a block of a raster, with the areas of its classes and the sums of regional means."""

from __future__ import annotations

import numpy as np

from ..class_areas import class_sums
from ..zonal.blocks import zonal_block
from .coefficients import CLASS_LABELS, correlation_class, partial, pearson

FIRST_CORRELATION, LAST_CORRELATION = min(CLASS_LABELS), max(CLASS_LABELS)


def correlation_block(x, y, *others, controls: int = 0, means: bool = False, alpha: float = 0.05,
                      min_observations: int = 8) -> dict:
    """Correlation of two series in one block, and what the tables need of it.

    Parameters
    ----------
    x, y : arrays (n, rows, cols)
    others : arrays
        The control series, each (n, rows, cols); then, where given, the cell areas (rows, 1) in m2 and the pairs of a
        ZoneReader.
    controls : int
        Number of control series.
    means : bool
        Whether the annual means of the whole raster and of the regions are wanted.
    alpha, min_observations
        As for `correlation_class` and `pearson`.

    Returns
    -------
    dict
        ``r``, ``p_value`` and ``class`` (int16), each (rows, cols); ``sums``, as `class_sums`; ``tested``, the pixels
        with enough observations; ``collinear``, pixels by code of `PartialCorrelation`; ``means``, for
        each series the `zonal_block` of the values that all series have, empty where none are wanted.
    """
    series = (x, y, *others[:controls])
    cell_area, pairs = (*others[controls:], None, None)[:2]
    if controls:
        found = partial(x, y, others[:controls], min_observations=min_observations)
        codes, counts = np.unique(found.collinear[found.collinear != 0], return_counts=True)
        collinear = dict(zip(codes.tolist(), counts.tolist()))
    else:
        found, collinear = pearson(x, y, min_observations=min_observations), {}
    classes = correlation_class(found.r, found.p_value, alpha)
    return {
        "r": found.r,
        "p_value": found.p_value,
        "class": classes,
        "sums": class_sums(classes, FIRST_CORRELATION, LAST_CORRELATION, cell_area),
        "tested": int(np.count_nonzero(found.n >= max(min_observations, controls + 3 if controls else 2))),
        "collinear": collinear,
        "means": _means(series, cell_area, pairs) if means else (),
    }


def _means(series: tuple, cell_area, pairs) -> tuple:
    together = np.isfinite(series[0])
    for values in series[1:]:
        together &= np.isfinite(values)
    return tuple(zonal_block(np.where(together, values, np.nan), cell_area, pairs) for values in series)
