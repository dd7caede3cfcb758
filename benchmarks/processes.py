"""Running whole processes, and what they took; on Linux."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[1]


class Taken(NamedTuple):
    """Seconds by the clock and of processor time, peak memory in bytes, and the most files that were open."""

    seconds: float
    processor: float
    peak: int
    files: int


def run(command: list, environment: dict | None = None, log: Path | None = None) -> Taken:
    """Run a program to its end, which must be a good one."""
    with open(log or os.devnull, "wb") as said:
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], env=environment, stdout=said, stderr=said)
        ended, counts = threading.Event(), [0]
        watcher = threading.Thread(target=_count_files, args=(process.pid, ended, counts))
        watcher.start()
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        ended.set()
        watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        sys.exit(f"{' '.join(map(str, command))} failed with {process.returncode}; see {log}")
    return Taken(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, max(counts))


def _count_files(process: int, ended: threading.Event, counts: list) -> None:
    """How many files a process has open, five times a second until it has ended."""
    while not ended.wait(0.2):
        try:
            counts.append(len(os.listdir(f"/proc/{process}/fd")))
        except OSError:
            return


def apart(function, *arguments) -> None:
    """Call a function in a process of its own, to make inputs: the child of a large process is counted as large."""
    worker = multiprocessing.get_context("spawn").Process(target=function, args=arguments)
    worker.start()
    worker.join()
    if worker.exitcode:
        sys.exit(f"{function.__name__} failed with {worker.exitcode}")


class Qgis:
    """qgis_process with a profile of its own, in which the toolbox is enabled.

    Parameters
    ----------
    folder : Path
        For the profile and the log.
    plugins : Path
        The folder that holds nep_toolbox.
    """

    def __init__(self, folder: Path, plugins: Path = PROJECT):
        self.program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
        if not self.program:
            sys.exit("This benchmark needs qgis_process on the PATH.")
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        self.environment = {
            **os.environ, "QGIS_PLUGINPATH": str(plugins), "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
            "QT_QPA_PLATFORM": "offscreen", "GDAL_PAM_ENABLED": "NO", "LC_ALL": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(runtime),
        }
        self.log = folder / "qgis.log"
        run([self.program, "plugins", "enable", "nep_toolbox"], self.environment, self.log)

    def __call__(self, tool: str, cores: int = 0, **parameters) -> Taken:
        """Run a tool, where they are given on so many cores alone; a list gives its parameter several times."""
        arguments = [
            f"--{name}={one}" for name, value in parameters.items()
            for one in (value if isinstance(value, (list, tuple)) else [value])
        ]
        held = ["taskset", "--cpu-list", f"0-{cores - 1}"] if cores else []
        return run([*held, self.program, "run", tool, *arguments], self.environment, self.log)
