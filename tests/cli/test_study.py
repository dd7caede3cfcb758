"""The study through the real ``qgis_process``."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
from testkit.rasters import write_raster

from .test_qgis_process import PROGRAM, qgis_process  # noqa: F401

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="qgis_process is not installed")


def test_a_study_and_its_faults(qgis_process, tmp_path):  # noqa: F811
    random = np.random.default_rng(1)
    files = [write_raster(tmp_path / "in" / f"NDVI_{year}.tif", random.random((6, 8))) for year in range(2001, 2009)]
    given = [*(f"--NPP={file}" for file in files), "--VARIABLE=NDVI", "--UNIT=", "--DPI=50"]
    folder = tmp_path / "study 研究"
    wrong = qgis_process("run", "nep:study", *given, "--FORMATS=gif", "--STAGES=1999-2001", f"--OUTPUT_FOLDER={folder}")
    assert wrong.returncode != 0 and "2 things are to be mended" in wrong.stderr + wrong.stdout
    assert not folder.exists()
    done = qgis_process("--json", "run", "nep:study", *given, "--FORMATS=png", f"--OUTPUT_FOLDER={folder}")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert results["REPORT"] == str(folder / "report.html") and os.path.isfile(results["REPORT"])
    assert results["SKIPPED"] == 13 and results["FIGURES"] == len(list((folder / "figures").glob("*.png")))
