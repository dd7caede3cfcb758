"""Whole HDF4 files, and those that break off."""

from __future__ import annotations

import struct

import pytest

from nep_toolbox.raster.ingest.hdf4 import MAGIC, is_hdf4, is_whole


def hdf4(*descriptors, following=0) -> bytes:
    """The start of a file: its one block of (tag, reference, start, length), as the specification lays it out."""
    rows = b"".join(struct.pack(">HHII", *descriptor) for descriptor in descriptors)
    return MAGIC + struct.pack(">HI", len(descriptors), following) + rows


def test_whole_granules_are_whole(shared):
    paths = list((shared / "data/modis_hdf").glob("*.hdf"))
    assert len(paths) == 4
    assert all(is_hdf4(str(path)) and is_whole(str(path)) for path in paths)


@pytest.mark.parametrize("rest", [b"", b"\0" * 100, b"\0\1\0\0\0\4" + b"\0" * 12])
def test_headers_that_lead_nowhere(tmp_path, rest):
    path = tmp_path / "x.hdf"
    path.write_bytes(MAGIC + rest)
    assert is_hdf4(str(path)) and not is_whole(str(path))


def test_data_must_lie_within_the_file(tmp_path):
    path = tmp_path / "x.hdf"
    start = hdf4((720, 1, 22, 8))  # 22 bytes
    for count, whole in ((8, True), (9, True), (7, False), (0, False)):
        path.write_bytes(start + b"\0" * count)
        assert is_whole(str(path)) is whole, count


def test_descriptors_that_hold_nothing_are_passed_over(tmp_path):
    path = tmp_path / "x.hdf"
    path.write_bytes(hdf4((1, 0, 999, 999), (720, 1, 0xFFFFFFFF, 4), (720, 2, 4, 0xFFFFFFFF)))
    assert is_whole(str(path))


def test_linked_blocks(tmp_path):
    path = tmp_path / "x.hdf"
    first = hdf4((1, 0, 0, 0), following=22)
    second = struct.pack(">HI", 1, 0) + struct.pack(">HHII", 720, 1, 40, 4)
    path.write_bytes(first + second + b"data")
    assert is_whole(str(path))
    path.write_bytes(first + second + b"dat")
    assert not is_whole(str(path))
    path.write_bytes(hdf4((1, 0, 0, 0), following=4))  # a circle
    assert not is_whole(str(path))


@pytest.mark.parametrize("name, expected", [
    ("a.hdf", True), ("a.HDF4", True), ("a.tif", False), ('HDF4_EOS:EOS_GRID:"a":b:c', True),
])
def test_a_file_that_cannot_be_read_is_told_by_its_name(tmp_path, monkeypatch, name, expected):
    monkeypatch.chdir(tmp_path)
    assert is_hdf4(name) is expected
