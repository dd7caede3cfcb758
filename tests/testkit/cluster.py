"""What the workers of a dask cluster compute in tests. They import nothing that QGIS needs."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
TESTS = PROJECT / "tests"
#: The PYTHONPATH of a worker that has the toolbox, and of one that has not.
WITH_TOOLBOX, WITHOUT = f"{PROJECT}{os.pathsep}{TESTS}", str(TESTS)


@dataclass(frozen=True)
class RowNumbers:
    """Reads the number of each row."""

    bytes_per_cell: int = 8

    def read(self, window) -> np.ndarray:
        """Read a window."""
        return np.repeat(np.arange(window.row, window.row + window.height)[:, None], window.width, axis=1)


class CountedRowNumbers(RowNumbers):
    """Notes each process in which it is unpacked in a file."""

    def __init__(self, file: str):
        super().__init__()
        self.__dict__["file"] = file

    def __setstate__(self, state: dict):
        self.__dict__.update(state)
        with open(self.file, "a", encoding="ascii") as notes:
            notes.write(f"{os.getpid()}\n")


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
