"""Styles beside files, and those of loaded results."""

from __future__ import annotations

import gc
import os
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
from qgis.core import (
    QgsFillSymbol,
    QgsProject,
    QgsRasterLayer,
    QgsSingleSymbolRenderer,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QDate, QDateTime, QTime
from testkit.disk import full_disk
from testkit.rasters import write_raster

from nep_toolbox.errors import OutputError
from nep_toolbox.styling import layers
from nep_toolbox.styling.layer_tree import RunLayers
from nep_toolbox.styling.layers import StyleAndPlace, write_style, write_vector_style
from nep_toolbox.styling.styles import Classes, Ramp

pytestmark = pytest.mark.usefixtures("qgis_app")

TWO = Classes(((2, "two", "#aa0000"), (1, "one", "#00bb00")))


def labels(layer) -> list:
    return [each.label for each in layer.renderer().classes()]


@pytest.fixture
def opened():
    """Opens a file as a plain layer, as a person does later, and keeps it alive for the test."""
    kept = []

    def open_layer(path: str, kind=QgsRasterLayer, provider: str = "gdal"):
        layer = kind(path, "plain", provider)
        assert layer.isValid()
        kept.append(layer)
        return layer

    return open_layer


@pytest.fixture
def opened_features(opened):
    return lambda path: opened(path, QgsVectorLayer, "ogr")


# Rasters --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def raster(tmp_path) -> str:
    return write_raster(tmp_path / "nep.v2.tif", np.arange(40.0).reshape(2, 4, 5))


def test_a_style_lies_where_qgis_finds_it(raster, tmp_path, opened):
    write_style(raster, TWO, [], [])
    assert (tmp_path / "nep.v2.qml").exists()
    assert labels(opened(raster)) == ["two", "one"]


def test_a_ramp_gets_the_quantiles(raster, opened):
    write_style(raster, Ramp(("#000000", "#ffffff")), [3.0, 17.0], [])
    shader = opened(raster).renderer().shader()
    assert [stop.value for stop in shader.rasterShaderFunction().colorRampItemList()] == [3.0, 17.0]


@pytest.mark.parametrize(("unit", "suffix"), [("gC m-2 yr-1 per year", " gC m-2 yr-1 per year"), ("", "")])
def test_the_legend_of_a_ramp_shows_the_unit(raster, opened, unit, suffix):
    write_style(raster, Ramp(("#000000", "#ffffff")), [3.0, 17.0], [], unit)
    assert opened(raster).renderer().shader().rasterShaderFunction().legendSettings().suffix() == suffix


@pytest.fixture
def temporal(monkeypatch):
    """Takes the version of QGIS; gives what is set of the time of a layer."""
    found: dict = {}

    class Properties:
        def setMode(self, mode):  # noqa: N802
            found["mode"] = mode

        def setFixedRangePerBand(self, ranges):  # noqa: N802
            found["ranges"] = ranges

        def setIsActive(self, active):  # noqa: N802
            found["active"] = active

    class Layer:
        """A layer but for its time. No subclass: C++ would get these properties, too."""

        def __init__(self, *given):
            self._layer = QgsRasterLayer(*given)

        def __getattr__(self, name):
            return Properties if name == "temporalProperties" else getattr(self._layer, name)

    def of_version(version: int) -> dict:
        mode = SimpleNamespace(FixedRangePerBand="a range for each band")
        monkeypatch.setattr(layers, "Qgis", SimpleNamespace(QGIS_VERSION_INT=version, RasterTemporalMode=mode))
        monkeypatch.setattr(layers, "QgsRasterLayer", Layer)
        return found

    return of_version


def test_bands_of_a_series_have_their_whole_year(raster, temporal):
    found = temporal(33800)
    write_style(raster, Ramp(("#000000", "#ffffff")), [0.0, 1.0], [2001, 2004])
    assert (found["mode"], found["active"]) == ("a range for each band", True)
    assert {band: (each.begin(), each.end()) for band, each in found["ranges"].items()} == {
        band: (QDateTime(QDate(year, 1, 1), QTime(0, 0, 0)), QDateTime(QDate(year, 12, 31), QTime(23, 59, 59)))
        for band, year in ((1, 2001), (2, 2004))
    }


@pytest.mark.parametrize(("version", "years"), [(33799, [2001, 2004]), (32200, [2001, 2004]), (33800, [])])
def test_no_time_of_bands_before_qgis_3_38_and_none_without_years(raster, temporal, version, years, opened):
    found = temporal(version)
    write_style(raster, Ramp(("#000000", "#ffffff")), [0.0, 1.0], years)
    assert found == {}
    assert opened(raster).renderer().type() == "singlebandpseudocolor"


# Features -------------------------------------------------------------------------------------------------------------


def saved(path, driver: str, geometry: str) -> str:
    """An empty file of features with a field."""
    layer = QgsVectorLayer(f"{geometry}?crs=EPSG:32650&field=year:integer", "features", "memory")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = driver, "features.v2"
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsProject.instance().transformContext(), options)
    assert path.exists()
    return str(path)


def add_layer(path: str, name: str) -> str:
    """Another layer in a GeoPackage; returns its source."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32650&field=year:integer", "features", "memory")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", name
    options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, QgsProject.instance().transformContext(), options)
    return f"{path}|layername={name}"


def red_outline(layer) -> None:
    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple({"style": "no", "outline_color": "red"})))


def outline(layer) -> str:
    return layer.renderer().symbol().symbolLayer(0).strokeColor().name()


def test_the_style_of_features_lies_beside_their_file(tmp_path, opened_features):
    path = saved(tmp_path / "ellipses.v2.shp", "ESRI Shapefile", "Polygon")
    write_vector_style(path, red_outline)
    assert [file.name for file in tmp_path.glob("*.qml")] == ["ellipses.v2.qml"]
    assert outline(opened_features(path)) == "#ff0000"


def test_a_geopackage_keeps_a_style_for_each_table(tmp_path, opened_features):
    path = saved(tmp_path / "ellipses.v2.gpkg", "GPKG", "Polygon")
    other = add_layer(path, "other")
    write_vector_style(f"{path}|layername=features.v2", red_outline)
    write_vector_style(other, lambda layer: layer.setOpacity(0.25))
    assert [file.name for file in tmp_path.iterdir()] == ["ellipses.v2.gpkg"]
    first, second = opened_features(f"{path}|layername=features.v2"), opened_features(other)
    assert (outline(first), first.opacity(), second.opacity()) == ("#ff0000", 1.0, 0.25)
    assert outline(second) != "#ff0000"


@pytest.mark.parametrize("room", [0, 1000, 60_000])
@pytest.mark.parametrize(("file", "driver"), [("e.shp", "ESRI Shapefile"), ("e.gpkg", "GPKG")])
def test_a_style_on_a_full_disk(tmp_path, room, file, driver):
    path = saved(tmp_path / file, driver, "Polygon")
    room += os.path.getsize(path) if driver == "GPKG" else 0
    styled: list = []
    with full_disk(room), pytest.raises(OutputError, match="e.(qml|shp|gpkg) cannot be written"):
        write_vector_style(path, lambda layer: styled.append(red_outline(layer)))
    assert styled


def test_the_style_of_a_raster_on_a_full_disk(raster):
    for room in (0, 100, 1000):
        with full_disk(room), pytest.raises(OutputError, match="nep.v2.* cannot be written"):
            write_style(raster, TWO, [], [])


def test_features_without_geometry_or_without_a_file_get_no_style(tmp_path):
    write_vector_style(saved(tmp_path / "centres.csv", "CSV", "Point"), red_outline)
    write_vector_style(str(tmp_path / "absent.gpkg"), red_outline)
    assert list(tmp_path.glob("*.qml")) == []


# Loaded by Processing -------------------------------------------------------------------------------------------------


@pytest.fixture
def finish():
    """Does to a layer what is done to a loaded result."""
    project = QgsProject()

    def finished(layer, style=None) -> None:
        StyleAndPlace(RunLayers(project, "Run"), style).postProcessLayer(layer, None, None)

    return finished


def test_a_result_gets_the_style_beside_its_file(raster, opened, finish):
    layer = opened(raster)
    write_style(raster, TWO, [], [])
    finish(layer)
    assert (layer.name(), labels(layer)) == ("plain", ["two", "one"])


def test_a_result_without_a_style_stays_as_it_is(raster, opened, finish):
    layer = opened(raster)
    kind = layer.renderer().type()
    finish(layer)
    assert layer.renderer().type() == kind


def test_the_style_beside_a_file_with_layers(tmp_path, opened_features, finish):
    path = saved(tmp_path / "ellipses.shp", "ESRI Shapefile", "Polygon")
    layer = opened_features(f"{path}|layername=ellipses")
    write_vector_style(path, red_outline)
    finish(layer)
    assert outline(layer) == "#ff0000"


def test_the_style_of_a_raster_is_not_taken_for_that_of_features(tmp_path, raster, opened_features, finish):
    layer = opened_features(saved(tmp_path / "nep.v2.shp", "ESRI Shapefile", "Polygon"))
    write_style(raster, TWO, [], [])
    before = outline(layer)
    finish(layer)
    assert outline(layer) == before


def test_a_style_given_is_taken_instead_of_that_beside_the_file(raster, opened, finish):
    write_style(raster, TWO, [], [])
    layer = opened(raster)
    one = Classes(((1, "only one", "#00bb00"),))
    finish(layer, lambda it: it.setRenderer(one.renderer([])))
    assert labels(layer) == ["only one"]


def test_a_post_processor_lives_until_it_has_run(raster, opened):
    alive = weakref.ref(StyleAndPlace(RunLayers(QgsProject(), "Run")))
    gc.collect()
    assert alive() is not None
    alive().postProcessLayer(opened(raster), None, None)
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize("in_memory", [False, True])
def test_a_python_object_that_has_lost_its_layer(raster, in_memory):
    project, styled = QgsProject(), []
    project.addMapLayer(QgsRasterLayer(write_raster(f"{raster}.other.tif", np.zeros((1, 2, 2))), "other"))
    layer = QgsVectorLayer("NoGeometry?field=a:integer", "loaded", "memory") if in_memory else QgsRasterLayer(raster)
    project.addMapLayer(layer)
    lost = QgsRasterLayer(raster, "lost")
    sip.delete(lost)
    path = layer.id() if in_memory else raster
    StyleAndPlace(RunLayers(project, "Run"), styled.append, path=path).postProcessLayer(lost, None, None)
    assert [each.id() for each in styled] == [layer.id()]
