"""Arrays of files with named axes."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.netcdf import copied_to, write_netcdf
from testkit.rasters import write_raster

from nep_toolbox.raster.arrays import array_in, array_of, attribute, axis_variable, root_of, values_of


@pytest.fixture
def path(tmp_path) -> str:
    return write_netcdf(tmp_path / "a b.nc", {"t": (np.arange(24.0).reshape(2, 3, 4), "K")}, [15, 45])


def test_the_array_of_a_dataset(path, tmp_path):
    zarr, hdf = copied_to(tmp_path / "z.zarr", path, "Zarr"), copied_to(tmp_path / "h.h5", path, "HDF5")
    for name, place in ((f'NETCDF:"{path}":t', None), (f'HDF5:"{hdf}"://t', None), (f'ZARR:"{zarr}":/t:1', 1)):
        array, found = array_of(gdal.Open(name))
        assert found == place
        np.testing.assert_array_equal(values_of(array)[1], np.arange(12.0, 24.0).reshape(3, 4)[::-1])
        time = axis_variable(gdal.Open(name), array.GetDimensions()[0])
        assert values_of(time).tolist() == [15.0, 45.0]
        assert attribute(time, "units") == "days since 1850-01-01" and attribute(time, "bounds") == ""


def test_what_is_not_there(path, tmp_path):
    plain = gdal.Open(write_raster(tmp_path / "a.tif", np.zeros((2, 2))))
    assert array_of(plain) == (None, None) and root_of(plain) is None
    assert array_in(root_of(gdal.Open(path)), "nothing") is None
    assert values_of(None) is None and attribute(None, "units") == ""
