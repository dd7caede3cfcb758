"""Where the time of a tool goes: reading, computing, writing and the rest, in processor time.

    python benchmarks/shares.py [--side 2000]

The tools run in this process, with the reading of a block, the kernel and the writing of a block timed on the threads
they run in. What threads of GDAL compress is no part of these and shows in the rest.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from functools import wraps
from pathlib import Path

from processes import PROJECT
from sections import Section, show
from tools import TASKS, write_inputs

PARTS = ("reading", "computing", "writing", "the rest")


class Clock:
    """Adds up the processor time of functions by part, over all threads."""

    def __init__(self):
        self.taken = Counter()
        self._lock = threading.Lock()

    def timed(self, part: str, function):
        """The function, timed; of what is called within it the time is taken off."""

        @wraps(function)
        def wrapper(*arguments, **options):
            start, before = time.thread_time(), self.taken["within", threading.get_ident()]
            try:
                return function(*arguments, **options)
            finally:
                whole = time.thread_time() - start
                with self._lock:
                    within = self.taken["within", threading.get_ident()] - before
                    self.taken[part] += whole - within
                    self.taken["within", threading.get_ident()] = before + whole

        return wrapper

    def watch(self) -> None:
        """Time what every tool passes through."""
        from nep_toolbox.raster import engine, reader, writer

        engine._read_and_compute = self.timed("computing", engine._read_and_compute)
        reader.StackReader.read = self.timed("reading", reader.StackReader.read)
        writer.RasterWriter.write = self.timed("writing", writer.RasterWriter.write)
        writer.RasterWriter.close = self.timed("writing", writer.RasterWriter.close)


def start_qgis():
    """QGIS without a window, with the toolbox as a provider."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["GDAL_PAM_ENABLED"] = "NO"
    sys.path[:0] = [str(PROJECT), "/usr/share/qgis/python/plugins"]
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    from processing.core.Processing import Processing

    Processing.initialize()
    from nep_toolbox.provider import NepProvider

    provider = NepProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    return application, provider


def shares(task, given: Path, results: Path, clock: Clock) -> list:
    """The share of each part, in percent."""
    from qgis import processing

    parameters = {name: str(value) for name, value in task.parameters(given, results).items()}
    clock.taken.clear()
    before = time.process_time()
    processing.run(task.tool, parameters)
    whole = time.process_time() - before
    parts = [clock.taken[part] for part in PARTS[:-1]]
    return [f"{100 * part / whole:.0f} %" for part in (*parts, whole - sum(parts))]


def sections(side: int = 2000) -> list:
    """The table of this benchmark."""
    application = start_qgis()
    clock = Clock()
    clock.watch()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given, results = write_inputs(folder, side), folder / "results"
        results.mkdir()
        rows = [(task.name, *shares(task, given, results, clock)) for task in TASKS if task.tool != "nep:harmonize"]
    del application
    return [Section(
        "Where the time goes", f"Shares of processor time, {side:,} x {side:,} cells, 20 bands. The rest is mostly the "
        "compression of results by GDAL's own threads.", ("tool", *PARTS), rows,
    )]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=2000)
    show(sections(parser.parse_args().side))


if __name__ == "__main__":
    main()
