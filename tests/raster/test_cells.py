"""The area of cells, their centres, and a regular sample of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from osgeo import osr
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.blocks import of_whole_squares, windows
from nep_toolbox.raster.cells import CellAreas, CellCentres, CellPlace, CoarseCells, EveryNth, areas_of_rows
from nep_toolbox.raster.grid import Grid, Window

#: Area of the ellipsoid of WGS84 in m2, as NIMA TR8350.2 and later texts print it (510 065 621.724 km2).
WGS84_AREA = 510065621724088.4

GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 400, 300)

#: Size of the grid that is sampled.
WIDTH, HEIGHT = 37, 23


# Areas ----------------------------------------------------------------------------------------------------------------


def globe(rows: int, columns: int) -> Grid:
    return Grid(wkt_of(4326), (-180.0, 360.0 / columns, 0.0, 90.0, 0.0, -180.0 / rows), columns, rows)


@pytest.mark.parametrize("rows", [1, 7, 180, 3600])
def test_the_cells_of_the_globe_sum_to_the_ellipsoid(rows):
    grid = globe(rows, 360)
    assert areas_of_rows(grid, 0, rows).sum() * 360 == pytest.approx(WGS84_AREA, rel=1e-12)


def test_cells_beyond_the_poles_have_no_area():
    grid = Grid(wkt_of(4326), (-180.0, 1.0, 0.0, 90.5, 0.0, -1.0), 360, 181)
    areas = areas_of_rows(grid, 0, 181)
    assert areas.sum() * 360 == pytest.approx(WGS84_AREA, rel=1e-12)


@pytest.mark.parametrize("top", [0.0, 34.5, -61.25, 89.9])
@pytest.mark.parametrize("size", [1.0 / 240, 0.05])
def test_a_cell_against_numeric_integration(top, size):
    """Integral of N M cos(latitude) over the cell, with the two radii of curvature N and M, by Gauss quadrature."""
    semi_major, flattening = 6378137.0, 1 / 298.257223563
    square = flattening * (2 - flattening)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    low, high = np.radians(top - size), np.radians(top)
    latitude = 0.5 * (low + high) + 0.5 * (high - low) * nodes
    curvature = 1 - square * np.sin(latitude) ** 2
    density = semi_major**2 * (1 - square) / curvature**2 * np.cos(latitude)
    expected = 0.5 * (high - low) * np.sum(weights * density) * np.radians(size)
    area = areas_of_rows(Grid(wkt_of(4326), (113.0, size, 0.0, top, 0.0, -size), 10, 10), 0, 1)
    assert area.shape == (1, 1)
    assert area[0, 0] == pytest.approx(expected, rel=1e-9)


def test_a_geographic_crs_on_a_sphere():
    crs = osr.SpatialReference()
    crs.ImportFromProj4("+proj=longlat +R=6371007.181 +no_defs")
    grid = Grid(crs.ExportToWkt(), (-180.0, 1.0, 0.0, 90.0, 0.0, -1.0), 360, 180)
    assert areas_of_rows(grid, 0, 180).sum() * 360 == pytest.approx(4 * np.pi * 6371007.181**2, rel=1e-12)


def test_a_geographic_crs_in_grads():
    """EPSG:4807 counts 400 grads round the globe, on the ellipsoid of Clarke 1880 (IGN): a, b = 6378249.2, 6356515 m.

    The area of an oblate spheroid is 2 pi a2 + pi b2 / e ln((1 + e) / (1 - e)).
    """
    a, b = 6378249.2, 6356515.0
    e = np.sqrt(1 - (b / a) ** 2)
    expected = 2 * np.pi * a**2 + np.pi * b**2 / e * np.log((1 + e) / (1 - e))
    grid = Grid(wkt_of(4807), (-200.0, 4.0, 0.0, 100.0, 0.0, -2.0), 100, 100)
    assert areas_of_rows(grid, 0, 100).sum() * 100 == pytest.approx(expected, rel=1e-9)


def test_a_grid_from_south_to_north():
    north_up = Grid(wkt_of(4326), (110.0, 0.1, 0.0, 36.0, 0.0, -0.1), 5, 4)
    south_up = Grid(wkt_of(4326), (110.0, 0.1, 0.0, 35.6, 0.0, 0.1), 5, 4)
    np.testing.assert_allclose(areas_of_rows(south_up, 0, 4)[::-1], areas_of_rows(north_up, 0, 4), rtol=1e-9)


def test_projected_in_metres_and_in_feet():
    np.testing.assert_array_equal(areas_of_rows(GRID, 5, 3), np.full((3, 1), 250000.0))
    feet = Grid(wkt_of(2263), (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), 4, 4)  # New York Long Island, US survey foot
    np.testing.assert_allclose(areas_of_rows(feet, 0, 2), 100 * (1200 / 3937) ** 2, rtol=1e-12)


def test_a_rotated_projected_grid():
    cosine, sine = 0.8, 0.6
    grid = replace(GRID, transform=(0.0, 500 * cosine, 500 * sine, 0.0, 500 * sine, -500 * cosine))
    np.testing.assert_allclose(areas_of_rows(grid, 0, 2), 250000.0, rtol=1e-12)
    assert grid.cell_size == pytest.approx((500.0, 500.0))


def test_areas_that_cannot_be_known():
    with pytest.raises(InvalidParameter, match="no CRS"):
        areas_of_rows(replace(GRID, wkt=""), 0, 1)
    for b, d in ((0.01, 0.01), (0.01, 0.0), (0.0, 0.01)):
        with pytest.raises(InvalidParameter, match="rotated"):
            areas_of_rows(Grid(wkt_of(4326), (110.0, 0.1, b, 36.0, d, -0.1), 5, 4), 0, 1)


def test_areas_are_read_like_a_raster():
    grid = globe(180, 360)
    np.testing.assert_array_equal(CellAreas(grid).read(Window(3, 10, 5, 4)), areas_of_rows(grid, 10, 4))


# Centres --------------------------------------------------------------------------------------------------------------


def test_centres_are_read_like_a_raster():
    x, y = CellCentres(GRID).read(Window(2, 1, 3, 2))
    np.testing.assert_array_equal(np.broadcast_to(x, (2, 3)), [[501250, 501750, 502250]] * 2)
    np.testing.assert_array_equal(np.broadcast_to(y, (2, 3)), [[3999250] * 3, [3998750] * 3])


def test_the_place_of_a_window_gives_the_centres_of_its_cells():
    for grid in (GRID, replace(GRID, transform=(0.0, 400.0, 300.0, 0.0, 300.0, -400.0))):
        window = Window(2, 1, 3, 2)
        x, y = CellCentres(grid).read(window)
        found = CellPlace(grid).read(window).point(np.arange(3)[np.newaxis] + 0.5, np.arange(2)[:, np.newaxis] + 0.5)
        for one, other in zip(found, (x, y)):
            np.testing.assert_array_equal(np.broadcast_to(one, (2, 3)), np.broadcast_to(other, (2, 3)))


# A lattice of every n-th row and column is one of the whole grid, whatever the blocks ---------------------------------


@pytest.mark.parametrize("spacing", [1, 2, 3, 7, 16, 40])
@pytest.mark.parametrize("shape", [(WIDTH, HEIGHT), (WIDTH, 1), (1, 1), (5, 4), (16, 16), (WIDTH, 16)])
def test_blocks_together_hold_every_nth_row_and_column_once(spacing, shape):
    lattice = EveryNth(spacing, WIDTH)
    numbers = np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    taken = []
    for window in windows(replace(GRID, width=WIDTH, height=HEIGHT), shape):
        rows, cols, cells = lattice.read(window)
        block = numbers[window.row : window.row + window.height, window.col : window.col + window.width]
        assert np.array_equal(cells, block[np.ix_(rows, cols)])
        taken.extend(cells.ravel().tolist())
    expected = numbers[::spacing, ::spacing].ravel()
    assert sorted(taken) == expected.tolist()
    assert lattice.count(WIDTH) * lattice.count(HEIGHT) == expected.size


def test_numbers_of_a_grid_of_ten_thousand_million_cells():
    _rows, _cols, cells = EveryNth(1, 100_000).read(Window(99_999, 99_999, 1, 1))
    assert cells.tolist() == [[9_999_999_999]]


# Squares of cells ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 5, 16, 23, 50])
@pytest.mark.parametrize("shape", [(WIDTH, HEIGHT), (WIDTH, 1), (1, 1), (12, 7)])
def test_blocks_together_hold_every_square_once(size, shape):
    grid = replace(GRID, width=WIDTH, height=HEIGHT)
    across = -(-WIDTH // size)
    row, col = np.indices((HEIGHT, WIDTH)) // size
    taken = []
    for window in windows(grid, of_whole_squares(shape, grid, size)):
        given, numbers = CoarseCells(size, WIDTH).read(window)
        assert given == size
        inside = np.s_[window.row : window.row + window.height : size, window.col : window.col + window.width : size]
        assert np.array_equal(numbers, (row * across + col)[inside])
        taken.extend(numbers.ravel().tolist())
    assert sorted(taken) == list(range(across * -(-HEIGHT // size)))


def test_a_window_that_cuts_a_square_is_refused():
    for window in (Window(5, 4, 8, 8), Window(4, 5, 8, 8)):
        with pytest.raises(ValueError, match="begins in the middle of a square"):
            CoarseCells(4, WIDTH).read(window)


# What is said of their memory is what they take ----------------------------------------------------------------------


def test_memory_of_a_cell():
    column, square = Window(0, 0, 1, 300), Window(0, 0, 300, 300)
    assert CellAreas(GRID).read(column).nbytes == CellAreas(GRID).bytes_per_cell * 300
    assert sum(each.nbytes for each in CellCentres(GRID).read(square)) <= CellCentres(GRID).bytes_per_cell * 300**2
    turned = CellCentres(replace(GRID, transform=(0.0, 400.0, 300.0, 0.0, 300.0, -400.0)))
    assert sum(each.nbytes for each in turned.read(square)) == turned.bytes_per_cell * 300**2
    _rows, _cols, cells = EveryNth(1, WIDTH).read(square)
    assert cells.nbytes == EveryNth(1, WIDTH).bytes_per_cell * 300**2
    _size, squares = CoarseCells(1, WIDTH).read(square)
    assert squares.nbytes == CoarseCells(1, WIDTH).bytes_per_cell * 300**2
