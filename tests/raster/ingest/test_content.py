"""Whether a raster holds numbers or classes, and how its values are kept."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import write_layer

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest.content import DOUBLES, NUMBERS, _sample_windows, _whole, content_of, storage_of
from nep_toolbox.raster.series import Layer, bands_of

RNG = np.random.default_rng(11)
SHAPE = (60, 70)


def judged(layer):
    bands = bands_of(layer)
    return content_of(layer, tuple(band.steps[0] for band in bands), bands[0].grid)


@pytest.mark.parametrize("values, kind, categories, words", [
    (RNG.integers(1, 8, SHAPE), gdal.GDT_Byte, True, "7 different whole values"),
    (RNG.integers(1, 8, SHAPE), gdal.GDT_Float32, True, "7 different whole values"),
    (RNG.choice([10, 210, 220], SHAPE), gdal.GDT_Int16, True, "3 different whole values"),
    (RNG.integers(0, 9000, SHAPE), gdal.GDT_Int16, False, "more than 32 different"),
    (RNG.normal(15, 5, SHAPE), gdal.GDT_Float32, False, "are not whole"),
    (RNG.integers(1, 8, (3, 4)), gdal.GDT_Byte, False, "too few"),
])
def test_by_values(tmp_path, values, kind, categories, words):
    found = judged(write_layer(tmp_path / "x.tif", values, kind=kind))
    assert found.categories is categories and words in found.rule


@pytest.mark.parametrize("cells, categories", [(50, True), (49, False)])
def test_ten_cells_for_each_class_prove_classes(tmp_path, cells, categories):
    values = np.where(np.arange(60) < cells, np.arange(60) % 5, np.nan).reshape(6, 10)
    assert judged(write_layer(tmp_path / "x.tif", values)).categories is categories


def test_missing_values_are_no_class(tmp_path):
    values = RNG.normal(15, 5, SHAPE)
    values[:] = np.nan
    assert not judged(write_layer(tmp_path / "x.tif", values)).categories


def test_classes_that_differ_between_bands_count_together(tmp_path):
    values = np.stack([RNG.integers(20 * n, 20 * n + 20, SHAPE) for n in range(4)])
    assert "more than 32" in judged(write_layer(tmp_path / "x.tif", values, kind=gdal.GDT_Byte)).rule


@pytest.mark.parametrize("scaling", [{"scale": 0.1}, {"scale": 2.0}, {"offset": 5.0}, {"offset": -1.0}])
def test_a_scale_or_an_offset_speaks_for_numbers(tmp_path, scaling):
    found = judged(write_layer(tmp_path / "x.tif", RNG.integers(1, 8, SHAPE), kind=gdal.GDT_Int16, **scaling))
    assert not found.categories and "scale" in found.rule


@pytest.mark.parametrize("value", [0.3, 0.7, -0.3, -0.7])
def test_a_single_fraction_speaks_for_numbers(tmp_path, value):
    values = np.ones((20, 20))
    values[3, 4] = value
    assert judged(write_layer(tmp_path / "x.tif", values)).rule == "numbers, as its values (Float32) are not whole"


@pytest.mark.parametrize("different, categories", [(32, True), (33, False)])
def test_thirty_two_classes_are_the_most(tmp_path, different, categories):
    values = np.arange(33 * 40).reshape(33, 40) % different
    assert judged(write_layer(tmp_path / "x.tif", values, kind=gdal.GDT_Byte)).categories is categories


@pytest.mark.parametrize("band", range(7))
def test_four_bands_of_many_are_looked_at(tmp_path, band):
    """Of seven the first, third, fifth and last: a fraction is seen in these alone."""
    values = np.ones((7, 20, 20))
    values[band, 3, 3] = 0.5
    assert judged(write_layer(tmp_path / "x.tif", values)).categories is (band % 2 == 1)


def test_windows_of_128_cells_are_spread_evenly():
    grid = Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 1000, 600)
    expected = [Window(col, row, 128, 128) for row in (0, 157, 315, 472) for col in (0, 291, 581, 872)]
    assert _sample_windows(grid) == expected
    narrow = Grid("", grid.transform, 100, 129)
    assert _sample_windows(narrow) == [Window(0, 0, 100, 128), Window(0, 1, 100, 128)]


def with_band(layer, change):
    dataset = gdal.Open(layer.path, gdal.GA_Update)
    change(dataset.GetRasterBand(1))
    dataset.FlushCache()


@pytest.mark.usefixtures("side_files")
def test_what_the_file_says_comes_first(tmp_path):
    many = RNG.integers(0, 200, SHAPE)
    table = gdal.ColorTable()
    table.SetColorEntry(1, (255, 0, 0, 255))
    coloured = write_layer(tmp_path / "c.tif", many, kind=gdal.GDT_Byte)
    dataset = gdal.GetDriverByName("GTiff").Create(coloured.path, 70, 60, 1, gdal.GDT_Byte)
    dataset.GetRasterBand(1).SetColorTable(table)
    dataset = None
    assert judged(coloured) == (True, "classes, as it has a colour table")
    named = write_layer(tmp_path / "n.tif", many, kind=gdal.GDT_Byte)
    with_band(named, lambda band: band.SetCategoryNames(["", "Forest"]))
    assert judged(named) == (True, "classes, as it has category names")
    for name, title, use in (("t", "Class", gdal.GFU_Name), ("u", "Histogram", gdal.GFU_PixelCount)):
        attributes = gdal.RasterAttributeTable()
        attributes.CreateColumn(title, gdal.GFT_String if use == gdal.GFU_Name else gdal.GFT_Integer, use)
        attributes.CreateColumn("Value", gdal.GFT_Integer, gdal.GFU_MinMax)
        attributes.SetRowCount(1)
        tabled = write_layer(tmp_path / f"{name}.tif", many, kind=gdal.GDT_Byte)
        with_band(tabled, lambda band, table=attributes: band.SetDefaultRAT(table))
        if use == gdal.GFU_Name:
            assert judged(tabled) == (True, "classes, as its attribute table names them")
        else:
            assert "more than 32" in judged(tabled).rule


@pytest.mark.parametrize("kind, nodata, kept", [
    (gdal.GDT_Byte, 255, (gdal.GDT_Byte, "uint8", 255)),
    (gdal.GDT_Byte, None, (gdal.GDT_UInt16, "uint16", 65535)),
    (gdal.GDT_Byte, -9999, (gdal.GDT_UInt16, "uint16", 65535)),
    (gdal.GDT_UInt16, None, (gdal.GDT_Int32, "int32", -2147483648)),
    (gdal.GDT_Int16, -1, (gdal.GDT_Int16, "int16", -1)),
    (gdal.GDT_Int32, 0, (gdal.GDT_Int32, "int32", 0)),
    (gdal.GDT_Float32, -9999, NUMBERS),
    (gdal.GDT_Float64, None, DOUBLES),
    (gdal.GDT_UInt32, 7, (gdal.GDT_UInt32, "uint32", 7)),
    (gdal.GDT_UInt32, None, (gdal.GDT_UInt32, "uint32", 4294967295)),
    (gdal.GDT_UInt32, -1, (gdal.GDT_UInt32, "uint32", 4294967295)),
    (gdal.GDT_Int32, None, (gdal.GDT_Int32, "int32", -2147483648)),
])
def test_storage(tmp_path, kind, nodata, kept):
    layer = write_layer(tmp_path / "x.tif", np.ones((2, 2)), kind=kind, nodata=nodata)
    assert storage_of(layer, bands_of(layer)[0].steps) == pytest.approx(kept, nan_ok=True)


@pytest.mark.skipif(not hasattr(gdal, "GDT_Int64"), reason="this GDAL has no integers of 64 bits")
@pytest.mark.parametrize("kind, dtype, nodata, kept", [
    ("GDT_Int64", "int64", None, -2**63), ("GDT_Int64", "int64", 2**53 + 1, 2**53 + 1),
    ("GDT_UInt64", "uint64", None, 2**64 - 1), ("GDT_UInt64", "uint64", 2**63 + 1, 2**63 + 1),
])
def test_storage_of_64_bits(tmp_path, kind, dtype, nodata, kept):
    kind = getattr(gdal, kind)
    layer = write_layer(tmp_path / "x.tif", np.ones((2, 2), dtype), kind=kind, nodata=nodata)
    assert storage_of(layer, bands_of(layer)[0].steps) == (kind, dtype, kept)


@pytest.mark.parametrize("kinds, kept", [
    ((gdal.GDT_Byte, gdal.GDT_Float32), NUMBERS), ((gdal.GDT_Int16, gdal.GDT_UInt16), NUMBERS),
    ((gdal.GDT_Byte, gdal.GDT_Int32), DOUBLES), ((gdal.GDT_Float32, gdal.GDT_Float64), DOUBLES),
    ((gdal.GDT_UInt32, gdal.GDT_Float32), DOUBLES),
    ((gdal.GDT_Byte, getattr(gdal, "GDT_Int64", None)), "'both' has bands of the types Byte, Int64, which no single"),
])
def test_bands_of_several_types(tmp_path, kinds, kept):
    if None in kinds:
        pytest.skip("this GDAL has no integers of 64 bits")
    paths = [write_layer(tmp_path / f"{n}.tif", np.ones((2, 2)), kind=kind).path for n, kind in enumerate(kinds)]
    path = str(tmp_path / "both.vrt")
    gdal.BuildVRT(path, paths, separate=True).FlushCache()
    layer = Layer("both", path)
    if isinstance(kept, str):
        with pytest.raises(InvalidParameter, match=kept):
            storage_of(layer, tuple(band.steps[0] for band in bands_of(layer)))
        return
    assert storage_of(layer, tuple(band.steps[0] for band in bands_of(layer))) == pytest.approx(kept, nan_ok=True)


@pytest.mark.parametrize("nodata, kept", [(None, -32768), (-5, -5), (-0.5, -32768)])
def test_signed_bytes_become_int16(tmp_path, nodata, kept):
    signed = {"kind": gdal.GDT_Int8} if hasattr(gdal, "GDT_Int8") else {"kind": 1, "options": ["PIXELTYPE=SIGNEDBYTE"]}
    layer = write_layer(tmp_path / "x.tif", np.ones((2, 2), np.uint8), nodata=nodata, **signed)
    assert storage_of(layer, bands_of(layer)[0].steps) == (gdal.GDT_Int16, "int16", kept)


@pytest.mark.parametrize("second, kept", [
    ({"kind": gdal.GDT_Byte, "nodata": 255}, (gdal.GDT_Byte, "uint8", 255)),
    ({"kind": gdal.GDT_Byte, "nodata": 0}, (gdal.GDT_UInt16, "uint16", 65535)),
    ({"kind": gdal.GDT_Byte}, (gdal.GDT_UInt16, "uint16", 65535)),
    ({"kind": gdal.GDT_Int16, "nodata": 255}, NUMBERS),
])
def test_bands_are_kept_alike(tmp_path, second, kept):
    first = write_layer(tmp_path / "1.tif", np.ones((2, 2)), kind=gdal.GDT_Byte, nodata=255)
    other = write_layer(tmp_path / "2.tif", np.ones((2, 2)), **second)
    path = str(tmp_path / "both.vrt")
    gdal.BuildVRT(path, [first.path, other.path], separate=True).FlushCache()
    layer = Layer("both", path)
    steps = tuple(band.steps[0] for band in bands_of(layer))
    assert len(steps) == 2 and storage_of(layer, steps) == pytest.approx(kept, nan_ok=True)


@pytest.mark.parametrize("nodata, dtype, kept", [
    (None, "uint8", None), (0.0, "uint8", 0), (255.0, "uint8", 255), (256.0, "uint8", None), (-1.0, "uint8", None),
    (0.5, "uint8", None), (float("nan"), "uint8", None), (float("inf"), "int16", None), (-32768.0, "int16", -32768),
])
def test_nodata_values_that_a_type_of_whole_numbers_holds(nodata, dtype, kept):
    assert _whole(nodata, dtype, None) == kept


def test_real_signed_bytes(shared):
    layer = Layer("2010LCT", str(shared / "data/assaba_gpp_2010_2023/landcover/2010LCT.tif"))
    assert storage_of(layer, bands_of(layer)[0].steps) == (gdal.GDT_Int16, "int16", -128)


def test_a_real_land_cover_and_a_real_gpp(shared):
    folder = shared / "data/assaba_gpp_2010_2023"
    assert judged(Layer("2011LCT", str(folder / "landcover/2011LCT.tif"))).categories
    assert not judged(Layer("2010_GP", str(folder / "gpp/2010_GP.tif"))).categories
    assert not judged(Layer("2010R", str(folder / "precip/2010R.tif"))).categories
    assert judged(Layer("nc", str(shared / "data/newguinea_landcover_2001_2015/landcover2001.tif"))).categories
