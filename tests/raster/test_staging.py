"""Results take their places together: all of them, or none."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing

import pytest
from testkit.files import contents

from nep_toolbox.errors import OutputError
from nep_toolbox.raster.leftovers import PREFIX
from nep_toolbox.raster.staging import Staging, parts_of, stale_companions


def build(path: str, text: str = "new") -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def put(folder, **files) -> None:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")


def listed(folder) -> list:
    return sorted(os.listdir(folder))


def test_nothing_is_seen_until_all_is_there(tmp_path):
    staging = Staging()
    first = staging.file(str(tmp_path / "a.tif"), raster=True)
    build(first)
    second = staging.file(str(tmp_path / "b.csv"))
    build(second)
    assert os.path.basename(first) == "a.tif" and os.path.basename(second) == "b.csv"
    assert [name for name in listed(tmp_path) if not name.startswith(PREFIX)] == []
    staging.commit()
    assert listed(tmp_path) == ["a.tif", "b.csv"]
    assert (tmp_path / "a.tif").read_text() == "new"


def test_what_was_there_is_replaced_at_the_end(tmp_path):
    put(tmp_path, a_tif="old", b_csv="old")
    staging = Staging()
    build(staging.file(str(tmp_path / "a.tif"), raster=True))
    build(staging.file(str(tmp_path / "b.csv")))
    assert (tmp_path / "a.tif").read_text() == (tmp_path / "b.csv").read_text() == "old"
    staging.commit()
    assert contents(tmp_path) == {"a.tif": b"new", "b.csv": b"new"}


def test_abort_leaves_everything_as_it_was(tmp_path):
    put(tmp_path, a_tif="old", a_qml="style")
    staging = Staging()
    build(staging.file(str(tmp_path / "a.tif"), raster=True))
    build(os.path.join(staging.folder(str(tmp_path / "new" / "deep")), "x.tif"))
    staging.abort()
    assert contents(tmp_path) == {"a.tif": b"old", "a.qml": b"style"}
    assert listed(tmp_path) == ["a.qml", "a.tif"], "a folder that was made stayed"


def test_one_that_cannot_take_its_place_takes_all_back(tmp_path):
    put(tmp_path, a_tif="old", a_qml="style")
    (tmp_path / "z.csv").mkdir()
    before = contents(tmp_path)
    staging = Staging()
    for name in ("a.tif", "b.tif", "z.csv"):
        build(staging.file(str(tmp_path / name), raster=name.endswith(".tif")))
    with pytest.raises(OutputError, match="z.csv cannot be replaced: Is a directory. .*choose another file name"):
        staging.commit()
    assert contents(tmp_path) == before
    assert listed(tmp_path) == ["a.qml", "a.tif", "z.csv"]


def test_old_companions_of_a_raster_go(tmp_path):
    put(tmp_path, a_tif="old", a_qml="old", a_tif_aux_xml="old", a_tif_ovr="old", a_tif_msk="old", b_qml="old",
        a_txt="old")
    staging = Staging()
    build(staging.file(str(tmp_path / "a.tif"), raster=True))
    staging.commit()
    assert listed(tmp_path) == ["a.tif", "a.txt", "b.qml"]


@pytest.mark.parametrize("name", ["a.tif", "a.sdat", "a.asc"])
def test_new_companions_come_along(tmp_path, name):
    put(tmp_path, a_qml="old")
    staging = Staging()
    path = staging.file(str(tmp_path / name), raster=True)
    build(path)
    build(os.path.splitext(path)[0] + ".qml", "new style")
    staging.commit()
    assert contents(tmp_path) == {name: b"new", "a.qml": b"new style"}


def test_the_style_of_a_raster_is_not_that_of_a_table(tmp_path):
    put(tmp_path, a_tif="raster", a_qml="style")
    staging = Staging()
    build(staging.file(str(tmp_path / "a.csv")))
    staging.commit()
    assert contents(tmp_path) == {"a.tif": b"raster", "a.qml": b"style", "a.csv": b"new"}


def test_the_journal_of_an_old_database_goes(tmp_path):
    """SQLite would play it back into the new file."""
    (tmp_path / "a.gpkg").write_text("old")
    (tmp_path / "a.gpkg-wal").write_text("old")
    staging = Staging()
    build(staging.file(str(tmp_path / "a.gpkg")))
    staging.commit()
    assert listed(tmp_path) == ["a.gpkg"]


def test_a_folder_keeps_its_other_files(tmp_path):
    target = tmp_path / "out"
    (target / "monthly").mkdir(parents=True)
    put(target, a_tif="old", a_qml="old", notes_txt="mine", data_gpkg="old", data_qml="mine")
    staging = Staging()
    stage = staging.folder(str(target))
    build(os.path.join(stage, "a.tif"))
    build(os.path.join(stage, "data.gpkg"))
    os.mkdir(os.path.join(stage, "monthly"))
    build(os.path.join(stage, "monthly", "b.tif"))
    staging.commit()
    assert contents(target) == {
        "a.tif": b"new", "notes.txt": b"mine", "data.gpkg": b"new", "data.qml": b"mine", "monthly/b.tif": b"new",
    }
    assert listed(tmp_path) == ["out"]


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match="Nothing can be written to .*file.*Choose another folder"):
        Staging().file(str(tmp_path / "file" / "a.tif"))


def test_folders_that_are_missing_are_made(tmp_path):
    staging = Staging()
    build(staging.file(str(tmp_path / "数据 空格" / "新" / "a.csv")))
    staging.commit()
    assert (tmp_path / "数据 空格" / "新" / "a.csv").read_text() == "new"


def test_a_file_below_a_file_and_a_drive_that_is_not_there(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="Nothing can be written to .*deeper: Not a directory"):
        Staging().file(str(tmp_path / "file" / "deeper" / "a.tif"))
    monkeypatch.setattr(os.path, "isdir", lambda _path: False)
    monkeypatch.setattr(os.path, "lexists", lambda _path: False)
    with pytest.raises(OutputError, match="No such file or directory"):
        Staging().file("/gone/a.tif")


def test_a_folder_that_exists_is_filled_from_inside(tmp_path):
    """It may be the root of a disk, beside which nothing can be written."""
    target = tmp_path / "disk"
    target.mkdir()
    staging = Staging()
    stage = staging.folder(str(target))
    assert os.path.commonpath([stage, target]) == str(target) and listed(tmp_path) == ["disk"]
    build(os.path.join(stage, "a.tif"))
    staging.commit()
    assert contents(tmp_path) == {"disk/a.tif": b"new"} and listed(target) == ["a.tif"]


def test_a_file_is_no_folder(tmp_path):
    put(tmp_path, a_tif="old")
    with pytest.raises(OutputError, match="a.tif is a file. Choose a folder."):
        Staging().folder(str(tmp_path / "a.tif"))


def test_the_old_parts_of_a_format_of_several_files_go(tmp_path):
    for name in ("a.shp", "a.dbf", "a.qix", "a.csv"):
        (tmp_path / name).write_text("old")
    staging = Staging()
    path = staging.file(str(tmp_path / "a.shp"))
    for ending in (".shp", ".dbf", ".shx"):
        build(os.path.splitext(path)[0] + ending)
    staging.commit()
    assert contents(tmp_path) == {"a.shp": b"new", "a.dbf": b"new", "a.shx": b"new", "a.csv": b"old"}


def test_parts():
    assert {"a.shp", "a.dbf", "a.shx"} <= set(parts_of("a.shp")) == set(parts_of("a.dbf"))
    assert parts_of("x/a.TAB")[0] == "x/a.TAB" and "x/a.dat" in parts_of("x/a.TAB")
    assert parts_of("a.tif") == ["a.tif"]


def rows(path) -> list:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT a FROM t ORDER BY a").fetchall()


def insert(path, value: int) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE IF NOT EXISTS t (a INTEGER)")
        database.execute("INSERT INTO t VALUES (?)", (value,))
        database.commit()


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("opened", [False, True])
def test_databases_are_added_to_last(tmp_path, fails, opened):
    """Another program may have the database open, with changes that are still in its journal."""
    old, new = str(tmp_path / "old.gpkg"), str(tmp_path / "new" / "new.gpkg")
    insert(old, 1)
    reader = sqlite3.connect(old)
    if opened:
        reader.execute("PRAGMA journal_mode = WAL")
        reader.execute("INSERT INTO t VALUES (2)")
        reader.commit()
    before = rows(old)
    staging = Staging()
    build(staging.file(str(tmp_path / "a.csv")))
    for path in (old, new, new):
        staging.database(path)

    def add():
        assert (tmp_path / "a.csv").read_text() == "new"
        insert(old, 3)
        insert(new, 4)
        if fails:
            raise KeyError("on purpose")

    if fails:
        with pytest.raises(KeyError):
            staging.commit((add,))
        assert rows(old) == reader.execute("SELECT a FROM t ORDER BY a").fetchall() == before
        assert not os.path.exists(tmp_path / "a.csv") and not os.path.exists(tmp_path / "new")
    else:
        staging.commit((add,))
        assert rows(old) == [*before, (3,)] and rows(new) == [(4,)]
    reader.close()
    assert [name for name in listed(tmp_path) if name.startswith(PREFIX)] == []


def test_what_is_no_database(tmp_path):
    (tmp_path / "text.gpkg").write_text("no database at all, but long enough to be looked at" * 20)
    staging = Staging()
    staging.database(str(tmp_path / "text.gpkg"))
    with pytest.raises(OutputError, match="text.gpkg cannot be written to: file is not a database"):
        staging.commit()
    assert (tmp_path / "text.gpkg").read_text().startswith("no database") and listed(tmp_path) == ["text.gpkg"]


def test_a_database_that_may_not_be_written(tmp_path, monkeypatch):
    (tmp_path / "old.gpkg").write_text("old")
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(OutputError, match="old.gpkg cannot be written to: it is read-only"):
        Staging().database(str(tmp_path / "old.gpkg"))


def test_which_files_describe_an_old_target():
    assert stale_companions("/x/a.b.tif", raster=True) == [
        "/x/a.b.tif.aux.xml", "/x/a.b.tif.ovr", "/x/a.b.tif.msk", "/x/a.b.qml",
    ]
    assert stale_companions("/x/a.gpkg", raster=False) == ["/x/a.gpkg-wal", "/x/a.gpkg-shm", "/x/a.gpkg-journal"]


@pytest.mark.parametrize("end", [Staging.abort, Staging.commit])
def test_a_hidden_folder_that_somebody_has_deleted(tmp_path, end):
    staging = Staging()
    shutil.rmtree(os.path.dirname(staging.file(str(tmp_path / "a.tif"), raster=True)))
    for folder in tmp_path.iterdir():
        shutil.rmtree(folder)
    end(staging)
    assert listed(tmp_path) == []


def test_a_link_to_a_folder_is_replaced_and_the_folder_stays(tmp_path):
    (tmp_path / "folder").mkdir()
    put(tmp_path / "folder", a_txt="mine")
    os.symlink(tmp_path / "folder", tmp_path / "a.csv")
    staging = Staging()
    build(staging.file(str(tmp_path / "a.csv")))
    staging.commit()
    assert contents(tmp_path) == {"a.csv": b"new", "folder/a.txt": b"mine"}
