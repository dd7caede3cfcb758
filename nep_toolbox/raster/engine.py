"""Walking a raster block by block: reading, computing and handing over results in order, on several threads."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Callable

from ..errors import Cancelled, InvalidParameter
from .blocks import MEMORY, block_shape, windows
from .datasets import Datasets
from .grid import Grid, Window

#: Seconds between two looks at the cancel button while a block is being computed.
PATIENCE = 0.1


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
        Bytes that all blocks under way may take together.
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
        """Blocks computed at a time."""
        return self.threads or os.cpu_count() or 1

    @property
    def in_flight(self) -> int:
        """Blocks held at a time: those being computed and one being written or waiting."""
        return self.workers + 1

    def shape(self, grid: Grid, readers: dict, bytes_per_cell: float) -> tuple:
        """Width and height of the blocks for these inputs and ``bytes_per_cell`` of results and working memory."""
        if self.block:
            return self.block
        inputs = sum(reader.bytes_per_cell for reader in readers.values())
        tiles = [reader.tile for reader in readers.values() if hasattr(reader, "tile")]
        tile = max(tiles, key=lambda tile: tile[1], default=())
        return block_shape(grid, inputs + bytes_per_cell, self.in_flight, self.memory, tile)

    def results(self, kernel: Callable, readers: dict, grid: Grid, shape: tuple) -> Iterator[tuple]:
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

        Yields
        ------
        (Window, result)
            Blocks from top to bottom, whatever order they were finished in: a sum over them is the same on any number
            of threads.

        Raises
        ------
        Cancelled
            If the user stopped the run.
        """
        blocks = windows(grid, shape)
        waiting: deque = deque()
        rest = iter(blocks)
        done = 0
        with closing(Datasets(self.workers)) as datasets, self._executor() as executor:
            task = partial(_read_and_compute, datasets, kernel, readers)
            try:
                while done < len(blocks):
                    self._stop_if_asked()
                    while len(waiting) < self.in_flight:
                        window = next(rest, None)
                        if window is None:
                            break
                        waiting.append((window, executor.submit(task, window)))
                    window, future = waiting.popleft()
                    while not wait([future], timeout=PATIENCE).done:
                        self._stop_if_asked()
                    yield window, future.result()
                    del future
                    done += 1
                    self.progress(done / len(blocks))
            finally:
                for _window, future in waiting:
                    future.cancel()

    def _stop_if_asked(self) -> None:
        if self.is_cancelled():
            raise Cancelled

    @contextmanager
    def _executor(self) -> Iterator[Executor]:
        if not self.scheduler:
            with ThreadPoolExecutor(self.workers) as executor:
                yield executor
            return
        try:
            from dask.distributed import Client
        except ImportError as error:
            raise InvalidParameter(
                "A dask scheduler was given, but the Python of QGIS has no dask.distributed. Install it there, or "
                "leave the scheduler empty to compute on this machine."
            ) from error
        try:
            client = Client(self.scheduler, timeout=10)
        except (OSError, ValueError) as error:
            raise InvalidParameter(
                f"No dask scheduler answers at {self.scheduler}: {error}. Start it, or leave the scheduler empty."
            ) from error
        with client, client.get_executor() as executor:
            yield executor


def _read_and_compute(datasets: Datasets, kernel: Callable, readers: dict, window: Window):
    with datasets.on_this_thread():
        blocks = {name: reader.read(window) for name, reader in readers.items()}
    return kernel(**blocks)
