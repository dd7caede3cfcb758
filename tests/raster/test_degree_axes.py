"""The reference system of files that name none."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.netcdf import copied_to, write_netcdf
from testkit.rasters import write_raster

from nep_toolbox.raster.degree_axes import wkt_of_axes
from nep_toolbox.raster.gdal_io import open_raster
from nep_toolbox.raster.grid import Grid


@pytest.fixture
def path(tmp_path) -> str:
    return write_netcdf(tmp_path / "a.nc", {"t": (np.ones((2, 3, 4)), "K")}, [15, 45])


def test_degrees_are_wgs84(path, tmp_path):
    grid = Grid.of(open_raster(path, "a"))
    assert (grid.crs_name, grid.transform) == ("EPSG:4326", (100.0, 1.0, 0.0, 34.0, 0.0, -1.0))
    copy = copied_to(tmp_path / "a.zarr", path, "Zarr")
    assert Grid.of(gdal.Open(f'ZARR:"{copy}":/t:1')).crs_name == "EPSG:4326"


def test_degrees_of_no_direction_by_the_names_of_the_axes(path):
    with open(path, "rb") as file:
        content = file.read()
    for old, new in ((b"degrees_north", b"degrees\0\0\0\0\0\0"), (b"degrees_east", b"degree\0\0\0\0\0\0")):
        content = content.replace(old, new)
    with open(path, "wb") as file:
        file.write(content)
    assert Grid.of(open_raster(path, "a")).crs_name == "EPSG:4326"


@pytest.mark.parametrize(("old", "new"), [(b"degrees_north", b"metres_______"), (b"degrees_east", b"km__________")])
def test_other_axes_are_not(path, old, new):
    with open(path, "rb") as file:
        content = file.read()
    with open(path, "wb") as file:
        file.write(content.replace(old, new))
    assert wkt_of_axes(open_raster(path, "a")) == ""


def test_files_without_axes(tmp_path):
    plain = write_raster(tmp_path / "a.tif", np.ones((2, 2)), crs="")
    assert wkt_of_axes(gdal.Open(plain)) == "" == Grid.of(gdal.Open(plain)).wkt
    assert wkt_of_axes(gdal.GetDriverByName("MEM").Create("", 2, 2)) == ""
