"""A series compared with values of towers on the grid that rasters of tests have."""

from __future__ import annotations

import numpy as np
from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

from nep_toolbox.qgis_compat import field

from .rasters import write_raster
from .tools import run, table

SIZE, LEFT, TOP = 30.0, 500000.0, 4000000.0
YEARS = list(range(2001, 2007))
FIELDS = {"SITE_FIELD": "site", "YEAR_FIELD": "year", "VALUE_FIELD": "nee"}


def centre(row: int, col: int) -> tuple:
    """Coordinates of the middle of a pixel."""
    return LEFT + SIZE * (col + 0.5), TOP - SIZE * (row + 0.5)


def points(rows, crs="EPSG:32650", kind="Point") -> QgsVectorLayer:
    """Points of (site, year, value, (x, y)); a place of None has no geometry."""
    layer = QgsVectorLayer(f"{kind}?crs={crs}", "towers", "memory")
    layer.dataProvider().addAttributes([field("site", "text"), field("year", "integer"), field("nee", "number")])
    layer.updateFields()
    for site, year, value, place in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([site, year, value])
        if place:
            feature.setGeometry(QgsGeometry.fromWkt("{}({} {})".format(kind, *place)))
        assert layer.dataProvider().addFeatures([feature])[0]
    return layer


def series(path, values, years=YEARS, **options) -> str:
    """Write a series whose bands are called by their years."""
    return write_raster(path, values, descriptions=years, nodata=-9999, **options)


def compared(tmp_path, feedback=None, **parameters) -> tuple:
    """Rows of both tables; those of the scores by what they are compared with and group."""
    scored, paired = tmp_path / "scores.csv", tmp_path / "pairs.csv"
    run("nep:compare", {**parameters, "SCORES": str(scored), "PAIRS": str(paired)}, feedback)
    return {(row["reference"], row["group"]): row for row in table(scored)}, table(paired)


def as_number(text: str) -> float:
    """A cell of a table; NaN where it is empty."""
    return float(text) if text else np.nan


def values() -> np.ndarray:
    """Random values of six years, 5 rows and 7 columns."""
    return np.random.default_rng(3).normal(300, 80, (len(YEARS), 5, 7)).round(3)
