"""Longitudes from 0 to 360 and from -180 to 180: one place, whichever way a file counts."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import wkt_of, write_layer

from nep_toolbox.raster.bounds import Bounds
from nep_toolbox.raster.crs import crs_wkt
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest.content import DOUBLES, NUMBERS
from nep_toolbox.raster.ingest.mosaic import Mosaic, Piece
from nep_toolbox.raster.ingest.resampling import Resampling
from nep_toolbox.raster.ingest.rim import RimReader
from nep_toolbox.raster.ingest.summing import SummedReader
from nep_toolbox.raster.ingest.target_grid import covering_grid
from nep_toolbox.raster.ingest.turns import left_out, source_for, source_windows, turns
from nep_toolbox.raster.ingest.warping import WarpedReader
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import single

DEGREES = wkt_of(4326)
#: The globe in cells of 2 degrees, and in cells of 1.5.
GLOBE = Grid(DEGREES, (-180.0, 2.0, 0.0, 90.0, 0.0, -2.0), 180, 90)
FINER = Grid(DEGREES, (-180.0, 1.5, 0.0, 90.0, 0.0, -1.5), 240, 120)
EUROPE = covering_grid(wkt_of(3035), Bounds(2.0e6, 1.0e6, 6.0e6, 5.0e6), 50_000.0)
PACIFIC = covering_grid(crs_wkt("+proj=laea +lat_0=0 +lon_0=180"), Bounds(-3e6, -3e6, 3e6, 3e6), 60_000.0)
WORLD = covering_grid(crs_wkt("+proj=moll"), Bounds(-1.8e7, -9e6, 1.8e7, 9e6), 200_000.0)


def grid(left: float, cell: float, width: int, top: float = 90.0, height: int | None = None) -> Grid:
    return Grid(DEGREES, (left, cell, 0.0, top, 0.0, -cell), width, height or round(2 * top / cell))


def counted_from(folder, values: np.ndarray, left: float, name: str = "t", cell: float = 2.0):
    """A source of values whose first column begins at a longitude."""
    values = np.where(np.isnan(values), -9999, values)
    layer = write_layer(
        folder / f"{name}.tif", values, grid(left, cell, values.shape[1]).transform, 4326, kind=gdal.GDT_Float64,
        nodata=-9999,
    )
    series = single(layer)
    return Mosaic.of([Piece(StackReader(series.steps), series.grid, name)])


def result(mosaic: Mosaic, target: Grid, method: Resampling, window: Window | None = None) -> np.ndarray:
    storage = DOUBLES if method is Resampling.SUM else NUMBERS
    source = source_for([mosaic], target, storage, method)
    is_sum = method is Resampling.SUM
    reader = SummedReader.of(source, "t", target) if is_sum else WarpedReader.of(source, "t", target, method)
    return reader.read(window or target.whole)[0]


@pytest.fixture
def values() -> np.ndarray:
    rng = np.random.default_rng(4)
    values = np.exp(rng.normal(1, 1, (90, 180)))
    values[rng.random(values.shape) < 0.05] = np.nan
    return values


@pytest.mark.parametrize("method", [Resampling.NEAREST, Resampling.CUBIC, Resampling.AVERAGE, Resampling.SUM])
@pytest.mark.parametrize("target", [
    GLOBE, FINER, grid(0.0, 1.5, 240), grid(-20.0, 1.5, 30, 30), grid(165.0, 1.5, 20, 30), EUROPE, PACIFIC, WORLD,
], ids=["copy", "globe", "from 0", "Greenwich", "date line", "Europe", "Pacific", "Mollweide"])
def test_the_values_are_those_of_the_same_globe_rolled(tmp_path, values, method, target):
    """The witness is numpy: a globe that begins at -180, at 0 or at 90 is one globe."""
    west = result(counted_from(tmp_path, values, -180.0), target, method)
    assert np.isfinite(west).mean() > 0.5
    for left, columns in ((0.0, 90), (90.0, 135)):
        rolled = counted_from(tmp_path, np.roll(values, -columns, axis=1), left, f"from {left}")
        np.testing.assert_allclose(result(rolled, target, method), west, rtol=2e-6)


@pytest.mark.parametrize("target", [grid(-180.0, 3.0, 120), grid(0.0, 3.0, 120), WORLD, PACIFIC])
def test_a_sum_keeps_the_total_whichever_way_is_counted(tmp_path, values, target):
    found = [
        np.nansum(result(counted_from(tmp_path, np.roll(values, -shift, axis=1), left, f"{left}"), target,
                         Resampling.SUM))
        for left, shift in ((-180.0, 0), (0.0, 90))
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-12)
    if target.turn:
        assert found[0] == pytest.approx(np.nansum(values), rel=1e-12)


def test_cells_with_their_centre_at_greenwich(tmp_path):
    """The cell that the date line cuts is one half in the first column of the target, one half in the last."""
    values = np.zeros((96, 192))
    values[40, 96] = 8.0  # from 179.0625 to 180.9375 degrees
    values[40, 0] = 2.0  # from -0.9375 to 0.9375
    mosaic = counted_from(tmp_path, values, -0.9375, cell=1.875)
    found = result(mosaic, grid(-180.0, 1.875, 192), Resampling.SUM)
    places = np.argwhere(found > 0)
    assert places.tolist() == [[40, 0], [40, 95], [40, 96], [40, 191]]
    assert found[found > 0].tolist() == pytest.approx([4.0, 1.0, 1.0, 4.0], rel=1e-12)


def test_nothing_is_torn_at_the_edge_of_the_file(tmp_path):
    """By hand: half-way between the last and the first column lies their mean."""
    values = np.tile(np.arange(180.0), (90, 1))
    found = result(counted_from(tmp_path, values, 0.0), grid(-1.0, 2.0, 2, 30), Resampling.BILINEAR)
    np.testing.assert_allclose(found, [[(179 + 0) / 2, 0.5]] * 30, rtol=1e-6)


def test_a_region_that_counts_from_0(tmp_path):
    """America from 230 to 300 degrees, by hand in a target of -180 to 180."""
    values = np.arange(35 * 90.0).reshape(90, 35)
    found = result(counted_from(tmp_path, values, 230.0), GLOBE, Resampling.NEAREST)
    np.testing.assert_array_equal(found[:, 25:60], values)
    assert np.isnan(found[:, :25]).all() and np.isnan(found[:, 60:]).all()
    values[[0, -1]] = 0.0  # the map ends short of the poles
    summed = result(counted_from(tmp_path, values, 230.0, "people"), WORLD, Resampling.SUM)
    assert np.nansum(summed) == pytest.approx(values.sum(), rel=1e-9)


@pytest.mark.parametrize("method", [Resampling.BILINEAR, Resampling.SUM])
@pytest.mark.parametrize("target", [grid(-180.0, 1.5, 240), EUROPE, PACIFIC], ids=["globe", "Europe", "Pacific"])
def test_blocks_do_not_matter(tmp_path, values, method, target):
    mosaic = counted_from(tmp_path, np.roll(values, -90, axis=1), 0.0)
    whole = result(mosaic, target, method)
    for part in (Window(0, 20, target.width // 2, 30), Window(target.width // 2 - 7, 30, 11, 9)):
        found = result(mosaic, target, method, part)
        np.testing.assert_array_equal(
            found, whole[part.row:part.row + part.height, part.col:part.col + part.width]
        )


def test_a_rim_is_filled_across_the_edge_of_the_file(tmp_path):
    values = np.full((90, 180), np.nan)
    values[:, 0] = 7.0
    mosaic, target = counted_from(tmp_path, values, 0.0), grid(-10.0, 1.0, 20, 30)
    source = source_for([mosaic], target, NUMBERS, Resampling.BILINEAR)
    found, _filled = RimReader(WarpedReader.of(source, "t", target, Resampling.BILINEAR)).read(target.whole)
    assert np.isfinite(found[0]).any(axis=0).nonzero()[0].tolist() == [9, 10, 11, 12]
    # West of Greenwich: filled from the cell that is the first of the file.
    assert set(found[0][np.isfinite(found[0])]) == {7.0}


# Turns by hand --------------------------------------------------------------------------------------------------------


def test_turns():
    east = grid(0.0, 2.0, 180)
    assert turns(east, grid(70.0, 1.0, 60, 30)) == (0,)  # China, as before
    assert turns(east, grid(-130.0, 1.0, 60, 30)) == (-1,)
    assert turns(east, GLOBE) == (-1, 0)
    assert turns(GLOBE, east) == (0, 1)
    assert turns(GLOBE, grid(70.0, 1.0, 60, 30)) == (0,)
    assert turns(grid(70.0, 1.0, 60, 30), GLOBE) == (0,)
    assert turns(grid(230.0, 1.0, 20, 30), GLOBE) == (-1,)
    projected = Grid(wkt_of(32650), (0.0, 500.0, 0.0, 0.0, 0.0, -500.0), 9, 9)
    assert turns(projected, projected) == (0,)
    assert turns(Grid(DEGREES, (0.0, -1.0, 0.0, 90.0, 0.0, -1.0), 9, 9), GLOBE) == (0,)


def test_cells_that_do_not_fit_into_a_turn():
    """Of 0.7 degrees no whole number goes round: most of the source is kept, and the rest is told of."""
    odd = grid(100.0, 0.7, 200, 35)  # 100 to 240
    assert turns(odd, GLOBE) == (0,)
    assert left_out(odd, GLOBE)
    assert not left_out(grid(100.0, 0.7, 114, 35), GLOBE)  # to 179.8
    assert not left_out(grid(100.0, 1.0, 140, 35), GLOBE)
    assert turns(grid(190.0, 0.7, 100, 35), GLOBE) == (-1,)
    assert not left_out(grid(190.0, 0.7, 100, 35), GLOBE)


def test_windows_of_a_source_at_all_turns():
    east, margin = grid(0.0, 2.0, 180), 1.0
    found = source_windows(east, EUROPE, margin)
    assert [window.col for window in found] == [found[0].col, 0] and found[0].col + found[0].width == 180
    assert source_windows(east, GLOBE, margin) == [Window(0, 0, 95, 90)]  # in degrees the columns are laid out
