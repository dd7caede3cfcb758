"""Time, memory and open files against the number of pixels, to a billion, and reading from a web server.

    python benchmarks/scale.py [--millions 4 16 64 256 1024] [--remote 16] [--tools nep:trend ...]

A square raster of 20 years is made for each number of pixels in millions; 1024 is 32,000 x 32,000 and takes some 4 GB
of disk. One tile of 512 x 512 cells in 16 holds values, the others are left out of the file. ``--remote`` are the sizes
that are read from a server on the loopback interface too, as a Cloud Optimized GeoTIFF. ``--save`` keeps the table in a
file, row by row.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

import inputs
from processes import PROJECT, Qgis, apart
from sections import Section, save, show

sys.path.insert(0, str(PROJECT / "tests"))

from testkit.http import Served, serving  # noqa: E402

CELL = 30.0
TILE = 512
#: Values are in one tile of so many each way.
APART = 4
TILES = (f"BLOCKXSIZE={TILE}", f"BLOCKYSIZE={TILE}", "SPARSE_OK=TRUE")
NAME = "series.tif"
TOOLS = {"nep:annualstatistics": {"TABLE": "table.csv"}, "nep:trend": {"SLOPE": "slope.tif", "CLASS": "class.tif"}}
SMALL = 64


def write(path: Path, side: int) -> None:
    """A float32 series of noise with a trend in some of its tiles; the others are missing values that take no disk."""
    data = gdal.GetDriverByName("GTiff").Create(
        str(path), side, side, len(inputs.YEARS), gdal.GDT_Float32, [*inputs.STORED, *TILES]
    )
    crs = osr.SpatialReference()
    crs.SetFromUserInput(inputs.CRS)
    data.SetProjection(crs.ExportToWkt())
    data.SetGeoTransform((inputs.LEFT, CELL, 0.0, inputs.TOP, 0.0, -CELL))
    random = np.random.default_rng(1)
    for number, year in enumerate(inputs.YEARS, start=1):
        band = data.GetRasterBand(number)
        band.SetDescription(str(year))
        band.SetNoDataValue(inputs.NODATA)
        for row in range(0, side, APART * TILE):
            for col in range(0, side, APART * TILE):
                shape = (min(TILE, side - row), min(TILE, side - col))
                values = random.standard_normal(shape, dtype=np.float32) * 40 + np.float32(400 + 2 * number)
                band.WriteArray(values, col, row)
        band.FlushCache()


def optimize(source: Path, path: Path) -> None:
    """The same as a Cloud Optimized GeoTIFF, whose tiles hold all years."""
    options = ["COMPRESS=DEFLATE", "LEVEL=1", "PREDICTOR=YES", f"BLOCKSIZE={TILE}", "OVERVIEWS=NONE", "SPARSE_OK=TRUE",
               "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS"]
    gdal.Translate(str(path), str(source), format="COG", creationOptions=options)


def fetched(served: Served, size: int) -> str:
    """What part of the file was served, and what part again."""
    parts = served.times_served(NAME, size)
    once = sum(end - start for start, end, times in parts if times) / size
    again = served.bytes_served(NAME) / size - once
    return f"{once:.1%}, {again:.2%} again"


def rows(millions: list, remote: list, tools: list, place: str | None = None) -> Iterator[tuple]:
    """Tool, cells, where they are, size of the file, seconds, nanoseconds a pixel, peak memory, open files, fetched."""
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        qgis, source = Qgis(folder), folder / NAME
        qgis.environment["no_proxy"] = "127.0.0.1"

        def run(tool: str, raster):
            return qgis(tool, INPUT=raster, **{key: folder / file for key, file in TOOLS[tool].items()})

        apart(write, source, SMALL)
        start = {tool: run(tool, source).seconds for tool in tools}
        for many in sorted({*millions, *remote}):
            side = round(math.sqrt(many * 1e6))
            source.unlink()
            apart(write, source, side)
            for kind in ("file",) * (many in millions) + ("server",) * (many in remote):
                with ExitStack() as stack:
                    raster, served = source, None
                    if kind == "server":
                        (folder / "served").mkdir(exist_ok=True)
                        raster = folder / "served" / NAME
                        apart(optimize, source, raster)
                        served = stack.enter_context(serving(raster.parent))
                    for tool in tools:
                        taken = run(tool, served.url(NAME) if served else raster)
                        seconds, size = taken.seconds - start[tool], raster.stat().st_size
                        yield (tool, f"{side:,} x {side:,}", kind, f"{size / 1e6:,.0f} MB", f"{seconds:.1f} s",
                               f"{seconds / side / side * 1e9:.0f}", f"{taken.peak / 2**20:.0f} MB", taken.files,
                               fetched(served, size) if served else "")
                        if served:
                            served.requests.clear()


def section(found: list) -> Section:
    """The table of what was found."""
    return Section(
        "A billion pixels", "Whole processes on 20 years; time beyond the start of QGIS, peak memory and the most open "
        f"files with it. One tile of {TILE} x {TILE} cells in {APART * APART} holds values. On a server, the raster is "
        "a Cloud Optimized GeoTIFF, read over HTTP on the loopback interface (`/vsicurl/`). Memory includes GDAL's "
        "cache, which fills up to a bound (`GDAL_CACHEMAX`, by default 5 % of the machine's memory).",
        ("tool", "cells", "from", "size", "time", "ns a pixel", "peak memory", "open files", "fetched"), found,
    )


def sections(millions: tuple = (4, 16, 64), remote: tuple = (16,)) -> list:
    """The table of this benchmark."""
    return [section(list(rows(millions, remote, list(TOOLS))))]


def main() -> None:
    """Print the table, and keep it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", nargs="*", type=int, default=[4, 16, 64])
    parser.add_argument("--remote", nargs="*", type=int, default=[])
    parser.add_argument("--tools", nargs="+", default=list(TOOLS), choices=list(TOOLS))
    parser.add_argument("--folder", help="where the rasters are made; the system's temporary folder by default")
    parser.add_argument("--save", type=Path, metavar="FILE")
    options = parser.parse_args()
    found: list = []
    for row in rows(options.millions, options.remote, options.tools, options.folder):
        found.append(row)
        print(*row, sep="  ", file=sys.stderr, flush=True)
        if options.save:
            save(options.save, [section(found)])
    show([section(found)])


if __name__ == "__main__":
    main()
