"""How time and memory of whole tools grow with the pixels and the years.

    python benchmarks/growth.py [--side 4000]

Each tool runs at ``side`` and at a half and a quarter of it with 20 years, and at half of it with 10 and 40 years.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import inputs
from processes import Qgis, apart
from sections import Section, show
from tools import TASKS

TOOLS = ("nep:trend", "nep:annualstatistics")
SMALL = 64


def write(folder: Path, side: int, years: int) -> Path:
    """Inputs in a folder of their own."""
    given = folder / f"{side}_{years}"
    given.mkdir()
    apart(_write, given, side, tuple(range(2021 - years, 2021)))
    return given


def _write(given: Path, side: int, years: tuple) -> None:
    inputs.series(given / "series.tif", side, years=years)
    inputs.regions(given / "regions.geojson", side)


def rows(side: int) -> Iterator[tuple]:
    """Tool, cells, years, seconds, nanoseconds a value and peak memory."""
    sizes = [(side // 4, 20), (side // 2, 20), (side, 20), (side // 2, 10), (side // 2, 40)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        qgis, results = Qgis(folder), folder / "results"
        results.mkdir()
        small = write(folder, SMALL, 20)
        given = {size: write(folder, *size) for size in sizes}
        for tool in TOOLS:
            task = next(task for task in TASKS if task.tool == tool)
            start = qgis(tool, **task.parameters(small, results)).seconds
            for cells, years in sizes:
                taken = qgis(tool, **task.parameters(given[cells, years], results))
                seconds = taken.seconds - start
                yield (tool, f"{cells:,} x {cells:,}", years, f"{seconds:.1f} s",
                       f"{seconds / (cells * cells * years) * 1e9:.1f}", f"{taken.peak / 2**20:.0f} MB")


def sections(side: int = 4000) -> list:
    """The table of this benchmark."""
    return [Section(
        "Growth with pixels and years", "Whole processes; time beyond the start of QGIS, peak memory with it. The pair "
        "slopes of a trend grow with the square of the years, everything else with the number of values.",
        ("tool", "cells", "years", "time", "ns a value", "peak memory"), list(rows(side)),
    )]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=4000)
    show(sections(parser.parse_args().side))


if __name__ == "__main__":
    main()
