"""Leaving out the cells beyond an area."""

from __future__ import annotations

import numpy as np


def mask_block(stack, regions=None, *, missing: float = np.nan) -> np.ndarray:
    """A stack whose cells outside of all regions are missing.

    Parameters
    ----------
    stack : array (n, rows, cols)
    regions : (cells, regions), optional
        As a ZoneReader reads them; without them nothing is left out.
    missing : float
        The value of what is left out, of the stack's own type.
    """
    if regions is None:
        return stack
    outside = np.ones(stack.shape[1] * stack.shape[2], dtype=bool)
    outside[regions[0]] = False
    masked = np.array(stack)
    masked[:, outside.reshape(stack.shape[1:])] = missing
    return masked


def mask_like(stack, like) -> np.ndarray:
    """A stack that is NaN where another of its shape is."""
    return np.where(np.isnan(like), np.nan, stack)
