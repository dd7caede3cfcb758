"""Places on a grid, and one grid or several."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of

from nep_toolbox.errors import GridMismatch, InvalidParameter
from nep_toolbox.raster.cells import areas_of_rows
from nep_toolbox.raster.grid import Grid, Window

GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 400, 300)


def moved(columns: float, rows: float) -> Grid:
    x, a, b, y, d, e = COARSE_TRANSFORM
    return replace(GRID, transform=(x + columns * a, a, b, y + rows * e, d, e))


def test_a_thousandth_of_a_cell_is_tolerated():
    for columns, rows in [(0.0009, 0), (0, -0.0009), (-0.0009, 0.0009)]:
        assert GRID.differences(moved(columns, rows)) == []
    # One metre of a thousand: 0.001 to the last bit.
    kilometres = replace(GRID, transform=(500000.0, 1000.0, 0.0, 4000000.0, 0.0, -1000.0))
    assert kilometres.differences(replace(kilometres, transform=(500001.0, 1000.0, 0.0, 4000001.0, 0.0, -1000.0))) == []
    assert GRID.differences(moved(0.0011, 0)) == ["it is shifted by 0.0011 columns and 0 rows"]
    assert GRID.differences(moved(0, 0.5)) == ["it is shifted by 0 columns and 0.5 rows"]


def test_the_tolerance_holds_at_the_far_corner():
    x, a, b, y, d, e = COARSE_TRANSFORM
    close = replace(GRID, transform=(x, a * (1 + 0.9e-3 / 400), b, y, d, e))
    apart = replace(GRID, transform=(x, a * (1 + 1.1e-3 / 400), b, y, d, e))
    assert GRID.differences(close) == []
    assert "cells are" in GRID.differences(apart)[0]


def test_a_flipped_grid_is_another():
    x, a, b, y, d, e = COARSE_TRANSFORM
    assert GRID.differences(replace(GRID, transform=(x, a, b, y + 300 * e, d, -e))) != []


def test_every_difference_is_said():
    other = Grid(wkt_of(4326), (110.0, 0.005, 0.0, 36.0, 0.0, -0.005), 399, 300)
    with pytest.raises(GridMismatch) as error:
        GRID.require_same(other, "NPP_2001", "rain_2001")
    text = str(error.value)
    assert "'rain_2001' does not lie on the grid of 'NPP_2001'" in text
    assert "its CRS is EPSG:4326 instead of EPSG:32650" in text
    assert "it has 399 x 300 cells instead of 400 x 300" in text
    assert "nep:harmonize" in text
    GRID.require_same(GRID, "a", "b")


def test_cell_size_in_words():
    other = replace(GRID, transform=(500000.0, 250.0, 0.0, 4000000.0, 0.0, -250.0))
    assert GRID.differences(other) == ["its cells are 250 x 250 instead of 500 x 500 map units"]


@pytest.mark.parametrize("epsg", [32649, 4326, 3857])
def test_another_crs(epsg):
    assert f"EPSG:{epsg} instead of EPSG:32650" in GRID.differences(replace(GRID, wkt=wkt_of(epsg)))[0]


def test_with_and_without_crs():
    assert GRID.differences(replace(GRID, wkt="")) == ["its CRS is no CRS instead of EPSG:32650"]
    assert replace(GRID, wkt="").differences(replace(GRID, wkt="")) == []


def test_real_rasters_whose_crs_is_spelled_differently(shared):
    folder = shared / "data" / "assaba_gpp_2010_2023"
    gpp, cover, rain = (
        Grid.of(gdal.Open(str(folder / name)))
        for name in ("gpp/2010_GP.tif", "landcover/2010LCT.tif", "precip/2010R.tif")
    )
    assert gpp.wkt != cover.wkt
    assert gpp.differences(cover) == []
    assert gpp.crs_name == "a custom Sinusoidal CRS"
    assert len(gpp.differences(rain)) == 2


def test_in_words():
    assert str(GRID) == "400 x 300 cells of 500 x 500, EPSG:32650"


def test_centres():
    x, y = GRID.centres(Window(2, 1, 3, 2))
    np.testing.assert_array_equal(np.broadcast_to(x, (2, 3)), [[501250, 501750, 502250]] * 2)
    np.testing.assert_array_equal(np.broadcast_to(y, (2, 3)), [[3999250] * 3, [3998750] * 3])


def test_part_of_a_grid():
    grid = Grid(GRID.wkt, COARSE_TRANSFORM, 10, 8)
    ends = [Window(0, 2, *size).ends_row_of(grid) for size in ((grid.width, 1), (grid.width - 1, 9))]
    assert ends == [True, False] and Window(3, 2, grid.width - 3, 1).ends_row_of(grid)
    assert grid.part(Window(2, 3, 4, 5)) == Grid(GRID.wkt, (501000.0, 500.0, 0.0, 3998500.0, 0.0, -500.0), 4, 5)


ROTATED = replace(GRID, transform=(1000.0, 8.0, 3.0, 5000.0, 2.0, -9.0))


def test_places_of_cells():
    assert GRID.point_at(0, 0) == (500000, 4000000)
    assert GRID.point_at(2.5, 1) == (501250, 3999500)
    assert GRID.cell_of(501250, 3999500) == (2.5, 1)
    assert ROTATED.point_at(2, 3) == (1000 + 16 + 9, 5000 + 4 - 27)
    assert ROTATED.cell_of(1025, 4977) == (2, 3)
    assert ROTATED.signed_cell_area == -72 - 6


def test_cells_of_places_are_those_of_gdal():
    col, row = np.random.default_rng(1).uniform(-50, 400, (2, 30))
    for grid in (GRID, ROTATED):
        x, y = grid.point_at(col, row)
        found = grid.cell_of(x, y)
        inverse = gdal.InvGeoTransform(grid.transform)
        expected = np.array([gdal.ApplyGeoTransform(inverse, *place) for place in zip(x, y)]).T
        np.testing.assert_allclose(found, expected, atol=1e-8)
        np.testing.assert_allclose(found, (col, row), atol=1e-8)


def test_corners():
    assert GRID.corners == ((500000, 700000), (4000000, 3850000))
    assert ROTATED.corners == ((1000, 1000 + 3200 + 900), (5000, 5000 + 800 - 2700))


def test_the_corner_that_is_farthest_off_is_said():
    """Rows that descend by 0.01 or 0.02 to the east, columns that lean by 0.02: 400 columns and 300 rows of 500."""
    for d, words in ((0.01, "0.012 columns and 0 rows"), (0.02, "0 columns and -0.016 rows")):
        leaning = replace(GRID, transform=(500000.0, 500.0, 0.02, 4000000.0, d, -500.0))
        assert GRID.differences(leaning) == [f"it is shifted by {words}"]


def test_shifts_are_said_to_four_digits():
    assert GRID.differences(moved(0.12344, -7.00126)) == ["it is shifted by 0.1234 columns and -7.0013 rows"]


def degrees(left: float, right: float, epsg: int = 4326) -> Grid:
    return Grid(wkt_of(epsg), (left, (right - left) / 36, 0.0, 40.0, 0.0, -1.0), 36, 10)


@pytest.mark.parametrize(("one", "other"), [
    (degrees(-180, 180), degrees(0, 360)), (degrees(-100, -80), degrees(260, 280)),
    (degrees(-10, 10), degrees(170, 190)),
])
def test_longitudes_that_count_otherwise_are_named(one, other):
    words = "its longitudes count 0 to 360 instead of -180 to 180"
    assert one.differences(other) == [words]
    assert other.differences(one) == ["its longitudes count -180 to 180 instead of 0 to 360"]
    assert words in one.differences(replace(other, width=35))


def test_longitudes_that_both_ways_would_give():
    assert degrees(10, 30).longitudes == degrees(0, 180).longitudes == "" == GRID.longitudes
    assert degrees(170, 190).longitudes == "0 to 360" and degrees(-10, 170).longitudes == "-180 to 180"
    assert degrees(-200, 400, 4807).longitudes == "" and degrees(0, 400, 4807).longitudes == "0 to 400"
    assert "shifted" in degrees(10, 30).differences(degrees(11, 31))[0]


# Cells of points ------------------------------------------------------------------------------------------------------


def test_cells_of_points_by_hand():
    x, y = GRID.point_at(np.array([0.0, 399.9, 7.5, 400.0, -0.1, np.nan, 5]), np.array([0, 299.9, 3, 1, 1, 1, 300.0]))
    col, row = GRID.cells_at(x, y)
    assert col.tolist() == [0, 399, 7, -1, -1, -1, -1] and row.tolist() == [0, 299, 3, -1, -1, -1, -1]
    assert col.dtype == row.dtype == np.int64


def test_a_place_in_degrees_is_the_same_a_turn_farther_on():
    east = Grid(wkt_of(4326), (0.0, 10.0, 0.0, 90.0, 0.0, -10.0), 36, 18)
    west = replace(east, transform=(-180.0, 10.0, 0.0, 90.0, 0.0, -10.0))
    x, y = np.array([-100.0, 260.0, 5.0, 365.0, -5.0]), np.array([45.0, 45.0, 0.5, 0.5, 95.0])
    assert [part.tolist() for part in east.cells_at(x, y)] == [[26, 26, 0, 0, -1], [4, 4, 8, 8, -1]]
    assert [part.tolist() for part in west.cells_at(x, y)] == [[8, 8, 18, 18, -1], [4, 4, 8, 8, -1]]
    # Of a raster whose last column is its first once more, the column that lies there as it is.
    assert replace(east, width=37).cells_at(np.array([5.0, 365.0]), np.array([0.5, 0.5]))[0].tolist() == [0, 36]
    # Of a region that leaves the place out it is nowhere.
    assert Grid(wkt_of(4326), (70.0, 1.0, 0.0, 60.0, 0.0, -1.0), 60, 40).cells_at(x, y)[0].tolist() == [-1] * 5


def test_degrees_alone_have_turns():
    assert (GRID.turn, Grid(wkt_of(4326), COARSE_TRANSFORM, 4, 3).turn, Grid("", COARSE_TRANSFORM, 4, 3).turn) == (
        0.0, 360.0, 0.0)
    assert Grid(wkt_of(4807), COARSE_TRANSFORM, 4, 3).turn == 400.0  # grads


def test_a_grid_knows_its_file_and_is_the_same_whatever_it_is_called():
    named = replace(GRID, name="a.tif")
    assert named == GRID and hash(named) == hash(GRID)
    with pytest.raises(InvalidParameter, match="'a.tif' has no CRS"):
        areas_of_rows(replace(named, wkt=""), 0, 1)
