"""A series and its drivers, and the page of nep:correlation on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .rasters import write_raster
from .tools import run

NAMES = ("npp", "rain", "heat", "light", "wind")


def drivers_in(folder) -> dict:
    """Series of 18 years on 40 x 30 pixels with gaps, by name; light lacks the last two years."""
    rng = np.random.default_rng(2)
    stacks = rng.normal(size=(5, 18, 40, 30)) + rng.normal(size=(5, 18, 1, 1))
    stacks[0] += 0.8 * stacks[1] - 0.5 * stacks[2]
    stacks[:, :, :4, :5] = np.nan
    stacks[0, 3, 9:12] = np.nan
    return {
        name: write_raster(folder / f"{name}.tif", np.nan_to_num(stack, nan=-9999.0)[: 16 if name == "light" else 18],
                           nodata=-9999.0, descriptions=range(2001, 2017 if name == "light" else 2019))
        for name, stack in zip(NAMES, stacks)
    }


def maps(rasters, folder, feedback=None, drivers=("heat", "light"), controls=(), **options) -> Path:
    """The page of the drivers."""
    folder.mkdir(parents=True, exist_ok=True)
    run("nep:correlation", {
        "INPUT": [rasters["npp"]], "DRIVER": [rasters["rain"]], "DRIVERS": [rasters[name] for name in drivers],
        "CONTROLS": [rasters[name] for name in controls], "R": str(folder / "r.tif"),
        "MAPS": str(folder / "maps.html"), **options,
    }, feedback)
    return folder / "maps.html"
