"""A dask cluster of real processes on this machine, on the loopback interface alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

#: The program of the environment that this Python belongs to.
DASK = Path(sys.executable).with_name("dask")


class Processes:
    """Starts a scheduler and workers, with a folder of their own, and ends them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.started: list = []
        self.address = ""

    def _start(self, name: str, *arguments, path: str = "", cwd=None):
        log = self.folder / f"{name}{len(self.started)}.log"
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": path}
        with open(log, "w", encoding="utf-8") as file:
            process = subprocess.Popen(
                [str(DASK), name, *arguments, "--no-dashboard"], cwd=cwd or self.folder, env=environment, stdout=file,
                stderr=file, start_new_session=True,
            )
        self.started.append(process)
        return process, log

    def scheduler(self, *arguments):
        """Start a scheduler, which knows nothing of the toolbox."""
        process, log = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", *arguments)
        self.address = _wait_for(log, "Scheduler at:").split("Scheduler at:")[1].split()[0]
        return process

    def worker(self, *arguments, path: str = "", threads: int = 2, nanny: bool = False, cwd=None):
        """Start a worker that has ``path`` in its PYTHONPATH, with further arguments of ``dask worker``."""
        process, log = self._start(
            "worker", self.address, "--host", "127.0.0.1", "--nthreads", str(threads),
            "--nanny" if nanny else "--no-nanny", "--local-directory", str(self.folder), *arguments, path=path,
            cwd=cwd,
        )
        _wait_for(log, "Registered to")
        return process

    def end_child_of(self, number: int) -> None:
        """End the worker of the process that was started at this place, which is a nanny."""
        nanny = self.started[number].pid
        children = Path(f"/proc/{nanny}/task/{nanny}/children").read_text(encoding="ascii").split()
        os.kill(int(children[-1]), signal.SIGKILL)

    def end_all(self) -> None:
        """End all of them, with the processes that a nanny has started."""
        for process in self.started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def processes(folder: Path, *arguments):
    """A scheduler without workers; with further arguments of ``dask scheduler``."""
    found = Processes(folder)
    try:
        found.scheduler(*arguments)
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
