"""What a series does at its break: the slopes and medians of its two parts, and the class of the turn."""

from __future__ import annotations

import numpy as np

from ..checkpoint import checkpoint
from ..trend.medians import median
from ..trend.theil_sen import trend

TURN_NODATA = -32768
NO_TURN = 0

#: In the order of a legend, from the most to the least welcome where more is better.
TURN_LABELS = {
    2: "Decrease to increase",
    3: "Faster increase",
    4: "Slower increase",
    7: "One part without slope",
    6: "Slower decrease",
    5: "Faster decrease",
    1: "Increase to decrease",
    NO_TURN: "No significant break",
}
#: The classes of Pettitt's test.
STEP_LABELS = {8: "Step up", 9: "Step down", NO_TURN: "No significant break"}

#: What is told of the two parts, first and second.
SLOPES, PART_P = ("slope_before", "slope_after"), ("p_before", "p_after")


def slopes_of_parts(stack: np.ndarray, years: np.ndarray, last: np.ndarray, chosen: np.ndarray) -> dict:
    """Theil-Sen slope and Mann-Kendall p of both parts of each series.

    Parameters
    ----------
    stack : float array (n, pixels)
        NaN is missing.
    years : array (n,)
    last : int array (pixels,)
        Place of the last step of the first part.
    chosen : bool array (pixels,)
        The series to look at.

    Returns
    -------
    dict of float64 arrays (pixels,)
        `SLOPES` and `PART_P`; NaN where not chosen, or where a part has a single value.
    """
    found = {name: np.full(last.shape, np.nan) for name in (*SLOPES, *PART_P)}
    for parts, members in _parts(stack, last, chosen):
        for steps, slope, p_value in zip(parts, SLOPES, PART_P):
            each = trend(stack[steps, members], years[steps], min_observations=2, wanted=("slope", "p_value"))
            found[slope][members], found[p_value][members] = each["slope"], each["p_value"]
    return found


def turn(slope_before: np.ndarray, slope_after: np.ndarray) -> np.ndarray:
    """Class of a significant change of slope: one of the codes of `TURN_LABELS`, int16; NaN gives `NO_TURN`.

    Parts with equal slopes, as beside a step, count as slower.
    """
    rises, falls = (slope_before > 0, slope_after > 0), (slope_before < 0, slope_after < 0)
    faster = np.abs(slope_after) > np.abs(slope_before)
    code = np.zeros(slope_before.shape, dtype=np.int16)
    code[rises[0] & falls[1]] = 1
    code[falls[0] & rises[1]] = 2
    code[rises[0] & rises[1]] = 4
    code[rises[0] & rises[1] & faster] = 3
    code[falls[0] & falls[1]] = 6
    code[falls[0] & falls[1] & faster] = 5
    code[(slope_before == 0) | (slope_after == 0)] = 7
    return code


def step(stack: np.ndarray, last: np.ndarray, upwards: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Class of a significant step: one of the codes of `STEP_LABELS`, int16, by the medians of the two parts.

    Parameters
    ----------
    stack, last, chosen
        As for `slopes_of_parts`; not chosen gives `NO_TURN`.
    upwards : bool array (pixels,)
        Whether the ranks go up, which decides where the medians are equal.
    """
    code = np.zeros(last.shape, dtype=np.int16)
    for parts, members in _parts(stack, last, chosen):
        before, after = (median(values, np.isfinite(values)) for values in (stack[steps, members] for steps in parts))
        up = (after > before) | ((after == before) & upwards[members])
        code[members] = np.where(up, 8, 9)
    return code


def _parts(stack: np.ndarray, last: np.ndarray, chosen: np.ndarray):
    """The steps of both parts, as slices, and the chosen series (index) that are divided there."""
    for place in np.unique(last[chosen]).tolist():
        checkpoint()
        yield (slice(0, place + 1), slice(place + 1, len(stack))), np.flatnonzero(chosen & (last == place))
