"""Features of a migration are coloured by periods."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsExpression,
    QgsExpressionContext,
    QgsFeature,
    QgsGeometry,
    QgsMarkerLineSymbolLayer,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsVectorLayer,
)

from nep_toolbox.styling.vectors import by_period, style_centres, style_ellipses, style_mean_centres, style_path

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


def point(colour: str, region: bool = False) -> QgsMarkerSymbol:  # noqa: ARG001
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
    assert (settings.fieldName, settings.isExpression, settings.dist) == ("year", False, 1.0)
    assert settings.format().buffer().enabled()
    assert not settings.displayAll, "labels must give way to each other"


def in_regions(geometry="Point", field="year") -> QgsVectorLayer:
    """Five years of the whole raster and of two regions, a step of 300 m and of 600 m a year."""
    layer = QgsVectorLayer(
        f"{geometry}?crs=EPSG:32650&field={field}:integer&field=region:string", "features", "memory"
    )
    for place, name in enumerate(("all", "one", "two")):
        for year in range(2001, 2006):
            feature = QgsFeature(layer.fields())
            feature[field], feature["region"] = year, name
            if geometry == "Point":
                feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(5e5 + 150 * 2**place * (year - 2001), 4e6)))
            assert layer.dataProvider().addFeatures([feature])
    return layer


def context_of(layer, feature) -> QgsExpressionContext:
    context = layer.createExpressionContext()
    context.setFeature(feature)
    return context


def labelled(layer, scale: float) -> dict:
    """Years that have a label at a scale, and their priority, by region."""
    settings = layer.labeling().settings()
    priority = settings.dataDefinedProperties().property(QgsPalLayerSettings.Property.Priority)
    found: dict = {}
    for feature in layer.getFeatures():
        context = context_of(layer, feature)
        context.lastScope().setVariable("map_scale", scale)
        label = QgsExpression(settings.fieldName).evaluate(context)
        if label is not None and str(label) != "NULL":
            value, _valid = priority.value(context)
            found.setdefault(feature["region"], []).append((label, value))
    return found


def test_many_regions_have_the_ends_of_their_paths_labelled_until_there_is_room():
    layer = in_regions()
    style_centres(layer)
    ends = [(2001, 10), (2005, 10)]
    # The middle one of the paths is 1200 m long: 60 mm at 1 : 20,000.
    assert labelled(layer, 20_001) == {"all": ends, "one": ends, "two": ends}
    full = [(2001, 10), (2002, 2), (2003, 2), (2004, 2), (2005, 10)]
    assert labelled(layer, 19_999) == {"all": full, "one": full, "two": full}


@pytest.mark.parametrize(
    ("style", "geometry", "field", "size"),
    [(style_centres, "Point", "year", "size"), (style_path, "LineString", "to_year", "line_width"),
     (style_ellipses, "Polygon", "year", "outline_width")],
)
def test_the_whole_raster_is_told_from_regions(style, geometry, field, size):
    layer = in_regions(geometry, field)
    style(layer)
    root = layer.renderer().rootRule()
    whole, regions = root.children()
    assert [(each.label(), each.filterExpression()) for each in (whole, regions)] == [
        ("Whole raster", "\"region\" = 'all'"), ("Regions", "\"region\" <> 'all'")
    ]
    sizes = []
    for group in (whole, regions):
        children = group.children()
        assert [child.label() for child in children] == ["2001", "2002", "2003", "2004", "2005"]
        sizes.append(float(children[0].symbol().symbolLayer(0).properties()[size]))
        for child, year in zip(children, range(2001, 2006)):
            expression = QgsExpression(child.filterExpression())
            inside = {each[field] for each in layer.getFeatures() if expression.evaluate(context_of(layer, each))}
            assert inside == {year}
    assert sizes[0] > 1.4 * sizes[1]


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


def test_mean_centres_are_joined_with_the_geometric_ones():
    fields = "&".join(f"field={name}:double" for name in ("offset_km", "geometric_x", "geometric_y"))
    layer = QgsVectorLayer(f"Point?crs=EPSG:32650&{fields}", "means", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes([5.04, 3000.0, 4000.0])
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(0, 0)))
    assert layer.dataProvider().addFeatures([feature])[0]
    style_mean_centres(layer)
    line, cross, star = layer.renderer().symbol().symbolLayers()
    context = QgsExpressionContext()
    context.setFeature(feature)

    def evaluated(text: str):
        expression = QgsExpression(text)
        assert not expression.hasParserError(), text
        return expression.evaluate(context)

    drawn = evaluated(line.geometryExpression())
    assert drawn.length() == 5000 and drawn.asPolyline()[0] == QgsPointXY(3000, 4000)
    assert evaluated(cross.geometryExpression()).asPoint() == QgsPointXY(3000, 4000)
    assert star.properties()["name"] == "star"
    settings = layer.labeling().settings()
    assert settings.isExpression and evaluated(settings.fieldName) == "5.0 km"
