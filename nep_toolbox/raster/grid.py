"""The grid of a raster: where its cells lie and how large they are."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

from ..errors import GridMismatch
from .crs import crs_name, crs_of, same_crs, turn_of
from .degree_axes import wkt_of_axes

#: Two grids are one if their corners lie no farther apart than this share of a cell.
TOLERANCE = 1e-3


@dataclass(frozen=True)
class Window:
    """A rectangle of cells: first column and row, width and height."""

    col: int
    row: int
    width: int
    height: int

    def ends_row_of(self, grid: Grid) -> bool:
        """Whether it is the last one of its rows in a grid."""
        return self.col + self.width == grid.width


@dataclass(frozen=True)
class Grid:
    """Coordinate reference system, geotransform and size of a raster.

    Parameters
    ----------
    wkt : str
        The reference system as WKT; empty where the raster has none.
    transform : tuple of 6 float
        GDAL's geotransform.
    width, height : int
        Number of columns and rows.
    name : str
        The file it was read from, for messages; two grids are one whatever their files are called.
    """

    wkt: str
    transform: tuple
    width: int
    height: int
    name: str = field(default="", compare=False)

    @classmethod
    def of(cls, dataset: gdal.Dataset) -> Grid:
        """The grid of an open dataset."""
        wkt = dataset.GetProjection() or wkt_of_axes(dataset)
        name = Path(dataset.GetDescription()).name
        return cls(wkt, tuple(dataset.GetGeoTransform()), dataset.RasterXSize, dataset.RasterYSize, name)

    @property
    def crs(self) -> osr.SpatialReference:
        """The reference system with longitude before latitude."""
        return crs_of(self.wkt)

    @property
    def crs_name(self) -> str:
        """What a reader would call the reference system: its code, else its name."""
        return crs_name(self.wkt)

    @property
    def cell_size(self) -> tuple:
        """Width and height of a cell in map units."""
        _, a, b, _, d, e = self.transform
        return math.hypot(a, d), math.hypot(b, e)

    @property
    def signed_cell_area(self) -> float:
        """Area of a cell in square map units; negative of a north-up grid, whose rows run against y."""
        _, a, b, _, d, e = self.transform
        return a * e - b * d

    @property
    def turn(self) -> float:
        """A whole turn of longitude in map units; 0 of a grid that is not in degrees."""
        return turn_of(self.wkt)

    @property
    def longitudes(self) -> str:
        """How a grid in degrees counts longitudes; empty where both ways would give the same, or it has none."""
        turn = self.turn
        if not turn:
            return ""
        x = [self.point_at(col, row)[0] for col in (0, self.width) for row in (0, self.height)]
        spare = 0.01 * self.cell_size[0]
        if max(x) > turn / 2 + spare and min(x) > -spare:
            return f"0 to {turn:.4g}"
        return f"{-turn / 2:.4g} to {turn / 2:.4g}" if min(x) < -spare and max(x) < turn / 2 + spare else ""

    def __str__(self) -> str:
        width, height = self.cell_size
        return f"{self.width} x {self.height} cells of {width:.10g} x {height:.10g}, {self.crs_name}"

    # Map coordinates and cells ----------------------------------------------------------------------------------------

    def point_at(self, col, row) -> tuple:
        """Map coordinates (x, y) of columns and rows, which may be fractions: cell centres have halves."""
        x0, a, b, y0, d, e = self.transform
        return x0 + a * col + b * row, y0 + d * col + e * row

    def cell_of(self, x, y) -> tuple:
        """Columns and rows, as fractions, of map coordinates: the inverse of `point_at`."""
        return self._in_cells(x - self.transform[0], y - self.transform[3])

    def cells_at(self, x: np.ndarray, y: np.ndarray) -> tuple:
        """Columns and rows, int64, of the cells that points lie in; -1 beyond the grid, and where they are NaN.

        A place in degrees is the same whole turns of longitude farther on.
        """
        col, row = np.full(np.shape(x), -1, dtype=np.int64), np.full(np.shape(x), -1, dtype=np.int64)
        for shift in (0.0, self.turn, -self.turn) if self.turn else (0.0,):
            with np.errstate(invalid="ignore"):
                u, v = (np.floor(place) for place in self.cell_of(x + shift, y))
                inside = (u >= 0) & (u < self.width) & (v >= 0) & (v < self.height) & (col < 0)
            col[inside], row[inside] = u[inside], v[inside]
        return col, row

    def _in_cells(self, dx, dy) -> tuple:
        """A distance in map units as columns and rows."""
        _, a, b, _, d, e = self.transform
        return (e * dx - b * dy) / self.signed_cell_area, (a * dy - d * dx) / self.signed_cell_area

    @property
    def corners(self) -> tuple:
        """Map coordinates of the first and the last corner: (x, x), (y, y)."""
        return tuple(zip(self.point_at(0, 0), self.point_at(self.width, self.height)))

    def centres(self, window: Window) -> tuple:
        """Map coordinates of the cell centres of a window: two arrays (height, width)."""
        col = window.col + 0.5 + np.arange(window.width)[np.newaxis, :]
        row = window.row + 0.5 + np.arange(window.height)[:, np.newaxis]
        return self.point_at(col, row)

    @property
    def whole(self) -> Window:
        """The window that covers the grid."""
        return Window(0, 0, self.width, self.height)

    def part(self, window: Window) -> Grid:
        """The grid of a window."""
        _, a, b, _, d, e = self.transform
        x, y = self.point_at(window.col, window.row)
        return Grid(self.wkt, (x, a, b, y, d, e), window.width, window.height)

    # One grid or another ----------------------------------------------------------------------------------------------

    def differences(self, other: Grid) -> list:
        """Say in words where ``other`` departs from this grid; an empty list means they are one grid."""
        words = []
        if not same_crs(self.wkt, other.wkt):
            words.append(f"its CRS is {other.crs_name} instead of {self.crs_name}")
        if (self.width, self.height) != (other.width, other.height):
            words.append(f"it has {other.width} x {other.height} cells instead of {self.width} x {self.height}")
        longitudes = [grid.longitudes for grid in (other, self)]
        if all(longitudes) and longitudes[0] != longitudes[1]:
            words.append("its longitudes count {} instead of {}".format(*longitudes))
        if words:
            return words
        if not np.allclose(self.cell_size, other.cell_size, rtol=TOLERANCE / max(self.width, self.height), atol=0):
            words.append("its cells are {:.10g} x {:.10g} instead of {:.10g} x {:.10g} map units".format(
                *other.cell_size, *self.cell_size))
        else:
            shift = max(
                (self._cell_offset(other, col, row) for col in (0, self.width) for row in (0, self.height)),
                key=lambda offset: max(abs(offset[0]), abs(offset[1])),
            )
            if max(abs(shift[0]), abs(shift[1])) > TOLERANCE:
                # Adding zero turns -0 into 0.
                columns, rows = (round(cells, 4) + 0.0 for cells in shift)
                words.append(f"it is shifted by {columns:.10g} columns and {rows:.10g} rows")
        return words

    def require_same(self, other: Grid, reference: str, name: str) -> None:
        """Raise GridMismatch unless ``other`` (the grid of ``name``) is this grid (that of ``reference``)."""
        words = self.differences(other)
        if words:
            raise GridMismatch(
                f"'{name}' does not lie on the grid of '{reference}': {'; '.join(words)}. "
                f"Bring the rasters onto one grid first, with the tool ⟨nep:harmonize⟩."
            )

    def _cell_offset(self, other: Grid, col: float, row: float) -> tuple:
        """How far the point (col, row) of ``other`` lies from the same point of this grid, in cells of this one."""
        x, y = self.point_at(col, row)
        u, v = other.point_at(col, row)
        return self._in_cells(u - x, v - y)
