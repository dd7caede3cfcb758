"""One grid or several, and the area of cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from osgeo import gdal, osr
from testkit.layers import NORTH_UP, UTM, wkt_of

from nep_toolbox.errors import GridMismatch, InvalidParameter
from nep_toolbox.raster.cells import CellAreas
from nep_toolbox.raster.grid import Grid, Window

#: Area of the ellipsoid of WGS84 in m2, as NIMA TR8350.2 and later texts print it (510 065 621.724 km2).
WGS84_AREA = 510065621724088.4

GRID = Grid(wkt_of(UTM), NORTH_UP, 400, 300)


def moved(columns: float, rows: float) -> Grid:
    x, a, b, y, d, e = NORTH_UP
    return replace(GRID, transform=(x + columns * a, a, b, y + rows * e, d, e))


def test_a_thousandth_of_a_cell_is_tolerated():
    for columns, rows in [(0.0009, 0), (0, -0.0009), (-0.0009, 0.0009)]:
        assert GRID.differences(moved(columns, rows)) == []
    assert GRID.differences(moved(0.0011, 0)) == ["it is shifted by 0.0011 columns and 0 rows"]
    assert GRID.differences(moved(0, 0.5)) == ["it is shifted by 0 columns and 0.5 rows"]


def test_the_tolerance_holds_at_the_far_corner():
    x, a, b, y, d, e = NORTH_UP
    close = replace(GRID, transform=(x, a * (1 + 0.9e-3 / 400), b, y, d, e))
    apart = replace(GRID, transform=(x, a * (1 + 1.1e-3 / 400), b, y, d, e))
    assert GRID.differences(close) == []
    assert "cells are" in GRID.differences(apart)[0]


def test_a_flipped_grid_is_another():
    x, a, b, y, d, e = NORTH_UP
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


def test_one_crs_in_several_spellings():
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(UTM)
    for text in (crs.ExportToWkt(["FORMAT=WKT2_2018"]), crs.ExportToWkt(["FORMAT=WKT1_ESRI"])):
        assert GRID.differences(replace(GRID, wkt=text)) == []
    sphere = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"
    crs.ImportFromProj4(sphere)
    text = crs.ExportToWkt()
    one, other = replace(GRID, wkt=text), replace(GRID, wkt=text.replace("unknown", "MODIS Sinusoidal"))
    assert one.wkt != other.wkt
    assert one.differences(other) == []


@pytest.mark.parametrize("epsg", [32649, 4326, 3857])
def test_another_crs(epsg):
    assert f"EPSG:{epsg} instead of EPSG:32650" in GRID.differences(replace(GRID, wkt=wkt_of(epsg)))[0]


def test_two_datums_on_one_ellipsoid_are_two_crs():
    beijing, pulkovo = wkt_of(4214), wkt_of(4284)  # both on the ellipsoid of Krassowsky
    assert replace(GRID, wkt=beijing).differences(replace(GRID, wkt=pulkovo)) != []


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


# Areas ----------------------------------------------------------------------------------------------------------------


def globe(rows: int, columns: int) -> Grid:
    return Grid(wkt_of(4326), (-180.0, 360.0 / columns, 0.0, 90.0, 0.0, -180.0 / rows), columns, rows)


@pytest.mark.parametrize("rows", [1, 7, 180, 3600])
def test_the_cells_of_the_globe_sum_to_the_ellipsoid(rows):
    grid = globe(rows, 360)
    assert grid.area_of_rows(0, rows).sum() * 360 == pytest.approx(WGS84_AREA, rel=1e-12)


def test_cells_beyond_the_poles_have_no_area():
    grid = Grid(wkt_of(4326), (-180.0, 1.0, 0.0, 90.5, 0.0, -1.0), 360, 181)
    areas = grid.area_of_rows(0, 181)
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
    area = Grid(wkt_of(4326), (113.0, size, 0.0, top, 0.0, -size), 10, 10).area_of_rows(0, 1)
    assert area.shape == (1, 1)
    assert area[0, 0] == pytest.approx(expected, rel=1e-9)


def test_a_geographic_crs_on_a_sphere():
    crs = osr.SpatialReference()
    crs.ImportFromProj4("+proj=longlat +R=6371007.181 +no_defs")
    grid = Grid(crs.ExportToWkt(), (-180.0, 1.0, 0.0, 90.0, 0.0, -1.0), 360, 180)
    assert grid.area_of_rows(0, 180).sum() * 360 == pytest.approx(4 * np.pi * 6371007.181**2, rel=1e-12)


def test_a_grid_from_south_to_north():
    north_up = Grid(wkt_of(4326), (110.0, 0.1, 0.0, 36.0, 0.0, -0.1), 5, 4)
    south_up = Grid(wkt_of(4326), (110.0, 0.1, 0.0, 35.6, 0.0, 0.1), 5, 4)
    np.testing.assert_allclose(south_up.area_of_rows(0, 4)[::-1], north_up.area_of_rows(0, 4), rtol=1e-9)


def test_projected_in_metres_and_in_feet():
    np.testing.assert_array_equal(GRID.area_of_rows(5, 3), np.full((3, 1), 250000.0))
    feet = Grid(wkt_of(2263), (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), 4, 4)  # New York Long Island, US survey foot
    np.testing.assert_allclose(feet.area_of_rows(0, 2), 100 * (1200 / 3937) ** 2, rtol=1e-12)


def test_a_rotated_projected_grid():
    cosine, sine = 0.8, 0.6
    grid = replace(GRID, transform=(0.0, 500 * cosine, 500 * sine, 0.0, 500 * sine, -500 * cosine))
    np.testing.assert_allclose(grid.area_of_rows(0, 2), 250000.0, rtol=1e-12)
    assert grid.cell_size == pytest.approx((500.0, 500.0))


def test_areas_that_cannot_be_known():
    with pytest.raises(InvalidParameter, match="no CRS"):
        replace(GRID, wkt="").area_of_rows(0, 1)
    with pytest.raises(InvalidParameter, match="rotated"):
        Grid(wkt_of(4326), (110.0, 0.1, 0.01, 36.0, 0.01, -0.1), 5, 4).area_of_rows(0, 1)


def test_areas_are_read_like_a_raster():
    grid = globe(180, 360)
    np.testing.assert_array_equal(CellAreas(grid).read(Window(3, 10, 5, 4)), grid.area_of_rows(10, 4))


def test_centres():
    x, y = GRID.centres(Window(2, 1, 3, 2))
    np.testing.assert_array_equal(np.broadcast_to(x, (2, 3)), [[501250, 501750, 502250]] * 2)
    np.testing.assert_array_equal(np.broadcast_to(y, (2, 3)), [[3999250] * 3, [3998750] * 3])
