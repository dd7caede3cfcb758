"""Layers of regions: polygons as they were given, joined by name, in their own CRS."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import ogr
from qgis.core import NULL, QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsVectorLayer, QgsWkbTypes
from testkit.rasters import write_raster
from testkit.tools import Feedback, run

from nep_toolbox.framework.regions import RawRegion, region_shapes
from nep_toolbox.qgis_compat import field

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def raster(tmp_path_factory) -> str:
    """Two years of 10 x 10 cells of 1 km in UTM zone 50 north, the upper left corner at (500, 4000) km."""
    stack = np.stack([np.full((10, 10), 3.0), np.full((10, 10), 4.0)])
    return write_raster(
        tmp_path_factory.mktemp("raster") / "x.tif", stack, transform=(500000.0, 1000.0, 0.0, 4000000.0, 0.0, -1000.0),
        crs=32650, descriptions=[2001, 2002],
    )


def regions(crs: str, *shapes, kind="Polygon") -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{kind}?crs={crs}", "regions", "memory")
    assert layer.dataProvider().addAttributes([field("name", "text")])
    layer.updateFields()
    for name, wkt in shapes:
        feature = QgsFeature(layer.fields())
        feature["name"] = name
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        assert layer.dataProvider().addFeatures([feature])[0]
    return layer


def square(x: float, y: float, size: float, height: str = "") -> str:
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
    ring = ", ".join(f"{a} {b}{height}" for a, b in corners)
    return f"POLYGON{' Z' if height else ''}(({ring}))"


def made(raster, layer, folder, feedback=None) -> QgsVectorLayer:
    path = str(folder / "made.gpkg")
    run("nep:annualstatistics", {
        "INPUT": [raster], "TABLE": str(folder / "t.csv"), "POLYGONS": path,
        **({"REGIONS": layer, "REGION_FIELD": "name"} if layer else {}),
    }, feedback)
    return QgsVectorLayer(path, "made", "ogr")


def test_features_of_one_name_are_one_region_without_the_edge_between(raster, tmp_path):
    layer = regions(
        "EPSG:32650", ("a", square(500000, 3992000, 2000)), ("b", square(506000, 3992000, 1000)),
        ("a", square(502000, 3992000, 2000)),
    )
    first, second = made(raster, layer, tmp_path).getFeatures()
    assert (first["region"], second["region"]) == ("a", "b")
    assert first.geometry().area() == 8e6 and len(first.geometry().asMultiPolygon()) == 1
    assert second.geometry().area() == 1e6
    assert (first["y2001"], first["y2002"], first["mean"]) == (3, 4, 3.5)


def test_the_crs_and_the_corners_are_those_of_the_regions(raster, tmp_path):
    # 1 degree is far wider than the raster: neither cut to it, nor projected.
    layer = regions("EPSG:4326", ("a", square(117, 36, 1)), ("far", square(10, 10, 1)))
    result = made(raster, layer, tmp_path)
    assert result.crs().authid() == "EPSG:4326"
    near, far = result.getFeatures()
    assert near.geometry().asMultiPolygon() == [QgsGeometry.fromWkt(square(117, 36, 1)).asPolygon()]
    assert near["y2001"] == 3 and far["y2001"] == NULL
    assert far.geometry().asMultiPolygon() == [QgsGeometry.fromWkt(square(10, 10, 1)).asPolygon()]


def test_without_a_crs_it_is_that_of_the_raster(raster, tmp_path):
    layer = regions("", ("a", square(500000, 3992000, 2000)))
    layer.setCrs(QgsCoordinateReferenceSystem())
    result = made(raster, layer, tmp_path)
    assert result.crs().authid() == "EPSG:32650" and next(result.getFeatures())["y2001"] == 3


def test_heights_are_dropped_and_all_are_multipolygons(raster, tmp_path):
    high = square(500000, 3992000, 2000, " 7")
    layer = regions("EPSG:32650", ("a", high), kind="PolygonZ")
    result = made(raster, layer, tmp_path)
    assert result.wkbType() == QgsWkbTypes.Type.MultiPolygon
    assert next(result.getFeatures()).geometry().area() == 4e6
    # A file drops them itself; a layer in memory would refuse them.
    crs = layer.crs()
    (geometry,), wkt = region_shapes([RawRegion("a", QgsGeometry.fromWkt(high), crs)], None)
    assert geometry.wkbType() == QgsWkbTypes.Type.MultiPolygon
    assert QgsCoordinateReferenceSystem.fromWkt(wkt) == crs


def test_without_regions_the_layer_is_empty_and_the_log_says_so(raster, tmp_path):
    feedback = Feedback()
    result = made(raster, None, tmp_path, feedback)
    assert result.isValid() and result.featureCount() == 0
    assert feedback.warnings == [
        "'Regions with their annual means' (POLYGONS) is an empty layer, for there are no regions: choose 'Regions' "
        "(REGIONS), or leave it out."
    ]


def test_the_style_lies_in_the_file(raster, tmp_path):
    made(raster, regions("EPSG:32650", ("a", square(500000, 3992000, 2000))), tmp_path)
    source = ogr.Open(str(tmp_path / "made.gpkg"))
    assert "layer_styles" in [source.GetLayer(number).GetName() for number in range(source.GetLayerCount())]
