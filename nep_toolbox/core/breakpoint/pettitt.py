"""Pettitt's test for a step: the place that divides a series into a lower and a higher part best, by ranks.

Reference
---------
Pettitt, A. N. (1979). doi:10.2307/2346729
"""

from __future__ import annotations

import numpy as np

from ..ranks import rank_balance

#: Up to so many steps a quarter of their number's third power, and what `pettitt` adds to it, is an int32.
_STEPS_OF_INT32 = 2000


def pettitt(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The statistic of complete series and where it is reached.

    Parameters
    ----------
    values : array (n, pixels)
        No NaN.

    Returns
    -------
    statistic : int array (pixels,)
        K, the largest absolute value of U; negative where the first part is the lower one, and 0 for a constant series.
    last : int array (pixels,)
        Place of the last step of the first part, counted from 0: the first at which |U| is K.

    Notes
    -----
    U_k is the sum over the first k steps of 2 r - (n + 1), with r the rank among all values (means for ties): that is
    the number of smaller less that of larger values, a whole number.
    """
    n, pixels = values.shape
    # |U| and the place in one number, |U| first and the earlier place before the later: the largest tells both.
    whole = np.int32 if n <= _STEPS_OF_INT32 else np.int64
    scaled, step = np.zeros(pixels, dtype=whole), np.empty(pixels, dtype=whole)
    falling, rising = np.full((2, pixels), -1, dtype=whole)
    for place, balance in enumerate(rank_balance(values)[:-1]):
        scaled += np.multiply(balance, whole(n), out=step, dtype=whole)
        np.maximum(falling, np.add(scaled, n - 1 - place, out=step), out=falling)
        np.maximum(rising, np.subtract(n - 1 - place, scaled, out=step), out=rising)
    size, last = np.divmod(np.maximum(falling, rising), n)
    return np.where(rising > falling, -size, size), n - 1 - last


def approximate_p(statistic: np.ndarray, n: int) -> np.ndarray:
    """Pettitt's approximation of the p of a statistic.

    Parameters
    ----------
    statistic : array of any shape
        From series of ``n`` values; its sign does not matter.
    n : int

    Returns
    -------
    float64 array of the shape of ``statistic``
        ``min(1, 2 exp(-6 K^2 / (n^3 + n^2)))``. It is too large in short series: of white noise of 20 values 1.6 %
        have a p below 0.05.
    """
    k = np.asarray(statistic, dtype=np.float64)
    return np.minimum(1.0, 2.0 * np.exp(-6.0 * k * k / (float(n) ** 3 + float(n) ** 2)))
