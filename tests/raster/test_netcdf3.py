"""Whether a classic netCDF file is complete, against files of GDAL and of scipy."""

from __future__ import annotations

import os

import numpy as np
import pytest
from testkit.rasters import write_raster

from nep_toolbox.raster.netcdf3 import is_whole


def is_told(path) -> None:
    """The file is whole; with any of its last bytes cut off, but what pads it to whole words, it is not."""
    content = path.read_bytes()
    assert is_whole(str(path))
    for lost in (4, 5, len(content) // 3, len(content) // 2, len(content) - 20, len(content) - 3):
        path.write_bytes(content[:-lost])
        assert not is_whole(str(path)), lost


@pytest.mark.parametrize("form", ["NC", "NC2"])
@pytest.mark.parametrize("bands", [1, 3])
def test_files_of_gdal(tmp_path, form, bands):
    from osgeo import gdal

    if gdal.GetDriverByName("netCDF") is None:
        pytest.skip("this GDAL has no netCDF driver")
    source = write_raster(tmp_path / "a.tif", np.random.default_rng(1).random((bands, 40, 50)))
    gdal.Translate(str(tmp_path / "a.nc"), source, format="netCDF", creationOptions=[f"FORMAT={form}"]).FlushCache()
    is_told(tmp_path / "a.nc")


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("variables", [1, 2])
@pytest.mark.parametrize("kind", ["i1", "i2", "f4", "f8"])
def test_files_with_records(tmp_path, version, variables, kind):
    io = pytest.importorskip("scipy.io")
    path = tmp_path / "a.nc"
    with io.netcdf_file(str(path), "w", version=version) as file:
        file.history = "odd"
        file.createDimension("time", None)
        file.createDimension("x", 7)
        for number in range(variables):
            variable = file.createVariable(f"npp{number}", kind, ("time", "x"))
            variable.units = "gC m-2"
            for record in range(9):
                variable[record] = np.arange(7) + record
    is_told(path)


def test_other_files_are_none_of_its_business(tmp_path):
    (tmp_path / "a.txt").write_text("text")
    assert is_whole(str(tmp_path / "a.txt")) and is_whole(str(tmp_path / "none.nc")) and is_whole(os.devnull)
