"""Tables are headed for a reader, and their numbers rounded on the screen alone."""

from __future__ import annotations

import pytest
from qgis.core import QgsApplication, QgsFeature, QgsSingleSymbolRenderer, QgsSymbol, QgsVectorLayer

from nep_toolbox.styling import tables
from nep_toolbox.styling.tables import decimals, show, style_table

pytestmark = pytest.mark.usefixtures("qgis_app")


def filled(fields: str, *rows, geometry="NoGeometry") -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{geometry}?{fields}", "table", "memory")
    features = []
    for row in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(row))
        features.append(feature)
    assert layer.dataProvider().addFeatures(features)[0]
    return layer


def shown(layer, column: str) -> list:
    """What the table of attributes shows."""
    place = layer.fields().lookupField(column)
    setup = layer.editorWidgetSetup(place)
    formatter = QgsApplication.fieldFormatterRegistry().fieldFormatter(setup.type())
    return [
        formatter.representValue(layer, place, setup.config(), None, feature[column]) for feature in layer.getFeatures()
    ]


NUMBERS = "field=region:string&field=mean:double&field=total:double&field=p:double&field=new_column:integer"


@pytest.mark.parametrize(
    ("unit", "headings"),
    [
        ("gC m-2 yr-1", ["Region", "Mean (gC m-2 yr-1)", "Total (gC m-2 yr-1 × m²)", "p", "New column"]),
        ("", ["Region", "Mean", "Total (value × m²)", "p", "New column"]),
    ],
)
def test_headings_with_the_unit(unit, headings):
    layer = filled(NUMBERS)
    style_table(layer, unit)
    assert [layer.attributeDisplayName(place) for place in range(5)] == headings
    assert [field.name() for field in layer.fields()] == ["region", "mean", "total", "p", "new_column"]


def test_a_slope_without_a_unit_is_per_year():
    layer = filled("field=slope:double&field=sen_slope:double")
    style_table(layer)
    assert [layer.attributeAlias(place) for place in (0, 1)] == [
        "Least-squares slope (per year)", "Theil-Sen slope (per year)",
    ]


def test_a_tool_may_head_a_column_otherwise():
    layer = filled(NUMBERS)
    style_table(layer, "mm", {"p": "p of r"})
    assert layer.attributeDisplayName(3) == "p of r" and layer.attributeDisplayName(1) == "Mean (mm)"


def test_six_digits_of_the_largest_number_are_shown_and_all_are_kept():
    rows = [("a", 52.13611975930315, 2227452274765.0146, 1e-12, 1), ("b", -7.5, None, 0.0010496400001, 2)]
    layer = filled(NUMBERS, *rows)
    style_table(layer)
    assert shown(layer, "mean") == ["52.1361", "-7.5000"]
    assert [text.replace(",", "") for text in shown(layer, "total")] == ["2227452274765", "NULL"]
    assert shown(layer, "p") == ["0.00000000", "0.00104964"]
    assert [feature["mean"] for feature in layer.getFeatures()] == [52.13611975930315, -7.5]
    assert layer.editorWidgetSetup(4).type() == ""  # whole numbers are shown as they are


@pytest.mark.parametrize(
    ("values", "places"),
    [((1.0,), 5), ((999999.5,), 0), ((1e12, 1.0), 0), ((-0.012,), 7), ((0.0,), 0), ((), 0), ((1e-300,), 10)],
)
def test_decimals(values, places):
    assert decimals(filled("field=mean:double", *((value,) for value in values)), 0) == places


def test_columns_are_wide_enough_for_their_heading():
    layer = filled(NUMBERS)
    style_table(layer, "gC m-2 yr-1")
    columns = {column.name: column.width for column in layer.attributeTableConfig().columns()}
    assert columns["region"] == 100 and columns["total"] > 200


def test_columns_of_text_are_wide_enough_for_it():
    layer = filled("field=region:string&field=note:string&field=year:integer", ("n" * 30, "n" * 200, 2001))
    style_table(layer)
    widths = {column.name: column.width for column in layer.attributeTableConfig().columns()}
    assert (widths["region"], widths["note"], widths["year"]) == (264, 400, 100)


@pytest.mark.parametrize(("geometry", "drawn"), [("NoGeometry", 0), ("Point", 1)])
def test_only_features_with_a_geometry_are_drawn(geometry, drawn):
    layer, styled = filled("field=year:integer", geometry=geometry), []
    show(layer, style=styled.append)
    assert len(styled) == drawn
    assert layer.attributeDisplayName(0) == "Year"


def test_headings_are_in_the_style_of_a_file(tmp_path):
    layer = filled("field=distance_km:double", (1.23456789,), geometry="Point")
    show(layer, style=lambda it: it.setRenderer(QgsSingleSymbolRenderer(QgsSymbol.defaultSymbol(it.geometryType()))))
    layer.saveNamedStyle(str(tmp_path / "style.qml"))
    other = filled("field=distance_km:double", (1.23456789,), geometry="Point")
    other.loadNamedStyle(str(tmp_path / "style.qml"))
    assert other.attributeDisplayName(0) == "Distance (km)"
    assert shown(other, "distance_km") == ["1.23457"]


def test_the_values_of_a_long_table_are_not_looked_at(monkeypatch):
    layer = filled("field=name:string&field=mean:double", ("a" * 100, 0.000123), ("b", 0.5))
    monkeypatch.setattr(tables, "MOST_ROWS", 1)
    monkeypatch.setattr(QgsVectorLayer, "uniqueValues", None)
    monkeypatch.setattr(QgsVectorLayer, "maximumValue", None)
    style_table(layer)
    assert shown(layer, "mean") == ["0.000123", "0.500000"]
    assert layer.attributeAlias(1) == "Mean"
