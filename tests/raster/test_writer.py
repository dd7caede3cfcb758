"""What a written raster holds."""

from __future__ import annotations

import os

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of

from nep_toolbox.errors import OutputError
from nep_toolbox.raster.gdal_io import open_raster
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.writer import RasterWriter

GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 6, 4)
VALUES = np.arange(24.0).reshape(4, 6)


def write(target, values=VALUES, bands=("2001",), **options) -> RasterWriter:
    """Write a whole raster."""
    writer = RasterWriter(str(target), GRID, list(bands), **options)
    writer.write(GRID.whole, values)
    writer.close()
    return writer


def test_what_a_file_holds(tmp_path):
    target = tmp_path / "npp.tif"
    stack = np.stack([VALUES, VALUES + 0.25, -VALUES]).astype(np.float32)
    stack[1, 2, 3] = np.nan
    write(target, stack, ["2001", "2002", "2003"], unit="gC m-2 yr-1")
    dataset = gdal.Open(str(target))
    assert Grid.of(dataset) == GRID
    assert dataset.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") == "DEFLATE"
    assert dataset.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE") == "BAND"
    bands = [dataset.GetRasterBand(number) for number in (1, 2, 3)]
    assert [band.GetDescription() for band in bands] == ["2001", "2002", "2003"]
    assert {band.GetUnitType() for band in bands} == {"gC m-2 yr-1"}
    assert {band.GetNoDataValue() for band in bands} == {-9999.0}
    assert {band.DataType for band in bands} == {gdal.GDT_Float32}
    stored = dataset.ReadAsArray()
    assert stored[1, 2, 3] == -9999.0
    np.testing.assert_array_equal(np.where(stored == -9999.0, np.nan, stored), stack)
    assert os.listdir(tmp_path) == ["npp.tif"]


@pytest.mark.parametrize("kind", [gdal.GDT_Float32, gdal.GDT_Int16, gdal.GDT_Byte])
@pytest.mark.parametrize("count", [3, 4])
def test_several_bands_are_no_picture(tmp_path, kind, count):
    target = tmp_path / "series.tif"
    write(target, np.ones((count, 4, 6), np.uint8), [str(2001 + band) for band in range(count)], data_type=kind)
    dataset = gdal.Open(str(target))
    colours = [dataset.GetRasterBand(band + 1).GetColorInterpretation() for band in range(count)]
    assert colours == [gdal.GCI_GrayIndex] + [gdal.GCI_Undefined] * (count - 1)
    assert not dataset.GetRasterBand(1).GetMaskFlags() & gdal.GMF_ALPHA


def test_classes(tmp_path):
    target = tmp_path / "classes.tif"
    codes = np.full((4, 6), -4, np.int16)
    codes[0] = -32768
    writer = write(target, codes, data_type=gdal.GDT_Int16)
    dataset = gdal.Open(str(target))
    band = dataset.GetRasterBand(1)
    assert (band.DataType, band.GetNoDataValue()) == (gdal.GDT_Int16, -32768)
    np.testing.assert_array_equal(band.ReadAsArray(), codes)
    assert (writer.valid, writer.minimum, writer.maximum) == (18, -4.0, -4.0)


def test_names_and_colours_of_classes(tmp_path):
    target = tmp_path / "landcover.tif"
    writer = RasterWriter(str(target), GRID, ["2001"], gdal.GDT_Byte, nodata=255)
    writer.name_classes({1: "Forest", 3: "Water"}, {1: (0, 100, 0), 3: (0, 0, 255)})
    writer.write(GRID.whole, np.ones((4, 6), np.uint8))
    writer.close()
    dataset = gdal.Open(str(target))
    band = dataset.GetRasterBand(1)
    assert band.GetNoDataValue() == 255
    assert band.GetColorTable().GetColorEntry(3) == (0, 0, 255, 255)


@pytest.mark.parametrize("name", ["a.tif", "a.tiff", "a.img"])
def test_what_gdal_keeps_beside_a_file_comes_along(tmp_path, name):
    """Class names of a GeoTIFF live in an .aux.xml, unless the environment forbids it."""
    if gdal.GetDriverByName("HFA") is None:
        pytest.skip("this GDAL has no driver HFA")
    before = gdal.GetConfigOption("GDAL_PAM_ENABLED")
    gdal.SetConfigOption("GDAL_PAM_ENABLED", "YES")
    try:
        writer = RasterWriter(str(tmp_path / name), GRID, ["2001"], gdal.GDT_Byte, nodata=255)
        writer.name_classes({1: "Forest", 3: "Water"}, {1: (0, 100, 0), 3: (0, 0, 255)})
        writer.write(GRID.whole, np.ones((4, 6), np.uint8))
        writer.close()
        dataset = open_raster(str(tmp_path / name), name)
        names = dataset.GetRasterBand(1).GetCategoryNames()
    finally:
        gdal.SetConfigOption("GDAL_PAM_ENABLED", before)
    assert names[:4] == ["", "Forest", "", "Water"]
    assert set(os.listdir(tmp_path)) <= {name, f"{name}.aux.xml"}


def test_a_result_equal_to_nodata_stays_valid(tmp_path):
    target = tmp_path / "intercept.tif"
    write(target, np.where(VALUES == 5, -9999.0, VALUES))
    stored = gdal.Open(str(target)).ReadAsArray()
    assert stored[0, 5] != -9999.0
    assert stored[0, 5] == pytest.approx(-9999.0, rel=2e-7)


def test_block_by_block_in_any_order(tmp_path):
    target = tmp_path / "a.tif"
    writer = RasterWriter(str(target), GRID, ["a"], tile=(16, 16))
    for window in (Window(3, 2, 3, 2), Window(0, 0, 3, 2), Window(3, 0, 3, 2), Window(0, 2, 3, 2)):
        rows, cols = slice(window.row, window.row + window.height), slice(window.col, window.col + window.width)
        writer.write(window, VALUES[rows, cols])
    writer.close()
    np.testing.assert_array_equal(gdal.Open(str(target)).ReadAsArray(), VALUES)
    assert (writer.minimum, writer.maximum, writer.valid) == (0.0, 23.0, 24)


def test_leaving_the_block_completes_the_file(tmp_path):
    with RasterWriter(str(tmp_path / "a.tif"), GRID, ["a"]) as writer:
        writer.write(GRID.whole, VALUES)
    np.testing.assert_array_equal(gdal.Open(str(tmp_path / "a.tif")).ReadAsArray(), VALUES)


def test_an_error_within_the_block_surfaces(tmp_path):
    with pytest.raises(ZeroDivisionError), RasterWriter(str(tmp_path / "a.asc"), GRID, ["a"]):
        raise ZeroDivisionError
    assert "a.asc" not in os.listdir(tmp_path), "an incomplete raster was converted"


@pytest.mark.parametrize(("extension", "driver"), [
    ("img", "HFA"), ("asc", "AAIGrid"), ("nc", "netCDF"), ("TIFF", "GTiff"), ("tiff", "GTiff"),
])
def test_other_formats(tmp_path, extension, driver):
    if gdal.GetDriverByName(driver) is None:
        pytest.skip(f"this GDAL has no driver {driver}")
    target = tmp_path / f"a.{extension}"
    values = VALUES.copy()
    values[1, 1] = np.nan
    write(target, values)
    dataset = gdal.Open(str(target))
    assert dataset.GetDriver().ShortName == driver
    assert dataset.GetRasterBand(1).GetNoDataValue() == -9999.0
    np.testing.assert_array_equal(dataset.ReadAsArray(), np.where(np.isnan(values), -9999.0, values))
    assert not [name for name in os.listdir(tmp_path) if not name.startswith("a.")]
    assert "a.tif" not in os.listdir(tmp_path)


@pytest.mark.parametrize("name", ["a.xyzzy", "a", "a.vrt"])
def test_an_unknown_format_is_refused_at_once(tmp_path, name):
    with pytest.raises(OutputError, match="Choose a file name that ends with .tif"):
        RasterWriter(str(tmp_path / name), GRID, ["a"])
    assert os.listdir(tmp_path) == []


def test_a_cloud_optimised_geotiff(tmp_path):
    if gdal.GetDriverByName("COG") is None:
        pytest.skip("this GDAL has no COG driver")
    target = tmp_path / "npp.tif"
    write(target, np.stack([VALUES, VALUES + 1.0]), ["2001", "2002"], driver="COG")
    dataset = gdal.Open(str(target))
    assert dataset.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG"
    assert [dataset.GetRasterBand(band).GetDescription() for band in (1, 2)] == ["2001", "2002"]
    np.testing.assert_array_equal(dataset.ReadAsArray(), np.stack([VALUES, VALUES + 1.0]))
    assert os.listdir(tmp_path) == ["npp.tif"]


def test_a_format_that_cannot_hold_the_result(tmp_path):
    writer = RasterWriter(str(tmp_path / "a.asc"), GRID, ["1", "2"], name="the result")
    writer.write(GRID.whole, np.stack([VALUES, VALUES]))
    with pytest.raises(OutputError, match="the result cannot be written as AAIGrid.*ends with .tif"):
        writer.close()


@pytest.mark.parametrize("exceptions", [False, True])
def test_a_file_that_cannot_be_made(tmp_path, exceptions):
    before = gdal.GetUseExceptions()
    (gdal.UseExceptions if exceptions else gdal.DontUseExceptions)()
    try:
        with pytest.raises(OutputError, match="the result cannot be created: "):
            RasterWriter(str(tmp_path / "no folder" / "a.tif"), GRID, ["a"], name="the result")
    finally:
        (gdal.UseExceptions if before else gdal.DontUseExceptions)()


def test_a_full_disk(tmp_path):
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    grid = Grid(GRID.wkt, GRID.transform, 512, 512)
    os.symlink("/dev/full", tmp_path / "a.tif")
    with pytest.raises(OutputError, match=r"the result cannot be (created|written).*"), RasterWriter(
        str(tmp_path / "a.tif"), grid, ["a"], name="the result"
    ) as writer:
        writer.write(grid.whole, np.random.default_rng(1).random((512, 512)))


def test_quantiles_of_the_values(tmp_path):
    grid = Grid(GRID.wkt, GRID.transform, 500, 400)
    values = np.random.default_rng(3).normal(10.0, 2.0, (400, 500)).astype(np.float32)
    values[:, ::3] = np.nan
    writer = RasterWriter(str(tmp_path / "a.tif"), grid, ["a"])
    for row in range(0, 400, 16):
        writer.write(Window(0, row, 500, 16), values[row: row + 16])
    # A quantile of m sampled values has a standard error of sqrt(q (1 - q) / m) in rank: within four of these.
    ordered = np.sort(values[~np.isnan(values)])
    for share, value in zip((0.02, 0.5, 0.98), writer.quantiles([0.02, 0.5, 0.98])):
        rank = np.searchsorted(ordered, value) / ordered.size
        assert abs(rank - share) < 4 * np.sqrt(share * (1 - share) / 13_000)
    assert writer.valid == ordered.size
    writer.discard()


def test_quantiles_of_nothing(tmp_path):
    writer = RasterWriter(str(tmp_path / "a.tif"), GRID, ["a"])
    writer.write(GRID.whole, np.full((4, 6), np.nan))
    assert np.isnan(writer.quantiles([0.02, 0.98])).all()
    assert writer.valid == 0
    writer.discard()
