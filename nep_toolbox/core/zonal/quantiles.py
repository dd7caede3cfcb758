"""Exact quantiles of zones, weighted by area, of rasters that do not fit into memory.

The values are not kept. Each reading of the raster sorts them into bins between edges, which are then drawn closer
around the quantiles, until every bin that holds one holds equal values only. Edges are laid evenly over the numbers
that a computer can tell apart, not over the values: so a few readings are enough whatever the values are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from ..labels import Labels
from .fractions import Fractions

#: Bins of all steps and zones together, and of each of them at most and at least.
ALL_BINS, MOST_BINS, LEAST_BINS = 2**19, 1024, 16

#: Weights that add up to a share of all weights within this are taken for exactly that share.
ROUNDING = 1e-12

_HIGHEST = np.uint64(2**63)


class Bins(NamedTuple):
    """What the bins hold, arrays (n, zones, bins).

    Attributes
    ----------
    weights : float64
        Sum of the weights of the values.
    sample : float64
        One of the values; of an empty bin 0.
    mixed : bool
        Whether there are others.
    """

    weights: np.ndarray
    sample: np.ndarray
    mixed: np.ndarray

    @classmethod
    def empty(cls, shape: tuple) -> Bins:
        """Bins before the first block."""
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool))

    def add(self, other: Bins) -> None:
        """Add what the bins of another block hold."""
        both = (self.weights > 0) & (other.weights > 0)
        self.mixed[...] |= other.mixed | (both & (self.sample != other.sample))
        np.copyto(self.sample, other.sample, where=other.weights > 0)
        self.weights[...] += other.weights


def binned_block(stack, cell_area, regions: Labels | Fractions | None = None, *, edges: np.ndarray, unit: float,
                 common_mask: bool = False) -> Bins:
    """`Bins` of a block.

    Parameters
    ----------
    stack, cell_area, regions, common_mask
        As for `zonal_block`.
    edges : float64 array (n, zones, bins)
        Where the bins of each step and zone begin, ascending; NaN where none are asked for. No value is below the
        first; the last bin has no upper end. Zone 0 is the whole raster, zone k + 1 region k.
    unit : float
        Areas are divided by it: cells that have this area have weights whose sums are exact.
    """
    found, last = Bins.empty(edges.shape), edges.shape[2]
    area = np.broadcast_to(cell_area, stack.shape[1:]).ravel() / unit
    flat = stack.reshape(len(stack), -1)
    whole = np.isfinite(flat).all(axis=0) if common_mask else None
    for zone, cells, shares in _members(regions, area.size):
        weights = area[cells] * shares
        if whole is not None:
            cells, weights = cells[whole[cells]], weights[whole[cells]]
        for step in np.flatnonzero(~np.isnan(edges[:, zone, 0])).tolist():
            checkpoint()
            values = flat[step].take(cells)
            valid = np.isfinite(values)
            values = values[valid]
            place = np.searchsorted(edges[step, zone], values, side="right") - 1
            sample = found.sample[step, zone]
            sample[place] = values
            found.weights[step, zone] = np.bincount(place, weights[valid], last)
            found.mixed[step, zone][place[values != sample[place]]] = True
    return found


def _members(regions: Labels | Fractions | None, size: int):
    """For each zone of a block its number, its cells, and their shares or 1."""
    yield 0, np.arange(size), 1.0
    if regions is None:
        return
    labels = regions.labels if isinstance(regions, Fractions) else regions
    cells, region = labels.pairs()
    shares = np.ones(cells.size)
    if isinstance(regions, Fractions):
        cells, region, shares = (
            np.concatenate(each) for each in zip((cells, region, shares), regions[1:])
        )
        order = np.argsort(region, kind="stable")
        cells, region, shares = cells[order], region[order], shares[order]
    numbers, starts = np.unique(region, return_index=True)
    for number, *here in zip(numbers.tolist(), *(np.split(each, starts[1:]) for each in (cells, shares))):
        yield (number + 1, *here)


class QuantileSearch:
    """Draws edges closer around quantiles.

    A quantile q is the first of the sorted values at which the cumulative weight W_i reaches q times the weight of all,
    W_n; where W_i is q W_n it is the mean of this value and the next. This is the quantile of
    ``numpy.quantile(method="inverted_cdf", weights=...)``, but for that mean.

    Parameters
    ----------
    shares : sequence of float
        The quantiles, 0 to 1.
    minimum, maximum : float64 arrays (n, zones)
        Of the values; NaN where there are none.

    Attributes
    ----------
    edges : float64 array (n, zones, bins)
        For the next `binned_block`; NaN where all is known.
    found : float64 array (quantiles, n, zones)
        NaN where there are no values, or not yet.
    """

    def __init__(self, shares, minimum: np.ndarray, maximum: np.ndarray):
        self._shares = np.asarray(shares, dtype=np.float64)
        fewest = max(LEAST_BINS, 8 * self._shares.size)
        self._bins = min(max(ALL_BINS // max(minimum.size, 1), fewest), max(MOST_BINS, fewest))
        self._end = _key(maximum) + np.uint64(1)  # behind the last value
        self.found = np.full((self._shares.size, *minimum.shape), np.nan)
        self.edges = np.full((*minimum.shape, self._bins), np.nan)
        self._first = _key(minimum)
        for step, zone in np.argwhere(~np.isnan(minimum)).tolist():
            self._lay(step, zone, np.array([[self._first[step, zone], self._end[step, zone]]]), np.ones(1, dtype=bool))

    @property
    def done(self) -> bool:
        """Whether all quantiles are found."""
        return bool(np.isnan(self.edges[..., 0]).all())

    def narrow(self, bins: Bins) -> None:
        """Take what the bins between the edges hold."""
        for step, zone in np.argwhere(~np.isnan(self.edges[..., 0])).tolist():
            checkpoint()
            weights, sample, mixed = (each[step, zone] for each in bins)
            first, last = np.flatnonzero(weights)[[0, -1]]
            sums = np.cumsum(weights)
            reached = np.outer((1.0 - ROUNDING, 1.0 + ROUNDING), self._shares * sums[-1])
            place = np.clip(np.searchsorted(sums, reached), first, last)
            if not mixed[place].any():
                low, high = sample[place]
                self.found[:, step, zone] = np.where(low == high, low, 0.5 * low + 0.5 * high)
                self.edges[step, zone] = np.nan
                continue
            place = np.unique(place)
            keys = np.append(_key(self.edges[step, zone]), self._end[step, zone])
            keys = np.minimum(keys, self._end[step, zone])
            self._lay(step, zone, np.stack([keys[place], keys[place + 1]], axis=1), mixed[place])

    def _lay(self, step: int, zone: int, limits: np.ndarray, mixed: np.ndarray) -> None:
        """New edges within some bins (k,), given by their first key and that behind their last: those that are mixed
        are cut into equal parts."""
        many = np.count_nonzero(mixed)
        parts = (self._bins - 1 - 2 * (mixed.size - many)) // many - 1
        shares, laid = np.arange(parts) / parts, [self._first[step, zone][np.newaxis]]
        for (low, high), cut in zip(limits[:, :, np.newaxis], mixed):
            laid += [low + ((high - low) * shares).astype(np.uint64) if cut else low, high]
        laid = _number(np.concatenate(laid))
        self.edges[step, zone] = np.inf
        self.edges[step, zone, : laid.size] = laid


def _key(numbers: np.ndarray) -> np.ndarray:
    """Numbers as integers of the same order, one apart where no other float64 lies between (uint64)."""
    bits = np.ascontiguousarray(numbers, dtype=np.float64).view(np.uint64)
    return np.where(bits >= _HIGHEST, ~bits, bits | _HIGHEST)


def _number(keys: np.ndarray) -> np.ndarray:
    """The numbers of `_key`."""
    return np.where(keys >= _HIGHEST, keys ^ _HIGHEST, ~keys).view(np.float64)
