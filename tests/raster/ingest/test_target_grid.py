"""Making grids, and refusing those asked for by mistake."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import wkt_of

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.bounds import Bounds
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.ingest.target_grid import cell_size_in, covering_grid

UTM, DEGREES = wkt_of(32650), wkt_of(4326)
AREA = Bounds(500123.0, 3990010.0, 560987.0, 4020000.0)


def test_edges_lie_on_multiples_of_the_cell_and_cover_the_area():
    grid = covering_grid(UTM, AREA, 500.0)
    assert grid.transform == (500000.0, 500.0, 0.0, 4020000.0, 0.0, -500.0)
    assert (grid.width, grid.height) == (122, 60)
    again = covering_grid(UTM, Bounds(AREA[0] + 7, AREA[1], AREA[2], AREA[3] - 3), 500.0)
    assert again == grid


def test_in_line_with_a_grid():
    like = Grid(UTM, (500100.0, 30.0, 0.0, 4000010.0, 0.0, -30.0), 10, 10)
    grid = covering_grid(UTM, Bounds(500131.0, 3999900.0, 500190.0, 3999979.0), 30.0, like)
    assert grid == Grid(UTM, (500130.0, 30.0, 0.0, 4000010.0 - 30.0, 0.0, -30.0), 2, 3)
    # The grid itself, its edges rounded: no cell more.
    left, bottom, right, top = Bounds.of(like)
    assert covering_grid(UTM, Bounds(left - 1e-6, bottom - 1e-6, right + 1e-6, top + 1e-6), 30.0, like) == like


def test_degrees_taken_for_metres_are_refused():
    with pytest.raises(InvalidParameter) as refusal:
        covering_grid(UTM, AREA, 0.005, native=463.0)
    message = str(refusal.value)
    width, height = 60864.0 / 0.005, 29990.0 / 0.005
    assert f"{width * height:.0f} pixels ({width:.0f} x {height:.0f})" in message
    assert "in metres, the units of EPSG:32650" in message
    assert "looks like degrees" in message and "RESOLUTION=560 was probably meant" in message


def test_metres_taken_for_degrees_are_refused():
    with pytest.raises(InvalidParameter, match=r"looks like metres: 500 metres.*RESOLUTION=0.0045 was probably meant"):
        covering_grid(DEGREES, Bounds(110.0, 33.0, 112.0, 35.0), 500.0, native=0.005)


def test_far_too_many_cells_without_a_mistake_of_units():
    words = r"has 60000000000 pixels \(300000 x 200000\).*cells of about 463.*MAX_PIXELS"
    with pytest.raises(InvalidParameter, match=words):
        covering_grid(UTM, Bounds(0.0, 0.0, 3e6, 2e6), 10.0, native=463.0)
    assert covering_grid(UTM, Bounds(0.0, 0.0, 3e6, 2e6), 10.0, limit=1e11).width == 300000


def test_no_size():
    with pytest.raises(InvalidParameter, match="greater than zero"):
        covering_grid(UTM, AREA, 0.0)


def test_cells_measured_in_another_crs():
    grid = Grid(DEGREES, (117.0, 0.01, 0.0, 36.0, 0.0, -0.01), 10, 10)
    # On the central meridian of zone 50 at 35.95 N: 0.01 degrees are 902 m by 1110 m (times 0.9996).
    assert cell_size_in(grid, UTM) == pytest.approx(0.9996 * np.sqrt(902.3 * 1109.7), rel=2e-3)
    assert cell_size_in(grid, DEGREES) == pytest.approx(0.01)
    assert cell_size_in(grid, UTM, (505000.0, 3975000.0)) == pytest.approx(cell_size_in(grid, UTM), rel=2e-3)
