"""A result of any tool that cannot be written is an error, and what was there before stays.

The disk is made full by the limit that the kernel sets to the size of files (`testkit.disk`), which takes no rights. A
folder to which nobody can write, not even root, is one below a file, and one of the kernel's own file system.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from examples import brief
from qgis.core import QgsProcessingContext
from testkit.contract import every_tool, needed, refused, require_readable, results_of
from testkit.disk import full_disk
from testkit.files import contents
from testkit.tools import destinations, run

pytestmark = pytest.mark.usefixtures("provider")


def sizes(identifier: str, given: dict, folder: Path) -> dict:
    """The size of the largest file of each result, by parameter, where all are made."""
    asked = destinations(identifier, folder)
    run(identifier, {**given, **asked})
    found = {}
    for name, target in asked.items():
        place = Path(target)
        files = list(place.rglob("*")) if place.is_dir() else [place]
        found[name] = max(file.stat().st_size for file in files)
    return found


@every_tool
def test_a_full_disk(identifier, province, tmp_path):
    """Each result alone, with room for the half of it; an old result stays."""
    given = brief(identifier, province)
    for name, size in sizes(identifier, given, tmp_path / "whole").items():
        folder = tmp_path / name
        folder.mkdir()
        target = Path(destinations(identifier, folder)[name])
        if target.suffix:
            target.write_text("old", encoding="utf-8")
        with full_disk(size // 2):
            asked = {**needed(identifier, tmp_path / "else"), name: str(target)}
            message = refused(identifier, {**given, **asked}, folder)
        require_readable(message, ("_200", *asked, *(Path(path).name for path in asked.values())))


@every_tool
@pytest.mark.parametrize("below", ["file", "/proc", "/proc/self/nowhere"])
def test_a_folder_that_cannot_be_written(identifier, province, tmp_path, below):
    (tmp_path / "file").write_text("mine")
    place = str(tmp_path / "file" / "x") if below == "file" else below
    given, context = {**brief(identifier, province), **needed(identifier, tmp_path / "else")}, QgsProcessingContext()
    for name, target in destinations(identifier, place).items():
        message = refused(identifier, {**given, name: target}, tmp_path, names=(place, name), context=context)
        assert "Nothing can be written" in message or "is a file" in message


@every_tool
def test_a_folder_in_place_of_a_file(identifier, province, tmp_path):
    given, context = {**brief(identifier, province), **needed(identifier, tmp_path / "else")}, QgsProcessingContext()
    for name in results_of(identifier):
        target = Path(destinations(identifier, tmp_path / name)[name])
        if target.suffix:
            target.mkdir(parents=True)
            refused(identifier, {**given, name: str(target)}, tmp_path, names=(target.name,), context=context)
            assert os.listdir(target) == []


@every_tool
def test_all_results_or_none(identifier, province, tmp_path):
    """The largest result does not fit: none of the others appears either."""
    given = brief(identifier, province)
    largest = max(sizes(identifier, given, tmp_path / "whole").values())
    before = contents(tmp_path / "whole")
    with full_disk(largest - 1):
        refused(identifier, {**given, **destinations(identifier, tmp_path / "whole")}, tmp_path / "whole")
    assert contents(tmp_path / "whole") == before
