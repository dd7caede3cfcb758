"""The geographical detector: its kernel and the whole tools, beside the package GD of R.

    python benchmarks/geodetector.py [--rows 10000] [--side 1000]

A table of ``rows`` rows and nine continuous factors, cut by five methods into 3 to 7 classes, and a raster of ``side``
x ``side`` cells with nine factors, all methods, 3 to 8 classes; each tool makes all its tables and its page. Where
Rscript and GD are at hand they take their turn on the same table; otherwise the ratio is to the time that GD 10.8 was
recorded to take on a table of that size: 32 s, in runs of 32 to 49 s. Beside these stand, once each, the same with what
is asked for beyond: permutations of the whole search, the choice by cross-validation, and scales.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
from osgeo import gdal

from clock import rounds, seconds
from inputs import CELL, LEFT, TOP
from nep_toolbox.core.geodetector.complete_rows import Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.settings import Settings
from processes import Qgis
from sections import Section, show, spread

RECORDED_GD_SECONDS = 32.0
RECORDED_ROWS = 10_000
TABLES = ("FACTORS", "INTERACTIONS", "RISK", "STRATA", "ECOLOGICAL", "DISCRETIZATION")
R_SCRIPT = """
data <- read.csv(commandArgs(TRUE)[1])
library(GD)
names <- setdiff(colnames(data), "target")
seconds <- system.time(gdm(target ~ ., continuous_variable = names, data = data,
  discmethod = c("equal", "natural", "quantile", "geometric", "sd"), discitv = 3:7))["user.self"]
cat("seconds", seconds, "\\n")
"""


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


def write_table(path: Path, columns: dict) -> Path:
    """The variables as a CSV with the types of its columns."""
    np.savetxt(path, np.column_stack(list(columns.values())), delimiter=",", header=",".join(columns), comments="",
               fmt="%.17g")
    path.with_suffix(".csvt").write_text(",".join(['"Real"'] * len(columns)), encoding="utf-8")
    return path


def write_rasters(folder: Path, columns: dict, side: int) -> list:
    """Each variable as a raster."""
    paths = []
    for name, values in columns.items():
        paths.append(folder / f"{name}.tif")
        data = gdal.GetDriverByName("GTiff").Create(str(paths[-1]), side, side, 1, gdal.GDT_Float32)
        data.SetGeoTransform((LEFT, CELL, 0.0, TOP, 0.0, -CELL))
        data.GetRasterBand(1).WriteArray(values.reshape(side, side))
    return paths


#: What is asked for beyond the search -> its parameters on the raster.
BEYOND = {
    "p_search by 99 permutations": {"PERMUTATIONS": 99},
    "choice by cross-validation": {"CHOICE": 1},
    "scales of 1, 2, 5 and 10 cells": {"SCALES": "1,2,5,10"},
}
PERMUTATIONS = 999  # of the table


def seconds_of_gd(table: Path) -> float | None:
    """Seconds that GD takes; None without it."""
    if shutil.which("Rscript") is None:
        return None
    script = table.with_suffix(".R")
    script.write_text(R_SCRIPT, encoding="utf-8")
    run = subprocess.run(["Rscript", str(script), str(table)], capture_output=True, text=True, check=False)
    line = next((line for line in run.stdout.splitlines() if line.startswith("seconds")), None)
    return None if line is None else float(line.split()[1])


def kernel_seconds(columns: dict) -> float:
    """Processor time of the four detectors with optimal parameters."""
    target, *factors = (Factor(name, values) for name, values in columns.items())
    return seconds(lambda: detect(target.values, factors, Settings(max_classes=7)))


def sections(rows: int = RECORDED_ROWS, side: int = 1000) -> list:
    """The table of this benchmark."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        qgis, columns = Qgis(folder), variables(rows)
        table = write_table(folder / "table.csv", columns)
        paths = write_rasters(folder, variables(side * side), side)
        small = write_rasters(_made(folder / "small"), variables(32 * 32), 32)
        outputs = {name: folder / f"{name}.csv" for name in TABLES}

        def tool(identifier: str, **inputs):
            return qgis(identifier, **inputs, **outputs, CHART=folder / "chart.html")

        def raster_tool(files: list):
            return tool("nep:geodetector", **of_rasters(files))

        ours, whole, start, raster = rounds(
            lambda: kernel_seconds(columns),
            lambda: tool("nep:geodetectortable", INPUT=table, TARGET="target", CONTINUOUS=list(columns)[1:],
                         MIN_CLASSES=3, MAX_CLASSES=7).processor,
            lambda: qgis("nep:geodetectortable", INPUT=table, TARGET="target", CONTINUOUS="normal", MIN_CLASSES=3,
                         MAX_CLASSES=3, METHODS=0, FACTORS=outputs["FACTORS"]).processor,
            lambda: raster_tool(paths).seconds - raster_tool(small).seconds,
        )
        gd = seconds_of_gd(table)
        peak = raster_tool(paths).peak
        asked = beyond_the_search(qgis, table, paths, small, outputs)
    source = "GD of R beside it" if gd else "recorded"
    gd = gd or (RECORDED_GD_SECONDS if rows == RECORDED_ROWS else float("nan"))
    beyond = [all_of_it - begin for all_of_it, begin in zip(whole, start)]
    size = f"{rows:,} rows x 9 factors x 5 methods x 3 to 7 classes"
    return [Section(
        "Geodetector", f"R GD 10.8: {gd:.0f} s ({source}).", ("what", "time", "GD / ours"), [
            (f"kernel, {size}", f"{median(ours):.2f} s", spread([gd / one for one in ours], 0)),
            (f"nep:geodetectortable beyond the start, {size}", f"{median(beyond):.2f} s",
             spread([gd / one for one in beyond], 0)),
            (f"nep:geodetector beyond the start, {side * side:,} pixels x 9 factors x 5 methods x 3 to 8 classes",
             f"{median(raster):.1f} s, peak {peak / 2**20:.0f} MB", ""),
            *asked,
        ],
    )]


def beyond_the_search(qgis: Qgis, table: Path, paths: list, small: list, outputs: dict) -> list:
    """Rows of the table on what is asked for beyond the search, each run once, beyond the start of QGIS."""
    def on_rasters(files: list, asked: dict):
        return qgis("nep:geodetector", **of_rasters(files), **asked, **outputs)

    def on_table(permutations: int):
        return qgis("nep:geodetectortable", INPUT=table, TARGET="target", MIN_CLASSES=3, MAX_CLASSES=7,
                    CONTINUOUS=[path.stem for path in paths[1:]], PERMUTATIONS=permutations, **outputs)

    without, with_all = on_table(0), on_table(PERMUTATIONS)
    rows = [(f"the same table, p_search by {PERMUTATIONS} permutations, more than without",
             f"{with_all.seconds - without.seconds:.1f} s", "")]
    for words, asked in BEYOND.items():
        # one permutation is enough to begin
        least = {"PERMUTATIONS": 1} if "PERMUTATIONS" in asked else asked
        start, whole = on_rasters(small, least), on_rasters(paths, asked)
        rows.append((f"the same raster, {words}",
                     f"{whole.seconds - start.seconds:.1f} s, peak {whole.peak / 2**20:.0f} MB", ""))
    return rows


def of_rasters(files: list) -> dict:
    """The target and the factors as parameters."""
    return {"TARGET": files[0], "CONTINUOUS": files[1:]}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=RECORDED_ROWS)
    parser.add_argument("--side", type=int, default=1000)
    options = parser.parse_args()
    show(sections(options.rows, options.side))


if __name__ == "__main__":
    main()
