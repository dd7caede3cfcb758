"""A dask cluster of real processes, and what its workers compute in tests. They import nothing that QGIS needs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
TESTS = PROJECT / "tests"
DASK = Path(sys.executable).with_name("dask")


@dataclass(frozen=True)
class RowNumbers:
    """Reads the number of each row."""

    bytes_per_cell: int = 8

    def read(self, window) -> np.ndarray:
        """Read a window."""
        return np.repeat(np.arange(window.row, window.row + window.height)[:, None], window.width, axis=1)


def first_of(rows) -> int:
    """The first row of a block."""
    return int(rows[0, 0])


def slowly(rows) -> int:
    """The first row of a block, after a while."""
    time.sleep(0.1)
    return int(rows[0, 0])


def fails_at_row_14(rows) -> int:
    """An error of a kernel."""
    if rows[0, 0] == 14:
        raise ZeroDivisionError("row 14")
    return int(rows[0, 0])


def ends_the_worker(rows) -> None:  # noqa: ARG001
    """What a worker does that has too little memory."""
    os._exit(1)


class Processes:
    """Starts a scheduler and workers, with a folder of their own, and ends them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.started: list = []
        self.address = ""

    def _start(self, name: str, *arguments, path: str = "", cwd=None):
        log = self.folder / f"{name}{len(self.started)}.log"
        environment = dict(os.environ, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1")
        with open(log, "w", encoding="utf-8") as file:
            process = subprocess.Popen(
                [str(DASK), name, *arguments, "--no-dashboard"], cwd=cwd or self.folder, env=environment, stdout=file,
                stderr=file, start_new_session=True,
            )
        self.started.append(process)
        return process, log

    def scheduler(self):
        """Start a scheduler, which knows nothing of the toolbox."""
        process, log = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = _wait_for(log, "Scheduler at:").split("Scheduler at:")[1].split()[0]
        return process

    def worker(self, path=f"{PROJECT}{os.pathsep}{TESTS}", threads: int = 2, nanny: bool = False):
        """Start a worker that has ``path`` in its PYTHONPATH."""
        process, log = self._start(
            "worker", self.address, "--host", "127.0.0.1", "--nthreads", str(threads),
            "--nanny" if nanny else "--no-nanny", "--local-directory", str(self.folder), path=path,
        )
        _wait_for(log, "Registered to")
        return process

    def end_all(self) -> None:
        """End all of them, with the processes that a nanny has started."""
        for process in self.started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def processes(folder: Path):
    """A scheduler without workers."""
    found = Processes(folder)
    try:
        found.scheduler()
        yield found
    finally:
        found.end_all()


def _wait_for(log: Path, words: str) -> str:
    """The line of a log that holds these words, once it is there."""
    for _look in range(600):
        for line in log.read_text(encoding="utf-8").splitlines():
            if words in line:
                return line
        time.sleep(0.05)
    raise AssertionError(f"{log.name} does not say {words!r}:\n{log.read_text(encoding='utf-8')}")
