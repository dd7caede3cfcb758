"""The tools through the real ``qgis_process``, as scripts and terminals use them. Each run starts QGIS: few runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from testkit.rasters import band_names, numbers, write_raster

PROJECT = Path(__file__).resolve().parents[2]
# On Debian `qgis_process` is a script that may start another display; the program itself stands beside it.
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="qgis_process is not installed")

YEARS = list(range(2001, 2011))
SLOPES = np.arange(-6.0, 6.0).reshape(3, 4)


@pytest.fixture(scope="module")
def qgis_process(tmp_path_factory):
    """Runs qgis_process with a profile of its own in which the plugin is switched on."""
    environment = dict(
        os.environ, QGIS_PLUGINPATH=str(PROJECT), QGIS_CUSTOM_CONFIG_PATH=str(tmp_path_factory.mktemp("profile")),
        QT_QPA_PLATFORM="offscreen", GDAL_PAM_ENABLED="NO", PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8",
    )

    def call(*arguments):
        return subprocess.run(
            [PROGRAM, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", timeout=120,
            env=environment, check=False,
        )

    enabled = call("plugins", "enable", "nep_toolbox")
    assert enabled.returncode == 0, enabled.stdout + enabled.stderr
    return call


@pytest.fixture(scope="module")
def series(tmp_path_factory) -> list:
    """Ten rasters, in a folder as people name them."""
    folder = tmp_path_factory.mktemp("数据 空格")
    return [write_raster(folder / f"NPP {year}.tif", 500 + SLOPES * (year - 2001)) for year in YEARS]


def test_listed_with_all_its_tools(qgis_process):
    listed = qgis_process("--json", "list")
    assert listed.returncode == 0, listed.stderr
    provider = json.loads(listed.stdout)["providers"]["nep"]
    assert {"nep:sampledata", "nep:respiration", "nep:productivity", "nep:trend"} <= set(provider["algorithms"])
    for facts in provider["algorithms"].values():
        assert facts["group"] and facts["name"]


def test_help_of_a_tool(qgis_process):
    shown = qgis_process("help", "nep:trend")
    assert shown.returncode == 0, shown.stderr
    for word in ("Trend (Theil-Sen, Mann-Kendall)", "MIN_OBSERVATIONS", "CORRECTION", "FIELD_SIGNIFICANCE", "SLOPE",
                 "Hamed and Rao", "Yue and Wang (2004)"):
        assert word in shown.stdout
    assert "Traceback" not in shown.stdout + shown.stderr


def test_files_by_repeated_keys_and_results_as_json(qgis_process, series, tmp_path):
    slope, table = tmp_path / "坡度 1.tif", tmp_path / "面积 表.csv"
    done = qgis_process(
        "--json", "run", "nep:trend", *(f"--INPUT={path}" for path in series[::-1]), f"--SLOPE={slope}",
        f"--TABLE={table}",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads(done.stdout)["results"]
    assert results["SLOPE"] == str(slope)
    np.testing.assert_allclose(numbers(slope), SLOPES, rtol=1e-6)
    assert band_names(slope) == ["Sen slope"]
    assert table.read_text(encoding="utf-8").splitlines()[0] == "class,label,pixels,area_km2,percent"
    assert slope.with_suffix(".qml").exists()


def test_the_log_says_what_was_understood(qgis_process, series, tmp_path):
    unnamed = [shutil.copy(path, tmp_path / f"{letter}.tif") for letter, path in zip("abc", series)]
    done = qgis_process(
        "run", "nep:respiration", *(f"--TEMPERATURE={path}" for path in unnamed),
        *(f"--PRECIPITATION={path}" for path in unnamed), "--TEMPERATURE_SCALE=0.02", "--YEARS=2011-2013",
        f"--OUTPUT={tmp_path / 'rh.tif'}",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2011 - a - band 1" in done.stdout
    assert "annual, literal" in done.stdout
    assert band_names(tmp_path / "rh.tif") == ["2011", "2012", "2013"]


def refused(done, *words):
    """The run failed as it should: exit code 1, a message and no traceback."""
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "Traceback" not in said and "File \"" not in said
    for word in words:
        assert word in said, f"{word!r} is missing in:\n{said}"


def test_another_grid_is_refused(qgis_process, series, tmp_path):
    odd = write_raster(tmp_path / "in" / "NPP 2011.tif", np.ones((3, 5)))
    slope = tmp_path / "slope.tif"
    slope.write_bytes(b"an earlier result")
    done = qgis_process("run", "nep:trend", *(f"--INPUT={path}" for path in [*series, odd]), f"--SLOPE={slope}")
    refused(done, "'NPP 2011' does not lie on the grid of 'NPP 2001'", "nep:harmonize")
    assert slope.read_bytes() == b"an earlier result"
    assert sorted(os.listdir(tmp_path)) == ["in", "slope.tif"]


def test_a_file_that_is_no_raster_is_refused(qgis_process, series, tmp_path):
    text = tmp_path / "NPP 2011.tif"
    text.write_text("no raster", encoding="utf-8")
    done = qgis_process(
        "run", "nep:trend", *(f"--INPUT={path}" for path in [*series, text]), f"--SLOPE={tmp_path / 'slope.tif'}"
    )
    refused(done, "NPP 2011.tif' is no raster that QGIS can load")
    assert os.listdir(tmp_path) == ["NPP 2011.tif"]


def test_a_year_twice_is_refused(qgis_process, series, tmp_path):
    again = write_raster(tmp_path / "in" / "copy 2001.tif", np.ones((3, 4)))
    done = qgis_process(
        "--json", "run", "nep:trend", *(f"--INPUT={path}" for path in [*series, again]),
        f"--SLOPE={tmp_path / 'slope.tif'}",
    )
    refused(done, "all say 2001", "set 'Years, if names do not say them' (YEARS)")
    assert os.listdir(tmp_path) == ["in"]
