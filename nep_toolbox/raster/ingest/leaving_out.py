"""What of a block on the target grid is kept: the cells in polygons, and those of other classes than some."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.landcover.transitions import whole_classes
from ...core.zonal.mask import mask_block
from ..grid import Window
from .rim import is_missing
from .warping import WarpedReader


@dataclass(frozen=True)
class ClassMask:
    """Reads which cells have one of some classes: booleans (height, width).

    Parameters
    ----------
    warped : WarpedReader
        Of one band with the classes.
    classes : tuple of int
    """

    warped: WarpedReader
    classes: tuple

    @property
    def bytes_per_cell(self) -> int:
        """Memory a cell takes."""
        return self.warped.bytes_per_cell + 1

    def read(self, window: Window) -> np.ndarray:
        """A window of the target."""
        return np.isin(self.warped.read(window)[0], self.classes)


def kept_block(stack, regions=None, excluded=None, *, missing: float) -> tuple:
    """A block without what is left out.

    Parameters
    ----------
    stack : array (bands, rows, cols), or the pair that a `RimReader` reads
    regions : Labels, optional
        Cells outside of all regions are left out.
    excluded : array (rows, cols) of bool, optional
        Further cells that are left out.
    missing : float
        The value of what is left out, of the stack's own type.

    Returns
    -------
    (array (bands, rows, cols), array (bands,))
        The values, and how many that were filled at the rim are left of each band.
    """
    values, filled = stack if isinstance(stack, tuple) else (stack, None)
    values = mask_block(values, regions, missing=missing)
    if excluded is not None and excluded.any():
        values = np.where(excluded, np.asarray(missing, values.dtype), values)
    if filled is None:
        return values, np.zeros(len(values), dtype=np.int64)
    return values, (filled & ~is_missing(values, missing)).sum(axis=(1, 2))


def class_counts_block(stack, *, title: str) -> dict:
    """How many cells of a block (1, rows, cols) have each class; NaN is none.

    Raises
    ------
    InvalidParameter
        Where a value is no whole number; ``title`` is what to call the raster.
    """
    codes, valid = whole_classes(stack, title)
    codes, counts = np.unique(codes[valid], return_counts=True)
    return dict(zip(codes.tolist(), counts.tolist()))
