"""Which formats hold a result, with every driver of this GDAL."""

from __future__ import annotations

import os
import re

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import COARSE_TRANSFORM, UTM, wkt_of

from nep_toolbox.errors import OutputError
from nep_toolbox.raster.formats import driver_of, drivers_of, why_lossy
from nep_toolbox.raster.gdal_io import collected_errors
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.series import Layer, resolve
from nep_toolbox.raster.time_axis import times_of
from nep_toolbox.raster.writer import RasterWriter

GRID = Grid(wkt_of(UTM), COARSE_TRANSFORM, 13, 11)


def extensions() -> list:
    """Every extension of a driver that makes rasters."""
    drivers = [gdal.GetDriver(index) for index in range(gdal.GetDriverCount())]
    named = {word for driver in drivers for word in (driver.GetMetadataItem(gdal.DMD_EXTENSIONS) or "").lower().split()}
    return sorted(word for word in named if drivers_of(word))


@pytest.mark.usefixtures("side_files")
@pytest.mark.parametrize("extension", extensions())
def test_a_format_gives_everything_back_or_is_refused(tmp_path, extension):
    path = str(tmp_path / f"a.{extension}")
    values = np.random.default_rng(1).normal(0.0, 1e3, (11, 13)).astype(np.float32)
    values[2, 3] = np.nan
    try:
        driver = driver_of(path)
        writer = RasterWriter(path, GRID, ["Sen slope"])
    except OutputError as error:
        assert str(error).endswith("Choose a file name that ends with .tif.") and os.listdir(tmp_path) == []
        return
    with writer:
        writer.write(GRID.whole, values)
    with collected_errors():
        dataset = gdal.Open(path)
    assert driver in (dataset.GetDriver().ShortName, "GTiff")
    band = dataset.GetRasterBand(1)
    np.testing.assert_array_equal(band.ReadAsArray(), np.where(np.isnan(values), np.float32(-9999.0), values))
    assert band.GetNoDataValue() == -9999.0
    np.testing.assert_allclose(dataset.GetGeoTransform(), GRID.transform, atol=1e-6)
    there = dataset.GetSpatialRef()
    assert there.IsProjected() and there.GetUTMZone() == 50 and there.GetSemiMajor() == 6378137.0


@pytest.mark.parametrize("name", [
    "a.jpg", "a.png", "a.gif", "a.pdf", "a.mbtiles", "a.kml", "a.kmz", "a.xyz", "a.jp2", "a.bmp", "a.webp", "a.fits",
])
@pytest.mark.usefixtures("either_mode")
def test_formats_that_squeeze_or_lose(name):
    if not drivers_of(name[2:]):
        pytest.skip(f"this GDAL writes no {name}")
    with pytest.raises(OutputError, match=f"/data/{name} cannot be written as .*, which .*\\. Choose a file name"):
        driver_of(f"/data/{name}")


@pytest.mark.parametrize(("name", "driver"), [
    ("a.tif", "GTiff"), ("b.c.TIFF", "GTiff"), ("a.IMG", "HFA"), ("a.asc", "AAIGrid"), ("a.grd", "RRASTER"),
])
def test_the_driver_of_an_extension(name, driver):
    if gdal.GetDriverByName(driver) is None:
        pytest.skip(f"this GDAL has no driver {driver}")
    assert driver_of(f"/data/{name}") == driver


@pytest.mark.parametrize("name", ["a.vrt", "a.gpx", "a.geojson", "a", "tif", "a.jp2000"])
def test_no_driver_writes_rasters_of_an_extension(name):
    with pytest.raises(OutputError, match=f"No raster format is known for /data/{name}"):
        driver_of(f"/data/{name}")


@pytest.mark.parametrize(("driver", "bands", "kind", "nodata", "words"), [
    ("PNG", ["a"], gdal.GDT_Float32, -9999.0, "which holds no values of the type Float32"),
    ("GPKG", ["a"], gdal.GDT_Int32, -(2**31), "which holds no values of the type Int32"),
    ("AAIGrid", ["a", "b"], gdal.GDT_Float32, -9999.0, "which says: .*1 band$"),
    ("SIGDEM", ["a"], gdal.GDT_Float32, -9999.0, "which changes values"),
    ("XYZ", ["a"], gdal.GDT_Float32, -9999.0, "which loses the nodata value"),
    ("KMLSUPEROVERLAY", ["a"], gdal.GDT_Float32, -9999.0, "which gives a file that cannot be read again"),
    ("ERS", ["a"], gdal.GDT_Float32, -9999.0, "which loses the CRS or the place of the grid"),
    ("EHdr", ["2001", "2002"], gdal.GDT_Float32, -9999.0, "which loses the years of the bands"),
    ("HFA", ["2001", "2002"], gdal.GDT_Float32, -9999.0, ""), ("netCDF", ["2001", "2002"], gdal.GDT_Int16, -32768, ""),
])
def test_what_would_be_lost(driver, bands, kind, nodata, words):
    if gdal.GetDriverByName(driver) is None:
        pytest.skip(f"this GDAL has no driver {driver}")
    ending = (gdal.GetDriverByName(driver).GetMetadataItem(gdal.DMD_EXTENSIONS) or "").split()[-1]
    found = why_lossy(driver, GRID, bands, kind, nodata, ending)
    assert re.fullmatch(words.rstrip("$"), found), found


def test_a_rotated_grid_is_held_or_refused():
    turned = Grid(GRID.wkt, (500000.0, 400.0, 300.0, 4000000.0, 300.0, -400.0), 13, 11)
    lost = [why_lossy(driver, turned, ["a"], gdal.GDT_Float32, -9999.0, ending)
            for driver, ending in (("HFA", "img"), ("AAIGrid", "asc"))]
    assert lost[0] == "" and lost[1]


# NetCDF ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def netcdf() -> None:
    if gdal.GetDriverByName("netCDF") is None:
        pytest.skip("this GDAL has no netCDF driver")


@pytest.mark.usefixtures("netcdf")
@pytest.mark.parametrize("bands", [["2001", "2002", "2005"], ["2001"]])
def test_a_series_as_netcdf_comes_back_with_its_years(tmp_path, bands):
    path = str(tmp_path / "my nep.nc")
    values = np.random.default_rng(2).normal(size=(len(bands), 11, 13)).astype(np.float32)
    with RasterWriter(path, GRID, bands, unit="gC m-2 yr-1") as writer:
        writer.write(GRID.whole, values)
    series = resolve([Layer("anything", path)])
    assert series.years == [int(band) for band in bands] and series.unit == "gC m-2 yr-1"
    dataset = gdal.Open(path)
    np.testing.assert_array_equal(dataset.ReadAsArray().reshape(values.shape), values)
    assert times_of(dataset)[0] == [
        (int(band), 7) for band in bands
    ]
    assert dataset.GetRasterBand(1).GetMetadataItem("NETCDF_VARNAME") == "my_nep"


@pytest.mark.usefixtures("netcdf")
def test_bands_that_are_no_years_come_back_as_bands(tmp_path):
    with RasterWriter(str(tmp_path / "2a.nc"), GRID, ["mean", "sd"]) as writer:
        writer.write(GRID.whole, np.stack([np.ones((11, 13)), np.zeros((11, 13))]))
    dataset = gdal.Open(str(tmp_path / "2a.nc"))
    assert dataset.RasterCount == 2 and dataset.ReadAsArray()[:, 0, 0].tolist() == [1.0, 0.0]
    assert dataset.GetRasterBand(1).GetMetadataItem("NETCDF_VARNAME") == "v2a"


@pytest.mark.usefixtures("netcdf")
def test_equal_runs_give_equal_files(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with RasterWriter(str(tmp_path / name / "a.nc"), GRID, ["2001", "2002"]) as writer:
            writer.write(GRID.whole, np.ones((2, 11, 13)))
    assert (tmp_path / "one" / "a.nc").read_bytes() == (tmp_path / "two" / "a.nc").read_bytes()
