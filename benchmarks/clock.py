"""Timing work within a process: each side takes its turn in several rounds, so that a busy machine slows all."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for the kernels of nep_toolbox

ROUNDS = 3


def seconds(work: Callable, clock: Callable = time.process_time) -> float:
    """Time that ``work()`` takes; of the processor unless another clock is given."""
    start = clock()
    work()
    return clock() - start


def in_threads(works: Iterable[Callable]) -> None:
    """Several works at the same time, each in a thread of its own."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rounds(*sides: Callable) -> list:
    """What each side gives, round by round: a list for each side."""
    return [list(column) for column in zip(*([side() for side in sides] for _ in range(ROUNDS)))]
