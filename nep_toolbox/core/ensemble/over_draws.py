"""What draws tell together: mean, spread, quantiles and the share above 0."""

from __future__ import annotations

import numpy as np

from ..sums import sum_over_time

#: The shares of the draws below `lower` and below `upper`: nine of ten lie between them.
LOWER, UPPER = 0.05, 0.95


def over_draws(values: np.ndarray) -> dict:
    """The statistics of each pixel or region over the draws.

    Parameters
    ----------
    values : float64 array (draws, n)
        Two draws or more.

    Returns
    -------
    dict of float64 arrays (n,)
        ``mean``; ``sd``, of a sample (draws - 1); ``lower`` and ``upper``, the `quantiles` `LOWER` and `UPPER`; and
        ``positive``, the share of the draws above 0. NaN where a draw has no finite number.
    """
    lost = ~np.isfinite(values).all(axis=0)
    with np.errstate(invalid="ignore", over="ignore"):
        # From the first draw on, so that draws that are equal have no spread by rounding.
        apart = values - values[0]
        above = sum_over_time(apart) / len(values)
        apart -= above
        sd = np.sqrt(sum_over_time(apart * apart) / (len(values) - 1))
        lower, upper = quantiles(values, (LOWER, UPPER))
    found = {
        "mean": values[0] + above, "sd": sd, "lower": lower, "upper": upper,
        "positive": np.count_nonzero(values > 0, axis=0) / len(values),
    }
    return {name: np.where(lost, np.nan, each) for name, each in found.items()}


def quantiles(values: np.ndarray, shares: tuple) -> np.ndarray:
    """Quantiles along the first axis, linear between neighbouring order statistics (type 7 of Hyndman and Fan 1996,
    doi:10.1080/00031305.1996.10473566).

    Parameters
    ----------
    values : float64 array (draws, n)
    shares : tuple of float
        0 to 1.

    Returns
    -------
    float64 array (shares, n)
    """
    ordered, found = np.sort(values, axis=0), []
    for share in shares:
        place = share * (len(values) - 1)
        below = int(place)
        low, high = ordered[below], ordered[min(below + 1, len(values) - 1)]
        found.append(low + (place - below) * (high - low))
    return np.stack(found)
