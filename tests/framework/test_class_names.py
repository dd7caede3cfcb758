"""Where the names of classes come from."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsPalettedRasterRenderer, QgsRasterLayer
from qgis.PyQt.QtGui import QColor
from testkit.rasters import write_layer

from nep_toolbox.framework.class_names import class_legend, distinct_names

pytestmark = pytest.mark.usefixtures("qgis_app")


def categories(layer, names: list) -> None:
    dataset = gdal.Open(layer.path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetCategoryNames(names)


def attributes(layer, names: dict) -> None:
    table = gdal.RasterAttributeTable()
    table.CreateColumn("value", gdal.GFT_Integer, gdal.GFU_MinMax)
    table.CreateColumn("name", gdal.GFT_String, gdal.GFU_Name)
    for row, (code, name) in enumerate(names.items()):
        table.SetValueAsInt(row, 0, code)
        table.SetValueAsString(row, 1, name)
    dataset = gdal.Open(layer.path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetDefaultRAT(table)


def styled(layer, entries: dict) -> QgsRasterLayer:
    """A layer of a project with classes as its style."""
    loaded = QgsRasterLayer(layer.path, layer.name)
    classes = [QgsPalettedRasterRenderer.Class(code, QColor("#123456"), name) for code, name in entries.items()]
    loaded.setRenderer(QgsPalettedRasterRenderer(loaded.dataProvider(), 1, classes))
    return loaded


def style_file(layer, entries: dict) -> None:
    styled(layer, entries).saveNamedStyle(layer.path.replace(".tif", ".qml"))


@pytest.fixture
def make(tmp_path):
    """A raster of classes under a name."""
    with_pam = gdal.GetConfigOption("GDAL_PAM_ENABLED")
    gdal.SetConfigOption("GDAL_PAM_ENABLED", "YES")
    yield lambda name: write_layer(tmp_path / f"{name}.tif", np.array([[1, 2, 3, 4]]), kind="uint8")
    gdal.SetConfigOption("GDAL_PAM_ENABLED", with_pam)


def test_the_order_of_sources(make):
    """Each source names one class more than the one before it."""
    layer = make("cover")
    categories(layer, ["", "category"])
    attributes(layer, {1: "attribute", 2: "attribute"})
    style_file(layer, dict.fromkeys((1, 2, 3), "file"))
    legend = class_legend([layer], [styled(layer, dict.fromkeys((1, 2, 3, 4), "project"))])
    assert legend.names == {1: "category", 2: "attribute", 3: "file", 4: "project"}
    assert set(legend.colours) == {1, 2, 3, 4}


def test_of_several_rasters_the_first_by_name_wins_in_any_order(make):
    first, second = make("a"), make("b")
    categories(first, ["", "of a"])
    categories(second, ["", "of b", "of b"])
    for layers in ([first, second], [second, first]):
        loaded = [styled(layer, {3: f"style of {layer.name}"}) for layer in layers]
        assert class_legend(layers, loaded).names == {1: "of a", 2: "of b", 3: "style of a"}


def test_a_better_source_of_a_later_raster_goes_before_a_style(make):
    first, second = make("a"), make("b")
    categories(second, ["", "of b"])
    assert class_legend([first, second], [styled(first, {1: "style of a"})]).names == {1: "of b"}


def test_nothing_known(make):
    layer = make("plain")
    assert class_legend([layer], [QgsRasterLayer(layer.path)]) == ({}, {})


def test_names_that_two_codes_share():
    assert distinct_names({3: "wood", 1: "field", 2: "wood"}) == {"1": "field", "2": "wood (2)", "3": "wood (3)"}
    assert list(distinct_names({10: "b", 9: "a"})) == ["9", "10"]
    assert distinct_names({}) == {}
