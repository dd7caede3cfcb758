"""Two series of a raster compared block by block."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..checkpoint import checkpoint
from ..labels import Labels
from ..landcover.transitions import UNTITLED, whole_classes
from ..zonal.grouped import beside, columns, starts_of
from ..zonal.reduction import PATCH, PatchSums, Runs, Total, patch_sums
from .pairs import PairSums, empty_sums, run_sums
from .scores import LEAST

#: The maps of a block.
MAPS = ("bias", "rmse", "simulated", "observed")


def comparison_block(
    simulated, observed, classes=None, *, sign: float = 1.0, title: str = UNTITLED, wanted: tuple = MAPS
) -> dict:
    """What a comparison of two series needs of one block.

    Parameters
    ----------
    simulated, observed : arrays (n, rows, cols)
        Values of n years; NaN and infinite values are missing.
    classes : array (1, rows, cols), optional
        Classes, whole numbers.
    sign : float
        Factor of the observed values: -1 of a flux that counts the other way.
    title : str
        What to call the raster of classes in an error.
    wanted : tuple of str
        Those of `MAPS` to compute.

    Returns
    -------
    dict
        ``bias`` and ``rmse`` (rows, cols) over the years with both values, NaN where these are fewer than `LEAST`;
        ``simulated`` and ``observed``, the means over the same years; ``classes``, a list of those that occur,
        ascending; ``sums``, the `PairSums` of the patches: zone 0 is the whole raster, zone k + 1 class k of the list.
    """
    shape = simulated.shape[1:]
    codes, of_cell = _places(classes, shape, title)
    labels = Labels(of_cell, ((), *((place,) for place in range(len(codes)))))
    maps = {name: np.empty(shape) for name in wanted}
    runs, sums = [], []
    with np.errstate(invalid="ignore", over="ignore"):
        for rows, cols in _patches(shape):
            checkpoint()
            s, o = (np.array(each[:, rows, cols], dtype=np.float64) for each in (simulated, observed))
            o *= sign
            for name, values in _by_pixel(s, o, wanted).items():
                maps[name][rows, cols] = values
            s, o, label = s.reshape(len(s), -1), o.reshape(len(o), -1), of_cell[rows, cols].ravel()
            if codes.size:
                order = np.argsort(label, kind="stable")
                s, o, label = s[:, order], o[:, order], label[order]
            starts = starts_of(label)
            runs.append((starts, rows.start // PATCH[0], cols.start // PATCH[1], label[starts]))
            sums.append(run_sums(o, s, starts))
    return {**maps, "classes": codes.tolist(), "sums": patch_sums(_runs(runs), labels, beside(sums))}


def _places(classes, shape: tuple, title: str) -> tuple:
    """The classes of a block, ascending, and for each cell the place of its class from 1, 0 where it has none."""
    if classes is None:
        return np.empty(0, dtype=np.int64), np.zeros(shape, dtype=np.int32)
    codes, valid = whole_classes(classes[0], title)
    found, places = np.unique(codes[valid], return_inverse=True)
    of_cell = np.zeros(shape, dtype=np.int32)
    of_cell[valid] = places.reshape(-1) + 1
    return found, of_cell


def _patches(shape: tuple) -> Iterator[tuple]:
    """Rows and columns of each patch of a block."""
    for top in range(0, shape[0], PATCH[0]):
        for left in range(0, shape[1], PATCH[1]):
            yield slice(top, top + PATCH[0]), slice(left, left + PATCH[1])


def _runs(found: list) -> Runs:
    """The classes of the patches of a block as runs of cells, of which only their places are of use."""
    many = [starts.size for starts, *_ in found]
    starts, label = (np.concatenate([each[place] for each in found]) for place in (0, 3))
    strip, patch = (np.repeat([each[place] for each in found], many) for place in (1, 2))
    return Runs(starts, starts, strip, patch, strip, patch, label)


def _by_pixel(simulated: np.ndarray, observed: np.ndarray, wanted: tuple) -> dict:
    """Bias, RMSE and means of each pixel (n, rows, cols), over the years in which both have a value."""
    if not wanted:
        return {}
    difference = simulated - observed
    both = np.isfinite(difference)
    if both.all():
        count = np.full(both.shape[1:], len(both))
        values = {"bias": difference, "rmse": difference, "simulated": simulated, "observed": observed}
    else:
        count = np.count_nonzero(both, axis=0)
        difference[~both] = 0.0
        values = {
            "bias": difference, "rmse": difference,
            **{name: np.where(both, each, 0.0) for name, each in (("simulated", simulated), ("observed", observed))
               if name in wanted},
        }
    divisor = np.where(count >= LEAST, count, np.nan)
    found = {}
    for name in wanted:
        each = values[name]
        found[name] = (np.einsum("ijk,ijk->jk", each, each) if name == "rmse" else each.sum(axis=0)) / divisor
    return {**found, "rmse": np.sqrt(found["rmse"])} if "rmse" in found else found


class ComparisonTotal:
    """The sums of all blocks, which must come row of blocks after row of blocks, each from left to right.

    Parameters
    ----------
    years : int
    """

    def __init__(self, years: int):
        self._years = years
        self._total = Total(lambda: empty_sums(years, 1))
        self._zones: dict = {}  # class -> zone, in the order they are found

    def add(self, block: dict, last: bool) -> None:
        """Join what `comparison_block` gives for the next block; ``last`` tells that it is the last one of its row."""
        known = len(self._zones)
        zones = [0, *(self._zones.setdefault(code, len(self._zones) + 1) for code in block["classes"])]
        if len(self._zones) > known:
            self._total.sums = beside([self._total.sums, empty_sums(self._years, len(self._zones) - known)])
        sums: PatchSums = block["sums"]
        self._total.add(sums._replace(zones=np.array(zones, dtype=np.int64)[sums.zones]), last)

    @property
    def classes(self) -> list:
        """The classes found so far, ascending."""
        return sorted(self._zones)

    @property
    def sums(self) -> PairSums:
        """Those of all rows of blocks that are complete: of the whole raster, and of each of `classes`."""
        return columns(self._total.sums, np.array([0, *(self._zones[code] for code in self.classes)]))
