"""NPP as granules."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from testkit.tools import Feedback, run

from nep_toolbox.algorithms.study import _steps
from nep_toolbox.algorithms.study._granules import granules_of, with_variables
from nep_toolbox.raster.series import Layer

pytestmark = pytest.mark.usefixtures("provider")
needs_driver = pytest.mark.skipif(gdal.GetDriverByName("HDF4") is None, reason="this GDAL has no HDF4")


def test_granules_are_known_by_how_gdal_calls_them():
    names = ['HDF4_EOS:EOS_GRID:"/a b/c.hdf":MOD_Grid_MOD17A3H:Npp_500m', "HDF4_EOS:EOS_GRID:d.hdf:MOD_Grid:Npp_500m"]
    assert granules_of([Layer("a", name) for name in names]) == (["/a b/c.hdf", "d.hdf"], "Npp_500m")
    assert granules_of([Layer("a", "/a/npp.tif"), Layer("b", "NETCDF:a.nc:npp")]) == ([], "")


@needs_driver
def test_a_granule_given_as_a_file_stands_for_its_variable(shared):
    path = str(shared / "data/modis_hdf/MOD09A1.A2017193.h18v04.006.2017202035302.hdf")
    for parameters in ({"NPP": ["a.tif"]}, {"NPP": "b"}, {}, {"NPP": [path]}):  # this one holds no NPP
        assert with_variables(parameters) == parameters


@needs_driver
def test_granules_are_imported_once(shared, tmp_path, monkeypatch):
    """Real granules of another product stand in for MOD17; the same bytes, called as of eight years."""
    steps = tuple(step for step in _steps.STEPS if step.name == "prepare")
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS", steps)
    source = shared / "data/modis_hdf/MOD09A1.A2017193.h18v04.006.2017202035302.hdf"
    given = []
    for year in range(2001, 2009):
        link = tmp_path / f"MOD09A1.A{year}193.h18v04.006.2017202035302.hdf"
        link.symlink_to(source)
        given.append(f'HDF4_EOS:EOS_GRID:"{link}":MOD_Grid_500m_Surface_Reflectance_463:sur_refl_b01')
    folder = tmp_path / "study"
    parameters = {"NPP": given, "VARIABLE": "Reflectance", "UNIT": "1", "OUTPUT_FOLDER": str(folder)}
    run("nep:study", parameters)
    expected = str(tmp_path / "alone.tif")
    run("nep:importmod17", {
        "INPUT": [str(path) for path in sorted(tmp_path.glob("*.hdf"))], "VARIABLE": "sur_refl_b01", "OUTPUT": expected,
    })
    found, alone = (gdal.Open(path) for path in (str(folder / "data" / "npp.tif"), expected))
    np.testing.assert_array_equal(found.ReadAsArray(), alone.ReadAsArray())
    assert [found.GetRasterBand(band).GetDescription() for band in (1, 8)] == ["2001", "2008"]
    state = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    assert state["steps"]["import"]["state"] == "done"
    again = Feedback()
    run("nep:study", parameters, again)
    assert "Import of granules: as before, nothing has changed." in again.infos
    assert "Preparation: as before, nothing has changed." in again.infos


@needs_driver
def test_other_faults_are_told_before_the_import(shared, tmp_path):
    path = shared / "data/modis_hdf/MOD09A1.A2017193.h18v04.006.2017202035302.hdf"
    name = f'HDF4_EOS:EOS_GRID:"{path}":MOD_Grid_500m_Surface_Reflectance_463:sur_refl_b01'
    with pytest.raises(Exception, match="holds 'gif'"):
        run("nep:study", {"NPP": [name], "UNIT": "1", "FORMATS": "gif", "OUTPUT_FOLDER": str(tmp_path / "study")})
    assert not (tmp_path / "study").exists()
