"""The chain from granules to trend as one command."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from testkit.rasters import UTM_TRANSFORM, band_names, numbers, write_raster

from .test_qgis_process import PROGRAM, qgis_process  # noqa: F401

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="qgis_process is not installed")

YEARS = range(2001, 2009)
SHAPE = (20, 24)


def test_the_model_from_the_command_line(qgis_process, tmp_path):  # noqa: F811
    """Constant rasters: every number of the result follows from the formula."""
    coarse = (UTM_TRANSFORM[0] - 100, 60.0, 0.0, UTM_TRANSFORM[3] + 100, 0.0, -60.0)
    given = []
    for year in YEARS:
        stored = np.full(SHAPE, 5000 + 20 * (year - 2001), dtype=np.int16)
        stored[0, 0] = 32766
        given.append(f"--NPP={write_raster(tmp_path / f'MOD17A3HGF.A{year}001.tif', stored, kind='int16')}")
        for month in range(1, 13):
            for name, value in (("TEMPERATURE", month), ("PRECIPITATION", 50.0)):
                path = tmp_path / f"{name.lower()}_{year}_{month:02d}.tif"
                given.append(f"--{name}={write_raster(path, np.full((16, 18), float(value)), coarse)}")
    nep, slope = tmp_path / "nep.tif", tmp_path / "slope.tif"
    done = qgis_process(
        "--json", "run", "nep:npptrend", *given, "--RESOLUTION=30", f"--nep:NEP={nep}", f"--trend:SLOPE={slope}",
        "--trend:CLASS=TEMPORARY_OUTPUT", "--trend:PVALUE=TEMPORARY_OUTPUT",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["results"]["nep:NEP"] == str(nep)
    assert band_names(nep) == [str(year) for year in YEARS]
    respiration = 12 * 0.22 * (math.exp(0.0913 * 6.5) + math.log(0.3145 * 50 + 1)) * 30 * 0.465
    found = numbers(nep)
    for index, values in enumerate(found):
        inside = values[np.isfinite(values)]
        assert inside.size >= SHAPE[0] * SHAPE[1] - 1
        np.testing.assert_allclose(inside, 500 + 2 * index - respiration, rtol=1e-5)
    trend = numbers(slope)
    np.testing.assert_allclose(trend[np.isfinite(trend)], 2.0, rtol=1e-3)
