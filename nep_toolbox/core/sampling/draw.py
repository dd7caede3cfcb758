"""A random sample of cells that depends on a seed alone, not on the blocks in which a raster is walked.

Each cell has a key, a random number made of its own number and the seed. The cells with the smallest keys are the
sample: any cells are as likely to be in it as any others, none is in it twice, and a sample of more cells holds that of
fewer.

References
----------
Steele, G. L., Lea, D. and Flood, C. H. (2014). Fast splittable pseudorandom number generators.
doi:10.1145/2660193.2660195 (the mixing of 64 bits; keys of different cells differ)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ..checkpoint import checkpoint
from ..exact_sums import sums_by_code
from ..landcover.transitions import dense, whole_classes
from .cells import first_region, has_target

_GAMMA = 0x9E3779B97F4A7C15
_BITS = 2**64 - 1

#: A map of classes has no more strata.
MOST_STRATA = 1000

_TOO_MANY = (
    "The strata, {}, have more than {} classes. Give a raster of few classes first in ⟨CLASSES⟩, or sample at random."
)


class Stratum(NamedTuple):
    """Cells that may be drawn.

    Attributes
    ----------
    pixels : int
        How many there are.
    area : int
        Their area, in the unit of `exact_sums`; their number where areas are not asked for.
    keys, numbers : uint64 and int64 arrays (k,)
        Of those with the smallest keys.
    """

    pixels: int
    area: int
    keys: np.ndarray
    numbers: np.ndarray

    def joined(self, other: Stratum) -> Stratum:
        """This and another part of the same stratum."""
        return Stratum(
            self.pixels + other.pixels, self.area + other.area, np.concatenate([self.keys, other.keys]),
            np.concatenate([self.numbers, other.numbers]),
        )

    def smallest(self, count: int) -> Stratum:
        """The stratum with ``count`` cells at most, those of the smallest keys."""
        if len(self.keys) <= count:
            return self
        kept = np.argpartition(self.keys, count - 1)[:count] if count else slice(0)
        return self._replace(keys=self.keys[kept], numbers=self.numbers[kept])


def keys_of(numbers: np.ndarray, seed: int) -> np.ndarray:
    """The keys (uint64) of cells by their numbers: SplitMix64 of the cell's number, begun at a mix of the seed."""
    start = int(_mixed(np.array([(seed * _GAMMA) & _BITS], dtype=np.uint64))[0])
    return _mixed(np.asarray(numbers).astype(np.uint64) * np.uint64(_GAMMA) + np.uint64(start))


def _mixed(keys: np.ndarray) -> np.ndarray:
    """Each number of 64 bits as another one that looks random; two never become one."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        checkpoint()
        keys = (keys ^ (keys >> np.uint64(shift))) * np.uint64(factor)
    return keys ^ (keys >> np.uint64(31))


def draw_block(lattice, target, strata=None, cell_area=None, regions=None, *, groups: tuple, count: int, seed: int,
               title: str = "") -> dict:
    """The cells of a block that may be in the sample.

    Parameters
    ----------
    lattice : (rows, cols, numbers)
        As an EveryNth of every cell reads them: the numbers (height, width) of the cells.
    target, groups, regions
        As for `cells.sample_block`.
    strata : array (1, height, width), optional
        Class of each cell; those without one are not drawn.
    cell_area : array (height, 1) or (height, width), optional
        Area of the cells (m2).
    count : int
        Size of the sample.
    seed : int
    title : str
        What to call the strata in an error.

    Returns
    -------
    dict of int to Stratum
        By class; 0 without ``strata``.
    """
    _rows, _cols, numbers = lattice
    chosen = has_target(target, groups)
    if regions is not None:
        chosen &= first_region(regions) >= 0
    codes = np.zeros(chosen.shape, dtype=np.int64)
    if strata is not None:
        codes, valid = whole_classes(strata[0], title)
        chosen &= valid
    classes, which = dense(codes[chosen])
    checkpoint()
    found = numbers[chosen]
    pixels = np.bincount(which, minlength=len(classes))
    areas = pixels.tolist()
    if cell_area is not None:
        areas = sums_by_code(which, np.broadcast_to(cell_area, chosen.shape)[chosen], len(classes))
    keys, order = keys_of(found, seed), np.argsort(which, kind="stable")
    parts = np.split(order, np.cumsum(pixels)[:-1])
    return {
        int(code): Stratum(int(size), area, keys[part], found[part]).smallest(count)
        for code, size, area, part in zip(classes, pixels, areas, parts)
    }


class Draw:
    """The sample, gathered block by block.

    Parameters
    ----------
    count : int
        Its size.
    title : str
        What to call the strata in an error.
    """

    def __init__(self, count: int, title: str = ""):
        self.count = count
        self.strata: dict = {}
        self._title = title

    def add(self, block: dict) -> None:
        """Add what `draw_block` gives.

        Raises
        ------
        InvalidParameter
            If there are more than `MOST_STRATA` classes.
        """
        for code, stratum in block.items():
            joined = self.strata[code].joined(stratum) if code in self.strata else stratum
            # Now and then, since it takes as long as there are cells.
            self.strata[code] = joined.smallest(self.count) if len(joined.keys) > 2 * self.count else joined
        if len(self.strata) > MOST_STRATA:
            raise InvalidParameter(_TOO_MANY.format(self._title, MOST_STRATA))

    def shares(self) -> dict:
        """How many cells each class gives to the sample, by class in ascending order."""
        ordered = dict(sorted(self.strata.items()))
        return allot(
            self.count, {code: stratum.area for code, stratum in ordered.items()},
            {code: stratum.pixels for code, stratum in ordered.items()},
        )

    def numbers(self) -> np.ndarray:
        """The numbers of the cells of the sample, ascending."""
        drawn = [self.strata[code].smallest(share).numbers for code, share in self.shares().items()]
        return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *drawn]))


def allot(count: int, sizes: dict, available: dict) -> dict:
    """Share a number out in proportion to sizes, by the largest remainders (Hamilton's method).

    Parameters
    ----------
    count : int
        What there is to share out; no more than is available is.
    sizes : dict of int
        By receiver, above 0.
    available : dict of int
        The most that each can take; what it cannot is shared out among the others.

    Returns
    -------
    dict of int
        By receiver. Of equal remainders the first wins.
    """
    given = dict.fromkeys(sizes, 0)
    rest = min(count, sum(available.values()))
    while rest:
        waiting = [each for each in sizes if given[each] < available[each]]
        whole = sum(sizes[each] for each in waiting)
        parts = {each: divmod(rest * sizes[each], whole) for each in waiting}
        left = rest - sum(part for part, _remainder in parts.values())
        first = sorted(waiting, key=lambda each: -parts[each][1])[:left]
        for each in waiting:
            share = min(parts[each][0] + (each in first), available[each] - given[each])
            given[each] += share
            rest -= share
    return given
