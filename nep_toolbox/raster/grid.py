"""The grid of a raster: where its cells lie and how large they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from osgeo import gdal, osr

from ..errors import GridMismatch, InvalidParameter

#: Two grids are one if their corners lie closer than this share of a cell.
TOLERANCE = 1e-3


@dataclass(frozen=True)
class Window:
    """A rectangle of cells: first column and row, width and height."""

    col: int
    row: int
    width: int
    height: int


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
    """

    wkt: str
    transform: tuple
    width: int
    height: int

    @classmethod
    def of(cls, dataset: gdal.Dataset) -> Grid:
        """The grid of an open dataset."""
        return cls(
            dataset.GetProjection(), tuple(dataset.GetGeoTransform()), dataset.RasterXSize, dataset.RasterYSize
        )

    @property
    def crs(self) -> osr.SpatialReference:
        """The reference system with longitude before latitude."""
        crs = osr.SpatialReference()
        if self.wkt:
            crs.ImportFromWkt(self.wkt)
        crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        return crs

    @property
    def crs_name(self) -> str:
        """What a reader would call the reference system: its code, else its name."""
        if not self.wkt:
            return "no CRS"
        crs = self.crs
        code = crs.GetAuthorityCode(None)
        if code:
            return f"{crs.GetAuthorityName(None)}:{code}"
        name = crs.GetName() or "unnamed"
        if name.lower() in ("unnamed", "unknown"):
            return f"a custom {(crs.GetAttrValue('PROJECTION') or 'geographic').replace('_', ' ')} CRS"
        return name

    @property
    def cell_size(self) -> tuple:
        """Width and height of a cell in map units."""
        _, a, b, _, d, e = self.transform
        return math.hypot(a, d), math.hypot(b, e)

    def __str__(self) -> str:
        width, height = self.cell_size
        return f"{self.width} x {self.height} cells of {width:.10g} x {height:.10g}, {self.crs_name}"

    @property
    def whole(self) -> Window:
        """The window that covers the grid."""
        return Window(0, 0, self.width, self.height)

    def differences(self, other: Grid) -> list:
        """Say in words where ``other`` departs from this grid; an empty list means they are one grid."""
        words = []
        if not _same_crs(self, other):
            words.append(f"its CRS is {other.crs_name} instead of {self.crs_name}")
        if (self.width, self.height) != (other.width, other.height):
            words.append(f"it has {other.width} x {other.height} cells instead of {self.width} x {self.height}")
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
                f"Bring the rasters onto one grid first, with the tool Harmonize rasters (nep:harmonize)."
            )

    def _cell_offset(self, other: Grid, col: float, row: float) -> tuple:
        """How far the point (col, row) of ``other`` lies from the same point of this grid, in cells of this one."""
        x0, a, b, y0, d, e = self.transform
        u0, p, q, v0, r, s = other.transform
        dx = (u0 + p * col + q * row) - (x0 + a * col + b * row)
        dy = (v0 + r * col + s * row) - (y0 + d * col + e * row)
        determinant = a * e - b * d
        return (e * dx - b * dy) / determinant, (a * dy - d * dx) / determinant

    def area_of_rows(self, row: int, height: int) -> np.ndarray:
        """Exact area of the cells of some rows.

        Parameters
        ----------
        row, height : int
            First row and number of rows.

        Returns
        -------
        array (height, 1), m2
            For a projected CRS the cell in map units, turned into metres. For a geographic CRS the area on the
            ellipsoid between the cell's meridians and parallels, from the closed form of the authalic latitude
            (Snyder 1987, Map Projections: A Working Manual, eq. 3-12, doi:10.3133/pp1395).

        Raises
        ------
        InvalidParameter
            If there is no CRS, or a geographic grid is rotated.
        """
        _, a, b, y0, d, e = self.transform
        self._require_crs()
        crs = self.crs
        if not crs.IsGeographic():
            metres = crs.GetLinearUnits()
            return np.full((height, 1), abs(a * e - b * d) * metres * metres)
        if b or d:
            raise InvalidParameter(
                "The rasters lie on a rotated grid in degrees, whose cell areas differ along each row. Bring them onto "
                "a north-up grid with the tool Harmonize rasters (nep:harmonize)."
            )
        unit = crs.GetAngularUnits()
        edges = np.clip((y0 + e * np.arange(row, row + height + 1)) * unit, -np.pi / 2, np.pi / 2)
        zone = _area_from_equator(edges, crs.GetSemiMajor(), crs.GetInvFlattening())
        return (abs(a) * unit * np.abs(np.diff(zone)))[:, np.newaxis]

    @property
    def ellipsoid(self) -> tuple:
        """Semi-major axis (m) and flattening of the ellipsoid of the CRS."""
        inverse = self.crs.GetInvFlattening()
        return self.crs.GetSemiMajor(), 1.0 / inverse if inverse else 0.0

    def to_geographic(self, x: np.ndarray, y: np.ndarray) -> tuple:
        """Longitude and latitude (degrees, on the CRS's own datum) of map coordinates; NaN stays NaN."""
        self._require_crs()
        source = self.crs
        target = source.CloneGeogCS()
        target.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        lon, lat = np.full(np.shape(x), np.nan), np.full(np.shape(x), np.nan)
        known = np.isfinite(x) & np.isfinite(y)
        if known.any():
            points = osr.CoordinateTransformation(source, target).TransformPoints(
                np.column_stack((np.asarray(x)[known], np.asarray(y)[known])).tolist()
            )
            degrees = np.degrees(target.GetAngularUnits())
            lon[known], lat[known] = degrees * np.array(points)[:, :2].T
        return lon, lat

    def _require_crs(self) -> None:
        if not self.wkt:
            raise InvalidParameter(
                "The rasters have no CRS, so the area of a cell and distances are unknown. Assign one (Raster, "
                "Projections, Assign Projection) and run the tool again."
            )

    @property
    def corners(self) -> tuple:
        """Map coordinates of the first and the last corner: (x, x), (y, y)."""
        x0, a, b, y0, d, e = self.transform
        return (
            (x0, x0 + a * self.width + b * self.height),
            (y0, y0 + d * self.width + e * self.height),
        )

    def centres(self, window: Window) -> tuple:
        """Map coordinates of the cell centres of a window: two arrays (height, width)."""
        x0, a, b, y0, d, e = self.transform
        col = window.col + 0.5 + np.arange(window.width)[np.newaxis, :]
        row = window.row + 0.5 + np.arange(window.height)[:, np.newaxis]
        return x0 + a * col + b * row, y0 + d * col + e * row


def _area_from_equator(latitude: np.ndarray, semi_major: float, inverse_flattening: float) -> np.ndarray:
    """Area of the ellipsoid from the equator to a latitude (radians), per radian of longitude."""
    sine = np.sin(latitude)
    flattening = 1.0 / inverse_flattening if inverse_flattening else 0.0
    square = flattening * (2.0 - flattening)
    if square < 1e-12:
        return semi_major**2 * sine
    eccentricity = math.sqrt(square)
    q = sine / (1.0 - square * sine**2) + np.arctanh(eccentricity * sine) / eccentricity
    return semi_major**2 * (1.0 - square) / 2.0 * q


def _same_crs(one: Grid, other: Grid) -> bool:
    """Whether two grids have one reference system, whatever its name and the spelling of its text."""
    if one.wkt == other.wkt:
        return True
    if not one.wkt or not other.wkt:
        return False
    first, second = one.crs, other.crs
    if first.IsSame(second):
        return True
    if first.GetAuthorityCode(None) and second.GetAuthorityCode(None):
        return False
    return first.ExportToProj4() == second.ExportToProj4() != ""
