"""Measure everything and write docs/performance.md.

    python benchmarks/page.py [--side 3000] [--only TOPIC ...] [--keep FOLDER] [--page FILE]

Topics: see TOPICS. What was measured is kept in the folder, a file for each topic and release of QGIS, and the page is
made of all files there: so topics can be measured one by one, and some of them on other releases. ``--only`` without a
topic makes the page alone.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import scipy
from osgeo import gdal

from processes import PROJECT
from sections import load, save, show

#: What is measured, in the order of the page, and whether the size of its rasters can be chosen.
TOPICS = {
    "tools": True, "peers": True, "trend_kernel": False, "contextual_kernel": False, "seasonal_kernel": False,
    "hurst_kernel": False, "break_kernel": False, "correlation": False, "attribution_kernel": False,
    "hotspots_kernel": False, "ledger_kernel": False, "geodetector": False, "growth": False, "shares": False,
    "scale": False,
}
INTRODUCTION = """# Performance

Written by `make benchmark`, which runs ours and the other side one after the other, three times, and gives the median
and the range. Run it yourself: ratios move with the machine, its load and its libraries.
"""


def versions() -> tuple:
    """QGIS, and what else matters, in words."""
    command = [sys.executable, "-c", "from qgis.core import Qgis; print(Qgis.QGIS_VERSION.split('-')[0])"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    qgis = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()[-1]
    return qgis, (f"QGIS {qgis}, GDAL {gdal.__version__}, Python {platform.python_version()}, numpy {np.__version__}, "
                  f"scipy {scipy.__version__}; {os.cpu_count()} cores, {processor()}")


def processor() -> str:
    """The name of the processor."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def measure(topic: str, side: int) -> list:
    """The sections of a topic, each with the versions in its text."""
    module = importlib.import_module(topic)
    found = module.sections(side) if TOPICS[topic] else module.sections()
    return [section._replace(text=f"{section.text}\n\n{versions()[1]}.") for section in found]


def page(keep: Path) -> str:
    """The page of all that was kept."""
    parts = [INTRODUCTION]
    for topic in TOPICS:
        for path in sorted(keep.glob(f"{topic}@*.json"), key=_release):
            parts += [section.markdown() for section in load(path)]
    return "\n".join(parts)


def _release(path: Path) -> tuple:
    return tuple(int(part) for part in path.stem.partition("@")[2].split(".") if part.isdigit())


def main() -> None:
    """Measure, keep and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=3000)
    parser.add_argument("--only", nargs="*", default=list(TOPICS), choices=TOPICS, metavar="TOPIC")
    parser.add_argument("--keep", type=Path, default=PROJECT / "dist" / "benchmark")
    parser.add_argument("--page", type=Path, default=PROJECT / "docs" / "performance.md")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    for topic in options.only:
        print(f"==> {topic}", file=sys.stderr, flush=True)
        found = measure(topic, options.side)
        save(options.keep / f"{topic}@{versions()[0]}.json", found)
        show(found)
    options.page.write_text(page(options.keep), encoding="utf-8")


if __name__ == "__main__":
    main()
