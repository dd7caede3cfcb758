"""A file whose end may be missing is found."""

from __future__ import annotations

import errno

import pytest
from testkit.disk import full_disk

from nep_toolbox.errors import OutputError
from nep_toolbox.raster.disk import full_disk_error, require_room

CONTENT = b"all of it"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(CONTENT)
    return path


def test_a_file_stays_what_it_is(file):
    require_room(str(file), "t.csv")
    assert file.read_bytes() == CONTENT


@pytest.mark.parametrize("room", [0, len(CONTENT), len(CONTENT) + 4096])
def test_a_full_disk(file, room):
    """Also where the last block still has a little room."""
    with full_disk(room), pytest.raises(OutputError, match="^table cannot be written: File too large. Free space"):
        require_room(str(file), "table")
    assert file.read_bytes() == CONTENT


def test_errors_of_a_full_disk_are_told_from_others():
    told = full_disk_error(OSError(errno.ENOSPC, "No space left on device", "a.qml"), "out")
    assert str(told) == (
        "a.qml cannot be written: No space left on device. Free space on the disk or choose another file."
    )
    assert str(full_disk_error(OSError(errno.EFBIG, "Too large", "from", None, "to"), "out")).startswith("to cannot")
    assert str(full_disk_error(OSError(errno.EFBIG, "File too large"), "out")).startswith("out cannot")
    assert full_disk_error(OSError(errno.ENOENT, "No such file"), "out") is None
    assert full_disk_error(ValueError("a"), "out") is None is full_disk_error(None, "out")
