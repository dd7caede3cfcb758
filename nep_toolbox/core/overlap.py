"""How the cells of one grid share their area among those of another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .checkpoint import checkpoint

#: What reaches less than this share of the smaller of two cells into the next is the rounding of coordinates.
LEAST = 1e-3

#: A cell whose corners lie so many times as far apart as those of most is torn: by the edge of the map, or a pole.
TORN = 8.0

#: Parts of cells that are held at a time.
AT_A_TIME = 1_000_000

#: Side of the squares in which a cell is cut that reaches over more cells of the target.
SIDE = 512


class Shares(NamedTuple):
    """Parts of cells: number of the cell, row and column of the target, and the share of the cell's area."""

    cell: np.ndarray
    row: np.ndarray
    col: np.ndarray
    share: np.ndarray


class Box(NamedTuple):
    """A rectangle of cells of the target: its first column and row, its width and height."""

    left: int
    top: int
    width: int
    height: int

    def meets(self, other: Box) -> bool:
        """Whether two rectangles have a cell in common."""
        return (
            self.left < other.left + other.width and other.left < self.left + self.width
            and self.top < other.top + other.height and other.top < self.top + self.height
        )


def shares_of_cells(row, col, wanted: Box | None = None) -> Shares:
    """The parts that a target grid cuts cells into.

    The area of each part is exact for cells with straight edges: the integral of x dy round it, edge by edge. So the
    shares of a cell add up to 1 whatever the two grids are.

    Parameters
    ----------
    row, col : array (rows + 1, cols + 1)
        Corners of the cells, in rows and columns of the target; not finite where they have no place there.
    wanted : Box, optional
        Of a cell that reaches over more than `AT_A_TIME` cells of the target only the parts about here.

    Returns
    -------
    Shares
        In the order of the cells, counted row by row. Cells without a place in the target, and torn ones, have none.
    """
    v, u = _rings(row), _rings(col)
    left, top, width, height = _boxes(u, v)
    whole = (width == 1) & (height == 1)
    large = width * height > AT_A_TIME
    parted = np.flatnonzero((width > 0) & ~whole & ~large)
    whole = np.flatnonzero(whole)
    found = [Shares(whole, top[whole], left[whole], np.ones(whole.size))]
    wide, high = int(width[~large].max(initial=1)), int(height[~large].max(initial=1))
    step = max(1, AT_A_TIME // (wide * high))
    for part in (parted[first:first + step] for first in range(0, parted.size, step)):
        checkpoint()
        x, y = u[part] - left[part, np.newaxis], v[part] - top[part, np.newaxis]
        shares = _shares(x, y, Box(0, 0, wide, high))
        which, down, right = np.nonzero(shares)
        cell = part[which]
        found.append(Shares(cell, top[cell] + down, left[cell] + right, shares[which, down, right]))
    for cell in np.flatnonzero(large).tolist():
        box = Box(*(int(each[cell]) for each in (left, top, width, height)))
        found += _of_large(cell, u[cell] - box.left, v[cell] - box.top, box, wanted)
    joined = Shares(*(np.concatenate(column) for column in zip(*found)))
    order = np.argsort(joined.cell, kind="stable")
    return Shares(*(column[order] for column in joined))


def _rings(place) -> np.ndarray:
    """Corners of lattices as the four of each cell, one after the other: (cells, 4)."""
    corners = place[:-1, :-1], place[:-1, 1:], place[1:, 1:], place[1:, :-1]
    return np.stack([corner.ravel() for corner in corners], axis=1)


def _boxes(u: np.ndarray, v: np.ndarray) -> tuple:
    """First column, first row, width and height of the target cells that each cell meets; a width of 0 for none."""
    with np.errstate(invalid="ignore"):
        ends = [(ring.min(axis=1), ring.max(axis=1)) for ring in (u, v)]
        sides = [high - low for low, high in ends]
        placed = np.isfinite(sides[0] + sides[1]) & (sides[0] > 0) & (sides[1] > 0)
    if placed.any():
        for side in sides:
            placed &= ~(side > TORN * np.median(side[placed]))
    boxes = []
    for low, high in ends:
        slack = LEAST * np.minimum(1.0, np.where(placed, high - low, 1.0))
        first = np.floor(np.where(placed, low, 0.0) + slack).astype(np.int64)
        last = np.ceil(np.where(placed, high, 1.0) - slack).astype(np.int64)
        boxes.append((first, np.maximum(last - first, 1)))
    (left, width), (top, height) = boxes
    return left, top, np.where(placed, width, 0), np.where(placed, height, 0)


def _of_large(cell: int, x: np.ndarray, y: np.ndarray, box: Box, wanted: Box | None) -> Iterator[Shares]:
    """The parts of one cell, square by square from the corner of its box on, so that none depends on what is wanted."""
    area = abs((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2
    for top in range(0, box.height if area > 0 else 0, SIDE):
        for left in range(0, box.width, SIDE):
            tile = Box(left, top, min(SIDE, box.width - left), min(SIDE, box.height - top))
            if wanted and not wanted.meets(tile._replace(left=left + box.left, top=top + box.top)):
                continue
            checkpoint()
            shares = _areas(x[np.newaxis], y[np.newaxis], box._replace(left=0, top=0), tile)[0] / area
            down, right = np.nonzero(shares)
            yield Shares(
                np.full(down.size, cell), box.top + top + down, box.left + left + right, shares[down, right]
            )


def _shares(x: np.ndarray, y: np.ndarray, box: Box) -> np.ndarray:
    """Shares of quadrilaterals (n, 4) in the cells of a box that they lie in: (n, height, width)."""
    areas = _areas(x, y, box, box)
    whole = areas.sum(axis=(1, 2), keepdims=True)
    return np.divide(areas, whole, out=areas, where=whole > 0)


def _areas(x: np.ndarray, y: np.ndarray, box: Box, tile: Box) -> np.ndarray:
    """Areas of quadrilaterals (n, 4) in the cells of a part of the box that they lie in: (n, height, width)."""
    inside = np.zeros((len(x), tile.height, tile.width))
    behind = np.zeros((len(x), tile.height, tile.width + 1))  # the last stands for all to the right of the tile
    for corner in range(4):
        following = (corner + 1) % 4
        _add_edge(inside, behind, (x[:, corner], y[:, corner]), (x[:, following], y[:, following]), box, tile)
    # What lies left of an edge is the part of its own cell, and the whole width of all cells before that one.
    return np.abs(inside + np.cumsum(behind[..., :0:-1], axis=-1)[..., ::-1])


def _add_edge(inside: np.ndarray, behind: np.ndarray, start: tuple, end: tuple, box: Box, tile: Box) -> None:
    """Add an edge of each quadrilateral, cut where it crosses from one cell into another, and at the ends of the tile.

    What lies beyond the box lies in the cells at its ends.
    """
    count, height, width = inside.shape
    (x, y), (x_end, y_end) = start, end
    right, bottom = tile.left + width, tile.top + height
    with np.errstate(divide="ignore", invalid="ignore"):
        cuts = [(line - x) / (x_end - x) for line in range(max(1, tile.left), min(right, box.width - 1) + 1)]
        cuts += [(line - y) / (y_end - y) for line in range(max(1, tile.top), min(bottom, box.height - 1) + 1)]
    cuts = np.array([np.zeros(count), *cuts, np.ones(count)])
    places = np.sort(np.clip(np.where(np.isfinite(cuts), cuts, 0.0), 0.0, 1.0), axis=0)
    xs, ys = x + places * (x_end - x), y + places * (y_end - y)
    middle, fall = (xs[1:] + xs[:-1]) / 2, np.diff(ys, axis=0)
    col = np.clip(np.floor(middle), 0, box.width - 1).astype(np.int64)
    row = np.clip(np.floor((ys[1:] + ys[:-1]) / 2), 0, box.height - 1).astype(np.int64) - tile.top
    line = np.arange(count) * height + row
    there = (row >= 0) & (row < height) & (col >= tile.left)
    own = there & (col < right)
    for total, chosen, weight in ((inside, own, (middle - col) * fall), (behind, there, fall)):
        place = line * total.shape[-1] + np.minimum(col - tile.left, width)
        total += np.bincount(place[chosen], weight[chosen], total.size).reshape(total.shape)
