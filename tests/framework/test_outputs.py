"""Results arrive where they were asked for, all of them or none."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from osgeo import ogr
from qgis.core import (
    NULL,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingUtils,
    QgsRasterLayer,
    QgsVectorLayer,
)
from testkit.files import contents
from testkit.rasters import numbers, open_files, write_raster
from testkit.tools import Feedback
from testkit.toy import STAGES, breaking, call, everything, toy

from nep_toolbox.errors import Cancelled, InvalidParameter, MissingLibrary
from nep_toolbox.framework import outputs
from nep_toolbox.raster.staging import Staging

pytestmark = pytest.mark.usefixtures("qgis_app")

REFUSED = QgsProcessingException


def rows(source: str) -> list:
    """The attributes of each feature of a file, or a table in it."""
    layer = QgsVectorLayer(source, "result", "ogr")
    assert layer.isValid(), source
    names = [field.name() for field in layer.fields()]
    return [
        tuple(None if feature[name] in (None, "") else feature[name] for name in ("code", "name") if name in names)
        for feature in layer.getFeatures()
    ]


# Where they arrive ----------------------------------------------------------------------------------------------------


def test_every_kind_of_result_in_one_run(raster, out):
    asked = everything(out)
    assert call(toy(), {"INPUT": [raster], **asked}) == asked
    for name in ("MAP", "OTHER"):
        assert numbers(asked[name]).tolist() == (2 * numbers(raster)).tolist()
        assert QgsRasterLayer(asked[name]).isValid()
    assert [str(code) for code, _name in rows(asked["TABLE"])] == ["1", "2"]
    assert rows(asked["SECOND"]) == [(1, "one"), (2, None)]
    assert rows(asked["POINTS"]) == [(1, "here")]
    assert rows(asked["LINE"]) == [(1, "there")]
    assert QgsVectorLayer(asked["POINTS"]).opacity() == 0.5
    assert (out / "page.html").read_text() == "<html></html>"
    assert sorted(os.listdir(out / "folder")) == ["inside.tif", "mine.txt"]
    assert not [name for name in os.listdir(out) if name.startswith(".")]


@pytest.mark.parametrize("ending", ["tif", "img", "nc"])
def test_formats_of_rasters(raster, tmp_path, ending):
    target = tmp_path / "new" / f"map.{ending}"
    call(toy(), {"INPUT": [raster], "MAP": str(target)})
    assert numbers(target).tolist() == (2 * numbers(raster)).tolist()
    assert QgsRasterLayer(str(target)).isValid()
    assert {name.split(".")[0] for name in os.listdir(target.parent)} == {"map"}
    assert not [name for name in os.listdir(target.parent) if "part" in name]


@pytest.mark.parametrize(
    ("asked", "written"),
    [("t.csv", "t.csv"), ("t.gpkg", "t.gpkg"), ("t.xlsx", "t.xlsx"), ("t.shp", "t.dbf"), ("t.dbf", "t.dbf"),
     ("t", "t.gpkg"), ("t.2001", "t.2001.gpkg"), ("T.CSV", "T.CSV")],
)
def test_formats_of_tables(tmp_path, asked, written):
    """QGIS adds an ending where it knows none; a shapefile without geometries is its .dbf alone."""
    results = call(toy(), {"TABLE": str(tmp_path / asked)})
    assert results == {"TABLE": str(tmp_path / written)}
    found = rows(results["TABLE"])
    assert [int(code) for code, *_name in found] == [1, 2]
    assert os.path.isfile(tmp_path / written)


@pytest.mark.parametrize("file", ["p.gpkg", "p.shp", "p.geojson", "p"])
def test_formats_of_features(raster, tmp_path, file):
    results = call(toy(), {"INPUT": [raster], "POINTS": str(tmp_path / file)})
    layer = QgsVectorLayer(results["POINTS"], "points", "ogr")
    (feature,) = layer.getFeatures()
    assert os.path.splitext(results["POINTS"])[0] == str(tmp_path / "p")
    assert feature.geometry().asPoint().x() == pytest.approx(500010)
    assert layer.opacity() == 0.5, "the style beside the file is not found"


@pytest.mark.parametrize("destination", ["memory:", "TEMPORARY_OUTPUT", "memory:named"])
def test_tables_in_memory(destination):
    context = QgsProcessingContext()
    results = call(toy(), {"TABLE": destination}, context=context)
    layer = QgsProcessingUtils.mapLayerFromString(results["TABLE"], context)
    assert [feature["code"] for feature in layer.getFeatures()] == [1, 2]


def test_temporary_results_of_all_kinds(raster):
    context = QgsProcessingContext()
    results = call(toy(), {"INPUT": [raster], **dict.fromkeys(everything(""), "TEMPORARY_OUTPUT")}, context=context)
    assert set(results) == set(everything(""))
    for name in ("MAP", "OTHER", "PAGE", "FOLDER"):
        assert os.path.isabs(results[name]) and os.path.exists(results[name]), name
        assert "TEMPORARY_OUTPUT" not in results[name]


def test_old_parts_of_a_shapefile_go(raster, tmp_path):
    """A spatial index of the old features would hide the new ones."""
    for ending in ("shp", "dbf", "qix", "sbn", "txt"):
        (tmp_path / f"line.{ending}").write_text("old")
    call(toy(), {"INPUT": [raster], "LINE": str(tmp_path / "line.shp")})
    kept = {name for name, content in contents(tmp_path).items() if content == b"old"}
    assert kept == {"line.txt"}
    assert rows(str(tmp_path / "line.shp")) == [(1, "there")]


def test_a_result_not_asked_for_is_not_made(raster, tmp_path):
    results = call(toy(), {"INPUT": [raster], "OTHER": str(tmp_path / "new" / "o.tif"), "MAP": None, "TABLE": ""})
    assert set(results) == {"OTHER"}
    assert sorted(os.listdir(tmp_path / "new")) == ["o.qml", "o.tif"]


def test_values_of_numpy_and_missing_ones():
    columns, context = {"a": "count", "b": "number", "c": "boolean"}, QgsProcessingContext()
    given = [(np.int64(2**40), np.float32(0.5), np.True_), (None, np.nan, None)]
    results = call(toy(columns=columns, rows=given), {"TABLE": "memory:"}, context=context)
    layer = QgsProcessingUtils.mapLayerFromString(results["TABLE"], context)
    assert [feature.attributes() for feature in layer.getFeatures()] == [[2**40, 0.5, True], [NULL, NULL, NULL]]


# All or none ----------------------------------------------------------------------------------------------------------


def stop(_run) -> None:
    raise InvalidParameter("stopped on purpose")


@pytest.mark.parametrize("stage", STAGES)
def test_an_error_at_any_stage(raster, out, unchanged, stage):
    unchanged()
    with pytest.raises(REFUSED, match="Stopped on purpose."):
        call(breaking(stage, stop), {"INPUT": [raster], **everything(out)})


@pytest.mark.parametrize("stage", STAGES)
def test_no_folder_stays_that_was_made(raster, tmp_path, unchanged, stage):
    unchanged()
    with pytest.raises(REFUSED):
        call(breaking(stage, stop), {"INPUT": [raster], **everything(tmp_path / "a" / "b")})


@pytest.mark.parametrize("stage", STAGES)
def test_a_cancel_at_any_stage(raster, out, unchanged, stage):
    """After the folder, the last stage, it comes just before the results take their places."""
    feedback = Feedback()
    unchanged()
    tool = breaking(stage, lambda _run: feedback.cancel())
    assert call(tool, {"INPUT": [raster], **everything(out)}, feedback) == {}


def test_files_are_closed_before_they_are_removed(raster, out, monkeypatch):
    """Windows removes no file that is open."""
    abort, still_open = Staging.abort, []

    def seen(self):
        still_open.extend(path for path in open_files() if str(out) in path and not path.endswith("/lock"))
        abort(self)

    monkeypatch.setattr(Staging, "abort", seen)
    with pytest.raises(REFUSED):
        call(breaking("block", stop), {"INPUT": [raster], **everything(out)})
    assert still_open == []


def test_cancelled_by_the_tool(raster, out, unchanged):
    def cancel(_run):
        raise Cancelled

    unchanged()
    assert call(breaking("table", cancel), {"INPUT": [raster], **everything(out)}) == {}


def test_an_exception_of_another_kind(raster, out, unchanged):
    unchanged()
    with pytest.raises(ZeroDivisionError):
        call(breaking("folder", lambda _run: 1 / 0), {"INPUT": [raster], **everything(out)})


def test_the_last_result_cannot_take_its_place(raster, out, unchanged):
    """The folder gets a file where another program has made a folder meanwhile."""
    (out / "folder" / "inside.tif").unlink()
    (out / "folder" / "inside.tif").mkdir()
    unchanged()
    with pytest.raises(REFUSED, match="inside.tif cannot be replaced"):
        call(toy(), {"INPUT": [raster], **everything(out)})


def test_the_last_table_cannot_be_written(raster, out, unchanged):
    """A text that its field does not take."""
    unchanged()

    def spoil(run):
        run.outputs.table("SECOND", {"code": "integer"}, [("no number",)])

    with pytest.raises(REFUSED, match="The result 'Second table' .SECOND. cannot be written: .+"):
        call(breaking("folder", spoil), {"INPUT": [raster], **everything(out)})


class FullSink:
    """A sink that takes features, and loses them at the end."""

    def addFeature(self, _feature, _flag):  # noqa: N802
        return True

    def flushBuffer(self):  # noqa: N802
        return False

    def lastError(self):  # noqa: N802
        return "disk full"


def test_features_that_are_lost_at_the_end(out, unchanged, monkeypatch):
    unchanged()
    monkeypatch.setattr(QgsProcessingUtils, "createFeatureSink", lambda path, *_rest: (FullSink(), path))
    with pytest.raises(REFUSED, match="The result 'Table' .TABLE. cannot be written: disk full."):
        call(toy(), {"TABLE": everything(out)["TABLE"]})


class FullDisk:
    """A page that finds no room."""

    def write(self, path: str) -> None:
        Path(path).write_text("<html>", encoding="utf-8")
        raise OSError(28, "No space left on device")


def test_a_page_that_cannot_be_written(raster, out, unchanged):
    unchanged()
    with pytest.raises(REFUSED, match="page.html cannot be written: No space left on device. Choose another file."):
        call(toy(sheet=FullDisk), {"INPUT": [raster], **everything(out)})


class NoPlotly:
    """A page without the library for its charts."""

    def write(self, _path: str) -> None:
        raise MissingLibrary("The chart needs plotly.")


def test_a_page_without_plotly_is_only_a_warning(raster, out):
    feedback = Feedback()
    asked = everything(out)
    results = call(toy(sheet=NoPlotly), {"INPUT": [raster], **asked}, feedback)
    assert feedback.warnings == ["The chart needs plotly."]
    assert set(results) == set(asked) - {"PAGE"}
    assert (out / "page.html").read_text() == "old page.html"


def test_a_raster_without_a_value_is_said(tmp_path):
    empty = write_raster(tmp_path / "npp_2001.tif", np.full((2, 2), -1.0), nodata=-1.0)
    feedback = Feedback()
    call(toy(), {"INPUT": [empty], "MAP": str(tmp_path / "map.tif")}, feedback)
    assert [text.split(":")[0] for text in feedback.warnings] == ["No pixel has a result"]
    assert "too few or allow none" in feedback.warnings[0]  # such as constant pixels where a ratio is asked for


# Databases ------------------------------------------------------------------------------------------------------------


def database(path, table: str) -> str:
    return f"ogr:dbname='{path}' table=\"{table}\""


def tables(path) -> dict:
    """The number of rows of each table of a GeoPackage."""
    source = ogr.Open(str(path))
    return {layer.GetName(): layer.GetFeatureCount() for layer in source}


@pytest.fixture
def existing(tmp_path):
    """A GeoPackage with a table."""
    call(toy(), {"TABLE": str(tmp_path / "db" / "old.gpkg")})
    return tmp_path / "db" / "old.gpkg"


def test_tables_of_a_new_and_of_an_existing_database(existing, tmp_path):
    new = tmp_path / "fresh" / "new.gpkg"
    results = call(toy(), {"TABLE": database(new, "a"), "SECOND": database(existing, "b")})
    assert results == {"TABLE": f"{new}|layername=a", "SECOND": f"{existing}|layername=b"}
    assert rows(results["TABLE"]) == rows(results["SECOND"]) == [(1, "one"), (2, None)]
    assert tables(new) == {"a": 2} and tables(existing) == {"old": 2, "b": 2}
    for folder in (new.parent, existing.parent):
        assert len(os.listdir(folder)) == 1


def test_two_tables_of_one_database(tmp_path):
    path = tmp_path / "new.gpkg"
    call(toy(), {"TABLE": database(path, "a"), "SECOND": database(path, "b")})
    assert tables(path) == {"a": 2, "b": 2}


@pytest.mark.parametrize("stage", STAGES)
def test_an_error_leaves_databases_alone(raster, existing, tmp_path, unchanged, stage):
    unchanged()
    asked = {"TABLE": database(existing, "a"), "SECOND": database(tmp_path / "new" / "new.gpkg", "b")}
    with pytest.raises(REFUSED):
        call(breaking(stage, stop), {"INPUT": [raster], **asked})


@pytest.mark.parametrize("into", ["existing", "new"])
def test_a_database_gets_its_old_content_back(existing, tmp_path, monkeypatch, into):
    """The first table is in the database when the second fails."""
    second = existing if into == "existing" else tmp_path / "new.gpkg"
    asked = {"MAP": str(tmp_path / "map.tif"), "TABLE": database(existing, "old"), "SECOND": database(second, "b")}
    with closing(sqlite3.connect(existing)) as before:
        content = list(before.iterdump())
    fill, seen = outputs.fill, []

    def fails(name, *rest):
        fill(name, *rest)
        if name == "SECOND":
            seen.append(tables(second))
            stop(None)

    monkeypatch.setattr(outputs, "fill", fails)
    raster = write_raster(tmp_path / "in" / "npp_2001.tif", np.ones((2, 2)))
    with pytest.raises(REFUSED, match="Stopped on purpose"):
        call(toy(), {"INPUT": [raster], **asked})
    assert "b" in seen[0], "the table was not there yet: the test shows nothing"
    with closing(sqlite3.connect(existing)) as after:
        assert list(after.iterdump()) == content
    assert sorted(os.listdir(tmp_path)) == ["db", "in"]
    assert os.listdir(existing.parent) == ["old.gpkg"]


def test_databases_are_written_when_files_are_in_place(existing, tmp_path):
    """So that a file that cannot take its place leaves the database alone."""
    with closing(sqlite3.connect(existing)) as before:
        content = list(before.iterdump())
    (tmp_path / "folder" / "inside.tif").mkdir(parents=True)
    with pytest.raises(REFUSED, match="inside.tif cannot be replaced"):
        call(toy(), {"TABLE": database(existing, "a"), "FOLDER": str(tmp_path / "folder")})
    with closing(sqlite3.connect(existing)) as after:
        assert list(after.iterdump()) == content
