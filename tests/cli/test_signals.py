"""Ctrl+C and an order to end at the command line, and a kill: what is left, and what the exit status says."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from testkit.files import contents
from testkit.rasters import write_raster

from nep_toolbox.raster.leftovers import PREFIX

PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="qgis_process is not installed"),
    pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals"),
]


@pytest.fixture(scope="module")
def series(tmp_path_factory) -> str:
    """A raster that takes seconds."""
    folder = tmp_path_factory.mktemp("series")
    values = np.random.default_rng(1).normal(size=(20, 700, 700)).astype(np.float32)
    return write_raster(folder / "npp_2001-2020.tif", values)


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict:
    found = dict(
        os.environ, QGIS_PLUGINPATH=str(Path(__file__).resolve().parents[2]), QT_QPA_PLATFORM="offscreen",
        QGIS_CUSTOM_CONFIG_PATH=str(tmp_path_factory.mktemp("profile")), GDAL_PAM_ENABLED="NO",
        PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8",
    )
    subprocess.run([PROGRAM, "plugins", "enable", "nep_toolbox"], env=found, capture_output=True, check=True)
    return found


def start(environment, series, folder):
    return subprocess.Popen(
        [PROGRAM, "run", "nep:trend", f"--INPUT={series}", "--CORRECTION=1", "--MEMORY=16", "--THREADS=1",
         f"--SLOPE={folder / 'slope.tif'}", f"--TABLE={folder / 'table.csv'}"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )


def until(process, words: str) -> str:
    """What a process says up to a line that holds these words."""
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"{words!r} was not said:\n{said}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("words", ["time steps", "Blocks of"])
def test_a_signal_leaves_nothing_behind(environment, series, tmp_path, number, words):
    (tmp_path / "slope.tif").write_bytes(b"an earlier result")
    with start(environment, series, tmp_path) as process:
        said = until(process, words)
        process.send_signal(number)
        said += process.communicate(timeout=60)[0]
    assert process.returncode == 1, said
    assert f"Stopped by {signal.Signals(number).name}: nothing was written" in said and "Traceback" not in said
    assert contents(tmp_path) == {"slope.tif": b"an earlier result"} and os.listdir(tmp_path) == ["slope.tif"]


def test_the_next_run_removes_what_a_killed_one_has_left(environment, series, tmp_path):
    (tmp_path / "slope.tif").write_bytes(b"an earlier result")
    with start(environment, series, tmp_path) as process:
        until(process, "Blocks of")
        process.kill()
        process.communicate(timeout=60)
    left = [name for name in os.listdir(tmp_path) if name.startswith(PREFIX)]
    assert left and (tmp_path / "slope.tif").read_bytes() == b"an earlier result"
    with start(environment, series, tmp_path) as process:
        said = process.communicate(timeout=120)[0]
    assert process.returncode == 0, said
    assert f"Removed what a run that had been killed left behind: {tmp_path / left[0]}" in said
    assert sorted(os.listdir(tmp_path)) == ["slope.qml", "slope.tif", "table.csv", "table.csvt"]
