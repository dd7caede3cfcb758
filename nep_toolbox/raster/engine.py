"""Walking a raster block by block: reading, computing and handing over results in order, on several threads."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Callable

from ..core.checkpoint import heeding
from ..errors import Cancelled
from .blocks import MEMORY, block_shape, windows
from .cluster import PATIENCE, Cluster
from .datasets import Datasets
from .grid import Grid, Window
from .memory import keep_memory


def _nothing(_share: float) -> None:
    pass


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Engine:
    """How a run is carried out.

    Parameters
    ----------
    threads : int
        Blocks computed at a time; 0 takes all cores.
    memory : int
        Bytes that all blocks under way may take together in a process: in this one, and in each worker of a cluster.
    scheduler : str
        Address of a dask scheduler whose workers compute the blocks; empty for threads of this process.
    block : tuple of int or None
        Width and height of the blocks; None chooses them by memory.
    progress : callable
        Takes the share done, 0 to 1.
    is_cancelled : callable
        Tells whether the user wants the run to stop.
    """

    threads: int = 0
    memory: int = MEMORY
    scheduler: str = ""
    block: tuple | None = None
    progress: Callable = _nothing
    is_cancelled: Callable = _never

    @property
    def workers(self) -> int:
        """Blocks computed at a time; a cluster is asked how many that are."""
        return self._of_cluster[0] if self.scheduler else self.threads or os.cpu_count() or 1

    @cached_property
    def _of_cluster(self) -> tuple:
        """How many threads its workers have, and how many bytes a block may take."""
        with closing(Cluster(self.scheduler, self._stop_if_asked)) as cluster:
            return cluster.threads, cluster.room(self.memory)

    @property
    def in_flight(self) -> int:
        """Blocks held at a time: those being computed, and one that is written; for a cluster as many again, so that a
        worker has its next block before it is done with one."""
        return 2 * self.workers if self.scheduler else self.workers + 1

    def shape(self, grid: Grid, readers: dict, bytes_per_cell: float, most_cells: int | None = None) -> tuple:
        """Width and height of the blocks for these inputs and ``bytes_per_cell`` of results and working memory."""
        if self.block:
            return self.block
        inputs = sum(reader.bytes_per_cell for reader in readers.values())
        tiles = [reader.tile for reader in readers.values() if hasattr(reader, "tile")]
        tile = max(tiles, key=lambda tile: tile[1], default=())
        memory = self.memory
        if self.scheduler:  # a cancel does not wait for its workers
            memory, most_cells = self._of_cluster[1] * self.in_flight, None
        return block_shape(grid, inputs + bytes_per_cell, self.in_flight, memory, tile, most_cells)

    def results(self, kernel: Callable, readers: dict, grid: Grid, shape: tuple,
                blocks: list | None = None) -> Iterator[tuple]:
        """Compute every block.

        Parameters
        ----------
        kernel : callable
            A top-level function, or a ``functools.partial`` of one: takes what each reader read of a block, by name.
        readers : dict
            Objects with ``read(window)``, by the name of the kernel's argument.
        grid : Grid
        shape : tuple of int
            Width and height of the blocks.
        blocks : list of Window, optional
            The blocks, where not all of the grid is wanted.

        Yields
        ------
        (Window, result)
            Blocks from top to bottom, whatever order they were finished in: a sum over them is the same on any number
            of threads.

        Raises
        ------
        Cancelled
            If the user stopped the run.
        InvalidParameter
            If a scheduler was given that does not answer, or whose workers cannot compute the blocks.
        """
        blocks = windows(grid, shape) if blocks is None else blocks
        waiting: deque = deque()
        rest = iter(blocks)
        done = 0
        with closing(Datasets(self.workers)) as datasets, \
                closing(self._executor(partial(_read_and_compute, datasets, kernel, readers))) as executor:
            try:
                while done < len(blocks):
                    self._stop_if_asked()
                    while len(waiting) < self.in_flight:
                        window = next(rest, None)
                        if window is None:
                            break
                        waiting.append((window, executor.submit(window)))
                    window, future = waiting.popleft()
                    while not wait([future], timeout=PATIENCE).done:
                        self._stop_if_asked()
                        executor.check()
                    yield window, executor.result(future)
                    del future
                    done += 1
                    self.progress(done / len(blocks))
            finally:
                for _window, future in waiting:
                    future.cancel()

    def _stop_if_asked(self) -> None:
        if self.is_cancelled():
            raise Cancelled

    def _executor(self, task: Callable):
        if not self.scheduler:
            return Threads(self.workers, task, self.is_cancelled)
        with ExitStack() as stack:
            cluster = stack.enter_context(closing(Cluster(self.scheduler, self._stop_if_asked)))
            cluster.share(task)
            stack.pop_all()  # all is well: whoever computes closes it
            return cluster


class Threads:
    """Threads of this process that call ``task`` with a window, which ends at its next checkpoint after a cancel."""

    def __init__(self, threads: int, task: Callable, is_cancelled: Callable):
        self._task = task
        self._is_cancelled = is_cancelled
        self._pool = ThreadPoolExecutor(threads, initializer=keep_memory)

    def submit(self, window: Window) -> Future:
        """Have a block computed."""
        return self._pool.submit(self._compute, window)

    def _compute(self, window: Window):
        with heeding(self._is_cancelled):
            return self._task(window)

    def check(self) -> None:
        """Threads are never lost."""

    @staticmethod
    def result(future: Future):
        """What a block has become."""
        return future.result()

    def close(self) -> None:
        """Wait for the blocks that are being computed."""
        self._pool.shutdown()


def _read_and_compute(datasets: Datasets, kernel: Callable, readers: dict, window: Window):
    with datasets.on_this_thread():
        blocks = {name: reader.read(window) for name, reader in readers.items()}
    return kernel(**blocks)
