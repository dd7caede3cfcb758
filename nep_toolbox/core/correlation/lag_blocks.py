"""The lags of a block of a raster, with the areas of their kinds."""

from __future__ import annotations

import numpy as np

from ..class_areas import areas_of_map
from .lag import DRIVER_CONSTANT, LAG_NODATA, LEAST_YEARS, SERIES_CONSTANT, lag_correlation

#: The code of a pixel in the map of significant lags whose correlation is none.
NOT_SIGNIFICANT = -1

#: Kinds of a lag: each has a row in the areas, by lag and then by kind.
KINDS = ("significant positive", "significant negative", "not significant")


def lag_block(
    series, driver, cell_area=None, regions=None, *, places, years, permutations: int, seed: int, detrend: bool = False,
    min_observations: int = LEAST_YEARS, alpha: float = 0.05,
) -> dict:
    """The strongest lag of each pixel of a block.

    Parameters
    ----------
    series : array (n, rows, cols)
        The series in the years that `lagged_years` gives; NaN is missing.
    driver : array (m, rows, cols)
        The driver in the years that it gives for this.
    cell_area : array (rows, 1) or (rows, cols), optional
        Area of the cells (m2).
    regions : Labels, optional
        As a ZoneReader reads them.
    places, years, permutations, seed, detrend, min_observations
        As for `lag_correlation`.
    alpha : float
        A correlation is significant where p is smaller.

    Returns
    -------
    dict
        ``lag`` (int16), ``r``, ``p_value``, each (rows, cols), and ``r_by_lag`` (lags, rows, cols) as of
        `lag_correlation`; ``significant_lag`` (int16), the lag, or `NOT_SIGNIFICANT`; the areas, as `areas_of_map`, of
        the codes 3 lag + place in `KINDS`, where the lost pixels are those with enough years but no r;
        ``constant_series`` and ``constant_driver``, how many of these have a series that does not change, or a driver.
    """
    found = lag_correlation(
        series, driver, places, years, permutations=permutations, seed=seed, min_observations=min_observations,
        detrend=detrend,
    )
    tested = ~np.isnan(found.p_value)
    significant = tested & (found.p_value < alpha)
    kind = np.where(significant, np.where(found.r > 0, 0, 1), 2)
    codes = np.where(tested, found.lag.astype(np.int32) * len(KINDS) + kind, -1)
    areas = areas_of_map(codes, 0, len(KINDS) * len(places) - 1, found.constant != 0, cell_area, regions)
    return {
        "lag": found.lag,
        "r": found.r,
        "p_value": found.p_value,
        "r_by_lag": found.r_by_lag,
        "significant_lag": np.where(
            significant, found.lag, np.where(tested, NOT_SIGNIFICANT, LAG_NODATA)
        ).astype(np.int16),
        **areas,
        "constant_series": int(np.count_nonzero(found.constant == SERIES_CONSTANT)),
        "constant_driver": int(np.count_nonzero(found.constant == DRIVER_CONSTANT)),
    }
