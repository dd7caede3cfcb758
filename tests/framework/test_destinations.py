"""A result that would destroy an input or another result is refused before anything is computed."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsProperty,
    QgsRasterLayer,
    QgsVectorLayer,
)
from testkit.rasters import write_raster
from testkit.toy import breaking, call, everything, toy

from nep_toolbox.errors import OutputError
from nep_toolbox.framework.destinations import (
    InputFiles,
    database_table,
    is_file,
    require_free,
    with_ending,
    with_its_ending,
)

pytestmark = pytest.mark.usefixtures("qgis_app")

#: What the dialog calls a result, and its key.
RESULT = r"'[\w ]+' \({}\)"
INPUT_TOO = f"is both an input and the result {RESULT}: '.+' is read from it. Choose another file for the result.$"


def refused(parameters: dict, match: str, context=None) -> None:
    """The run must end before it starts to compute."""

    def computing(_run):
        raise AssertionError("the tool began to compute")

    with pytest.raises(QgsProcessingException, match=match):
        call(breaking("start", computing), parameters, context=context)


# Against the inputs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["MAP", "PAGE"])
@pytest.mark.parametrize("spelling", ["{0}", "{1}/./npp_2001.tif", "{1}/../in/npp_2001.tif", "{2}/link/npp_2001.tif",
                                      "{2}/other.tif"])
def test_a_result_at_an_input_however_it_is_spelt(raster, tmp_path, unchanged, name, spelling):
    (tmp_path / "link").symlink_to(tmp_path / "in")
    (tmp_path / "other.tif").symlink_to(raster)
    unchanged()
    target = spelling.format(raster, os.path.dirname(raster), tmp_path)
    refused({"INPUT": [raster], name: target}, INPUT_TOO.format(name))


def test_a_relative_path(raster, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused({"INPUT": ["in/npp_2001.tif"], "MAP": raster}, INPUT_TOO.format("MAP"))
    refused({"INPUT": [raster], "MAP": "in/npp_2001.tif"}, INPUT_TOO.format("MAP"))


def virtual(raster, folder) -> str:
    gdal.BuildVRT(str(folder / "one.vrt"), [raster])
    return str(folder / "one.vrt")


def virtual_of_virtual(raster, folder) -> str:
    gdal.BuildVRT(str(folder / "two.vrt"), [virtual(raster, folder)])
    return str(folder / "two.vrt")


def warped(raster, folder) -> str:
    gdal.Warp(str(folder / "warped.vrt"), raster, format="VRT", dstSRS="EPSG:4326")
    return str(folder / "warped.vrt")


@pytest.mark.parametrize("made", [virtual, virtual_of_virtual, warped])
def test_the_files_behind_a_virtual_raster(raster, tmp_path, made):
    source = made(raster, tmp_path)
    for target in (raster, *map(str, tmp_path.glob("*.vrt"))):
        name = "MAP" if target == raster else "PAGE"  # no raster can be written as .vrt
        refused({"INPUT": [source], "YEARS": "2001", name: target}, INPUT_TOO.format(name))


def test_a_subdataset(tmp_path):
    path = str(tmp_path / "npp_2001.nc")
    gdal.Translate(path, write_raster(tmp_path / "npp.tif", np.ones((2, 3, 4))), format="netCDF")
    assert gdal.Open(path).RasterCount == 0, "the file has no subdatasets"
    layer = QgsRasterLayer(gdal.Open(path).GetSubDatasets()[0][0], "mine", "gdal")
    assert layer.isValid() and layer.source().startswith("NETCDF:")
    refused({"INPUT": [layer], "YEARS": "2001", "MAP": path}, INPUT_TOO.format("MAP"))


@pytest.mark.parametrize("source", ["/vsizip/{}/npp_2001.tif", "/vsizip/{}"])
def test_an_archive(raster, tmp_path, source):
    path = str(tmp_path / "npp.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(raster, "npp_2001.tif")
    layer = QgsRasterLayer(source.format(path), "mine", "gdal")
    assert layer.isValid()
    refused({"INPUT": [layer], "YEARS": "2001", "PAGE": path}, INPUT_TOO.format("PAGE"))


def test_plain_files(tmp_path):
    path = tmp_path / "granule.hdf"
    path.write_text("no raster at all")
    refused({"FILES": [str(path)], "PAGE": str(path)}, INPUT_TOO.format("PAGE"))


def table_file(folder, name: str) -> str:
    """A table, written by the tool itself."""
    return call(toy(), {"TABLE": str(folder / name)})["TABLE"]


def as_path(path, _context):
    return path


def as_layer(path, context):
    layer = QgsVectorLayer(path, "mine", "ogr")
    context.project().addMapLayer(layer)
    return layer


def as_name(path, context):
    return as_layer(path, context).name()


def as_definition(path, _context):
    return QgsProcessingFeatureSourceDefinition(path, False)


def as_definition_of_a_layer(path, context):
    return QgsProcessingFeatureSourceDefinition(as_layer(path, context).id(), True)


def as_expression(path, _context):
    return QgsProperty.fromExpression(f"'{path}'")


@pytest.fixture
def context():
    context, project = QgsProcessingContext(), QgsProject()
    context.setProject(project)
    yield context
    project.clear()


@pytest.mark.parametrize("value", [as_path, as_layer, as_name, as_definition, as_definition_of_a_layer, as_expression])
@pytest.mark.parametrize("file", ["t.csv", "t.gpkg", "t.dbf"])
def test_layers_of_features(tmp_path, context, value, file):
    path = table_file(tmp_path, file)
    refused({"FEATURES": value(path, context), "TABLE": path}, INPUT_TOO.format("TABLE"), context)


def test_the_layer_inside_a_file(tmp_path, context):
    path = table_file(tmp_path, "t.gpkg")
    refused({"FEATURES": f"{path}|layername=t|subset=code = 1", "TABLE": path}, INPUT_TOO.format("TABLE"), context)


def test_the_ending_that_qgis_adds(tmp_path):
    path = table_file(tmp_path, "t.gpkg")
    refused({"FEATURES": path, "TABLE": path[: -len(".gpkg")]}, INPUT_TOO.format("TABLE"))


def test_the_table_of_a_shapefile(tmp_path):
    path = table_file(tmp_path, "t.dbf")
    refused({"FEATURES": path, "POINTS": str(tmp_path / "t.shp")}, INPUT_TOO.format("POINTS"))


def test_a_table_of_a_database(tmp_path):
    path = table_file(tmp_path, "t.gpkg")
    for given in (path, f"{path}|layername=t"):
        refused({"FEATURES": given, "TABLE": f"ogr:dbname='{path}' table=\"T\""}, INPUT_TOO.format("TABLE"))
    results = call(toy(), {"FEATURES": f"{path}|layername=t", "TABLE": f"ogr:dbname='{path}' table=\"new\""})
    assert results == {"TABLE": f"{path}|layername=new"}


@pytest.mark.parametrize("provider_name", ["ogr", "of_a_plugin_that_is_off"])
def test_a_project_layer_that_is_broken_is_no_obstacle(tmp_path, context, provider_name):
    layer = QgsVectorLayer(str(tmp_path / "gone.gpkg"), "gone", provider_name)
    context.project().addMapLayer(layer)
    assert call(toy(), {"FEATURES": layer, "TABLE": str(tmp_path / "t.csv")}, context=context)


def test_files_that_a_folder_will_hold(raster, tmp_path, unchanged):
    inside = shutil.copy(raster, tmp_path / "in" / "inside.tif")
    unchanged()
    with pytest.raises(QgsProcessingException, match="inside.tif is both an input"):
        call(toy(), {"INPUT": [inside], "YEARS": "2001", "FOLDER": str(tmp_path / "in")})
    with pytest.raises(QgsProcessingException, match="inside.tif was given for two results, 'Other map' .OTHER."):
        call(toy(), {"OTHER": str(tmp_path / "new" / "inside.tif"), "FOLDER": str(tmp_path / "new")})


# Against each other ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [(("MAP", "a.tif"), ("OTHER", "./a.tif")), (("MAP", "a.tif"), ("PAGE", "x/../a.tif")),
     (("TABLE", "a.csv"), ("SECOND", "link/a.csv")), (("TABLE", "a"), ("POINTS", "a.gpkg")),
     (("TABLE", "a.dbf"), ("LINE", "a.shp")), (("PAGE", "a"), ("FOLDER", "a.html")),
     (("TABLE", "a.gpkg"), ("SECOND", "ogr:dbname='{}/a.gpkg' table=\"t\"")),
     (("TABLE", "ogr:dbname='{}/a.gpkg' table=\"t\""), ("SECOND", "ogr:dbname='{}/link/a.gpkg' table=\"T\""))],
)
def test_two_results_in_one_place(tmp_path, one, other, unchanged):
    (tmp_path / "x").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    unchanged()
    asked = {
        name: place.format(tmp_path) if place.startswith("ogr") else f"{tmp_path}/{place}"
        for name, place in (one, other)
    }
    named = f"{RESULT.format(one[0])} and {RESULT.format(other[0])}"
    refused(asked, f"was given for two results, {named}. Choose a file for each")


def test_results_side_by_side(raster, tmp_path):
    """One name with different endings is no clash."""
    asked = {"MAP": "a.tif", "TABLE": "a.csv", "SECOND": "a.gpkg", "LINE": "a.shp", "PAGE": "a.html", "FOLDER": "a"}
    asked = {name: str(tmp_path / file) for name, file in asked.items()}
    assert call(toy(), {"INPUT": [raster], **asked}) == asked


# Places that cannot be written ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in everything("") if name != "FOLDER"])
def test_a_folder_given_as_a_file(tmp_path, unchanged, name):
    target = Path(everything(tmp_path)[name])
    target.mkdir()
    unchanged()
    refused({name: str(target)}, f"{target.name} is a folder. Choose a file for the result {RESULT.format(name)}.$")


def test_a_file_given_as_a_folder(tmp_path, unchanged):
    (tmp_path / "file").write_text("mine")
    unchanged()
    refused({"FOLDER": str(tmp_path / "file")}, "file is a file. Choose a folder.$")


@pytest.mark.parametrize("name", [*everything(""), "DATABASE"])
def test_a_folder_that_cannot_be_written(tmp_path, unchanged, name):
    """All results are looked at before the first is computed; a folder cannot be made below a file."""
    (tmp_path / "file").write_text("mine")
    unchanged()
    target = f"ogr:dbname='{tmp_path}/file/x/a.gpkg' table=\"t\""
    if name != "DATABASE":
        target = everything(tmp_path / "file" / "x")[name]
    asked = {"MAP": str(tmp_path / "new" / "fine.tif"), "TABLE" if name == "DATABASE" else name: target}
    refused(asked, "Nothing can be written to .*file/x: Not a directory. Choose another folder.$")


@pytest.mark.parametrize("file", ["page.png", "page.pdf", "page.csv", "page.html.png"])
def test_a_page_is_no_picture(tmp_path, unchanged, file):
    unchanged()
    refused({"PAGE": str(tmp_path / file)}, f"PAGE.* cannot be written to .*/{file}: choose a file name that ends with")


@pytest.mark.parametrize("file", ["page.html", "page.HTM"])
def test_names_of_pages(tmp_path, file):
    assert call(toy(), {"PAGE": str(tmp_path / file)}) == {"PAGE": str(tmp_path / file)}


def test_a_page_without_an_ending(tmp_path):
    assert call(toy(), {"PAGE": str(tmp_path / "page")}) == {"PAGE": str(tmp_path / "page.html")}
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_raster_without_a_format(tmp_path):
    target = str(tmp_path / "map")
    refused({"MAP": target}, "No raster format is known for .*map. Choose a file name that ends with .tif.")


# The parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("destination", "file"),
    [("/a/b.gpkg", True), ("b.csv", True), ("C:/a.gpkg", True), ("C:\\a.gpkg", True), ("memory:", False),
     ("TEMPORARY_OUTPUT", False), ("ogr:dbname='/a.gpkg' table=\"t\"", False), ("postgis:dbname='a'", False)],
)
def test_files_and_providers(destination, file):
    assert is_file(destination) is file


def test_tables_in_databases():
    assert database_table("ogr:dbname='/a b/c.gpkg' table=\"the table\" (geom)") == ("/a b/c.gpkg", "the table")
    assert database_table("spatialite:dbname='/a.sqlite' table=\"t\"") == ("/a.sqlite", "t")
    for elsewhere in ("memory:", "postgis:dbname='a' table=\"t\"", "/a/b.gpkg", "TEMPORARY_OUTPUT"):
        assert database_table(elsewhere) == ("", "")


def test_endings():
    names = {"/a/b": "/a/b.gpkg", "/a.b/c": "/a.b/c.gpkg", "b.2001": "b.2001.gpkg"}
    assert {name: with_ending(name) for name in names} == names
    for known in ("a.csv", "a.SHP", "a.gpkg", "a.geojson", "a.dbf", "a.xlsx"):
        assert with_ending(known) == known


def test_a_page_without_an_ending_gets_its_own():
    pages = "HTML files (*.html)"
    assert with_its_ending("/tmp/a.b/chart", pages) == "/tmp/a.b/chart.html"
    for named in ("/tmp/chart.html", "/tmp/chart.HTM", "/tmp/chart.png"):
        assert with_its_ending(named, pages) == named
    assert with_its_ending("/tmp/anything", "All files (*.*)") == "/tmp/anything"


def test_the_first_input_that_reads_a_file_names_it(raster, tmp_path):
    inputs = InputFiles([("virtual", virtual(raster, tmp_path)), ("plain", raster)])
    assert inputs.real_paths() == {os.path.realpath(raster): "virtual", str(tmp_path / "one.vrt"): "virtual"}
    with pytest.raises(OutputError, match="'virtual' is read from it"):
        require_free({"MAP": raster}, inputs)
    require_free({"MAP": raster + "f"}, inputs)


@pytest.mark.parametrize(
    "source", ["/vsizip/{{{}}}/a.tif", "/vsigzip/{}", "/vsitar//vsigzip/{}/a", "/vsisubfile/1_2,{}"]
)
def test_paths_into_an_archive(tmp_path, source):
    path = tmp_path / "archive"
    path.write_text("packed")
    assert InputFiles([("packed", source.format(path))]).real_paths() == {os.path.realpath(path): "packed"}


def test_inputs_are_not_opened_where_no_result_replaces_a_file(tmp_path):
    class Untouched(InputFiles):
        def real_paths(self):
            raise AssertionError("opened")

    require_free({"MAP": str(tmp_path / "new.tif"), "FOLDER": str(tmp_path)}, Untouched([]))
