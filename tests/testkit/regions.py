"""Regions on the grid that rasters of tests have."""

from __future__ import annotations

from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

from nep_toolbox.qgis_compat import field

#: Of a cell, m.
SIZE = 30.0


def polygons(boxes: dict) -> QgsVectorLayer:
    """A layer of boxes of cells of the rasters of `testkit.rasters`: by name first row, last, first column, last."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32650", "regions", "memory")
    layer.dataProvider().addAttributes([field("name", "text")])
    layer.updateFields()
    for name, (top, bottom, left, right) in boxes.items():
        x, y = (500000 + SIZE * left, 500000 + SIZE * right), (4000000 - SIZE * bottom, 4000000 - SIZE * top)
        feature = QgsFeature(layer.fields())
        feature.setAttributes([name])
        feature.setGeometry(QgsGeometry.fromWkt(
            f"POLYGON(({x[0]} {y[0]}, {x[1]} {y[0]}, {x[1]} {y[1]}, {x[0]} {y[1]}, {x[0]} {y[0]}))"
        ))
        assert layer.dataProvider().addFeatures([feature])[0]
    return layer
