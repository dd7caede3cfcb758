"""What is said of totals, and what they are measured in."""

from __future__ import annotations

import math

import pytest
from osgeo import gdal
from testkit.rasters import write_raster
from testkit.tools import Feedback
from testkit.toy import call, toy

from nep_toolbox.framework.totals import teragram_of

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.mark.parametrize(
    ("unit", "expected", "said"),
    [("gC m-2 yr-1", 1e12, ""), ("kgC/m2", 1e9, ""), ("", 1e12, "have no unit: total_tg takes them for gC m-2"),
     ("degC", math.nan, "total is in degC x m2, total_tg empty")],
)
def test_teragrams_of_a_series(tmp_path, unit, expected, said):
    path = write_raster(tmp_path / "x_2001.tif", [[1.0]])
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetUnitType(unit)
    del dataset
    feedback, found = Feedback(), []
    call(toy(compute=lambda run: found.append(teragram_of(run, run.series("INPUT")))), {"INPUT": [path]}, feedback)
    assert found == [pytest.approx(expected, nan_ok=True)]
    assert said in feedback.log and feedback.warnings == []
    assert ("total" in feedback.log) == bool(said)
