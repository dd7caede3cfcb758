"""A disk that is full, for real but without a disk."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let no file of this process grow beyond ``room`` bytes.

    The kernel refuses what is written past the limit, in the middle of a write if need be, as it does on a full disk;
    only the number of the error is another (EFBIG instead of ENOSPC). This takes no rights, while a small file system
    of one's own takes those of root and often more. Python ignores the signal that comes with it.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
