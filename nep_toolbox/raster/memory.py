"""Memory that one block after the other is read into, and parts of a block that stay in a core's cache.

The system clears fresh memory page by page when it is first touched, which takes as long as reading a plain file does.
"""

from __future__ import annotations

import math
import threading
import weakref

import numpy as np

#: Values looked at together.
PART = 2**18

_thread = threading.local()


def keep_memory() -> None:
    """From now on `empty` gives, on this thread, memory again that it gave before. It is freed when the thread ends."""
    _thread.kept = []


def empty(shape: tuple, dtype) -> np.ndarray:
    """An array whose content is undefined, as of `numpy.empty`.

    Memory is given again once neither the array nor any view of it is left, until more is asked for.
    """
    kept = getattr(_thread, "kept", None)
    if kept is None:
        return np.empty(shape, dtype)
    count = math.prod(shape)
    size = count * np.dtype(dtype).itemsize
    fitting = [place for place, memory in enumerate(kept) if memory.nbytes >= size]
    if fitting:
        memory = kept.pop(min(fitting, key=lambda place: kept[place].nbytes))
    else:
        kept.clear()  # all have become too small, as those of blocks that more and more surroundings are read with
        memory = memoryview(np.empty(size, np.uint8))
    # Its memory is no array's, so that all views refer to this one, and it goes with the last of them.
    array = np.frombuffer(memory, dtype, count)
    weakref.finalize(array, kept.append, memory).atexit = False
    return array.reshape(shape)


def parts_of(values: np.ndarray) -> list:
    """Slices of values in one dimension that stay in the cache of a core while several things are done to them."""
    return [slice(start, start + PART) for start in range(0, values.size, PART)]
