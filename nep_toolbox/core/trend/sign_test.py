"""Whether increases and decreases differ by more than chance."""

from __future__ import annotations

import math

import numpy as np

from ..checkpoint import checkpoint


def sign_test(increases: np.ndarray, decreases: np.ndarray) -> np.ndarray:
    """Exact two-sided binomial test of increases against decreases, ties left out.

    Parameters
    ----------
    increases, decreases : int arrays (k,)
        Counts, not negative.

    Returns
    -------
    float64 array (k,)
        The probability of counts at least as unequal if either were as likely; NaN where nothing rose or fell.

    References
    ----------
    Conover, W. J. (1999). Practical Nonparametric Statistics, 3rd ed., section 3.4.
    """
    return np.array([_p_value(int(up), int(down)) for up, down in zip(increases, decreases)], dtype=np.float64)


def _p_value(up: int, down: int) -> float:
    checkpoint()
    trials = up + down
    if trials == 0:
        return math.nan
    term = tail = 1  # in whole numbers: of all 2 ** trials outcomes, those with at most so many of the rarer kind
    for place in range(min(up, down)):
        term = term * (trials - place) // (place + 1)
        tail += term
    return min(1.0, 2 * tail / 2**trials)
