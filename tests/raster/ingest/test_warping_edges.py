"""Resampling at a pole, and while the user stops it."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import COARSE_TRANSFORM, wkt_of, write_layer
from testkit.warping import warped_reader

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.errors import Cancelled
from nep_toolbox.raster.grid import Grid
from nep_toolbox.raster.ingest.resampling import Resampling, coarsening


def test_a_cancel_reaches_gdal_while_it_works(tmp_path):
    """Asked part by part, the reading stops at the first yes."""
    asked = []

    def is_cancelled():
        asked.append(1)
        return len(asked) > 5

    layer = write_layer(tmp_path / "s.tif", np.ones((600, 600)), COARSE_TRANSFORM)
    target = Grid(wkt_of(32650), (500000.0, 250.0, 0.0, 4000000.0, 0.0, -250.0), 1200, 1200)
    reader = warped_reader(layer, target, Resampling.BILINEAR)
    with heeding(is_cancelled), pytest.raises(Cancelled):
        reader.read(target.whole)
    assert len(asked) < 10
    assert np.isfinite(reader.read(target.whole)).all()


def test_a_pole_in_the_middle_of_the_target(tmp_path):
    globe = Grid(wkt_of(4326), (-180.0, 1.0, 0.0, 90.0, 0.0, -1.0), 360, 90)
    target = Grid(wkt_of(3995), (-6e6, 1e5, 0.0, 6e6, 0.0, -1e5), 120, 120)
    assert 0.8 < coarsening(globe, target) < 2
    layer = write_layer(tmp_path / "s.tif", np.full((90, 360), 7.0), globe.transform, 4326)
    found = warped_reader(layer, target, Resampling.AVERAGE).read(target.whole)[0]
    x, y = target.centres(target.whole)
    assert (found[np.hypot(x, y) < 5.5e6] == 7).all()
