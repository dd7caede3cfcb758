"""A workbook is read back with GDAL's reader, which shares no code with the writer."""

from __future__ import annotations

import zipfile
from xml.etree import ElementTree

import pytest

from nep_toolbox.report.document import Sheet, write_workbook

ROWS = [
    ("郑州 & <b>", 2001, 382.7401, "a"),
    ("", 2002, None, " b "),
    ("c", -3, float("nan"), "x\x00\x0by\nz"),
    ("=1+1", 10**9, 1e-300, "1"),
]


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "tables.xlsx"
    write_workbook([
        Sheet("fig05_class_areas", ("Region", "Year", "Mean (gC m⁻² yr⁻¹)", "Text"), ROWS),
        Sheet("A name that is much longer than 31 letters", ("a",), [(1.5,)]),
        Sheet("a name that is much longer than 31 letters", ("a",), []),
        Sheet("q: [1]/*?", ("a",), [(2,)]),
    ], path)
    return path


def test_it_is_read_back(book):
    ogr = pytest.importorskip("osgeo.ogr")
    source = ogr.Open(str(book))
    assert [source.GetLayer(place).GetName() for place in range(source.GetLayerCount())] == [
        "fig05_class_areas", "A name that is much longer than", "a name that is much longer t 2", "q   1",
    ]
    layer = source.GetLayer(0)
    definition = layer.GetLayerDefn()
    fields = [definition.GetFieldDefn(place) for place in range(definition.GetFieldCount())]
    assert [field.GetName() for field in fields] == ["Region", "Year", "Mean (gC m⁻² yr⁻¹)", "Text"]
    assert [field.GetTypeName() for field in fields] == ["String", "Integer", "Real", "String"]
    read = [[feature.GetField(place) for place in range(4)] for feature in layer]
    assert read == [
        ["郑州 & <b>", 2001, 382.7401, "a"], [None, 2002, None, " b "], ["c", -3, None, "xy\nz"],
        ["=1+1", 10**9, 1e-300, "1"],
    ]


def test_every_part_is_xml_and_named(book):
    with zipfile.ZipFile(book) as file:
        assert file.testzip() is None
        roots = {name: ElementTree.fromstring(file.read(name)) for name in file.namelist()}
    types = {part.get("PartName") for part in roots["[Content_Types].xml"]} - {None}
    assert types == {f"/{name}" for name in roots if name.startswith("xl/") and not name.endswith(".rels")}
    targets = {f"xl/{part.get('Target')}" for part in roots["xl/_rels/workbook.xml.rels"]}
    assert targets == {name for name in roots if name.startswith("xl/") and "_rels" not in name} - {"xl/workbook.xml"}


def test_columns_beyond_z(tmp_path):
    ogr = pytest.importorskip("osgeo.ogr")
    headings = [f"c{place}" for place in range(60)]
    write_workbook([Sheet("wide", headings, [list(range(60))])], tmp_path / "wide.xlsx")
    source = ogr.Open(str(tmp_path / "wide.xlsx"))
    feature = source.GetLayer(0).GetNextFeature()
    assert [feature.GetField(name) for name in headings] == list(range(60))


def test_the_same_sheets_give_the_same_bytes(book, tmp_path):
    first = book.read_bytes()
    test = tmp_path / "again.xlsx"
    for path in (book, test):
        write_workbook([Sheet("x", ("a", "b"), [("1", 1)])], path)
    with zipfile.ZipFile(book) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert book.read_bytes() == test.read_bytes() != first
