"""Whose style a .qml is."""

from __future__ import annotations

import pytest
from qgis.core import QgsRasterLayer, QgsVectorLayer
from testkit.rasters import write_raster

from nep_toolbox.raster.qml import FEATURES, RASTER, kind_of, owner_of_style, style_beside

pytestmark = pytest.mark.usefixtures("qgis_app")


def features_style(path) -> None:
    """The style of features, written by QGIS."""
    QgsVectorLayer("Polygon?crs=EPSG:32650&field=year:integer", "a", "memory").saveNamedStyle(str(path))


def raster_style(path) -> None:
    """The style of a raster, written by QGIS."""
    QgsRasterLayer(write_raster(path.parent / "elsewhere" / "a.tif", [[1.0]])).saveNamedStyle(str(path))


def table_style(path) -> None:
    """The style of a table without geometry, written by QGIS."""
    QgsVectorLayer("NoGeometry?field=year:integer", "a", "memory").saveNamedStyle(str(path))


MAKERS = {RASTER: raster_style, FEATURES: features_style}


def test_where_a_style_is():
    assert style_beside("/a.b/npp.v2.tif") == "/a.b/npp.v2.qml"


@pytest.mark.parametrize(
    ("make", "kind"), [(features_style, FEATURES), (raster_style, RASTER), (table_style, FEATURES)]
)
def test_kinds(tmp_path, make, kind):
    make(tmp_path / "a.qml")
    assert kind_of(str(tmp_path / "a.qml")) == kind


def test_what_is_no_style(tmp_path):
    (tmp_path / "a.qml").write_text("<qgis/>")
    assert kind_of(str(tmp_path / "a.qml")) == kind_of(str(tmp_path / "b.qml")) == ""
    assert owner_of_style(str(tmp_path / "a.tif"), RASTER) == ""


@pytest.mark.parametrize(("file", "kind", "other"), [("a.tif", RASTER, FEATURES), ("a.shp", FEATURES, RASTER)])
@pytest.mark.parametrize("there", [True, False])
def test_the_style_of_the_other_kind(tmp_path, file, kind, other, there):
    MAKERS[other](tmp_path / "a.qml")
    if there:
        (tmp_path / file).write_text("old")
    assert owner_of_style(str(tmp_path / file), kind) == other
    assert owner_of_style(str(tmp_path / f"b.{file}"), kind) == ""


@pytest.mark.parametrize(
    ("file", "kind", "beside", "owner"),
    [("a.tif", RASTER, "a.img", "a.img"), ("a.tif", RASTER, "a.gpkg", "a.gpkg"), ("a.tif", RASTER, "a.csv", ""),
     ("a.tif", RASTER, "a.html", ""), ("a.tif", RASTER, "a.b.img", ""), ("a.shp", FEATURES, "a.geojson", "a.geojson"),
     ("a.shp", FEATURES, "a.tif", "")],
)
def test_the_style_of_another_file_of_the_same_kind(tmp_path, file, kind, beside, owner):
    MAKERS[kind](tmp_path / "a.qml")
    (tmp_path / beside).write_text("another")
    assert owner_of_style(str(tmp_path / file), kind) == owner
    (tmp_path / file).write_text("the result of an earlier run, whose style it is")
    assert owner_of_style(str(tmp_path / file), kind) == ""
