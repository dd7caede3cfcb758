"""Time, peak memory and open files of nep:trend and nep:annualstatistics against the number of pixels.

    python benchmarks/scale.py [--millions 4 16 64 256 1024] [--remote]

A square raster of 20 years is made for each number of pixels (in millions; 1024 is 32,000 x 32,000): real values in a
tile of 512 cells in 16, the rest left sparse, so that the largest takes some 5 GB of disk. Each tool runs on it as a
whole process; what is printed is its time, its time for each pixel, the most memory and the most files it held. With
``--remote`` the raster is read from a server on the loopback interface; the bytes served are compared with its size.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "tests"))

from testkit.http import serving  # noqa: E402

YEARS = list(range(2001, 2021))
TILE = 512
RESULTS = {"nep:trend": {"SLOPE": "slope.tif", "CLASS": "class.tif"}, "nep:annualstatistics": {"TABLE": "table.csv"}}


def write_series(path: Path, side: int) -> None:
    """A float32 series whose tiles are noise with a trend where their place is a multiple of four, and else sparse."""
    options = ["TILED=YES", f"BLOCKXSIZE={TILE}", f"BLOCKYSIZE={TILE}", "COMPRESS=DEFLATE", "PREDICTOR=3", "ZLEVEL=1",
               "SPARSE_OK=TRUE", "BIGTIFF=YES", "INTERLEAVE=BAND", "NUM_THREADS=ALL_CPUS"]
    data = gdal.GetDriverByName("GTiff").Create(str(path), side, side, len(YEARS), gdal.GDT_Float32, options)
    data.SetGeoTransform((500000.0, 30.0, 0.0, 4000000.0, 0.0, -30.0))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32650)
    data.SetProjection(reference.ExportToWkt())
    random = np.random.default_rng(1)
    for number, year in enumerate(YEARS, start=1):
        band = data.GetRasterBand(number)
        band.SetDescription(str(year))
        band.SetNoDataValue(-9999.0)
        for row in range(0, side, 4 * TILE):
            for col in range(0, side, 4 * TILE):
                shape = (min(TILE, side - row), min(TILE, side - col))
                band.WriteArray(random.standard_normal(shape, dtype=np.float32) * 40 + 400 + 2 * number, col, row)
        band.FlushCache()


def environment(folder: Path) -> dict:
    """What qgis_process needs to find the plugin of this project."""
    return {
        **os.environ, "QGIS_PLUGINPATH": str(PROJECT), "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
        "QT_QPA_PLATFORM": "offscreen", "GDAL_PAM_ENABLED": "NO", "PYTHONDONTWRITEBYTECODE": "1",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    }


def run_tool(program: str, tool: str, series: str, folder: Path) -> tuple:
    """Seconds, peak memory (bytes) and most open files of one qgis_process."""
    outputs = [f"--{name}={folder / file}" for name, file in RESULTS[tool].items()]
    start = time.perf_counter()
    process = subprocess.Popen([program, "run", tool, f"--INPUT={series}", *outputs], env=environment(folder),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most, ended = [0], threading.Event()

    def count():
        while not ended.wait(0.2):
            try:
                most[0] = max(most[0], len(os.listdir(f"/proc/{process.pid}/fd")))
            except OSError:
                return

    counter = threading.Thread(target=count)
    counter.start()
    _pid, status, usage = os.wait4(process.pid, 0)
    ended.set()
    counter.join()
    if status:
        sys.exit(f"{tool} failed with status {status}.")
    return time.perf_counter() - start, usage.ru_maxrss * 1024, most[0]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", nargs="+", type=int, default=[4, 16, 64, 256, 1024])
    parser.add_argument("--remote", action="store_true")
    parser.add_argument("--tools", nargs="+", default=list(RESULTS), choices=list(RESULTS))
    parser.add_argument("--folder", help="where the rasters are made; the system's temporary folder by default")
    options = parser.parse_args()
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if not program:
        sys.exit("This benchmark needs qgis_process on the PATH.")
    for millions in options.millions:
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            folder = Path(name)
            subprocess.run([program, "plugins", "enable", "nep_toolbox"], env=environment(folder), capture_output=True,
                           check=True)
            side = round(math.sqrt(millions * 1e6))
            path = folder / "series_2001-2020.tif"
            write_series(path, side)
            size = path.stat().st_size
            with serving(folder) if options.remote else nullcontext() as served:
                for tool in options.tools:
                    source = served.url(path.name) if served else str(path)
                    seconds, memory, handles = run_tool(program, tool, source, folder)
                    line = (f"{tool:22s} {side} x {side} x {len(YEARS)}, file {size / 1e6:.0f} MB: {seconds:.1f} s, "
                            f"{seconds / side / side * 1e9:.1f} ns a pixel, {memory / 2**20:.0f} MB, {handles} handles")
                    if served:
                        line += f", served {served.bytes_served(path.name) / size:.3f} of the file"
                        served.requests.clear()
                    print(line, flush=True)


if __name__ == "__main__":
    main()
