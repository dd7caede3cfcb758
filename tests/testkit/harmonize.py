"""Running nep:harmonize on rasters made for a purpose."""

from __future__ import annotations

import numpy as np
from osgeo import gdal

from nep_toolbox.raster.grid import Grid

from .rasters import COARSE_TRANSFORM, write_raster
from .tools import run

#: Cells of 100 m from the corner of COARSE_TRANSFORM: five by five of them fill one of its cells.
FINE_TRANSFORM = (500000.0, 100.0, 0.0, 4000000.0, 0.0, -100.0)


def harmonize(folder, parameters, feedback=None) -> list:
    """Run the tool into ``folder``/out and return the paths of its results."""
    results = run("nep:harmonize", dict(parameters, OUTPUT_FOLDER=str(folder / "out")), feedback)
    assert results["OUTPUT_FOLDER"] == str(folder / "out")
    return results["OUTPUT_LAYERS"]


def grid_of(path) -> Grid:
    """The grid of a raster."""
    return Grid.of(gdal.Open(str(path)))


def small(folder, name="T_2001.tif", **options) -> str:
    """A raster of 12 x 12 coarse cells."""
    options.setdefault("transform", COARSE_TRANSFORM)
    return write_raster(folder / name, np.random.default_rng(1).normal(size=(12, 12)), **options)
