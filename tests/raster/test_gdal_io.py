"""Opening and reading, and what is kept of GDAL's errors."""

from __future__ import annotations

import os

import numpy as np
import pytest
from testkit.rasters import write_raster

from nep_toolbox.errors import UnreadableRaster
from nep_toolbox.raster.gdal_io import collected_errors, open_raster, opened, read_band
from nep_toolbox.raster.grid import Window


def test_an_error_is_one_line_and_the_first_cause_of_a_chain():
    with collected_errors() as messages:
        messages.append("() failed.\nMay be caused by: reading failed.\nMay be caused by: got 2640 bytes")
        messages.append("no such band")
        messages.append("")
    assert messages == ["got 2640 bytes", "no such band", "no reason given"]


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


def test_a_file_that_ends_early_is_named(tmp_path):
    path = write_raster(tmp_path / "a.tif", np.ones((300, 300)))
    os.truncate(path, os.path.getsize(path) // 2)
    dataset = open_raster(path, "a")
    for size in ((), (64, 64)):
        with pytest.raises(UnreadableRaster, match="'My layer' is damaged or incomplete"):
            read_band(dataset.GetRasterBand(1), Window(0, 0, 300, 300), "My layer", size)
