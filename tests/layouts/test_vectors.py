"""Outlines, regions and centres: their symbols, classes and labels."""

from __future__ import annotations

import pytest
from qgis.core import QgsFeature, QgsGraduatedSymbolRenderer, QgsRenderContext, QgsVectorLayer

from nep_toolbox.layouts import vectors

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.fixture
def open_layer(folder):
    return lambda table: QgsVectorLayer(f"{folder}/vectors/study.gpkg|layername={table}", table, "ogr")


@pytest.mark.parametrize(("least", "most", "classes"), [
    (3, 3, [(3, 3)]),
    (8, 11, [(8, 8), (9, 9), (10, 10), (11, 11)]),
    (0, 9, [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]),
    (1, 12, [(1, 2), (3, 5), (6, 7), (8, 10), (11, 12)]),
])
def test_classes_of_counts(least, most, classes):
    assert vectors.count_classes(least, most) == classes


@pytest.mark.parametrize("most", range(1, 40))
def test_classes_of_counts_hold_each_number_once(most):
    classes = vectors.count_classes(0, most)
    assert [number for first, last in classes for number in range(first, last + 1)] == list(range(most + 1))
    assert len(classes) <= vectors.MOST_CLASSES


def test_every_region_has_a_class(open_layer):
    layer = open_layer("regions")
    vectors.style_counts(layer, "increases", vectors.count_classes(3, 10))
    context = QgsRenderContext()
    renderer = layer.renderer()
    renderer.startRender(context, layer.fields())
    try:
        found = [renderer.symbolForFeature(feature, context) for feature in layer.getFeatures()]
        assert None not in found and found[0].color() != found[1].color()
    finally:
        renderer.stopRender(context)
    assert [each.label() for each in renderer.ranges()] == ["3–4", "5", "6–7", "8", "9–10"]


def test_names_of_regions(open_layer):
    layer = open_layer("regions")
    vectors.style_regions(layer)
    assert not layer.labelsEnabled()
    vectors.style_regions(layer, "DejaVu Sans")
    settings = layer.labeling().settings()
    assert layer.labelsEnabled() and settings.fieldName == "region" and not settings.isExpression


def test_first_and_last_year_are_written(open_layer):
    layer = open_layer("centers")
    layer.setSubsetString("\"region\" = 'all'")
    vectors.style_centres(layer, "DejaVu Sans")
    assert isinstance(layer.renderer(), QgsGraduatedSymbolRenderer)
    settings = layer.labeling().settings()
    assert settings.isExpression
    expression = settings.getLabelExpression()
    context = layer.createExpressionContext()
    texts = []
    for feature in layer.getFeatures():
        context.setFeature(QgsFeature(feature))
        texts.append(expression.evaluate(context))
    assert texts == [2001, None, 2003]


def test_periods_are_written_as_printers_do():
    layer = QgsVectorLayer("Point?field=region:string&field=year:integer", "c", "memory")
    for year in range(2001, 2021):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(["all", year])
        layer.dataProvider().addFeatures([feature])
    vectors.style_centres(layer, "DejaVu Sans")
    assert [each.label() for each in layer.renderer().ranges()][0] == "2001–2004"


def test_the_geometric_centre_is_drawn_at_its_fields(open_layer):
    layer = open_layer("mean_centers")
    vectors.style_geometric_centre(layer)
    drawn = layer.renderer().symbol().symbolLayer(0)
    assert drawn.geometryExpression() == 'make_point("geometric_x", "geometric_y")'
    vectors.style_mean_centre(layer)
    assert layer.renderer().symbol().symbolLayer(0).properties()["name"] == "star"


def test_the_ground_has_no_line_and_the_outline_no_fill(open_layer):
    layer = open_layer("outline")
    vectors.style_ground(layer)
    assert layer.renderer().symbol().color().name() == vectors.NO_VALUE
    vectors.style_outline(layer)
    assert layer.renderer().symbol().symbolLayer(0).properties()["style"] == "no"
