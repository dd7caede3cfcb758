"""Five ways to cut a continuous factor into classes.

A cut with breaks ``b_0 < b_1 < ... < b_m`` has m classes; class j is the smallest j >= 1 with ``x <= b_j``. The first
and the last break are the minimum and the maximum themselves, so every value has a class.

References
----------
Song, Y., Wang, J., Ge, Y. and Xu, C. (2020). An optimal parameters-based geographical detector model enhances
geographic characteristics of explanatory variables for spatial heterogeneity analysis. GIScience & Remote Sensing 57,
593-610. doi:10.1080/15481603.2020.1760434
Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages. Am. Stat. 50, 361-365.
doi:10.1080/00031305.1996.10473566
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, Optional

import numpy as np

from ...errors import InvalidParameter
from .natural_breaks import natural_breaks

METHODS = ("equal", "natural", "quantile", "geometric", "sd")

Breaks = Optional[np.ndarray]


def find_breaks(
    sorted_values: np.ndarray,
    method: str,
    classes: Sequence[int],
    step: Callable[[float], None] | None = None,
) -> dict[int, Breaks]:
    """Breaks of one method for several numbers of classes.

    Parameters
    ----------
    sorted_values : float array (n,)
        Finite, ascending.
    method : str
        One of `METHODS`.
    classes : sequence of int
        The numbers of classes asked for, each at least 2.
    step : callable, optional
        Called with the fraction done while natural breaks are searched; may raise to cancel.

    Returns
    -------
    dict of int to float array or None
        For each number asked for the breaks, strictly ascending, or None where the method has no such cut. ``quantile``
        and ``sd`` may have more classes than were asked for. Natural breaks have none where the best first class holds
        the minimum alone: its two breaks would coincide.

    Raises
    ------
    InvalidParameter
        Unknown method, or fewer than two classes.
    """
    if method not in METHODS:
        raise InvalidParameter(f"there is no method '{method}' of discretisation: choose from {', '.join(METHODS)}")
    if any(k < 2 for k in classes):
        raise InvalidParameter("a cut has at least 2 classes: ask for more")
    values = np.asarray(sorted_values, dtype=np.float64)
    if not values.size or values[0] == values[-1]:
        return dict.fromkeys(classes)
    if method == "natural":
        return {k: _with_ends(breaks, values) for k, breaks in natural_breaks(values, classes, step).items()}
    cut = {"equal": equal_breaks, "quantile": quantile_breaks, "geometric": geometric_breaks, "sd": sd_breaks}[method]
    return {k: _with_ends(cut(values, k), values) for k in classes}


def _with_ends(breaks: Breaks, values: np.ndarray) -> Breaks:
    """Put the minimum and the maximum where rounding may have missed them; None if two breaks coincide."""
    if breaks is None:
        return None
    breaks = np.array(breaks, dtype=np.float64)
    breaks[0], breaks[-1] = values[0], values[-1]
    return breaks if np.all(np.diff(breaks) > 0) else None


def equal_breaks(values: np.ndarray, classes: int) -> np.ndarray:
    """``min + j (max - min) / k``, j = 0 .. k."""
    return values[0] + np.arange(classes + 1) * ((values[-1] - values[0]) / classes)


def quantile_breaks(values: np.ndarray, classes: int) -> Breaks:
    """Linear (type 7) quantiles at i / k.

    Where ties make some coincide, the probabilities become more, one at a time, until k + 1 quantiles are distinct.
    None if as many probabilities as values do not do, which takes fewer than k + 1 distinct values.
    """
    points = classes + 1
    breaks = _quantiles(values, points)
    if breaks.size < points:
        points = _enough_points(values, classes)
        if points is None:
            return None
        breaks = _quantiles(values, points)
    return breaks if breaks.size > classes else None


def _quantiles(values: np.ndarray, points: int) -> np.ndarray:
    """Distinct quantiles at ``points`` equally spaced probabilities.

    The positions are whole numbers of steps: a quantile that is one of the values is that value to the last bit, on
    which it depends in which class the value falls.
    """
    low, rest = np.divmod(np.arange(points, dtype=np.int64) * (values.size - 1), points - 1)
    high = np.minimum(low + 1, values.size - 1)
    return np.unique(values[low] + (values[high] - values[low]) * (rest / (points - 1)))


def _enough_points(values: np.ndarray, classes: int) -> int | None:
    """The least number of probabilities above k + 1 whose quantiles hold k + 1 distinct values.

    Quantiles coincide only inside a run of equal values. While fewer than k + 1 are distinct, no more than k runs are
    as long as the spacing of the probabilities; so counting in the k longest runs is enough, and every number of
    probabilities up to n (where each value is its own quantile) can be judged without computing a quantile.
    """
    first = np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))
    if first.size < classes:  # some class would be empty
        return None
    length = np.diff(np.append(first, values.size))
    runs = np.argsort(-length, kind="stable")[:classes]
    first = first[runs]
    final = first + length[runs] - 1
    steps = values.size - 1
    fewest = classes + 2
    while fewest <= values.size:
        points = np.arange(fewest, min(2 * fewest, values.size) + 1, dtype=np.int64)[:, None]
        inside = final * (points - 1) // steps + (-first * (points - 1)) // steps + 1
        distinct = points[:, 0] - np.maximum(inside - 1, 0).sum(axis=1)
        enough = np.flatnonzero(distinct > classes)
        if enough.size:
            return int(points[enough[0], 0])
        fewest = int(points[-1, 0]) + 1
    return None


def geometric_breaks(values: np.ndarray, classes: int) -> Breaks:
    """Breaks whose distances grow by a constant ratio away from zero.

    Without negative values ``(1 + min) r^j - 1`` with ``r^k = (1 + max) / (1 + min)``; without positive values the
    mirror image. With both, each side has its own ratio, ``(1 + reach)^(j / m) - 1`` for j = 1 .. m, and zero is no
    break; the longer side gets ``floor((k + 1) / (1 + shorter / longer))`` of the k + 1 breaks.
    """
    low, high = values[0], values[-1]
    if low >= 0:
        return np.expm1(np.linspace(np.log1p(low), np.log1p(high), classes + 1))
    if high <= 0:
        return -np.expm1(np.linspace(np.log1p(-low), np.log1p(-high), classes + 1))
    shorter, longer = sorted((-low, high))
    many = int((classes + 1) / (1 + shorter / longer))
    few = classes + 1 - many
    negative, positive = (many, few) if -low >= high else (few, many)
    below = np.expm1(np.log1p(-low) * np.arange(negative, 0, -1) / max(negative, 1))
    above = np.expm1(np.log1p(high) * np.arange(1, positive + 1) / max(positive, 1))
    return np.concatenate((-below, above))


def sd_breaks(values: np.ndarray, classes: int) -> Breaks:
    """Multiples of the standard deviation on both sides of the mean, inside the range, and the two ends.

    The offsets are s steps with s = m - 3, m - 5, ... down to 0 or 1, a step being half a standard deviation for
    m <= 7 and a quarter beyond; m grows from k + 1 until there are k classes or more. None if the range is too short
    against the standard deviation for that.
    """
    low, high, mean = values[0], values[-1], values.mean()
    deviation = values.std(ddof=1)
    reach = max(high - mean, mean - low)
    if not 0 < deviation <= reach < np.inf:  # beyond the range of floating-point numbers
        return None
    m = classes + 1
    while True:
        step = deviation * (0.5 if m <= 7 else 0.25)
        offsets = np.arange((m - 3) % 2, m - 2, 2) * step
        inner = np.unique(np.concatenate((mean - offsets, mean + offsets)))
        inner = inner[(inner > low) & (inner < high)]
        if inner.size >= classes - 1:
            return np.concatenate(([low], inner, [high]))
        # beyond the range of either parity of s nothing is to be gained
        if m > 8 and (m - 4) * step > reach:
            return None
        m += 1


def classify(values: np.ndarray, breaks: np.ndarray) -> np.ndarray:
    """Class of each value, 0 .. k - 1: how many of the inner breaks lie below it."""
    return np.searchsorted(breaks[1:-1], values, side="left")
