"""Exact quantiles of zones, weighted by area, of rasters that do not fit into memory.

The values are not kept. The first reading of the raster sorts them into bins, each further one what lies in the bins
that hold a quantile into finer ones, until such a bin holds equal values only. Bins are laid evenly over the numbers
that a computer can tell apart, not over the values: so a few readings are enough whatever the values are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from ..labels import Labels
from .fractions import Fractions

#: Bins of all steps and zones together, and of each of them at most and at least.
ALL_BINS, MOST_BINS, LEAST_BINS = 2**21, 2**10, 2**6

#: Weights that add up to a share of all weights within this are taken for exactly that share.
ROUNDING = 1e-12

#: Values that are worked on at a time: as float64 they stay in the processor's second cache.
_VALUES = 2**16

_SIGN = np.uint64(2**63)


class Brackets(NamedTuple):
    """Ranges of values that are cut into bins, for each step and zone k of them.

    Attributes
    ----------
    low, high : uint64 arrays (n, zones, k)
        Keys of the first value and of the first behind the last. Both are 0 where there is no range.
    shift : uint64 array (n, zones, k)
        A bin has 2 ** shift keys.
    bins : int
        Of each range.
    """

    low: np.ndarray
    high: np.ndarray
    shift: np.ndarray
    bins: int


class Bins(NamedTuple):
    """What bins hold, arrays (n, zones, k, bins).

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
    def empty(cls, brackets: Brackets) -> Bins:
        """Bins before the first block."""
        shape = (*brackets.low.shape, brackets.bins)
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool))

    def add(self, other: Bins) -> None:
        """Add what the bins of another block hold."""
        there = other.weights > 0
        self.mixed[...] |= other.mixed | (there & (self.weights > 0) & (self.sample != other.sample))
        np.copyto(self.sample, other.sample, where=there)
        self.weights[...] += other.weights


def binned_block(stack, cell_area, regions: Labels | Fractions | None = None, *, brackets: Brackets, unit: float,
                 common_mask: bool = False) -> Bins:
    """`Bins` of a block.

    Parameters
    ----------
    stack, cell_area, regions, common_mask
        As for `zonal_block`.
    brackets : Brackets
        Zone 0 is the whole raster, zone k + 1 region k.
    unit : float
        Areas are divided by it: cells that have this area have weights whose sums are exact.
    """
    found = Bins.empty(brackets)
    area = np.broadcast_to(cell_area, stack.shape[1:]).ravel() / unit
    flat = stack.reshape(len(stack), -1)
    whole = np.isfinite(flat).all(axis=0) if common_mask else None
    for zone, cells, shares in _members(regions):
        if whole is not None:
            kept = whole[cells]
            cells, shares = np.arange(area.size)[cells][kept], np.broadcast_to(shares, kept.shape)[kept]
        weights = area[cells] * shares
        ends = [_ceiling(_number(keys[:, zone]), stack.dtype) for keys in (brackets.low, brackets.high)]
        for step in np.flatnonzero(brackets.high[:, zone].any(axis=1)).tolist():
            values = flat[step][cells]
            for place in np.flatnonzero(brackets.high[step, zone]).tolist():
                checkpoint()
                limits = tuple(end[step, place] for end in ends)
                _sort_in(values, weights, limits, brackets, (step, zone, place), found)
    return found


def _sort_in(values: np.ndarray, weights: np.ndarray, limits: tuple, brackets: Brackets, place: tuple,
             found: Bins) -> None:
    """Sort values into the bins of one range, from the first of its limits to before the second."""
    low, high = limits
    sums, sample, mixed = (each[place] for each in found)
    for start in range(0, values.size, _VALUES):
        some = values[start : start + _VALUES]
        here = np.flatnonzero((some >= low) & (some < high))
        some = some.take(here).astype(np.float64)
        bins = ((_key(some) - brackets.low[place]) >> brackets.shift[place]).view(np.int64)
        before = sums[bins] > 0
        sample[bins[~before]] = some[~before]
        mixed[bins[some != sample.take(bins)]] = True
        sums += np.bincount(bins, weights[start : start + _VALUES].take(here), brackets.bins)


def _members(regions: Labels | Fractions | None) -> Iterator[tuple]:
    """For each zone of a block its number, what selects its cells, and their shares."""
    yield 0, slice(None), 1.0
    if regions is None:
        return
    labels = regions.labels if isinstance(regions, Fractions) else regions
    cells, numbers = labels.pairs()
    shares = np.ones(cells.size)
    if isinstance(regions, Fractions):
        cells, numbers, shares = (np.concatenate(each) for each in zip((cells, numbers, shares), regions[1:]))
        order = np.argsort(numbers, kind="stable")
        cells, numbers, shares = cells[order], numbers[order], shares[order]
    present, starts = np.unique(numbers, return_index=True)
    for number, *members in zip(present.tolist(), *(np.split(each, starts[1:]) for each in (cells, shares))):
        yield (number + 1, *members)


class QuantileSearch:
    """Draws ranges closer around quantiles.

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
    found : float64 array (quantiles, n, zones)
        NaN where there are no values, or not yet.
    brackets : Brackets
        For the next `binned_block`.
    """

    def __init__(self, shares, minimum: np.ndarray, maximum: np.ndarray):
        shares = np.asarray(shares, dtype=np.float64)
        self.found = np.full((shares.size, *minimum.shape), np.nan)
        self._bins = max(min(ALL_BINS // max(minimum.size, 1), MOST_BINS), LEAST_BINS, 4 * shares.size)
        low, high = _key(minimum), _key(maximum)
        self._open = {
            place: _Search(shares, int(low[place]), int(high[place]) + 1)
            for place in map(tuple, np.argwhere(~np.isnan(minimum)).tolist())
        }
        self.brackets = self._laid()

    @property
    def done(self) -> bool:
        """Whether all quantiles are found."""
        return not self._open

    def narrow(self, bins: Bins) -> None:
        """Take what the bins of all ranges hold."""
        for place, search in list(self._open.items()):
            checkpoint()
            search.narrow(*(each[place] for each in bins), self.brackets.shift[place].tolist())
            if not search.ranges:
                low, high = search.values
                self.found[(slice(None), *place)] = np.where(low == high, low, 0.5 * low + 0.5 * high)
                del self._open[place]
        self.brackets = self._laid()

    def _laid(self) -> Brackets:
        """The ranges of all searches; each is cut into a power of 2 of bins."""
        most = max((len(search.ranges) for search in self._open.values()), default=1)
        digits = (self._bins // most).bit_length() - 1
        low, high, shift = np.zeros((3, *self.found.shape[1:], most), dtype=np.uint64)
        for place, search in self._open.items():
            for number, (first, end, _below) in enumerate(search.ranges):
                low[(*place, number)], high[(*place, number)] = first, end
                shift[(*place, number)] = max((end - 1 - first).bit_length() - digits, 0)
        return Brackets(low, high, shift, 2**digits)


class _Search:
    """The search for the quantiles of one step and zone.

    Attributes
    ----------
    ranges : list of (int, int, float)
        Where to look: the first key, the one behind the last, and the weight of all values below.
    values : float64 array (2, quantiles)
        The first values whose cumulative weights reach q W_n, but for rounding, and pass it.
    """

    def __init__(self, shares: np.ndarray, low: int, high: int):
        self.ranges = [(low, high, 0.0)]
        self.values = np.full((2, shares.size), np.nan)
        self._goals = np.outer((1.0 - ROUNDING, 1.0 + ROUNDING), shares)
        self._all = 0.0
        self._range_of = np.zeros(self.values.shape, dtype=int)

    def narrow(self, weights: np.ndarray, sample: np.ndarray, mixed: np.ndarray, shift: list) -> None:
        """Take what the bins (ranges, bins) hold, and look on in those that hold a goal among unlike values."""
        sums = [below + np.cumsum(each) for each, (*_keys, below) in zip(weights, self.ranges)]
        self._all = self._all or sums[0][-1]
        ends = [np.flatnonzero(each)[[0, -1]].tolist() for each in weights[: len(sums)]]
        ranges, self.ranges = self.ranges, []
        for goal in map(tuple, np.argwhere(np.isnan(self.values)).tolist()):
            place = self._range_of[goal]
            first, last = ends[place]
            # Sums of finer bins may fall short of those of coarser ones by a rounding.
            here = min(max(int(np.searchsorted(sums[place], self._goals[goal] * self._all)), first), last)
            if not mixed[place, here]:
                self.values[goal] = sample[place, here]
                continue
            low, high, below = ranges[place]
            low += here << shift[place]
            found = low, min(low + (1 << shift[place]), high), float(sums[place][here - 1]) if here else below
            if found not in self.ranges:
                self.ranges.append(found)
            self._range_of[goal] = self.ranges.index(found)


def _key(numbers: np.ndarray) -> np.ndarray:
    """Numbers as integers of the same order, one apart where no other float64 lies between (uint64)."""
    bits = np.ascontiguousarray(numbers, dtype=np.float64).view(np.uint64)
    turned = (bits.view(np.int64) >> 63).view(np.uint64) | _SIGN  # of a negative number all digits, else the sign
    return bits ^ turned


def _number(keys: np.ndarray) -> np.ndarray:
    """The numbers of `_key`."""
    return np.where(keys >= _SIGN, keys ^ _SIGN, ~keys).view(np.float64)


def _ceiling(numbers: np.ndarray, kind: np.dtype) -> np.ndarray:
    """The least numbers of a type that are not below others: the values that reach the one reach the other."""
    with np.errstate(over="ignore", invalid="ignore"):
        near = numbers.astype(kind)
        return np.where(near >= numbers, near, np.nextafter(near, kind.type(np.inf)))
