"""Variables of files that hold several."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.netcdf import copied_to, write_netcdf
from testkit.rasters import write_raster

from nep_toolbox.raster.variables import is_variable, variable_name, variables_of


@pytest.mark.parametrize(("path", "name"), [
    ('NETCDF:"/data/era5.nc":t2m', "era5 t2m"), ("NETCDF:/data/era5.nc:t2m", "era5 t2m"),
    ('ZARR:"/data/a.b.zarr":/tas:3', "a.b tas:3"), ('HDF5:"C:\\data\\a.h5"://tas', None),
])
def test_names_of_variables(path, name):
    assert is_variable(path)
    if name:
        assert variable_name(path) == name


def test_paths_that_are_no_variables():
    for path in ("/data/era5.nc", "C:/data/era5.nc", "era5.nc", "", "/vsizip/a.zip/b.tif"):
        assert not is_variable(path)


def test_the_variables_of_a_file(tmp_path):
    values = np.ones((2, 3, 4))
    path = write_netcdf(tmp_path / "a.nc", {"t": (values, "K"), "p": (values, "m")}, [15, 45], bounds=np.ones((2, 2)))
    assert variables_of(path) == [f'NETCDF:"{path}":t', f'NETCDF:"{path}":p']
    one = write_netcdf(tmp_path / "b.nc", {"t": (values, "K")}, [15, 45], bounds=np.ones((2, 2)))
    assert variables_of(one) == []  # a raster itself
    hdf = copied_to(tmp_path / "c.h5", one, "HDF5")
    assert variables_of(hdf) == [f'HDF5:"{hdf}"://t']
    assert variables_of(write_raster(tmp_path / "a.tif", values)) == variables_of(str(tmp_path / "gone")) == []
