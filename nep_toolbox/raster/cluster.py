"""Blocks computed by the workers of a dask scheduler, on this machine or others."""

from __future__ import annotations

import asyncio
import operator
import ssl
import threading
import time
from concurrent.futures import CancelledError, Future, wait
from contextlib import suppress
from typing import Callable

from ..errors import InvalidParameter, ToolboxError, UnreadableRaster
from .cluster_checks import BLOCKS, reason, require_rasters, require_toolbox, rounds
from .grid import Window
from .on_worker import packed

#: Seconds the scheduler and its workers have for an answer, together.
ANSWER = 6.0

#: Seconds between two looks at the workers while blocks are computed, how many in a row may find none, and how long
#: the scheduler may take to tell.
WATCH, LOOKS, LOOK = 2.0, 3, 5.0

#: Seconds that are waited for a good-bye.
FAREWELL = 0.5

#: Seconds between two looks at the cancel button, and between two at a block that is not computed yet.
PATIENCE, GLANCE = 0.1, 0.02

#: Seconds that a worker may take to hand over a result before it is looked up whether it still has it.
HANDOVER = 0.5

#: Results that are fetched before their turn comes. All others wait on the workers.
AHEAD = 4

#: The share of a worker's memory that blocks may take: the rest is for the libraries and for results that wait, before
#: dask moves them to its disk (at 60 %) or stops the worker (at 80 %).
SHARE = 0.5

_NO_DASK = (
    "A dask scheduler was given, but the Python of QGIS has no dask.distributed. Install it there (python3 -m pip "
    "install distributed), or set ⟨SCHEDULER⟩ to local to compute on this machine."
)
_NO_SCHEDULER = (
    "No dask scheduler answers at {}: {}. Start it, correct ⟨SCHEDULER⟩ (for example tcp://host:8786, or tls:// where "
    "it asks for TLS), or set it to local to compute on this machine."
)
_NO_CERTIFICATE = (
    "The certificates for the dask scheduler at {} do not serve: {}. Name those that it accepts in the configuration "
    "of dask or in the environment (DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ..._TLS__CLIENT__CERT and "
    "..._TLS__CLIENT__KEY), or set ⟨SCHEDULER⟩ to local to compute on this machine."
)
_OTHER_DASK = (
    "The dask scheduler at {} does not understand this machine: {}. Give QGIS, which has dask.distributed {}, the "
    "scheduler and the workers one version, or set ⟨SCHEDULER⟩ to local to compute on this machine."
)
_NO_WORKER = (
    "The dask scheduler at {} has no worker. Start workers (dask worker {}) with its version of dask, or set "
    "⟨SCHEDULER⟩ to local to compute on this machine."
)
_SILENT = (
    "The workers of the dask scheduler at {} do not answer within {:.0f} seconds. Look at their logs and at the disks "
    "they read from, or set ⟨SCHEDULER⟩ to local to compute on this machine."
)
_LOST = (
    "The dask cluster at {} was lost while it was computing: {}. Start it again, or set ⟨SCHEDULER⟩ to local to "
    "compute on this machine."
)
_GONE = "The dask workers cannot compute a block: {}. Look at their logs: they may have too little memory."
_UNREADABLE = "{} The dask workers must see the rasters under the same paths as this machine."


class Cluster:
    """The workers of a dask scheduler.

    Everything that is said to the scheduler is said in a thread of its own, so that no answer, however late, keeps the
    user from stopping the run.

    Parameters
    ----------
    address : str
        Of the scheduler.
    stop_if_asked : callable
        Raises if the user wants the run to stop; called all the time while an answer is waited for.

    Raises
    ------
    InvalidParameter
        If no scheduler answers, or if it has no workers.
    """

    def __init__(self, address: str, stop_if_asked: Callable):
        try:
            import dask.distributed  # noqa: F401
        except ImportError as error:
            raise InvalidParameter(_NO_DASK) from error
        self.address = address
        self._stop_if_asked = stop_if_asked
        self._client = self._task = self._watch = self._turns = None
        self._unheard: set = set()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="nep-cluster", daemon=True).start()
        try:
            end = time.monotonic() + ANSWER
            self._answer(self._connect(), end, self._no_scheduler)
            self._workers = self._answer(self._find_workers(), end, self._no_scheduler)
            if not self._workers:
                raise InvalidParameter(_NO_WORKER.format(address, address))
        except BaseException:
            self.close()
            raise

    @property
    def threads(self) -> int:
        """How many threads the workers have together."""
        return sum(worker["nthreads"] for worker in self._workers)

    def room(self, memory: int) -> int:
        """Bytes a block may take.

        All blocks that a worker computes take no more than ``memory`` together with a result that waits there, nor
        more than a part of the worker's own limit. What is fetched to this machine takes no more than ``memory``.
        """
        shares = [memory // (AHEAD + 1)]
        for worker in self._workers:
            limit = worker["memory_limit"] or 0  # none
            shares.append(int(min(memory, SHARE * limit or memory)) // (worker["nthreads"] + 1))
        return max(1, min(shares))

    def _answer(self, question, end: float, sentence: Callable):
        """What a coroutine gives, in time; ``sentence`` makes an error of what has gone wrong."""
        future = asyncio.run_coroutine_threadsafe(question, self._loop)
        while not wait([future], timeout=PATIENCE).done:
            self._stop_if_asked()
            if time.monotonic() > end:
                future.cancel()
                raise InvalidParameter(sentence(None))
        self._stop_if_asked()
        error = future.exception()
        if isinstance(error, ToolboxError):
            raise error
        if error is not None:
            raise InvalidParameter(sentence(error)) from error
        return future.result()

    def _no_scheduler(self, error) -> str:
        if error is None:
            return _NO_SCHEDULER.format(self.address, f"no answer within {ANSWER:.0f} seconds")
        fault = _fault_of_certificates(error) if self.address.startswith("tls") else ""
        if _is_of_another_dask(error):
            return self._other_dask(error)
        return (_NO_CERTIFICATE if fault else _NO_SCHEDULER).format(self.address, fault or reason(error))

    def _silent(self, error) -> str:
        if error is None:
            return _SILENT.format(self.address, ANSWER)
        return self._other_dask(error) if _is_of_another_dask(error) else _LOST.format(self.address, reason(error))

    def _other_dask(self, error: TypeError) -> str:
        from dask.distributed import __version__

        return _OTHER_DASK.format(self.address, reason(error), __version__)

    async def _connect(self) -> None:
        from dask.distributed import Client

        self._turns = asyncio.Semaphore(AHEAD)
        # Kept before it is connected: one that is not closed here would wait for its loop when it is deleted. What TLS
        # needs it takes from the configuration of dask.
        self._client = Client(self.address, asynchronous=True, timeout=ANSWER, set_as_default=False)
        await self._client

    async def _find_workers(self) -> list:
        """What the scheduler knows of its workers; one that was started just now gets a few seconds for the first."""
        for _look in range(int(ANSWER / 2 / PATIENCE)):
            workers = (await self._client.scheduler.identity())["workers"]
            if workers:
                return list(workers.values())
            await asyncio.sleep(PATIENCE)
        return []

    async def _until_lost(self) -> str:
        """Wait until something is wrong, and tell what."""
        empty = 0
        while empty < LOOKS:
            await asyncio.sleep(WATCH)
            if self._client.status != "running":
                return "the connection was lost"
            try:
                workers = await asyncio.wait_for(self._client.nthreads(), LOOK)
            except asyncio.TimeoutError:
                return f"the scheduler does not answer within {LOOK:.0f} seconds"
            empty = 0 if workers else empty + 1
        return "it has no worker any more"

    # As an executor ---------------------------------------------------------------------------------------------------

    def share(self, task: Callable) -> None:
        """Make sure that the workers can compute, and give them, once, what `submit` calls with a window.

        Raises
        ------
        InvalidParameter
            If a worker has another version of the toolbox or of a library, or cannot be given the toolbox.
        UnreadableRaster
            If a worker cannot read a raster.
        """
        message, layers = packed(task)
        workers = self._answer(require_toolbox(self._client), time.monotonic() + ANSWER, self._silent)
        for known in rounds(layers):
            question = require_rasters(self._client, workers, known)
            self._answer(question, time.monotonic() + ANSWER, self._silent)
        self._task = self._answer(self._keep(message), time.monotonic() + ANSWER, self._silent)
        self._watch = asyncio.run_coroutine_threadsafe(self._until_lost(), self._loop)

    async def _keep(self, message: bytes):
        # A task and no data: where the worker that holds it dies, the scheduler has it made again.
        from distributed.protocol.pickle import loads

        return self._client.submit(loads, message, pure=False)

    def submit(self, window: Window) -> Future:
        """Have a block computed, and its result fetched when its turn comes."""
        return asyncio.run_coroutine_threadsafe(self._compute(window), self._loop)

    async def _compute(self, window: Window):
        call = operator.methodcaller("__call__", (window.col, window.row, window.width, window.height))
        block = self._client.submit(call, self._task, pure=False, key=f"{BLOCKS}-{id(self)}-{window}")
        await self._turns.acquire()  # in the order of the blocks; `result` makes room for the next
        while True:
            while not block.done():
                await asyncio.sleep(GLANCE)
            if block.status != "finished":
                return await block  # raises what has gone wrong
            answer = await self._answer_of_holder(block.key)
            if answer["status"] == "OK":
                return answer["data"][block.key]
            await asyncio.sleep(PATIENCE)

    async def _answer_of_holder(self, key: str) -> dict:
        """What the scheduler says of a result that is on a worker, or that it is gone.

        The client itself would wait for half a minute for a worker that has died with a result, and all other results
        with it.
        """
        scheduler = self._client.scheduler
        holders = await self._holders(key)
        question = asyncio.ensure_future(scheduler.gather(keys=[key]))
        while not (await asyncio.wait([question], timeout=HANDOVER))[0]:
            if not holders & await self._holders(key):
                # Not cancelled: the answer would come to who asks next.
                self._unheard.add(question)
                question.add_done_callback(self._drop)
                return {"status": "error"}
        return question.result()

    def _drop(self, question: asyncio.Task) -> None:
        self._unheard.discard(question)
        if not question.cancelled():
            question.exception()  # nobody waits for it

    async def _holders(self, key: str) -> set:
        return set((await self._client.scheduler.who_has(keys=[key])).get(key, ()))

    def check(self) -> None:
        """Raise InvalidParameter if the cluster is lost."""
        if self._client.status != "running":
            raise InvalidParameter(_LOST.format(self.address, "the connection was lost"))
        if self._watch.done():
            error = self._watch.exception()
            raise InvalidParameter(_LOST.format(self.address, reason(error) if error else self._watch.result()))

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
            found = future.result()
        except UnreadableRaster as error:
            raise UnreadableRaster(_UNREADABLE.format(error)) from error
        except (KilledWorker, ImportError) as error:
            raise InvalidParameter(_GONE.format(reason(error))) from error
        except (CancelledError, OSError) as error:
            self.check()
            raise InvalidParameter(_LOST.format(self.address, reason(error))) from error
        self._loop.call_soon_threadsafe(self._turns.release)
        return found

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


def _is_of_another_dask(error: BaseException) -> bool:
    """Whether a scheduler lacks an argument of ours, or has one more."""
    return isinstance(error, TypeError) and "keyword" in str(error)


def _fault_of_certificates(error: BaseException) -> str:
    """What is wrong with the certificates, where that has kept a connection from being made."""
    if isinstance(error, TypeError) and "ssl_context" in str(error):
        return "none are named"
    if isinstance(error, FileNotFoundError):
        return "a file that is named is not there"
    return reason(error) if isinstance(error, ssl.SSLError) or "certificate" in str(error) else ""
