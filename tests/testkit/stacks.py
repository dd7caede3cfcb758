"""Rasters of single years as one raster with a band for each: what tests of many runs read faster."""

from __future__ import annotations

import re
from pathlib import Path

from osgeo import gdal

_DATED = re.compile(r"(.*?)_((?:19|20)\d\d(?:_\d\d)?)\.tif$")


def stacked(given: dict, folder: Path) -> dict:
    """The parameters with each list of rasters of one name and several dates as one raster in ``folder``.

    Bands are called by the dates. Rasters that are made once are used again.
    """
    return {name: _stacked(value, folder) if isinstance(value, list) else value for name, value in given.items()}


def _stacked(files: list, folder: Path) -> list:
    groups: dict = {}
    for file in files:
        dated = _DATED.match(Path(file).name)
        if not dated:
            return files
        groups.setdefault(dated[1], []).append((dated[2], file))
    return [_one(name, sorted(steps), folder) for name, steps in groups.items()]


def _one(name: str, steps: list, folder: Path) -> str:
    target = folder / f"{name}_{steps[0][0]}_{steps[-1][0]}_{len(steps)}" / f"{name}.tif"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        together = gdal.BuildVRT("", [file for _, file in steps], separate=True)
        made = gdal.Translate(str(target), together)
        for number, (date, _) in enumerate(steps, start=1):
            made.GetRasterBand(number).SetDescription(date)
        del made
    return str(target)
