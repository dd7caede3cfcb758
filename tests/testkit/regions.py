"""Regions on the grid that rasters of tests have."""

from __future__ import annotations

from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

from nep_toolbox.qgis_compat import field

#: Of a cell, m.
SIZE = 30.0


def polygons(boxes: dict) -> QgsVectorLayer:
    """A layer of boxes of cells of the rasters of `testkit.rasters`: by name first row, last, first column, last."""
    return outlines({
        name: [(left, bottom), (right, bottom), (right, top), (left, top)]
        for name, (top, bottom, left, right) in boxes.items()
    })


def outlines(corners: dict) -> QgsVectorLayer:
    """A layer of polygons on the rasters of `testkit.rasters`: by name their corners, each (column, row)."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32650", "regions", "memory")
    layer.dataProvider().addAttributes([field("name", "text")])
    layer.updateFields()
    for name, ring in corners.items():
        places = [(float(500000 + SIZE * col), float(4000000 - SIZE * row)) for col, row in [*ring, ring[0]]]
        feature = QgsFeature(layer.fields())
        feature.setAttributes([name])
        feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({', '.join(f'{x!r} {y!r}' for x, y in places)}))"))
        assert layer.dataProvider().addFeatures([feature])[0]
    return layer
