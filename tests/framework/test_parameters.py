"""Values as users, models and scripts give them."""

from __future__ import annotations

import os

import pytest
from qgis.core import (
    NULL,
    QgsFeature,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsProperty,
    QgsVectorLayer,
)
from testkit.toy import call, toy

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.framework.parameters import Parameters

pytestmark = pytest.mark.usefixtures("qgis_app")


def given(values: dict, context=None) -> Parameters:
    tool = toy()
    tool.initAlgorithm()
    parameters = Parameters(tool, values, context or QgsProcessingContext())
    parameters.kept = tool
    return parameters


@pytest.mark.parametrize("value", [None, "", NULL, QgsProperty.fromExpression("NULL")])
def test_an_optional_number_that_is_not_given(value):
    assert given({"NUMBER": value}).number("NUMBER") is None
    assert given({}).number("NUMBER") is None


@pytest.mark.parametrize("value", [0, 0.0, "0", QgsProperty.fromExpression("1 - 1"), QgsProperty.fromValue(0)])
def test_zero_is_a_number(value):
    number = given({"NUMBER": value}).number("NUMBER")
    assert number == 0 and isinstance(number, float)


@pytest.mark.parametrize(("value", "number"), [(None, 3.0), ("", 3.0), (2, 2.0), ("2.5", 2.5)])
def test_a_number_with_a_default(value, number):
    assert given({"LIMIT": value}).number("LIMIT") == number
    assert given({}).number("LIMIT") == 3.0


@pytest.mark.parametrize(("value", "was_given"), [
    (3.0, True), (0, True), ("5", True), (None, False), ("", False), (NULL, False),
    (QgsProperty.fromValue(0), True), (QgsProperty.fromExpression("NULL"), False),
])
def test_a_default_is_not_given(value, was_given):
    assert given({"LIMIT": value}).given("LIMIT") is was_given
    assert not given({}).given("LIMIT")


@pytest.mark.parametrize(("value", "fits"), [
    ("x", False), ("1,5", False), ("nan", False), ("inf", False), ("1_0", False), ("2 3", False), ("", True),
    (None, True),
    ("1e3", True), (" 2 ", True), ("-0.5", True), (0, True), (QgsProperty.fromExpression("'x'"), True),
])
def test_a_text_that_is_no_number_is_refused(value, fits):
    """QGIS takes it for 0, or for the default."""
    if fits:
        given({"NUMBER": value}).require_numbers()
    else:
        with pytest.raises(InvalidParameter, match=f"⟨NUMBER⟩ is '{value}', and a number is wanted"):
            given({"NUMBER": value}).require_numbers()


def test_other_kinds_of_values():
    parameters = given({"YEARS": "2001-2003", "CHOICE": "2", "FIELDS": "a;b", "THREADS": "4"})
    assert parameters.text("YEARS") == "2001-2003"
    assert parameters.choice("CHOICE") == 2
    assert parameters.fields("FIELDS") == ["a", "b"]
    assert parameters.integer("THREADS") == 4
    assert parameters.label("YEARS") == "Years, if names do not say them"
    empty = given({"YEARS": None})
    assert empty.text("YEARS") == "" and empty.choice("CHOICE") == 1 and empty.fields("FIELDS") == []
    assert given({"FIELDS": ["a", "b"]}).fields("FIELDS") == ["a", "b"]
    assert empty.integer("NUMBER") is None and empty.integer("NUMBER", empty=7) == 7
    assert given({"NUMBER": "2"}).integer("NUMBER", empty=7) == 2


@pytest.mark.parametrize(("written", "plain"), [
    ({"CHOICE": "2", "THREADS": "4", "NUMBER": "2.5", "YEARS": "2001"},
     {"CHOICE": 2, "THREADS": 4, "NUMBER": 2.5, "YEARS": "2001"}),
    ({"CHOICE": 2, "THREADS": 4.0, "NUMBER": None, "YEARS": None},
     {"CHOICE": 2, "THREADS": 4, "NUMBER": None, "YEARS": ""}),
])
def test_a_value_is_alike_whatever_way_it_was_given(written, plain):
    parameters = given(written)
    found = {name: parameters.value(name) for name in plain}
    assert found == plain and [type(each) for each in found.values()] == [type(each) for each in plain.values()]


def test_the_raw_value_and_its_default():
    assert given({"LIMIT": 5}).raw("LIMIT") == 5
    assert given({}).raw("LIMIT") == 3.0
    assert given({}).raw("NUMBER") is None


@pytest.mark.parametrize(
    ("value", "destination"),
    [("/a/b.tif", "/a/b.tif"), (QgsProcessingOutputLayerDefinition("/a/b.tif"), "/a/b.tif"),
     (QgsProperty.fromValue("/a/b.tif"), "/a/b.tif"), (QgsProperty.fromExpression("'/a/' || 'b.tif'"), "/a/b.tif"),
     ("TEMPORARY_OUTPUT", "TEMPORARY_OUTPUT"), (QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT"),
                                                "TEMPORARY_OUTPUT")],
)
def test_results_asked_for(value, destination):
    parameters = given({"MAP": value})
    assert parameters.destination("MAP") == destination
    assert parameters.is_requested("MAP")


@pytest.mark.parametrize(
    "value",
    [None, "", NULL, QgsProcessingOutputLayerDefinition(), QgsProcessingOutputLayerDefinition(""), QgsProperty(),
     QgsProperty.fromValue(""), QgsProperty.fromExpression("NULL")],
)
@pytest.mark.parametrize("name", ["MAP", "TABLE"])
def test_results_not_asked_for(raster, value, name):
    assert given({name: value}).destination(name) == ""
    assert not given({name: value}).is_requested(name) and not given({}).is_requested(name)
    assert call(toy(), {"INPUT": [raster], name: value}) == {}


def test_files_of_results(tmp_path):
    parameters = given({"MAP": str(tmp_path / "a.tif"), "PAGE": "TEMPORARY_OUTPUT"})
    assert parameters.output_layer("MAP") == str(tmp_path / "a.tif")
    assert os.path.isabs(parameters.output_file("PAGE")) and parameters.output_file("PAGE").endswith(".html")
    assert parameters.output_format("MAP").upper() in ("", "GTIFF")


def test_the_encoding_of_a_table(tmp_path):
    definition = QgsProcessingOutputLayerDefinition(str(tmp_path / "t.csv"))
    definition.createOptions = {"fileEncoding": "GBK"}
    assert given({"TABLE": definition}).creation_options("TABLE") == {"fileEncoding": "GBK"}
    assert given({"TABLE": "t.csv"}).creation_options("TABLE") == {}
    call(toy(rows=[(1, "汉字")]), {"TABLE": definition})
    assert "汉字" in (tmp_path / "t.csv").read_text(encoding="gbk")


def test_the_layer_behind_a_source():
    context, project = QgsProcessingContext(), QgsProject()
    context.setProject(project)
    layer = QgsVectorLayer("NoGeometry?field=code:integer", "mine", "memory")
    layer.dataProvider().addFeatures([QgsFeature(layer.fields())])
    project.addMapLayer(layer)
    for value in (
        layer, "mine", layer.id(), QgsProcessingFeatureSourceDefinition(layer.id(), True),
        QgsProperty.fromValue(layer.id()), QgsProperty.fromExpression("'mi' || 'ne'"),
    ):
        assert given({"FEATURES": value}, context).vector_layer("FEATURES").id() == layer.id()
    assert given({"FEATURES": layer}, context).source("FEATURES").featureCount() == 1
    for missing in (None, "no such layer"):
        assert given({"FEATURES": missing}, context).vector_layer("FEATURES") is None
        assert given({"FEATURES": missing}, context).source("FEATURES") is None
    project.clear()
