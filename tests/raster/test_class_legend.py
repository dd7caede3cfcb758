"""Names and colours of classes in files: category names, colour tables and attribute tables."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import write_layer

from nep_toolbox.raster.class_legend import ClassLegend, attribute_legend, category_legend
from nep_toolbox.raster.series import Layer

EMPTY = ClassLegend({}, {})


pytestmark = pytest.mark.usefixtures("side_files")


def raster(path, *change, bands=1) -> Layer:
    """A raster of bytes whose bands are changed, each by its own function."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 2, 2, bands, gdal.GDT_Byte)
    for number, function in enumerate(change, start=1):
        function(dataset.GetRasterBand(number))
    dataset.FlushCache()
    return Layer(path.stem, str(path))


def coloured(entries: dict):
    """What gives a band a colour table of these entries (red, green, blue, alpha)."""
    table = gdal.ColorTable()
    for code, entry in entries.items():
        table.SetColorEntry(code, entry)
    return lambda band: band.SetColorTable(table)


def tabled(columns: list, rows: list):
    """What gives a band an attribute table: columns (title, type, use) and rows of values."""
    table = gdal.RasterAttributeTable()
    for title, kind, usage in columns:
        table.CreateColumn(title, kind, usage)
    table.SetRowCount(len(rows))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            (table.SetValueAsString if isinstance(value, str) else table.SetValueAsInt)(row, column, value)
    return lambda band: band.SetDefaultRAT(table)


def test_a_raster_without_any(tmp_path):
    layer = write_layer(tmp_path / "plain.tif", np.ones((2, 2)), kind="uint8")
    assert category_legend(layer) == attribute_legend(layer) == EMPTY


def test_colours_that_nobody_set_and_transparent_ones_are_none(tmp_path):
    entries = {
        1: (255, 0, 16, 255), 2: (0, 0, 0, 255), 3: (0, 128, 0, 0), 4: (9, 9, 9, 128), 5: (0, 0, 255, 255),
        6: (0, 1, 0, 255), 7: (1, 0, 0, 1),
    }
    # A GeoTIFF keeps no alpha; a virtual raster keeps the whole table.
    path = str(tmp_path / "x.vrt")
    dataset = gdal.GetDriverByName("VRT").Create(path, 2, 2, 1, gdal.GDT_Byte)
    coloured(entries)(dataset.GetRasterBand(1))
    dataset.FlushCache()
    dataset = None
    assert gdal.Open(path).GetRasterBand(1).GetColorTable().GetColorEntry(3) == (0, 128, 0, 0)
    colours = {1: "#ff0010", 4: "#090909", 5: "#0000ff", 6: "#000100", 7: "#010000"}
    assert category_legend(Layer("x", path)) == ClassLegend({}, colours)


def test_category_names_count_from_zero(tmp_path):
    layer = raster(tmp_path / "x.tif", lambda band: band.SetCategoryNames(["", " Forest ", "  ", "Cropland"]))
    assert category_legend(layer) == ClassLegend({1: "Forest", 3: "Cropland"}, {})


def test_the_first_band_that_names_a_class_holds(tmp_path):
    layer = raster(
        tmp_path / "x.tif", lambda band: band.SetCategoryNames(["", "Forest"]),
        lambda band: band.SetCategoryNames(["", "Wood", "Water"]), bands=2,
    )
    assert category_legend(layer).names == {1: "Forest", 2: "Water"}


def test_an_attribute_table_with_uses(tmp_path):
    columns = [
        ("Histogram", gdal.GFT_Integer, gdal.GFU_PixelCount), ("Code", gdal.GFT_Integer, gdal.GFU_MinMax),
        ("Remark", gdal.GFT_String, gdal.GFU_Generic), ("Class", gdal.GFT_String, gdal.GFU_Name),
        ("R", gdal.GFT_Integer, gdal.GFU_Red), ("G", gdal.GFT_Integer, gdal.GFU_Green),
        ("B", gdal.GFT_Integer, gdal.GFU_Blue),
    ]
    rows = [(7, 10, "x", " Forest", -5, 128, 300), (8, 20, "y", "", 1, 2, 3), (9, 30, "z", "Water", 0, 0, 0)]
    layer = raster(tmp_path / "x.tif", tabled(columns, rows))
    # A channel beyond 0 to 255 is cut; black is a colour nobody set.
    assert attribute_legend(layer) == ClassLegend({10: "Forest", 30: "Water"}, {10: "#0080ff", 20: "#010203"})


@pytest.mark.parametrize("title", ["Value", "CODE", "gridcode"])
def test_an_attribute_table_of_another_program_is_read_by_its_titles(tmp_path, title):
    columns = [
        ("OID", gdal.GFT_Integer, gdal.GFU_Generic), (title, gdal.GFT_Integer, gdal.GFU_Generic),
        ("Label", gdal.GFT_String, gdal.GFU_Generic),
    ]
    layer = raster(tmp_path / "x.tif", tabled(columns, [(0, 11, "Forest"), (1, 12, "Water")]))
    assert attribute_legend(layer) == ClassLegend({11: "Forest", 12: "Water"}, {})


def test_without_a_column_of_codes_rows_count_from_zero(tmp_path):
    columns = [("Label", gdal.GFT_String, gdal.GFU_Name)]
    layer = raster(tmp_path / "x.tif", tabled(columns, [("Nothing",), ("Forest",)]))
    assert attribute_legend(layer).names == {0: "Nothing", 1: "Forest"}


def test_a_legend_is_completed_by_another():
    one = ClassLegend({1: "Forest"}, {1: "#010101"})
    other = ClassLegend({1: "Wood", 2: "Water"}, {2: "#020202"})
    assert one.completed_by(other) == ClassLegend({1: "Forest", 2: "Water"}, {1: "#010101", 2: "#020202"})
    assert (one, other) == (ClassLegend({1: "Forest"}, {1: "#010101"}),
                            ClassLegend({1: "Wood", 2: "Water"}, {2: "#020202"}))


def test_of_two_columns_of_one_use_or_title_the_first_holds(tmp_path):
    uses = [
        ("Code", gdal.GFT_Integer, gdal.GFU_Min), ("Code 2", gdal.GFT_Integer, gdal.GFU_Min),
        ("Name", gdal.GFT_String, gdal.GFU_Name), ("Nom", gdal.GFT_String, gdal.GFU_Name),
    ]
    layer = raster(tmp_path / "uses.tif", tabled(uses, [(10, 20, "Forest", "Forêt")]))
    assert attribute_legend(layer).names == {10: "Forest"}
    titles = [
        ("Value", gdal.GFT_Integer, gdal.GFU_Generic), ("VALUE", gdal.GFT_Integer, gdal.GFU_Generic),
        ("Label", gdal.GFT_String, gdal.GFU_Generic), ("Other", gdal.GFT_String, gdal.GFU_Generic),
    ]
    layer = raster(tmp_path / "titles.tif", tabled(titles, [(10, 20, "Forest", "Wood")]))
    assert attribute_legend(layer).names == {10: "Forest"}


def test_a_text_is_no_code_and_two_channels_are_no_colour(tmp_path):
    columns = [
        ("Class", gdal.GFT_String, gdal.GFU_Generic), ("R", gdal.GFT_Integer, gdal.GFU_Red),
        ("G", gdal.GFT_Integer, gdal.GFU_Green),
    ]
    layer = raster(tmp_path / "x.tif", tabled(columns, [("Forest", 1, 2), ("Water", 3, 4)]))
    assert attribute_legend(layer) == ClassLegend({0: "Forest", 1: "Water"}, {})


def test_a_table_of_numbers_alone_names_nothing(tmp_path):
    layer = raster(tmp_path / "x.tif", tabled([("Value", gdal.GFT_Integer, gdal.GFU_MinMax)], [(3,)]))
    assert attribute_legend(layer) == EMPTY
