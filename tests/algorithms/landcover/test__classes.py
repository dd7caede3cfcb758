"""What the tools of land cover share: where the names and colours of classes come from."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtGui import QColor
from testkit.pages import figures
from testkit.rasters import UTM, UTM_TRANSFORM, wkt_of, write_raster
from testkit.runs import prepared
from testkit.tools import Feedback, algorithm, destinations, run, table

from nep_toolbox.colours import CATEGORIES, categorical

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:landcovertransition"
CODES = range(1, 7)


@pytest.fixture
def cover(tmp_path) -> str:
    """Land cover of six classes without names and colours."""
    return write_raster(tmp_path / "cover_2001.tif", np.arange(1, 7).reshape(2, 3), kind="uint8")


def legend_of(value, feedback=None, context=None, codes=CODES, **parameters):
    """The legend that a tool of land cover takes for its classes."""
    tool, started = prepared(TOOL, {"INPUT": [value], **parameters}, feedback, context)
    return tool.legend(started, codes)


# The sources: each names and colours the classes up to one of its own -------------------------------------------------


def colour(source: int, code: int) -> tuple:
    """A colour that tells source and class."""
    return 10 * source, 10 * code, 77


def as_hex(source: int, code: int) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour(source, code))


def with_categories(path, last) -> None:
    """Write the raster anew: a GeoTIFF takes a colour table before its values only."""
    values = gdal.Open(path).ReadAsArray()
    dataset = gdal.GetDriverByName("GTiff").Create(path, 3, 2, 1, gdal.GDT_Byte)
    dataset.SetProjection(wkt_of(UTM))
    dataset.SetGeoTransform(UTM_TRANSFORM)
    band = dataset.GetRasterBand(1)
    band.SetCategoryNames(["", *(f"category {code}" for code in range(1, last + 1))])
    colours = gdal.ColorTable()
    for code in range(1, last + 1):
        colours.SetColorEntry(code, (*colour(1, code), 255))
    band.SetColorTable(colours)
    band.WriteArray(values)
    dataset.FlushCache()


def with_attributes(path, last) -> None:
    dataset = gdal.Open(path, gdal.GA_Update)
    rows = gdal.RasterAttributeTable()
    rows.CreateColumn("Value", gdal.GFT_Integer, gdal.GFU_MinMax)
    rows.CreateColumn("Class", gdal.GFT_String, gdal.GFU_Name)
    for channel in ("Red", "Green", "Blue"):
        rows.CreateColumn(channel, gdal.GFT_Integer, getattr(gdal, f"GFU_{channel}"))
    rows.SetRowCount(last)
    for row in range(last):
        rows.SetValueAsInt(row, 0, row + 1)
        rows.SetValueAsString(row, 1, f"attribute {row + 1}")
        for column, part in enumerate(colour(2, row + 1), start=2):
            rows.SetValueAsInt(row, column, part)
    dataset.GetRasterBand(1).SetDefaultRAT(rows)
    dataset = None


def renderer(layer, source, last, words) -> QgsPalettedRasterRenderer:
    classes = [
        QgsPalettedRasterRenderer.Class(code, QColor(*colour(source, code)), f"{words} {code}")
        for code in range(1, last + 1)
    ]
    return QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes)


def with_style_file(path, last) -> None:
    layer = QgsRasterLayer(path, "styled")
    layer.setRenderer(renderer(layer, 3, last, "style"))
    layer.saveNamedStyle(path.replace(".tif", ".qml"))


def in_project(path, last) -> tuple:
    """The id of a layer styled in a project, a context of that project, and the project, which must stay."""
    project, context = QgsProject(), QgsProcessingContext()
    layer = QgsRasterLayer(path, "cover 2001")
    layer.setRenderer(renderer(layer, 4, last, "project"))
    project.addMapLayer(layer)
    context.setProject(project)
    return layer.id(), context, project


def test_every_source_has_its_rank(cover, pam):  # noqa: ARG001
    with_categories(cover, 2)
    with_attributes(cover, 3)
    with_style_file(cover, 4)
    layer, context, project = in_project(cover, 5)
    names, colours = legend_of(layer, context=context, CLASS_NAMES="1=given 1")
    assert names == {1: "given 1", 2: "category 2", 3: "attribute 3", 4: "style 4", 5: "project 5", 6: "6"}
    assert [colours[code] for code in range(1, 6)] == [
        as_hex(1, 1), as_hex(1, 2), as_hex(2, 3), as_hex(3, 4), as_hex(4, 5)
    ]
    assert colours[6] in CATEGORIES
    project.clear()


@pytest.mark.parametrize(("source", "words", "number"), [
    (with_categories, "category", 1), (with_attributes, "attribute", 2), (with_style_file, "style", 3),
])
def test_every_source_serves_alone(cover, pam, source, words, number):  # noqa: ARG001
    source(cover, 6)
    names, colours = legend_of(cover)
    assert names == {code: f"{words} {code}" for code in CODES}
    assert colours == {code: as_hex(number, code) for code in CODES}


def test_names_of_a_layer_styled_in_the_project(cover):
    layer, context, project = in_project(cover, 6)
    names, colours = legend_of(layer, context=context)
    assert names == {code: f"project {code}" for code in CODES}
    assert colours == {code: as_hex(4, code) for code in CODES}
    project.clear()


def test_names_and_colours_reach_the_results(cover, tmp_path):
    with_style_file(cover, 3)
    later = write_raster(tmp_path / "cover_2010.tif", np.arange(1, 7).reshape(2, 3)[::-1], kind="uint8")
    paths = destinations(TOOL, tmp_path / "out")
    run(TOOL, {"INPUT": [cover, later], "CLASS_NAMES": "1=耕地; 9=None", **paths})
    assert {int(row["class"]): row["label"] for row in table(paths["AREAS"])} == {
        1: "耕地", 2: "style 2", 3: "style 3", 4: "4", 5: "5", 6: "6"
    }
    map_of_changes = QgsRasterLayer(paths["CHANGE"], "again")
    assert "耕地 to 4" in [entry.label for entry in map_of_changes.renderer().classes()]
    node = figures(paths["SANKEY"])[0]["data"][0]["node"]
    shown = {text.split(" 20")[0].rstrip(","): drawn for text, drawn in zip(node["customdata"], node["color"])}
    assert {name: shown[name] for name in ("耕地", "style 2", "style 3")} == {
        "耕地": as_hex(3, 1), "style 2": as_hex(3, 2), "style 3": as_hex(3, 3)
    }


# Classes without a name or a colour -----------------------------------------------------------------------------------


def test_classes_without_a_name_keep_their_number_and_are_listed(cover):
    said = Feedback()
    names, _ = legend_of(cover, said, codes=[12, 2, 1], CLASS_NAMES="2=Forest;7=Sea")
    assert names == {1: "1", 2: "Forest", 12: "12"}
    assert said.infos[-2:] == [
        "Classes: 2 Forest", "Classes without a name, shown by their number: 1, 12. ⟨CLASS_NAMES⟩ can name them.",
    ]
    said = Feedback()
    legend_of(cover, said, codes=[2], CLASS_NAMES="2=Forest")
    assert "without a name" not in said.log


def test_classes_without_a_colour_get_colours_that_no_other_class_has(cover):
    layer = QgsRasterLayer(cover, "styled")
    taken = [QgsPalettedRasterRenderer.Class(code, QColor(CATEGORIES[code]), f"class {code}") for code in (3, 4)]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, taken))
    layer.saveNamedStyle(cover.replace(".tif", ".qml"))
    _, colours = legend_of(cover, codes=range(1, 21))
    assert (colours[3], colours[4]) == (CATEGORIES[3], CATEGORIES[4])
    assert len(set(colours.values())) == len(colours) == 20


@pytest.mark.parametrize("taken", [10, 31])
def test_every_class_has_a_colour_where_there_are_more_than_the_palette_has(cover, taken):
    layer, palette = QgsRasterLayer(cover, "styled"), categorical(31)
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, [
        QgsPalettedRasterRenderer.Class(code, QColor(palette[code]), f"class {code}") for code in range(taken)
    ]))
    layer.saveNamedStyle(cover.replace(".tif", ".qml"))
    _, colours = legend_of(cover, codes=range(100))
    assert sorted(colours) == list(range(100))
    others = {colours[code] for code in range(taken, 100)}
    # Black is taken for a colour that nobody set.
    assert taken == 31 or others.isdisjoint(set(palette[:taken]) - {"#000000"})


# Class names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("names", "words"), [
    ("1=Cropland;Forest", "(CLASS_NAMES) is not of the form number=name"),
    ("1=Cropland;1=Forest", "Class 1 is named twice"),
])
@pytest.mark.parametrize("tool", [TOOL, "nep:landcoverstatistics"])
def test_class_names_that_cannot_be_read_are_refused_before_the_run(tool, names, words):
    # In a model the rasters may not exist yet.
    given = {"INPUT": ["of a later step"], "LANDCOVER": ["of a later step"], "CLASS_NAMES": names}
    fits, message = algorithm(tool).checkParameterValues(given, QgsProcessingContext())
    assert not fits and words in message and message.endswith(".")


def test_class_names_that_cannot_be_read_stop_a_run_and_leave_nothing(cover, tmp_path):
    with pytest.raises(QgsProcessingException, match="'Forest' in '.+' .CLASS_NAMES. is not"):
        run(TOOL, {"INPUT": [cover], "CLASS_NAMES": "Forest", **destinations(TOOL, tmp_path / "out")})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("tool", "cover", "result"), [
    ("nep:landcovereffect", "LANDCOVER", "TABLE"), ("nep:intensityanalysis", "INPUT", "INTERVALS"),
    ("nep:scenario", "INPUT", "AREAS"),
])
def test_a_quantity_in_whole_numbers_is_no_land_cover(tool, cover, result, tmp_path):
    """256 numbers are classes, one more is none, in any tool that goes through each two of them."""
    years = (2001, 2002)
    values = write_raster(tmp_path / "nep.tif", np.ones((2, 20, 20)), descriptions=years)
    for most in (256, 257):
        heights = np.stack([np.arange(400).reshape(20, 20) % most - 7] * 2)
        layers = [write_raster(tmp_path / f"dem_{most}.tif", heights, kind="int16", descriptions=years)]
        given = {"INPUT": [values], cover: layers, result: str(tmp_path / f"{most}.csv")}
        if most == 256:
            run(tool, given)
            assert table(given[result])
            continue
        with pytest.raises(QgsProcessingException, match="'dem_257' holds 257 different numbers, from -7 to 249:"):
            run(tool, given)
        assert not (tmp_path / "257.csv").exists()
