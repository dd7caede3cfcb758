"""What a study remembers of its runs."""

from __future__ import annotations

import json
import math
import os

import numpy as np
import pytest

from nep_toolbox.algorithms.study._state import (
    DONE,
    FAILED,
    FILE,
    State,
    code_version,
    file_facts,
    fingerprint,
    plain,
    same_file,
)


@pytest.fixture
def folder(tmp_path):
    """A folder in which a step has left a raster and its style."""
    for name in ("a.tif", "a.qml"):
        (tmp_path / name).write_text(name)
    state = State(str(tmp_path))
    state.facts = {"settings": {"variable": "NEP"}}
    state.record("trend", {
        "state": DONE, "fingerprint": "f",
        "files": {name: file_facts(str(tmp_path / name)) for name in ("a.tif", "a.qml")},
    })
    state.write()
    return tmp_path


def test_a_later_run_knows_what_has_not_changed(folder):
    state = State(str(folder))
    assert state.unchanged("trend", "f") and not state.unchanged("trend", "g") and not state.unchanged("hurst", "f")
    (folder / "a.qml").write_text("another style")
    assert state.unchanged("trend", "f"), "a user may restyle a raster"
    (folder / "a.tif").write_text("other")
    assert not state.unchanged("trend", "f")
    os.remove(folder / "a.tif")
    assert not state.unchanged("trend", "f")


def test_a_step_that_failed_is_done_again(folder):
    state = State(str(folder))
    state.record("trend", {"state": FAILED, "fingerprint": "f", "files": {}})
    state.write()
    assert not State(str(folder)).unchanged("trend", "f")


def test_steps_not_come_to_stay_as_they_were(folder):
    state = State(str(folder))
    state.record("hurst", {"state": DONE})
    assert set(json.loads(state.text())["steps"]) == {"trend", "hurst"}


def test_stale_are_the_files_that_nobody_has_now(folder):
    state = State(str(folder))
    assert state.stale("trend", ("a.tif",)) == ["a.qml"]
    state.record("hurst", {"state": DONE, "files": {"a.qml": []}})
    assert state.stale("trend", ()) == ["a.tif"] and state.stale("centre", ()) == []


@pytest.mark.parametrize("text", ["", "{}", "[1", '{"steps": 1}'])
def test_a_file_that_cannot_be_read_is_none(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    assert State(str(tmp_path)).before == {}


def test_same_file(tmp_path):
    path = tmp_path / "a.tif"
    path.write_text("a")
    facts = file_facts(str(path))
    assert same_file(str(path), facts)
    os.utime(path, (1, 1))
    assert not same_file(str(path), facts) and not same_file(str(tmp_path / "b"), facts)


def test_plain_values():
    assert plain({1: (np.float32(0.5), math.nan, {np.int16(2)}, None, "a")}) == {"1": [0.5, None, [2], None, "a"]}


def test_a_fingerprint_tells_everything_apart():
    assert fingerprint("a", {"b": 1.0, "c": [2]}) == fingerprint("a", {"c": (2,), "b": 1.0})
    assert len({fingerprint(*each) for each in (("a",), ("b",), ("a", None), ("a", 1), ("a", "1"), ())}) == 6
    assert code_version() == code_version() and len(code_version()) == 32
