"""How a cancel reaches work in the middle of a block.

Kernels know no run: they pass a `checkpoint` often, and whoever calls them says what is asked there. Nothing is asked
outside of a run, nor on the worker of a cluster, which the run need not wait for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Callable

from ..errors import Cancelled

#: Python works on so many things in some milliseconds.
_MANY = 10_000

_asked: ContextVar[Callable[[], bool] | None] = ContextVar("is_cancelled", default=None)


@contextmanager
def heeding(is_cancelled: Callable[[], bool]) -> Iterator[None]:
    """Within the block, and in this thread alone, every checkpoint asks ``is_cancelled``."""
    before = _asked.set(is_cancelled)
    try:
        yield
    finally:
        _asked.reset(before)


def checkpoint() -> None:
    """Raise Cancelled if the run that this thread works for was cancelled.

    Cheap enough for every chunk that keeps numpy busy for a millisecond; to be passed many times a second.
    """
    is_cancelled = _asked.get()
    if is_cancelled is not None and is_cancelled():
        raise Cancelled


def watched(items: Iterable) -> Iterator:
    """The items one after the other, with a checkpoint now and then: for work on millions of them."""
    for place, item in enumerate(items):
        if place % _MANY == 0:
            checkpoint()
        yield item
