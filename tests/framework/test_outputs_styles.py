"""The style of a result takes the place of no style of another file."""

from __future__ import annotations

import pytest
from qgis.core import QgsProject, QgsRasterLayer, QgsVectorFileWriter, QgsVectorLayer
from testkit.files import contents
from testkit.tools import Feedback
from testkit.toy import breaking, call, toy

pytestmark = pytest.mark.usefixtures("qgis_app")


def province(folder, file: str = "province.shp", opacity: float = 0.25) -> bytes:
    """A layer of features of the user with a style, which is returned."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32650&field=year:integer", "features", "memory")
    layer.setOpacity(opacity)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = {"shp": "ESRI Shapefile", "geojson": "GeoJSON"}[file.rpartition(".")[2]]
    context = QgsProject.instance().transformContext()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(folder / file), context, options)
    style = folder / f"{file.partition('.')[0]}.qml"
    layer.saveNamedStyle(str(style))
    return style.read_bytes()


def said(raster, parameters: dict) -> list:
    """Run the tool and return its warnings."""
    feedback = Feedback()
    call(toy(), {"INPUT": [raster], **parameters}, feedback)
    return feedback.warnings


@pytest.mark.parametrize("there", [True, False])
def test_a_raster_beside_features(raster, tmp_path, there):
    style = province(tmp_path)
    if there:
        call(toy(), {"INPUT": [raster], "MAP": str(tmp_path / "province.tif")})
    (warning,) = said(raster, {"MAP": str(tmp_path / "province.tif")})
    assert "The style of province.tif is not saved" in warning and "the style of features" in warning
    assert (tmp_path / "province.qml").read_bytes() == style
    assert QgsVectorLayer(str(tmp_path / "province.shp"), "p", "ogr").opacity() == 0.25


def test_features_beside_a_raster(raster, tmp_path):
    call(toy(), {"INPUT": [raster], "MAP": str(tmp_path / "npp.tif")})
    style = (tmp_path / "npp.qml").read_bytes()
    (warning,) = said(raster, {"POINTS": str(tmp_path / "npp.shp")})
    assert "The style of npp.shp is not saved" in warning and "the style of a raster" in warning
    assert (tmp_path / "npp.qml").read_bytes() == style


def test_a_geopackage_beside_a_raster(raster, tmp_path):
    """Both have their style: that of a GeoPackage is inside it."""
    asked = {"MAP": str(tmp_path / "npp.tif"), "POINTS": str(tmp_path / "npp.gpkg")}
    assert said(raster, asked) == []
    assert QgsRasterLayer(asked["MAP"]).renderer().type() == "singlebandpseudocolor"
    assert QgsVectorLayer(asked["POINTS"]).opacity() == 0.5
    assert sorted(path.name for path in tmp_path.glob("npp.*")) == ["npp.gpkg", "npp.qml", "npp.tif"]


def test_two_tables_of_one_database_have_a_style_each(raster, tmp_path):
    path = tmp_path / "db.gpkg"
    call(toy(_style=lambda layer: layer.setOpacity(0.125)),
         {"INPUT": [raster], "POINTS": f"ogr:dbname='{path}' table=\"a\" (geom)"})
    call(toy(), {"INPUT": [raster], "POINTS": f"ogr:dbname='{path}' table=\"b\" (geom)"})
    opacities = [QgsVectorLayer(f"{path}|layername={table}", table, "ogr").opacity() for table in "ab"]
    assert opacities == [0.125, 0.5]
    assert not list(tmp_path.glob("*.qml"))


@pytest.mark.parametrize("first", ["MAP", "POINTS"])
def test_two_results_of_one_run(raster, tmp_path, first):
    endings = {"MAP": "tif", "OTHER": "img", "POINTS": "shp"}
    asked = {name: str(tmp_path / f"npp.{endings[name]}") for name in ("MAP", "OTHER" if first == "MAP" else "POINTS")}
    (warning,) = said(raster, asked)
    assert "holds the style of " in warning and "npp.tif" in warning
    assert QgsRasterLayer(asked["MAP"]).renderer().type() == "singlebandpseudocolor"


def test_the_style_of_another_raster(raster, tmp_path):
    call(toy(), {"INPUT": [raster], "MAP": str(tmp_path / "npp.img")})
    (tmp_path / "npp.qml").write_text("<qgis><pipe/></qgis>")
    (warning,) = said(raster, {"MAP": str(tmp_path / "npp.tif")})
    assert "holds the style of npp.img" in warning
    assert (tmp_path / "npp.qml").read_text() == "<qgis><pipe/></qgis>"


def test_a_style_of_its_own_is_replaced(raster, tmp_path):
    for _again in range(2):
        (tmp_path / "npp.qml").write_text("<qgis><pipe/></qgis>")
        assert said(raster, {"MAP": str(tmp_path / "npp.tif")}) == []
        assert "rasterrenderer" in (tmp_path / "npp.qml").read_text(encoding="utf-8")


def test_a_folder_of_rasters(raster, tmp_path):
    """What a tool puts into a folder has a style only if the tool gives it one."""
    (tmp_path / "folder").mkdir()
    style = province(tmp_path / "folder", "inside.shp")
    call(toy(), {"INPUT": [raster], "FOLDER": str(tmp_path / "folder")})
    assert (tmp_path / "folder" / "inside.qml").read_bytes() == style


def test_a_run_that_fails_brings_styles_back(raster, tmp_path):
    province(tmp_path)
    before = contents(tmp_path)

    def stop(_run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(breaking("folder", stop), {
            "INPUT": [raster], "MAP": str(tmp_path / "province.tif"), "POINTS": str(tmp_path / "province.geojson"),
        })
    assert contents(tmp_path) == before
