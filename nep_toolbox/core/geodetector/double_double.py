"""Running sums carried as a high and a low part: about 32 digits, vectorised.

References
----------
Dekker, T. J. (1971). A floating-point technique for extending the available precision. Numer. Math. 18, 224-242.
doi:10.1007/BF01397083
"""

from __future__ import annotations

import numpy as np

_SPLITTER = 134217729.0  # 2**27 + 1


def halves(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split each number into two of at most 26 digits whose sum is the number."""
    shifted = _SPLITTER * a
    high = shifted - (shifted - a)
    return high, a - high


def product(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rounded product and its exact rounding error."""
    rounded = a * b
    a_high, a_low = halves(a)
    b_high, b_low = halves(b)
    return rounded, ((a_high * b_high - rounded) + a_high * b_low + a_low * b_high) + a_low * b_low


def difference(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rounded difference and its exact rounding error."""
    rounded = a - b
    taken = rounded - a
    return rounded, (a - (rounded - taken)) - (b + taken)


def cumulative(terms: np.ndarray, errors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the running sums ``0, t0, t0 + t1, ...`` of ``terms + errors`` as high and low parts, (n + 1,) each."""
    high = np.zeros(terms.size + 1)
    low = np.zeros(terms.size + 1)
    np.cumsum(terms, out=high[1:])
    before, after = high[:-1], high[1:]
    taken = after - before
    np.cumsum((before - (after - taken)) + (terms - taken) + errors, out=low[1:])
    return high, low
