"""Ranks of the values of every pixel at once."""

from __future__ import annotations

import numpy as np

#: Up to so many steps the counts of smaller and of larger values fit into a byte.
_STEPS_OF_A_BYTE = 128


def rank_balance(values: np.ndarray) -> np.ndarray:
    """For each value how many of its series are smaller less how many are larger.

    Parameters
    ----------
    values : array (n, pixels)
        NaN is missing.

    Returns
    -------
    int8 or int32 array (n, pixels)
        ``2 r - (m + 1)``, with r the rank among the m values of a pixel (the mean of the ranks where values are equal):
        a whole number, whose sum over a pixel is 0. It is 0 where a value is missing.
    """
    n, pixels = values.shape
    balance = np.zeros((n, pixels), dtype=np.int8 if n <= _STEPS_OF_A_BYTE else np.int32)
    for step in range(1, n):
        sign = (values[step] > values[:step]).view(np.int8) - (values[step] < values[:step]).view(np.int8)
        balance[:step] -= sign
        balance[step] = np.add.reduce(sign, axis=0, dtype=balance.dtype)
    return balance
