"""Rectangles in map coordinates, and those round a grid or round another rectangle that is projected."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..errors import InvalidParameter
from .crs import crs_name, crs_of, to_geographic, transformed
from .grid import Grid

#: Points along each side of the lattice that stands for an area when it is projected.
POINTS = 65

#: A pole that lies within this share of a side from the edge of an area is on it: a tile may begin there.
EDGE = 1e-6


class Bounds(NamedTuple):
    """A rectangle in map coordinates: its least x and y, and its greatest."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def of(cls, grid: Grid) -> Bounds:
        """The rectangle round a grid, which may be rotated, in the grid's own reference system."""
        return cls._round(*lattice(grid))

    @classmethod
    def of_projected(cls, grid: Grid, wkt: str) -> Bounds:
        """The rectangle round a grid in a reference system.

        Raises
        ------
        InvalidParameter
            If no part of the grid has a place in it.
        """
        return cls._round_projected(*lattice(grid), grid.wkt, wkt)

    def projected(self, source_wkt: str, target_wkt: str) -> Bounds:
        """The rectangle round this one in another reference system; raises as `of_projected` does."""
        share = np.linspace(0, 1, POINTS)
        x, y = np.meshgrid(self.left + (self.right - self.left) * share, self.top + (self.bottom - self.top) * share)
        return self._round_projected(x, y, source_wkt, target_wkt)

    @classmethod
    def union(cls, many: list) -> Bounds:
        """The rectangle round all rectangles."""
        lefts, bottoms, rights, tops = zip(*many)
        return cls(min(lefts), min(bottoms), max(rights), max(tops))

    @classmethod
    def intersection(cls, many: list) -> Bounds | None:
        """The rectangle all rectangles share, or None."""
        lefts, bottoms, rights, tops = zip(*many)
        shared = cls(max(lefts), max(bottoms), min(rights), min(tops))
        return shared if shared.left < shared.right and shared.bottom < shared.top else None

    def turned(self, other: Bounds, turn: float) -> Bounds:
        """This rectangle in degrees by as many whole turns farther east or west as bring it nearest to another.

        One that goes round the whole globe has no ends but those of the other. Without a turn it stays as it is.
        """
        if not turn:
            return self
        if self.goes_round(turn):
            return Bounds(other.left, self.bottom, other.right, self.top)
        shift = turn * round((other.middle[0] - self.middle[0]) / turn)
        return Bounds(self.left + shift, self.bottom, self.right + shift, self.top)

    def goes_round(self, turn: float) -> bool:
        """Whether a rectangle in degrees goes round the whole globe."""
        return bool(turn) and self.right - self.left > turn * (1 - EDGE)

    @property
    def middle(self) -> tuple:
        """x and y of the middle."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def geographic_middle(self, wkt: str) -> tuple:
        """Longitude and latitude of the middle, for a rectangle in a reference system."""
        x, y = self.middle
        longitude, latitude = to_geographic(wkt, np.array([x]), np.array([y]))
        return float(longitude[0]), float(latitude[0])

    @property
    def longer_side(self) -> float:
        """Width or height, whichever is greater."""
        return max(self.right - self.left, self.top - self.bottom)

    @classmethod
    def _round_projected(cls, x: np.ndarray, y: np.ndarray, source_wkt: str, target_wkt: str) -> Bounds:
        poles = _poles_within(x, y, source_wkt, target_wkt)
        x, y = transformed(x, y, source_wkt, target_wkt)
        if not np.isfinite(x).any():
            raise InvalidParameter(
                f"The rasters cannot be projected from {crs_name(source_wkt)} to {crs_name(target_wkt)}. Check their "
                f"CRS, or choose another ⟨TARGET_CRS⟩."
            )
        return cls.union([cls._round(x, y), *poles])

    @classmethod
    def _round(cls, x: np.ndarray, y: np.ndarray) -> Bounds:
        return cls(float(np.nanmin(x)), float(np.nanmin(y)), float(np.nanmax(x)), float(np.nanmax(y)))


def lattice(grid: Grid) -> tuple:
    """Map coordinates of points all over a grid, from edge to edge: two arrays (POINTS, POINTS)."""
    col = np.linspace(0, grid.width, POINTS)[np.newaxis, :]
    row = np.linspace(0, grid.height, POINTS)[:, np.newaxis]
    return grid.point_at(col, row)


def _poles_within(x: np.ndarray, y: np.ndarray, source_wkt: str, target_wkt: str) -> list:
    """For a lattice over an area that is projected to degrees: the whole parallel at each pole that lies inside.

    No point of the lattice need lie near the pole, or on either side of the meridian where longitudes start anew.
    """
    if not crs_of(target_wkt).IsGeographic() or crs_of(source_wkt).IsGeographic():
        return []
    quarter = np.pi / 2 / crs_of(target_wkt).GetAngularUnits()
    u, v = transformed(np.zeros(2), np.array((quarter, -quarter)), target_wkt, source_wkt)
    x0, y0 = x[0, 0], y[0, 0]
    (a, d), (b, e) = (x[0, -1] - x0, y[0, -1] - y0), (x[-1, 0] - x0, y[-1, 0] - y0)
    area = a * e - b * d
    col, row = ((u - x0) * e - (v - y0) * b) / area, ((v - y0) * a - (u - x0) * d) / area
    inside = np.isfinite(u) & (np.abs(col - 0.5) < 0.5 - EDGE) & (np.abs(row - 0.5) < 0.5 - EDGE)
    return [
        Bounds(-2 * quarter, pole, 2 * quarter, pole)
        for pole, there in zip((quarter, -quarter), inside) if there
    ]
