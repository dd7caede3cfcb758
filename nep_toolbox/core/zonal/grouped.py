"""Pixels of one block sorted by zone, and sums, minima and maxima over each zone."""

from __future__ import annotations

import numpy as np


class Segments:
    """Zones of the pixels of one block.

    Parameters
    ----------
    zone : int array (p,)
        Index of the zone of each pixel, negative outside of all.

    Attributes
    ----------
    zones : int array (k,)
        The zones that occur, ascending.
    """

    def __init__(self, zone: np.ndarray):
        zone = np.asarray(zone)
        self._order = None
        if zone.size and (zone[0] < 0 or np.any(zone[1:] < zone[:-1])):
            order = np.argsort(zone, kind="stable")
            self._order = order[np.searchsorted(zone[order], 0) :]
            zone = zone[self._order]
        self.zones, self._starts = np.unique(zone, return_index=True)
        self._sizes = np.diff(np.append(self._starts, zone.size))

    def sort(self, values: np.ndarray) -> np.ndarray:
        """Values (p,) of the pixels inside, zone after zone, as float64."""
        values = np.asarray(values)
        return (values if self._order is None else values[self._order]).astype(np.float64, copy=False)

    def sum(self, values: np.ndarray) -> np.ndarray:
        """Sum of sorted values over each zone, added in pairs, so that its error grows with the logarithm only."""
        return np.add.reduceat(values, self._starts)

    def count(self, chosen: np.ndarray) -> np.ndarray:
        """Number of sorted pixels chosen in each zone."""
        return np.add.reduceat(chosen, self._starts, dtype=np.int64)

    def minimum(self, values: np.ndarray) -> np.ndarray:
        """Smallest sorted value of each zone."""
        return np.minimum.reduceat(values, self._starts)

    def maximum(self, values: np.ndarray) -> np.ndarray:
        """Largest sorted value of each zone."""
        return np.maximum.reduceat(values, self._starts)

    def spread(self, per_zone: np.ndarray) -> np.ndarray:
        """One value a zone, repeated for each of its sorted pixels."""
        return np.repeat(per_zone, self._sizes)
