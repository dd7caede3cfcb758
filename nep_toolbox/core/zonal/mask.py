"""Leaving out the cells beyond an area."""

from __future__ import annotations

import numpy as np


def clip_block(stack, pairs=None, *, missing: float = np.nan) -> np.ndarray:
    """A stack whose cells outside of all regions are missing.

    Parameters
    ----------
    stack : array (n, rows, cols)
    pairs : (cells, regions), optional
        As a ZoneReader reads them; without them nothing is left out.
    missing : float
        The value of what is left out, of the stack's own type.
    """
    if pairs is None:
        return stack
    outside = np.ones(stack.shape[1] * stack.shape[2], dtype=bool)
    outside[pairs[0]] = False
    clipped = np.array(stack)
    clipped[:, outside.reshape(stack.shape[1:])] = missing
    return clipped
