"""Which driver a pixel follows most."""

from __future__ import annotations

import numpy as np

DOMINANT_NODATA = -32768


def dominant_driver(partial_r: np.ndarray, p_value: np.ndarray, alpha: float = 0.05) -> np.ndarray:
    """The driver with the largest partial correlation of those that are significant.

    Parameters
    ----------
    partial_r, p_value : arrays (k, ...)
        Of each driver, the others held constant.
    alpha : float
        Level of significance; significant is ``p_value < alpha``.

    Returns
    -------
    int16 array (...)
        j where the j-th driver (from 1; the first if equal) is dominant and its correlation positive, -j where it is
        negative, 0 where no driver is significant, `DOMINANT_NODATA` where a driver has no result.
    """
    strength = np.where(p_value < alpha, np.abs(partial_r), -1.0)
    place = np.argmax(strength, axis=0)[np.newaxis]
    sign = np.sign(np.nan_to_num(np.take_along_axis(partial_r, place, axis=0)[0]))
    found = np.where(strength.max(axis=0) >= 0, sign * (place[0] + 1), 0).astype(np.int16)
    found[(np.isnan(partial_r) | np.isnan(p_value)).any(axis=0)] = DOMINANT_NODATA
    return found
