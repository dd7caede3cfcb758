"""Attribution of a block of a raster, with the areas of its classes and the sums of regional means."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map
from ..trend.serial_correlation import Correction
from ..zonal.together import zonal_blocks_together
from .attribute import OLS, attribute
from .fit_counts import fit_counts
from .regression import DETRENDED, TOO_FEW
from .shares import CLASS_LABELS, CLASS_NODATA

FIRST_CLASS, LAST_CLASS = min(CLASS_LABELS), max(CLASS_LABELS)

#: What R squared is added up in: whole numbers of it, so that no sum depends on the blocks.
UNIT = 2.0**-32


def attribution_block(
    stack, drivers, cell_area=None, regions=None, *, years, method=DETRENDED, slopes=OLS, correction=Correction.NONE,
    min_df=5, max_vif=10.0, alpha: float = 0.05, all_pixels: bool = False, series: bool = True, tested: bool = True,
    means: bool = False,
) -> dict:
    """Attribution of each pixel of a block, and what the tables need of it.

    Parameters
    ----------
    stack : array (n, rows, cols)
        The target; NaN is missing.
    drivers : tuple of k arrays (n, rows, cols)
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    years, method, slopes, correction, min_df, max_vif, series, tested
        As for `attribute`.
    alpha : float
        A trend is significant where its p is below.
    all_pixels : bool
        Whether the share is given where the observed trend is not significant too.
    means : bool
        Whether the annual means of the whole raster and of the regions are wanted.

    Returns
    -------
    dict
        ``slope``, ``slope_climate``, ``slope_residual``, ``share``, ``r_squared``, ``p_value``, ``residual_p``, each
        (rows, cols); ``class`` (int16); with ``series`` ``climate`` and ``residual`` (n, rows, cols); the areas of the
        classes, as `areas_of_map`, where the lost pixels are those with enough years but no fit; ``significant``, the
        same of the cells with a significant observed trend; the `fit_counts`; ``explained``, ``trending`` and
        ``resting``, the pixels with a significant F, observed trend and slope of the rest; ``r_squared_sum`` in whole
        `UNIT`; ``means``, of the target and each driver the `zonal_block` of the values that all of them have, empty
        where none are wanted.
    """
    shape = stack.shape[1:]
    found = attribute(
        stack.reshape(len(stack), -1), [each.reshape(len(each), -1) for each in drivers], years, method=method,
        slopes=slopes, correction=correction, min_df=min_df, max_vif=max_vif, series=series, tested=tested,
    )
    fit, significant = found.fit, found.p_slope < alpha
    classes = found.classes.reshape(shape)
    lost = ((fit.status != TOO_FEW) & np.isnan(fit.slope)).reshape(shape)
    maps = {
        "slope": found.slope, "slope_climate": found.slope_climate, "slope_residual": found.slope_residual,
        "share": found.share if all_pixels else np.where(significant, found.share, np.nan), "class": classes,
        "r_squared": fit.r_squared, "p_value": fit.p_value, "residual_p": found.residual_p,
    }
    of_significant = np.where(significant.reshape(shape), classes, np.int16(CLASS_NODATA))
    return {
        **{name: values.reshape(shape) for name, values in maps.items()},
        **({name: getattr(found, name).reshape(stack.shape) for name in ("climate", "residual")} if series else {}),
        **areas_of_map(classes, FIRST_CLASS, LAST_CLASS, lost, cell_area, regions),
        "significant": areas_of_map(of_significant, FIRST_CLASS, LAST_CLASS, lost & False, cell_area, regions),
        **_counted(found, alpha),
        "means": zonal_blocks_together((stack, *drivers), cell_area, regions) if means else (),
    }


def _counted(found, alpha: float) -> dict:
    """How many pixels of a block have what the log tells."""
    r_squared = found.fit.r_squared[~np.isnan(found.fit.r_squared)]
    return {
        **fit_counts(found.fit),
        "explained": int(np.count_nonzero(found.fit.p_value < alpha)),
        "trending": int(np.count_nonzero(found.p_slope < alpha)),
        "resting": int(np.count_nonzero(found.residual_p < alpha)),
        "r_squared_sum": int(np.rint(r_squared / UNIT).astype(np.int64).sum()),
    }
