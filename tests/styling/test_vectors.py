"""Features of a migration are coloured by periods."""

from __future__ import annotations

import pytest
from qgis.core import QgsFeature, QgsMarkerLineSymbolLayer, QgsMarkerSymbol, QgsVectorLayer

from nep_toolbox.styling.vectors import by_period, style_centres, style_ellipses, style_path

pytestmark = pytest.mark.usefixtures("qgis_app")

# From early to late, the last dark enough for a line on white.
FIRST, SECOND, MIDDLE, FOURTH, LAST = "#440154", "#3b528b", "#21918c", "#5ec962", "#d9c01b"


def features(years, geometry="Point", field="year") -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{geometry}?crs=EPSG:32650&field={field}:integer", "features", "memory")
    for year in years:
        feature = QgsFeature(layer.fields())
        feature[field] = year
        assert layer.dataProvider().addFeatures([feature])
    return layer


def point(colour: str) -> QgsMarkerSymbol:
    return QgsMarkerSymbol.createSimple({"color": colour})


def periods(layer) -> list:
    """Label, colour, lower and upper end of each period."""
    return [
        (each.label(), each.symbol().color().name(), each.lowerValue(), each.upperValue())
        for each in layer.renderer().ranges()
    ]


def test_twenty_years_are_five_periods():
    layer = features(reversed(range(2001, 2021)))
    by_period(layer, "year", point)
    assert layer.renderer().type() == "graduatedSymbol"
    assert layer.renderer().classAttribute() == "year"
    assert periods(layer) == [
        ("2001 - 2004", FIRST, 2000.5, 2004.5), ("2005 - 2008", SECOND, 2004.5, 2008.5),
        ("2009 - 2012", MIDDLE, 2008.5, 2012.5), ("2013 - 2016", FOURTH, 2012.5, 2016.5),
        ("2017 - 2020", LAST, 2016.5, 2020.5),
    ]


def test_years_that_do_not_divide_evenly():
    layer = features(range(2001, 2008))
    by_period(layer, "year", point)
    assert [label for label, *_ in periods(layer)] == ["2001", "2002 - 2003", "2004", "2005 - 2006", "2007"]


@pytest.mark.parametrize(("years", "expected"), [
    ([2007], [("2007", FIRST, 2006.5, 2007.5)]),
    ([2007, 2007, 2007], [("2007", FIRST, 2006.5, 2007.5)]),
    ([2001, 2010], [("2001", FIRST, 2000.5, 2009.5), ("2010", LAST, 2009.5, 2010.5)]),
    ([2001, 2002, 2003], [
        ("2001", FIRST, 2000.5, 2001.5), ("2002", MIDDLE, 2001.5, 2002.5), ("2003", LAST, 2002.5, 2003.5)]),
])
def test_few_years_run_from_the_first_colour_to_the_last(years, expected):
    layer = features(years)
    by_period(layer, "year", point)
    assert periods(layer) == expected


def test_a_period_with_a_gap_is_named_by_the_years_there_are():
    layer = features([2001, 2003, 2008, 2010, 2011, 2015, 2016, 2017, 2019, 2020])
    by_period(layer, "year", point)
    assert periods(layer)[:2] == [("2001 - 2003", FIRST, 2000.5, 2007.5), ("2008 - 2010", SECOND, 2007.5, 2010.5)]


def test_no_feature_leaves_the_layer_as_it_is():
    layer = features([])
    before = layer.renderer().type()
    by_period(layer, "year", point)
    assert layer.renderer().type() == before != "graduatedSymbol"


def test_centres_carry_their_year():
    layer = features([2001, 2002])
    style_centres(layer)
    assert [colour for _, colour, *_ in periods(layer)] == [FIRST, LAST]
    assert layer.labelsEnabled()
    settings = layer.labeling().settings()
    assert (settings.fieldName, settings.dist) == ("year", 1.0)
    assert settings.format().buffer().enabled()


def test_steps_have_an_arrow_in_their_middle():
    layer = features([2002, 2003], "LineString", "to_year")
    style_path(layer)
    assert layer.renderer().classAttribute() == "to_year"
    for period, colour in zip(layer.renderer().ranges(), (FIRST, LAST)):
        line, heads = period.symbol().symbolLayers()
        assert isinstance(heads, QgsMarkerLineSymbolLayer)
        assert heads.placement() == QgsMarkerLineSymbolLayer.Placement.CentralPoint
        assert line.color().name() == heads.subSymbol().color().name() == colour
        assert heads.subSymbol().symbolLayer(0).properties()["name"] == "filled_arrowhead"


def test_ellipses_are_outlines():
    layer = features([2001, 2002], "Polygon")
    style_ellipses(layer)
    for period, colour in zip(layer.renderer().ranges(), (FIRST, LAST)):
        shape = period.symbol().symbolLayer(0)
        assert (shape.strokeColor().name(), shape.properties()["style"]) == (colour, "no")
