"""Fill codes of MOD17A3HGF among values: refused where NPP is read, seen at a glance elsewhere."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import write_layer

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.fill_codes import GLANCE_SIZE, GLANCES, glance, refuse_codes
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import single


def read(layer, scale=1.0, **options):
    """The raster as nep:productivity reads it."""
    series = single(layer)
    check = partial(refuse_codes, scale=scale)
    return StackReader.of(series, scale=scale, check=check, **options).read(series.grid.whole)


@pytest.mark.parametrize(("scale", "file_scale", "cure"), [
    (1.0, None, "32700 and ⟨NPP_SCALE⟩ to 0.1. If"), (0.1, None, "32700. If"),
    # a file that says kgC itself, as exports do
    (1.0, 0.0001, "32700 and ⟨NPP_SCALE⟩ to 1000. If"), (1000.0, 0.0001, "32700. If"),
])
def test_the_message_tells_what_to_set(tmp_path, scale, file_scale, cure):
    layer = write_layer(
        tmp_path / "npp_2001.tif", [[5000, 32766, -30000, 32761]], kind="int16", nodata=32767, scale=file_scale
    )
    with pytest.raises(InvalidParameter) as refused:
        read(layer, scale)
    assert str(refused.value).startswith("'npp_2001' holds the stored numbers 32761, 32766. In MOD17A3HGF they say")
    assert f"Set ⟨NPP_VALID_MAX⟩ to {cure} they are true values" in str(refused.value)


def test_codes_that_are_missing_are_no_values(tmp_path):
    layer = write_layer(tmp_path / "npp.tif", [[5000, 32767, 32766]], kind="int16", nodata=32767)
    assert np.isnan(read(layer, valid_max=32700)).tolist() == [[[False, True, True]]]
    declared = type(layer)(layer.name, layer.path, ((1, 32761.0, 32766.0),))
    assert np.isnan(read(declared)).tolist() == [[[False, True, True]]]
    with pytest.raises(InvalidParameter, match="the stored numbers 32766"):
        read(layer)


def test_codes_of_gpp(tmp_path):
    layer = write_layer(tmp_path / "gpp.tif", [[5000, 33000, 65533]], kind=gdal.GDT_UInt16, nodata=65535)
    with pytest.raises(InvalidParameter, match="numbers 65533.*to 65500 and"):
        read(layer)


def test_a_glance_sees_codes_anywhere_in_a_small_raster(tmp_path):
    size = GLANCES * GLANCE_SIZE - 3
    for place in ((0, 0), (size - 1, 2), (100, size - 1), (size // 2, size // 2)):
        values = np.full((size, size), 4000)
        values[place] = 32762
        assert glance(single(write_layer(tmp_path / "a.tif", values, kind="int16"))) == [32762]
    assert glance(single(write_layer(tmp_path / "b.tif", values, kind="int16", nodata=32762))) == []


def test_a_glance_reaches_all_corners_of_a_large_raster(tmp_path):
    values = np.full((300, 1000), 4000)
    for place, code in zip(((0, 0), (0, -1), (-1, 0), (-1, -1)), range(32761, 32765)):
        values[place] = code
    assert glance(single(write_layer(tmp_path / "a.tif", values, kind="int16"))) == [32761, 32762, 32763, 32764]
