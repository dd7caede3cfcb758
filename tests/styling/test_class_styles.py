"""Classes read from styles, and the shades of a map of changes."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsColorRampShader,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor
from testkit.rasters import write_raster

from nep_toolbox.colours import channels
from nep_toolbox.styling.class_styles import change_classes, renderer_legend, style_file_legend
from nep_toolbox.styling.layers import write_style
from nep_toolbox.styling.styles import Classes, Ramp

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.fixture
def layer(tmp_path) -> QgsRasterLayer:
    layer = QgsRasterLayer(write_raster(tmp_path / "cover.tif", np.ones((4, 5))), "cover", "gdal")
    assert layer.isValid()
    return layer


def paletted(layer, *entries) -> QgsPalettedRasterRenderer:
    classes = [QgsPalettedRasterRenderer.Class(value, QColor(colour), label) for value, colour, label in entries]
    return QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes)


def pseudocolour(layer, kind, *entries) -> QgsSingleBandPseudoColorRenderer:
    function = QgsColorRampShader(0, 9)
    function.setColorRampType(kind)
    function.setColorRampItemList([
        QgsColorRampShader.ColorRampItem(value, QColor(colour), label) for value, colour, label in entries
    ])
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(function)
    return QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)


# Classes of a style ---------------------------------------------------------------------------------------------------


def test_names_and_colours_of_a_paletted_style(layer):
    legend = renderer_legend(paletted(layer, (2, "#27773c", " Forest "), (1, "#f6e196", "Cropland")))
    assert legend.names == {1: "Cropland", 2: "Forest"}
    assert legend.colours == {1: "#f6e196", 2: "#27773c"}


@pytest.mark.parametrize("label", ["", "  ", "3", " 3 ", "3.0"])
def test_a_label_that_only_repeats_the_number_is_no_name(layer, label):
    exact = pseudocolour(layer, QgsColorRampShader.Type.Exact, (3, "#27773c", label))
    for renderer in (exact, paletted(layer, (3, "#27773c", label))):
        assert renderer_legend(renderer) == ({}, {3: "#27773c"})


def test_a_label_with_more_than_the_number_is_a_name(layer):
    assert renderer_legend(paletted(layer, (3, "#27773c", "3 Shrub"))).names == {3: "3 Shrub"}


def test_black_is_no_colour(layer):
    legend = renderer_legend(paletted(layer, (1, "#000000", "Cropland"), (2, "#000001", "Forest")))
    assert legend.names == {1: "Cropland", 2: "Forest"}
    assert legend.colours == {2: "#000001"}


def test_exact_values_of_a_pseudocolour_style_are_classes(layer):
    entries = (1, "#f6e196", "Cropland"), (2.5, "#123456", "between"), (4, "#27773c", "Forest")
    legend = renderer_legend(pseudocolour(layer, QgsColorRampShader.Type.Exact, *entries))
    assert legend.names == {1: "Cropland", 4: "Forest"}
    assert legend.colours == {1: "#f6e196", 4: "#27773c"}


def test_a_continuous_style_has_no_classes(layer):
    entries = (1, "#f6e196", "low"), (4, "#27773c", "high")
    for kind in (QgsColorRampShader.Type.Interpolated, QgsColorRampShader.Type.Discrete):
        assert renderer_legend(pseudocolour(layer, kind, *entries)) == ({}, {})
    assert renderer_legend(layer.renderer()) == ({}, {})
    assert renderer_legend(None) == ({}, {})
    assert renderer_legend(QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, None)) == ({}, {})


def test_the_style_file_beside_a_raster(layer):
    path = layer.source()
    assert style_file_legend(path) == ({}, {})
    write_style(path, Classes(((1, "Cropland", "#f6e196"), (2, "Forest", "#27773c"))), [], [])
    assert style_file_legend(path) == ({1: "Cropland", 2: "Forest"}, {1: "#f6e196", 2: "#27773c"})
    write_style(path, Ramp(("#000001", "#ffffff")), [0.0, 9.0], [])
    assert style_file_legend(path) == ({}, {})


def test_a_style_file_that_cannot_be_read_has_no_classes(tmp_path):
    path = write_raster(tmp_path / "cover.tif", np.ones((4, 5)), kind="uint8")
    dataset, table = gdal.Open(path, gdal.GA_Update), gdal.ColorTable()
    table.SetColorEntry(1, (39, 119, 60, 255))
    dataset.GetRasterBand(1).SetColorTable(table)
    dataset = None
    layer = QgsRasterLayer(path, "cover", "gdal")
    assert renderer_legend(layer.renderer()).colours[1] == "#27773c"
    (tmp_path / "cover.qml").write_text("no style", encoding="utf-8")
    # The colour table is none of the style file's classes.
    assert style_file_legend(path) == ({}, {})


# A map of changes -----------------------------------------------------------------------------------------------------

# Worked out by hand: each channel moved towards white or black by the share, rounded.
SHADES = {
    # dark: as it is, 0.35 towards white, 0.5 towards black, 0.5 towards white, 0.25 towards black; then from the start
    "#204060": ["#204060", "#6e8398", "#102030", "#90a0b0", "#183048", "#204060", "#6e8398"],
    # light: as it is, 0.35 towards black, 0.35 towards white, 0.6 towards black, 0.18 towards black
    "#80c080": ["#80c080", "#537d53", "#acd6ac", "#334d33", "#699d69", "#80c080", "#537d53"],
    # red, green and blue add up to 300: the first of the light ones; to 299: the last of the dark ones
    "#646464": ["#646464", "#414141"],
    "#646463": ["#646463", "#9a9a9a"],
    # white is lost on white: darkened to 0.7 of its lightness first
    "#ffffff": ["#b2b2b2", "#747474"],
}


@pytest.mark.parametrize("colour", SHADES)
def test_changes_to_a_class_are_shades_of_its_colour(colour):
    sources = range(1, len(SHADES[colour]) + 1)
    areas = {(before, 9): 100.0 - before for before in sources}
    classes, left_out = change_classes(areas, {code: f"c{code}" for code in (*sources, 9)}, {9: colour})
    assert [entry[2] for entry in classes.entries] == SHADES[colour]
    assert [entry[1] for entry in classes.entries] == [f"c{before} to c9" for before in sources]
    assert left_out == []


def test_the_largest_changes_come_first_and_unchanged_classes_last_and_pale():
    labels, colours = {1: "Crop", 2: "Wood", 3: "Lake"}, {1: "#80c080", 2: "#204060", 3: "#646464"}
    areas = {(1, 1): 900.0, (3, 1): 5.0, (3, 2): 7.0, (2, 1): 6.0, (2, 2): 950.0, (1, 2): 5.0, (3, 3): 1.0}
    classes, left_out = change_classes(areas, labels, colours)
    assert classes.entries == (
        (3002, "Lake to Wood", "#204060"),
        (2001, "Wood to Crop", "#80c080"),
        (1002, "Crop to Wood", "#6e8398"),  # of two changes of one area the lower codes first
        (3001, "Lake to Crop", "#537d53"),
        # 0.65 towards white
        (2002, "Wood, unchanged", "#b1bcc7"),
        (1001, "Crop, unchanged", "#d3e9d3"),
        (3003, "Lake, unchanged", "#c9c9c9"),
    )
    assert left_out == []


def test_the_rarest_are_left_out_of_the_legend():
    codes = range(1, 23)
    labels, colours = {code: f"c{code}" for code in codes}, dict.fromkeys(codes, "#204060")
    changes = [(1, after) for after in codes if after != 1] + [(2, after) for after in codes if after != 2]
    areas = {pair: 1000.0 - place for place, pair in enumerate(changes)}
    areas.update({(code, code): 100.0 - code for code in codes})
    classes, left_out = change_classes(areas, labels, colours)
    named = [divmod(entry[0], 1000) for entry in classes.entries]
    assert (len(changes), len(named)) == (42, 60)
    assert named[:40] == changes[:40]
    assert named[40:] == [(code, code) for code in range(1, 21)]
    assert left_out == [*changes[40:], (21, 21), (22, 22)]


def test_no_transition_at_all():
    assert change_classes({}, {}, {}) == (Classes(()), [])


@pytest.mark.parametrize("colour", ["#f6e196", "#ffffcc", "#ffffff", "#204060"])
def test_unchanged_classes_look_neither_like_changes_nor_like_missing_cells(colour):
    areas = {(1, 1): 9.0, **{(other, 1): 1.0 for other in range(2, 8)}}
    classes, _left_out = change_classes(areas, dict.fromkeys(range(1, 8), "Any"), dict.fromkeys(range(1, 8), colour))
    *changes, pale = (channels(shade) for _code, _label, shade in classes.entries)
    assert len(changes) == 6
    assert min(pale) < 232  # of white 255
    for shade in changes:
        assert max(abs(one - other) for one, other in zip(shade, pale)) > 20
