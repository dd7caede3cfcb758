"""Two series of a raster compared block by block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..checkpoint import checkpoint
from ..labels import Labels
from ..landcover.transitions import UNTITLED, whole_classes
from ..zonal.grouped import beside, columns, starts_of
from ..zonal.reduction import PATCH, PatchSums, Runs, Total, patch_sums
from .pairs import PairSums, empty_sums, run_sums
from .scores import LEAST

#: Patches that are worked on at a time.
_PATCHES = 2


class _Piece(NamedTuple):
    """Neighbouring patches of a strip, their cells sorted patch after patch, and in each class after class.

    Attributes
    ----------
    strip : int
    cells : int array (p,)
        Cells, counted row by row in the block.
    starts, patches, labels : int arrays (k,)
        Where each class of each patch begins, which patch it is, and the place of the class.
    """

    strip: int
    cells: np.ndarray
    starts: np.ndarray
    patches: np.ndarray
    labels: np.ndarray


def comparison_block(simulated, observed, classes=None, *, sign: float = 1.0, title: str = UNTITLED) -> dict:
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
    flat = [each.reshape(len(simulated), -1) for each in (simulated, observed)]
    pieces, parts = list(_pieces(of_cell)), []
    planes = {name: np.full(of_cell.size, np.nan) for name in ("bias", "rmse", "simulated", "observed")}
    with np.errstate(invalid="ignore", over="ignore"):
        for piece in pieces:
            checkpoint()
            s, o = (each[:, piece.cells].astype(np.float64) for each in flat)
            o *= sign
            parts.append(run_sums(o, s, piece.starts))
            for name, values in _by_pixel(s, o).items():
                planes[name][piece.cells] = values
    return {
        **{name: values.reshape(shape) for name, values in planes.items()},
        "classes": codes.tolist(),
        "sums": patch_sums(_runs(pieces, of_cell.shape), labels, beside(parts)),
    }


def _places(classes, shape: tuple, title: str) -> tuple:
    """The classes of a block, ascending, and for each cell the place of its class from 1, 0 where it has none."""
    if classes is None:
        return np.empty(0, dtype=np.int64), np.zeros(shape, dtype=np.int32)
    codes, valid = whole_classes(classes[0], title)
    found, places = np.unique(codes[valid], return_inverse=True)
    of_cell = np.zeros(shape, dtype=np.int32)
    of_cell[valid] = places.reshape(-1) + 1
    return found, of_cell


def _pieces(of_cell: np.ndarray) -> Iterator[_Piece]:
    """The cells of a block sorted by patch and class."""
    (rows, cols), (tall, wide) = of_cell.shape, PATCH
    count = int(of_cell.max(initial=0)) + 1
    for top in range(0, rows, tall):
        for left in range(0, cols, _PATCHES * wide):
            labels = of_cell[top : top + tall, left : left + _PATCHES * wide]
            keys = (np.arange(labels.shape[1]) // wide * count + labels).ravel()
            cells = np.add.outer(np.arange(top, top + len(labels)) * cols, left + np.arange(labels.shape[1])).ravel()
            order = np.argsort(keys, kind="stable")
            keys = keys[order]
            starts = starts_of(keys)
            patches, places = np.divmod(keys[starts], count)
            yield _Piece(top // tall, cells[order], starts, left // wide + patches, places)


def _runs(pieces: list, shape: tuple) -> Runs:
    """The classes of the patches of a block as runs of cells."""
    strip = np.repeat([piece.strip for piece in pieces], [piece.starts.size for piece in pieces])
    starts = np.concatenate([piece.cells[piece.starts] for piece in pieces])
    lengths = np.concatenate([np.diff(piece.starts, append=piece.cells.size) for piece in pieces])
    patch, label = (np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("patches", "labels"))
    return Runs(starts, lengths, *np.divmod(starts, shape[1]), strip, patch, label)


def _by_pixel(simulated: np.ndarray, observed: np.ndarray) -> dict:
    """Bias, RMSE and means of each pixel (n, p), over the years in which both have a value."""
    difference = simulated - observed
    both = np.isfinite(difference)
    count = np.count_nonzero(both, axis=0)
    divisor = np.where(count >= LEAST, count, np.nan)
    found = {"bias": difference, "rmse": difference**2, "simulated": simulated, "observed": observed}
    means = {name: np.where(both, values, 0.0).sum(axis=0) / divisor for name, values in found.items()}
    return {**means, "rmse": np.sqrt(means["rmse"])}


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
