"""Leaving out the cells beyond an area."""

from __future__ import annotations

import numpy as np


def mask_block(stack, regions=None, *, missing: float = np.nan) -> np.ndarray:
    """A stack whose cells outside of all regions are missing.

    Parameters
    ----------
    stack : array (n, rows, cols)
    regions : Labels, optional
        As a ZoneReader reads them; without them nothing is left out.
    missing : float
        The value of what is left out, of the stack's own type.
    """
    if regions is None:
        return stack
    masked = np.array(stack)
    masked[:, regions.of_cell == 0] = missing
    return masked


def mask_like(stack, like) -> np.ndarray:
    """A stack that is NaN where another of its shape is."""
    return np.where(np.isnan(like), np.nan, stack)
