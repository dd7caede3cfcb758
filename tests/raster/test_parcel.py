"""The zip for workers: what is in it, and what tells one version from another."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nep_toolbox.raster import parcel

PROJECT = Path(__file__).resolve().parents[2]

#: In a process that finds the toolbox in a zip alone.
PROGRAM = """
import sys
sys.path[:0] = [{zip!r}]
from nep_toolbox.raster import engine, parcel
from nep_toolbox.core.trend import blocks
assert parcel.__file__.startswith({zip!r}), parcel.__file__
assert not {{"qgis", "dask"}} & set(sys.modules)
print(parcel.digest())
"""


def test_what_computes_blocks_and_nothing_else():
    names = list(parcel.sources())
    for name in ("__init__.py", "errors.py", "core/checkpoint.py", "core/trend/blocks.py", "raster/on_worker.py"):
        assert f"nep_toolbox/{name}" in names
    assert all(name.endswith(".py") and name.startswith("nep_toolbox/") for name in names)
    assert not [name for name in names if "/framework/" in name or "/algorithms/" in name]
    source = PROJECT / "nep_toolbox/core/checkpoint.py"
    assert parcel.sources()["nep_toolbox/core/checkpoint.py"] == source.read_bytes()


def test_out_of_the_zip_it_is_the_same_toolbox(tmp_path):
    package = tmp_path / "made" / "toolbox.zip"
    parcel.write_zip(parcel.sources(), package)
    program = PROGRAM.format(zip=str(package))
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert found.stdout.strip() == parcel.digest(), found.stderr


def test_the_same_bytes_at_any_time(tmp_path):
    contents = {"b.py": b"2", "a.py": b"1"}
    parcel.write_zip(contents, tmp_path / "one.zip", 1_700_000_001)
    parcel.write_zip(dict(sorted(contents.items())), tmp_path / "other.zip", 1_700_000_000)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert [entry.filename for entry in archive.infolist()] == ["a.py", "b.py"]
        assert archive.infolist()[0].date_time == (2023, 11, 14, 22, 13, 20)
    parcel.write_zip(contents, tmp_path / "old.zip", 0)
    with zipfile.ZipFile(tmp_path / "old.zip") as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


@pytest.mark.parametrize("changed", [
    {"a.py": b"1", "b.py": b"3"}, {"a.py": b"1"}, {"a.py": b"12", "b.py": b""}, {"a.py": b"1", "c.py": b"2"},
])
def test_a_digest_for_each_version(monkeypatch, changed):
    def digest_of(found: dict) -> str:
        monkeypatch.setattr(parcel, "sources", lambda: found)
        return parcel.digest.__wrapped__()

    first = {"a.py": b"1", "b.py": b"2"}
    assert digest_of(first) == digest_of(dict(reversed(first.items()))) != digest_of(changed)
