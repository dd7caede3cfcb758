"""Resampling at a pole, and while the user stops it."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import COARSE_TRANSFORM, wkt_of, write_layer

from nep_toolbox.errors import Cancelled
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.ingest.content import NUMBERS
from nep_toolbox.raster.ingest.resampling import Resampling, WarpedReader, coarsening


def test_a_cancel_reaches_gdal_while_it_works(tmp_path):
    """Asked row by row, the warper stops at the first yes."""
    asked = []

    def is_cancelled():
        asked.append(1)
        return len(asked) > 5

    layer = write_layer(tmp_path / "s.tif", np.ones((600, 600)), COARSE_TRANSFORM)
    source = Grid(wkt_of(32650), COARSE_TRANSFORM, 600, 600)
    target = Grid(wkt_of(32650), (500000.0, 250.0, 0.0, 4000000.0, 0.0, -250.0), 1200, 1200)
    reader = WarpedReader.of(layer.path, "s", source, target, Resampling.BILINEAR, NUMBERS, is_cancelled)
    with pytest.raises(Cancelled):
        reader.read(target.whole)
    assert len(asked) < 10
    assert np.isfinite(WarpedReader.of(
        layer.path, "s", source, target, Resampling.BILINEAR, NUMBERS, lambda: False
    ).read(target.whole)).all()


def test_a_pole_in_the_middle_of_the_target(tmp_path):
    globe = Grid(wkt_of(4326), (-180.0, 1.0, 0.0, 90.0, 0.0, -1.0), 360, 90)
    target = Grid(wkt_of(3995), (-6e6, 1e5, 0.0, 6e6, 0.0, -1e5), 120, 120)
    assert 0.8 < coarsening(globe, target) < 2
    layer = write_layer(tmp_path / "s.tif", np.full((90, 360), 7.0), globe.transform, 4326)
    reader = WarpedReader.of(layer.path, "s", globe, target, Resampling.AVERAGE, NUMBERS)
    found = reader.read(target.whole)[0]
    x, y = target.centres(target.whole)
    assert (found[np.hypot(x, y) < 5.5e6] == 7).all()
