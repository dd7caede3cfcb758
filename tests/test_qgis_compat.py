"""Fields are of the kind that their name says, whatever the version of QGIS."""

from __future__ import annotations

import pytest
from qgis.core import QgsFeature, QgsVectorLayer

from nep_toolbox.qgis_compat import field


@pytest.mark.parametrize(
    ("kind", "value", "too_much"),
    [("integer", 2**31 - 1, 2**31), ("count", 2**53 + 1, "many"), ("number", 0.1, "a"), ("text", "汉字", None),
     ("boolean", True, None)],
)
def test_a_field_holds_what_its_kind_says(qgis_app, kind, value, too_much):  # noqa: ARG001
    made = field("name", kind)
    assert made.name() == "name"
    layer = QgsVectorLayer("NoGeometry", "table", "memory")
    layer.dataProvider().addAttributes([made])
    layer.updateFields()
    feature = QgsFeature(layer.fields())
    feature.setAttributes([value])
    assert layer.dataProvider().addFeatures([feature])[0]
    (stored,) = (each["name"] for each in layer.getFeatures())
    assert stored == value and type(stored) is type(value)
    if too_much is not None:
        feature.setAttributes([too_much])
        assert not layer.dataProvider().addFeatures([feature])[0]


def test_an_unknown_kind():
    with pytest.raises(KeyError):
        field("name", "date")
