"""What is missing, what is scaled, and how many files are open."""

from __future__ import annotations

import os
from functools import partial

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import open_files, write_layer, yearly

from nep_toolbox.errors import UnreadableRaster
from nep_toolbox.raster import datasets
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Window
from nep_toolbox.raster.reader import StackReader, Together
from nep_toolbox.raster.series import Layer, resolve, single

NAN = float("nan")
LOWEST = float(np.finfo(np.float32).min)


def read(layer, **options) -> np.ndarray:
    """The first row of a raster as the toolbox reads it."""
    series = single(layer)
    return StackReader.of(series, **options).read(series.grid.whole)[0, 0]


def expect(actual, expected) -> None:
    np.testing.assert_array_equal(actual, np.asarray(expected, actual.dtype))


@pytest.mark.parametrize(("kind", "nodata", "stored", "expected"), [
    (gdal.GDT_Int16, -32768, [1, -32768, 0], [1, NAN, 0]),
    (gdal.GDT_UInt16, 65535, [65535, 65533, 7], [NAN, 65533, 7]),
    (gdal.GDT_Byte, 0, [0, 1, 255], [NAN, 1, 255]),
    (gdal.GDT_Int32, -2147483648, [-2147483648, 5, 16777217], [NAN, 5, 16777217]),
    (gdal.GDT_Float32, -9999.9, [-9999.9, -9999.8, 1], [NAN, np.float32(-9999.8), 1]),
    (gdal.GDT_Float32, LOWEST, [LOWEST, 1, 2], [NAN, 1, 2]),
    (gdal.GDT_Float32, -3.4e38, [LOWEST, np.float32(-3.4e38), 2], [NAN, NAN, 2]),
    (gdal.GDT_Float32, -3.4028236e38, [LOWEST, 1, 2], [NAN, 1, 2]),
    (gdal.GDT_Float64, LOWEST, [float(np.float32(-3.4e38)), LOWEST, 2], [NAN, NAN, 2]),
    (gdal.GDT_Float64, -1.7976931348623157e308, [-1.7976931348623157e308, 1, 2], [NAN, 1, 2]),
    (gdal.GDT_Float32, 3.4e38, [-LOWEST, np.float32(3.3e38), LOWEST], [NAN, NAN, LOWEST]),
    (gdal.GDT_Float32, -3.4e38, [-LOWEST, 1, LOWEST], [-LOWEST, 1, NAN]),
    (gdal.GDT_Float64, -1e38, [-1e38, -1.1e38, 1e38], [NAN, -1.1e38, 1e38]),
    (gdal.GDT_Float32, 1e20, [1e20, 1, 2], [NAN, 1, 2]),
    (gdal.GDT_Int32, 5, [4, 5, 6], [4, NAN, 6]),
    (gdal.GDT_Float32, NAN, [NAN, 1, -9999], [NAN, 1, -9999]),
    (gdal.GDT_Float32, None, [NAN, np.inf, -np.inf], [NAN, NAN, NAN]),
    (gdal.GDT_Float32, None, [0, -9999, 1e30], [0, -9999, np.float32(1e30)]),
])
def test_nodata(tmp_path, kind, nodata, stored, expected):
    expect(read(write_layer(tmp_path / "a.tif", [stored], kind=kind, nodata=nodata)), expected)


def test_signed_bytes(tmp_path):
    stored = np.array([[-128, -1, 127]], np.int8)
    if hasattr(gdal, "GDT_Int8"):
        layer = write_layer(tmp_path / "a.tif", stored, kind=gdal.GDT_Int8, nodata=-128)
    else:
        layer = write_layer(tmp_path / "a.tif", stored.view(np.uint8), kind=gdal.GDT_Byte, nodata=-128,
                             options=["PIXELTYPE=SIGNEDBYTE"])
    expect(read(layer), [NAN, -1, 127])


def test_real_signed_and_unsigned_bytes(shared):
    """Classes and counts of missing cells as the raw bytes have them: 128 stands for -128."""
    folder = shared / "data" / "assaba_gpp_2010_2023" / "landcover"
    for year, fill in ((2010, 128), (2011, 255)):
        path = str(folder / f"{year}LCT.tif")
        raw = np.frombuffer(gdal.Open(path).ReadRaster(), np.uint8).reshape(769, 565)
        series = resolve([Layer(f"{year}LCT", path)])
        values = StackReader.of(series).read(series.grid.whole)[0]
        np.testing.assert_array_equal(np.isnan(values), raw == fill)
        np.testing.assert_array_equal(values[raw != fill], raw[raw != fill])
        assert set(np.unique(values[raw != fill])) <= {7, 10, 12, 13, 16}


def test_a_mask_band(tmp_path):
    layer = write_layer(tmp_path / "a.tif", [[1, 2, -5, -5]], kind=gdal.GDT_Int16, nodata=-5)
    plain = write_layer(tmp_path / "b.tif", [[1, 2, 3, 4]], kind=gdal.GDT_Int16)
    for path in (layer.path, plain.path):
        dataset = gdal.Open(path, gdal.GA_Update)
        dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
        dataset.GetRasterBand(1).GetMaskBand().WriteArray(np.array([[0, 255, 255, 0]], np.uint8))
        dataset = None
    expect(read(layer), [NAN, 2, NAN, NAN])
    expect(read(plain), [NAN, 2, 3, NAN])
    assert "mask band" in single(plain).steps[0].missing


def test_a_mask_of_one_band(tmp_path):
    """In a VRT every band may have a mask of its own, which has no flag at all."""
    write_layer(tmp_path / "values.tif", [[1, 2, 3]], kind=gdal.GDT_Int16)
    write_layer(tmp_path / "mask.tif", [[255, 0, 255]], kind=gdal.GDT_Byte)
    path = tmp_path / "masked.vrt"
    source = (
        '<SimpleSource><SourceFilename relativeToVRT="1">{}</SourceFilename><SourceBand>1</SourceBand></SimpleSource>'
    )
    path.write_text(
        '<VRTDataset rasterXSize="3" rasterYSize="1"><VRTRasterBand dataType="Int16" band="1">'
        + source.format("values.tif") + '<MaskBand><VRTRasterBand dataType="Byte">' + source.format("mask.tif")
        + "</VRTRasterBand></MaskBand></VRTRasterBand></VRTDataset>"
    )
    expect(read(Layer("masked", str(path))), [1, NAN, 3])


def test_an_alpha_band(tmp_path):
    layer = write_layer(tmp_path / "a.tif", [[[1, 2, 3]], [[0, 1, 255]]], kind=gdal.GDT_Byte, options=["ALPHA=YES"])
    expect(read(layer), [NAN, 2, 3])


def test_scale_and_offset_are_applied_once_and_after_nodata(tmp_path):
    layer = write_layer(tmp_path / "a.tif", [[10, -1, 20]], kind=gdal.GDT_Int16, nodata=-1, scale=0.5, offset=3)
    expect(read(layer), [8, NAN, 13])
    expect(read(layer, scale=10.0), [80, NAN, 130])
    plain = write_layer(tmp_path / "b.tif", [[10, -1, 20]], kind=gdal.GDT_Int16, nodata=-1)
    expect(read(plain, scale=0.1), [10 * 0.1, NAN, 20 * 0.1])


def test_the_valid_range_is_of_stored_values(tmp_path):
    layer = write_layer(tmp_path / "a.tif", [[-30001, -30000, 32700, 32701, 0]], kind=gdal.GDT_Int16, scale=0.0001)
    values = read(layer, valid_min=-30000, valid_max=32700)
    expect(values, [NAN, -30000 * 0.0001, 32700 * 0.0001, NAN, 0])
    expect(read(layer, valid_min=0), [NAN, NAN, 32700 * 0.0001, 32701 * 0.0001, 0])


def test_values_the_user_declared_as_missing(tmp_path):
    """QGIS compares them with the values it shows, which have the band's scale and offset in them."""
    plain = write_layer(tmp_path / "a.tif", [[1, 65529, 65533, 65535]], kind=gdal.GDT_UInt16, nodata=65535)
    expect(read(Layer("a", plain.path, ((1, 65529, 65534), (2, 1, 1)))), [1, NAN, NAN, NAN])
    scaled = write_layer(tmp_path / "b.tif", [[1, 10, 100]], kind=gdal.GDT_Int16, scale=10)
    expect(read(Layer("b", scaled.path, ((1, 10, 10),)), scale=3.0), [NAN, 300, 3000])


@pytest.mark.parametrize(("kind", "options", "dtype"), [
    (gdal.GDT_Byte, {}, np.float32),
    (gdal.GDT_Int16, {}, np.float32),
    (gdal.GDT_UInt16, {}, np.float32),
    (gdal.GDT_Float32, {}, np.float32),
    (gdal.GDT_Int32, {}, np.float64),
    (gdal.GDT_UInt32, {}, np.float64),
    (gdal.GDT_Float64, {}, np.float64),
    (gdal.GDT_Int16, {"scale": 0.1}, np.float64),
    (gdal.GDT_Int16, {"offset": 0.1}, np.float64),
    (gdal.GDT_Int16, {"scale": 1.0, "offset": 0.0}, np.float32),
])
def test_the_type_holds_every_value(tmp_path, kind, options, dtype):
    layer = write_layer(tmp_path / "a.tif", [[1, 2]], kind=kind, **options)
    assert read(layer).dtype == dtype
    assert read(layer, scale=0.1).dtype == np.float64


def test_one_wide_type_widens_the_stack(tmp_path):
    first = write_layer(tmp_path / "a_2001.tif", [[1, 2]], kind=gdal.GDT_Float32)
    second = write_layer(tmp_path / "a_2002.tif", [[16777217, 2]], kind=gdal.GDT_Int32)
    stack = StackReader.of(resolve([first, second]))
    np.testing.assert_array_equal(stack.read(Window(0, 0, 2, 1))[:, 0], [[1, 2], [16777217, 2]])


def test_a_window(tmp_path):
    values = np.arange(2 * 5 * 6.0).reshape(2, 5, 6)
    series = resolve([write_layer(tmp_path / "a_2001-2002.tif", values)])
    np.testing.assert_array_equal(StackReader.of(series).read(Window(2, 1, 3, 4)), values[:, 1:5, 2:5])


def most_open(folder: str, stack: np.ndarray) -> tuple:
    return sum(path.startswith(folder) for path in open_files()), stack[:, 0, 0].tolist()


def test_more_files_than_may_be_open(tmp_path, monkeypatch):
    if not open_files():
        pytest.skip("this system does not list the open files of a process")
    monkeypatch.setattr(datasets, "OPEN_FILES", 12)
    years = list(range(1951, 2011))
    series = resolve(yearly(tmp_path, years, shape=(40, 4)))
    kernel = partial(most_open, str(tmp_path))
    results = [
        result
        for _window, result in Engine(threads=3).results(kernel, {"stack": StackReader.of(series)}, series.grid, (4, 8))
    ]
    assert [values for _count, values in results] == [[float(year) for year in years]] * 5
    assert 0 < max(count for count, _values in results) <= 12 + 3  # a thread opens one before it closes one
    assert not [path for path in open_files() if path.startswith(str(tmp_path))]


def first_cell(stack: np.ndarray) -> float:
    return float(stack[0, 0, 0])


def test_a_file_replaced_between_two_runs_is_read_afresh(tmp_path):
    layer = write_layer(tmp_path / "a_2001.tif", np.full((4, 4), 1.0))
    series = single(layer)
    run = partial(Engine(threads=1).results, first_cell, {"stack": StackReader.of(series)}, series.grid, (4, 4))
    assert [value for _window, value in run()] == [1.0]
    write_layer(tmp_path / "new.tif", np.full((4, 4), 2.0))
    os.replace(tmp_path / "new.tif", layer.path)
    assert [value for _window, value in run()] == [2.0]


@pytest.mark.parametrize("options", [[], ["COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"]])
@pytest.mark.usefixtures("either_mode")
def test_a_truncated_file_names_the_layer(tmp_path, options):
    values = np.random.default_rng(1).random((64, 64))
    write_layer(tmp_path / "a.tif", values, options=options)
    content = (tmp_path / "a.tif").read_bytes()
    path = tmp_path / "npp_2001.tif"
    path.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(UnreadableRaster, match="'npp_2001' (is damaged or incomplete|cannot be opened)"):
        read_all(Layer("npp_2001", str(path)))


def read_all(layer) -> np.ndarray:
    series = single(layer)
    return StackReader.of(series).read(series.grid.whole)


def test_several_readers_as_one(tmp_path):
    rows = [resolve([write_layer(tmp_path / f"{name}_2001.tif", np.full((5, 6), value))])
            for name, value in (("a", 1.0), ("b", 2.0))]
    readers = tuple(StackReader.of(series) for series in rows)
    together = Together(readers)
    first, second = together.read(Window(1, 2, 3, 2))
    assert first.shape == second.shape == (1, 2, 3)
    assert (first == 1.0).all() and (second == 2.0).all()
    assert together.bytes_per_cell == readers[0].bytes_per_cell + readers[1].bytes_per_cell
    assert together.tile == readers[0].tile
    assert Together(()).read(Window(0, 0, 1, 1)) == () and Together(()).tile == (0, 0)


@pytest.mark.parametrize("kind", [gdal.GDT_Float32, gdal.GDT_Float64])
def test_memory_of_a_cell_is_twice_what_is_read(tmp_path, kind):
    series = resolve([write_layer(tmp_path / "a_2001-2003.tif", np.ones((3, 5, 6)), kind=kind)])
    reader = StackReader.of(series)
    assert reader.bytes_per_cell * 5 * 6 == 2 * reader.read(series.grid.whole).nbytes


def test_the_highest_pieces_hold_where_files_differ(tmp_path):
    options = ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=128"]
    tiled = write_layer(tmp_path / "a_2001.tif", np.zeros((300, 300)), options=options)
    rows = write_layer(tmp_path / "a_2002.tif", np.zeros((300, 300)), options=["BLOCKYSIZE=16"])
    readers = tuple(StackReader.of(single(layer)) for layer in (tiled, rows))
    assert [reader.tile for reader in readers] == [(64, 128), (300, 16)]
    for order in (1, -1):
        assert StackReader.of(resolve([tiled, rows][::order])).tile == (64, 128)
        assert Together(readers[::order]).tile == (64, 128)
