"""How much of each cell polygons cover.

The edges of all rings are cut at the borders of rows and columns. A piece of an edge that climbs through a cell covers
what lies to its right: a part of that cell, and of all cells to the right of it as much as it climbs. With outer rings
and holes turned opposite ways these parts add up to the covered share of every cell, as where fonts are drawn with
smooth edges. All ends lie on a lattice, so the sums are of integers and exact: two polygons with a common border share
the cells along it to the last digit, and a share does not depend on the window that is looked at.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..labels import Labels
from .grouped import add_runs, starts_of

#: Binary digits behind the point of the coordinates of corners, in cells.
DIGITS = 20

_CELL = 2**DIGITS


class Fractions(NamedTuple):
    """Regions that cover parts of cells.

    Attributes
    ----------
    labels : Labels
        Of the cells that no border touches; of the others it says nothing.
    cells, regions : int64 arrays (pairs,)
        The other cells, counted row by row, each with every region that it lies in, wholly or in part.
    shares : float64 array (pairs,)
        How much of the cell lies in the region, above 0 and at most 1.
    """

    labels: Labels
    cells: np.ndarray
    regions: np.ndarray
    shares: np.ndarray

    @classmethod
    def of(cls, centres: Labels, cells: np.ndarray, regions: np.ndarray, shares: np.ndarray) -> Fractions:
        """From the regions that the centres of cells lie in, and the shares, also 0, of all cells that borders touch.

        Parameters
        ----------
        centres : Labels
        cells, regions, shares : arrays (pairs,)
            No pair twice.
        """
        of_cell, size = centres.of_cell.ravel().copy(), centres.of_cell.size
        touched = np.unique(cells)
        wholly, around = _regions_of(centres, of_cell[touched])
        wholly = touched[wholly]
        other = ~np.isin(around * size + wholly, regions * size + cells)
        of_cell[touched] = 0
        some = shares > 0
        return cls(
            Labels(of_cell.reshape(centres.of_cell.shape), centres.regions),
            np.concatenate([cells[some], wholly[other]]),
            np.concatenate([regions[some], around[other]]),
            np.concatenate([shares[some], np.ones(np.count_nonzero(other))]),
        )


def _regions_of(labels: Labels, of_cells: np.ndarray) -> tuple:
    """Pairs of the place of a cell among some, given by their labels, and a region it lies in: two int64 arrays."""
    number = np.array([len(each) for each in labels.regions])
    regions = np.array([region for each in labels.regions for region in each], dtype=np.int64)
    many = number[of_cells]
    place = np.repeat(np.arange(of_cells.size), many)
    first = np.cumsum(number) - number
    along = np.arange(place.size) - np.repeat(np.cumsum(many) - many, many)
    return place, regions[first[of_cells][place] + along]


def border_shares(edges: np.ndarray, window: tuple) -> tuple:
    """Shares of the cells of a window that the edges of polygons touch.

    Parameters
    ----------
    edges : int64 array (4, k)
        x and y of the first end of each edge, then of the last, in columns and rows times 2 ** `DIGITS`. The polygons
        lie on the side of greater x of edges along which y rises.
    window : tuple of int
        First column and row, number of columns and rows.

    Returns
    -------
    (cells, shares)
        The cells, ascending, counted row by row in the window (int64), and how much of each is covered (0 to 1).

    Notes
    -----
    Where an edge crosses a border its other coordinate is rounded to the lattice, so a share is right to about 1e-6.
    """
    left, top, width, height = window
    x0, y0, x1, y1 = edges
    near = (np.maximum(y0, y1) >= top * _CELL) & (np.minimum(y0, y1) <= (top + height) * _CELL)
    x, y = np.stack([x0[near], x1[near]]), np.stack([y0[near], y1[near]])
    whole, row, y, x, turn = _cut(y, x, np.ones(y.shape[1], dtype=np.int64))
    here = (row >= top) & (row < top + height)
    row, x, y, turn = row[here], x[:, here], y[:, here], turn[here]
    whole, col, x, y, turn = _cut(x, y, turn)
    # What lies beside the window counts as one column on its left and one on its right.
    col, place = np.clip(col, left - 1, left + width), col
    climbs = (y[1] - y[0]) * turn
    parts = np.where(col == place, climbs * (2 * _CELL - (x[0] + x[1] - 2 * col * _CELL)), 0)
    key = (row[whole] - top) * (width + 2) + col - left + 1
    order = np.argsort(key, kind="stable")
    starts = starts_of(key[order])
    if not starts.size:
        return np.empty(0, dtype=np.int64), np.empty(0)
    climbs, parts = (add_runs(each[order], starts) for each in (climbs, parts))
    # Rings are closed: the climbs of a row add up to 0, and the next row begins afresh.
    covered = (np.cumsum(climbs) - climbs) * (2 * _CELL) + parts
    row, col = np.divmod(key[order][starts], width + 2)
    inside = (col > 0) & (col <= width)
    shares = np.clip(covered[inside] / (2.0 * _CELL * _CELL), 0.0, 1.0)
    return row[inside] * width + col[inside] - 1, shares


def _cut(along: np.ndarray, across: np.ndarray, turn: np.ndarray) -> tuple:
    """Cut lines at whole cells.

    Parameters
    ----------
    along, across : int64 arrays (2, k)
        The coordinates of both ends: the one at whose whole numbers the lines are cut, and the other.
    turn : int64 array (k,)
        1, or -1 where the line was turned round before.

    Returns
    -------
    (whole, cell, along, across, turn)
        For each piece the line it is of, the cell it lies in, its ends from low to high, and ``turn``.
    """
    back = along[0] > along[1]
    along, across = np.where(back, along[::-1], along), np.where(back, across[::-1], across)
    turn = np.where(back, -turn, turn)
    first = along[0] // _CELL
    number = np.maximum((along[1] - 1) // _CELL - first, 0) + 1
    whole = np.repeat(np.arange(first.size), number)
    cell = first[whole] + np.arange(whole.size) - np.repeat(np.cumsum(number) - number, number)
    low, high = along[:, whole]
    ends = np.stack([np.maximum(cell * _CELL, low), np.minimum((cell + 1) * _CELL, high)])
    share = (ends - low) / np.maximum(high - low, 1)
    share[1][ends[1] == high] = 1.0  # also of a line across
    start, end = across[:, whole]
    return whole, cell, ends, start + np.rint(share * (end - start)).astype(np.int64), turn[whole]
