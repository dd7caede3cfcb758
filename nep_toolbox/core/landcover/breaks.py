"""Any quantity cut into classes."""

from __future__ import annotations

import math
import re

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint

_NO_NUMBER = "⟨CLASS_BREAKS⟩ holds '{}', which is no number. Write the breaks as 0,500,1000."
_NO_RISE = "⟨CLASS_BREAKS⟩ holds {:.15g} after {:.15g}. Write the breaks from the lowest to the highest, each once."


def parse_breaks(text: str) -> tuple:
    """Read breaks as a person types them in CLASS_BREAKS: "0,500,1000"; empty for an empty text.

    Raises
    ------
    InvalidParameter
        Where a part is no number, or a break is not above the one before.
    """
    breaks: list = []
    for part in re.split(r"[,;，；、\s]+", text.strip(" ,;，；、\n")):
        if not part:
            continue
        try:
            number = float(part)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise InvalidParameter(_NO_NUMBER.format(part))
        if breaks and number <= breaks[-1]:
            raise InvalidParameter(_NO_RISE.format(number, breaks[-1]))
        breaks.append(number)
    return tuple(breaks)


def cut(stack, breaks: tuple) -> np.ndarray:
    """The class of each value: the number of breaks that it reaches.

    Parameters
    ----------
    stack : float array (n, rows, cols)
        NaN is missing.
    breaks : tuple of float
        Ascending.

    Returns
    -------
    float32 array (n, rows, cols)
        0 below the first break, k from the k-th break on and below the next, their number from the last one on; NaN
        where the value is missing. A break has the precision of the values: among float32 values 0.7 is the float32
        nearest to it.
    """
    stack = np.asarray(stack)
    classes = np.zeros(stack.shape, dtype=np.float32)
    for plane, values in zip(classes, stack):
        checkpoint()
        for limit in np.array(breaks, dtype=stack.dtype):
            plane += values >= limit
        plane[np.isnan(values)] = np.nan
    return classes


def class_labels(breaks: tuple, unit: str = "") -> dict:
    """What the classes of `cut` are called, with the unit of the values: class -> label."""
    suffix = f" {unit}" if unit else ""
    shown = [f"{limit:.15g}" for limit in breaks]
    return {
        0: f"below {shown[0]}{suffix}",
        **{place: f"{low} to {high}{suffix}" for place, (low, high) in enumerate(zip(shown, shown[1:]), start=1)},
        len(shown): f"{shown[-1]}{suffix} and more",
    }
