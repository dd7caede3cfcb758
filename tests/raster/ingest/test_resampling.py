"""Resampling against counts and means made apart."""

from __future__ import annotations

import os

import numpy as np
import pytest
from osgeo import gdal, osr
from testkit.rasters import COARSE_TRANSFORM, wkt_of, write_layer

from nep_toolbox.errors import UnreadableRaster
from nep_toolbox.raster.bounds import Bounds
from nep_toolbox.raster.crs import crs_of, crs_wkt
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest.content import NUMBERS, Storage
from nep_toolbox.raster.ingest.resampling import (
    Resampling,
    WarpedReader,
    block_side,
    choose_method,
    coarsening,
    coincide,
    source_window,
)
from nep_toolbox.raster.ingest.target_grid import covering_grid

from .test_modis import SINUSOIDAL, tile_transform

UTM = wkt_of(32650)
BYTES = Storage(gdal.GDT_Byte, "uint8", 255)


def grid_of(transform, width, height, wkt=UTM) -> Grid:
    return Grid(wkt, transform, width, height)


def warped(tmp_path, values, transform, target, method, store=NUMBERS, wkt=UTM) -> np.ndarray:
    layer = write_layer(
        tmp_path / "source.tif", values, transform, wkt, kind=store.data_type, nodata=store.nodata
    )
    source = Grid(wkt, transform, np.shape(values)[1], np.shape(values)[0])
    return WarpedReader.of(layer.path, "source", source, target, method, store).read(target.whole)[0]


def test_average_is_the_mean_of_the_valid_cells(tmp_path):
    rng = np.random.default_rng(1)
    values = rng.normal(300, 50, (60, 80)).astype(np.float32)
    values[rng.random(values.shape) < 0.3] = np.nan
    values[:5, :5] = np.nan
    target = grid_of((500000.0, 2500.0, 0.0, 4000000.0, 0.0, -2500.0), 16, 12)
    found = warped(tmp_path, values, COARSE_TRANSFORM, target, Resampling.AVERAGE)
    blocks = values.reshape(12, 5, 16, 5).astype(np.float64)
    with pytest.warns(RuntimeWarning, match="empty slice"):
        expected = np.nanmean(blocks, axis=(1, 3))
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert np.isnan(found[0, 0]) and np.isnan(found).sum() == 1


@pytest.mark.parametrize("ratio", [3, 16, 17])
def test_mode_is_the_class_most_cells_have(tmp_path, ratio):
    """Cells of 30 m onto cells of 90, 480 and 510 m."""
    rng = np.random.default_rng(ratio)
    rows, cols = 12, 15
    # Patches, so that classes have majorities, and missing cells.
    patches = np.kron(rng.integers(1, 6, (rows, cols)), np.ones((ratio, ratio), dtype=int))
    noise = rng.integers(1, 6, patches.shape)
    values = np.where(rng.random(patches.shape) < 0.5, patches, noise).astype(np.uint8)
    values[rng.random(values.shape) < 0.2] = 255
    values[:ratio, :ratio] = 255
    fine, coarse = 30.0, 30.0 * ratio
    target = grid_of((500000.0, coarse, 0.0, 4000000.0, 0.0, -coarse), cols, rows)
    found = warped(tmp_path, values, (500000.0, fine, 0.0, 4000000.0, 0.0, -fine), target, Resampling.MODE, BYTES)
    counts = np.stack([
        (values == code).reshape(rows, ratio, cols, ratio).sum(axis=(1, 3)) for code in range(1, 6)
    ])
    assert found[0, 0] == 255
    ordered = np.sort(counts, axis=0)
    clear = (ordered[-1] > ordered[-2])
    assert clear.mean() > 0.8
    np.testing.assert_array_equal(found[clear], counts.argmax(axis=0)[clear] + 1)
    # Of classes that tie one of them wins.
    tied = np.argwhere(~clear & (ordered[-1] > 0))
    assert all(counts[found[row, col] - 1, row, col] == ordered[-1, row, col] for row, col in tied)


def test_mode_of_cells_that_do_not_fit_into_each_other(tmp_path):
    """500 m of 30 m: 16.67 cells. Whatever weight a cut cell has, the class that leads by more than those wins."""
    rng = np.random.default_rng(4)
    values = np.kron(rng.integers(1, 6, (20, 20)), np.ones((25, 25), dtype=int)).astype(np.uint8)
    noise = rng.random(values.shape) < 0.2
    values[noise] = rng.integers(1, 6, noise.sum())
    target = grid_of((500000.0, 500.0, 0.0, 4000000.0, 0.0, -500.0), 29, 29)
    found = warped(tmp_path, values, (500000.0, 30.0, 0.0, 4000000.0, 0.0, -30.0), target, Resampling.MODE, BYTES)
    decided = 0
    for row in range(29):
        for col in range(29):
            inner = [slice(int(np.ceil(500 * i / 30)), int(np.floor(500 * (i + 1) / 30))) for i in (row, col)]
            outer = [slice(int(np.floor(500 * i / 30)), int(np.ceil(500 * (i + 1) / 30))) for i in (row, col)]
            least = np.bincount(values[inner[0], inner[1]].ravel(), minlength=6)
            most = np.bincount(values[outer[0], outer[1]].ravel(), minlength=6)
            for code in range(1, 6):
                if all(least[code] > most[other] for other in range(1, 6) if other != code):
                    decided += 1
                    assert found[row, col] == code
    assert decided > 400


def test_mode_of_real_land_cover(shared, tmp_path):
    """300 m land cover of New Guinea onto 1500 m: a window of it, counted with numpy."""
    dataset = gdal.Open(str(shared / "data/newguinea_landcover_2001_2015/landcover2001.tif"))
    x0, a, _b, y0, _d, e = dataset.GetGeoTransform()
    col, row, cells = 3000, 1500, 1000
    values = dataset.ReadAsArray(col, row, cells, cells)
    corner = x0 + col * a, y0 + row * e
    target = Grid(dataset.GetProjection(), (corner[0], 5 * a, 0.0, corner[1], 0.0, 5 * e), cells // 5, cells // 5)
    found = warped(
        tmp_path, values, (corner[0], a, 0.0, corner[1], 0.0, e), target, Resampling.MODE, BYTES,
        wkt=dataset.GetProjection(),
    )
    codes = [1, 2, 3, 5, 6, 7, 9]
    counts = np.stack([(values == code).reshape(200, 5, 200, 5).sum(axis=(1, 3)) for code in codes])
    ordered = np.sort(counts, axis=0)
    clear = ordered[-1] > ordered[-2]
    assert clear.mean() > 0.9 and len(np.unique(found)) > 4
    np.testing.assert_array_equal(found[clear], np.array(codes)[counts.argmax(axis=0)][clear])
    np.testing.assert_array_equal(found == 255, ordered[-1] == 0)


def test_classes_on_cells_of_the_same_size_are_not_shifted(tmp_path):
    """A grid shifted by 0.3 of a cell: each cell takes the class that covers most of it, as shares made apart say."""
    values = np.random.default_rng(6).integers(1, 6, (40, 50)).astype(np.uint8)
    target = grid_of((500150.0, 500.0, 0.0, 3999850.0, 0.0, -500.0), 49, 39)
    method, _why = choose_method(True, grid_of(COARSE_TRANSFORM, 50, 40), target)
    found = warped(tmp_path, values, COARSE_TRANSFORM, target, method, BYTES)
    along = np.array([0.7, 0.3])
    shares = np.zeros((6, 39, 49))
    for i in (0, 1):
        for j in (0, 1):
            part_of = values[i:i + 39, j:j + 49]
            for code in range(1, 6):
                shares[code] += (part_of == code) * along[i] * along[j]
    # 0.49 of a cell is one source cell; the others outvote it only where all their classes are the same.
    assert (found == shares.argmax(axis=0)).mean() > 0.95
    np.testing.assert_array_equal(found, values[:39, :49])


def test_bilinear_gives_back_a_plane(tmp_path):
    row, col = np.mgrid[0:40, 0:50]
    values = 100 + 2.0 * col - 3.0 * row
    target = grid_of((502000.0, 77.0, 0.0, 3998000.0, 0.0, -77.0), 200, 180)
    found = warped(tmp_path, values, COARSE_TRANSFORM, target, Resampling.BILINEAR)
    x, y = target.centres(target.whole)
    expected = 100 + 2.0 * ((x - 500000) / 500 - 0.5) - 3.0 * ((4000000 - y) / 500 - 0.5)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_bilinear_ignores_missing_cells(tmp_path):
    values = np.full((10, 10), 7.0)
    values[4:6, 4:6] = np.nan
    target = grid_of((500000.0, 100.0, 0.0, 4000000.0, 0.0, -100.0), 50, 50)
    found = warped(tmp_path, values, COARSE_TRANSFORM, target, Resampling.BILINEAR)
    assert np.nanmax(np.abs(found - 7.0)) < 1e-5
    assert np.isnan(found[24:26, 24:26]).all()


@pytest.mark.parametrize("method", [Resampling.NEAREST, Resampling.BILINEAR, Resampling.AVERAGE])
def test_places_are_right_from_the_sinusoidal_grid_to_utm(tmp_path, method):
    """A raster that holds its own coordinates, read where each cell of the target comes from."""
    transform = tile_transform(27, 5)
    width, height = 300, 200
    source = Grid(SINUSOIDAL, transform, width, height)
    x, y = source.centres(source.whole)
    utm = wkt_of(32649)
    # Finer, so that bilinear is a pure interpolation.
    target = covering_grid(utm, Bounds.of_projected(source, utm), 400.0)
    store = Storage(gdal.GDT_Float64, "float64", np.nan)
    found = [warped(tmp_path, values, transform, target, method, store, SINUSOIDAL) for values in (x, y)]
    there = osr.CoordinateTransformation(crs_of(utm), crs_of(SINUSOIDAL))
    u, v = target.centres(target.whole)
    points = np.column_stack([u.ravel(), v.ravel()]).tolist()
    expected = np.array(there.TransformPoints(points))[:, :2].T.reshape(2, target.height, target.width)
    col = (expected[0] - transform[0]) / transform[1]
    row = (expected[1] - transform[3]) / transform[5]
    inside = (col > 1.5) & (col < width - 1.5) & (row > 1.5) & (row < height - 1.5)
    assert inside.mean() > 0.3
    limit = {Resampling.NEAREST: 0.500001, Resampling.BILINEAR: 1e-6, Resampling.AVERAGE: 0.6}[method]
    for values, place in zip(found, expected):
        assert np.isfinite(values[inside]).all()
        assert np.abs(values - place)[inside].max() < limit * transform[1]
        assert abs((values - place)[inside].mean()) < 0.01 * transform[1]
    outside = (col < -2) | (col > width + 2) | (row < -2) | (row > height + 2)
    assert np.isnan(found[0][outside]).all()


def test_the_grid_of_a_reference_may_run_from_south_to_north(tmp_path):
    values = np.arange(20.0).reshape(4, 5)
    south_up = grid_of((500000.0, 500.0, 0.0, 4000000.0 - 4 * 500, 0.0, 500.0), 5, 4)
    found = warped(tmp_path, values, COARSE_TRANSFORM, south_up, Resampling.NEAREST)
    np.testing.assert_array_equal(found, values[::-1])


@pytest.mark.parametrize("method", [Resampling.NEAREST, Resampling.BILINEAR, Resampling.CUBIC, Resampling.AVERAGE])
@pytest.mark.parametrize("cell", [400.0, 900.0])
def test_results_depend_neither_on_threads_nor_on_blocks(tmp_path, method, cell):
    transform = tile_transform(27, 5)
    values = np.random.default_rng(2).normal(size=(300, 300))
    source = Grid(SINUSOIDAL, transform, 300, 300)
    layer = write_layer(tmp_path / "source.tif", values, transform=transform, crs=SINUSOIDAL, nodata=np.nan)
    utm = wkt_of(32649)
    target = covering_grid(utm, Bounds.of_projected(source, utm), cell)
    reader = WarpedReader.of(layer.path, "source", source, target, method, NUMBERS)
    results = []
    for threads, block in ((1, (2000, 2000)), (3, (64, 37))):
        whole = np.empty((target.height, target.width), np.float32)
        engine = Engine(threads=threads, block=block)
        for window, values in engine.results(first_of, {"stack": reader}, target, engine.block):
            whole[window.row:window.row + window.height, window.col:window.col + window.width] = values
        results.append(whole)
    assert np.isfinite(results[0]).mean() > 0.3
    np.testing.assert_array_equal(*results)


def first_of(stack):
    return stack[0]


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
    names = ["AUTOMATIC", "NEAREST", "BILINEAR", "CUBIC", "AVERAGE", "MODE"]
    assert [(method.name, method.value) for method in Resampling] == list(zip(names, range(6)))


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


def test_memory_of_a_cell_is_that_of_the_largest_numbers_warped_and_returned(tmp_path):
    store = Storage(gdal.GDT_Float64, "float64", np.nan)
    layer = write_layer(tmp_path / "a.tif", np.ones((8, 9)), COARSE_TRANSFORM, kind=store.data_type, nodata=np.nan)
    grid = grid_of(COARSE_TRANSFORM, 9, 8)
    reader = WarpedReader.of(layer.path, "a", grid, grid, Resampling.NEAREST, store)
    assert reader.bytes_per_cell * 8 * 9 == 2 * reader.read(grid.whole).nbytes


@pytest.mark.usefixtures("either_mode")
def test_a_temporary_raster_that_cannot_be_read(tmp_path):
    values = np.random.default_rng(1).random((300, 300))
    layer = write_layer(tmp_path / "a.tif", values, COARSE_TRANSFORM, nodata=np.nan)
    os.truncate(layer.path, os.path.getsize(layer.path) // 2)
    grid = grid_of(COARSE_TRANSFORM, 300, 300)
    with pytest.raises(UnreadableRaster, match="'a name' cannot be resampled: .+\\. Check its CRS"):
        WarpedReader.of(layer.path, "a name", grid, grid, Resampling.NEAREST, NUMBERS).read(grid.whole)


@pytest.mark.parametrize("reasons, words", [((), "no reason given"), (("first", "last"), "last")])
def test_the_last_reason_why_a_raster_cannot_be_resampled(tmp_path, monkeypatch, reasons, words):
    def warp(*_arguments, **_options):
        for reason in reasons:
            try:
                gdal.Error(gdal.CE_Failure, 1, reason)
            except RuntimeError:
                continue

    layer = write_layer(tmp_path / "a.tif", np.ones((3, 3)), COARSE_TRANSFORM, nodata=np.nan)
    grid = grid_of(COARSE_TRANSFORM, 3, 3)
    reader = WarpedReader.of(layer.path, "a", grid, grid, Resampling.NEAREST, NUMBERS)
    monkeypatch.setattr(gdal, "Warp", warp)
    with pytest.raises(UnreadableRaster, match=f"'a' cannot be resampled: {words}. Check"):
        reader.read(grid.whole)
