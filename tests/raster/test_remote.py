"""Rasters on a web server: each byte is fetched about once."""

from __future__ import annotations

import os

import numpy as np
import pytest
from osgeo import gdal
from testkit.http import serving
from testkit.rasters import write_layer

from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import Layer, resolve

SIDE, BANDS = 1100, 3
#: Bytes of a tile of all bands: GDAL reads ahead after the small tiles at the rim, so that of two threads one may fetch
#: a tile while the other does.
READ_AHEAD = 512 * 512 * 4 * BANDS
FORMS = {
    "band by band": ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "COMPRESS=DEFLATE", "INTERLEAVE=BAND"],
    "cell by cell": ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "COMPRESS=DEFLATE", "INTERLEAVE=PIXEL"],
    "plain tiles": ["TILED=YES", "INTERLEAVE=BAND"],
}


def total(stack: np.ndarray) -> float:
    return float(stack.sum(dtype=np.float64))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("threads", [1, 2])
def test_each_tile_is_fetched_once(tmp_path, form, threads):
    """What is fetched is the file and, for each thread that opens it, its head."""
    values = np.random.default_rng(1).random((BANDS, SIDE, SIDE)).astype(np.float32)
    name = "a_2001-2003.tif"
    size = os.path.getsize(write_layer(tmp_path / name, values, options=FORMS[form]).path)
    gdal.VSICurlClearCache()
    with serving(tmp_path) as served:
        series = resolve([Layer("a", served.url(name))])
        engine, readers = Engine(threads=threads), {"stack": StackReader.of(series)}
        shape = engine.shape(series.grid, readers, 8.0)
        sums = [result for _window, result in engine.results(total, readers, series.grid, shape)]
        parts = served.times_served(name, size)
    assert sum(sums) == pytest.approx(values.sum(dtype=np.float64), rel=1e-12)
    assert {asked for asked, *_part in served.requests} == {name}
    twice = sum((times - 1) * (end - start) for start, end, times in parts if times > 1)
    assert twice <= 0.03 * size + (threads - 1) * READ_AHEAD
    assert sum(end - start for start, end, times in parts if times) >= 0.99 * size
