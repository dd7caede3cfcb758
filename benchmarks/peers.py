"""Whole tools beside what people use for the same end, in one run.

    python benchmarks/peers.py [--side 3000] [--rounds 3]

Needs pymannkendall and exactextract; native:zonalstatisticsfb and native:cellstatistics come with QGIS. pymannkendall
is called for some pixels of the raster, one after the other on one core, as it is made to be used.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
from osgeo import gdal

import inputs
from clock import seconds
from sections import Section, show, spread
from tools import SMALL, TASKS, Bench, Task

PIXELS = 400
EXTRACT = """
import sys, time
from osgeo import gdal, ogr
from exactextract import exact_extract
start = time.perf_counter()
exact_extract(sys.argv[1], sys.argv[2], ["count", "mean", "stdev", "min", "max", "sum"])
print(time.perf_counter() - start)
"""


def single_bands(given: Path) -> list:
    """The series as files of one band each: what native:cellstatistics takes."""
    paths = []
    for number, year in enumerate(inputs.YEARS, start=1):
        paths.append(given / f"series_{year}.tif")
        gdal.Translate(str(paths[-1]), str(given / "series.tif"), bandList=[number],
                       creationOptions=list(inputs.STORED))
    return paths


def per_pixel(given: Path) -> float:
    """Seconds of pymannkendall for every pixel of the raster, from some of them."""
    import pymannkendall

    data = gdal.Open(str(given / "series.tif"))
    values = data.ReadAsArray(0, data.RasterYSize // 2, PIXELS, 1).reshape(data.RasterCount, PIXELS)
    columns = list(values.T.astype(np.float64, order="C"))
    taken = seconds(lambda: [pymannkendall.original_test(column) for column in columns])
    return taken / PIXELS * data.RasterXSize * data.RasterYSize


def extracting(given: Path) -> float:
    """Seconds of exactextract for all bands and regions, without its start."""
    command = [sys.executable, "-c", EXTRACT, str(given / "series.tif"), str(given / "regions.geojson")]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def zonal_statistics(given: Path, to: Path) -> dict:
    """One band; the tool takes one at a time. Count, sum, mean, standard deviation, minimum, maximum."""
    return {"INPUT": given / "regions.geojson", "INPUT_RASTER": given / "series.tif", "RASTER_BAND": 1,
            "STATISTICS": "0,1,2,4,5,6", "OUTPUT": to / "zones.gpkg"}


def cell_statistics(given: Path, to: Path) -> dict:
    """The mean of all years in each cell."""
    files = sorted(given.glob("series_*.tif"))
    return {"INPUT": files, "STATISTIC": 2, "REFERENCE_LAYER": files[0], "OUTPUT": to / "mean.tif"}


NATIVE_ZONAL = Task("zonal statistics", "native:zonalstatisticsfb", zonal_statistics, "")
NATIVE_CELLS = Task("cell statistics", "native:cellstatistics", cell_statistics, "")
OURS = {task.tool: task for task in TASKS[:8]}
PER_PIXEL = Task("frequency of changes", "nep:changefrequency", lambda given, to: {
    "INPUT": sorted(given.glob("series_*.tif")), "INCREASES": to / "increases.tif", "DECREASES": to / "decreases.tif",
}, "")


def sections(side: int = 3000, rounds: int = 3) -> list:
    """The table of this benchmark."""
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), side)
        for size in (side, SMALL):
            single_bands(bench.given[size])
        given = bench.given[side]
        pairs = (
            ("nep:trend (slope, p, classes)", "pymannkendall.original_test for each pixel",
             lambda: bench.tool(OURS["nep:trend"]), lambda: per_pixel(given)),
            ("nep:annualstatistics, 20 years, 25 regions", "exactextract, the same statistics",
             lambda: bench.tool(OURS["nep:annualstatistics"]), lambda: extracting(given)),
            ("nep:annualstatistics, 20 years, 25 regions", "native:zonalstatisticsfb, 20 times one band",
             lambda: bench.tool(OURS["nep:annualstatistics"]),
             lambda: len(inputs.YEARS) * bench.tool(NATIVE_ZONAL)),
            ("nep:changefrequency, two maps from 20 files", "native:cellstatistics, one map from 20 files",
             lambda: bench.tool(PER_PIXEL), lambda: bench.tool(NATIVE_CELLS)),
        )
        rows = []
        for ours, theirs, run_ours, run_theirs in pairs:
            taken = [(run_ours(), run_theirs()) for _ in range(rounds)]
            mine, others = (median(column) for column in zip(*taken))
            rows.append((ours, theirs, f"{mine:.1f} s", f"{others:.0f} s", spread([b / a for a, b in taken], 1)))
    return [Section(
        "Tools beside their peers", f"{side:,} x {side:,} cells, {len(inputs.YEARS)} years, beyond the start of each "
        "program. The ratio is how many times as long the peer takes. exactextract weighs cells by the share that a "
        "region covers, we take a cell by its centre; cell statistics is the nearest neighbour of a tool that looks at "
        "every year of a cell.", ("ours", "peer", "ours", "peer", "ratio"), rows,
    )]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    show(sections(options.side, options.rounds))


if __name__ == "__main__":
    main()
