"""nep:geodetector and nep:geodetectortable as whole processes, beside the recorded times of the R package GD.

    python benchmarks/geodetector.py [--rows 10000] [--side 1000]

First a table of ``rows`` rows and nine continuous factors, cut by five methods into 3 to 7 classes: for 10,000 rows R
GD 10.8 took 32 to 49 seconds, 8 without natural breaks, and gdverse 1.7 14 to 18 (recorded, R is not run here). Then a
raster of ``side`` x ``side`` cells with nine factors, all methods, 3 to 8 classes. Time and peak memory are those of
the whole process, processor time beside them since that of a busy machine is the steadier one; ``start`` is a process
which only starts QGIS, the least of three. Each tool makes all its tables and its page.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from osgeo import gdal

PROJECT = Path(__file__).resolve().parents[1]
GD_SECONDS = (32.0, 49.0)
TABLES = ("FACTORS", "INTERACTIONS", "RISK", "STRATA", "ECOLOGICAL", "DISCRETIZATION")


def variables(size: int) -> dict:
    """A target and nine factors of several shapes: normal, skewed, with ties, with many zeros, with two modes."""
    random = np.random.default_rng(5)
    factors = {
        "normal": random.normal(10, 3, size), "mirrored": -random.gamma(2.0, 3.0, size),
        "gamma": random.gamma(2.0, 50.0, size), "lognormal": random.lognormal(3, 1.2, size),
        "uniform": random.random(size), "rounded": np.round(random.normal(500, 80, size)),
        "zeros": np.where(random.random(size) < 0.3, 0.0, random.gamma(1.0, 9.0, size)),
        "modes": random.normal(0, 1, size) + 8 * (random.random(size) < 0.4),
        "large": 1e5 + random.normal(0, 2, size),
    }
    target = 8 * factors["normal"] - factors["gamma"] / 5 + 20 * factors["uniform"] ** 2 + random.normal(0, 20, size)
    return {"target": target, **factors}


def peak_of(pid: int) -> int:
    """Peak resident memory of a process in bytes, 0 when it has ended."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return 0


def processor_seconds() -> float:
    """Processor time of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Runner:
    """Runs qgis_process with a profile of its own."""

    def __init__(self, folder: Path):
        self.program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
        if not self.program:
            sys.exit("This benchmark needs qgis_process on the PATH.")
        self.environment = {
            **os.environ, "QGIS_PLUGINPATH": str(PROJECT), "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
            "QT_QPA_PLATFORM": "offscreen", "GDAL_PAM_ENABLED": "NO", "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.folder = folder
        self("plugins", "enable", "nep_toolbox")

    def __call__(self, *arguments: str) -> tuple:
        """Seconds by the clock and by the processor, and peak memory (bytes) of one process."""
        start, used = time.perf_counter(), processor_seconds()
        process = subprocess.Popen(
            [self.program, *arguments], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, peak_of(process.pid))
            time.sleep(0.005)
        if process.returncode:
            sys.exit(f"qgis_process failed: {' '.join(arguments)}")
        return time.perf_counter() - start, processor_seconds() - used, peak

    def tool(self, identifier: str, *arguments: str) -> tuple:
        """Run a tool with every table and the page."""
        outputs = [f"--{name}={self.folder / name}.csv" for name in TABLES]
        return self("run", identifier, *arguments, *outputs, f"--CHART={self.folder / 'chart.html'}")


def table_run(run: Runner, rows: int, start: float) -> None:
    """The table GD was timed on in size: nine factors, five methods, 3 to 7 classes."""
    columns = variables(rows)
    path = run.folder / "table.csv"
    np.savetxt(path, np.column_stack(list(columns.values())), delimiter=",", header=",".join(columns), comments="",
               fmt="%.17g")
    path.with_suffix(".csvt").write_text(",".join(['"Real"'] * len(columns)))
    factors = [f"--CONTINUOUS={name}" for name in list(columns)[1:]]
    seconds, used, peak = run.tool(
        "nep:geodetectortable", f"--INPUT={path}", "--TARGET=target", *factors, "--MIN_CLASSES=3", "--MAX_CLASSES=7"
    )
    work = used - start
    print(f"table, {rows:,} rows x 9 factors x 5 methods x k 3..7: {seconds:.2f} s (processor {used:.2f} s, "
          f"{work:.2f} s without the start), peak {peak / 2**20:.0f} MB")
    if rows == 10_000:
        print(f"  R GD recorded {GD_SECONDS[0]:.0f} to {GD_SECONDS[1]:.0f} s: {GD_SECONDS[0] / work:.0f} to "
              f"{GD_SECONDS[1] / work:.0f} times as long, with reading the table and writing tables and page")


def raster_run(run: Runner, side: int, start: float) -> None:
    """Nine factors of a square raster, all methods, 3 to 8 classes."""
    paths = []
    for name, values in variables(side * side).items():
        paths.append(str(run.folder / f"{name}.tif"))
        data = gdal.GetDriverByName("GTiff").Create(paths[-1], side, side, 1, gdal.GDT_Float32)
        data.SetGeoTransform((500000.0, 500.0, 0.0, 4000000.0, 0.0, -500.0))
        data.GetRasterBand(1).WriteArray(values.reshape(side, side))
        data = None
    factors = [f"--CONTINUOUS={path}" for path in paths[1:]]
    seconds, used, peak = run.tool("nep:geodetector", f"--TARGET={paths[0]}", *factors)
    print(f"raster, {side * side:,} pixels x 9 factors x 5 methods x k 3..8: {seconds:.2f} s (processor {used:.2f} s, "
          f"{used - start:.2f} s without the start), peak {peak / 2**20:.0f} MB")


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--side", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = Runner(Path(folder))
        seconds, start, peak = min((run("help", "nep:geodetector") for _ in range(3)), key=lambda times: times[1])
        print(f"start: {seconds:.2f} s (processor {start:.2f} s), peak {peak / 2**20:.0f} MB")
        table_run(run, options.rows, start)
        raster_run(run, options.side, start)


if __name__ == "__main__":
    main()
