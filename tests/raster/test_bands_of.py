"""Every band of a raster as a quantity of its own."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from testkit.layers import write_raster

from nep_toolbox.errors import UnreadableRaster
from nep_toolbox.raster.grid import Window
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import Layer, bands_of


def test_each_band_is_a_series_of_one_step(tmp_path):
    values = np.arange(24.0).reshape(3, 2, 4)
    values[1, 0, 0] = -9999
    bands = bands_of(write_raster(tmp_path / "all.tif", values, nodata=-9999, descriptions=("rain", "", "1999")))
    assert [band.name for band in bands] == ["all"] * 3
    assert [(band.steps[0].band, band.steps[0].band_count) for band in bands] == [(1, 3), (2, 3), (3, 3)]
    assert [band.steps[0].description for band in bands] == ["rain", "", "1999"]
    assert all(len(band.steps) == 1 and band.years == [0] for band in bands)
    assert len({band.grid for band in bands}) == 1
    for band, expected in zip(bands, values):
        read = StackReader.of(band).read(Window(0, 0, 4, 2))
        np.testing.assert_array_equal(read, np.where(expected == -9999, np.nan, expected)[np.newaxis])


def test_a_single_band(tmp_path):
    (band,) = bands_of(write_raster(tmp_path / "one.tif", np.ones((2, 2))))
    assert (band.name, band.steps[0].band, band.steps[0].band_count) == ("one", 1, 1)


def test_an_alpha_band_is_no_quantity(tmp_path):
    path = str(tmp_path / "alpha.tif")
    dataset = gdal.GetDriverByName("GTiff").Create(path, 2, 2, 2, gdal.GDT_Byte, ["ALPHA=YES"])
    dataset.GetRasterBand(1).Fill(5)
    dataset.GetRasterBand(2).WriteArray(np.array([[255, 0], [255, 255]], dtype=np.uint8))
    dataset = None
    (band,) = bands_of(Layer("alpha", path))
    np.testing.assert_array_equal(StackReader.of(band).read(Window(0, 0, 2, 2)), [[[5, np.nan], [5, 5]]])


def test_a_file_that_is_no_raster(tmp_path):
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(UnreadableRaster, match="Text"):
        bands_of(Layer("Text", str(tmp_path / "text.tif")))
