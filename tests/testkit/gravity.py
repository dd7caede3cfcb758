"""Running nep:gravitycenter on small rasters, and reading what it made."""

from __future__ import annotations

import numpy as np
from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

from .rasters import UTM_TRANSFORM, write_raster
from .tools import Feedback, destinations, run

X0, SIZE, Y0 = UTM_TRANSFORM[0], UTM_TRANSFORM[1], UTM_TRANSFORM[3]


class Found:
    """What one run of the tool gave."""

    def __init__(self, layers, folder, **options):
        folder.mkdir(parents=True, exist_ok=True)
        self.paths = destinations("nep:gravitycenter", folder)
        self.feedback = Feedback()
        self.results = run("nep:gravitycenter", dict({"INPUT": layers}, **options, **self.paths), self.feedback)

    def features(self, name="CENTERS") -> list:
        """(attributes, list of points) of each feature."""
        layer = QgsVectorLayer(self.paths[name], name, "ogr")
        columns = [field.name() for field in layer.fields()]
        return [
            (dict(zip(columns, (None if str(value) == "NULL" else value for value in feature.attributes()))),
             [(point.x(), point.y()) for point in feature.geometry().vertices()])
            for feature in layer.getFeatures()
        ]

    def centres(self, region="all") -> dict:
        """Attributes by year, the point of the geometry checked against x and y."""
        rows = {}
        for row, points in self.features():
            assert points == [(row["x"], row["y"])]
            if row["region"] == region:
                rows[row["year"]] = row
        return rows


def series(path, stack, first=2001, **options) -> list:
    """A multi-band raster of yearly values."""
    return [write_raster(path, stack, descriptions=range(first, first + len(stack)), **options)]


def cell(col, row) -> tuple:
    """Map coordinates of the centre of a cell."""
    return X0 + SIZE * (col + 0.5), Y0 - SIZE * (row + 0.5)


def three_years() -> np.ndarray:
    """Values of 5 with a 50 that becomes an 80 elsewhere."""
    stack = np.full((3, 4, 6), 5.0)
    stack[0, 1, 1], stack[2, 2, 4] = 50, 80
    return stack


def add_box(layer, name, west, south, east, north) -> None:
    """Add a rectangle to a layer of regions."""
    feature = QgsFeature(layer.fields())
    feature.setAttributes([name])
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(west, south, east, north)))
    assert layer.dataProvider().addFeatures([feature])[0]
