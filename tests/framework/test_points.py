"""Points as users have them: other CRS, several parts, no place, doubled names, beyond the raster, clicked."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsVectorLayer,
)
from testkit.rasters import UTM, UTM_TRANSFORM, wkt_of
from testkit.tools import Feedback, algorithm

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.errors import Cancelled, InvalidParameter
from nep_toolbox.framework.log import Log
from nep_toolbox.framework.parameters import Parameters
from nep_toolbox.framework.points import GivenPoints
from nep_toolbox.qgis_compat import field
from nep_toolbox.raster.grid import Grid

pytestmark = pytest.mark.usefixtures("provider")

#: 30 m cells in UTM zone 50 north, the corner at (500000, 4000000).
GRID = Grid(wkt_of(UTM), UTM_TRANSFORM, 50, 40)


def points(*features, crs: str = "EPSG:32650", kind: str = "Point", column=None) -> QgsVectorLayer:
    """A layer from (name, WKT or None)."""
    layer = QgsVectorLayer(f"{kind}?crs={crs}" if crs else kind, "my points", "memory")
    if not crs:
        layer.setCrs(QgsCoordinateReferenceSystem())
    layer.dataProvider().addAttributes([column or field("site", "text")])
    layer.updateFields()
    for name, wkt in features:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([name])
        if wkt:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        assert layer.dataProvider().addFeatures([feature])[0]
    return layer


def found(grid: Grid = GRID, **given) -> tuple:
    """What a tool makes of these parameters, and what it says."""
    feedback, tool, context = Feedback(), algorithm("nep:pointseries"), QgsProcessingContext()
    context.setProject(QgsProject.instance())
    read = GivenPoints.read(Parameters(tool, given, context))
    return read.on_grid(grid, Log(feedback)), feedback.warnings


def at(col: float, row: float) -> str:
    """WKT of a point in cells."""
    return "Point ({} {})".format(*GRID.point_at(col, row))


def test_cells_by_hand():
    layer = points(("a", at(0.1, 0.1)), ("b", at(49.9, 39.9)), ("c", at(7.5, 3)), ("d", at(50, 1)), ("e", at(-0.01, 1)))
    places, warnings = found(POINTS=layer, POINT_FIELD="site")
    assert places.names == list("abcde")
    assert places.cells.tolist() == [0, 39 * 50 + 49, 3 * 50 + 7, -1, -1]
    assert (places.x[2], places.y[2]) == GRID.point_at(7.5, 3)
    assert warnings == []


def test_points_are_brought_into_the_crs_of_the_raster():
    there = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32650"), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance()
    )
    moved = there.transform(QgsPointXY(*GRID.point_at(20.5, 10.5)))
    places, _warnings = found(POINTS=points(("a", moved.asWkt()), crs="EPSG:4326"), POINT_FIELD="site")
    assert places.cells.tolist() == [10 * 50 + 20]
    assert (places.x[0], places.y[0]) == pytest.approx(GRID.point_at(20.5, 10.5), abs=1e-3)


def test_a_place_that_the_crs_does_not_have():
    places, _warnings = found(POINTS=points(("a", "Point (1e30 1e30)"), ("b", at(1, 1)), crs="EPSG:3857"))
    assert places.cells.tolist()[0] == -1 and len(places.names) == 2


def test_a_layer_without_crs_is_taken_for_that_of_the_raster():
    places, warnings = found(POINTS=points(("a", at(3, 4)), crs=""))
    assert places.cells.tolist() == [4 * 50 + 3]
    assert warnings == ["The layer of points has no CRS: its coordinates are taken for those of the raster."]


def test_every_part_of_a_multipoint_is_a_point():
    wkt = "MultiPoint (({} {}), ({} {}))".format(*GRID.point_at(1.5, 1.5), *GRID.point_at(2.5, 1.5))
    places, warnings = found(POINTS=points(("a", wkt), ("b", None), kind="MultiPoint"), POINT_FIELD="site")
    assert places.names == ["a", "a (2)"] and places.cells.tolist() == [51, 52]
    assert warnings == [
        "The layer of points has 1 feature without a place, left out.",
        "Several points are called 'a': all but the first have a number behind the name.",
    ]


def test_each_name_is_there_once():
    layer = points(*((name, at(1, 1)) for name in ("a", "a", "a (2)", "b", "a", None)))
    places, _warnings = found(POINTS=layer, POINT_FIELD="site")
    assert places.names == ["a", "a (3)", "a (2)", "b", "a (4)", "6"], "without a name by the number of the feature"


def test_names_that_are_numbers():
    layer = points((7.0, at(1, 1)), (1.5, at(1, 1)), column=field("site", "number"))
    assert found(POINTS=layer, POINT_FIELD="site")[0].names == ["7", "1.5"]
    assert found(POINTS=layer)[0].names == ["1", "2"]


def test_a_point_that_is_clicked():
    x, y = GRID.point_at(5.5, 6.5)
    places, _warnings = found(POINT=f"{x},{y} [EPSG:32650]")
    assert (places.names, places.cells.tolist()) == (["clicked"], [6 * 50 + 5])
    both, _warnings = found(POINTS=points(("a", at(1, 1))), POINT=f"{x},{y} [EPSG:32650]")
    assert both.names == ["1", "clicked"] and both.cells.tolist() == [51, 305]


def test_selected_features_alone():
    layer = points(("a", at(1, 1)), ("b", at(2, 2)))
    QgsProject.instance().addMapLayer(layer)
    try:
        layer.selectByIds([2])
        chosen = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
        assert found(POINTS=chosen, POINT_FIELD="site")[0].names == ["b"]
    finally:
        QgsProject.instance().removeMapLayer(layer.id())


@pytest.mark.parametrize(("given", "message"), [
    ({}, "No point was given. Choose a layer of points for ⟨POINTS⟩, or click a point on the map for ⟨POINT⟩."),
    ({"POINTS": ""}, "No point was given."),
    ({"POINTS": "gone.gpkg"}, "'gone.gpkg' is no layer of points that QGIS can load."),
    ({"POINTS": points, "POINT_FIELD": "name"}, "The points have no field 'name'. Choose one of: site."),
    ({"POINTS": points}, "The layer 'my points' holds no point. Choose another one for ⟨POINTS⟩."),
])
def test_bad_input(given, message):
    with pytest.raises(InvalidParameter) as caught:
        found(**{name: value() if callable(value) else value for name, value in given.items()})
    assert message in str(caught.value)


def test_longitudes_of_points_and_raster_may_count_otherwise():
    globe = Grid(wkt_of(4326), (0.0, 10.0, 0.0, 90.0, 0.0, -10.0), 36, 18)
    layer = points(("a", "Point (-100 45)"), ("b", "Point (100 45)"), crs="EPSG:4326")
    places, warnings = found(globe, POINTS=layer, POINT_FIELD="site")
    assert places.cells.tolist() == [4 * 36 + 26, 4 * 36 + 10]
    assert places.x.tolist() == [-100.0, 100.0] and warnings == []


def test_reading_points_hears_a_cancel():
    """Not before the run begins, in the main thread, where nothing could cancel it."""
    layer = points(*((str(place), at(1, 1)) for place in range(3)))
    tool, context, asked = algorithm("nep:pointseries"), QgsProcessingContext(), []
    read = GivenPoints.read(Parameters(tool, {"POINTS": layer}, context))
    with heeding(lambda: asked.append(1) or True), pytest.raises(Cancelled):
        read.on_grid(GRID, Log(Feedback()))
    assert asked == [1]
