"""Which method fits two grids, and what of a source a target takes."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import COARSE_TRANSFORM, wkt_of

from nep_toolbox.raster.bounds import Bounds
from nep_toolbox.raster.crs import crs_wkt
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest.resampling import (
    Resampling,
    block_height,
    block_side,
    choose_method,
    coarsening,
    coincide,
    source_window,
)

UTM = wkt_of(32650)


def grid_of(transform, width, height, wkt=UTM) -> Grid:
    return Grid(wkt, transform, width, height)


def test_what_is_copied_and_what_is_not():
    source = grid_of(COARSE_TRANSFORM, 100, 80)
    assert coincide(source, source.part(Window(-7, 3, 200, 10)))
    assert coincide(source, grid_of((500000.0 + 1e-5, 500.0, 0.0, 4000000.0, 0.0, -500.0), 9, 9))
    assert not coincide(source, grid_of((500010.0, 500.0, 0.0, 4000000.0, 0.0, -500.0), 9, 9))
    assert not coincide(source, grid_of((500000.0, 500.1, 0.0, 4000000.0, 0.0, -500.1), 9, 9))
    assert not coincide(source, grid_of(COARSE_TRANSFORM, 9, 9, wkt_of(32651)))


@pytest.mark.parametrize("cell, categories, method", [
    (500.0, False, Resampling.NEAREST), (500.0, True, Resampling.NEAREST), (1000.0, False, Resampling.AVERAGE),
    (625.0, False, Resampling.AVERAGE), (600.0, False, Resampling.BILINEAR),
    (250.0, False, Resampling.BILINEAR), (1000.0, True, Resampling.MODE),
    (625.0, True, Resampling.MODE), (250.0, True, Resampling.NEAREST), (600.0, True, Resampling.NEAREST),
])
def test_the_choice_of_the_method(cell, categories, method):
    target = grid_of((500000.0, cell, 0.0, 4000000.0, 0.0, -cell), 50, 40)
    chosen, why = choose_method(categories, grid_of(COARSE_TRANSFORM, 100, 80), target)
    assert chosen is method and why


def test_the_ratio_of_cells_across_crs():
    degrees = Grid(wkt_of(4326), (117.0, 0.05, 0.0, 36.2, 0.0, -0.05), 8, 8)
    target = grid_of((500000.0, 500.0, 0.0, 3995000.0, 0.0, -500.0), 60, 60)
    # 0.05 degrees at 36 N: 4509 m by 5548 m.
    assert coarsening(degrees, target) == pytest.approx(500 / np.sqrt(4509 * 5548), rel=5e-3)


def test_the_window_a_target_draws_on():
    source = Grid(wkt_of(4326), (110.0, 0.01, 0.0, 40.0, 0.0, -0.01), 1000, 1000)
    target = grid_of((500000.0, 500.0, 0.0, 3995000.0, 0.0, -500.0), 60, 60)
    window = source_window(source, target)
    left, bottom, right, top = Bounds.of_projected(target, source.wkt)
    assert 110 + 0.01 * window.col < left - 0.1 and 110 + 0.01 * (window.col + window.width) > right + 0.1
    assert 40 - 0.01 * window.row > top + 0.1 and 40 - 0.01 * (window.row + window.height) < bottom - 0.1
    assert window.width * window.height < 10_000
    assert source_window(source, grid_of((500000.0, 500.0, 0.0, 1000000.0, 0.0, -500.0), 60, 60)) is None


def test_models_and_scripts_keep_the_numbers_of_the_methods():
    names = ["AUTOMATIC", "NEAREST", "BILINEAR", "CUBIC", "AVERAGE", "MODE", "SUM", "MEDIAN", "MINIMUM", "MAXIMUM"]
    assert [(method.name, method.value) for method in Resampling] == list(zip(names, range(10)))


@pytest.mark.parametrize("shift, is_one", [(0.0009, True), (0.0011, False), (0.9989, False), (0.9991, True)])
def test_cells_that_lie_within_a_thousandth_coincide(shift, is_one):
    source = grid_of(COARSE_TRANSFORM, 100, 80)
    for x, y in ((shift, 0), (0, shift), (-shift, 3), (7, -shift)):
        assert coincide(source, grid_of((500000 + 500 * x, 500, 0, 4000000 - 500 * y, 0, -500), 9, 9)) is is_one


@pytest.mark.parametrize("place", [1, 2, 4, 5])
def test_cells_that_drift_apart_over_the_target_do_not_coincide(place):
    source = grid_of(COARSE_TRANSFORM, 100, 80)
    for share, is_one in ((0.9e-3 / 50, True), (1.1e-3 / 50, False)):
        for sign in (1, -1):
            transform = list(COARSE_TRANSFORM)
            transform[place] += sign * 500 * share
            assert coincide(source, grid_of(tuple(transform), 50, 9)) is is_one
            assert coincide(source, grid_of(tuple(transform), 9, 50)) is is_one


SPHERE = crs_wkt("+proj=longlat +R=6371000")
DEGREE = np.radians(1.0) * 6371000.0


@pytest.mark.parametrize("projection, transform, width, height, stretched", [
    # How long on the sphere what is 1 on the map is: by the latitude, or along the equator by the longitude.
    ("merc", (10.0, 0.1, 0.0, 60.0, 0.0, -0.1), 30, 400, np.cos(np.radians(40))),
    ("merc", (10.0, 0.1, 0.05, 60.0, 0.1, -0.1), 200, 500, np.cos(np.radians(45))),
    ("tmerc", (0.0, 0.1, 0.0, 1.0, 0.0, -0.1), 400, 20, np.cos(np.radians(20))),
    ("tmerc", (0.0, 0.1, 0.1, 1.0, 0.0, -0.1), 380, 20, np.cos(np.radians(20))),
])
def test_the_ratio_of_cells_is_that_in_the_middle_of_the_target(projection, transform, width, height, stretched):
    source = grid_of((0.0, 1000.0, 0.0, 0.0, 0.0, -1000.0), 10, 10, crs_wkt(f"+proj={projection} +R=6371000"))
    target = grid_of(transform, width, height, SPHERE)
    side = np.sqrt(abs(transform[1] * transform[5] - transform[2] * transform[4]))
    latitude = transform[3] + (transform[4] * width + transform[5] * height) / 2
    native = 1000.0 * stretched / DEGREE / np.sqrt(np.cos(np.radians(latitude)))
    assert coarsening(source, target) == pytest.approx(side / native, rel=1e-3)


def test_the_ratio_where_the_middle_of_the_target_has_no_place_in_the_source():
    """Seen from far away half of the globe is hidden; the ratio is then that in the middle of the source."""
    view = crs_wkt("+proj=ortho +lat_0=0 +lon_0=0 +R=6371000")
    hidden = grid_of((170.0, 0.1, 0.0, 10.0, 0.0, -0.1), 200, 200, SPHERE)
    centre = grid_of((-5000.0, 1000.0, 0.0, 5000.0, 0.0, -1000.0), 10, 10, view)
    assert coarsening(centre, hidden) == pytest.approx(0.1 * DEGREE / 1000.0, rel=1e-3)
    beside_the_globe = grid_of((7e6, 1000.0, 0.0, 5000.0, 0.0, -1000.0), 10, 10, view)
    assert coarsening(beside_the_globe, hidden) == 1.0
    assert source_window(centre, hidden) == centre.whole


@pytest.mark.parametrize("ratio, side", [
    (0.1, 1024), (4.0, 1024), (4.01, 1008), (5.0, 816), (8.0, 512), (8.0001, 496), (100.0, 32), (1000.0, 32),
])
def test_blocks_draw_on_about_4096_cells_of_the_source(ratio, side):
    assert block_side(ratio) == side


@pytest.mark.parametrize("ratio, height", [(0.1, 256), (4.0, 256), (4.01, 1008), (8.0, 512), (1000.0, 32)])
def test_large_blocks_are_low(ratio, height):
    assert block_height(ratio) == height


def test_the_window_a_target_draws_on_has_a_margin_of_what_methods_need_and_of_what_bends():
    """Cells twice as wide: 16 + 4 x 2 cells, and a fiftieth of the 200 columns and 50 rows that the target covers."""
    source = grid_of(COARSE_TRANSFORM, 1000, 800)

    def of_target(col, row):
        return source_window(source, grid_of((500000 + 500 * col, 1000, 0, 4000000 - 500 * row, 0, -1000), 100, 25))

    assert of_target(100, 200) == Window(100 - 28, 200 - 25, 200 + 2 * 28, 50 + 2 * 25)
    assert of_target(0, 0) == Window(0, 0, 228, 75)
    assert of_target(800, 750) == Window(772, 725, 228, 75)
    # One cell each, at the four sides, and none.
    assert of_target(1027, 200) == Window(999, 175, 1, 100) and of_target(-227, 200) == Window(0, 175, 1, 100)
    assert of_target(100, 824) == Window(72, 799, 256, 1) and of_target(100, -74) == Window(72, 0, 256, 1)
    for col, row in ((1028, 200), (-228, 200), (100, 825), (100, -75)):
        assert of_target(col, row) is None
