"""nep:trend as a whole process, beside pymannkendall.original_test called for each pixel, in one run.

    python benchmarks/trend.py [side] [--gaps] [--memory]

A square raster of ``side`` (default 3000) cells and 20 years is written to a temporary folder and given to
``qgis_process run nep:trend`` with the four results that original_test gives: slope, p, Z and classes. The time is that
of the whole process: start of QGIS, reading, computing, writing compressed files. pymannkendall takes its turn on
pixels of the same raster, on one core as it is made; ``ratio`` compares one core of it with our process, ``ratio per
core`` divides by the number of cores. Needs pymannkendall. With ``--gaps`` a tenth of the values is missing; with
``--memory`` only our process runs, at ``side`` and at twice ``side``, and its peak memory is reported.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from osgeo import gdal

PROJECT = Path(__file__).resolve().parents[1]
YEARS = list(range(2001, 2021))
PIXELS = 400
ROUNDS = 5


def write_series(path: Path, side: int, gaps: bool) -> None:
    """A float32 series of noise with a trend, one band a year, written in strips as most exports are."""
    data = gdal.GetDriverByName("GTiff").Create(
        str(path), side, side, len(YEARS), gdal.GDT_Float32, ["INTERLEAVE=BAND", "BIGTIFF=IF_SAFER"]
    )
    data.SetGeoTransform((500000.0, 500.0, 0.0, 4000000.0, 0.0, -500.0))
    random = np.random.default_rng(1)
    for number, year in enumerate(YEARS, start=1):
        values = random.standard_normal((side, side), dtype=np.float32) * 40 + 400 + 2 * number
        if gaps:
            values[random.random((side, side), dtype=np.float32) < 0.1] = np.nan
        band = data.GetRasterBand(number)
        band.SetDescription(str(year))
        band.WriteArray(values)


def run_tool(folder: Path, series: Path) -> tuple:
    """Seconds and peak memory (bytes) of one qgis_process."""
    environment = {
        **os.environ, "QGIS_PLUGINPATH": str(PROJECT), "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
        "QT_QPA_PLATFORM": "offscreen", "GDAL_PAM_ENABLED": "NO", "PYTHONDONTWRITEBYTECODE": "1",
    }
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if not program:
        sys.exit("This benchmark needs qgis_process on the PATH.")
    subprocess.run([program, "plugins", "enable", "nep_toolbox"], env=environment, capture_output=True, check=True)
    outputs = [f"--{name}={folder / name}.tif" for name in ("SLOPE", "PVALUE", "Z", "CLASS")]
    start = time.perf_counter()
    process = subprocess.Popen(
        [program, "run", "nep:trend", f"--INPUT={series}", *outputs], env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"nep:trend failed with status {status}.")
    return time.perf_counter() - start, usage.ru_maxrss * 1024


def pymannkendall_seconds(series: Path) -> float:
    """Seconds of original_test for one pixel, the median of several rounds."""
    import pymannkendall

    data = gdal.Open(str(series))
    stack = data.ReadAsArray(0, data.RasterYSize // 2, PIXELS, 1).reshape(len(YEARS), PIXELS).astype(float)
    columns = list(stack.T.copy())
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for column in columns:
            pymannkendall.original_test(column)
        rounds.append((time.perf_counter() - start) / PIXELS)
    return float(np.median(rounds))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("side", nargs="?", type=int, default=3000)
    parser.add_argument("--gaps", action="store_true")
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    sides = (options.side, 2 * options.side) if options.memory else (options.side,)
    for side in sides:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            series = folder / "series_2001-2020.tif"
            # In a process of its own: the child of a large process is counted as large.
            spawn = multiprocessing.get_context("spawn")
            writer = spawn.Process(target=write_series, args=(series, side, options.gaps))
            writer.start()
            writer.join()
            seconds, memory = run_tool(folder, series)
            pixels = side * side
            print(f"{side} x {side} x {len(YEARS)}: {seconds:.1f} s, {seconds / pixels * 1e9:.0f} ns a pixel, "
                  f"peak {memory / 2**20:.0f} MB")
            if not options.memory:
                reference = pymannkendall_seconds(series)
                ratio = reference * pixels / seconds
                print(f"pymannkendall: {reference * 1e6:.0f} us a pixel")
                print(f"ratio {ratio:.0f}, ratio per core {ratio / (os.cpu_count() or 1):.0f}")


if __name__ == "__main__":
    main()
