"""Which regions the cells of a block lie in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Labels(NamedTuple):
    """A label for each cell, and the regions that it stands for: regions may overlap.

    Attributes
    ----------
    of_cell : int32 array (rows, cols)
    regions : tuple of tuples of int
        The regions of each label, ascending; label 0 lies in none. The tuples ascend too, so that two labels have the
        same order in every block they occur in. Some may be those of no cell.
    """

    of_cell: np.ndarray
    regions: tuple

    @classmethod
    def of_pairs(cls, shape: tuple, cells: np.ndarray, regions: np.ndarray) -> Labels:
        """Labels from pairs of a cell, counted row by row, and a region it lies in.

        Parameters
        ----------
        shape : (rows, cols)
        cells, regions : int arrays (pairs,)
            No pair twice.
        """
        cells, regions = np.asarray(cells, dtype=np.int64), np.asarray(regions, dtype=np.int64)
        order = np.argsort(regions, kind="stable")
        cells, regions = cells[order], regions[order]
        of_cell = np.zeros(shape[0] * shape[1], dtype=np.int32)
        found = [()]
        numbers, starts = np.unique(regions, return_index=True)
        for region, here in zip(numbers.tolist(), np.split(cells, starts[1:])):
            before = of_cell[here]
            renamed = np.zeros(len(found), dtype=np.int32)
            for label in np.flatnonzero(np.bincount(before, minlength=len(found))).tolist():
                renamed[label] = len(found)
                found.append((*found[label], region))
            of_cell[here] = renamed[before]
        return cls(of_cell.reshape(shape), tuple(found)).tidy()

    def tidy(self) -> Labels:
        """In the order of the regions; labels of the same regions become one, those of no cell go."""
        present = np.bincount(self.of_cell.ravel(), minlength=len(self.regions)) > 0
        present[0] = True
        kept = sorted({self.regions[label] for label in np.flatnonzero(present).tolist()})
        places = {regions: place for place, regions in enumerate(kept)}
        renamed = np.array([places.get(regions, 0) for regions in self.regions], dtype=np.int32)
        return Labels(renamed[self.of_cell], tuple(kept))

    def pairs(self) -> tuple:
        """Pairs of a cell, counted row by row, and a region, region by region: two int64 arrays."""
        small = len(self.regions) <= 2**16  # numpy sorts short integers in one pass
        flat = self.of_cell.ravel().astype(np.uint16 if small else np.int64)
        order = np.argsort(flat, kind="stable")
        ends = np.searchsorted(flat[order], np.arange(len(self.regions) + 1, dtype=np.int64)).tolist()
        labels = {}
        for label, regions in enumerate(self.regions):
            for region in regions:
                labels.setdefault(region, []).append(order[ends[label] : ends[label + 1]])
        cells, numbers = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for region in sorted(labels):
            parts = labels[region]
            cells.append(parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts)))
            numbers.append(np.full(cells[-1].size, region, dtype=np.int64))
        return np.concatenate(cells), np.concatenate(numbers)
