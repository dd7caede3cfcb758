"""What is said of totals, and what they are measured in."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
from osgeo import gdal
from testkit.rasters import write_raster
from testkit.tools import Feedback
from testkit.toy import call, toy

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.framework.totals import carbon_teragram, teragram_of

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


@pytest.mark.parametrize(
    ("unit", "expected", "told"),
    [("", 1e12, 1), ("gC m-2 yr-1", 1e12, 0), ("kgC/m²", 1e9, 0), ("t C ha-1 a-1", 1e10, 0)],
)
def test_totals_that_must_be_of_carbon(unit, expected, told):
    infos: list = []
    run, series = SimpleNamespace(log=SimpleNamespace(info=infos.append)), SimpleNamespace(name="nep", unit=unit)
    assert carbon_teragram(run, series) == pytest.approx(expected)
    assert [words.partition(":")[0] for words in infos] == ["The values have no unit"] * told


@pytest.mark.parametrize(("otherwise", "end"), [("", "carbon per area."), ("Or leave it.", "per area. Or leave it.")])
def test_totals_of_what_is_no_carbon_are_refused(otherwise, end):
    with pytest.raises(InvalidParameter, match="'rain' are in mm, which is no carbon per area") as refused:
        carbon_teragram(None, SimpleNamespace(name="rain", unit="mm"), otherwise)
    assert str(refused.value).endswith(end)
