"""The part of a tool's work that GDAL cannot be spared, alone: reading bands, or copying them.

    python benchmarks/floor.py read FILE...
    python benchmarks/floor.py copy FILE TARGET

prints the seconds that GDAL took, by the clock, without its start. One thread reads strips of whole rows of all bands
into arrays that are used again; what is written is stored as results of the toolbox are, compressed on all cores.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from osgeo import gdal

from inputs import STORED

ROWS = 256


def read(paths: list, target=None) -> None:
    """Read every value once, and write it where there is a target."""
    for path in paths:
        data = gdal.Open(path)
        buffer = np.empty((data.RasterCount, ROWS, data.RasterXSize), np.float32)
        for top in range(0, data.RasterYSize, ROWS):
            rows = min(ROWS, data.RasterYSize - top)
            strip = buffer if rows == ROWS else np.empty((data.RasterCount, rows, data.RasterXSize), np.float32)
            data.ReadAsArray(0, top, data.RasterXSize, rows, buf_obj=strip)
            if target is not None:
                target.WriteArray(strip, 0, top)


def copy(path: str, target: str) -> None:
    """Copy every band."""
    source = gdal.Open(path)
    data = gdal.GetDriverByName("GTiff").Create(
        target, source.RasterXSize, source.RasterYSize, source.RasterCount, gdal.GDT_Float32, list(STORED)
    )
    data.SetProjection(source.GetProjection())
    data.SetGeoTransform(source.GetGeoTransform())
    read([path], data)
    data.FlushCache()


if __name__ == "__main__":
    started = time.perf_counter()
    if sys.argv[1] == "copy":
        copy(*sys.argv[2:])
    else:
        read(sys.argv[2:])
    print(time.perf_counter() - started)
