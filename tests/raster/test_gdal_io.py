"""Opening and reading, and what is kept of GDAL's errors."""

from __future__ import annotations

import os

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import write_raster

from nep_toolbox.errors import UnreadableRaster
from nep_toolbox.raster.gdal_io import (
    collected_errors,
    file_of,
    files_behind,
    open_raster,
    opened,
    read_band,
    reading_options,
)
from nep_toolbox.raster.grid import Window


def test_an_error_is_one_line_and_the_first_cause_of_a_chain():
    with collected_errors() as messages:
        messages.append("() failed.\nMay be caused by: reading failed.\nMay be caused by: got 2640 bytes")
        messages.append("no such band")
        messages.append("")
    assert messages == ["got 2640 bytes", "no such band", "no reason given"]


def test_warnings_are_no_errors(capfd):
    before = gdal.GetUseExceptions()
    gdal.DontUseExceptions()
    try:
        with collected_errors() as messages:
            gdal.Error(gdal.CE_Warning, 1, "strange")
            gdal.Error(gdal.CE_Failure, 1, "bad")
            gdal.Error(gdal.CE_Failure, 1, "worse")
    finally:
        (gdal.UseExceptions if before else gdal.DontUseExceptions)()
    assert messages == ["bad", "worse"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("either_mode")
def test_opening(tmp_path):
    path = tmp_path / "text.tif"
    path.write_text("no raster")
    dataset, reason = opened(str(path))
    assert dataset is None and "not recognized" in reason
    with pytest.raises(UnreadableRaster, match="'My layer' cannot be opened: .*Check that .*text.tif exists"):
        open_raster(str(path), "My layer")
    dataset, reason = opened(write_raster(tmp_path / "a.tif", np.ones((2, 2))))
    assert dataset.RasterCount == 1 and not reason


def test_reading_a_window_whole_or_thinned(tmp_path):
    values = np.arange(48.0).reshape(6, 8)
    dataset = open_raster(write_raster(tmp_path / "a.tif", values), "a")
    band = dataset.GetRasterBand(1)
    np.testing.assert_array_equal(read_band(band, Window(2, 1, 3, 4), "a"), values[1:5, 2:5])
    assert read_band(band, Window(0, 0, 8, 6), "a", (4, 2)).shape == (2, 4)


def silent(*_arguments, **_options):
    """Stands for a call of GDAL that fails without a word."""


def talkative(*_arguments, **_options):
    """Stands for a call of GDAL that fails for a reason that it tells last."""
    for text in ("bad", "worse", "worst"):
        try:
            gdal.Error(gdal.CE_Failure, 1, text)
        except RuntimeError:
            continue


def raising(*_arguments, **_options):
    """Stands for a call of GDAL that fails while its exceptions are on."""
    raise RuntimeError("worst")


@pytest.mark.parametrize(("fails", "opens", "reads"), [
    (silent, "it is no raster GDAL knows", "reading failed"),
    (raising, "worst", "worst"),
    (talkative, "worst", "worst"),
])
def test_the_last_reason_holds_where_there_is_any(monkeypatch, fails, opens, reads):
    class Band:
        """Cannot be read."""

        ReadAsArray = staticmethod(fails)

    with pytest.raises(UnreadableRaster, match=f"'a' is damaged or incomplete: {reads}. Copy"):
        read_band(Band, Window(0, 0, 1, 1), "a")
    monkeypatch.setattr(gdal, "OpenEx", fails)
    assert opened("/data/a.tif") == (None, opens)
    assert files_behind("/data/a.tif") == []


@pytest.mark.usefixtures("either_mode")
def test_the_files_a_raster_is_made_of(tmp_path):
    path, virtual = write_raster(tmp_path / "a.tif", np.ones((2, 2))), str(tmp_path / "a.vrt")
    gdal.Translate(virtual, path, format="VRT").FlushCache()
    (tmp_path / "text.txt").write_text("no raster")
    assert files_behind(path) == [path]
    assert sorted(map(os.path.abspath, files_behind(virtual))) == [path, virtual]
    assert files_behind(str(tmp_path / "text.txt")) == files_behind(str(tmp_path / "not there.tif")) == []
    band = '<VRTRasterBand dataType="Byte" band="1"/>'
    assert files_behind(f'<VRTDataset rasterXSize="1" rasterYSize="1">{band}</VRTDataset>') == []


@pytest.mark.usefixtures("either_mode")
def test_a_file_that_ends_early_is_named(tmp_path):
    path = write_raster(tmp_path / "a.tif", np.ones((300, 300)))
    os.truncate(path, os.path.getsize(path) // 2)
    dataset = open_raster(path, "a")
    for size in ((), (64, 64)):
        with pytest.raises(UnreadableRaster, match="'My layer' is damaged or incomplete"):
            read_band(dataset.GetRasterBand(1), Window(0, 0, 300, 300), "My layer", size)


@pytest.mark.parametrize("path, file", [
    ("a.tif", "a.tif"), ("/b/a.tif|option:X=1|option:Y=2", "/b/a.tif"), ("NETCDF:\"a.nc\":v", "NETCDF:\"a.nc\":v"),
])
def test_the_file_of_a_path_with_options(path, file):
    assert file_of(path) == file


@pytest.mark.parametrize(("path", "option", "value"), [
    ("/data/a.tif", "GTIFF_DIRECT_IO", "YES"), ("/vsicurl/http://a.org/a.tif", "CPL_VSIL_CURL_CACHE_SIZE", "134217728"),
])
def test_options_for_reading_hold_while_a_raster_is_opened(path, option, value):
    """What the user has set goes before."""
    with reading_options(path):
        assert gdal.GetConfigOption(option) == value
    assert gdal.GetConfigOption(option) is None
    gdal.SetConfigOption(option, "1")
    try:
        with reading_options(path):
            assert gdal.GetConfigOption(option) == "1"
        assert gdal.GetThreadLocalConfigOption(option) is None
    finally:
        gdal.SetConfigOption(option, None)
