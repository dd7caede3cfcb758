"""Points are drawn by sign and significance of their trend."""

from __future__ import annotations

import pytest
from qgis.core import QgsFeature, QgsVectorLayer

from nep_toolbox.styling.points import style_point_trends

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.mark.parametrize(("slope", "p", "label", "angle"), [
    (2.0, 0.01, "Significant increase (p < 0.05)", 0),
    (2.0, 0.05, "Increase, not significant", 0),
    (0.0, 1.0, "No change", 0),
    (-2.0, 0.3, "Decrease, not significant", 180),
    (-2.0, 0.049, "Significant decrease (p < 0.05)", 180),
    (None, None, "No trend: too few values, or beyond the raster", 0),
])
def test_each_point_has_one_symbol(slope, p, label, angle):
    uri = "Point?crs=EPSG:32650&field=point:string&field=slope:double&field=p:double"
    layer = QgsVectorLayer(uri, "points", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(["a", slope, p])
    assert layer.dataProvider().addFeatures([feature])[0]
    style_point_trends(layer)
    rules = layer.renderer().rootRule().children()
    matching = [rule for rule in rules if list(layer.getFeatures(rule.filterExpression()))]
    assert [rule.label() for rule in matching] == [label]
    assert matching[0].symbol().angle() == angle
    assert layer.labelsEnabled() and layer.labeling().settings().fieldName == "point"
