"""Which series call themselves NEP, and which look like temperature or precipitation."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from testkit.rasters import write_raster

from nep_toolbox.algorithms.drivers._own_climate import is_climate, is_nep, warn_of_own_climate
from nep_toolbox.raster.series import Layer, single

pytestmark = pytest.mark.usefixtures("qgis_app")


def series(folder, name, file="layer.tif", description="", unit=""):
    from osgeo import gdal

    path = write_raster(folder / file, np.ones((2, 2)), descriptions=(description,))
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetUnitType(unit)
    dataset = None
    return single(Layer(name, path))


@pytest.mark.parametrize(("facts", "nep", "climate"), [
    ({"name": "NEP 2001-2020 (gC m-2 yr-1)"}, True, False),
    ({"name": "x", "file": "nep_2001.tif"}, True, False),
    ({"name": "x", "description": "Mean NEP 2001"}, True, False),
    ({"name": "NPP 2001-2020 (gC m-2 yr-1)"}, False, False),
    ({"name": "Nepal 2001"}, False, False),
    ({"name": "precipitation annual total 2001-2020 (mm)"}, False, True),
    ({"name": "x", "file": "TMP2001.tif"}, False, True),
    ({"name": "2010R", "unit": "mm"}, False, True),
    ({"name": "年降水量", "file": "降水_2001.tif"}, False, True),
    ({"name": "population 2001", "file": "pm25.tif"}, False, False),
    ({"name": "transport"}, False, False),
])
def test_what_a_series_is(tmp_path, facts, nep, climate):
    found = series(tmp_path, **facts)
    assert (is_nep(found), is_climate(found)) == (nep, climate)


def test_the_warning_names_the_climate_alone(tmp_path):
    nep, rain, people = (series(tmp_path, name, f"{name}.tif") for name in ("NEP 2001", "rain", "people"))
    warnings: list = []
    run = SimpleNamespace(log=SimpleNamespace(warn=warnings.append))
    warn_of_own_climate(run, nep, {"Rain": rain, "People": people, "T": series(tmp_path, "T", "t.tif")})
    warn_of_own_climate(run, nep, {"People": people})
    warn_of_own_climate(run, rain, {"Rain": rain})
    assert len(warnings) == 1 and "'NEP 2001' looks like NEP, and 'Rain', 'T' like the climate" in warnings[0]
