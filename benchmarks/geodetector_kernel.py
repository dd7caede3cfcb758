"""The geographical detector on 10,000 rows beside R's GD, and on a million rows: time and peak memory.

    python benchmarks/geodetector_kernel.py [rows of the large run]

9 factors, 5 methods, 3 to 7 classes (3 to 8 in the large run), all four detectors. Where Rscript and the package GD are
at hand both take their turn on the same data; otherwise the ratio is to the time GD 10.8 was recorded to take on data
of this shape (32 to 49 s; the smaller counts). The small run is timed by the processor, so that a busy machine does
not enter.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nep_toolbox.core.geodetector.detect import Factor, detect  # noqa: E402

FACTORS = 9
ROUNDS = 7
RECORDED_GD_SECONDS = 32.0
R_SCRIPT = """
data <- read.csv(commandArgs(TRUE)[1])
library(GD)
names <- setdiff(colnames(data), "y")
seconds <- system.time(gdm(y ~ ., continuous_variable = names, data = data,
  discmethod = c("equal", "natural", "quantile", "geometric", "sd"), discitv = 3:7))["user.self"]
cat("seconds", seconds, "\\n")
"""


def province(rows: int) -> tuple:
    """A target and factors of three shapes: symmetric, skewed, flat."""
    random = np.random.default_rng(7)
    shapes = (
        lambda: random.normal(size=rows),
        lambda: random.lognormal(0.0, 1.0, size=rows),
        lambda: random.uniform(0.0, 100.0, size=rows),
    )
    factors = [Factor(f"x{i}", shapes[i % 3]()) for i in range(FACTORS)]
    target = 500.0 + sum(f.values / f.values.std() for f in factors[:4]) + random.normal(size=rows)
    return target, factors


def seconds_of_gd(target: np.ndarray, factors: list) -> float | None:
    """Seconds R's GD takes; None without it."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "data.csv"
        columns = np.column_stack([target, *(f.values for f in factors)])
        header = ",".join(["y", *(f.name for f in factors)])
        np.savetxt(table, columns, delimiter=",", header=header, comments="", fmt="%.17g")
        script = Path(folder) / "gd.R"
        script.write_text(R_SCRIPT, encoding="utf-8")
        run = subprocess.run(["Rscript", str(script), str(table)], capture_output=True, text=True, check=False)
    line = next((line for line in run.stdout.splitlines() if line.startswith("seconds")), None)
    return None if line is None else float(line.split()[1])


def main(large: int) -> None:
    """Print both runs."""
    print(f"numpy {np.__version__}")
    target, factors = province(10_000)
    detect(target, factors, max_classes=7)
    ours = []
    for _ in range(ROUNDS):
        start = time.process_time()
        detect(target, factors, max_classes=7)
        ours.append(time.process_time() - start)
    gd = seconds_of_gd(target, factors)
    source = "beside it" if gd else "recorded"
    gd = gd or RECORDED_GD_SECONDS
    median = statistics.median(ours)
    print(f"10,000 rows: {median:.3f} s (best {min(ours):.3f}), GD {gd:.1f} s ({source}), ratio {gd / median:.0f}")

    target, factors = province(large)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reports = []
    start = time.perf_counter()
    detect(target, factors, progress=reports.append)
    elapsed = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{large:,} rows: {elapsed:.1f} s, peak {peak:.0f} MB (data alone {before:.0f} MB), {len(reports)} reports")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
