"""Blocks computed by the workers of a dask scheduler, on this machine or others."""

from __future__ import annotations

import asyncio
import importlib
import operator
import threading
import time
from concurrent.futures import CancelledError, Future, wait
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Callable

import numpy as np

from ..errors import InvalidParameter, UnreadableRaster
from .grid import Window

#: Seconds the scheduler and its workers have for an answer, together.
ANSWER = 8.0

#: Seconds between two looks at the workers while blocks are computed, and how many in a row may find none.
WATCH, LOOKS = 2.0, 3

#: Seconds that are waited for a good-bye.
FAREWELL = 0.5

#: Seconds between two looks at the cancel button.
PATIENCE = 0.1

_NO_DASK = (
    "A dask scheduler was given, but the Python of QGIS has no dask.distributed. Install it there, or leave "
    "⟨SCHEDULER⟩ empty to compute on this machine."
)
_NO_SCHEDULER = (
    "No dask scheduler answers at {}: {}. Start it, correct ⟨SCHEDULER⟩ (for example tcp://host:8786), or leave it "
    "empty to compute on this machine."
)
_NO_WORKER = (
    "The dask scheduler at {} has no worker. Start workers (dask worker {}), or leave ⟨SCHEDULER⟩ empty to compute "
    "on this machine."
)
_UNABLE = (
    "The dask worker {} cannot run the toolbox: {}. Start it with the folder that holds nep_toolbox in its PYTHONPATH, "
    "with the same versions of Python, numpy, scipy and GDAL as QGIS has, or leave ⟨SCHEDULER⟩ empty."
)
_OTHER_VERSION = (
    "The dask worker {} has another version of nep_toolbox than QGIS. Give it the same one and restart it, or leave "
    "⟨SCHEDULER⟩ empty."
)
_LOST = (
    "The dask cluster at {} was lost while it was computing: {}. Start it again, or leave ⟨SCHEDULER⟩ empty to compute "
    "on this machine."
)
_GONE = "The dask workers cannot compute a block: {}. Look at their logs: they may have too little memory."
_UNREADABLE = "{} The dask workers must see the rasters under the same paths as this machine."


class Cluster:
    """The workers of a dask scheduler.

    Everything that is said to the scheduler is said in a thread of its own, so that no answer, however late, keeps the
    user from stopping the run. What travels is named by the standard library alone: the scheduler needs no
    ``nep_toolbox``, and a worker without it says so instead of failing on arrival.

    Parameters
    ----------
    address : str
        Of the scheduler.
    stop_if_asked : callable
        Raises if the user wants the run to stop; called all the time while an answer is waited for.

    Raises
    ------
    InvalidParameter
        If no scheduler answers, if it has no workers, or if they cannot run this version of the toolbox.
    """

    def __init__(self, address: str, stop_if_asked: Callable):
        try:
            import dask.distributed  # noqa: F401
        except ImportError as error:
            raise InvalidParameter(_NO_DASK) from error
        self.address = address
        self._stop_if_asked = stop_if_asked
        self._client = None
        self._task = None
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="nep-cluster", daemon=True).start()
        try:
            self.threads = self._greet()
            self._watch = asyncio.run_coroutine_threadsafe(self._until_lost(), self._loop)
        except BaseException:
            self.close()
            raise

    def _greet(self) -> int:
        """How many threads the workers have together, all of which can run the toolbox."""
        end = time.monotonic() + ANSWER
        self._answer(self._connect(), end)
        workers = self._answer(self._workers(), end)
        if not workers:
            raise InvalidParameter(_NO_WORKER.format(self.address, self.address))
        answers = self._answer(self._probe(list(workers)), end)
        for worker, answer in zip(workers, answers):
            if isinstance(answer, BaseException):
                raise InvalidParameter(_UNABLE.format(worker, _reason(answer))) from answer
            if answer != probe(None)[0]:
                raise InvalidParameter(_OTHER_VERSION.format(worker))
        return sum(workers.values())

    def _answer(self, question, end: float):
        """What a coroutine gives, in time."""
        future = asyncio.run_coroutine_threadsafe(question, self._loop)
        while not wait([future], timeout=PATIENCE).done:
            self._stop_if_asked()
            if time.monotonic() > end:
                future.cancel()
                raise InvalidParameter(_NO_SCHEDULER.format(self.address, f"no answer within {ANSWER:.0f} seconds"))
        self._stop_if_asked()
        error = future.exception()
        if error is not None:
            raise InvalidParameter(_NO_SCHEDULER.format(self.address, _reason(error))) from error
        return future.result()

    async def _connect(self) -> None:
        from dask.distributed import Client

        # Kept before it is connected: one that is not closed here would wait for its loop when it is deleted.
        self._client = Client(self.address, asynchronous=True, timeout=ANSWER, set_as_default=False)
        await self._client

    async def _workers(self) -> dict:
        """Threads by worker; a scheduler that was started just now gets a few seconds for the first."""
        for _look in range(int(ANSWER / 2 / PATIENCE)):
            threads = await self._client.nthreads()
            if threads:
                return threads
            await asyncio.sleep(PATIENCE)
        return {}

    async def _probe(self, workers: list) -> list:
        """What each worker says to the probe: a digest of its toolbox, or an error."""
        from distributed.protocol.pickle import dumps, loads

        message = dumps(_Probe())
        answers = await asyncio.gather(
            *(self._client.run(loads, message, workers=[worker]) for worker in workers), return_exceptions=True
        )
        return [_digest_in(answer, worker) for answer, worker in zip(answers, workers)]

    async def _until_lost(self) -> str:
        """Wait until something is wrong, and tell what."""
        empty = 0
        while empty < LOOKS:
            await asyncio.sleep(WATCH)
            if self._client.status != "running":
                return "the connection was lost"
            empty = 0 if await self._client.nthreads() else empty + 1
        return "it has no worker any more"

    # As an executor ---------------------------------------------------------------------------------------------------

    def share(self, task: Callable) -> None:
        """Give the workers, once, what `submit` calls with a window."""
        from distributed.protocol.pickle import dumps

        message = dumps(partial(_on_window, task))
        self._task = asyncio.run_coroutine_threadsafe(self._keep(message), self._loop).result()

    async def _keep(self, message: bytes):
        from distributed.protocol.pickle import loads

        return self._client.submit(loads, message, pure=False)

    def submit(self, window: Window) -> Future:
        """Have a block computed."""
        return asyncio.run_coroutine_threadsafe(self._compute(window), self._loop)

    async def _compute(self, window: Window):
        call = operator.methodcaller("__call__", (window.col, window.row, window.width, window.height))
        return await self._client.submit(call, self._task, pure=False, key=f"nep-block-{id(self)}-{window}")

    def check(self) -> None:
        """Raise InvalidParameter if the cluster is lost."""
        if self._client.status != "running":
            raise InvalidParameter(_LOST.format(self.address, "the connection was lost"))
        if self._watch.done():
            error = self._watch.exception()
            raise InvalidParameter(_LOST.format(self.address, _reason(error) if error else self._watch.result()))

    def result(self, future: Future):
        """What a block has become.

        Raises
        ------
        InvalidParameter
            If the workers or the scheduler are gone.
        UnreadableRaster
            If a worker cannot read a file.
        """
        from dask.distributed import KilledWorker

        try:
            return future.result()
        except UnreadableRaster as error:
            raise UnreadableRaster(_UNREADABLE.format(error)) from error
        except (KilledWorker, ImportError) as error:
            raise InvalidParameter(_GONE.format(_reason(error))) from error
        except (CancelledError, OSError) as error:
            self.check()
            raise InvalidParameter(_LOST.format(self.address, _reason(error))) from error

    def close(self) -> None:
        """Take leave, whether or not anybody answers."""
        farewell = asyncio.run_coroutine_threadsafe(self._leave(), self._loop)
        wait([farewell], timeout=FAREWELL)
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _leave(self) -> None:
        mine = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
        if self._client is not None:
            with suppress(OSError, asyncio.TimeoutError):
                await asyncio.wait_for(self._client.close(), FAREWELL)
        for task in mine:
            task.cancel()


def probe(_sample) -> tuple:
    """On a worker: a digest of the source that it runs, and the module that unpacks arrays of its numpy."""
    digest = sha256()
    folder = Path(__file__).resolve().parents[1]
    paths = [folder / "errors.py", *(path for room in ("core", "raster") for path in (folder / room).rglob("*.py"))]
    for path in sorted(paths):
        digest.update(path.read_text(encoding="utf-8").encode())
    return digest.hexdigest(), np.zeros(1).__reduce__()[0].__module__


class _Probe:
    """Becomes, where it is unpacked, what `probe` says there."""

    def __reduce__(self):
        return probe, (np.zeros(1),)


def _digest_in(answer, worker: str):
    """The digest of an answer to the probe; the error if it is one, or if arrays of the worker cannot be read here."""
    if isinstance(answer, BaseException):
        return answer
    digest, unpacking = answer[worker]
    try:
        importlib.import_module(unpacking)
    except ImportError as error:
        return error
    return digest


def _on_window(task: Callable, numbers: tuple):
    return task(Window(*numbers))


def _reason(error: BaseException) -> str:
    """What an error says, in one line without a full stop."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
