"""What a dead run has left is removed, and only that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from testkit.files import contents

from nep_toolbox.raster import leftovers
from nep_toolbox.raster.leftovers import PREFIX, Hidden, sweep
from nep_toolbox.raster.staging import Staging

PROJECT = Path(__file__).resolve().parents[2]

#: Builds two results beside each other and dies at the n-th of the calls that change a file in the commit.
DYING = """
import os, signal, sys
from nep_toolbox.raster.staging import Staging
folder, count = sys.argv[1], int(sys.argv[2])
staging = Staging()
for name in ("a.tif", "b.csv", "c.shp", "c.dbf"):
    with open(staging.file(os.path.join(folder, name), name == "a.tif"), "w") as file:
        file.write("new " + name)
calls = 0
def dying(function):
    def called(*arguments, **options):
        global calls
        calls += 1
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return called
for name in ("link", "replace", "remove", "mkdir", "rmdir"):
    setattr(os, name, dying(getattr(os, name)))
staging.commit()
print(calls)
"""

NAMES = ("a.tif", "b.csv", "c.shp", "c.dbf")


def child(program: str, *arguments):
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], cwd=PROJECT, capture_output=True, text=True, timeout=60,
        env=dict(os.environ, PYTHONPATH=str(PROJECT), PYTHONDONTWRITEBYTECODE="1"), check=False,
    )


def hidden(folder) -> list:
    return [name for name in os.listdir(folder) if name.startswith(PREFIX)]


def test_killed_at_any_moment_of_the_commit(tmp_path):
    """At once each result is the old or the new one, complete; after the next run all are old, or all are new."""
    old = {**{name: f"old {name}".encode() for name in NAMES}, "a.qml": b"old style", "c.qix": b"old index"}
    new = {name: f"new {name}".encode() for name in NAMES}
    ends, count = [], 0
    while not ends or ends[-1].returncode:
        count += 1
        folder = tmp_path / str(count)
        folder.mkdir()
        for name, text in old.items():
            (folder / name).write_bytes(text)
        ends.append(child(DYING, folder, count))
        if ends[-1].returncode == 0:
            break
        assert ends[-1].returncode == -signal.SIGKILL, ends[-1].stderr
        for name in NAMES:
            assert (folder / name).read_bytes() in (old[name], new[name])
        left = hidden(folder)
        Staging().file(str(folder / "other.csv"))
        found = {name: text for name, text in contents(folder).items() if not name.startswith(PREFIX)}
        assert found in (old, new), f"a mixture after call {count}"
        assert not set(left) & set(hidden(folder))
    assert len(ends) > 12
    assert contents(folder) == new


def test_what_somebody_has_changed_since_stays(tmp_path):
    (tmp_path / "a.tif").write_text("old")
    (tmp_path / "b.csv").write_text("old")
    for count in range(1, 40):
        child(DYING, tmp_path, count)
        if (tmp_path / "a.tif").read_text() != "old":
            break
    (tmp_path / "a.tif").write_text("edited by hand")
    assert sweep(str(tmp_path)) and hidden(tmp_path) == []
    assert (tmp_path / "a.tif").read_text() == "edited by hand" and (tmp_path / "b.csv").read_text() == "old"


def test_where_a_disk_knows_no_second_name_for_a_file(tmp_path, monkeypatch):
    def refuse(*_names, **_options):
        raise OSError("not supported")

    (tmp_path / "a.tif").write_text("old")
    (tmp_path / "z.csv").mkdir()
    monkeypatch.setattr(os, "link", refuse)
    for names, text in ((("a.tif", "z.csv"), "old"), (("a.tif",), "new")):
        staging = Staging()
        for name in names:
            Path(staging.file(str(tmp_path / name))).write_text("new", encoding="utf-8")
        if len(names) == 2:
            with pytest.raises(ValueError, match="z.csv cannot be replaced"):
                staging.commit()
        else:
            staging.commit()
        assert (tmp_path / "a.tif").read_text() == text and hidden(tmp_path) == []


WAITING = """
import sys, time
from nep_toolbox.raster.leftovers import Hidden
print(Hidden(sys.argv[1]).path, flush=True)
time.sleep(10)
"""


def test_a_living_run_keeps_its_folder_and_a_dead_one_does_not(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as process:
        path = process.stdout.readline().strip()
        assert os.path.isdir(path) and sweep(str(tmp_path)) == []
        process.kill()
    assert sweep(str(tmp_path)) == [path] and os.listdir(tmp_path) == []


def test_one_of_this_process_stays(tmp_path):
    mine = Hidden(str(tmp_path))
    assert sweep(str(tmp_path)) == [] and os.path.isdir(mine.path)
    mine.remove()
    assert os.listdir(tmp_path) == []


def test_one_of_another_machine_stays(tmp_path, monkeypatch):
    done = child(WAITING.replace("time.sleep(10)", ""), tmp_path)
    machine = leftovers._machine()
    monkeypatch.setattr(leftovers, "_machine", lambda: b"another " + machine)
    assert sweep(str(tmp_path)) == []
    monkeypatch.undo()
    assert sweep(str(tmp_path)) == [done.stdout.strip()]


def test_what_nobody_has_locked_stays(tmp_path):
    """A folder of another program, or of a disk without locks."""
    (tmp_path / f"{PREFIX}mine" / "deep").mkdir(parents=True)
    (tmp_path / f"{PREFIX}file").write_text("mine")
    os.symlink(tmp_path / f"{PREFIX}mine", tmp_path / f"{PREFIX}link")
    before = sorted(os.listdir(tmp_path))
    assert sweep(str(tmp_path)) == [] and sorted(os.listdir(tmp_path)) == before


def test_a_made_up_address_of_the_machine_does_not_count(monkeypatch):
    """Python makes up another one in each process where it finds no network card."""
    told = []
    for node in (1 << 40 | 5, 1 << 40 | 7, 5):
        monkeypatch.setattr(leftovers.uuid, "getnode", lambda node=node: node)
        told.append(leftovers._machine())
    assert told[0] == told[1] != told[2]
