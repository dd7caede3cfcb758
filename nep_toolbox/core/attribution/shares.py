"""How a trend is shared between what the drivers explain and the rest: the six cases of residual trends."""

from __future__ import annotations

import numpy as np

CLASS_NODATA = -32768

#: Neither part has the sign of the trend, which only slopes can do that do not add up.
NOT_SEPARABLE = 9

#: In the order of the legend.
CLASS_LABELS = {
    1: "Increase: climate and the rest",
    2: "Increase: climate",
    3: "Increase: the rest",
    -1: "Decrease: climate and the rest",
    -2: "Decrease: climate",
    -3: "Decrease: the rest",
    0: "No change",
    NOT_SEPARABLE: "Not separable",
}


def shares(slope, climate, residual) -> tuple[np.ndarray, np.ndarray]:
    """Class and share of each pixel.

    Parameters
    ----------
    slope, climate, residual : float arrays of one shape
        Slopes of the target, of its climate series and of its residual series; NaN in any is missing.

    Returns
    -------
    classes : int16 array
        The codes of `CLASS_LABELS`, `CLASS_NODATA` where a slope is missing: 1 / -1 where both parts have the sign of
        the trend, 2 / -2 where only that of climate has, 3 / -3 where only the rest has.
    share : float64 array
        The part of climate in percent of both: 100 or 0 where only one has the sign of the trend, NaN where there is
        no trend or it is not separable. The rest has what is left to 100.
    """
    slope, climate, residual = (np.asarray(each, dtype=np.float64) for each in (slope, climate, residual))
    missing = np.isnan(slope) | np.isnan(climate) | np.isnan(residual)
    sign = np.sign(np.where(missing, 0.0, slope))
    by_climate, by_rest = sign * climate > 0, sign * residual > 0
    kind = np.select([by_climate & by_rest, by_climate, by_rest], [1, 2, 3], 0)
    classes = (kind * sign).astype(np.int16)
    classes[(kind == 0) & (sign != 0)] = NOT_SEPARABLE
    classes[missing] = CLASS_NODATA
    with np.errstate(divide="ignore", invalid="ignore"):
        part = 100.0 * climate / (climate + residual)
    share = np.select([kind == 1, kind == 2, kind == 3], [part, 100.0, 0.0], np.nan)
    return classes, share
