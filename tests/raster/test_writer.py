"""What a written raster holds."""

from __future__ import annotations

import os
import re
from functools import partial

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


@pytest.mark.parametrize(("kind", "nodata"), [
    (gdal.GDT_Float32, -9999.0), (gdal.GDT_Int16, -(2**15)), (gdal.GDT_Int32, -(2**31)), (gdal.GDT_Byte, 0),
])
def test_what_marks_missing_values(tmp_path, kind, nodata):
    writer = write(tmp_path / "a.tif", np.ones((4, 6), np.uint8), data_type=kind)
    assert gdal.Open(str(tmp_path / "a.tif")).GetRasterBand(1).GetNoDataValue() == writer.nodata == nodata
    writer = write(tmp_path / "a.tif", np.ones((4, 6), np.uint8), data_type=kind, nodata=7)
    assert gdal.Open(str(tmp_path / "a.tif")).GetRasterBand(1).GetNoDataValue() == writer.nodata == 7


@pytest.mark.parametrize("kind", [gdal.GDT_Float32, gdal.GDT_Int16])
@pytest.mark.parametrize("tile", [(32, 16), (16, 32), (256, 256)])
def test_tiles_of_a_file(tmp_path, kind, tile):
    write(tmp_path / "a.tif", np.ones((4, 6), np.uint8), data_type=kind, tile=tile)
    dataset = gdal.Open(str(tmp_path / "a.tif"))
    assert tuple(dataset.GetRasterBand(1).GetBlockSize()) == tile
    predictor = "3" if kind == gdal.GDT_Float32 else "2"
    assert dataset.GetMetadataItem("PREDICTOR", "IMAGE_STRUCTURE") in (predictor, None)  # GDAL before 3.3 does not tell


def test_tiles_of_256_cells_by_default(tmp_path):
    write(tmp_path / "a.tif")
    assert gdal.Open(str(tmp_path / "a.tif")).GetRasterBand(1).GetBlockSize() == [256, 256]


def test_bands_written_one_after_the_other(tmp_path):
    with RasterWriter(str(tmp_path / "a.tif"), GRID, ["1", "2", "3"]) as writer:
        writer.write(GRID.whole, np.stack([VALUES + 1, VALUES + 2]), first=2)
        writer.write(GRID.whole, VALUES)
        assert writer.valid == 3 * 24
    expected = np.stack([VALUES, VALUES + 1, VALUES + 2])
    np.testing.assert_array_equal(gdal.Open(str(tmp_path / "a.tif")).ReadAsArray(), expected)


def described(scale=None, offset=None) -> gdal.Dataset:
    """A raster in memory with all that is said of classes."""
    dataset = gdal.GetDriverByName("MEM").Create("", 6, 4, 1, gdal.GDT_Byte)
    band, colours, table = dataset.GetRasterBand(1), gdal.ColorTable(), gdal.RasterAttributeTable()
    colours.SetColorEntry(1, (0, 100, 0, 255))
    band.SetColorTable(colours)
    band.SetCategoryNames(["", "Forest"])
    table.CreateColumn("Name", gdal.GFT_String, gdal.GFU_Name)
    table.SetRowCount(1)
    table.SetValueAsString(0, 0, "Wood")
    band.SetDefaultRAT(table)
    if scale is not None:
        band.SetScale(scale)
    if offset is not None:
        band.SetOffset(offset)
    return dataset


@pytest.mark.usefixtures("either_mode", "side_files")
@pytest.mark.parametrize("bands", [1, 2])
def test_what_another_raster_says_of_a_band(tmp_path, bands):
    """A GeoTIFF of several bands has no colour table."""
    source = described()
    with RasterWriter(str(tmp_path / "a.tif"), GRID, ["a"] * bands, gdal.GDT_Byte) as writer:
        writer.copy_legend(bands, source.GetRasterBand(1))
        writer.write(GRID.whole, np.ones((bands, 4, 6), np.uint8))
    dataset = open_raster(str(tmp_path / "a.tif"), "a")
    band = dataset.GetRasterBand(bands)
    assert band.GetCategoryNames()[:2] == ["", "Forest"]
    assert band.GetDefaultRAT().GetValueAsString(0, 0) == "Wood"
    if bands == 1:
        assert band.GetColorTable().GetColorEntry(1) == (0, 100, 0, 255)


@pytest.mark.parametrize(("scale", "offset", "copied", "expected"), [
    (0.5, 3.0, True, (0.5, 3.0)), (0.5, None, True, (0.5, 0.0)), (None, 3.0, True, (1.0, 3.0)),
    (2.0, None, True, (2.0, 0.0)), (None, -1.0, True, (1.0, -1.0)), (0.5, 3.0, False, (None, None)),
    (None, None, True, (None, None)), (1.0, 0.0, True, (None, None)),
])
def test_the_scale_of_another_raster(tmp_path, scale, offset, copied, expected):
    source = described(scale, offset)
    with RasterWriter(str(tmp_path / "a.tif"), GRID, ["a"], gdal.GDT_Byte) as writer:
        writer.copy_legend(1, source.GetRasterBand(1), scale=copied)
        writer.write(GRID.whole, np.ones((4, 6), np.uint8))
    dataset = gdal.Open(str(tmp_path / "a.tif"))
    assert (dataset.GetRasterBand(1).GetScale(), dataset.GetRasterBand(1).GetOffset()) == expected


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


@pytest.mark.usefixtures("side_files")
@pytest.mark.parametrize("name", ["a.tif", "a.tiff", "a.img"])
def test_what_gdal_keeps_beside_a_file_comes_along(tmp_path, name):
    """Class names of a GeoTIFF live in an .aux.xml, unless the environment forbids it."""
    if gdal.GetDriverByName("HFA") is None:
        pytest.skip("this GDAL has no driver HFA")
    writer = RasterWriter(str(tmp_path / name), GRID, ["2001"], gdal.GDT_Byte, nodata=255)
    writer.name_classes({1: "Forest", 3: "Water"}, {1: (0, 100, 0), 3: (0, 0, 255)})
    writer.write(GRID.whole, np.ones((4, 6), np.uint8))
    writer.close()
    dataset = open_raster(str(tmp_path / name), name)
    names = dataset.GetRasterBand(1).GetCategoryNames()
    colour = dataset.GetRasterBand(1).GetColorTable().GetColorEntry(3)
    assert names[:4] == ["", "Forest", "", "Water"] and not any(names[4:])
    assert colour == (0, 0, 255, 255)
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


@pytest.mark.usefixtures("either_mode")
def test_a_format_that_cannot_hold_the_result(tmp_path):
    with pytest.raises(OutputError, match="the result cannot be written as AAIGrid, which says: .*1 band. Choose"):
        RasterWriter(str(tmp_path / "a.asc"), GRID, ["1", "2"], name="the result")
    assert os.listdir(tmp_path) == []


@pytest.mark.usefixtures("either_mode")
def test_a_file_that_cannot_be_made(tmp_path):
    with pytest.raises(OutputError, match="the result cannot be created: .*No such file or directory"):
        RasterWriter(str(tmp_path / "no folder" / "a.tif"), GRID, ["a"], name="the result")


@pytest.mark.parametrize(("reasons", "words"), [
    ((), "no reason given"), (("the first", "the last"), "the last"), (("a", "b", "c"), "c"),
])
def test_the_last_reason_why_a_file_cannot_be_made(tmp_path, monkeypatch, reasons, words):
    class Driver:
        """Creates nothing."""

        @staticmethod
        def Create(*_arguments):  # noqa: N802
            for reason in reasons:
                try:
                    gdal.Error(gdal.CE_Failure, 1, reason)
                except RuntimeError:
                    continue

    monkeypatch.setattr(gdal, "GetDriverByName", lambda _name: Driver)
    with pytest.raises(OutputError, match=f"the result cannot be created: {words}\\.$"):
        RasterWriter(str(tmp_path / "a.tif"), GRID, ["a"], name="the result")


@pytest.mark.usefixtures("either_mode")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # GDAL's, as it lets the file go
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


def test_few_values_are_all_looked_at(tmp_path):
    with RasterWriter(str(tmp_path / "a.tif"), GRID, ["a"]) as writer:
        for row in range(4):
            writer.write(Window(0, row, 6, 1), VALUES[row: row + 1])
    assert writer.quantiles([0.0, 0.5, 1.0]) == [0.0, 11.5, 23.0]


@pytest.mark.parametrize("bands", [1, 2])
@pytest.mark.parametrize(("cells", "largest"), [(40_000, 0.0), (39_800, 1.0)])
def test_of_twice_twenty_thousand_values_every_second_is_looked_at(tmp_path, bands, cells, largest):
    """Zeros and ones in turn: of 40 000 only the zeros, of fewer all."""
    grid = Grid(GRID.wkt, GRID.transform, cells // bands // 100, 100)
    values = np.tile([0.0, 1.0], cells // 2).reshape(bands, 100, -1)
    with RasterWriter(str(tmp_path / "a.tif"), grid, ["a"] * bands) as writer:
        writer.write(grid.whole, values)
    assert writer.quantiles([1.0]) == [largest]


def test_a_file_is_completed_once(tmp_path):
    writer = write(tmp_path / "a.asc")
    os.remove(tmp_path / "a.asc")
    writer.close()
    assert not (tmp_path / "a.asc").exists()


class Failing:
    """Stands for a dataset whose file cannot be written; ``fails`` says it."""

    def __init__(self, fails):
        self.GetRasterBand = lambda _number: self
        self.WriteArray = self.FlushCache = lambda *_arguments: fails()


def raised():
    raise RuntimeError("the last")


def said():
    for reason in ("the first", "the last"):
        try:
            gdal.Error(gdal.CE_Failure, 1, reason)
        except RuntimeError:
            continue


@pytest.mark.parametrize("fails", [raised, said])
def test_the_last_reason_why_a_file_cannot_be_written(tmp_path, fails):
    writer = RasterWriter(str(tmp_path / "a.tif"), GRID, ["a"], name="the result")
    for deed in (partial(writer.write, GRID.whole, VALUES), writer.close):
        writer._dataset = Failing(fails)
        with pytest.raises(OutputError, match="the result cannot be written: the last Is the disk full?"):
            deed()


def test_a_tiff_tells_where_it_comes_from(tmp_path):
    """The same in equal runs: no time."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "a.tif", description="Sen slope 2001-2020 (nep:trend)")
    dataset = gdal.Open(str(tmp_path / "one" / "a.tif"))
    assert re.fullmatch(r"NEP Toolbox \d+\.\d+\.\d+", dataset.GetMetadataItem("TIFFTAG_SOFTWARE"))
    assert dataset.GetMetadataItem("TIFFTAG_IMAGEDESCRIPTION") == "Sen slope 2001-2020 (nep:trend)"
    assert (tmp_path / "one" / "a.tif").read_bytes() == (tmp_path / "two" / "a.tif").read_bytes()
