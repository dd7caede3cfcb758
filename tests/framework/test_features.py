"""A file of features holds all that was given, or the run fails."""

from __future__ import annotations

import os

import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsFields,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import NULL
from testkit.disk import full_disk
from testkit.files import contents
from testkit.tools import Feedback, table
from testkit.toy import call, toy

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.errors import Cancelled, InvalidParameter, OutputError
from nep_toolbox.framework.features import (
    Stream,
    describe_columns,
    read_features,
    require_complete,
    source_of,
    text_of,
    write_file,
)
from nep_toolbox.qgis_compat import field

pytestmark = pytest.mark.usefixtures("qgis_app")

COLUMNS = {"code": "integer", "pixels": "count", "name": "text", "mean": "number", "is_source": "boolean"}
ROWS = [(year, 2**40 + year, f"{year}", year / 8, year % 2 == 0) for year in range(2001, 2021)]
ROWS += [(2021, None, None, float("nan"), None)]

TABLES = ["csv", "gpkg", "shp", "dbf", "geojson", "xlsx", "ods", "sqlite", "tab", "gml"]
# Of KML, GDAL 3.10 and later give no rows without a place.
POINTS = [*TABLES, "kml", "fgb"]


def table_tool():
    """A tool with a table of every kind of column."""
    return toy(columns=COLUMNS, rows=ROWS)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """The sizes of the files of a complete result, by parameter and ending."""
    found: dict = {}

    def sizes(name: str, ending: str, parameters: dict) -> list:
        if (name, ending) not in found:
            folder = tmp_path_factory.mktemp("whole")
            call(table_tool(), {**parameters, name: str(folder / f"t.{ending}")})
            found[name, ending] = sorted({path.stat().st_size for path in folder.iterdir()})
        return found[name, ending]

    return sizes


def require_failure(name: str, ending: str, parameters: dict, room: int, folder) -> None:
    """The run must fail with the disk full after so many bytes, and leave what was there."""
    before = contents(folder)
    with full_disk(room), pytest.raises(QgsProcessingException) as caught:
        call(table_tool(), {**parameters, name: str(folder / f"t.{ending}")})
    assert contents(folder) == before
    message = str(caught.value)
    assert message.endswith(".") and ".nep-" not in message
    assert any(known in message for known in ("t.", name, f"written to {folder}:")), message


@pytest.mark.parametrize(
    ("name", "ending"), [*(("TABLE", ending) for ending in TABLES), *(("POINTS", ending) for ending in POINTS)]
)
def test_a_full_disk(raster, tmp_path, parts, name, ending):
    """Wherever the disk is full: before the first byte, in the middle of each file of the result, before the last."""
    parameters = {"INPUT": [raster]} if name == "POINTS" else {}
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / f"t.{ending}").write_text("old", encoding="utf-8")
    sizes = parts(name, ending, parameters)
    rooms = {0, 1, sizes[-1] - 1, sizes[-1]}
    for size in sizes:
        rooms |= {size // 2, size - 1}
    for room in sorted(rooms):
        require_failure(name, ending, parameters, room, tmp_path / "out")


def test_a_csv_at_every_byte(tmp_path, parts):
    """A text that ends early is a good text: only looking tells."""
    (size, *_more) = parts("TABLE", "csv", {})[-1:]
    for room in range(0, size + 1, 7):
        require_failure("TABLE", "csv", {}, room, tmp_path)


def test_a_table_in_a_database_on_a_full_disk(tmp_path):
    path = tmp_path / "db.gpkg"
    call(toy(), {"TABLE": f"ogr:dbname='{path}' table=\"old\""})
    size = path.stat().st_size
    for room in (0, size // 2, size, size + 4096):
        with full_disk(room), pytest.raises(QgsProcessingException):
            call(table_tool(), {"TABLE": f"ogr:dbname='{path}' table=\"new\""})
        source = gdal.OpenEx(str(path))
        assert [source.GetLayer(n).GetName() for n in range(source.GetLayerCount())] == ["old"], room
        assert source.GetLayer(0).GetFeatureCount() == 2
    assert os.listdir(tmp_path) == ["db.gpkg"]


def test_a_format_that_holds_no_table(tmp_path):
    """FlatGeobuf takes rows without geometry and gives none back; what cannot be read again is no result."""
    told = "t.fgb cannot be written: 0 of 2 rows .+ GeoPackage|cannot be written: Feature creation error"
    with pytest.raises(QgsProcessingException, match=told):
        call(toy(), {"TABLE": str(tmp_path / "t.fgb")})
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("part", ["shp", "dbf"])
def test_a_shapefile_that_ends_early(raster, tmp_path, part):
    """QGIS gives the features that are left, or gives them without geometry."""
    path = call(toy(), {"INPUT": [raster], "LINE": str(tmp_path / "line.shp")})["LINE"]
    os.truncate(tmp_path / f"line.{part}", os.path.getsize(tmp_path / f"line.{part}") - 20)
    layer = QgsVectorLayer(path, "mine", "ogr")
    list(layer.getFeatures())  # no error
    with pytest.raises(InvalidParameter, match="'mine' is damaged or incomplete: .+ Copy or download"):
        list(read_features(layer_source(layer), QgsFeatureRequest()))


def layer_source(layer) -> QgsProcessingFeatureSource:
    return QgsProcessingFeatureSource(layer, QgsProcessingContext())


def test_missing_rows_are_counted(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    require_complete(str(path), 2, "t.csv")
    with pytest.raises(OutputError, match="^table cannot be written: 2 of 3 rows can be read"):
        require_complete(str(path), 3, "table")
    with pytest.raises(OutputError, match="0 of 1 rows"):
        require_complete(str(tmp_path / "absent.csv"), 1, "table")


@pytest.mark.parametrize("ending", TABLES)
def test_what_a_result_is_called_opens_it(tmp_path, ending):
    source = call(table_tool(), {"TABLE": str(tmp_path / f"t.{ending}")})["TABLE"]
    layer = QgsVectorLayer(source, "t", "ogr")
    assert layer.isValid() and layer.featureCount() == len(ROWS)


def test_a_csv_keeps_the_kinds_of_its_columns(tmp_path):
    path = str(tmp_path / "t.csv")
    call(table_tool(), {"TABLE": path})
    assert sorted(os.listdir(tmp_path)) == ["t.csv", "t.csvt"]
    layer = QgsVectorLayer(path, "t", "ogr")
    assert [each.type() for each in layer.fields()] == [field("x", kind).type() for kind in COLUMNS.values()]
    rows = [feature.attributes() for feature in layer.getFeatures()]
    assert rows[:-1] == [list(row) for row in ROWS[:-1]]
    assert rows[-1][0] == 2021 and not any(rows[-1][1:])


def test_old_kinds_of_columns_go(tmp_path):
    path = str(tmp_path / "t.csv")
    call(table_tool(), {"TABLE": path})
    call(toy(), {"TABLE": path})
    assert [each.name() for each in QgsVectorLayer(path, "t", "ogr").fields()] == ["code", "name"]
    assert (tmp_path / "t.csvt").read_text() == '"Integer","String"\n'


def test_kinds_of_columns(tmp_path):
    describe_columns(str(tmp_path / "T.v2.CSV"), COLUMNS)
    assert (tmp_path / "T.v2.csvt").read_text() == '"Integer","Integer64","String","Real","Integer(Boolean)"\n'


@pytest.mark.parametrize(("ending", "told"), [("shp", True), ("dbf", True), ("gpkg", False), ("csv", False)])
def test_names_of_columns_that_a_shapefile_cuts_are_told(tmp_path, ending, told):
    feedback = Feedback()
    columns = {"increase_percent": "number", "增加的百分比": "number", "ten_letter": "number"}
    call(toy(columns=columns, rows=[(1.0, 2.0, 3.0)]), {"TABLE": str(tmp_path / f"t.{ending}")}, feedback)
    assert feedback.warnings == ([
        "t.dbf is a shapefile, which keeps 10 letters of the name of a column: 'increase_percent', '增加的百分比' are "
        "cut short. Save it as GeoPackage (.gpkg) or CSV (.csv) to keep the names."
    ] if told else [])


def test_sources(tmp_path):
    for name in ("a.dbf", "b.shp", "b.dbf", "c.sqlite"):
        (tmp_path / name).write_text("")
    found = [source_of(str(tmp_path / name), spatial) for name in ("a.shp", "b.shp", "c.sqlite")
             for spatial in (False, True)]
    assert [os.path.basename(each) for each in found] == [
        "a.dbf", "a.dbf", "b.shp", "b.shp", "c.sqlite|layername=c", "c.sqlite",
    ]


def test_a_stream_is_made_while_it_is_written_and_counted(tmp_path):
    taken = []

    def made():
        for number in range(25_000):
            taken.append(number)
            yield None, (number,)

    stream, fields = Stream(made()), QgsFields()
    fields.append(field("number", "integer"))
    assert len(stream) == 0 and not taken
    form = fields, QgsWkbTypes.Type.NoGeometry, QgsCoordinateReferenceSystem(), {}
    written = write_file("TABLE", str(tmp_path / "t.csv"), QgsProcessingContext(), form, stream)
    assert len(stream) == 25_000
    require_complete(written, len(stream), "t.csv")
    assert [row["number"] for row in table(written)] == [str(number) for number in taken]


def test_a_stream_and_the_rows_of_a_file_heed_a_cancel(tmp_path):
    with heeding(lambda: True), pytest.raises(Cancelled):
        list(Stream(iter([(None, (1,))])))
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n")
    with heeding(lambda: True), pytest.raises(Cancelled):
        require_complete(str(path), 1, "t.csv")


@pytest.mark.parametrize(("value", "text"), [
    (410100.0, "410100"), (1.5, "1.5"), (7, "7"), (" a ", "a"), (None, ""), (NULL, ""),
])
def test_values_as_text(value, text):
    assert text_of(value) == text
