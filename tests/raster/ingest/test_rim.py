"""The rim of a resampled raster, counted by hand and against a search over all cells."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal, osr
from testkit.rasters import wkt_of, write_layer
from testkit.warping import warped_reader

from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest.content import NUMBERS, Storage
from nep_toolbox.raster.ingest.resampling import Resampling
from nep_toolbox.raster.ingest.rim import RimReader

UTM = wkt_of(32650)
NAN = np.nan
X, Y, SIDE = 500000.0, 4000000.0, 100.0


def reader(tmp_path, values, target, method=Resampling.NEAREST, store=NUMBERS, wkt=UTM, transform=None):
    transform = transform or (X, SIDE, 0.0, Y, 0.0, -SIDE)
    layer = write_layer(tmp_path / "s.tif", values, transform, wkt, kind=store.data_type, nodata=store.nodata)
    return RimReader(warped_reader(layer, target, method, store))


def fine(left=0.0, top=0.0, width=8, height=4, side=50.0) -> Grid:
    """Cells of ``side`` metres whose corner lies so many metres from that of the source."""
    return Grid(UTM, (X + left, side, 0.0, Y - top, 0.0, -side), width, height)


def test_half_cells_beyond_a_single_value_by_hand(tmp_path):
    """One valid cell of 100 m, its centre at (150, 150). Targets of 50 m have centres at 25, 75, 125 ...: 25 m or 75 m
    and 125 m from it along each axis. Within 100 m of it are (25, 25), (25, 75) and (75, 25), not (75, 75), which is
    106 m away."""
    source = np.full((3, 3), NAN)
    source[1, 1] = 7
    values, filled = reader(tmp_path, source, fine(width=6, height=6)).read(Window(0, 0, 6, 6))
    expected = np.array([
        [0, 0, 0, 0, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 1, 2, 2, 1, 0],
        [0, 1, 2, 2, 1, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ])
    np.testing.assert_array_equal(values[0], np.where(expected > 0, 7, NAN))
    np.testing.assert_array_equal(filled[0], expected == 1)


def test_exactly_one_cell_is_near_enough(tmp_path):
    """Cells that coincide: the four neighbours lie exactly one cell away, those across a corner farther."""
    source = np.full((3, 3), NAN)
    source[1, 1] = 7
    values, filled = reader(tmp_path, source, fine(width=3, height=3, side=SIDE)).read(Window(0, 0, 3, 3))
    np.testing.assert_array_equal(values[0], [[NAN, 7, NAN], [7, 7, 7], [NAN, 7, NAN]])
    assert filled.sum() == 4


def test_the_nearest_of_several_and_of_equals_the_northern_then_the_western(tmp_path):
    source = [[1, NAN, 2], [NAN, NAN, NAN], [3, NAN, 4]]
    same = reader(tmp_path, source, fine(width=3, height=3, side=SIDE)).read(Window(0, 0, 3, 3))[0][0]
    np.testing.assert_array_equal(same, [[1, 1, 2], [1, NAN, 2], [3, 3, 4]])
    # Shifted east by 0.3 of a cell the gaps are nearer to the other side, in the row between still to the north.
    shifted = fine(left=30.0, width=2, height=3, side=SIDE)
    values = reader(tmp_path, source, shifted).read(shifted.whole)[0][0]
    np.testing.assert_array_equal(values, [[1, 2], [NAN, NAN], [3, 4]])


def test_beyond_the_edge_of_the_source(tmp_path):
    target = fine(left=-100.0, top=-100.0, width=8, height=8)
    values, _filled = reader(tmp_path, np.array([[1.0, 2], [3, 4]]), target).read(target.whole)
    # Centres at -75, -25 ...: 125 m and 75 m from the first centre at 50.
    expected = np.kron([[1, 2], [3, 4]], np.ones((2, 2)))
    expected = np.pad(expected, 1, mode="edge")
    for row in (0, -1):
        for col in (0, -1):
            expected[row, col] = NAN  # 75 m along both axes
    np.testing.assert_array_equal(values[0, 1:-1, 1:-1], expected)
    assert np.isnan(values[0, 0]).all() and np.isnan(values[0, :, -1]).all()


@pytest.mark.parametrize("method", [Resampling.NEAREST, Resampling.BILINEAR, Resampling.AVERAGE])
def test_against_a_search_over_all_cells_in_another_reference_system(tmp_path, method):
    """In degrees onto UTM: distances in columns and rows of the source."""
    rng = np.random.default_rng(8)
    source = rng.normal(size=(12, 14))
    source[rng.random(source.shape) < 0.6] = NAN
    transform = (117.0, 0.05, 0.0, 36.3, 0.0, -0.05)
    target = Grid(UTM, (498000.0, 2100.0, 0.0, 4022000.0, 0.0, -2100.0), 34, 36)
    rim = reader(tmp_path, source, target, method, wkt=wkt_of(4326), transform=transform)
    plain = rim.warped.read(target.whole)[0]
    values, filled = rim.read(target.whole)
    there = target.crs, Grid(wkt_of(4326), transform, 1, 1).crs
    x, y = target.centres(target.whole)
    points = np.column_stack([np.ravel(x), np.ravel(y)]).tolist()
    places = np.array(osr.CoordinateTransformation(*there).TransformPoints(points))
    col, row = (places[:, 0] - 117.0) / 0.05, (36.3 - places[:, 1]) / 0.05
    rows, cols = np.nonzero(np.isfinite(source))
    distance = (row[:, None] - rows - 0.5) ** 2 + (col[:, None] - cols - 0.5) ** 2
    nearest = source[rows, cols][distance.argmin(axis=1)].reshape(plain.shape)
    near = (distance.min(axis=1) <= 1).reshape(plain.shape)
    expected = np.where(np.isnan(plain) & near, nearest, plain)
    np.testing.assert_allclose(values[0], expected, rtol=1e-6)
    np.testing.assert_array_equal(filled[0], np.isnan(plain) & near)
    assert filled.sum() > 50


@pytest.mark.parametrize("shift", [0.0, 33.0, 50.0])
def test_neither_blocks_nor_extent_change_a_value(tmp_path, shift):
    rng = np.random.default_rng(9)
    source = rng.integers(1, 90, (30, 30)).astype(float)
    source[rng.random(source.shape) < 0.7] = NAN
    target = fine(left=shift, top=shift, width=60, height=60)
    whole, filled = reader(tmp_path, source, target).read(target.whole)
    assert filled.sum() > 300
    rim = reader(tmp_path, source, target)
    for side in (7, 16):
        for row in range(0, 60, side):
            for col in range(0, 60, side):
                window = Window(col, row, min(side, 60 - col), min(side, 60 - row))
                values, _filled = rim.read(window)
                rows, cols = slice(row, row + window.height), slice(col, col + window.width)
                np.testing.assert_array_equal(values[0], whole[0, rows, cols])
    part = target.part(Window(13, 9, 21, 30))
    np.testing.assert_array_equal(reader(tmp_path, source, part).read(part.whole)[0][0], whole[0, 9:39, 13:34])


def test_equally_near_cells_are_equally_near_whatever_the_rounding(tmp_path):
    """Cells of a third of 100 m, shifted by half: every centre lies on a corner of four cells of the source."""
    side = 100.0 / 3.0
    source = np.random.default_rng(10).integers(1, 900, (40, 40)).astype(float)
    source[1::2, ::2] = source[::2, 1::2] = NAN
    transform = (X + 0.1, side, 0.0, Y + 0.7, 0.0, -side)
    target = Grid(UTM, (X + 0.1 + side / 2, side, 0.0, Y + 0.7 - side / 2, 0.0, -side), 39, 39)
    rim = reader(tmp_path, source, target, transform=transform)
    values, filled = rim.read(target.whole)
    north_west, north_east = source[:-1, :-1], source[:-1, 1:]
    expected = np.where(np.isnan(north_west), north_east, north_west)
    np.testing.assert_array_equal(values[0][filled[0]], expected[filled[0]])
    assert filled.sum() > 300


def test_codes_of_classes_and_a_raster_without_a_value(tmp_path):
    store = Storage(gdal.GDT_Byte, "uint8", 255)
    source = np.full((3, 3), 255, np.uint8)
    target = fine(width=3, height=3, side=SIDE)
    values, filled = reader(tmp_path, source, target, store=store).read(target.whole)
    assert (values == 255).all() and not filled.any()
    source[0, 0] = 4
    values, filled = reader(tmp_path, source, target, store=store).read(target.whole)
    assert values[0].tolist() == [[4, 4, 255], [4, 255, 255], [255, 255, 255]] and filled.sum() == 2
