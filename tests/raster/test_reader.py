"""What is missing, what is scaled, and how many files are open."""

from __future__ import annotations

import os
from functools import partial

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import open_files, write_layer, yearly

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.errors import Cancelled, UnreadableRaster
from nep_toolbox.raster import datasets, memory
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Window
from nep_toolbox.raster.reader import Repeated, StackReader, Together
from nep_toolbox.raster.series import Layer, resolve, single, steps_of

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
    (gdal.GDT_Float32, 3.4e38, [-LOWEST, np.float32(3.3e38), np.float32(-3e38)], [NAN, NAN, np.float32(-3e38)]),
    (gdal.GDT_Float32, -3.4e38, [np.float32(3e38), 1, LOWEST], [np.float32(3e38), 1, NAN]),
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


def test_a_mask_band(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "PART", 2)
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


def with_alpha(path, planes, kind, **options) -> Layer:
    """A layer whose last band is an alpha band, as gdalwarp -dstalpha leaves it."""
    layer = write_layer(path, planes, kind=kind, **options)
    dataset = gdal.Open(layer.path, gdal.GA_Update)
    for number in range(1, len(planes)):
        dataset.GetRasterBand(number).SetColorInterpretation(gdal.GCI_GrayIndex)
    dataset.GetRasterBand(len(planes)).SetColorInterpretation(gdal.GCI_AlphaBand)
    dataset = None
    return layer


@pytest.mark.parametrize("kind", [gdal.GDT_Byte, gdal.GDT_Int16, gdal.GDT_UInt16, gdal.GDT_Float32, gdal.GDT_Float64])
@pytest.mark.parametrize("count", [1, 2, 3, 10])
@pytest.mark.parametrize("nodata", [None, 7])
def test_an_alpha_band_masks_whatever_the_bands_and_the_type(tmp_path, kind, count, nodata):
    planes = np.array([*([[5, 0, 7, 9]] for _ in range(count)), [[255, 0, 255, 1]]])
    layer = with_alpha(tmp_path / f"a_2001-{2000 + count}.tif", planes, kind, nodata=nodata)
    series = resolve([layer])
    assert len(series.steps) == count
    assert "alpha band" in series.steps[-1].missing
    for plane in StackReader.of(series).read(series.grid.whole):
        expect(plane[0], [5, NAN, 7 if nodata is None else NAN, 9])
    expect(StackReader.of(series).read(Window(1, 0, 2, 1))[-1, 0], [NAN, 7 if nodata is None else NAN])


def test_a_mask_holds_beside_an_alpha_band(tmp_path):
    layer = with_alpha(tmp_path / "a_2001.tif", np.array([[[5, 6, 7]], [[255, 0, 255]]]), gdal.GDT_Float32)
    mask = gdal.GetDriverByName("GTiff").Create(f"{layer.path}.msk", 3, 1, 1, gdal.GDT_Byte)
    mask.SetMetadataItem("INTERNAL_MASK_FLAGS_1", "2")
    mask.GetRasterBand(1).WriteArray(np.array([[0, 255, 255]], np.uint8))
    mask = None
    expect(read(layer), [NAN, NAN, 7])
    assert single(layer).steps[0].missing == "alpha band, mask band"


def test_the_alpha_of_a_warp(tmp_path):
    """GDAL fills what lies outside of the source with 0 and alpha 0: 3 x 4 cells of 5 amid 6 x 7."""
    for count in (1, 3, 4, 6):
        layer = write_layer(tmp_path / "in.tif", np.full((count, 3, 4), 5.0))
        x, a, _, y, _, e = gdal.Open(layer.path).GetGeoTransform()
        path = str(tmp_path / f"out_2001-{2000 + count}.tif")
        bounds = (x - a, y + 5 * e, x + 6 * a, y - e)
        gdal.Warp(path, layer.path, outputBounds=bounds, xRes=a, yRes=-e, dstAlpha=True).FlushCache()
        series = resolve([Layer(f"out_2001-{2000 + count}", path)])
        values = StackReader.of(series).read(series.grid.whole)
        assert values.shape == (count, 6, 7)
        assert np.nansum(values) == 12 * 5 * count and np.count_nonzero(~np.isnan(values)) == 12 * count


def test_three_bands_of_bytes_with_names_and_an_alpha_band(tmp_path):
    """Four bands of bytes are red, green, blue and alpha to GDAL; names tell land cover of three years from four."""
    planes = np.array([[[1, 2]], [[3, 4]], [[5, 6]], [[255, 0]]])
    names = ["2001", "2002", "2003"]
    layer = write_layer(tmp_path / "a.tif", planes, kind=gdal.GDT_Byte, descriptions=[*names, ""])
    series = resolve([layer])
    expect(StackReader.of(series).read(series.grid.whole)[:, 0], [[1, NAN], [3, NAN], [5, NAN]])
    four = write_layer(tmp_path / "b.tif", planes, kind=gdal.GDT_Byte, descriptions=[*names, "2004"])
    expect(StackReader.of(resolve([four])).read(series.grid.whole)[:, 0], planes[:, 0])


def test_what_a_scale_makes_infinite_is_missing(tmp_path):
    stored = [1e300, -1e300, 2.0, np.inf]
    layer = write_layer(tmp_path / "a.tif", [stored], kind=gdal.GDT_Float64, scale=1e10)
    expect(read(layer), [NAN, NAN, 2e10, NAN])
    plain = write_layer(tmp_path / "b.tif", [stored], kind=gdal.GDT_Float64)
    expect(read(plain, scale=1e10), [NAN, NAN, 2e10, NAN])
    expect(read(plain), [1e300, -1e300, 2.0, NAN])


def test_the_end_of_a_floating_type_is_missing_undeclared(tmp_path):
    end, last = float(np.finfo(np.float32).max), float(np.finfo(np.float64).max)
    single = [end, -end, -3.4e38, 3.3e38, -1e38, np.inf, 2.0]
    kept = [NAN, NAN, NAN, 3.3e38, -1e38, NAN, 2.0]
    expect(read(write_layer(tmp_path / "single.tif", [single], kind=gdal.GDT_Float32)), np.float32(kept))
    double = write_layer(tmp_path / "double.tif", [[*single, last, -1.797e308, 1.7e308]], kind=gdal.GDT_Float64)
    expect(read(double), [*kept, NAN, NAN, 1.7e308])
    masked = write_layer(tmp_path / "nodata.tif", [[-9999.0, -end, 2.0]], nodata=-9999)
    expect(read(masked, scale=0.1), [NAN, NAN, 0.2])


def test_scale_and_offset_are_applied_once_and_after_nodata(tmp_path):
    layer = write_layer(tmp_path / "a.tif", [[10, -1, 20]], kind=gdal.GDT_Int16, nodata=-1, scale=0.5, offset=3)
    expect(read(layer), [8, NAN, 13])
    expect(read(layer, scale=10.0), [80, NAN, 130])
    plain = write_layer(tmp_path / "b.tif", [[10, -1, 20]], kind=gdal.GDT_Int16, nodata=-1)
    expect(read(plain, scale=0.1), [10 * 0.1, NAN, 20 * 0.1])
    # those of the user come after those of the file, in the same order
    expect(read(layer, scale=10.0, offset=-5.0), [75, NAN, 125])
    expect(read(plain, offset=-273.15), [10 - 273.15, NAN, 20 - 273.15])


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
    assert read(layer, scale=0.1).dtype == read(layer, offset=0.1).dtype == np.float64


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


#: Formats, and whether they tell that bytes were overwritten.
FORMATS = [
    ("tif", "GTiff", ["COMPRESS=DEFLATE"], True), ("tif", "GTiff", ["COMPRESS=LZW", "TILED=YES"], True),
    ("tif", "GTiff", [], False), ("tif", "COG", [], True), ("nc", "netCDF", ["FORMAT=NC4", "COMPRESS=DEFLATE"], True),
    ("nc", "netCDF", ["FORMAT=NC"], False), ("nc", "netCDF", ["FORMAT=NC2"], False),
    ("img", "HFA", ["COMPRESSED=YES"], True), ("img", "HFA", [], False), ("asc", "AAIGrid", [], True),
    ("hdf", "HDF4Image", [], False), ("gpkg", "GPKG", [], False), ("sdat", "SAGA", [], False),
    ("bil", "EHdr", [], False),
]


@pytest.mark.parametrize(("ending", "driver", "options", "checked"), FORMATS)
@pytest.mark.usefixtures("either_mode")
def test_no_value_of_a_damaged_file_is_made_up(tmp_path, ending, driver, options, checked):
    if gdal.GetDriverByName(driver) is None:
        pytest.skip(f"this GDAL has no driver {driver}")
    values = np.random.default_rng(1).random((200, 200)).astype(np.float32)
    source = write_layer(tmp_path / "source.tif", values)
    path = tmp_path / f"npp_2001.{ending}"
    gdal.Translate(str(path), source.path, format=driver, creationOptions=options).FlushCache()
    np.testing.assert_allclose(read_all(Layer("npp_2001", str(path)))[0], values, rtol=1e-6)
    content = path.read_bytes()
    start, end = len(content) * 2 // 3, len(content) * 9 // 10
    overwritten = content[:start] + b"\xff\x07" * ((end - start) // 2) + content[end:]
    for damaged in [content[:start], overwritten][: 1 + checked]:
        path.write_bytes(damaged)
        with pytest.raises(UnreadableRaster, match="'npp_2001.*(is damaged or incomplete|cannot be opened)"):
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


def test_a_cancel_ends_the_reading_between_two_steps(tmp_path):
    series = resolve([write_layer(tmp_path / f"a_{year}.tif", np.ones((3, 4))) for year in range(2001, 2006)])
    asked = []

    def at_the_third() -> bool:
        asked.append(1)
        return len(asked) == 3

    with pytest.raises(Cancelled), heeding(at_the_third), datasets.open_datasets():
        StackReader.of(series).read(Window(0, 0, 4, 3))
    assert len(asked) == 3


def test_what_is_the_same_in_each_year_is_read_once_and_repeated(tmp_path, monkeypatch):
    layer = write_layer(tmp_path / "two.tif", [[[1, 2, 3]], [[4, NAN, 6]]], kind=gdal.GDT_Float32)
    reader = StackReader(tuple(steps_of([layer])[0]))
    repeated = Repeated(reader, 3)
    window = Window(1, 0, 2, 1)
    once = reader.read(window)
    calls = []
    monkeypatch.setattr(StackReader, "read", lambda self, asked: calls.append((self, asked)) or once)
    found = repeated.read(window)
    assert calls == [(reader, window)]
    assert found.shape == (6, 1, 2) and found.dtype == once.dtype
    for start in (0, 2, 4):
        np.testing.assert_array_equal(found[start : start + 2], once)
    assert repeated.tile == reader.tile and repeated.bytes_per_cell == 3 * reader.bytes_per_cell
