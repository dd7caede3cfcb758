"""Bands on another grid, against counts and means made apart."""

from __future__ import annotations

import os
from functools import partial

import numpy as np
import pytest
from osgeo import gdal, osr
from testkit.rasters import COARSE_TRANSFORM, wkt_of, write_layer
from testkit.warping import warped_reader

from nep_toolbox.errors import UnreadableRaster
from nep_toolbox.raster.bounds import Bounds
from nep_toolbox.raster.crs import crs_of
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest import warping
from nep_toolbox.raster.ingest.content import NUMBERS, Storage
from nep_toolbox.raster.ingest.resampling import Resampling, block_height, block_side, choose_method, coarsening
from nep_toolbox.raster.ingest.target_grid import covering_grid
from nep_toolbox.raster.ingest.warping import WarpedReader, bands_at_once
from nep_toolbox.raster.reader import StackReader

from .test_modis import SINUSOIDAL, tile_transform

UTM = wkt_of(32650)
BYTES = Storage(gdal.GDT_Byte, "uint8", 255)


def grid_of(transform, width, height, wkt=UTM) -> Grid:
    return Grid(wkt, transform, width, height)


def warped(tmp_path, values, transform, target, method, store=NUMBERS, wkt=UTM) -> np.ndarray:
    layer = write_layer(
        tmp_path / "source.tif", values, transform, wkt, kind=store.data_type, nodata=store.nodata
    )
    return warped_reader(layer, target, method, store).read(target.whole)[0]


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


@pytest.mark.parametrize("method, function", [
    (Resampling.MINIMUM, np.nanmin), (Resampling.MAXIMUM, np.nanmax),
    # Of an even number the lower of the two in the middle.
    (Resampling.MEDIAN, partial(np.nanquantile, q=0.5, method="lower")),
])
def test_least_greatest_and_middle_value_of_the_valid_cells(tmp_path, method, function):
    rng = np.random.default_rng(3)
    values = rng.normal(300, 50, (60, 80)).astype(np.float32)
    values[rng.random(values.shape) < 0.3] = np.nan
    target = grid_of((500000.0, 2500.0, 0.0, 4000000.0, 0.0, -2500.0), 16, 12)
    found = warped(tmp_path, values, COARSE_TRANSFORM, target, method)
    blocks = values.reshape(12, 5, 16, 5).transpose(0, 2, 1, 3).reshape(12, 16, 25)
    np.testing.assert_array_equal(found, function(blocks, axis=2))


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
    reader = warped_reader(layer, target, method)
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


# Many bands -----------------------------------------------------------------------------------------------------------


def bands_with_gaps(count: int, shape: tuple, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.normal(300, 50, (count, *shape)).astype(np.float32)
    values[rng.random(values.shape) < 0.2] = np.nan
    values[1:, 30:60, 40:70] = np.nan
    return values


def alone(values, transform, target, method, wkt) -> np.ndarray:
    """A band on another grid by one call of GDAL for the whole of it."""
    height, width = values.shape
    source = gdal.GetDriverByName("MEM").Create("", width, height, 1, gdal.GDT_Float32)
    result = gdal.GetDriverByName("MEM").Create("", target.width, target.height, 1, gdal.GDT_Float32)
    for dataset, crs, place in ((source, wkt, transform), (result, target.wkt, target.transform)):
        dataset.SetProjection(crs)
        dataset.SetGeoTransform(place)
        dataset.GetRasterBand(1).SetNoDataValue(np.nan)
    source.GetRasterBand(1).WriteArray(values)
    result.GetRasterBand(1).Fill(np.nan)
    ratio = coarsening(Grid(wkt, transform, width, height), target)
    names = {Resampling.NEAREST: "near", Resampling.MODE: "mode", Resampling.AVERAGE: "average",
             Resampling.BILINEAR: "bilinear", Resampling.CUBIC: "cubic", Resampling.MEDIAN: "med",
             Resampling.MINIMUM: "min", Resampling.MAXIMUM: "max"}
    scale = min(1.0, 1.0 / ratio)
    gdal.Warp(result, source, resampleAlg=names[method], srcNodata="nan", dstNodata="nan", errorThreshold=0.0,
              warpOptions=["SAMPLE_GRID=YES", f"XSCALE={scale!r}", f"YSCALE={scale!r}"])
    return result.ReadAsArray()


METHODS = [method for method in Resampling if method not in (Resampling.AUTOMATIC, Resampling.SUM)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("wkt, place, wkt_of_target, cell", [
    (UTM, (500000.0, 500.0, 0.0, 4000000.0, 0.0, -500.0), UTM, 1000.0),
    (UTM, (500000.0, 500.0, 0.0, 4000000.0, 0.0, -500.0), UTM, 350.0),
    (UTM, (500000.0, 500.0, 0.0, 4000000.0, 0.0, -500.0), wkt_of(32649), 900.0),
    (SINUSOIDAL, tile_transform(27, 5), wkt_of(32649), 500.0),
])
def test_bands_warped_together_are_those_warped_alone(tmp_path, method, wkt, place, wkt_of_target, cell):
    """Each bit: also where one band has a gap and another has none."""
    values = bands_with_gaps(3, (140, 180), 5)
    layer = write_layer(tmp_path / "s.tif", values, place, wkt, nodata=np.nan)
    target = covering_grid(wkt_of_target, Bounds.of_projected(Grid(wkt, place, 180, 140), wkt_of_target), cell)
    found = warped_reader(layer, target, method).read(target.whole)
    for band, together in zip(values, found):
        expected = alone(band, place, target, method, wkt)
        np.testing.assert_array_equal(together.view(np.uint32)[~np.isnan(together)],
                                      expected.view(np.uint32)[~np.isnan(expected)])
        np.testing.assert_array_equal(np.isnan(together), np.isnan(expected))
    assert np.isfinite(found[0]).mean() > 0.1 and (np.isnan(found[0]) != np.isnan(found[1])).any()


@pytest.mark.parametrize("method", METHODS)
def test_windows_of_any_place_and_size_are_cut_from_the_whole(tmp_path, method):
    """Of cells that binary numbers do not hold, whose coordinates are rounded."""
    place = (500000.1, 100.0 / 3, 0.0, 4000000.7, 0.0, -100.0 / 3)
    layer = write_layer(tmp_path / "s.tif", bands_with_gaps(2, (300, 400), 6), place, UTM, nodata=np.nan)
    target = Grid(UTM, (500000.3, 100.0 / 7, 0.0, 4000000.2, 0.0, -100.0 / 7), 1300, 1100)
    reader = warped_reader(layer, target, method)
    whole = reader.read(target.whole)
    for window in (Window(0, 0, 1, 1), Window(1000, 1000, 60, 70), Window(501, 120, 30, 300), Window(3, 1023, 7, 2)):
        rows, cols = slice(window.row, window.row + window.height), slice(window.col, window.col + window.width)
        np.testing.assert_array_equal(reader.read(window), whole[:, rows, cols])


def test_each_cell_of_the_source_is_decoded_once(tmp_path, monkeypatch):
    """Neighbouring windows draw on the same cells: 900 x 700 cells in pieces of 512 x 256."""
    layer = write_layer(tmp_path / "s.tif", bands_with_gaps(2, (700, 900), 7), COARSE_TRANSFORM, UTM, nodata=np.nan)
    target = grid_of((500000.0, 1000.0, 0.0, 4000000.0, 0.0, -1000.0), 450, 350)
    reader, read = warped_reader(layer, target, Resampling.AVERAGE), []
    inner = StackReader.read
    monkeypatch.setattr(StackReader, "read", lambda self, window: read.append(window) or inner(self, window))
    for row in range(0, 350, 50):
        reader.read(Window(0, row, 450, 50))
    assert sum(window.width * window.height for window in read) == 900 * 700


@pytest.mark.parametrize("method", [Resampling.AVERAGE, Resampling.BILINEAR, Resampling.NEAREST])
def test_what_gdal_would_take_long_for_is_warped_band_by_band(tmp_path, method, monkeypatch):
    """By the other way, which asks whether to go on for each row, to the same values."""
    layer = write_layer(tmp_path / "s.tif", bands_with_gaps(3, (140, 180), 5), COARSE_TRANSFORM, UTM, nodata=np.nan)
    target = grid_of((500000.0, 900.0, 0.0, 4000000.0, 0.0, -900.0), 100, 80)
    reader = warped_reader(layer, target, method)
    quick = reader.read(target.whole)
    monkeypatch.setattr(warping, "MOST_LOOKS", 10)
    monkeypatch.setattr(WarpedReader, "_fill_at_once", None)
    np.testing.assert_array_equal(reader.read(target.whole), quick)


@pytest.mark.parametrize("transform", [
    (500000.0, 700.0, 0.0, 3930000.0, 0.0, 700.0), (510000.0, 600.0, 90.0, 3990000.0, 80.0, -650.0),
])
def test_grids_that_are_not_north_up(tmp_path, transform):
    values = bands_with_gaps(2, (140, 180), 5)
    layer = write_layer(tmp_path / "s.tif", values, COARSE_TRANSFORM, UTM, nodata=np.nan)
    target = grid_of(transform, 100, 90)
    found = warped_reader(layer, target, Resampling.NEAREST).read(target.whole)
    x, y = target.centres(target.whole)
    col, row = (np.floor(place).astype(int) for place in grid_of(COARSE_TRANSFORM, 180, 140).cell_of(x, y))
    inside = (col >= 0) & (col < 180) & (row >= 0) & (row < 140)
    assert inside.mean() > 0.2
    np.testing.assert_array_equal(found[:, inside], values[:, row[inside], col[inside]])
    assert np.isnan(found[:, ~inside]).all()


@pytest.mark.parametrize("method, ratio, expected", [
    # 85 MB; rows of 256 x 1024 results, and 128 rows with a margin of 2 x 24 cells: (2048 + 48) x (256 + 48).
    (Resampling.AVERAGE, 2.0, int(85e6 / 4 / (1024 * 256 + 2096 * 304))),
    # A cubic looks at 17 x 17 cells, half a second at 512 x 128.
    (Resampling.CUBIC, 4.0, int(50e6 / (17 * 17 * 512 * 128))),
    (Resampling.CUBIC, 64.0, 1),
])
def test_bands_that_fit_into_memory_and_half_a_second(method, ratio, expected):
    assert bands_at_once(method, ratio, 4, 85e6, (block_side(ratio), block_height(ratio))) == expected > 0


# Errors and memory ----------------------------------------------------------------------------------------------------


def test_memory_of_a_cell_is_that_of_the_largest_numbers_warped_and_returned(tmp_path):
    store = Storage(gdal.GDT_Float64, "float64", np.nan)
    layer = write_layer(tmp_path / "a.tif", np.ones((8, 9)), COARSE_TRANSFORM, kind=store.data_type, nodata=np.nan)
    grid = grid_of(COARSE_TRANSFORM, 9, 8)
    reader = warped_reader(layer, grid, Resampling.NEAREST, store)
    assert reader.bytes_per_cell * 8 * 9 == 2 * reader.read(grid.whole).nbytes


@pytest.mark.usefixtures("either_mode")
def test_a_file_that_ends_early(tmp_path):
    values = np.random.default_rng(1).random((300, 300))
    layer = write_layer(tmp_path / "a.tif", values, COARSE_TRANSFORM, nodata=np.nan)
    os.truncate(layer.path, os.path.getsize(layer.path) // 2)
    grid = grid_of(COARSE_TRANSFORM, 300, 300)
    with pytest.raises(UnreadableRaster, match="'a.*' is damaged or incomplete: .+\\. Copy or download"):
        warped_reader(layer, grid, Resampling.NEAREST).read(grid.whole)


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
    reader = warped_reader(layer, grid, Resampling.NEAREST)
    monkeypatch.setattr(gdal, "Warp", warp)
    with pytest.raises(UnreadableRaster, match=f"'a' cannot be resampled: {words}. Check"):
        reader.read(grid.whole)
